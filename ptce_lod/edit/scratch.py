"""A dataset in memory, empty at the start, writable, without validation: for conformance suites and demonstrations.

It answers the web as a release does and takes writes as the published dataset does; nothing of it outlives the server.
"""

from __future__ import annotations

import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import IO, Any, Final

from ptce_lod import formats
from ptce_lod.edit import transport
from ptce_lod.edit.requests import Author, GraphRequest, Outcome, UpdateRequest
from ptce_lod.errors import BackendUnavailable, MalformedQuery, PreconditionFailed, QueryTimedOut
from ptce_lod.formats import Format
from ptce_lod.iris import is_absolute_iri
from ptce_lod.page_address import PageKey
from ptce_lod.query.backend import (
    Description,
    ExampleQuery,
    Fate,
    Label,
    QueryAnswer,
    QueryRequest,
    ThingSummary,
)
from ptce_lod.query.candidates import Candidate, Sought, Value
from ptce_lod.query.found import Fragment, PageAbout, Pattern, Related, RowPage, SearchAnswer, Suggestion
from ptce_lod.query.process import Died, WorkerProcess, never, read_reply, wait_readable
from ptce_lod.query.scan import scan, with_plain_booleans
from ptce_lod.query.workers import SMALLER_HINT, failure_of
from ptce_lod.settings import Settings
from ptce_lod.terms import ReleaseId

_MODULE: Final = "ptce_lod.edit.scratch_process"


