"""The tree of every error this project raises on purpose. Imports nothing of ours.

::

    PtceError                message for a person, hint (what to do), link (where it is written)
    ├ SettingsError          a setting is unknown, missing or contradicts another
    ├ SourceError            problems of a data source, all of one file together
    │  ├ SourceUnavailable   the folder or file is not there or cannot be read
    │  ├ ParseError          bytes that are not the syntax they claim to be
    │  └ MappingError        cells or a mapping that cannot become quads
    ├ DataRejected           the data break a shape; carries the validation report
    ├ ValidationFailure      the validator could not conclude (SHACL's "failure", not a violation)
    ├ ReleaseError
    │  ├ ReleaseNotFound · ReleaseLocked · ReleaseDamaged · StorageFull
    ├ QueryError
    │  ├ QueryTooLong · MalformedQuery · QueryRefused · QueryTimedOut · ResultTooLarge · ServiceFailed · BackendUnavailable · ClientGone
    │  └ UpdateFailed
    └ RequestError
       ├ BadRequest · Unauthorized · Forbidden · NotAcceptable · UnsupportedMediaType · BodyTooLarge
       └ PreconditionFailed · ThingNotFound · ThingGone

Raise where the cause is known. Statuses are chosen only in ``web/problems.py``, exit codes only in ``cli.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol


class PtceError(Exception):
    """Base of all our errors.

    ``message`` says what is wrong and what was expected, ``hint`` what to do next, ``link`` names the section of
    a specification or of our documentation.
    """

    def __init__(self, message: str, *, hint: str = "", link: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.link = link


class SettingsError(PtceError):
    """A setting is unknown, out of range, or contradicts another."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in an input: where it is and what was expected.

    ``line`` and ``column`` count from 1; ``field`` is a table column's name or an IRI; zero or empty when they do not apply.
    """

    path: str
    line: int = 0
    column: int = 0
    field: str = ""
    message: str = ""
    hint: str = ""

    def __str__(self) -> str:
        place = self.path
        if self.line:
            place += f":{self.line}"
            if self.column:
                place += f":{self.column}"
        if self.field:
            place += f" [{self.field}]"
        text = f"{place}: {self.message}"
        return f"{text} ({self.hint})" if self.hint else text


class SourceError(PtceError):
    """Problems of a data source; ``problems`` lists all that were found, in file order."""

    def __init__(
        self, message: str, *, problems: Sequence[Problem] = (), hint: str = "", link: str = ""
    ) -> None:
        super().__init__(message, hint=hint, link=link)
        self.problems = tuple(problems)


class SourceUnavailable(SourceError):
    """The source's folder or file is missing or unreadable."""


class ParseError(SourceError):
    """Bytes are not the syntax they claim to be."""


class MappingError(SourceError):
    """Cells, or the mapping itself, cannot become quads."""


class AlreadyLinked(MappingError):
    """A page, an item or a concept elsewhere is linked to another thing of ours already, and can be only one."""


class _Report(Protocol):
    """What :class:`DataRejected` needs of a validation report, so that this module imports nothing."""

    @property
    def conforms(self) -> bool: ...

    def to_json(self) -> dict[str, Any]: ...

    def to_turtle(self) -> bytes: ...


class DataRejected(PtceError):
    """The data graph breaks a shape at severity Violation; ``report`` is the whole validation report."""

    def __init__(self, message: str, report: _Report, *, hint: str = "", link: str = "") -> None:
        super().__init__(message, hint=hint, link=link)
        self.report = report


class ValidationFailure(PtceError):
    """The validator could not conclude (SHACL section 3.4, "failure"); says nothing about the data."""


class ReleaseError(PtceError):
    """Something about releases on disk."""


class ReleaseNotFound(ReleaseError):
    """No release of that id, or nothing published yet."""


class ReleaseLocked(ReleaseError):
    """Another process is at it: building, publishing, exporting, pulling."""


class ReleaseDamaged(ReleaseError):
    """A file of the release is missing or its checksum differs."""


class StorageFull(ReleaseError):
    """There is no room on the disk; nothing was changed."""


class QueryError(PtceError):
    """A query was not answered. ``limit`` is the name of the setting that stopped it, if one did."""

    def __init__(self, message: str, *, hint: str = "", link: str = "", limit: str = "") -> None:
        super().__init__(message, hint=hint, link=link)
        self.limit = limit


class QueryTooLong(QueryError):
    """The text passed the limit on its length."""


class MalformedQuery(QueryError):
    """Not SPARQL 1.1; ``line`` and ``column`` count from 1, zero when unknown."""

    def __init__(
        self, message: str, *, line: int = 0, column: int = 0, hint: str = "", link: str = ""
    ) -> None:
        super().__init__(message, hint=hint, link=link)
        self.line = line
        self.column = column


class QueryRefused(QueryError):
    """Well-formed, but not allowed here (SERVICE, a limit on length or nesting)."""


class LoadRefused(QueryRefused):
    """An update with ``LOAD``; whether the rest of it is well-formed is not known."""


class QueryTimedOut(QueryError):
    """The deadline passed; the worker was killed."""


class ResultTooLarge(QueryError):
    """The result passed the limit on bytes."""


class ServiceFailed(QueryError):
    """An endpoint that a ``SERVICE`` clause calls did not answer as it should."""


class UpdateFailed(QueryError):
    """A well-formed update that cannot be carried out on these data: it makes a graph that is there, clears one that is not."""


class ClientGone(QueryError):
    """Nobody waits for the answer any more; the query was stopped."""


class BackendUnavailable(QueryError):
    """No worker free in time, or the engine failed."""


class RequestError(PtceError):
    """A request that cannot be answered as it stands."""


class BadRequest(RequestError):
    """A parameter or header is missing, repeated or malformed."""


class Unauthorized(RequestError):
    """The request carries no token, or one that is not known (RFC 6750)."""


class Forbidden(RequestError):
    """The request is understood and not allowed."""


class BodyTooLarge(RequestError):
    """The body passed a limit; ``limit`` is the name of the setting."""

    def __init__(self, message: str, *, hint: str = "", link: str = "", limit: str = "") -> None:
        super().__init__(message, hint=hint, link=link)
        self.limit = limit


class NotAcceptable(RequestError):
    """No representation satisfies ``Accept`` (RFC 9110 section 15.5.7).

    ``available`` lists media types, ``alternates`` (address, media type) of each representation that has an address of its own.
    """

    def __init__(
        self,
        message: str,
        available: Sequence[str],
        *,
        hint: str = "",
        link: str = "",
        alternates: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(message, hint=hint, link=link)
        self.available = tuple(available)
        self.alternates = tuple(alternates)


class UnsupportedMediaType(RequestError):
    """The request body is in a media type not understood here."""


class PreconditionFailed(RequestError):
    """A conditional request's precondition is false (RFC 9110 section 13)."""


class ThingNotFound(RequestError):
    """No such thing in this release."""


class ThingGone(RequestError):
    """The thing was published once and is retired."""
