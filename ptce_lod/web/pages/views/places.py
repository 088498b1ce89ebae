"""Where things are: the drawing on pages other than a pole's."""

from __future__ import annotations

from ptce_lod import namespaces as ns
from ptce_lod.web.pages.map import DRAWN, Point, map_svg
from ptce_lod.web.pages.reading import Reader
from ptce_lod.web.pages.views import parts


def map_of(reader: Reader) -> str:
    """Return the drawing of where a thing is, or where the poles of a region or department are; "" when no point is known."""
    units = [
        reader.iri,
        *reader.iris(reader.iri, ns.SCHEMA + "location"),
        *reader.iris(reader.iri, ns.PTCE + "coversUnit"),
    ]
    points = [point for unit in units if (point := parts.point_of(reader, unit)) is not None]
    points = points or _poles_there(reader)
    return map_svg(points, reader.label(reader.iri).value, reader.language) if points else ""


def _area(reader: Reader) -> tuple[str, str]:
    """Return the filter of the map that a region or a department is, ("", "") for anything else."""
    address = reader.settings.addresses.parse_thing(reader.iri)
    for prefix, name in (("region-", "region"), ("departement-", "department")):
        if address is not None and address.type == "unit" and address.slug.startswith(prefix):
            return name, address.slug.removeprefix(prefix)
    return "", ""


def _poles_there(reader: Reader) -> list[Point]:
    """Return the points of the poles of a region or a department."""
    name, value = _area(reader)
    if not name:
        return []
    found = reader.backend.search("", {"type": ("pole",), name: (value,)}, limit=DRAWN)
    return [
        Point(
            hit.thing.detail["latitude"],
            hit.thing.detail["longitude"],
            reader.label(hit.thing.iri).value,
            reader.ref(hit.thing.iri).href,
        )
        for hit in found.hits
        if {"latitude", "longitude"} <= hit.thing.detail.keys()
    ]


def map_query(reader: Reader) -> str:
    """Return the query of the map with the poles of a region or a department, "" for anything else."""
    name, value = _area(reader)
    return f"{name}={value}" if name else ""
