"""Public SPARQL in processes that can be killed: deadline, memory cap, caps on the result, bounded queue, a share for each client.

The engine can be neither interrupted nor given a deadline, so each query runs in a worker process, and the worker is killed when
the deadline passes or nobody waits for the answer any more. The answer is complete, in an unlinked file, before the caller hears of it:
a cut query is never half an answer. See docs/decisions/0003-killable-query-workers.md.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from ptce_lod import formats
from ptce_lod.errors import (
    BackendUnavailable,
    ClientGone,
    MalformedQuery,
    NotAcceptable,
    PtceError,
    QueryTimedOut,
    ResultTooLarge,
    UpdateFailed,
)
from ptce_lod.formats import Format
from ptce_lod.query.answers import FinishedAnswer, Flights
from ptce_lod.query.backend import QueryAnswer, QueryRequest
from ptce_lod.query.forked import ForkServer
from ptce_lod.query.process import Died, Worker, WorkerProcess, never
from ptce_lod.query.scan import Scan
from ptce_lod.settings import Settings

_MODULE: Final = "ptce_lod.query.worker"
SMALLER_HINT: Final = "ask for less (LIMIT, a narrower pattern), or take a dump: /catalog lists them"
_log = logging.getLogger(__name__)
_LATER_HINT: Final = "try again in a moment"


class WorkerPool:
    """Workers on one store. Safe to use from many threads. Starts its workers at once; a dead one is replaced by itself.

    With ``quads``, the dump of the same release, workers in memory take over once it is loaded; if that fails, those on disk go on.
    """

    def __init__(
        self, store: Path, settings: Settings, search_index: Path | None = None, quads: Path | None = None
    ) -> None:
        self._settings = settings
        self._configuration = {
            "store": str(store.resolve()),
            "search_index": "" if search_index is None else str(search_index.resolve()),
            "base_iri": settings.base_iri,
            "prefixes": settings.addresses.prefixes(),
            "memory_bytes": settings.query_memory_bytes,
            "result_bytes": settings.query_result_bytes,
            "result_rows": settings.query_result_rows,
        }
        self._flights = Flights()
        self._free = threading.Condition()
        self._clients: Counter[str] = Counter()
        self._waiting = 0
        self._closed = False
        self._in_memory: ForkServer | None = None
        self._is_on_disk = quads is None
        self._idle: list[Worker] = [self._worker() for _ in range(settings.query_workers)]
        self._all: set[Worker] = set(self._idle)
        self._fork_server = ForkServer(self._configuration, quads) if quads is not None else None
        if self._fork_server is not None:
            threading.Thread(target=self._take_over, args=(self._fork_server,), daemon=True).start()

    def _worker(self) -> Worker:
        """Start a worker. Not under the lock: a fork of a large process takes a while, and others may be given what is idle."""
        server = self._in_memory
        if server is not None:
            try:
                return server.fork()
            except Died as error:
                server.close()  # its workers, too: they would be out of reach
                self._fall_back("the process in memory ended", error)
        return WorkerProcess(_MODULE, self._configuration)

    def _fall_back(self, what: str, error: Died) -> None:
        """Go on with workers on disk, and say so once."""
        with self._free:
            told = self._closed or self._is_on_disk
            self._is_on_disk, self._in_memory = True, None
        if not told:
            _log.warning("queries are answered from disk, %s: %s", what, " ".join(error.reason.split()))

    def _take_over(self, server: ForkServer) -> None:
        """Replace the workers on disk as soon as the release is in memory: the idle ones now, the others when they are given back."""
        try:
            server.wait()
        except Died as error:
            self._fall_back("the release cannot be held in memory", error)
            return
        with self._free:
            if self._closed:
                return
            self._in_memory = server
        for _ in range(self._settings.query_workers):
            fresh = self._worker()
            with self._free:
                on_disk = [worker for worker in self._idle if isinstance(worker, WorkerProcess)]
                is_wanted = bool(on_disk) and not self._closed and self._in_memory is not None
                former = on_disk[0] if is_wanted else fresh
                if is_wanted:  # at one stroke: whoever looks finds a worker
                    self._idle[self._idle.index(former)] = fresh
                    self._all.symmetric_difference_update((former, fresh))
            former.close()

    @property
    def is_in_memory(self) -> bool:
        """Say whether workers are forked from memory."""
        return self._in_memory is not None

    def pids(self) -> list[int]:
        """Return the process ids of the workers there are now."""
        with self._free:
            return sorted(worker.pid for worker in self._all)

    @property
    def joined(self) -> int:
        """Number of queries so far that were answered by the run of an identical one."""
        return self._flights.joined

    def run(
        self,
        request: QueryRequest,
        scan: Scan,
        *,
        select: Sequence[Format],
        graph: Sequence[Format],
        abandoned: Callable[[], bool] = never,
    ) -> QueryAnswer:
        """Answer ``request`` in a worker; time spent waiting for one counts. Raises what ``Backend.query`` documents.

        ``abandoned`` says whether the client is gone: then the worker is killed, and :class:`~ptce_lod.errors.ClientGone` raised.
        """
        limit = self._settings.query_timeout_seconds
        seconds = min(request.timeout_seconds or limit, limit)
        deadline = time.monotonic() + seconds
        message = {
            "text": request.text,
            "default_graphs": request.default_graphs,
            "named_graphs": request.named_graphs,
            "prefixes": request.project_prefixes,
            "select": [f.name for f in select[:1]],
            "graph": [f.name for f in graph[:1]],
        }

        def answer(everybody_left: Callable[[], bool]) -> FinishedAnswer:
            return self._answer(message, seconds, deadline, everybody_left)

        with self._share(request.client):
            if scan.is_volatile:  # RAND(), NOW() …: two runs differ, and each client is owed its own
                finished = answer(abandoned)
                try:
                    return finished.open()
                finally:
                    finished.close()
            key = (*(tuple(v) if isinstance(v, list) else v for v in message.values()), seconds)
            return self._flights.run(key, answer, abandoned)

    def _answer(
        self,
        message: Mapping[str, Any],
        seconds: float,
        deadline: float,
        abandoned: Callable[[], bool],
    ) -> FinishedAnswer:
        worker = self._take(deadline, abandoned)
        try:
            reply, body = worker.ask(message, deadline, abandoned)
        except BaseException as error:
            self._replace(worker)
            if isinstance(error, TimeoutError):
                raise QueryTimedOut(
                    f"the query took longer than {seconds:g} seconds and was stopped",
                    hint=SMALLER_HINT,
                    limit="query_timeout_seconds",
                ) from error
            if isinstance(error, Died):
                raise BackendUnavailable(
                    f"the query was stopped: {error.reason}", hint=SMALLER_HINT, limit="query_memory_bytes"
                ) from error
            raise
        self._give_back(worker)
        if body is None:
            raise failure_of(reply, self._settings)
        return FinishedAnswer(
            formats.BY_NAME[reply["format"]], body, int(reply["size"]), tuple(reply["unknown"])
        )

    @contextmanager
    def _share(self, client: str) -> Iterator[None]:
        """Count a query of ``client``; refuse it when the client has its share of the queue already."""
        share = self._settings.queries_per_client
        with self._free:
            if client and self._clients[client] >= share:
                raise BackendUnavailable(
                    f"{share} queries from your address are being answered already",
                    hint="wait for one to end before you send the next",
                    limit="queries_per_client",
                )
            self._clients[client] += 1
        try:
            yield
        finally:
            with self._free:
                self._clients[client] -= 1
                if not self._clients[client]:
                    del self._clients[client]

    def _take(self, deadline: float, abandoned: Callable[[], bool]) -> Worker:
        with self._free:
            if not self._idle and self._waiting >= self._settings.query_queue_length:
                raise BackendUnavailable(
                    "all query workers are busy and the queue is full",
                    hint=_LATER_HINT,
                    limit="query_queue_length",
                )
            self._waiting += 1
            try:
                while not self._idle:
                    if self._closed:
                        raise BackendUnavailable("the server is stopping", hint=_LATER_HINT)
                    left = deadline - time.monotonic()
                    if left <= 0:
                        raise BackendUnavailable(
                            "no query worker became free in time", hint=_LATER_HINT, limit="query_workers"
                        )
                    if not self._free.wait(min(left, 0.5)) and abandoned():
                        raise ClientGone("the client hung up")
            finally:
                self._waiting -= 1
            worker = self._idle.pop()
        if worker.is_alive:
            return worker
        # Killed from outside while it was idle: this query need not suffer for it.
        self._replace(worker)
        return self._take(deadline, abandoned)

    def _give_back(self, worker: Worker) -> None:
        if self._in_memory is not None and isinstance(worker, WorkerProcess):
            self._replace(worker)
            return
        with self._free:
            if not self._closed:
                self._idle.append(worker)
                self._free.notify()

    def _replace(self, worker: Worker) -> None:
        worker.close()
        with self._free:
            self._all.discard(worker)
            if self._closed:
                return
        fresh = self._worker()
        with self._free:
            is_wanted = not self._closed
            if is_wanted:
                self._all.add(fresh)
                self._idle.append(fresh)
                self._free.notify()
        if not is_wanted:
            fresh.close()

    def close(self) -> None:
        """End the workers, those in the middle of a query too."""
        with self._free:
            self._closed = True
            workers, self._all, self._idle = self._all, set(), []
            self._free.notify_all()
        for worker in workers:
            worker.close()
        if self._fork_server is not None:
            self._fork_server.close()


def failure_of(reply: Mapping[str, Any], settings: Settings) -> PtceError:
    """Return the error that a worker's reply tells of."""
    message = str(reply["message"])
    match reply["failure"]:
        case "malformed":
            line, column = reply["line"], reply["column"]
            return MalformedQuery(
                f"line {line}, column {column}: {message}" if line else message,
                line=line,
                column=column,
                hint="it is read as SPARQL 1.1",
                link="https://www.w3.org/TR/sparql11-query/#sparqlGrammar",
            )
        case "too-large":
            in_rows = reply.get("limit") == "rows"
            name = "query_result_rows" if in_rows else "query_result_bytes"
            unit = "solutions" if in_rows else "bytes"
            return ResultTooLarge(
                f"the result is larger than {getattr(settings, name)} {unit}", hint=SMALLER_HINT, limit=name
            )
        case "memory":
            return BackendUnavailable(
                "the query needed more memory than one query may use",
                hint=SMALLER_HINT,
                limit="query_memory_bytes",
            )
        case "failed":
            return UpdateFailed(message, hint="with SILENT it would pass")
        case "not-acceptable":
            return NotAcceptable("none of the accepted media types can hold the answer to this query", ())
    return BackendUnavailable(f"the engine could not answer: {message}")
