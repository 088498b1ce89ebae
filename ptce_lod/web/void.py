"""The document that describes everything for programs that look for VoID. Source: W3C Interest Group Note "VoID", 2011, section 6."""

from __future__ import annotations

import pyoxigraph as ox

from ptce_lod import namespaces as ns
from ptce_lod.licences import DATA
from ptce_lod.release.catalog.description import Catalog
from ptce_lod.release.catalog.void import state_void
from ptce_lod.release.catalog.writer import Writer
from ptce_lod.release.dumps import EVERYTHING
from ptce_lod.settings import Settings


def quads(found: Catalog, settings: Settings) -> list[ox.Quad]:
    """Return the VoID description of everything, with the document's own."""
    w, base = Writer(), settings.base_iri
    dataset, document = found.dataset(EVERYTHING), f"{base}void"
    whole = found.facts.entries[0]
    w.add(document, ns.RDF + "type", ns.VOID + "DatasetDescription")
    w.both(document, ns.DCTERMS + "title", ("Description VoID des données", "VoID description of the data"))
    w.add(document, ns.FOAF + "primaryTopic", dataset)
    w.add(document, ns.DCTERMS + "creator", settings.addresses.thing("agent", "project"))
    w.both(dataset, ns.DCTERMS + "title", whole.title)
    w.both(dataset, ns.DCTERMS + "description", whole.description)
    w.add(dataset, ns.DCTERMS + "publisher", settings.addresses.thing("agent", "project"))
    w.add(dataset, ns.DCTERMS + "license", DATA.iri)
    w.moment(dataset, ns.DCTERMS + "modified", whole.modified)
    w.add(dataset, ns.FOAF + "homepage", base)
    state_void(w, base, dataset, found.facts)
    return list(dict.fromkeys(w.quads))
