"""VoID: what is in the dataset, by class, by property and by where its links lead. Source: W3C Interest Group Note "VoID", 2011."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlsplit

import pyoxigraph as ox

from ptce_lod import namespaces as ns
from ptce_lod.formats import RDF_FORMATS, W3C_FORMATS, W3C_NAMES
from ptce_lod.release.catalog.facts import Facts
from ptce_lod.release.catalog.writer import Writer

#: Linksets in the catalogue at most: their number grows with the data, that of the partitions does not.
MOST_LINKSETS: Final = 100


def state_void(w: Writer, base: str, dataset: str, facts: Facts, most_linksets: int | None = None) -> None:
    """State what VoID has to say of ``dataset``, the IRI of everything: access, counts, vocabularies, partitions and linksets.

    ``most_linksets`` bounds the linksets: those with most links are stated. Parts have IRIs in the document ``{base}void``.
    """
    document, statistics = f"{base}void", facts.statistics
    w.add(dataset, ns.RDF + "type", ns.VOID + "Dataset")
    w.add(dataset, ns.FOAF + "isPrimaryTopicOf", document)
    w.add(dataset, ns.VOID + "sparqlEndpoint", f"{base}sparql")
    w.add(dataset, ns.VOID + "uriLookupEndpoint", f"{base}fragments?s=")
    w.add(dataset, ns.VOID + "openSearchDescription", f"{base}opensearch.xml")
    w.add(dataset, ns.VOID + "uriSpace", ox.Literal(f"{base}id/"))
    dumps = [file for file in facts.entries[0].files if file.format in RDF_FORMATS]
    for file in dumps:
        w.add(dataset, ns.VOID + "dataDump", f"{base}dumps/latest/{file.path}")
    for format_ in dict.fromkeys(file.format for file in dumps):
        w.add(dataset, ns.VOID + "feature", W3C_FORMATS + W3C_NAMES[format_.name])
    for thing in statistics.get("example_things", ()):
        w.add(dataset, ns.VOID + "exampleResource", thing)
    classes, properties = statistics.get("classes", {}), statistics.get("properties", {})
    counts = {
        "triples": facts.entries[0].triples,
        "classes": len(classes),
        "properties": len(properties),
        "entities": statistics.get("entities", 0),
    }
    for name, count in counts.items():
        if count:
            w.typed(dataset, ns.VOID + name, str(count), "integer")
    for vocabulary in sorted({_vocabulary(iri) for iri in properties}):
        w.add(dataset, ns.VOID + "vocabulary", vocabulary)
    for iri, count in classes.items():
        part = f"{document}#class-{quote(iri, safe='')}"
        w.add(dataset, ns.VOID + "classPartition", part)
        w.add(part, ns.VOID + "class", iri)
        w.typed(part, ns.VOID + "entities", str(count), "integer")
    for iri, count in properties.items():
        part = f"{document}#property-{quote(iri, safe='')}"
        w.add(dataset, ns.VOID + "propertyPartition", part)
        w.add(part, ns.VOID + "property", iri)
        w.typed(part, ns.VOID + "triples", str(count), "integer")
    _linksets(w, dataset, document, facts, most_linksets)


def _vocabulary(iri: str) -> str:
    """Return the namespace of a term: up to its hash sign or last slash."""
    return iri[: iri.index("#") + 1] if "#" in iri else iri[: iri.rindex("/") + 1]


def _linksets(w: Writer, dataset: str, document: str, facts: Facts, most: int | None) -> None:
    """State a linkset for each property and each place that it leads to."""
    rows = [row for row in facts.statistics.get("links", ()) if urlsplit(row["target"]).netloc]
    if most is not None and len(rows) > most:
        rows = sorted(rows, key=lambda row: -row["count"])[:most]
    targets: dict[str, str] = {}
    for row in rows:
        address = urlsplit(row["target"])
        place = quote(
            f"{address.scheme}-{address.netloc}", safe=":"
        )  # an IPv6 host has brackets, which IRIs have not
        targets[f"{document}#at-{place}"] = row["target"]
        linkset = f"{document}#links-{quote(row['property'], safe='')}-{place}"
        w.add(dataset, ns.VOID + "subset", linkset)
        w.add(linkset, ns.RDF + "type", ns.VOID + "Linkset")
        w.add(linkset, ns.VOID + "subjectsTarget", dataset)
        w.add(linkset, ns.VOID + "objectsTarget", f"{document}#at-{place}")
        w.add(linkset, ns.VOID + "linkPredicate", row["property"])
        w.typed(linkset, ns.VOID + "triples", str(row["count"]), "integer")
    for iri, target in targets.items():
        w.add(iri, ns.RDF + "type", ns.VOID + "Dataset")
        w.add(iri, ns.VOID + "uriSpace", ox.Literal(target))
