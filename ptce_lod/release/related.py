"""Find for each pole the poles that have most in common with it, once, at build: places, sectors and actors that take part in both."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pyoxigraph as ox

from ptce_lod.release.search_details import select, text_of

#: Poles named for each; poles of one region or sector that are looked at; what each kind of thing in common counts.
_NAMED: Final = 8
_LOOKED_AT: Final = 200
_WEIGHTS: Final = {"actor": 4, "department": 3, "sector": 2, "region": 1}
_QUERIES: Final = {
    "department": """SELECT DISTINCT ?pole ?what WHERE {
      ?pole a ptce:Pole ; ptce:territory/(ptce:coversUnit|geo:sfIntersects)/igeo:subdivisionDe* ?what . ?what a igeo:Departement }""",
    "region": """SELECT DISTINCT ?pole ?what WHERE { ?pole a ptce:Pole ; ptce:territory/geo:sfIntersects ?what . ?what a igeo:Region }""",
    "sector": "SELECT DISTINCT ?pole ?what WHERE { ?pole a ptce:Pole ; ptce:sector ?what }",
    "actor": """SELECT DISTINCT ?pole ?what WHERE {
      ?participation org:organization ?pole ; org:member ?what . ?pole a ptce:Pole }""",
}


def related_poles(store: ox.Store) -> dict[str, list[list[Any]]]:
    """Return pole → the poles most like it, the closest first: IRI, "department", "region" or "", and IRIs of shared actors and sectors.

    A place alone is enough for a department, not for a region; a sector alone is not: half of the country would be related.
    """
    has: dict[str, dict[str, set[str]]] = {}
    of: dict[str, dict[str, list[str]]] = {}
    for kind, query in _QUERIES.items():
        pairs = sorted({(text_of(row["pole"]), text_of(row["what"])) for row in select(store, query)})
        has[kind], of[kind] = defaultdict(set), defaultdict(list)
        for pole, what in pairs:
            has[kind][pole].add(what)
            of[kind][what].append(pole)
    poles = sorted({pole for found in has.values() for pole in found})
    related = {pole: _closest(pole, has, of) for pole in poles}
    return {pole: found for pole, found in related.items() if found}


def _closest(
    pole: str, has: Mapping[str, Mapping[str, set[str]]], of: Mapping[str, Mapping[str, list[str]]]
) -> list[list[Any]]:
    scores: Counter[str] = Counter()
    for kind, weight in _WEIGHTS.items():
        for what in sorted(has[kind].get(pole, ())):
            for other in of[kind][what][:_LOOKED_AT]:
                if other != pole:
                    scores[other] += weight
    found = []
    for other, _score in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
        common = {kind: _common(kind, pole, other, has) for kind in _WEIGHTS}
        if not (common["actor"] or common["department"] or (common["region"] and common["sector"])):
            continue
        place = "department" if common["department"] else "region" if common["region"] else ""
        found.append([other, place, [*common["actor"], *common["sector"]]])
        if len(found) == _NAMED:
            break
    return found


def _common(kind: str, pole: str, other: str, has: Mapping[str, Mapping[str, Iterable[str]]]) -> list[str]:
    return sorted(set(has[kind].get(pole, ())) & set(has[kind].get(other, ())))
