"""Build ``search.sqlite``: one row per thing with what a list shows, and a full-text index of names with accents folded.

Source: SQLite FTS5, tokenizer ``unicode61 remove_diacritics 2`` with prefix indexes.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from ptce_lod.collation import sort_key
from ptce_lod.iris import THING_TYPES, AddressSpace
from ptce_lod.namespaces import CONCEPT, FIXED_PREFIXES, SCHEME
from ptce_lod.release.statistics import RECORDED

_SCHEMA: Final = """
CREATE TABLE thing(
  id INTEGER PRIMARY KEY, iri TEXT UNIQUE NOT NULL, type TEXT NOT NULL, slug TEXT NOT NULL,
  label_fr TEXT NOT NULL, label_en TEXT NOT NULL, sort_key TEXT NOT NULL, detail TEXT NOT NULL
);
CREATE INDEX thing_by_type ON thing(type, sort_key);
CREATE VIRTUAL TABLE thing_text USING fts5(
  labels, detail, content='', tokenize="unicode61 remove_diacritics 2", prefix='2 3'
);
"""

#: Names of everything that has one; a thing without a name is found by its address alone.
_LABELS: Final = """
SELECT ?thing ?label ?preferred WHERE {
  VALUES (?property ?preferred) {
    (skos:prefLabel 2) (dcterms:title 2) (foaf:name 2) (rdfs:label 1) (skos:altLabel 0)
  }
  ?thing ?property ?label
}"""

#: One query for each kind of detail: ?thing, then a column per key; several solutions of one thing become a list when the key ends in "s".
_DETAILS: Final[tuple[str, ...]] = (
    """SELECT ?thing ?place ?latitude ?longitude WHERE {
      { ?thing ptce:territory/ptce:coversUnit ?unit } UNION { ?thing schema:location ?unit } UNION
      { ?thing a dcterms:Location BIND(?thing AS ?unit) }
      ?unit skos:prefLabel ?place FILTER(LANG(?place) = "fr")
      OPTIONAL {
        ?unit geo:hasDefaultGeometry/geo:asWKT ?wkt
        BIND(REPLACE(STR(?wkt), "^.*POINT *\\\\(([-0-9.]+) ([-0-9.]+)\\\\).*$", "$2") AS ?latitude)
        BIND(REPLACE(STR(?wkt), "^.*POINT *\\\\(([-0-9.]+) ([-0-9.]+)\\\\).*$", "$1") AS ?longitude)
      }
    }""",
    """SELECT DISTINCT ?thing ?departement WHERE {
      ?thing ptce:territory ?territory . { ?territory geo:sfIntersects ?unit } UNION { ?territory ptce:coversUnit/igeo:subdivisionDe ?unit }
      ?unit a igeo:Departement ; skos:prefLabel ?departement FILTER(LANG(?departement) = "fr")
    }""",
    """SELECT DISTINCT ?thing ?region WHERE {
      ?thing ptce:territory/geo:sfIntersects ?unit . ?unit a igeo:Region ; skos:prefLabel ?region FILTER(LANG(?region) = "fr")
    }""",
    """SELECT DISTINCT ?thing ?acronym WHERE { ?thing skos:altLabel ?acronym FILTER(LANG(?acronym) = "") }""",
    """SELECT DISTINCT ?thing ?stage WHERE { ?thing ptce:hasStagePeriod/ptce:stage ?stage }""",
    """SELECT ?thing (COUNT(DISTINCT ?member) AS ?members) WHERE {
      ?participation a ptce:Participation ; org:organization ?thing ; org:member ?member } GROUP BY ?thing""",
    """SELECT ?thing (COUNT(DISTINCT ?pole) AS ?poles) WHERE {
      { ?participation a ptce:Participation ; org:organization ?pole ; org:member ?thing } UNION
      { ?pole ptce:territory/(ptce:coversUnit|geo:sfIntersects)/igeo:subdivisionDe* ?thing } } GROUP BY ?thing""",
    """SELECT DISTINCT ?thing ?sectors WHERE { ?thing ptce:sector ?sectors }""",
    """SELECT DISTINCT ?thing ?actor_type WHERE { ?thing ptce:actorType ?actor_type }""",
    """SELECT DISTINCT ?thing ?event_type WHERE { ?thing ptce:eventType ?event_type }""",
    """SELECT DISTINCT ?thing ?call_type WHERE { ?thing ptce:callType ?call_type }""",
    """SELECT DISTINCT ?thing ?cooperation_type WHERE { ?thing ptce:cooperationType ?cooperation_type }""",
    """SELECT DISTINCT ?thing ?pole WHERE { ?thing ptce:withinPole ?pole }""",
    """SELECT DISTINCT ?thing ?date WHERE { ?thing ptce:startDate ?date }""",
    """SELECT DISTINCT ?thing ?code WHERE { ?thing igeo:codeINSEE ?code }""",
    """SELECT DISTINCT ?thing ?kind WHERE {
      VALUES (?class ?kind) { (igeo:Commune "commune") (igeo:Departement "departement") (igeo:Region "region") } ?thing a ?class }""",
    """SELECT DISTINCT ?thing ?publisher WHERE { ?thing dc:publisher ?publisher }""",
    """SELECT DISTINCT ?thing ?url WHERE { ?thing schema:url ?url }""",
    """SELECT DISTINCT ?thing ?date WHERE { ?thing dcterms:issued ?date }""",
    """SELECT DISTINCT ?thing ("true" AS ?snapshot) WHERE { ?thing a ptce:Source }""",
    """SELECT DISTINCT ?thing ?description_fr WHERE {
      ?thing a sh:SPARQLExecutable ; rdfs:comment ?description_fr FILTER(LANG(?description_fr) = "fr") }""",
    """SELECT DISTINCT ?thing ?description_en WHERE {
      ?thing a sh:SPARQLExecutable ; rdfs:comment ?description_en FILTER(LANG(?description_en) = "en") }""",
    """SELECT DISTINCT ?thing ?form WHERE {
      VALUES (?property ?form) { (sh:select "SELECT") (sh:ask "ASK") (sh:construct "CONSTRUCT") (spex:describe "DESCRIBE") }
      ?thing a sh:SPARQLExecutable ; ?property ?text }""",
    f"""SELECT (?iri AS ?thing) (COUNT(DISTINCT ?pole) AS ?recorded) WHERE {{ {RECORDED} }} GROUP BY ?iri""",
    """SELECT DISTINCT ?thing ?laureates WHERE {
      ?observation sosa:hasFeatureOfInterest ?thing ; ptce:indicator ind:call-laureates ; sosa:hasSimpleResult ?laureates }""",
)
_LISTS: Final = ("sectors",)
_COUNTS: Final = ("members", "poles", "recorded", "laureates")
_RECOGNITIONS: Final = """
SELECT ?thing ?type ?call ?date WHERE {
  ?recognition ptce:recognises ?thing ; ptce:recognitionType ?type .
  OPTIONAL { ?recognition ptce:underCall ?call } OPTIONAL { ?recognition ptce:startDate ?date }
}"""


def write_search_index(path: Path, store: ox.Store, addresses: AddressSpace) -> int:
    """Write the index of everything that has an address of its own; return the number of things."""
    labels = _labels(store)
    details = _details(store)
    connection = sqlite3.connect(path)
    try:
        connection.executescript(_SCHEMA)
        connection.execute("PRAGMA synchronous = OFF")  # the whole release is synced before it is published
        number = 0
        for number, (iri, type_, slug) in enumerate(_things(store, addresses), start=1):
            _insert(connection, number, iri, type_, slug, labels.get(iri, []), details.get(iri, {}))
        connection.execute("INSERT INTO thing_text(thing_text) VALUES('optimize')")
        connection.commit()
    finally:
        connection.close()
    return number


def _insert(
    connection: sqlite3.Connection,
    number: int,
    iri: str,
    type_: str,
    slug: str,
    labels: list[tuple[int, str, str]],
    detail: dict[str, Any],
) -> None:
    french = _best(labels, ("fr", "", "en")) or slug
    english = _best(labels, ("en", "", "fr")) or slug
    connection.execute(
        "INSERT INTO thing VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            iri,
            type_,
            slug,
            french,
            english,
            sort_key(french),
            json.dumps(detail, ensure_ascii=False, sort_keys=True),
        ),
    )
    words = " · ".join(sorted({label for _, label, _ in labels} | {slug}))
    places = " ".join(
        str(detail[key]) for key in ("place", "departement", "region", "publisher") if key in detail
    )
    connection.execute(
        "INSERT INTO thing_text(rowid, labels, detail) VALUES(?, ?, ?)", (number, words, places)
    )


def _best(labels: list[tuple[int, str, str]], languages: tuple[str, ...]) -> str:
    """Return the label with the highest preference in the first language that has one; the least text between equals."""
    for language in languages:
        ranked = sorted(
            (-rank, text) for rank, text, tag in labels if tag.partition("-")[0] == language and rank > 0
        )
        if ranked:
            return ranked[0][1]
    return min((text for rank, text, _ in labels if rank > 0), default="")


def _things(store: ox.Store, addresses: AddressSpace) -> Iterator[tuple[str, str, str]]:
    """Yield (IRI, type, slug) of everything described that has a page, sorted by IRI."""
    types = frozenset(THING_TYPES)
    prefix = addresses.base_iri + "id/"
    found: set[tuple[str, str, str]] = set()
    solutions = store.query("SELECT DISTINCT ?s WHERE { ?s a ?class }")
    for (subject,) in solutions:  # type: ignore[union-attr] # SELECT gives solutions
        iri = getattr(subject, "value", "")
        if iri.startswith(prefix):
            type_, _, slug = iri[len(prefix) :].partition("/")
            if type_ in types and "#" not in slug:
                found.add((iri, type_, slug))
        elif iri.startswith(CONCEPT):
            found.add((iri, "concept", iri[len(CONCEPT) :]))
        elif iri.startswith(SCHEME):
            found.add((iri, "scheme", iri[len(SCHEME) :]))
    yield from sorted(found)


def _labels(store: ox.Store) -> dict[str, list[tuple[int, str, str]]]:
    """Return IRI → (preference, text, language) of its names."""
    labels: defaultdict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for solution in _select(store, _LABELS):
        label = solution["label"]
        if isinstance(label, ox.Literal):
            labels[_text(solution["thing"])].append(
                (int(_text(solution["preferred"])), label.value, label.language or "")
            )
    return labels


def _details(store: ox.Store) -> dict[str, dict[str, Any]]:
    """Return IRI → detail; of several values of a single-valued key the least stays, so that the result is the same on every machine."""
    details: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for query in _DETAILS:
        keys = [
            v
            for v in query.split("WHERE")[0].replace("?", " ?").split()
            if v.startswith("?") and v.strip("?)") != "thing"
        ]
        for solution in _select(store, query):
            _add(details[_text(solution["thing"])], solution, [k.strip("?)") for k in keys])
    for solution in _select(store, _RECOGNITIONS):
        entry = {key: _text(solution[key]) for key in ("type", "call", "date") if solution[key] is not None}
        recognitions = details[_text(solution["thing"])].setdefault("recognitions", [])
        recognitions.append(entry)
        recognitions.sort(key=lambda e: (e.get("date", ""), sorted(e.items())))
    return details


def _add(detail: dict[str, Any], solution: ox.QuerySolution, keys: list[str]) -> None:
    for key in keys:
        try:
            term = solution[key]
        except KeyError:  # a variable inside an aggregate
            continue
        if term is None:
            continue
        value: Any = int(_text(term)) if key in _COUNTS else _text(term)
        if key in ("latitude", "longitude"):
            value = float(value)
        if key in _LISTS:
            detail[key] = sorted({*detail.get(key, []), value})
        elif key not in detail or value < detail[key]:
            detail[key] = value


def _select(store: ox.Store, query: str) -> Iterator[ox.QuerySolution]:
    solutions = store.query(query, prefixes=FIXED_PREFIXES)
    yield from solutions  # type: ignore[misc] # SELECT gives solutions


def _text(term: Any) -> str:
    return str(getattr(term, "value", term))
