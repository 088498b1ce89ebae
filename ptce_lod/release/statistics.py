"""Count a release once, at build: pages and catalogue read the numbers, nobody counts during a request."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Final

import pyoxigraph as ox

from ptce_lod.iris import THING_TYPES, AddressSpace
from ptce_lod.namespaces import FIXED_PREFIXES
from ptce_lod.release.term_examples import term_examples

_CLASSES: Final = "SELECT ?key (COUNT(DISTINCT ?s) AS ?count) WHERE { ?s a ?key } GROUP BY ?key"
_PROPERTIES: Final = "SELECT ?key (COUNT(*) AS ?count) WHERE { ?s ?key ?o } GROUP BY ?key"
_DATATYPES: Final = """
SELECT ?key (COUNT(*) AS ?count) WHERE { ?s ?p ?o FILTER(ISLITERAL(?o)) BIND(DATATYPE(?o) AS ?key) } GROUP BY ?key"""
_SUBJECTS: Final = "SELECT DISTINCT ?s WHERE { ?s a ?class }"
_REGIONS: Final = """
SELECT ?iri ?label (COUNT(DISTINCT ?pole) AS ?count) WHERE {
  ?pole a ptce:Pole ; ptce:territory/geo:sfIntersects ?iri . ?iri a igeo:Region ; skos:prefLabel ?label FILTER(LANG(?label) = "fr")
} GROUP BY ?iri ?label"""
_YEARS: Final = """
SELECT ?key (COUNT(DISTINCT ?recognition) AS ?count) WHERE {
  ?recognition a ptce:Recognition ; ptce:startDate ?date BIND(SUBSTR(STR(?date), 1, 4) AS ?key)
} GROUP BY ?key"""
#: Poles recorded as laureates of the call ?iri; those of a phase 1 are recorded under the whole call.
RECORDED: Final = """
    {
      ?recognition ptce:underCall ?iri ; ptce:recognises ?pole ; ptce:recognitionType ?type
      FILTER(?type IN (rectype:call-laureate, rectype:call-phase-2-laureate, rectype:witness-pole))
    } UNION {
      ?iri dcterms:isPartOf ?whole . ?recognition ptce:underCall ?whole ; ptce:recognises ?pole ;
        ptce:recognitionType rectype:call-phase-1-laureate
    }"""
#: First and last year in which something is dated, what is planned included.
_SPAN: Final = """
SELECT (MIN(?year) AS ?first) (MAX(?year) AS ?last) WHERE { ?s ptce:startDate ?date BIND(SUBSTR(STR(?date), 1, 4) AS ?year) }"""
_POINTS: Final = "SELECT DISTINCT ?wkt WHERE { ?point geo:asWKT ?wkt }"
_POINT: Final = re.compile(r"POINT ?\((-?[\d.]+) (-?[\d.]+)\)")
#: Links from our things to those of others, by property and by what the other's IRI begins with, up to its first slash.
_LINKS: Final = """
SELECT ?property ?target (COUNT(*) AS ?count) WHERE {
  VALUES ?property { owl:sameAs skos:exactMatch skos:closeMatch skos:broadMatch skos:relatedMatch rdfs:seeAlso foaf:page foaf:homepage }
  ?s ?property ?o FILTER(ISIRI(?o)) BIND(REPLACE(STR(?o), "^(https?://[^/?#]+).*$", "$1/") AS ?target)
} GROUP BY ?property ?target"""
_CALLS: Final = """
SELECT ?iri ?label ?laureates (COUNT(DISTINCT ?pole) AS ?recorded) WHERE {
  ?iri a ptce:Call ; skos:prefLabel ?label FILTER(LANG(?label) = "fr")
  OPTIONAL {
    ?observation sosa:hasFeatureOfInterest ?iri ; ptce:indicator ind:call-laureates ; sosa:hasSimpleResult ?laureates
    FILTER NOT EXISTS { ?observation ptce:scope ?scope }
  }
  OPTIONAL { {RECORDED} }
} GROUP BY ?iri ?label ?laureates""".replace("{RECORDED}", RECORDED)


def statistics(store: ox.Store, addresses: AddressSpace, graph_counts: dict[str, int]) -> dict[str, Any]:
    """Return counts of the merge of all graphs, keys sorted so that equal data give equal bytes."""
    return {
        "quads": sum(graph_counts.values()),
        "graphs": graph_counts,
        "things": _things(store, addresses),
        "classes": _counts(store, _CLASSES),
        "properties": _counts(store, _PROPERTIES),
        "datatypes": _counts(store, _DATATYPES),
        "examples": term_examples(store),
        "poles_by_region": [
            {
                "iri": row["iri"],
                "label_fr": row["label"],
                "label_en": row["label"],
                "count": int(row["count"]),
            }
            for row in _rows(store, _REGIONS, ("iri", "label", "count"))
        ],
        "years": _years(store),
        "extent": _extent(store),
        "links": [
            {**row, "count": int(row["count"])}
            for row in _rows(store, _LINKS, ("target", "property", "count"))
            if not addresses.base_iri.startswith(row["target"])
        ],
        "recognitions_by_year": _counts(store, _YEARS),
        "calls": [
            {
                "iri": row["iri"],
                "label_fr": row["label"],
                "laureates": int(row["laureates"]) if row["laureates"] else None,
                "recorded": int(row["recorded"]),
            }
            for row in _rows(store, _CALLS, ("iri", "label", "laureates", "recorded"))
        ],
    }


def _rows(store: ox.Store, query: str, keys: tuple[str, ...]) -> list[dict[str, str]]:
    solutions = store.query(query, prefixes=FIXED_PREFIXES)
    rows = [
        {key: str(getattr(solution[key], "value", "") or "") for key in keys}
        for solution in solutions  # type: ignore[union-attr] # SELECT gives solutions
    ]
    return sorted(rows, key=lambda row: tuple(row.values()))


def _counts(store: ox.Store, query: str) -> dict[str, int]:
    return {row["key"]: int(row["count"]) for row in _rows(store, query, ("key", "count"))}


def _years(store: ox.Store) -> list[int]:
    """Return the first and the last year, or nothing when nothing is dated."""
    found = [row for row in _rows(store, _SPAN, ("first", "last")) if row["first"].isdigit()]
    return [int(found[0][key]) for key in ("first", "last")] if found else []


def _extent(store: ox.Store) -> list[float]:
    """Return west, south, east, north of the positions that are known, in degrees, or nothing without a position."""
    points = [
        (float(found[1]), float(found[2]))
        for row in _rows(store, _POINTS, ("wkt",))
        if (found := _POINT.fullmatch(row["wkt"]))
    ]
    if not points:
        return []
    longitudes, latitudes = [x for x, _ in points], [y for _, y in points]
    return [min(longitudes), min(latitudes), max(longitudes), max(latitudes)]


def _things(store: ox.Store, addresses: AddressSpace) -> dict[str, int]:
    prefix = addresses.base_iri + "id/"
    types: Counter[str] = Counter()
    for row in _rows(store, _SUBJECTS, ("s",)):
        if row["s"].startswith(prefix) and "#" not in row["s"]:
            types[row["s"][len(prefix) :].partition("/")[0]] += 1
    return {type_: types[type_] for type_ in THING_TYPES if types[type_]}
