"""The properties that a reconciliation compares and a data extension gives, and their values of one thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import pyoxigraph as ox

from ptce_lod import namespaces as ns
from ptce_lod.query.candidates import Reference, Value
from ptce_lod.query.found import ThingSummary

#: Returns (property IRI, value) of a thing itself.
Properties = Callable[[str], Iterable[tuple[str, ox.NamedNode | ox.Literal]]]

_WHERE: Final = (
    ns.DCTERMS + "spatial",
    ns.SCHEMA + "location",
    ns.PTCE + "territory",
    ns.PTCE + "coversUnit",
    ns.GEO + "sfIntersects",
)
_WITHIN: Final = ns.IGEO + "subdivisionDe"
_INSEE: Final = ns.IGEO + "codeINSEE"
#: Steps from a thing to the units it lies in; hierarchies are not deeper.
_STEPS: Final = 4


class Property(NamedTuple):
    """A property: its id, what its values are, the types that may have it, the type of values that are things.

    ``values`` are "text", "number", "date", "url", "siren", "insee" or "thing". The value comes from ``paths`` (property IRIs), ``detail``
    (a key of what lists show), or for a ``unit`` (a kind of unit) from where the thing lies.
    """

    id: str
    values: str
    types: tuple[str, ...] = ()
    target: str = ""
    paths: tuple[str, ...] = ()
    detail: str = ""
    unit: str = ""


_PLACED: Final = ("pole", "actor", "event", "cooperation", "territory")
PROPERTIES: Final[dict[str, Property]] = {
    found.id: found
    for found in (
        Property("other-name", "text", paths=(ns.SKOS + "altLabel",)),
        Property("acronym", "text", ("pole", "actor"), detail="acronym"),
        Property("place", "thing", _PLACED, "commune", unit="commune"),
        Property(
            "insee-code", "insee", ("unit", "commune", "departement", "region", *_PLACED), paths=(_INSEE,)
        ),
        Property("department", "thing", ("commune", *_PLACED), "departement", unit="departement"),
        Property("region", "thing", ("commune", "departement", *_PLACED), "region", unit="region"),
        Property("latitude", "number", ("commune", *_PLACED), detail="latitude"),
        Property("longitude", "number", ("commune", *_PLACED), detail="longitude"),
        Property("website", "url", ("pole", "actor"), paths=(ns.FOAF + "page", ns.FOAF + "homepage")),
        Property("wiki-page", "url", paths=(ns.FOAF + "isPrimaryTopicOf",)),
        Property("siren", "siren", ("actor",), paths=(ns.ORG + "identifier",)),
        Property("sector", "thing", ("pole",), "concept", detail="sectors"),
        Property("stage", "thing", ("pole",), "concept", detail="stage"),
        Property("members", "thing", ("pole",), "actor", paths=(ns.ORG + "hasMember",)),
        Property("member-count", "number", ("pole",), detail="members"),
        Property("support-structure", "thing", ("pole",), "actor", paths=(ns.PTCE + "supportStructure",)),
        Property("actor-type", "thing", ("actor",), "concept", detail="actor_type"),
        Property(
            "pole-count", "number", ("actor", "unit", "commune", "departement", "region"), detail="poles"
        ),
        Property("date", "date", ("event", "cooperation", "call", "source"), detail="date"),
        Property("event-type", "thing", ("event",), "concept", detail="event_type"),
        Property("call-type", "thing", ("call",), "concept", detail="call_type"),
        Property("cooperation-type", "thing", ("cooperation",), "concept", detail="cooperation_type"),
        Property("pole", "thing", ("cooperation",), "pole", detail="pole"),
        Property("publisher", "text", ("source",), detail="publisher"),
        Property("url", "url", ("source",), detail="url"),
        Property("note", "text", paths=(ns.SKOS + "note",)),
    )
}


class Facts:
    """Reads the values of properties. ``properties`` looks up what a release says of a thing itself."""

    def __init__(self, properties: Properties) -> None:
        self._properties = properties
        self._units = lru_cache(maxsize=20_000)(self._read_units)

    def values(self, thing: ThingSummary, property_: Property) -> list[Value]:
        """Return the values of a property of a thing, each once, sorted."""
        if property_.unit:
            return [Reference(iri) for iri in self._units(thing.iri) if _kind(iri) == property_.unit]
        if property_.values == "insee" and thing.type != "unit":
            found = [iri for iri in self._units(thing.iri) if _kind(iri) == "commune"]
            return [value for iri in found for value in self._direct(iri, property_)]
        if property_.detail:
            return list(_of_detail(thing.detail.get(property_.detail), property_))
        return list(self._direct(thing.iri, property_))

    def codes(self, iri: str) -> list[str]:
        """Return the INSEE codes of a unit, none for another thing."""
        return [str(value) for value in self._direct(iri, PROPERTIES["insee-code"])] if _kind(iri) else []

    def _direct(self, iri: str, property_: Property) -> Sequence[Value]:
        found = {_value(value) for name, value in self._properties(iri) if name in property_.paths}
        return sorted(found, key=str)

    def _read_units(self, iri: str) -> tuple[str, ...]:
        """Return the units in which a thing lies, itself left out, sorted."""
        seen, rest = {iri}, {iri}
        for _ in range(_STEPS):
            rest = {other for one in rest for other in self._around(one)} - seen
            seen |= rest
        return tuple(sorted(one for one in seen - {iri} if _kind(one)))

    def _around(self, iri: str) -> Iterator[str]:
        steps = (_WITHIN,) if _kind(iri) else (*_WHERE, _WITHIN)
        for name, value in self._properties(iri):
            if name in steps and isinstance(value, ox.NamedNode):
                yield value.value


def _kind(iri: str) -> str:
    """Return the kind of unit that an IRI names, "" for what is no unit: ``…/id/unit/departement-landes``."""
    head, _, slug = iri.rpartition("/")
    return slug.partition("-")[0] if head.endswith("/id/unit") else ""


def _value(node: ox.NamedNode | ox.Literal) -> Value:
    return Reference(node.value) if isinstance(node, ox.NamedNode) else node.value


def _of_detail(value: object, property_: Property) -> Iterator[Value]:
    for one in value if isinstance(value, list) else [] if value is None else [value]:
        if property_.values == "thing":
            yield Reference(str(one))
        elif isinstance(one, int | float):
            yield one
        else:
            yield str(one)
