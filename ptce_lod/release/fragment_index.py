"""Build ``fragments/``: all terms once, and the quads as numbers in three orders: a page of any pattern is two binary searches away.

Each row is four big-endian 32-bit numbers of terms: rows sort as bytes. The first is the graph's, 0 for the union of all graphs, in which a
triple stands once however many graphs say it. The orders are those that make every pattern of subject, predicate and object a prefix:
SPO, POS, OSP. A term's number is its place in the sorted dictionary, from 1.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from ptce_lod.release.layout import FRAGMENT_ORDERS, FRAGMENT_ROW
from ptce_lod.terms import QuadLine

_NUMBER: Final = 4
_CHUNK: Final = 100_000


class LineTerms(NamedTuple):
    """The terms of a canonical line as they are written; ``graph`` is an IRI in angle brackets."""

    subject: str
    predicate: str
    object: str
    graph: str


def split_line(line: str) -> LineTerms:
    """Return the terms of a canonical line in a named graph.

    >>> split_line('<http://a> <http://b> "c <d> ." <http://g> .').object
    '"c <d> ."'
    """
    subject, predicate, rest = line.split(" ", 2)
    end = rest.rindex(" <", 0, -2)
    return LineTerms(subject, predicate, rest[:end], rest[end + 1 : -2])


def write_fragment_index(folder: Path, lines: Iterable[QuadLine]) -> int:
    """Write the index of sorted ``lines`` into ``folder``, which is made; return the number of terms.

    Memory: the terms, and 64 bytes a quad while an order is sorted.
    """
    folder.mkdir()
    numbers: dict[str, int] = {}
    quads = array("I")
    for line in lines:
        for term in split_line(line):
            quads.append(numbers.setdefault(term, len(numbers)))
    places = _write_terms(folder, numbers)
    count = len(numbers)
    del numbers
    rows = [
        array("I", (places[number] for number in quads[position::_NUMBER])) for position in range(_NUMBER)
    ]
    del quads, places
    for name, order in FRAGMENT_ORDERS.items():
        _write_order(folder / name, [rows[position] for position in order], rows[3], rows[:3])
    return count


def _write_terms(folder: Path, numbers: dict[str, int]) -> array[int]:
    """Write the dictionary; return the place in it, from 1, of each number given by order of appearance."""
    places = array("I", bytes(_NUMBER * len(numbers)))
    offsets = array("Q", [0])
    position = 0
    with (folder / "terms.txt").open("wb") as stream:
        # Code points sort as UTF-8 bytes do.
        for place, term in enumerate(sorted(numbers), start=1):
            places[numbers[term]] = place
            data = term.encode()
            stream.write(data)
            position += len(data)
            offsets.append(position)
    (folder / "terms.idx").write_bytes(_big_endian(offsets))
    return places


def _write_order(
    path: Path, columns: list[array[int]], graphs: array[int], triples: list[array[int]]
) -> None:
    """Write the rows of one order, sorted: those of the union, then those of each graph."""
    first, second, third = columns
    with path.open("wb") as stream:
        _write(stream.write, sorted(_rows(array("I", _firsts(triples, columns)))))
        packed = array("I", bytes(FRAGMENT_ROW * len(first)))
        packed[0::_NUMBER], packed[1::_NUMBER], packed[2::_NUMBER], packed[3::_NUMBER] = (
            graphs,
            first,
            second,
            third,
        )
        _write(stream.write, sorted(_rows(packed)))


def _firsts(triples: list[array[int]], columns: list[array[int]]) -> Iterator[int]:
    """Yield the numbers of the rows of the union: equal triples of several graphs stand together in the sorted lines, one is kept."""
    previous: tuple[int, ...] = ()
    for triple, row in zip(zip(*triples, strict=True), zip(*columns, strict=True), strict=True):
        if triple != previous:
            yield 0
            yield from row
            previous = triple


def _rows(numbers: array[int]) -> list[bytes]:
    data = _big_endian(numbers)
    return [data[start : start + FRAGMENT_ROW] for start in range(0, len(data), FRAGMENT_ROW)]


def _big_endian(numbers: array[int]) -> bytes:
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers.tobytes()


def _write(write: Callable[[bytes], object], rows: list[bytes]) -> None:
    for start in range(0, len(rows), _CHUNK):
        write(b"".join(rows[start : start + _CHUNK]))
