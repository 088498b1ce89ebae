"""Collect what is dated for ``timeline.json``, once, at build: events, calls, recognitions by call and day, beginnings of cooperations."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

import pyoxigraph as ox

from ptce_lod.release.search_details import select, text_of

#: Kinds of entries → the class of the thing, and the property of its own kind.
_THINGS: Final = {
    "event": ("ptce:Event", "ptce:eventType"),
    "call": ("ptce:Call", "ptce:callType"),
    "cooperation": ("ptce:Cooperation", "ptce:cooperationType"),
    "initiative": ("ptce:Initiative", "dcterms:type"),
}
KINDS: Final = (*_THINGS, "recognition")
_DATED: Final = """
SELECT ?thing ?date ?sort ?type WHERE {{
  ?thing a {class_} ; ptce:startDate ?date ; ptce:sortDate ?sort OPTIONAL {{ ?thing {property_} ?type }}
}}"""
_MORE: Final = """
SELECT ?thing ?property ?value WHERE {
  VALUES ?property { dcterms:source schema:location ptce:relatesTo ptce:withinPole }
  ?thing ptce:startDate ?date ; ?property ?value
}"""
_RECOGNITIONS: Final = """
SELECT ?recognition ?call ?date ?sort ?type ?pole ?source WHERE {
  ?recognition a ptce:Recognition ; ptce:startDate ?date ; ptce:sortDate ?sort ; ptce:recognitionType ?type ; ptce:recognises ?pole
  OPTIONAL { ?recognition ptce:underCall ?call } OPTIONAL { ?recognition dcterms:source ?source }
}"""
_NAMES: Final = {
    "http://purl.org/dc/terms/source": "sources",
    "https://schema.org/location": "places",
    "https://w3id.org/ptce/ns#relatesTo": "about",
    "https://w3id.org/ptce/ns#withinPole": "about",
}


def timeline(store: ox.Store) -> list[dict[str, Any]]:
    """Return the entries by date. Keys: ``kind date sort iri type places about sources``; a date has the precision of its source.

    Poles recognised on the same day under the same call in the same way are one entry, ``about`` these poles; its ``iri`` is the call's.
    """
    more: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for solution in select(store, _MORE):
        name = _NAMES[text_of(solution["property"])]
        more[text_of(solution["thing"])][name].add(text_of(solution["value"]))
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for kind, (class_, property_) in _THINGS.items():
        for solution in select(store, _DATED.format(class_=class_, property_=property_)):
            iri = text_of(solution["thing"])
            entry = _entry(kind, iri, solution, more[iri])
            known = found.setdefault((kind, iri), entry)
            if (entry["sort"], entry["type"]) < (known["sort"], known["type"]):
                found[kind, iri] = entry
    entries = [*found.values(), *_recognitions(store)]
    return sorted(entries, key=lambda entry: (entry["sort"], entry["kind"], entry["iri"], entry["type"]))


def _entry(kind: str, iri: str, solution: ox.QuerySolution, more: dict[str, set[str]]) -> dict[str, Any]:
    type_ = solution["type"]
    return {
        "kind": kind,
        "date": text_of(solution["date"]),
        "sort": text_of(solution["sort"]),
        "iri": iri,
        "type": text_of(type_) if type_ is not None else "",
        **{name: sorted(more.get(name, ())) for name in ("places", "about", "sources")},
    }


def _recognitions(store: ox.Store) -> list[dict[str, Any]]:
    groups: dict[tuple[str, ...], dict[str, set[str]]] = {}
    solutions: dict[tuple[str, ...], ox.QuerySolution] = {}
    for solution in select(store, _RECOGNITIONS):
        call = text_of(solution["call"]) if solution["call"] is not None else ""
        key = (call, text_of(solution["date"]), text_of(solution["type"]))
        group = groups.setdefault(key, defaultdict(set))
        solutions.setdefault(key, solution)
        group["about"].add(text_of(solution["pole"]))
        if solution["source"] is not None:
            group["sources"].add(text_of(solution["source"]))
    return [_entry("recognition", key[0], solutions[key], group) for key, group in groups.items()]