class ScratchDataset:
    """Backend and writer over one process that holds the dataset. Safe to use from many threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process = WorkerProcess(
            _MODULE,
            {
                "settings": settings.to_values(),
                "base_iri": settings.base_iri,
                "prefixes": settings.addresses.prefixes(),
                "memory_bytes": settings.query_memory_bytes,
                "result_bytes": settings.query_result_bytes,
                "result_rows": settings.query_result_rows,
            },
        )
        self._sending = threading.Lock()
        self._slots = threading.BoundedSemaphore(settings.query_workers)
        self._release_id = _fresh_id()

    @property
    def release_id(self) -> ReleaseId:
        """An id that changes with every write."""
        return self._release_id

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Nothing: there is no release."""
        return {}

    @property
    def statistics(self) -> Mapping[str, Any]:
        """The number of triples of each named graph."""
        return {"graphs": self.graphs()}

    def graphs(self) -> dict[str, int]:
        """Return IRI → number of triples of the named graphs."""
        reply, _ = self._ask({"operation": "graphs"}, time.monotonic() + self._settings.query_timeout_seconds)
        graphs: dict[str, int] = reply["graphs"]
        return graphs

    def describe(self, iri: str, page: int = 1) -> Description | None:
        """Return None: a scratch dataset has no documents."""
        return None

    def fate(self, iri: str) -> Fate:
        """Say that nothing is known."""
        return Fate(False)

    def label(self, iri: str, language: str) -> Label | None:
        """Return None."""
        return None

    def things(
        self, type_: str, *, offset: int = 0, limit: int = 50, language: str = "fr"
    ) -> tuple[int, list[ThingSummary]]:
        """Return no things."""
        return 0, []

    def search(
        self,
        text: str,
        filters: Mapping[str, Sequence[str]] = MappingProxyType({}),
        *,
        offset: int = 0,
        limit: int = 50,
        language: str = "fr",
    ) -> SearchAnswer:
        """Return no things."""
        return SearchAnswer(0, ())

    def suggest(self, text: str, *, limit: int = 8, language: str = "fr") -> list[Suggestion]:
        """Return no things."""
        return []

    def candidates(self, sought: Sought) -> list[Candidate]:
        """Return no things."""
        return []

    def summaries(self, iris: Iterable[str]) -> dict[str, ThingSummary]:
        """Return no things."""
        return {}

    def property_values(self, thing: ThingSummary, property_: str) -> list[Value]:
        """Return no values."""
        return []

    def fragment(self, pattern: Pattern, *, offset: int = 0, limit: int = 100) -> Fragment:
        """Return no triples: an index is made with a release, and here is none."""
        return Fragment((), 0)

    def rows(
        self, table: str, filters: Mapping[str, Sequence[str]], *, offset: int = 0, limit: int = 100
    ) -> RowPage:
        """Return no rows: tables are made with a release."""
        return RowPage(0, ())

    def picture(self, name: str) -> None:
        """Return None: pictures are drawn when a release is made."""

    def has_picture(self, name: str) -> bool:
        """Return False."""
        return False

    def related(self, iri: str) -> Sequence[Related]:
        """Return nothing: relations are found when a release is made."""
        return ()

    def pages_about(self, key: PageKey) -> Sequence[PageAbout]:
        """Return nothing: pages are collected when a release is made."""
        return ()

    def pages_of(self, iri: str) -> Sequence[PageAbout]:
        """Return nothing, as above."""
        return ()

    def examples(self) -> Sequence[ExampleQuery]:
        """Return no examples."""
        return ()

    def query(
        self,
        request: QueryRequest,
        *,
        select: Sequence[Format],
        graph: Sequence[Format],
        abandoned: Callable[[], bool] = never,
    ) -> QueryAnswer:
        """Answer a query, by the same limits as a release does."""
        settings = self._settings
        for iri in (*request.default_graphs, *request.named_graphs):
            if not is_absolute_iri(iri):
                raise MalformedQuery(f"the name of a graph must be an absolute IRI, not {iri!r}")
        scan(request.text, length_bytes=settings.query_length_bytes, nesting=settings.query_nesting)
        seconds = min(
            request.timeout_seconds or settings.query_timeout_seconds, settings.query_timeout_seconds
        )
        deadline = time.monotonic() + seconds
        if not self._slots.acquire(timeout=seconds):
            raise BackendUnavailable("no query worker became free in time", limit="query_workers")
        try:
            reply, body = self._ask(
                {
                    "operation": "query",
                    "seconds": seconds,
                    "text": with_plain_booleans(request.text),
                    "default_graphs": request.default_graphs,
                    "named_graphs": request.named_graphs,
                    "prefixes": request.project_prefixes,
                    "select": [f.name for f in select[:1]],
                    "graph": [f.name for f in graph[:1]],
                },
                deadline,
                abandoned,
            )
        except TimeoutError as error:
            raise QueryTimedOut(
                f"the query took longer than {seconds:g} seconds and was stopped",
                hint=SMALLER_HINT,
                limit="query_timeout_seconds",
            ) from error
        except Died as error:
            raise BackendUnavailable(
                f"the query was stopped: {error.reason}", hint=SMALLER_HINT, limit="query_memory_bytes"
            ) from error
        finally:
            self._slots.release()
        if body is None:
            raise failure_of(reply, settings)
        return QueryAnswer(
            formats.BY_NAME[reply["format"]], body, int(reply["size"]), tuple(reply["unknown"])
        )

    def _ask(
        self, message: dict[str, Any], deadline: float, abandoned: Callable[[], bool] = never
    ) -> tuple[dict[str, Any], IO[bytes] | None]:
        if not self._process.is_alive:
            raise BackendUnavailable(
                "the scratch dataset is lost: its process was killed; start the server again"
            )
        ours, theirs = socket.socketpair()
        with ours:
            with theirs, self._sending:
                self._process.hand_over(theirs, message)
            wait_readable(ours, deadline, abandoned)
            try:
                return read_reply(ours, deadline)
            except (EOFError, IndexError) as error:
                # The child is gone without a word: by its limits, or by a text that killed the parser.
                raise Died(
                    "it was nested too deeply for the engine, or needed too much memory or time"
                ) from error

    def write(
        self,
        request: UpdateRequest | GraphRequest,
        author: Author,
        *,
        dry_run: bool = False,
        if_release: tuple[str, ...] = (),
    ) -> Outcome:
        """Carry out one write; nothing is validated, and the difference is not known."""
        if if_release and self._release_id not in if_release:
            raise PreconditionFailed(f"the dataset is {self._release_id} now, not {', '.join(if_release)}")
        message = transport.request_to_values(request, author, dry_run=dry_run)
        deadline = time.monotonic() + self._settings.write_timeout_seconds
        try:
            reply, _ = self._ask({"operation": "write", **message}, deadline)
        except TimeoutError as error:
            raise QueryTimedOut("the write took too long", limit="write_timeout_seconds") from error
        except Died as error:
            raise BackendUnavailable(f"the write was stopped: {error.reason}") from error
        if "error" in reply:
            transport.outcome_from_values(reply)
        if not dry_run:
            self._release_id = _fresh_id()
        return Outcome(self._release_id, 0, 0, created=reply["created"], dry_run=dry_run)

    def has_graph(self, graph: str) -> bool:
        """Say whether there is a graph of that IRI; the default graph ("") is always there."""
        return not graph or graph in self.graphs()

    def start_workers(self) -> None:
        """Do nothing: the process runs since the beginning."""

    def close(self) -> None:
        """End the process; the dataset is gone."""
        self._process.close()


def _fresh_id() -> ReleaseId:
    return ReleaseId(secrets.token_hex(8))
