"""Differences of datasets as RDF Patch, and the sum of all edits that a release carries over its sources.

Source: RDF Patch (https://afs.github.io/rdf-patch/): a line ``A`` or ``D`` and a quad for each addition and deletion.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ptce_lod.terms import QuadLine

_LINE: Final = re.compile(
    r'(\S+) (\S+) (<\S*>|_:\S+|"(?:[^"\\]|\\.)*"(?:@\S+|\^\^<\S*>)?)(?: (<\S*>|_:\S+))? \.'
)
_BLANK: Final = re.compile(r"_:(\S+)")


@dataclass(frozen=True)
class Change:
    """Quads to take away and to add, as canonical lines; both sets are apart."""

    removed: frozenset[str] = field(default=frozenset())
    added: frozenset[str] = field(default=frozenset())

    def __bool__(self) -> bool:
        return bool(self.removed or self.added)

    def mapped(self, rewrite: Callable[[str], str]) -> Change:
        """Return the change with every line rewritten."""
        return Change(frozenset(map(rewrite, self.removed)), frozenset(map(rewrite, self.added)))


def write_patch(change: Change, headers: Mapping[str, str] | None = None) -> str:
    """Return a change as an RDF Patch: deletions first, each part sorted; ``headers`` are its ``H`` lines."""
    lines = [f"H {name} {value} ." for name, value in (headers or {}).items()]
    lines.append("TX .")
    lines += [f"D {line}" for line in sorted(change.removed)]
    lines += [f"A {line}" for line in sorted(change.added)]
    lines.append("TC .")
    return "\n".join(lines) + "\n"


def read_patch(path: Path) -> Change:
    """Return the change that a file of :func:`write_patch` holds; none when there is no file."""
    if not path.is_file():
        return Change()
    removed, added = set(), set()
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("D "):
            removed.add(line[2:])
        elif line.startswith("A "):
            added.add(line[2:])
    return Change(frozenset(removed), frozenset(added))


def combined(first: Change, second: Change) -> Change:
    """Return the one change that does what ``first`` and then ``second`` do."""
    added = (first.added - second.removed) | (second.added - first.removed)
    removed = (first.removed - second.added) | (second.removed - first.added)
    return Change(frozenset(removed), frozenset(added))


def applied(lines: Iterable[QuadLine], change: Change) -> Iterator[QuadLine]:
    """Yield ``lines`` without what ``change`` removes, then what it adds; repetitions are the caller's to drop."""
    for line in lines:
        if line not in change.removed:
            yield line
    yield from (QuadLine(line) for line in change.added)


def terms(line: str) -> tuple[str, str, str, str]:
    """Return the terms of an N-Quads line; the graph is empty for the default graph.

    >>> terms('<http://a> <http://b> "c d"@fr <http://g> .')[2:]
    ('"c d"@fr', '<http://g>')
    """
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError(f"not a line of N-Quads: {line[:200]}")
    return match[1], match[2], match[3], match[4] or ""


def graph_of(line: str) -> str:
    """Return the IRI of a line's graph, empty for the default graph."""
    return terms(line)[3].strip("<>")


def normal_form(line: str) -> str:
    """Return a line as the store keeps it: Oxigraph writes numbers and dates in its own way (``44.10`` becomes ``44.1``)."""
    if '"^^<' not in line:
        return line
    store = ox.Store()
    store.load(line + "\n", format=ox.RdfFormat.N_QUADS)
    return (store.dump(format=ox.RdfFormat.N_QUADS) or b"").decode().rstrip("\n")


def skolemized(line: str, prefix: str) -> str:
    """Return a line with IRIs in place of blank nodes, so that what is published can be named. Source: RDF 1.1 section 3.5."""
    if "_:" not in line:
        return line
    parts = [_BLANK.sub(rf"<{prefix}\1>", term) if term.startswith("_:") else term for term in terms(line)]
    return " ".join(part for part in parts if part) + " ."
