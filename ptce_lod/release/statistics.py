"""Count a release once, at build: pages and catalogue read the numbers, nobody counts during a request."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, Final

import pyoxigraph as ox

from ptce_lod.iris import THING_TYPES, AddressSpace
from ptce_lod.namespaces import FIXED_PREFIXES, OWL
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
_POINTS: Final = """
SELECT DISTINCT ?code ?wkt WHERE { ?point geo:asWKT ?wkt OPTIONAL { ?unit geo:hasDefaultGeometry ?point ; igeo:codeINSEE ?code } }"""
_POINT: Final = re.compile(r"POINT ?\((-?[\d.]+) (-?[\d.]+)\)")
#: INSEE codes of what is overseas begin with these, and a digit that tells the territory.
_OVERSEAS: Final = ("97", "98")
#: Degrees around a position: those known are of town centres, and a single one has no box.
_MARGIN: Final = 0.05
#: Kinds of things of which one is an example of what the dataset describes.
_EXAMPLES: Final = ("pole", "actor", "cooperation", "event", "call")
#: Links from our things to those of others, by property and by what the other's IRI begins with, up to its first slash and with it.
_LINKS: Final = """
SELECT ?property ?target (COUNT(*) AS ?count) WHERE {
  VALUES ?property { owl:sameAs skos:exactMatch skos:closeMatch skos:broadMatch skos:relatedMatch rdfs:seeAlso foaf:page foaf:homepage }
  ?s ?property ?o FILTER(ISIRI(?o)) BIND(REPLACE(STR(?o), "^(https?://[^/?#]+/?).*$", "$1") AS ?target)
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
    subjects = _subjects(store, addresses)
    return {
        "quads": sum(graph_counts.values()),
        "graphs": graph_counts,
        "things": _things(subjects, addresses),
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
        "boxes": _boxes(store),
        "example_things": _example_things(store, subjects, addresses),
        "links": _links(store, addresses),
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


def _boxes(store: ox.Store) -> list[list[float]]:
    """Return west, south, east, north in degrees of a box around the positions of each landmass: metropolitan France, territories overseas.

    Nothing without a position. One box around all would span half the globe, with its middle where nobody is.
    """
    landmasses: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in _rows(store, _POINTS, ("code", "wkt")):
        if found := _POINT.fullmatch(row["wkt"]):
            landmass = row["code"][:3] if row["code"].startswith(_OVERSEAS) else ""
            landmasses[landmass].append((float(found[1]), float(found[2])))
    return [
        [
            round(limit, 4)
            for limit in (
                min(x for x, _ in points) - _MARGIN,
                min(y for _, y in points) - _MARGIN,
                max(x for x, _ in points) + _MARGIN,
                max(y for _, y in points) + _MARGIN,
            )
        ]
        for _, points in sorted(landmasses.items())
    ]


def _links(store: ox.Store, addresses: AddressSpace) -> list[dict[str, Any]]:
    """Return property, target and count of the links to others. A target is what all IRIs at one place begin with."""
    rows = [
        row
        for row in _rows(store, _LINKS, ("target", "property", "count"))
        if not addresses.base_iri.startswith(f"{row['target'].rstrip('/')}/")
    ]
    bare = {row["target"] for row in rows if not row["target"].endswith("/")}
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        place = row["target"].rstrip("/")
        counts[place if place in bare else row["target"], row["property"]] += int(row["count"])
    return [
        {"target": target, "property": property_, "count": count}
        for (target, property_), count in sorted(counts.items())
    ]


def _subjects(store: ox.Store, addresses: AddressSpace) -> list[str]:
    """Return the IRIs of the things, sorted."""
    prefix = addresses.base_iri + "id/"
    return [
        row["s"]
        for row in _rows(store, _SUBJECTS, ("s",))
        if row["s"].startswith(prefix) and "#" not in row["s"]
    ]


def _type(iri: str, addresses: AddressSpace) -> str:
    return iri[len(addresses.base_iri) + 3 :].partition("/")[0]


def _things(subjects: Sequence[str], addresses: AddressSpace) -> dict[str, int]:
    types = Counter(_type(iri, addresses) for iri in subjects)
    return {type_: types[type_] for type_ in THING_TYPES if types[type_]}


def _example_things(store: ox.Store, subjects: Sequence[str], addresses: AddressSpace) -> list[str]:
    """Return the IRI of the first thing of some kinds that is not retired."""
    deprecated = ox.NamedNode(f"{OWL}deprecated")
    found: dict[str, str] = {}
    for iri in subjects:
        type_ = _type(iri, addresses)
        if type_ in _EXAMPLES and type_ not in found:
            said = store.quads_for_pattern(ox.NamedNode(iri), deprecated, None, ox.DefaultGraph())
            if next(said, None) is None:
                found[type_] = iri
    return [found[type_] for type_ in _EXAMPLES if type_ in found]
