"""By what search results are narrowed: for each value of each facet the things that have it, as a bitmap over their numbers.

Bitmaps make counting cheap: the number of results with a value is the number of bits that two bitmaps share.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import pyoxigraph as ox

from ptce_lod.namespaces import CONCEPT
from ptce_lod.release.search_details import select, text_of

#: Facets in the order in which they are shown.
FACETS: Final = ("type", "region", "department", "stage", "sector", "recognition", "kind", "year")
_KINDS: Final = ("actor_type", "event_type", "call_type", "cooperation_type")
_UNITS: Final = """
SELECT ?unit ?kind ?parent WHERE {
  VALUES (?class ?kind) { (igeo:Commune "") (igeo:Departement "department") (igeo:Region "region") } ?unit a ?class
  OPTIONAL { ?unit igeo:subdivisionDe ?parent }
}"""
_PLACED: Final = """
SELECT DISTINCT ?thing ?unit WHERE {
  { ?thing schema:location ?unit } UNION
  { ?thing ptce:territory ?territory . { ?territory ptce:coversUnit ?unit } UNION { ?territory geo:sfIntersects ?unit } } UNION
  { ?thing a ptce:Territory . { ?thing ptce:coversUnit ?unit } UNION { ?thing geo:sfIntersects ?unit } }
}"""

Pair = tuple[str, str]


def facet_bitmaps(
    store: ox.Store, things: Iterable[tuple[int, str, str]], details: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, str, int, bytes]]:
    """Yield (facet, value, number of things, compressed bitmap), sorted. ``things``: number, IRI and type of each.

    A value is the end of an IRI (``emerging`` of a stage, the slug of a region) or a word; kinds keep their scheme, ``actor-type/company``.
    """
    places = _places(store)
    members: defaultdict[Pair, list[int]] = defaultdict(list)
    for number, iri, type_ in things:
        detail = details.get(iri, {})
        found = {("type", type_), *places.get(iri, ()), *_of_detail(detail)}
        found.update(places.get(detail.get("pole", ""), ()))
        for pair in found:
            members[pair].append(number)
    for (name, value), numbers in sorted(members.items()):
        yield name, value, len(numbers), zlib.compress(bitmap(numbers))


def bitmap(numbers: Iterable[int]) -> bytes:
    """Return a little-endian bitmap in which the bits of ``numbers`` are set."""
    numbers = list(numbers)
    bits = bytearray(max(numbers, default=0) // 8 + 1)
    for number in numbers:
        bits[number >> 3] |= 1 << (number & 7)
    return bytes(bits)


def _of_detail(detail: Mapping[str, Any]) -> Iterator[Pair]:
    if "stage" in detail:
        yield "stage", detail["stage"].rpartition("/")[2]
    for sector in detail.get("sectors", ()):
        yield "sector", sector.rpartition("/")[2]
    for recognition in detail.get("recognitions", ()):
        yield "recognition", recognition["type"].rpartition("/")[2]
    for key in _KINDS:
        if key in detail:
            yield "kind", detail[key].removeprefix(CONCEPT)
    if "kind" in detail:
        yield "kind", detail["kind"]
    for date in (detail.get("date"), *(r.get("date") for r in detail.get("recognitions", ()))):
        if date and date[:4].isdigit():
            yield "year", date[:4]


def _places(store: ox.Store) -> dict[str, set[Pair]]:
    """Return IRI → the department and the region in which the thing is."""
    kinds: dict[str, str] = {}
    parents: defaultdict[str, set[str]] = defaultdict(set)
    for solution in select(store, _UNITS):
        unit = text_of(solution["unit"])
        kinds[unit] = text_of(solution["kind"])
        if solution["parent"] is not None:
            parents[unit].add(text_of(solution["parent"]))
    around: dict[str, set[Pair]] = {}
    for unit in kinds:
        seen, rest = set[str](), {unit}
        while rest:
            seen |= rest
            rest = {parent for one in rest for parent in parents.get(one, ())} - seen
        around[unit] = {(kind, _code(one)) for one in seen if (kind := kinds.get(one))}
    found: defaultdict[str, set[Pair]] = defaultdict(set)
    for solution in select(store, _PLACED):
        found[text_of(solution["thing"])] |= around.get(text_of(solution["unit"]), set())
    for unit, pairs in around.items():
        found[unit] |= pairs
    return found


def _code(unit: str) -> str:
    """Return the slug of a unit without its kind: ``bretagne``."""
    return unit.rpartition("/")[2].removeprefix("region-").removeprefix("departement-")
