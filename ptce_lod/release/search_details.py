"""What lists and results show of a thing, and the order of its parts: one query for each kind of detail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pyoxigraph as ox

from ptce_lod.namespaces import FIXED_PREFIXES
from ptce_lod.release.statistics import RECORDED

#: One query for each kind of detail: ?thing, then a column per key; several solutions of one thing become a list when the key ends in "s".
_DETAILS: Final[tuple[str, ...]] = (
    """SELECT ?thing ?place ?latitude ?longitude WHERE {
      { ?thing ptce:territory/ptce:coversUnit ?unit } UNION { ?thing schema:location ?unit } UNION
      { ?thing a dcterms:Location BIND(?thing AS ?unit) }
      ?unit skos:prefLabel ?place FILTER(LANG(?place) = "fr")
      OPTIONAL {
        ?unit geo:hasDefaultGeometry/geo:asWKT ?wkt
        FILTER(REGEX(STR(?wkt), "POINT *\\\\(-?[0-9]+(\\\\.[0-9]+)? -?[0-9]+(\\\\.[0-9]+)?\\\\)$"))
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
#: Keys that hold only together: a place and its own position.
_PLACE: Final = ("place", "latitude", "longitude")
_LISTS: Final = ("sectors",)
_COUNTS: Final = ("members", "poles", "recorded", "laureates")
_RECOGNITIONS: Final = """
SELECT ?thing ?type ?call ?date WHERE {
  ?recognition ptce:recognises ?thing ; ptce:recognitionType ?type .
  OPTIONAL { ?recognition ptce:underCall ?call } OPTIONAL { ?recognition ptce:startDate ?date }
}"""


def details_of(store: ox.Store) -> dict[str, dict[str, Any]]:
    """Return IRI → detail; of several values of a single-valued key the least stays, so that the result is the same on every machine."""
    details: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for query in _DETAILS:
        keys = [
            v
            for v in query.split("WHERE")[0].replace("?", " ?").split()
            if v.startswith("?") and v.strip("?)") != "thing"
        ]
        names = tuple(k.strip("?)") for k in keys)
        for solution in select(store, query):
            add = _add_place if names == _PLACE else _add
            add(details[text_of(solution["thing"])], solution, names)
    for solution in select(store, _RECOGNITIONS):
        entry = {key: text_of(solution[key]) for key in ("type", "call", "date") if solution[key] is not None}
        recognitions = details[text_of(solution["thing"])].setdefault("recognitions", [])
        recognitions.append(entry)
        recognitions.sort(key=lambda e: (e.get("date", ""), sorted(e.items())))
    return details


def _add_place(detail: dict[str, Any], solution: ox.QuerySolution, keys: Sequence[str]) -> None:
    """Keep the first place by name, with its own position or none: never the latitude of one and the longitude of another."""
    found = {key: text_of(solution[key]) for key in keys if solution[key] is not None}
    rank = (found["place"], found.get("latitude", "~"), found.get("longitude", "~"))
    known = tuple(str(detail.get(key, "~")) for key in keys)
    if "place" in detail and known <= rank:
        return
    for key in keys:
        detail.pop(key, None)
        if key in found:
            detail[key] = found[key] if key == "place" else float(found[key])


def _add(detail: dict[str, Any], solution: ox.QuerySolution, keys: Sequence[str]) -> None:
    for key in keys:
        try:
            term = solution[key]
        except KeyError:  # a variable inside an aggregate
            continue
        if term is None:
            continue
        value: Any = int(text_of(term)) if key in _COUNTS else text_of(term)
        if key in ("latitude", "longitude"):
            value = float(value)
        if key in _LISTS:
            detail[key] = sorted({*detail.get(key, []), value})
        elif key not in detail or value < detail[key]:
            detail[key] = value


def select(store: ox.Store, query: str) -> Iterator[ox.QuerySolution]:
    """Yield the solutions of a SELECT with our prefixes."""
    solutions = store.query(query, prefixes=FIXED_PREFIXES)
    yield from solutions  # type: ignore[misc] # SELECT gives solutions


def text_of(term: Any) -> str:
    """Return the text of a term."""
    return str(getattr(term, "value", term))
