"""VoID: what is in the dataset, by class, by property and by where its links lead. Source: W3C Interest Group Note "VoID", 2011."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlsplit

import pyoxigraph as ox

from ptce_lod import namespaces as ns
from ptce_lod.formats import RDF_FORMATS
from ptce_lod.query.backend import Backend
from ptce_lod.release.catalog.description import Catalog
from ptce_lod.release.catalog.writer import LICENCE, Writer
from ptce_lod.release.dumps import EVERYTHING
from ptce_lod.settings import Settings
from ptce_lod.web.service_description import UNIQUE

#: Kinds of things of which the first is an example resource.
_EXAMPLES: Final = ("pole", "actor", "cooperation", "event", "call")


def quads(found: Catalog, backend: Backend, settings: Settings) -> list[ox.Quad]:
    """Return the VoID description of everything, with the documents' own."""
    w, base = Writer(), settings.base_iri
    dataset, document = found.dataset(EVERYTHING), f"{base}void"
    statistics = backend.statistics
    whole = found.facts.entries[0]
    w.add(document, ns.RDF + "type", ns.VOID + "DatasetDescription")
    w.both(document, ns.DCTERMS + "title", ("Description VoID des données", "VoID description of the data"))
    w.add(document, ns.FOAF + "primaryTopic", dataset)
    w.add(document, ns.DCTERMS + "creator", settings.addresses.thing("agent", "project"))
    w.add(dataset, ns.RDF + "type", ns.VOID + "Dataset")
    w.both(dataset, ns.DCTERMS + "title", whole.title)
    w.both(dataset, ns.DCTERMS + "description", whole.description)
    w.add(dataset, ns.DCTERMS + "publisher", settings.addresses.thing("agent", "project"))
    w.add(dataset, ns.DCTERMS + "license", LICENCE)
    w.moment(dataset, ns.DCTERMS + "modified", whole.modified)
    w.add(dataset, ns.FOAF + "homepage", base)
    w.add(dataset, ns.VOID + "sparqlEndpoint", f"{base}sparql")
    w.add(dataset, ns.VOID + "uriLookupEndpoint", f"{base}fragments?s=")
    w.add(dataset, ns.VOID + "openSearchDescription", f"{base}opensearch.xml")
    w.add(dataset, ns.VOID + "uriSpace", ox.Literal(f"{base}id/"))
    for file in (file for file in whole.files if file.format in RDF_FORMATS):
        w.add(dataset, ns.VOID + "dataDump", f"{base}dumps/latest/{file.path}")
        w.add(dataset, ns.VOID + "feature", f"http://www.w3.org/ns/formats/{UNIQUE[file.format.name]}")
    for type_ in _EXAMPLES:
        _, things = backend.things(type_, limit=1)
        for thing in things:
            w.add(dataset, ns.VOID + "exampleResource", thing.iri)
    counts = {
        "triples": statistics.get("quads", 0),
        "classes": len(statistics.get("classes", {})),
        "properties": len(statistics.get("properties", {})),
        "entities": sum(statistics.get("things", {}).values()),
    }
    for name, count in counts.items():
        w.typed(dataset, ns.VOID + name, str(count), "integer")
    for vocabulary in sorted({_vocabulary(iri) for iri in statistics.get("properties", {})}):
        w.add(dataset, ns.VOID + "vocabulary", vocabulary)
    _partitions(w, dataset, backend)
    _linksets(w, dataset, document, backend)
    w.quads = list(dict.fromkeys(w.quads))
    return w.quads


def _vocabulary(iri: str) -> str:
    """Return the namespace of a term: up to its hash sign or last slash."""
    return iri[: iri.index("#") + 1] if "#" in iri else iri[: iri.rindex("/") + 1]


def _partitions(w: Writer, dataset: str, backend: Backend) -> None:
    base = dataset.rpartition("dataset/")[0]
    for iri, count in backend.statistics.get("classes", {}).items():
        part = f"{base}void#class-{quote(iri, safe='')}"
        w.add(dataset, ns.VOID + "classPartition", part)
        w.add(part, ns.VOID + "class", iri)
        w.typed(part, ns.VOID + "entities", str(count), "integer")
    for iri, count in backend.statistics.get("properties", {}).items():
        part = f"{base}void#property-{quote(iri, safe='')}"
        w.add(dataset, ns.VOID + "propertyPartition", part)
        w.add(part, ns.VOID + "property", iri)
        w.typed(part, ns.VOID + "triples", str(count), "integer")


def _linksets(w: Writer, dataset: str, document: str, backend: Backend) -> None:
    """State a linkset for each property and each place that it leads to."""
    for row in backend.statistics.get("links", ()):
        target = row["target"]
        host = urlsplit(target).netloc
        if not host:
            continue
        place = f"{document}#at-{host}"
        linkset = f"{document}#links-{quote(row['property'], safe='')}-{host}"
        w.add(dataset, ns.VOID + "subset", linkset)
        w.add(linkset, ns.RDF + "type", ns.VOID + "Linkset")
        w.add(linkset, ns.VOID + "subjectsTarget", dataset)
        w.add(linkset, ns.VOID + "objectsTarget", place)
        w.add(linkset, ns.VOID + "linkPredicate", row["property"])
        w.typed(linkset, ns.VOID + "triples", str(row["count"]), "integer")
        w.add(place, ns.RDF + "type", ns.VOID + "Dataset")
        w.add(place, ns.VOID + "uriSpace", ox.Literal(target))
