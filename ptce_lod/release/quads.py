"""Sort, merge and read canonical N-Quads files without holding them: memory stays flat as the data grow.

The order is that of code points, which is that of UTF-8 bytes; it does not depend on the order of input or on the machine.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from ptce_lod.terms import QuadLine

#: Bytes of a file read at a time for its checksums.
_CHUNK: Final = 1 << 20
#: Lines sorted in memory at a time: about 40 MB.
RUN_LINES: Final = 150_000


class QuadSorter:
    """Takes lines in any order, with repetitions; writes them sorted, each once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pending: list[QuadLine] = []
        self._runs: list[Path] = []

    def extend(self, lines: Iterable[QuadLine]) -> int:
        """Add lines; return how many were added, repetitions counted."""
        added = 0
        pending = self._pending
        for line in lines:
            pending.append(line)
            added += 1
            if len(pending) >= RUN_LINES:
                self._write_run()
                pending = self._pending
        return added

    def _write_run(self) -> None:
        path = self._folder / f"run-{len(self._runs):05}.nq"
        write_lines(path, sorted(set(self._pending)))
        self._runs.append(path)
        self._pending = []

    def write(self, path: Path) -> int:
        """Write all lines to ``path`` and remove the temporary runs; return how many were written."""
        if not self._runs:
            return write_lines(path, sorted(set(self._pending)))
        if self._pending:
            self._write_run()
        count = merge_files(self._runs, path)
        for run in self._runs:
            run.unlink()
        self._runs = []
        return count


def read_lines(path: Path) -> Iterator[QuadLine]:
    """Yield the lines of a canonical file."""
    with path.open(encoding="utf-8", newline="\n") as stream:
        for line in stream:
            yield QuadLine(line[:-1])


def write_lines(path: Path, lines: Iterable[QuadLine]) -> int:
    """Write lines as they come; return how many."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for line in lines:
            stream.write(line)
            stream.write("\n")
            count += 1
    return count


def merge_files(paths: Iterable[Path], target: Path) -> int:
    """Merge sorted files into a sorted one, each line once; return the number of lines."""
    count = 0
    previous = ""
    with ExitStack() as stack:
        streams = [stack.enter_context(p.open(encoding="utf-8", newline="\n")) for p in paths]
        out = stack.enter_context(target.open("w", encoding="utf-8", newline="\n"))
        for line in heapq.merge(*streams):
            if line != previous:
                out.write(line)
                previous = line
                count += 1
    return count


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in lower-case hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sha256_and_sha512(path: Path) -> tuple[str, str]:
    """Return both checksums of a file in lower-case hexadecimal, reading it once."""
    first, second = hashlib.sha256(), hashlib.sha512()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            first.update(chunk)
            second.update(chunk)
    return first.hexdigest(), second.hexdigest()


def graph_name(line: str) -> str:
    """Return the graph's IRI of a canonical line whose graph is named by an IRI.

    >>> graph_name('<http://a> <http://b> "c <d>" <http://g> .')
    'http://g'
    """
    return line[line.rindex(" <", 0, -2) + 2 : -3]


def without_graph(line: str) -> str:
    """Return a canonical N-Quads line as a canonical N-Triples line.

    >>> without_graph('<http://a> <http://b> "c" <http://g> .')
    '<http://a> <http://b> "c" .'
    """
    return line[: line.rindex(" <", 0, -2)] + " ."
