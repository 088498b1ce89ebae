"""What look-ups give: of a search hits with the part that matched, facets with counts, how the words were understood; pages of triples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, NamedTuple

#: Facets in the order in which they are shown and stand in addresses.
FACETS: Final = ("type", "region", "department", "stage", "sector", "recognition", "kind", "year")

#: Types of things that only say something of another thing: left out of results unless asked for, or nothing else is found.
PARTS: Final = (
    "participation",
    "recognition",
    "stage-period",
    "claim",
    "evidence",
    "observation",
)


class ThingSummary(NamedTuple):
    """One row of a list: a thing with what a reader needs to choose."""

    iri: str
    type: str
    slug: str
    label_fr: str
    label_en: str
    detail: Mapping[str, Any]


class Match(NamedTuple):
    """The part of a thing that matched.

    ``field`` is "name", "acronym", "place", "publisher", "code" or "text"; ``spans`` are (begin, end) of the words in ``text``.
    """

    field: str
    text: str
    spans: tuple[tuple[int, int], ...] = ()


class Hit(NamedTuple):
    """One result. ``score`` says how it matched, 1 best: docs/reference/http.md has the scale."""

    thing: ThingSummary
    score: float
    match: Match | None


class FacetValue(NamedTuple):
    """One value of a facet, the number of results that have it, and whether the search asks for it; ``iri`` names what it stands for."""

    value: str
    iri: str
    number: int
    chosen: bool


class Reading(StrEnum):
    """How the words of a search were understood."""

    EXACT = "exact"  #: as they stand
    CORRECTED = "corrected"  #: with spelling corrected: nothing has them as they stand
    RELAXED = "relaxed"  #: some of them are enough: nothing has all


@dataclass(frozen=True)
class SearchAnswer:
    """A page of results.

    ``searched`` are the words that were looked for, ``instead`` others that find more; "" when there are none.
    ``facets`` counts, for each facet, the results under the choices in all other facets.
    """

    total: int
    hits: Sequence[Hit]
    facets: Mapping[str, Sequence[FacetValue]] = field(default_factory=dict)
    reading: Reading = Reading.EXACT
    searched: str = ""
    instead: str = ""


class Suggestion(NamedTuple):
    """A thing somebody may be typing; ``name`` is the name that begins so, when it is not the label."""

    thing: ThingSummary
    name: str


class Pattern(NamedTuple):
    """A pattern: terms as canonical N-Triples writes them, "" for any. Without a graph it is asked of the union of all graphs."""

    subject: str = ""
    predicate: str = ""
    object: str = ""
    graph: str = ""


@dataclass(frozen=True)
class Fragment:
    """One page of what matches: ``lines`` are canonical N-Triples, ``total`` counts all pages and is exact."""

    lines: tuple[str, ...]
    total: int


class Related(NamedTuple):
    """A pole that has something in common with another: ``place`` is "department", "region" or "", ``shared`` IRIs of what both have."""

    iri: str
    place: str
    shared: tuple[str, ...]


class PageAbout(NamedTuple):
    """A web page about a thing: ``property`` says so, as of the thing; ``language`` and ``name`` of the page are "" when not known."""

    iri: str
    property: str
    page: str
    language: str
    name: str


class RowPage(NamedTuple):
    """Rows of a table from some place on, column → value, and how many there are in all."""

    total: int
    rows: Sequence[Mapping[str, Any]]
