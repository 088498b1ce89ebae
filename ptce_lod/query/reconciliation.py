"""Match names and identifiers of other tables with the things of a release: candidates with a score, its parts, and a decision.

Source: Reconciliation Service API 0.2 and 1.0 draft, "A Note on Candidate Retrieval and Scoring". docs/reference/reconciliation.md says
how a score is made; benchmarks/reconciliation.py measures what the decisions are worth.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from math import log
from typing import Final

from ptce_lod.errors import ReleaseDamaged
from ptce_lod.folding import words
from ptce_lod.identifiers import keys_of
from ptce_lod.iris import AddressSpace
from ptce_lod.query.agreement import KEYS
from ptce_lod.query.candidates import Candidate, Condition, Reference, Sought, Value
from ptce_lod.query.database import ReadOnlyDatabase
from ptce_lod.query.entities import iri_of
from ptce_lod.query.facts import PROPERTIES, Facts, Properties
from ptce_lod.query.found import ThingSummary
from ptce_lod.query.gathering import Types, by_likeness, by_name, count, exactly
from ptce_lod.query.judging import Judge, decided
from ptce_lod.query.likeness import NOTHING, Likeness, has_other_letters, likeness, says_otherwise, weigh_with
from ptce_lod.release.layout import ReleaseLayout

#: Kinds of units, which are types here: a column of departments is not one of municipalities.
UNIT_KINDS: Final = ("commune", "departement", "region")
#: What a name without a type may mean; everything else only when its type is asked for, or by an identifier.
NAMED: Final = ("pole", "actor", "unit", "event", "call", "cooperation", "initiative", "concept")
#: What an acronym is worth that somebody may have made of a name: less than what is sure, since nobody wrote it down.
_ACRONYM: Final = 0.75
#: What a cited page is worth that has the address of somebody's site.
_CITED: Final = 99.0
#: What is left when a form in the name says another type, and no type was asked for.
_OTHER_TYPE: Final = 0.9
#: From this likeness on, no others are looked for.
_GOOD: Final = 0.9
#: Best candidates by name whose properties are looked at, and what properties alone are worth.
_LOOKED_AT: Final = 30
_WITHOUT_NAME: Final = 0.7


class Reconciler:
    """Reconciles with one release. Safe to use from many threads.

    ``properties`` looks up what the release says of a thing itself, ``label`` what a thing is called.
    """

    def __init__(
        self,
        layout: ReleaseLayout,
        addresses: AddressSpace,
        properties: Properties,
        label: Callable[[str], str],
    ) -> None:
        self._database = ReadOnlyDatabase(layout.search_index, "thing")
        self._addresses = addresses
        self._label = label
        self._weigh = weigh_with(lru_cache(maxsize=200_000)(self._rarity))
        self._judge = Judge(Facts(properties), self._weigh, label)

    def close(self) -> None:
        """Close the connections of all threads."""
        self._database.close()

    def summaries(self, iris: Iterable[str]) -> dict[str, ThingSummary]:
        """Return IRI → thing, of those that the index has."""
        wanted = list(dict.fromkeys(iris))
        marks = ", ".join("?" * len(wanted))
        return {thing.iri: thing for thing, _ in self._read(f"iri IN ({marks})", wanted).values()}

    def property_values(self, thing: ThingSummary, property_: str) -> list[Value]:
        """Return the values of a property, a key of ``facts.PROPERTIES``, of a thing."""
        return self._judge.facts.values(thing, PROPERTIES[property_])

    def candidates(self, sought: Sought) -> list[Candidate]:
        """Return the things that may be meant, best first; at most one of them is a match."""
        types = _types(sought)
        names = [condition for condition in sought.conditions if not condition.property]
        exact = self._exact(sought, names, types if sought.types else None)
        found = {
            number: Candidate(thing, score, name, features={"identifier": True})
            for number, thing, name, score in _ranked(exact)
        }
        if not found or not sought.iris:
            for number, candidate in self._named(names, types).items():
                found.setdefault(number, candidate)
        if not names and not found:
            found = self._by_properties(sought.conditions, types)
        # Between equals the index's own order: poles first.
        best = sorted(found.items(), key=lambda item: (-item[1].score, item[0]))[:_LOOKED_AT]
        judged = (self._judge.judged(candidate, sought) for _, candidate in best)
        return decided([candidate for candidate in judged if candidate is not None])[: sought.limit]

    def _exact(
        self, sought: Sought, names: Sequence[Condition], types: Types | None
    ) -> list[tuple[int, ThingSummary, str]]:
        """Return the things that an identifier names: an IRI, or a key of a name or of a property."""
        iris = [
            *sought.iris,
            *(iri for c in names for v in c.values if (iri := iri_of(str(v), self._addresses))),
        ]
        keys = [
            key for c in names if c.quantifier != "none" for value in c.values for key in keys_of(str(value))
        ]
        for condition in sought.conditions:
            make = KEYS.get(PROPERTIES[condition.property].values) if condition.property else None
            if make is not None and condition.quantifier != "none":
                keys += [key for value in condition.values if (key := make(str(value)))]
        numbers = exactly(self._connection, keys, types) if keys else []
        found = self._read_numbers(numbers)
        if iris:
            found |= self._read(f"iri IN ({', '.join('?' * len(iris))})", iris)
        return [(number, thing, _first(listed, thing)) for number, (thing, listed) in found.items()]

    def _named(self, names: Sequence[Condition], types: Types) -> dict[int, Candidate]:
        found: dict[int, Candidate] = {}
        for condition in names:
            for value in condition.values:
                for number, candidate in self._like(str(value), types).items():
                    if number not in found or found[number].score < candidate.score:
                        found[number] = candidate
        return found

    def _like(self, text: str, types: Types) -> dict[int, Candidate]:
        """Return number → candidate for one name."""
        if not words(text):
            return {}
        numbers, acronyms = by_name(self._connection, text, types)
        is_any = types.types == NAMED
        found = self._compared(text, numbers, acronyms, is_any=is_any)
        if all(candidate.score < 100 * _GOOD for candidate in found.values()):
            others = [n for n in by_likeness(self._connection, text, types) if n not in found]
            found |= self._compared(text, others, (), is_any=is_any)
        return found

    def _compared(
        self, text: str, numbers: Sequence[int], acronyms: Sequence[int], *, is_any: bool
    ) -> dict[int, Candidate]:
        found = {}
        for number, (thing, listed) in self._read_numbers([*numbers, *acronyms]).items():
            best, name = NOTHING, thing.label_fr
            for each in listed or [thing.label_fr]:
                like = likeness(text, each, self._weigh)
                if like.score > best.score:
                    best, name = like, each
            if is_any and says_otherwise(text, name, thing.type):
                best = replace(best, score=best.score * _OTHER_TYPE)
            found[number] = replace(
                _candidate(thing, name, best, number in acronyms),
                is_changed=best.slips > 0 and has_other_letters(text, name),
            )
        return found

    def _by_properties(self, conditions: Sequence[Condition], types: Types) -> dict[int, Candidate]:
        """Return the things that may meet conditions when there is no name: those found by the words of the values."""
        found: dict[int, Candidate] = {}
        for condition in conditions:
            for value in condition.values:
                text = self._label(value.iri) if isinstance(value, Reference) else str(value)
                for thing in self._anywhere(text, types):
                    found.setdefault(thing[0], Candidate(thing[1], 100.0 * _WITHOUT_NAME, thing[1].label_fr))
        return found

    def _anywhere(self, text: str, types: Types) -> list[tuple[int, ThingSummary]]:
        wanted = " AND ".join(f'"{word}"' for word in words(text))
        if not wanted:
            return []
        condition, values = types.condition()
        sql = "thing.id IN (SELECT rowid FROM thing_text WHERE thing_text MATCH ?)"
        found = self._read(f"{sql} AND {condition} ORDER BY thing.id LIMIT {_LOOKED_AT}", [wanted, *values])
        return [(number, thing) for number, (thing, _) in found.items()]

    def _read_numbers(self, numbers: Sequence[int]) -> dict[int, tuple[ThingSummary, list[str]]]:
        return self._read(f"thing.id IN ({', '.join('?' * len(numbers))})", numbers) if numbers else {}

    def _read(self, condition: str, values: Sequence[object]) -> dict[int, tuple[ThingSummary, list[str]]]:
        """Return number → (thing, its names)."""
        rows = self._connection.execute(
            "SELECT thing.id, iri, type, slug, label_fr, label_en, detail, names FROM thing "  # noqa: S608  # our own conditions, with question marks
            f"JOIN found_by ON found_by.thing = thing.id WHERE {condition}",
            list(values),
        )
        return {
            number: (
                ThingSummary(iri, type_, slug, fr, en, json.loads(detail)),
                names.split("\n") if names else [],
            )
            for number, iri, type_, slug, fr, en, detail, names in rows
        }

    @property
    def _connection(self) -> sqlite3.Connection:
        if not self._has_identifiers:
            raise ReleaseDamaged(
                "the search index of this release was made by a former version of this software",
                hint="build and publish again: ptce-lod build --publish",
            )
        return self._database.connection()

    def _rarity(self, word: str) -> float:
        """Return 1 for a word that one thing has or none, less the more have it."""
        total = self._count
        return log(1 + total / (1 + count(self._connection, word))) / log(1 + total)

    @cached_property
    def _has_identifiers(self) -> bool:
        sql = "SELECT 1 FROM sqlite_master WHERE name = 'identifier'"
        return self._database.connection().execute(sql).fetchone() is not None

    @cached_property
    def _count(self) -> int:
        (total,) = self._connection.execute("SELECT count(*) FROM thing").fetchone()
        return max(2, int(total))


def _types(sought: Sought) -> Types:
    kinds = tuple(type_ for type_ in sought.types if type_ in UNIT_KINDS)
    types = tuple(type_ for type_ in sought.types if type_ not in UNIT_KINDS)
    return Types(types, kinds, sought.all_types) if sought.types else Types(NAMED)


def _ranked(
    exact: Sequence[tuple[int, ThingSummary, str]],
) -> Iterator[tuple[int, ThingSummary, str, float]]:
    """Yield what an identifier names with its score: the address of a site is that of its owner before that of a cited page."""
    has_owner = any(thing.type in NAMED for _, thing, _ in exact)
    for number, thing, name in exact:
        yield number, thing, name, 100.0 if thing.type in NAMED or not has_owner else _CITED


def _first(names: Sequence[str], thing: ThingSummary) -> str:
    return thing.label_fr if thing.label_fr in names or not names else names[0]


def _candidate(thing: ThingSummary, name: str, like: Likeness, may_be_acronym: bool) -> Candidate:
    is_acronym = may_be_acronym and like.score < _ACRONYM
    score = _ACRONYM if is_acronym else like.score
    features: dict[str, float | bool] = {
        "name-likeness": round(like.score, 3),
        "name-coverage": round(like.coverage, 3),
        "name-excess": round(like.excess, 3),
        "slips": like.slips,
        "acronym": is_acronym,
    }
    return Candidate(thing, 100 * score, name, features=features)
