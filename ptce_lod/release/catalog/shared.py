"""What entries refer to, repeated on each page: a harvester reads a page as a graph of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox

from ptce_lod.namespaces import DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS
from ptce_lod.release.catalog.writer import ATTRIBUTION, EU, GEO, LICENCE, LOCN, RIGHTS, STABLE, VCARD, Writer
from ptce_lod.release.datasets import Texts


def contact_iri(base: str) -> str:
    """Return the IRI of the contact point."""
    return f"{base}catalog#contact"


def state_resource(
    w: Writer, iri: str, class_: str, publisher: str, title: Texts, description: Texts
) -> None:
    """State what a catalogue, a dataset and a service have in common (``dcat:Resource``)."""
    w.add(iri, RDF + "type", DCAT + class_)
    w.both(iri, DCTERMS + "title", title)
    w.both(iri, DCTERMS + "description", description)
    w.add(iri, DCTERMS + "publisher", publisher)
    w.add(iri, DCTERMS + "license", LICENCE)
    for language in ("FRA", "ENG"):
        w.add(iri, DCTERMS + "language", f"{EU}language/{language}")


def state_coverage(w: Writer, iri: str, base: str, statistics: Mapping[str, Any]) -> None:
    """State where and when a dataset speaks of."""
    w.add(iri, DCTERMS + "spatial", f"{EU}country/FRA")
    if statistics.get("extent"):
        w.add(iri, DCTERMS + "spatial", f"{base}catalog#extent")
    if statistics.get("years"):
        w.add(iri, DCTERMS + "temporal", f"{base}catalog#period")


def state_shared(w: Writer, base: str, publisher: str, contact_point: str) -> None:
    """State publisher, contact (``contact_point`` is a mailto: or https: IRI, or ""), theme and licence."""
    w.add(publisher, RDF + "type", FOAF + "Agent")
    w.both(publisher, FOAF + "name", ("Projet PTCE-LOD", "PTCE-LOD project"))
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
    name = ox.Literal("Licence Ouverte / Open Licence version 2.0")
    for iri in (LICENCE, RIGHTS):
        w.add(iri, RDFS + "label", name)
        w.add(iri, DCTERMS + "title", name)
    w.add(LICENCE, DCTERMS + "type", ATTRIBUTION)
    w.both(ATTRIBUTION, SKOS + "prefLabel", ("Attribution", "Attribution"))
    w.both(STABLE, SKOS + "prefLabel", ("Stable", "Stable"))
    w.add(RIGHTS, DCTERMS + "identifier", ox.Literal("etalab-2.0"))


def state_place_and_time(w: Writer, base: str, statistics: Mapping[str, Any]) -> None:
    """State the box around all places, and the years that the data speak of, as far as the release counted them."""
    extent, years = statistics.get("extent"), statistics.get("years")
    if extent:
        west, south, east, north = extent
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        wkt = f"POLYGON(({', '.join(f'{x} {y}' for x, y in ring)}))"
        geo_json = json.dumps({"type": "Polygon", "coordinates": [ring]})
        iri = f"{base}catalog#extent"
        w.add(iri, RDF + "type", DCTERMS + "Location")
        centre = f"POINT({round((west + east) / 2, 4)} {round((south + north) / 2, 4)})"
        for predicate, datatype, text in (
            (DCAT + "bbox", "wktLiteral", wkt),
            (DCAT + "centroid", "wktLiteral", centre),
            (LOCN + "geometry", "geoJSONLiteral", geo_json),
        ):
            w.add(iri, predicate, ox.Literal(text, datatype=ox.NamedNode(GEO + datatype)))
    if years:
        iri = f"{base}catalog#period"
        w.add(iri, RDF + "type", DCTERMS + "PeriodOfTime")
        w.typed(iri, DCAT + "startDate", f"{years[0]:04}-01-01", "date")
        w.typed(iri, DCAT + "endDate", f"{years[1]:04}-12-31", "date")
