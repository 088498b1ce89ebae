"""Finished answers that several clients may read, and queries in flight that several clients wait for.

Identical queries that arrive while one of them runs are answered by that one run: a page that a hundred readers open at once costs one
worker, not a hundred.
"""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Callable, Hashable
from typing import IO, Any, Final

from ptce_lod.errors import ClientGone
from ptce_lod.formats import Format
from ptce_lod.query.backend import QueryAnswer
from ptce_lod.query.process import ABANDONED_CHECK_SECONDS

_CHUNK: Final = 65_536


class _Reader(io.RawIOBase):
    """Reads an open file from an offset of its own; closing it leaves the other readers alone."""

    def __init__(self, descriptor: int, size: int) -> None:
        self._descriptor = os.dup(descriptor)
        self._offset = 0
        self._size = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = os.pread(self._descriptor, min(len(buffer), self._size - self._offset), self._offset)
        buffer[: len(data)] = data
        self._offset += len(data)
        return len(data)

    def close(self) -> None:
        if not self.closed:
            os.close(self._descriptor)
        super().close()


class FinishedAnswer:
    """An answer as the worker left it; :meth:`open` gives each client a reader of its own."""

    def __init__(
        self, format_: Format, body: IO[bytes], size: int, unknown_functions: tuple[str, ...] = ()
    ) -> None:
        self._format = format_
        self._unknown = unknown_functions
        self._size = size
        self._data: bytes | None = None
        self._file: IO[bytes] | None = None
        if isinstance(body, io.BytesIO):
            self._data = body.getvalue()
        else:
            self._file = body

    def open(self) -> QueryAnswer:
        """Return the answer at its start."""
        if self._data is not None:
            return QueryAnswer(self._format, io.BytesIO(self._data), self._size, self._unknown)
        assert self._file is not None  # noqa: S101 - one of both
        reader = _Reader(self._file.fileno(), self._size)
        return QueryAnswer(self._format, io.BufferedReader(reader, _CHUNK), self._size, self._unknown)

    def close(self) -> None:
        """Let go of the file; readers that are open stay so."""
        if self._file is not None:
            self._file.close()


class _Flight:
    """A query that runs now: who waits for it, and how it ended."""

    def __init__(self) -> None:
        self.landed = threading.Event()
        self.waiting = 1
        self.answer: FinishedAnswer | None = None
        self.error: BaseException | None = None


class Flights:
    """Runs each of several identical queries once. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._flying: dict[Hashable, _Flight] = {}
        self._joined = 0

    @property
    def joined(self) -> int:
        """Number of queries so far that were answered by the run of another."""
        return self._joined

    def run(
        self,
        key: Hashable,
        answer: Callable[[Callable[[], bool]], FinishedAnswer],
        abandoned: Callable[[], bool],
    ) -> QueryAnswer:
        """Return the answer to the query ``key``; ``answer`` makes it when no other thread does already.

        ``answer`` ends by itself, at its deadline at the latest; it is given a function that says whether everybody who waited is gone.
        Raises what ``answer`` raises.
        """
        with self._lock:
            flight = self._flying.get(key)
            leads = flight is None
            if flight is None:
                flight = self._flying[key] = _Flight()
            else:
                flight.waiting += 1
                self._joined += 1
        if leads:
            return self._lead(key, flight, answer, abandoned)
        return self._join(flight, abandoned)

    def _lead(
        self,
        key: Hashable,
        flight: _Flight,
        answer: Callable[[Callable[[], bool]], FinishedAnswer],
        abandoned: Callable[[], bool],
    ) -> QueryAnswer:
        left = False

        def everybody_left() -> bool:
            nonlocal left
            if not left and abandoned():
                left = True
                with self._lock:
                    flight.waiting -= 1
            return left and flight.waiting <= 0

        finished: FinishedAnswer | None = None
        try:
            finished = flight.answer = answer(everybody_left)
            return finished.open()
        except BaseException as error:
            flight.error = error
            raise
        finally:
            with self._lock:
                del self._flying[key]
                if not left:
                    flight.waiting -= 1
                nobody = flight.waiting <= 0
            flight.landed.set()
            if finished is not None and nobody:
                finished.close()

    def _join(self, flight: _Flight, abandoned: Callable[[], bool]) -> QueryAnswer:
        try:
            while not flight.landed.wait(ABANDONED_CHECK_SECONDS):
                if abandoned():
                    raise ClientGone("the client hung up")
            if flight.error is not None:
                raise flight.error
            assert flight.answer is not None  # noqa: S101 - landed without error
            return flight.answer.open()
        finally:
            with self._lock:
                flight.waiting -= 1
                last = flight.waiting <= 0 and flight.landed.is_set()
            if last and flight.answer is not None:
                flight.answer.close()
