"""What entries refer to, repeated on each page: a harvester reads a page as a graph of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import pyoxigraph as ox

from ptce_lod.licences import DATA, LICENCES, Licence
from ptce_lod.namespaces import DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS
from ptce_lod.release.catalog.writer import (
    ADMS_SCHEMES,
    ATTRIBUTION,
    EU,
    GEO,
    IANA,
    LOCN,
    PUBLISHER_TYPE,
    STABLE,
    VCARD,
    Writer,
)
from ptce_lod.release.datasets import Texts
from ptce_lod.settings import PUBLISHER_TYPES

_WKT: Final = f"{GEO}wktLiteral"
#: The one name of GeoJSON that both udata and ckanext-dcat read.
_GEOJSON: Final = f"{IANA}application/vnd.geo+json"


def contact_iri(base: str) -> str:
    """Return the IRI of the contact point."""
    return f"{base}catalog#contact"


def state_resource(
    w: Writer,
    iri: str,
    class_: str,
    publisher: str,
    title: Texts,
    description: Texts,
    licence: Licence = DATA,
) -> None:
    """State what a catalogue, a dataset and a service have in common (``dcat:Resource``)."""
    w.add(iri, RDF + "type", DCAT + class_)
    w.both(iri, DCTERMS + "title", title)
    w.both(iri, DCTERMS + "description", description)
    w.add(iri, DCTERMS + "publisher", publisher)
    w.add(iri, DCTERMS + "license", licence.iri)
    for language in ("FRA", "ENG"):
        w.add(iri, DCTERMS + "language", f"{EU}language/{language}")


def state_coverage(w: Writer, iri: str, base: str, statistics: Mapping[str, Any]) -> None:
    """State where and when a dataset speaks of."""
    w.add(iri, DCTERMS + "spatial", f"{EU}country/FRA")
    if statistics.get("boxes"):
        w.add(iri, DCTERMS + "spatial", f"{base}catalog#extent")
    if statistics.get("years"):
        w.add(iri, DCTERMS + "temporal", f"{base}catalog#period")


def state_shared(w: Writer, base: str, publisher: str, contact_point: str, publisher_type: str = "") -> None:
    """State publisher, contact (``contact_point`` is a mailto: or https: IRI, or ""), theme, and the licences that something before has.

    ``publisher_type`` is a key of ``settings.PUBLISHER_TYPES``, or "".
    """
    w.add(publisher, RDF + "type", FOAF + "Agent")
    w.both(publisher, FOAF + "name", ("Projet PTCE-LOD", "PTCE-LOD project"))
    if publisher_type:
        type_ = PUBLISHER_TYPE + publisher_type
        w.add(publisher, DCTERMS + "type", type_)
        w.both(type_, SKOS + "prefLabel", PUBLISHER_TYPES[publisher_type])
        scheme = ADMS_SCHEMES[PUBLISHER_TYPE.rstrip("/")]
        w.add(scheme, RDF + "type", SKOS + "ConceptScheme")
        w.both(scheme, DCTERMS + "title", ("Types d'éditeur", "Publisher types"))
    contact = contact_iri(base)
    # DCAT-AP's shapes ask for the class itself, not for one below it.
    w.add(contact, RDF + "type", VCARD + "Kind")
    w.add(contact, RDF + "type", VCARD + "Organization")
    w.both(contact, VCARD + "fn", ("Projet PTCE-LOD", "PTCE-LOD project"))
    is_mail = contact_point.startswith("mailto:")
    w.add(contact, VCARD + ("hasEmail" if is_mail else "hasURL"), contact_point or base)
    theme = f"{EU}data-theme/ECON"
    w.both(theme, SKOS + "prefLabel", ("Économie et finances", "Economy and finance"))
    w.add(theme, SKOS + "inScheme", f"{EU}data-theme")
    for licence in LICENCES:
        if w.has_value(licence.iri, DCTERMS + "LicenseDocument"):
            _licence(w, licence)
    w.both(ATTRIBUTION, SKOS + "prefLabel", ("Attribution", "Attribution"))
    w.both(STABLE, SKOS + "prefLabel", ("Stable", "Stable"))


def _licence(w: Writer, licence: Licence) -> None:
    for iri in (licence.iri, licence.spdx):
        w.add(iri, RDFS + "label", ox.Literal(licence.label))
        w.add(iri, DCTERMS + "title", ox.Literal(licence.title))
    w.add(licence.iri, DCTERMS + "type", ATTRIBUTION)
    w.add(licence.spdx, DCTERMS + "identifier", ox.Literal(licence.spdx_id))


def state_place_and_time(w: Writer, base: str, statistics: Mapping[str, Any]) -> None:
    """State the boxes around all places, and the years that the data speak of, as far as the release counted them and something has them.

    The geometry is GeoJSON under the media type by which data.gouv.fr and CKAN know it; the box is WKT, as DCAT-AP advises. Several boxes,
    on different continents, have no middle that means anything.
    """
    boxes, years = statistics.get("boxes"), statistics.get("years")
    iri = f"{base}catalog#extent"
    if boxes and w.has_value(iri, DCTERMS + "Location"):
        rings = [
            [[west, south], [east, south], [east, north], [west, north], [west, south]]
            for west, south, east, north in boxes
        ]
        wkt = [f"(({', '.join(f'{x} {y}' for x, y in ring)}))" for ring in rings]
        if len(boxes) == 1:
            west, south, east, north = boxes[0]
            centre = f"POINT({round((west + east) / 2, 4)} {round((south + north) / 2, 4)})"
            w.add(iri, DCAT + "centroid", _geometry(centre, _WKT))
            box, shape = f"POLYGON{wkt[0]}", {"type": "Polygon", "coordinates": [rings[0]]}
        else:
            box = f"MULTIPOLYGON({', '.join(wkt)})"
            shape = {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}
        w.add(iri, DCAT + "bbox", _geometry(box, _WKT))
        w.add(iri, LOCN + "geometry", _geometry(json.dumps(shape), _GEOJSON))
    iri = f"{base}catalog#period"
    if years and w.has_value(iri, DCTERMS + "PeriodOfTime"):
        w.typed(iri, DCAT + "startDate", f"{years[0]:04}-01-01", "date")
        w.typed(iri, DCAT + "endDate", f"{years[1]:04}-12-31", "date")


def _geometry(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(datatype))
