"""What a request needs of the application: the settings, and the backend of the release published now, lent for the request."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, cast, runtime_checkable

from flask import Flask, abort, current_app, g, has_app_context, request

from ptce_lod.query.backend import Backend
from ptce_lod.release.history import History, read_history
from ptce_lod.release.layout import VarLayout
from ptce_lod.settings import Settings
from ptce_lod.web.links import Link
from ptce_lod.web.negotiation import negotiate_language

#: Key of an application's configuration: its answers become files.
EXPORTED: Final = "PTCE_EXPORTED"
_NO_HISTORY: Final = History((), {}, {})


@runtime_checkable
class Lender(Protocol):
    """Lends a backend for one request: ``query.follower.ReleaseFollower``, or :class:`One`."""

    def lease(self) -> AbstractContextManager[Backend]:
        """Lend the backend."""
        ...


class One:
    """Lends always the same backend."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @contextmanager
    def lease(self) -> Iterator[Backend]:
        """Lend the backend."""
        yield self._backend


@dataclass(frozen=True)
class Memento:
    """A former state: ``number`` of the publication, its ``moment`` (UTC), and the addresses of the memento and of the current document.

    ``root`` begins the address of every memento of that publication, as the base IRI begins those of current documents.
    """

    number: int
    moment: datetime
    root: str
    original: str


class HistoryReader:
    """Reads the history of a folder of built things, anew when the log of publications has grown."""

    def __init__(self, var: VarLayout) -> None:
        self._var = var
        self._lock = threading.Lock()
        self._read: tuple[int, History] = (-1, _NO_HISTORY)

    def size(self) -> int:
        """Return the size of the log in bytes, 0 when there is none: it only grows."""
        try:
            return os.stat(self._var.publications).st_size  # noqa: PTH116 # a third of the time, in every request
        except OSError:
            return 0

    def read(self) -> History:
        """Return the history."""
        size = self.size()
        if self._read[0] != size:
            with self._lock:
                if self._read[0] != size:
                    self._read = (size, read_history(self._var, self._read[1]))
        return self._read[1]


def init_app(app: Flask, settings: Settings, lender: Lender) -> None:
    """Give the requests of ``app`` their settings and backend."""
    app.extensions["ptce-settings"] = settings
    app.extensions["ptce-lender"] = lender
    app.extensions["ptce-history"] = HistoryReader(VarLayout(settings.var_dir))

    @app.before_request
    def bound_address() -> None:
        length = len(request.full_path) - (not request.query_string)
        if length > settings.url_bytes:
            abort(414, f"the address is longer than {settings.url_bytes} bytes; send a long query by POST")

    @app.teardown_request
    def give_back(_: BaseException | None) -> None:
        leases = g.pop("leases", None)
        if leases is not None:
            leases.close()


def settings() -> Settings:
    """Return the settings of this application."""
    return cast("Settings", current_app.extensions["ptce-settings"])


def backend() -> Backend:
    """Return the backend; the same one throughout a request, whatever is published meanwhile."""
    if "backend" not in g:
        g.leases = ExitStack()
        lender = cast("Lender", current_app.extensions["ptce-lender"])
        g.backend = g.leases.enter_context(lender.lease())
    return cast("Backend", g.backend)


def history() -> History:
    """Return what was published when, and what changed; read again when the log has grown."""
    reader = cast("HistoryReader | None", current_app.extensions.get("ptce-history"))
    return reader.read() if reader is not None else _NO_HISTORY


def publication() -> int:
    """Return the number of the publication that answers this request: the last of its release, or that of a memento."""
    moment = memento()
    return moment.number if moment is not None else history().number_of(backend().release_id)


def last_changed(iri: str) -> datetime | None:
    """Return when the description of ``iri`` became what it is in the release that answers; None when nothing is known of it."""
    return history().last_changed(iri, publication())


def is_recorded(iri: str) -> bool:
    """Say whether a publication so far made, changed, retired or removed ``iri``: then it has a past, even when it is gone."""
    return any(number <= publication() for number in history().by_thing.get(iri, ())[:1])


def published_at() -> datetime | None:
    """Return when the release that answers was published: for what speaks of the release as a whole."""
    return history().moment(publication())


def answer_from(past: AbstractContextManager[Backend], moment: Memento) -> None:
    """Answer the rest of this request from a former release, which ``past`` lends."""
    if "leases" not in g:
        g.leases = ExitStack()
    g.backend = g.leases.enter_context(past)
    g.memento = moment


def memento() -> Memento | None:
    """Return which former state this request is answered from; None for the current one."""
    return cast("Memento | None", g.get("memento")) if has_app_context() else None


def is_exported() -> bool:
    """Say whether answers become files of an exported site, in which nothing answers but files."""
    return has_app_context() and bool(current_app.config.get(EXPORTED))


def client() -> str:
    """Return the address of who asks: of the connection, or what the trusted proxies say of it in ``X-Forwarded-For``."""
    trusted = settings().trusted_proxies
    address = request.remote_addr or ""
    if not trusted:
        return address
    forwarded = [part.strip() for part in ",".join(request.headers.getlist("X-Forwarded-For")).split(",")]
    # Each proxy adds the address it was called from at the end: what stands further left, anyone may have written.
    return forwarded[-trusted] if len(forwarded) >= trusted and forwarded[-trusted] else address


def abandoned() -> Callable[[], bool]:
    """Return a function that says whether the client has hung up, as far as the server can tell."""
    gone: Callable[[], bool] | None = request.environ.get("waitress.client_disconnected")
    return gone if gone is not None else lambda: False


def accept() -> str | None:
    """Return ``Accept``, several header lines joined, or None."""
    return ",".join(request.headers.getlist("Accept")) or None


def offer_links(links: Sequence[Link]) -> None:
    """Say which links the page that is being written has in its head."""
    g.page_links = links


def offer_time_links(links_at: Callable[[str], Sequence[Link]]) -> None:
    """Say which links lead from the document being answered to its other states: a function of the path of a document."""
    g.time_links = links_at


def time_links(path: str) -> list[Link]:
    """Return the links that lead from the document at ``path`` to its other states; none where there are no states."""
    links_at = cast("Callable[[str], Sequence[Link]] | None", g.get("time_links"))
    return list(links_at(path)) if links_at is not None else []


def page_links() -> Sequence[Link]:
    """Return the links that the page being written has in its head."""
    return cast("Sequence[Link]", g.get("page_links", ())) if has_app_context() else ()


def language() -> str:
    """Return the language the reader wants, ``fr`` or ``en``."""
    return negotiate_language(
        ",".join(request.headers.getlist("Accept-Language")),
        request.args.get("lang"),
        request.cookies.get("lang"),
        default=settings().default_language,
    )
