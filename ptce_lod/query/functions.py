"""Functions that queries may call besides SPARQL's own: text search with accents folded and ranking.

Things are looked up in the release's full-text index, once for each search text of a query; a literal is compared word by word. They are
described for users in docs/reference/sparql.md. Source: SPARQL 1.1 Query Language, section 17.6 "Extensible Value Testing".
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

import pyoxigraph as ox

from ptce_lod.folding import WORDS, fold, words
from ptce_lod.namespaces import FUNCTION

FOLD: Final = ox.NamedNode(FUNCTION + "fold")
MATCHES: Final = ox.NamedNode(FUNCTION + "matches")
SCORE: Final = ox.NamedNode(FUNCTION + "score")
#: Every function of ours, and the functions of GeoSPARQL that the engine has: for the service description.
TEXT_FUNCTIONS: Final = (FOLD, MATCHES, SCORE)
GEOSPARQL: Final = "http://www.opengis.net/def/function/geosparql/"
_GEO_NAMES: Final = """
    area asGeoJSON centroid convexHull coordinateDimension difference dimension distance envelope getSRID intersection isEmpty isSimple
    length perimeter relate spatialDimension symDifference union
    sfContains sfCrosses sfDisjoint sfEquals sfIntersects sfOverlaps sfTouches sfWithin
    ehContains ehCoveredBy ehCovers ehDisjoint ehEquals ehInside ehMeet ehOverlap
    rcc8dc rcc8ec rcc8eq rcc8ntpp rcc8ntppi rcc8po rcc8tpp rcc8tppi
"""
GEO_FUNCTIONS: Final = tuple(ox.NamedNode(GEOSPARQL + name) for name in _GEO_NAMES.split())

#: Searches remembered during one query.
_SEARCHES: Final = 1000
_TRUE, _FALSE = ox.Literal(True), ox.Literal(False)

Function = Callable[..., Any]


class Functions:
    """The table of functions for one process; :meth:`clear` forgets what the last query looked up."""

    def __init__(self, connection: sqlite3.Connection | None) -> None:
        self._connection = connection
        self._found: dict[str, dict[str, float]] = {}
        self._folded: dict[str, list[str]] = {}
        self.table: dict[ox.NamedNode, Function] = {
            FOLD: _fold,
            MATCHES: self._matches,
            SCORE: self._score,
        }

    def clear(self) -> None:
        """Forget."""
        self._found.clear()
        self._folded.clear()

    def _matches(self, *arguments: Any) -> ox.Literal | None:
        score = self._value(arguments)
        return None if score is None else _TRUE if score > 0 else _FALSE

    def _score(self, *arguments: Any) -> ox.Literal | None:
        score = self._value(arguments)
        return ox.Literal(score) if score else None

    def _value(self, arguments: tuple[Any, ...]) -> float | None:
        """Return how well the first argument fits the words of the second: 0 not at all; None for arguments of the wrong kind."""
        if len(arguments) != 2 or not isinstance(arguments[1], ox.Literal):
            return None
        subject, text = arguments[0], arguments[1].value
        if isinstance(subject, ox.NamedNode):
            if self._connection is None:
                return None
            found = self._found.get(text)
            if found is None:
                found = self._found[text] = self._search(text)
            return found.get(subject.value, 0.0)
        if isinstance(subject, ox.Literal):
            return self._literal_score(subject.value, text)
        return None

    def _search(self, text: str) -> dict[str, float]:
        """Return IRI → score of the things whose names hold all words of ``text``, or begin so."""
        if len(self._found) >= _SEARCHES:
            self._found.clear()
        wanted = words(text)[:WORDS]
        if not wanted or self._connection is None:
            return {}
        match = "{name place} : (" + " AND ".join(f'"{word}"*' for word in wanted) + ")"
        rows = self._connection.execute(
            "SELECT thing.iri, bm25(thing_text, 10.0, 1.0, 0.0, 0.0) FROM thing_text JOIN thing ON thing.id = thing_text.rowid "
            "WHERE thing_text MATCH ?",
            (match,),
        )
        # SQLite's rank is negative, the best the least; a word that nearly everything holds scores about nothing.
        return {iri: max(-rank, 1e-6) for iri, rank in rows}

    def _literal_score(self, value: str, text: str) -> float:
        wanted = self._folded.get(text)
        if wanted is None:
            wanted = self._folded[text] = words(text)[:WORDS]
        own = words(value)
        if not wanted or not own:
            return 0.0
        if not all(any(word.startswith(one) for word in own) for one in wanted):
            return 0.0
        return round(len(wanted) / len(own), 6)


def _fold(*arguments: Any) -> ox.Literal | None:
    if len(arguments) != 1 or not isinstance(arguments[0], ox.Literal):
        return None
    return ox.Literal(fold(arguments[0].value))


def text_functions(search_index: str) -> Functions:
    """Return the functions over the search index at path ``search_index``; without one ("") only literals can be searched."""
    if not search_index:
        return Functions(None)
    uri = f"file:{quote(search_index)}?mode=ro&immutable=1"
    return Functions(sqlite3.connect(uri, uri=True))
