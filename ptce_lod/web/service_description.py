"""What ``/sparql`` can do, in RDF. Source: SPARQL 1.1 Service Description; limits as ``schema:PropertyValue``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyoxigraph as ox

from ptce_lod import namespaces as ns
from ptce_lod.formats import RDF_FORMATS, RESULT_FORMATS, W3C_FORMATS, W3C_NAMES
from ptce_lod.query.backend import Backend
from ptce_lod.query.functions import FOLD, GEO_FUNCTIONS, MATCHES, SCORE
from ptce_lod.settings import Settings

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_ENTAILMENT: Final = "http://www.w3.org/ns/entailment/Simple"
#: Setting → unit, and what it bounds in French and English.
LIMITS: Final[Mapping[str, tuple[str, str, str]]] = {
    "query_timeout_seconds": (
        "seconds",
        "durée d'une requête, attente comprise",
        "time of a query, waiting included",
    ),
    "query_memory_bytes": ("bytes", "mémoire d'une requête", "memory of a query"),
    "query_result_bytes": ("bytes", "taille d'un résultat", "size of a result"),
    "query_result_rows": ("solutions", "solutions d'un résultat", "solutions of a result"),
    "query_length_bytes": ("bytes", "longueur d'une requête", "length of a query"),
    "query_nesting": ("levels", "imbrication des parenthèses", "nesting of brackets"),
    "query_workers": ("queries", "requêtes traitées à la fois", "queries answered at a time"),
    "query_queue_length": ("queries", "requêtes en attente", "queries that wait"),
    "queries_per_client": ("queries", "requêtes d'un client à la fois", "queries of one client at a time"),
    "body_bytes": ("bytes", "corps d'une requête HTTP", "body of a request"),
    "body_decompressed_bytes": ("bytes", "corps après décompression", "body after decompression"),
    "url_bytes": ("bytes", "longueur d'une adresse", "length of an address"),
    "header_bytes": ("bytes", "adresse et en-têtes ensemble", "address and headers together"),
}
_FUNCTIONS: Final = {
    FOLD: ("texte sans accents ni majuscules", "text without accents and capitals"),
    MATCHES: (
        "les noms d'une chose, ou un littéral, contiennent tous ces mots",
        "a thing's names, or a literal, hold all these words",
    ),
    SCORE: (
        "à quel point : plus c'est grand, mieux c'est ; rien si un mot manque",
        "how well they do: more is better; nothing if a word is missing",
    ),
}


class _Quads(list[ox.Quad]):
    """Quads of the default graph, added by IRIs and literals."""

    def say(self, subject: str, predicate: str, value: str | ox.Literal) -> None:
        node = value if isinstance(value, ox.Literal) else ox.NamedNode(value)
        self.append(ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), node))

    def both(self, subject: str, predicate: str, texts: tuple[str, str]) -> None:
        for language, text in zip(("fr", "en"), texts, strict=True):
            self.say(subject, predicate, ox.Literal(text, language=language))


def quads(
    backend: Backend, settings: Settings, *, writing: bool = False, union: bool = True
) -> list[ox.Quad]:
    """Return the description: endpoint, languages, formats, functions, limits, and the dataset with its named graphs and their sizes.

    ``writing``: updates are taken; ``union``: the default graph merges the named graphs.
    """
    found = _Quads()
    service, dataset = f"{settings.base_iri}sparql", f"{settings.base_iri}dataset/all"
    found.say(service, ns.RDF + "type", SD + "Service")
    found.say(service, SD + "endpoint", service)
    found.say(service, SD + "supportedLanguage", SD + "SPARQL11Query")
    if writing:
        found.say(service, SD + "supportedLanguage", SD + "SPARQL11Update")
        for format_ in RDF_FORMATS:
            found.say(service, SD + "inputFormat", W3C_FORMATS + W3C_NAMES[format_.name])
    for format_ in (*RESULT_FORMATS, *RDF_FORMATS):
        found.say(service, SD + "resultFormat", W3C_FORMATS + W3C_NAMES[format_.name])
    if union:
        found.say(service, SD + "feature", SD + "UnionDefaultGraph")
    found.say(service, SD + "defaultEntailmentRegime", _ENTAILMENT)
    found.say(service, SD + "defaultDataset", dataset)
    found.say(service, SD + "availableGraphs", dataset)
    found.say(service, ns.RDFS + "seeAlso", f"{settings.base_iri}.well-known/void")
    found.say(service, ns.RDFS + "seeAlso", f"{settings.base_iri}catalog")
    _functions(found, service)
    _limits(found, service, settings)
    _dataset(found, service, dataset, backend)
    return found


def _functions(found: _Quads, service: str) -> None:
    functions = (*_FUNCTIONS, *GEO_FUNCTIONS)
    for function in functions:
        found.say(service, SD + "extensionFunction", function.value)
    for function in functions:
        found.say(function.value, ns.RDF + "type", SD + "Function")
        if function in _FUNCTIONS:
            found.both(function.value, ns.RDFS + "label", _FUNCTIONS[function])


def _limits(found: _Quads, service: str, settings: Settings) -> None:
    property_value = ns.SCHEMA + "PropertyValue"
    for name, (unit, *labels) in LIMITS.items():
        value = getattr(settings, name)
        if not value:
            continue
        limit = f"{service}#{name.replace('_', '-')}"
        found.say(service, ns.SCHEMA + "additionalProperty", limit)
        found.say(limit, ns.RDF + "type", property_value)
        found.say(limit, ns.SCHEMA + "propertyID", ox.Literal(name))
        found.say(limit, ns.SCHEMA + "value", ox.Literal(value))
        found.say(limit, ns.SCHEMA + "unitText", ox.Literal(unit))
        found.both(limit, ns.SCHEMA + "name", (labels[0], labels[1]))
    found.both(
        service,
        ns.RDFS + "comment",
        (
            f"Une requête dispose de {settings.query_timeout_seconds:g} s ; au-delà d'une limite, la réponse est 503 ou 413, jamais un "
            "résultat tronqué. SERVICE est refusé. Les préfixes du projet sont connus sans être déclarés.",
            f"A query has {settings.query_timeout_seconds:g} s; beyond a limit the answer is 503 or 413, never half a result. "
            "SERVICE is refused. The project's prefixes are known without being declared.",
        ),
    )


def _dataset(found: _Quads, service: str, dataset: str, backend: Backend) -> None:
    default = f"{service}#default-graph"
    found.say(dataset, ns.RDF + "type", SD + "Dataset")
    found.say(dataset, ns.RDF + "type", SD + "GraphCollection")
    found.say(dataset, ns.VOID + "sparqlEndpoint", service)
    found.say(dataset, SD + "defaultGraph", default)
    found.say(default, ns.RDF + "type", SD + "Graph")
    counts: Mapping[str, int] = backend.statistics.get("graphs", {})
    for graph, count in sorted(counts.items()):
        entry = f"{graph}#named-graph"
        found.say(dataset, SD + "namedGraph", entry)
        found.say(entry, ns.RDF + "type", SD + "NamedGraph")
        found.say(entry, SD + "name", graph)
        found.say(entry, SD + "graph", f"{graph}#graph")
        found.say(f"{graph}#graph", ns.RDF + "type", SD + "Graph")
        found.say(f"{graph}#graph", ns.VOID + "triples", ox.Literal(count))
