"""Read ``fragments/``: one page of the triples that match a pattern, and how many there are, in two binary searches.

Source: Triple Pattern Fragments, section 4 (https://linkeddatafragments.org/specification/triple-pattern-fragments/).
"""

from __future__ import annotations

import mmap
from bisect import bisect_left
from pathlib import Path
from struct import Struct
from typing import Final

from ptce_lod.errors import ReleaseDamaged
from ptce_lod.query.found import Fragment, Pattern
from ptce_lod.release.layout import FRAGMENT_ORDERS as ORDERS
from ptce_lod.release.layout import FRAGMENT_ROW as ROW
from ptce_lod.release.layout import ReleaseLayout

_OFFSET: Final = 8
_PAIR: Final = Struct(">QQ")
_NUMBER: Final = 4
#: The graph of the rows of the union, and a number that no term has.
_UNION, _ABSENT = bytes(_NUMBER), b"\xff" * _NUMBER
#: Which of subject, predicate and object are given → the order in which they are a prefix.
_ORDER_OF: Final = {
    (False, False, False): "spo",
    (True, False, False): "spo",
    (True, True, False): "spo",
    (True, True, True): "spo",
    (False, True, False): "pos",
    (False, True, True): "pos",
    (False, False, True): "osp",
    (True, False, True): "osp",
}


class FragmentIndex:
    """The quads of a release by pattern. The files never change and are shared by threads; pages are read when they are asked for."""

    def __init__(self, layout: ReleaseLayout) -> None:
        folder = layout.fragments
        self._terms = _map(folder / "terms.txt")
        self._offsets = _map(folder / "terms.idx")
        self._rows = {name: _map(folder / name) for name in ORDERS}
        self._known = _Dictionary(self)

    def close(self) -> None:
        """Let go of the files; nothing can be read afterwards."""
        for data in (self._terms, self._offsets, *self._rows.values()):
            if isinstance(data, mmap.mmap):
                data.close()

    def __len__(self) -> int:
        """Return the number of terms."""
        return len(self._offsets) // _OFFSET - 1

    def term(self, number: int) -> bytes:
        """Return a term, by its number from 1, in UTF-8."""
        start = (number - 1) * _OFFSET
        begin, end = _PAIR.unpack_from(self._offsets, start)
        return self._terms[begin:end]

    def page(self, pattern: Pattern, *, offset: int, limit: int) -> Fragment:
        """Return the triples from ``offset`` on, ``limit`` at most, in the order of their terms."""
        given = pattern[:3]
        name = _ORDER_OF[given[0] != "", given[1] != "", given[2] != ""]
        numbers = [self._number(pattern.graph) if pattern.graph else _UNION]
        numbers += [self._number(given[position]) for position in ORDERS[name] if given[position]]
        if _ABSENT in numbers:
            return Fragment((), 0)
        prefix = b"".join(numbers)
        rows = _Rows(self._rows[name])
        first = bisect_left(rows, prefix)
        end = bisect_left(rows, prefix + b"\xff" * (ROW + 1 - len(prefix)), lo=first)
        page = range(min(first + offset, end), min(first + offset + limit, end))
        return Fragment(tuple(self._line(rows[at], ORDERS[name]) for at in page), end - first)

    def _number(self, term: str) -> bytes:
        """Return a term's number as a row holds it, or :data:`_ABSENT`."""
        data = term.encode()
        at = bisect_left(self._known, data)
        if at == len(self) or self._known[at] != data:
            return _ABSENT
        return (at + 1).to_bytes(_NUMBER, "big")

    def _line(self, row: bytes, order: tuple[int, int, int]) -> str:
        terms = [b""] * 3
        for place, position in enumerate(order, start=1):
            terms[position] = self.term(int.from_bytes(row[place * _NUMBER : (place + 1) * _NUMBER], "big"))
        return b" ".join((*terms, b".")).decode()


class _Dictionary:
    """The terms as a sorted sequence."""

    def __init__(self, index: FragmentIndex) -> None:
        self._index = index

    def __len__(self) -> int:
        return len(self._index)

    def __getitem__(self, at: int) -> bytes:
        return self._index.term(at + 1)


class _Rows:
    """A file of rows as a sorted sequence."""

    def __init__(self, data: bytes | mmap.mmap) -> None:
        self._data = data

    def __len__(self) -> int:
        return len(self._data) // ROW

    def __getitem__(self, at: int) -> bytes:
        return self._data[at * ROW : (at + 1) * ROW]


def _map(path: Path) -> bytes | mmap.mmap:
    try:
        with path.open("rb") as stream:
            # An empty file cannot be mapped.
            return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b""
    except OSError as error:
        raise ReleaseDamaged(f"release {path.parent.parent.name}: {path} cannot be read: {error}") from error
