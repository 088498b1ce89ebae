"""Public SPARQL in processes that can be killed: deadline, memory cap, byte cap, bounded queue.

The engine can be neither interrupted nor given a deadline, so each query runs in a worker process, and the worker is killed when
the deadline passes. The answer is complete, in an unlinked file, before the caller hears of it: a cut query is never half an answer.
See docs/decisions/0003-killable-query-workers.md.
"""

from __future__ import annotations

import base64
import io
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final

from ptce_lod import formats
from ptce_lod.errors import (
    BackendUnavailable,
    MalformedQuery,
    NotAcceptable,
    QueryError,
    QueryTimedOut,
    ResultTooLarge,
)
from ptce_lod.formats import Format
from ptce_lod.query import worker as protocol
from ptce_lod.query.backend import QueryAnswer, QueryRequest
from ptce_lod.query.scan import Scan
from ptce_lod.settings import Settings

_PACKAGE_ROOT: Final = str(Path(__file__).resolve().parents[2])
_PROGRAM: Final = "import sys; sys.path.insert(0, sys.argv[2]); from ptce_lod.query.worker import main; main(int(sys.argv[1]))"
_SMALLER_HINT: Final = "ask for less (LIMIT, a narrower pattern), or take a dump: /catalog lists them"


class _Died(Exception):
    """The worker ended before it replied; ``reason`` is in words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Worker:
    """One child process and the socket to it."""

    def __init__(self, configuration: Mapping[str, Any]) -> None:
        ours, theirs = socket.socketpair()
        self._connection = ours
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 # read after the process died
        with theirs:
            # A session of its own: Ctrl-C in a terminal reaches the server, which ends its workers in order.
            self._process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM, str(theirs.fileno()), _PACKAGE_ROOT],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                start_new_session=True,
            )
        protocol.send(ours, dict(configuration))

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, request: dict[str, Any], deadline: float) -> tuple[dict[str, Any], IO[bytes] | None]:
        """Return the reply and the file with the answer. Raises TimeoutError at ``deadline`` (monotonic seconds), or :class:`_Died`."""
        try:
            self._allow(deadline)
            protocol.send(self._connection, request)
            reply = protocol.receive(self._connection)
            if "failure" in reply:
                return reply, None
            if "body" in reply:
                return reply, io.BytesIO(base64.b64decode(reply["body"]))
            self._allow(deadline)
            _, descriptors, _, _ = socket.recv_fds(self._connection, 1, 1)
            body = os.fdopen(descriptors[0], "rb")
            body.seek(0)  # the offset is shared with the worker, which has written to the end
            return reply, body
        except TimeoutError:
            raise
        except (EOFError, OSError, IndexError) as error:
            raise _Died(self._last_words()) from error

    def _allow(self, deadline: float) -> None:
        self._connection.settimeout(max(deadline - time.monotonic(), 0.001))

    def _last_words(self) -> str:
        try:
            status = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return "the engine closed its connection"
        if self._errors.closed:
            return "the server is stopping"
        self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - 2000))
        said = self._errors.read().decode("utf-8", "replace")
        if "overflowed its stack" in said or status == -signal.SIGSEGV:
            return "the query is nested too deeply for the engine"
        if (
            "memory allocation" in said
            or "MemoryError" in said
            or status in (-signal.SIGKILL, -signal.SIGABRT)
        ):
            return "the query needed more memory than one query may use"
        return f"the engine ended unexpectedly (status {status}): {said.strip()[-300:]}"

    def close(self) -> None:
        """Kill the process, wait for its end, close the files."""
        self._process.kill()
        self._process.wait()
        self._connection.close()
        self._errors.close()


class WorkerPool:
    """Workers on one store. Safe to use from many threads. Starts its workers at once; a dead one is replaced by itself."""

    def __init__(self, store: Path, settings: Settings) -> None:
        self._settings = settings
        self._configuration = {
            "store": str(store.resolve()),
            "base_iri": settings.base_iri,
            "prefixes": settings.addresses.prefixes(),
            "memory_bytes": settings.query_memory_bytes,
            "result_bytes": settings.query_result_bytes,
        }
        self._free = threading.Condition()
        self._waiting = 0
        self._closed = False
        self._idle = [_Worker(self._configuration) for _ in range(settings.query_workers)]
        self._all = set(self._idle)

    def pids(self) -> list[int]:
        """Return the process ids of the workers there are now."""
        with self._free:
            return sorted(worker.pid for worker in self._all)

    def run(
        self, request: QueryRequest, scan: Scan, *, select: Sequence[Format], graph: Sequence[Format]
    ) -> QueryAnswer:
        """Answer ``request`` in a worker; time spent waiting for one counts. Raises what ``Backend.query`` documents."""
        limit = self._settings.query_timeout_seconds
        seconds = min(request.timeout_seconds or limit, limit)
        deadline = time.monotonic() + seconds
        message = {
            "text": request.text,
            "default_graphs": request.default_graphs,
            "named_graphs": request.named_graphs,
            "has_dataset_clause": scan.has_dataset_clause,
            "select": [f.name for f in select],
            "graph": [f.name for f in graph],
        }
        worker = self._take(deadline)
        try:
            reply, body = worker.ask(message, deadline)
        except BaseException as error:
            self._replace(worker)
            if isinstance(error, TimeoutError):
                raise QueryTimedOut(
                    f"the query took longer than {seconds:g} seconds and was stopped", hint=_SMALLER_HINT
                ) from error
            if isinstance(error, _Died):
                raise BackendUnavailable(error.reason, hint=_SMALLER_HINT) from error
            raise
        self._give_back(worker)
        if body is None:
            raise self._error(reply)
        return QueryAnswer(formats.BY_NAME[reply["format"]], body, int(reply["size"]))

    def _take(self, deadline: float) -> _Worker:
        with self._free:
            if not self._idle and self._waiting >= self._settings.query_queue_length:
                raise BackendUnavailable(
                    "all query workers are busy and the queue is full", hint="try again in a moment"
                )
            self._waiting += 1
            try:
                while not self._idle:
                    if self._closed:
                        raise BackendUnavailable("the server is stopping")
                    if not self._free.wait(max(deadline - time.monotonic(), 0)):
                        raise BackendUnavailable(
                            "no query worker became free in time", hint="try again in a moment"
                        )
            finally:
                self._waiting -= 1
            return self._idle.pop()

    def _give_back(self, worker: _Worker) -> None:
        with self._free:
            if not self._closed:
                self._idle.append(worker)
                self._free.notify()

    def _replace(self, worker: _Worker) -> None:
        worker.close()
        with self._free:
            self._all.discard(worker)
            if not self._closed:
                fresh = _Worker(self._configuration)
                self._all.add(fresh)
                self._idle.append(fresh)
                self._free.notify()

    def _error(self, reply: Mapping[str, Any]) -> QueryError | NotAcceptable:
        message = str(reply["message"])
        match reply["failure"]:
            case "malformed":
                line, column = reply["line"], reply["column"]
                return MalformedQuery(
                    f"line {line}, column {column}: {message}" if line else message,
                    line=line,
                    column=column,
                    hint="the query is read as SPARQL 1.1",
                    link="https://www.w3.org/TR/sparql11-query/#sparqlGrammar",
                )
            case "too-large":
                size = self._settings.query_result_bytes
                return ResultTooLarge(f"the result is larger than {size} bytes", hint=_SMALLER_HINT)
            case "memory":
                return BackendUnavailable(
                    "the query needed more memory than one query may use", hint=_SMALLER_HINT
                )
            case "not-acceptable":
                return NotAcceptable("none of the accepted media types can hold the answer to this query", ())
        return BackendUnavailable(f"the engine could not answer: {message}")

    def close(self) -> None:
        """End the workers, those in the middle of a query too."""
        with self._free:
            self._closed = True
            workers, self._all, self._idle = self._all, set(), []
            self._free.notify_all()
        for worker in workers:
            worker.close()
