"""Lists, search and suggestions over ``search.sqlite``. How texts compare: ``ptce_lod.folding``; how it is made: the release room."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final

from ptce_lod.errors import ReleaseDamaged
from ptce_lod.iris import AddressSpace
from ptce_lod.namespaces import CONCEPT
from ptce_lod.query.correction import corrected
from ptce_lod.query.database import ReadOnlyDatabase
from ptce_lod.query.found import (
    FACETS,
    PARTS,
    FacetValue,
    Hit,
    Reading,
    SearchAnswer,
    Suggestion,
    ThingSummary,
)
from ptce_lod.query.matching import (
    LAST,
    LATER,
    LESSER,
    Question,
    Tier,
    first,
    is_known,
    question,
    read,
    some,
    tiers,
)
from ptce_lod.query.showing import other_name, shown_match
from ptce_lod.release.layout import ReleaseLayout

_COLUMNS: Final = "thing.iri, thing.type, thing.slug, thing.label_fr, thing.label_en, thing.detail"
#: Fewer results than this, none of them by its very name, and we ask whether something else was meant.
_FEW: Final = 3
#: What a corrected search is worth beside one for what was typed.
_CORRECTED: Final = 0.5
#: Keys that are read for one suggestion, when no table says which are the best.
_KEYS: Final = 500

#: Facet of concepts → what their IRIs have between the namespace and the value.
_SCHEMES: Final = {"stage": "stage/", "sector": "activity/", "recognition": "recognition-type/", "kind": ""}

Filters = Mapping[str, Sequence[str]]


class SearchIndex:
    """The index of one release. Safe to use from many threads."""

    def __init__(self, layout: ReleaseLayout, addresses: AddressSpace) -> None:
        self._database = ReadOnlyDatabase(layout.search_index, "thing")
        self._addresses = addresses

    def things(self, types: Sequence[str], offset: int, limit: int) -> tuple[int, list[ThingSummary]]:
        """Return the number of things of ``types`` and one page of them as French sorts."""
        connection = self._database.connection()
        marks = ", ".join("?" * len(types))
        (total,) = connection.execute(
            f"SELECT count(*) FROM thing WHERE type IN ({marks})",  # noqa: S608 # only question marks
            types,
        ).fetchone()
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM thing WHERE type IN ({marks}) ORDER BY thing.sort_key, thing.iri LIMIT ? OFFSET ?",  # noqa: S608  # question marks and columns only
            (*types, limit, offset),
        )
        return total, [_summary(row) for row in rows]

    def search(
        self, text: str, filters: Filters, *, offset: int = 0, limit: int = 50, language: str = "fr"
    ) -> SearchAnswer:
        """Return one page of what matches ``text`` and ``filters``; without a text everything that the filters leave."""
        connection = self._searchable()
        asked = read(text)
        instead, reading = "", Reading.EXACT
        if not asked.words:
            everything = range(1, self._count + 1) if not text.strip() and any(filters.values()) else ()
            found = [Tier(0.0, "", everything)]
        else:
            asked, found, reading = self._understood(connection, asked)
            if reading is Reading.EXACT:
                instead = self._instead(connection, asked, found)
        ordered = _ordered(found)
        matching = _bits(ordered)
        left = {name: self._left(values, name) for name, values in filters.items() if values}
        chosen = matching
        for bits in left.values():
            chosen &= bits
        if not filters.get("type"):
            # What only belongs to something else is shown when asked for, or when there is nothing else.
            chosen = (chosen & ~self._left(PARTS, "type")) or chosen
        mask = chosen.to_bytes(self._count // 8 + 1, "little")
        numbers = [number for number in ordered if mask[number >> 3] >> (number & 7) & 1]
        page = numbers[offset : offset + limit]
        hits = self._hits(connection, page, ordered, asked, language)
        facets = {name: self._facet(name, matching, left, filters) for name in FACETS}
        return SearchAnswer(
            len(numbers), hits, facets, reading, " ".join(asked.words) if asked.words else "", instead
        )

    def suggest(self, text: str, *, limit: int = 8, language: str = "fr") -> list[Suggestion]:
        """Return the things that somebody who typed ``text`` may mean, best first."""
        connection = self._searchable()
        asked = read(text)
        if not asked.words:
            return []
        numbers = self._suggested(connection, asked, limit)
        for joining in (False, True):
            meant = None if numbers else corrected(connection, asked, typing=True, joining=joining)
            if meant is not None and (numbers := self._suggested(connection, meant, limit)):
                asked = meant
        things = self._things(connection, numbers)
        return [
            Suggestion(thing, other_name(names, thing, asked, language))
            for number in numbers
            for thing, names in (things[number],)
        ]

    def close(self) -> None:
        """Close the connections of all threads."""
        self._database.close()

    def _searchable(self) -> sqlite3.Connection:
        """Return the connection of this thread, when the index can be searched: those of former versions can only be listed."""
        connection = self._database.connection()
        if not self._is_current:
            raise ReleaseDamaged(
                "the search index of this release was made by a former version of this software",
                hint="build and publish again: ptce-lod build --publish",
            )
        return connection

    @cached_property
    def _is_current(self) -> bool:
        connection = self._database.connection()
        row = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'found_by'").fetchone()
        return row is not None

    def _understood(
        self, connection: sqlite3.Connection, asked: Question
    ) -> tuple[Question, list[Tier], Reading]:
        if found := tiers(connection, asked):
            return asked, found, Reading.EXACT
        for joining in (False, True):
            meant = corrected(connection, asked, joining=joining)
            if meant is not None and (found := tiers(connection, meant)):
                return meant, [t._replace(score=t.score * _CORRECTED) for t in found], Reading.CORRECTED
        all_known = all(is_known(connection, word) for word in asked.words)
        wanted = asked if meant is None or all_known else meant
        return wanted, some(connection, wanted), Reading.RELAXED

    def _instead(self, connection: sqlite3.Connection, asked: Question, found: Sequence[Tier]) -> str:
        """Return words that find more than the few that were found, none of them by its very name."""
        if any(tier.numbers for tier in found[:2]) or len(found[-1].numbers) >= _FEW:
            return ""
        meant = corrected(connection, asked)
        if meant is None:
            return ""
        # Not the word itself, which is known: the likeliest of those it may stand for.
        best = {group[0]: group[1] for group in meant.options if len(group) > 1}
        words = [best.get(word, word) for word in meant.words]
        other = tiers(connection, question(words))
        more = other and len(other[-1].numbers) > len(found[-1].numbers)
        return " ".join(words) if more and tuple(words) != asked.words else ""

    def _suggested(self, connection: sqlite3.Connection, asked: Question, limit: int) -> list[int]:
        key = asked.key
        ranks: dict[int, tuple[int, int, int]] = {}

        def add(rows: Iterable[tuple[int, int]], place: int) -> None:
            for rank, number in rows:
                # Lesser kinds last, then the very name or acronym, then how the name begins, then the index's order.
                order = (
                    rank // LESSER,
                    (LESSER if rank % LESSER == LATER else place) + rank % LESSER,
                    number,
                )
                ranks[number] = min(order, ranks.get(number, order))

        add(connection.execute("SELECT rank, thing FROM name_key WHERE key = ? LIMIT ?", (key, _KEYS)), 0)
        best = connection.execute("SELECT rank, thing FROM popular WHERE prefix = ? ORDER BY place", (key,))
        if not (rows := best.fetchall()):
            rows = connection.execute(
                "SELECT rank, thing FROM name_key WHERE key >= ? AND key < ? LIMIT ?",
                (key, key + LAST, _KEYS),
            ).fetchall()
        add(rows, LESSER)
        found = sorted(ranks, key=ranks.__getitem__)[:limit]
        if len(found) < limit and (len(asked.words) > 1 or not found):
            column = "" if key.replace(" ", "").isdigit() else "name"
            found += [n for n in first(connection, asked, column, limit * 3) if n not in ranks]
        return found[:limit]

    def _hits(
        self,
        connection: sqlite3.Connection,
        page: Sequence[int],
        tier_of: Mapping[int, Tier],
        asked: Question,
        language: str,
    ) -> list[Hit]:
        things = self._things(connection, page)
        marks = ", ".join("?" * len(page))
        rows = connection.execute(
            f"SELECT thing, names, codes, texts FROM found_by WHERE thing IN ({marks})",  # noqa: S608  # question marks and columns only
            page,
        )
        parts = {number: (names, codes, texts) for number, names, codes, texts in rows}
        return [
            Hit(
                things[number][0],
                tier_of[number].score,
                shown_match(things[number][0], parts[number], asked, tier_of[number].field, language),
            )
            for number in page
        ]

    def _things(
        self, connection: sqlite3.Connection, numbers: Sequence[int]
    ) -> dict[int, tuple[ThingSummary, str]]:
        marks = ", ".join("?" * len(numbers))
        rows = connection.execute(
            f"SELECT thing.id, found_by.names, {_COLUMNS} FROM thing JOIN found_by ON found_by.thing = thing.id "  # noqa: S608  # question marks and columns only
            f"WHERE thing.id IN ({marks})",
            numbers,
        )
        return {row[0]: (_summary(row[2:]), row[1]) for row in rows}

    @cached_property
    def _count(self) -> int:
        (count,) = self._database.connection().execute("SELECT count(*) FROM thing").fetchone()
        return int(count)

    @cached_property
    def _facets(self) -> dict[str, dict[str, int]]:
        """Facet → value → bits of the things that have it: a few megabytes for 100 000 things, read at the first search."""
        found: dict[str, dict[str, int]] = {}
        for name, value, bits in self._database.connection().execute("SELECT name, value, bits FROM facet"):
            found.setdefault(name, {})[value] = int.from_bytes(zlib.decompress(bits), "little")
        return found

    def _left(self, values: Iterable[str], name: str) -> int:
        """Return the bits of the things that have one of ``values``."""
        known, bits = self._facets.get(name, {}), 0
        for value in values:
            bits |= known.get(value, 0)
        return bits

    def _facet(
        self, name: str, matching: int, left: Mapping[str, int], filters: Filters
    ) -> Sequence[FacetValue]:
        for other, bits in left.items():
            if other != name:
                matching &= bits
        if name != "type" and "type" not in left:
            matching = (matching & ~self._left(PARTS, "type")) or matching
        chosen = filters.get(name, ())
        counted = {value: (bits & matching).bit_count() for value, bits in self._facets.get(name, {}).items()}
        # What was asked for stays in sight, so that it can be taken back.
        counted.update((value, 0) for value in chosen if value not in counted)
        values = [
            FacetValue(value, self._iri(name, value), count, value in chosen)
            for value, count in counted.items()
            if count or value in chosen
        ]
        if name == "year":
            return sorted(values, key=lambda each: each.value, reverse=True)
        return sorted(values, key=lambda each: (each.value in PARTS, -each.number, each.value))

    def _iri(self, name: str, value: str) -> str:
        """Return the IRI of what a value stands for; "" for types, years and kinds of units."""
        if name in ("region", "department"):
            prefix = {"region": "region-", "department": "departement-"}[name]
            return f"{self._addresses.base_iri}id/unit/{prefix}{value}"
        scheme = _SCHEMES.get(name)
        if scheme is None or (name == "kind" and "/" not in value):
            return ""
        return f"{CONCEPT}{scheme}{value}"


def _ordered(found: Sequence[Tier]) -> dict[int, Tier]:
    """Return number → the best tier it is in, best first."""
    ordered: dict[int, Tier] = {}
    for tier in found:
        for number in tier.numbers:
            ordered.setdefault(number, tier)
    return ordered


def _bits(numbers: Iterable[int]) -> int:
    numbers = list(numbers)
    bits = bytearray(max(numbers, default=0) // 8 + 1)
    for number in numbers:
        bits[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(bits, "little")


def _summary(row: Sequence[str]) -> ThingSummary:
    iri, type_, slug, label_fr, label_en, detail = row
    return ThingSummary(iri, type_, slug, label_fr, label_en, json.loads(detail))
