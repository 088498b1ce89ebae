"""What ``/sparql`` can do, in RDF. Source: SPARQL 1.1 Service Description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyoxigraph as ox

from ptce_lod import namespaces as ns
from ptce_lod.formats import RDF_FORMATS, RESULT_FORMATS
from ptce_lod.query.backend import Backend
from ptce_lod.settings import Settings

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
#: Our name of a format → its name in the W3C's list "Unique URIs for File Formats".
_UNIQUE: Final = {
    "turtle": "Turtle",
    "trig": "TriG",
    "ntriples": "N-Triples",
    "nquads": "N-Quads",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF_XML",
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
}


def quads(backend: Backend, settings: Settings) -> list[ox.Quad]:
    """Return the description: endpoint, language, formats, limits in words, and the dataset with its named graphs and their sizes."""
    service = f"{settings.base_iri}sparql"
    dataset, default = f"{settings.base_iri}dataset/all", f"{service}#default-graph"
    found: list[ox.Quad] = []

    def add(subject: str, predicate: str, value: str | ox.Literal) -> None:
        node = value if isinstance(value, ox.Literal) else ox.NamedNode(value)
        found.append(ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), node))

    add(service, ns.RDF + "type", SD + "Service")
    add(service, SD + "endpoint", service)
    add(service, SD + "supportedLanguage", SD + "SPARQL11Query")
    for format_ in (*RESULT_FORMATS, *RDF_FORMATS):
        add(service, SD + "resultFormat", _FORMATS + _UNIQUE[format_.name])
    add(service, SD + "feature", SD + "UnionDefaultGraph")
    for language, text in _limits(settings).items():
        add(service, ns.RDFS + "comment", ox.Literal(text, language=language))
    add(service, SD + "defaultDataset", dataset)
    add(service, SD + "availableGraphs", dataset)
    add(dataset, ns.RDF + "type", SD + "Dataset")
    add(dataset, ns.RDF + "type", SD + "GraphCollection")
    add(dataset, ns.VOID + "sparqlEndpoint", service)
    add(dataset, SD + "defaultGraph", default)
    add(default, ns.RDF + "type", SD + "Graph")
    counts: Mapping[str, int] = backend.statistics.get("graphs", {})
    for graph, count in sorted(counts.items()):
        entry = f"{graph}#named-graph"
        add(dataset, SD + "namedGraph", entry)
        add(entry, ns.RDF + "type", SD + "NamedGraph")
        add(entry, SD + "name", graph)
        add(entry, SD + "graph", f"{graph}#graph")
        add(f"{graph}#graph", ns.RDF + "type", SD + "Graph")
        add(f"{graph}#graph", ns.VOID + "triples", ox.Literal(count))
    return found


def _limits(settings: Settings) -> dict[str, str]:
    seconds, result = settings.query_timeout_seconds, settings.query_result_bytes
    length, nesting = settings.query_length_bytes, settings.query_nesting
    return {
        "fr": f"Limites : {seconds:g} s par requête, résultat de {result} octets, texte de {length} octets, "
        f"{nesting} niveaux d'imbrication ; SERVICE est refusé. Les préfixes du projet sont connus sans être déclarés.",
        "en": f"Limits: {seconds:g} s a query, results of {result} bytes, texts of {length} bytes, nesting of {nesting} levels; "
        "SERVICE is refused. The project's prefixes are known without being declared.",
    }
