"""Write ``catalog.ttl``: the release as DCAT 3, generated from its manifest's facts, never by hand.

Source: DCAT-AP 3.0.1. Every node has an IRI, so that a harvester sees the same node each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from ptce_lod import formats
from ptce_lod.formats import Format
from ptce_lod.iris import AddressSpace
from ptce_lod.namespaces import DCAT, DCTERMS, FOAF, ONTOLOGY, RDF, SHAPES_DOCUMENT, SKOS, SPDX, VOID, XSD
from ptce_lod.serialize import serialize

LICENCE: Final = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
_EU: Final = "http://publications.europa.eu/resource/authority/"
_IANA: Final = "https://www.iana.org/assignments/media-types/"

#: Property → class of its values (DCAT-AP 3.0.1, ranges).
_RANGES: Final = {
    DCTERMS + "license": DCTERMS + "LicenseDocument",
    DCTERMS + "language": DCTERMS + "LinguisticSystem",
    DCTERMS + "accrualPeriodicity": DCTERMS + "Frequency",
    DCTERMS + "spatial": DCTERMS + "Location",
    DCTERMS + "conformsTo": DCTERMS + "Standard",
    DCTERMS + "format": DCTERMS + "MediaTypeOrExtent",
    DCAT + "mediaType": DCTERMS + "MediaType",
    DCAT + "theme": SKOS + "Concept",
    FOAF + "homepage": FOAF + "Document",
    FOAF + "page": FOAF + "Document",
    SPDX + "algorithm": SPDX + "ChecksumAlgorithm",
}

_TITLES: Final = {
    "catalog": ("Catalogue des données liées sur les PTCE", "Catalog of linked data on PTCE"),
    "all": (
        "Données liées sur les pôles territoriaux de coopération économique",
        "Linked data on territorial clusters for economic cooperation (PTCE)",
    ),
    "sparql": ("Point d'accès SPARQL", "SPARQL endpoint"),
}
_DESCRIPTIONS: Final = {
    "catalog": (
        "Ce que publie ce serveur : pôles, acteurs, coopérations, appels, reconnaissances et leurs sources.",
        "What this server publishes: poles, actors, cooperations, calls, recognitions and their sources.",
    ),
    "all": (
        "Pôles territoriaux de coopération économique (PTCE) de France, leurs acteurs, participations, coopérations, événements, "
        "appels et reconnaissances, chaque énoncé avec ses sources. Incomplet à dessein : rien n'est deviné ; chaque appel dit "
        "combien de ses lauréats sont connus ici.",
        "French territorial clusters for economic cooperation (PTCE), their actors, participations, cooperations, events, calls "
        "and recognitions, each statement with its sources. Incomplete on purpose: nothing is guessed; each call says how many "
        "of its laureates are known here.",
    ),
    "sparql": ("SPARQL 1.1, en lecture.", "SPARQL 1.1, read-only."),
}


@dataclass(frozen=True)
class DumpFile:
    """A dump as a distribution: ``path`` is relative to the dumps folder; ``size`` in bytes."""

    path: str
    format: Format
    size: int
    sha256: str


@dataclass(frozen=True)
class GraphEntry:
    """A named graph as a dataset of its own; ``titles`` maps a language to a title."""

    iri: str
    name: str
    titles: Mapping[str, str]
    date: str
    triples: int


class _Writer:
    """Collects triples in the order they are stated."""

    def __init__(self) -> None:
        self.quads: list[ox.Quad] = []

    def add(self, subject: str, predicate: str, object_: str | ox.Literal) -> None:
        node = object_ if isinstance(object_, ox.Literal) else ox.NamedNode(object_)
        self.quads.append(ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), node, ox.DefaultGraph()))

    def both(self, subject: str, predicate: str, texts: tuple[str, str]) -> None:
        self.add(subject, predicate, ox.Literal(texts[0], language="fr"))
        self.add(subject, predicate, ox.Literal(texts[1], language="en"))

    def add_types(self) -> None:
        """State the class of every node of an outside vocabulary: a validator that has not loaded that vocabulary needs it."""
        classes = {
            (quad.object.value, class_): None
            for quad in self.quads
            if (class_ := _RANGES.get(quad.predicate.value)) and isinstance(quad.object, ox.NamedNode)
        }
        for iri, class_ in classes:
            self.add(iri, RDF + "type", class_)

    def typed(self, subject: str, predicate: str, text: str, datatype: str) -> None:
        self.add(subject, predicate, ox.Literal(text, datatype=ox.NamedNode(XSD + datatype)))


def write_catalog(
    addresses: AddressSpace, data_date: str, dumps: Iterable[DumpFile], graphs: Iterable[GraphEntry]
) -> bytes:
    """Return the catalogue in Turtle: a catalogue, one dataset for everything, one per named graph, and the SPARQL service."""
    base = addresses.base_iri
    catalog, everything, service = f"{base}catalog", f"{base}dataset/all", f"{base}sparql"
    publisher = addresses.thing("agent", "project")
    files = {dump.path: dump for dump in dumps}
    w = _Writer()
    _resource(w, catalog, "Catalog", "catalog", publisher, data_date)
    w.add(catalog, DCAT + "dataset", everything)
    w.add(catalog, DCAT + "service", service)
    w.add(catalog, FOAF + "homepage", base)
    w.add(publisher, RDF + "type", FOAF + "Agent")
    w.add(publisher, FOAF + "name", ox.Literal("PTCE-LOD project"))
    _resource(w, everything, "Dataset", "all", publisher, data_date)
    w.add(everything, RDF + "type", VOID + "Dataset")
    w.typed(everything, DCTERMS + "identifier", everything, "anyURI")
    w.add(everything, DCTERMS + "conformsTo", ONTOLOGY)
    w.add(everything, DCTERMS + "conformsTo", SHAPES_DOCUMENT)
    w.add(everything, DCTERMS + "accrualPeriodicity", _EU + "frequency/IRREG")
    w.add(everything, DCTERMS + "spatial", _EU + "country/FRA")
    w.add(everything, DCAT + "theme", _EU + "data-theme/ECON")
    w.both(_EU + "data-theme/ECON", SKOS + "prefLabel", ("Économie et finances", "Economy and finance"))
    w.add(everything, VOID + "sparqlEndpoint", service)
    _keywords(w, everything)
    for path in ("all.nq", "all.trig"):
        _distribution(w, base, everything, files[path])
    entries = list(graphs)
    w.typed(everything, VOID + "triples", str(sum(entry.triples for entry in entries)), "integer")
    for entry in entries:
        w.add(catalog, DCAT + "dataset", entry.iri)
        _graph(w, base, everything, publisher, entry, files)
    _resource(w, service, "DataService", "sparql", publisher, data_date)
    w.add(service, DCAT + "endpointURL", service)
    w.add(service, DCAT + "endpointDescription", service)
    w.add(service, DCAT + "servesDataset", everything)
    if any(graph.name.startswith("queries/") for graph in entries):
        w.add(service, FOAF + "page", f"{base}queries")
    w.add_types()
    return serialize(w.quads, formats.TURTLE, addresses.prefixes())


def _resource(w: _Writer, iri: str, class_: str, key: str, publisher: str, date: str) -> None:
    w.add(iri, RDF + "type", DCAT + class_)
    w.both(iri, DCTERMS + "title", _TITLES[key])
    w.both(iri, DCTERMS + "description", _DESCRIPTIONS[key])
    w.add(iri, DCTERMS + "publisher", publisher)
    w.add(iri, DCTERMS + "license", LICENCE)
    w.typed(iri, DCTERMS + "modified", date, "date")
    for language in ("FRA", "ENG"):
        w.add(iri, DCTERMS + "language", f"{_EU}language/{language}")


def _keywords(w: _Writer, dataset: str) -> None:
    for french, english in (
        ("PTCE", "PTCE"),
        ("économie sociale et solidaire", "social economy"),
        ("coopération économique", "economic cooperation"),
        ("développement local", "local development"),
    ):
        w.both(dataset, DCAT + "keyword", (french, english))


def _graph(
    w: _Writer, base: str, everything: str, publisher: str, entry: GraphEntry, files: Mapping[str, DumpFile]
) -> None:
    w.add(entry.iri, RDF + "type", DCAT + "Dataset")
    french = entry.titles.get("fr") or entry.titles.get("") or entry.name
    english = entry.titles.get("en") or entry.titles.get("") or entry.name
    w.both(entry.iri, DCTERMS + "title", (french, english))
    w.both(
        entry.iri,
        DCTERMS + "description",
        (
            f"Graphe nommé « {french} » : {entry.triples} triplets.",
            f"Named graph “{english}”: {entry.triples} triples.",
        ),
    )
    w.add(entry.iri, DCTERMS + "publisher", publisher)
    w.typed(entry.iri, DCTERMS + "identifier", entry.iri, "anyURI")
    w.typed(entry.iri, DCTERMS + "modified", entry.date, "date")
    w.typed(entry.iri, VOID + "triples", str(entry.triples), "integer")
    w.add(entry.iri, DCTERMS + "isPartOf", everything)
    _distribution(w, base, entry.iri, files[f"graphs/{entry.name}.ttl"])


def _distribution(w: _Writer, base: str, dataset: str, dump: DumpFile) -> None:
    url = f"{base}dumps/latest/{dump.path}"
    distribution, checksum = f"{url}#distribution", f"{url}#checksum"
    w.add(dataset, DCAT + "distribution", distribution)
    w.add(distribution, RDF + "type", DCAT + "Distribution")
    w.both(
        distribution,
        DCTERMS + "title",
        (f"{dump.format.label} : {dump.path}", f"{dump.format.label}: {dump.path}"),
    )
    w.add(distribution, DCAT + "accessURL", url)
    w.add(distribution, DCAT + "downloadURL", url)
    w.add(distribution, DCAT + "mediaType", _IANA + dump.format.media_type)
    w.add(distribution, DCTERMS + "format", f"{_EU}file-type/{dump.format.file_type}")
    w.add(distribution, DCTERMS + "license", LICENCE)
    w.typed(distribution, DCAT + "byteSize", str(dump.size), "nonNegativeInteger")
    w.add(distribution, SPDX + "checksum", checksum)
    w.add(checksum, RDF + "type", SPDX + "Checksum")
    w.add(checksum, SPDX + "algorithm", SPDX + "checksumAlgorithm_sha256")
    w.typed(checksum, SPDX + "checksumValue", dump.sha256, "hexBinary")
