"""The logs of changes that the event streams serve: for each subject its triples as of each publication that changed them.

There are two: ``var/feed.sqlite`` of the data, ``var/catalog-feed.sqlite`` of the catalogue's entities. A log only grows: what was
published once is there under its number whatever becomes of the release. A publication compares the digest of every subject's triples
with the last that were logged, so that a gap (a crash, a removed release) is made good by the next one. Blank nodes belong to the subject
that they hang on; those that hang on none, such as axioms of an ontology, to one subject of their own.

A log that was lost begins anew with other addresses: clients hold its pages for immutable.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import Final

from ptce_lod.errors import ReleaseDamaged
from ptce_lod.release.catalog.description import Catalog
from ptce_lod.release.layout import ReleaseLayout
from ptce_lod.release.quads import read_lines

#: Members on one page of the stream: a page never changes once it is full, so this never changes, either.
PAGE_MEMBERS: Final = 250
#: What has the triples of blank nodes that hang on no IRI, below the base.
UNNAMED: Final = "feed#unnamed"
_BLANK: Final = re.compile(r" (_:\S+) \.$")
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS member(
  number INTEGER PRIMARY KEY, at TEXT NOT NULL, release TEXT NOT NULL, subject TEXT NOT NULL, kind TEXT NOT NULL, lines TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS member_subject ON member(subject, number);
CREATE INDEX IF NOT EXISTS member_moment ON member(number, at);
CREATE TABLE IF NOT EXISTS latest(subject TEXT PRIMARY KEY, digest BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS generation(name TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Member:
    """One event: ``subject`` is an IRI, ``kind`` is "Create", "Update" or "Delete", ``lines`` its triples as canonical N-Triples."""

    number: int
    at: str
    release_id: str
    subject: str
    kind: str
    lines: str


def append_members(
    log: Path, described: Iterable[tuple[str, str]], release_id: str, at: str, *, is_first: bool = False
) -> int:
    """Log what a publication at ``at`` (RFC 3339) changes; return how many members came. The caller holds the lock.

    ``described`` are all subjects there are now, each once: IRI, and its triples as N-Triples, always in the same order. ``is_first``
    says that nothing was published before: a log that begins later took the place of one that was lost, and is named by its beginning.
    """
    connection = sqlite3.connect(log)
    try:
        connection.executescript(_SCHEMA)
        digests: dict[str, bytes] = dict(connection.execute("SELECT subject, digest FROM latest"))
        # One transaction: readers see all of a publication, or nothing of it.
        with connection:
            if not is_first and connection.execute("SELECT 1 FROM member LIMIT 1").fetchone() is None:
                connection.execute("DELETE FROM generation")
                connection.execute("INSERT INTO generation VALUES(?)", (re.sub(r"[-:]", "", at),))
            count = 0
            for subject, lines in described:
                digest = hashlib.sha256(lines.encode()).digest()
                known = digests.pop(subject, None)
                if known == digest:
                    continue
                kind = "Update" if known else "Create"
                _add(connection, at, release_id, subject, kind, lines)
                connection.execute("INSERT OR REPLACE INTO latest VALUES(?, ?)", (subject, digest))
                count += 1
            for subject in sorted(digests):
                _add(connection, at, release_id, subject, "Delete", "")
                connection.execute("DELETE FROM latest WHERE subject = ?", (subject,))
                count += 1
        return count
    finally:
        connection.close()


def _add(
    connection: sqlite3.Connection, at: str, release_id: str, subject: str, kind: str, lines: str
) -> None:
    connection.execute(
        "INSERT INTO member(at, release, subject, kind, lines) VALUES(?, ?, ?, ?, ?)",
        (at, release_id, subject, kind, lines),
    )


def subjects(release: ReleaseLayout) -> Iterator[tuple[str, str]]:
    """Yield (IRI, its triples with those of the blank nodes that hang on it) of the data, sorted by IRI.

    Last, under one IRI, come those of the blank nodes that hang on none, if there are any: no triple is left out.
    """
    path = release.dumps / "all.nt"
    hanging: dict[str, list[str]] = {
        node: list(group)
        for node, group in groupby(
            (line for line in read_lines(path) if line.startswith("_:")),
            key=lambda line: line.partition(" ")[0],
        )
    }
    reached: set[str] = set()
    for term, group in groupby(read_lines(path), key=lambda line: line.partition(" ")[0]):
        if term.startswith("<"):
            lines = list(group)
            below = _below(lines, hanging)
            reached |= below.keys()
            yield term[1:-1], "".join(f"{line}\n" for line in chain(lines, *below.values()))
    unnamed = [lines for node, lines in hanging.items() if node not in reached]
    if unnamed:
        base_iri = release.manifest()["base_iri"]
        yield f"{base_iri}{UNNAMED}", "".join(f"{line}\n" for line in chain(*unnamed))


def entities(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Yield (IRI, what describes it with all that it shares) of the catalogue, its datasets and services."""
    for iri, quads in catalog.entities():
        yield iri, "".join(f"{line} .\n" for line in sorted({str(quad.triple) for quad in quads}))


def _below(lines: Sequence[str], hanging: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return the blank nodes that ``lines`` lead to, each with its own lines, in the order in which they are found."""
    found: dict[str, list[str]] = {}
    waiting = list(lines)
    while waiting:
        blank = _BLANK.search(waiting.pop())
        if blank and blank[1] not in found:
            found[blank[1]] = hanging.get(blank[1], [])
            waiting += found[blank[1]]
    return found


class FeedLog:
    """Reads a log; a connection for each question, since it grows between them."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def _ask(self, sql: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        if not self._path.is_file():
            return []
        try:
            connection = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=10)
            try:
                return connection.execute(sql, tuple(values)).fetchall()
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise ReleaseDamaged(f"{self._path} cannot be read: {error}") from error

    def count(self) -> int:
        """Return the number of members so far."""
        ((count,),) = self._ask("SELECT COALESCE(MAX(number), 0) FROM member") or [(0,)]
        return int(str(count))

    def page_name(self, number: int) -> str:
        """Return what a page is called in its address: its number, after the name of a log that took the place of another."""
        return f"{self._generation()}{number}"

    def _generation(self) -> str:
        known = self._ask("SELECT 1 FROM sqlite_master WHERE name = 'generation'")
        names = self._ask("SELECT name FROM generation") if known else []
        return f"{names[0][0]}-" if names else ""

    def pages(self) -> list[tuple[str, str, str]]:
        """Return (name, first moment, last moment) of each page, the open one last."""
        rows = self._ask(
            "SELECT MIN(at), MAX(at) FROM member GROUP BY (number - 1) / ? ORDER BY MIN(number)",
            (PAGE_MEMBERS,),
        )
        before = self._generation()
        return [
            (f"{before}{number}", str(first), str(last)) for number, (first, last) in enumerate(rows, start=1)
        ]

    def full_pages(self) -> list[str]:
        """Return the names of the pages that never change any more."""
        return [name for name, *_ in self.pages()[: self.count() // PAGE_MEMBERS]]

    def page(self, number: int) -> list[Member]:
        """Return the members of a page, from 1, in order; none beyond the last."""
        low = (number - 1) * PAGE_MEMBERS
        rows = self._ask(
            "SELECT number, at, release, subject, kind, lines FROM member WHERE number > ? AND number <= ? ORDER BY number",
            (low, low + PAGE_MEMBERS),
        )
        return [Member(int(str(row[0])), *map(str, row[1:])) for row in rows]
