"""Carry out the three tests of the service description; their manifest holds only their names, so what they check is written here.

Source: SPARQL 1.1 Service Description, https://www.w3.org/TR/sparql11-service-description/ (section numbers below).
"""

from __future__ import annotations

from typing import Final

from rdflib import RDF, Graph, Literal, Namespace, URIRef

from tests.conformance.sparql.client import Client
from tests.conformance.sparql.manifests import Test
from tests.conformance.sparql.read_results import read_graph

SD: Final = Namespace("http://www.w3.org/ns/sparql-service-description#")
#: Property → domain and range (section 3.4); a range of "" is any resource.
_PROPERTIES: Final = {
    "endpoint": ("Service", ""),
    "feature": ("Service", "Feature"),
    "defaultEntailmentRegime": ("Service", "EntailmentRegime"),
    "entailmentRegime": ("NamedGraph", "EntailmentRegime"),
    "defaultSupportedEntailmentProfile": ("Service", "EntailmentProfile"),
    "supportedEntailmentProfile": ("NamedGraph", "EntailmentProfile"),
    "extensionFunction": ("Service", "Function"),
    "extensionAggregate": ("Service", "Aggregate"),
    "languageExtension": ("Service", "Feature"),
    "supportedLanguage": ("Service", "Language"),
    "propertyFeature": ("Service", "Feature"),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "resultFormat": ("Service", ""),
    "inputFormat": ("Service", ""),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "name": ("NamedGraph", ""),
    "graph": ("NamedGraph", "Graph"),
}
#: Class → those above it (section 3.2).
_ABOVE: Final = {"Dataset": {"GraphCollection"}, "Aggregate": {"Function"}}
#: Classes (section 3.2) and instances (section 3.3), each with its class.
_CLASSES: Final = {
    *("Service", "Feature", "Language", "Function", "Aggregate", "EntailmentRegime", "EntailmentProfile"),
    *("GraphCollection", "Dataset", "Graph", "NamedGraph"),
}
_INSTANCES: Final = {
    **dict.fromkeys(("SPARQL10Query", "SPARQL11Query", "SPARQL11Update"), "Language"),
    **dict.fromkeys(
        ("DereferencesURIs", "UnionDefaultGraph", "RequiresDataset", "EmptyGraphs", "BasicFederatedQuery"),
        "Feature",
    ),
}


def run(test: Test, client: Client) -> None:
    """Carry out the test of that name."""
    endpoint = client.endpoints.query
    answer = client.send("GET", endpoint, headers={"Accept": "text/turtle"})
    assert answer.status == 200, f"{answer.status} {answer.text[:1000]}"
    graph = read_graph(answer.body, answer.media_type, endpoint)
    match test.id.partition("/")[2]:
        case "returns-rdf":
            assert len(graph), "the description says nothing"
        case "has-endpoint-triple":
            endpoints = set(graph.objects(None, SD.endpoint))
            assert URIRef(endpoint) in endpoints, f"sd:endpoint is {endpoints}, expected {endpoint}"
        case "conforms-to-schema":
            assert not (found := violations(graph)), "\n".join(found)
        case other:
            raise AssertionError(f"this runner does not know the test {other}")


def violations(graph: Graph) -> list[str]:
    """Return what in a description contradicts the vocabulary: unknown terms, literals for things, classes that do not fit, gaps."""
    found = []
    services = set(graph.subjects(RDF.type, SD.Service))
    if not services:
        found.append("nothing is an sd:Service")
    found += [
        f"{service} has no sd:endpoint" for service in services if not graph.value(service, SD.endpoint)
    ]
    for subject, predicate, value in graph:
        for term in (predicate, value):
            if isinstance(term, URIRef) and term.startswith(SD) and not _is_known(term.removeprefix(SD)):
                found.append(f"the vocabulary has no {term}")
        name = str(predicate).removeprefix(str(SD))
        if str(predicate).startswith(str(SD)) and name in _PROPERTIES:
            domain, range_ = _PROPERTIES[name]
            if isinstance(value, Literal):
                found.append(f"sd:{name} of {subject} is a literal")
            found += _misfits(graph, subject, domain, f"the subject of sd:{name}")
            found += _misfits(graph, value, range_, f"the value of sd:{name}")
    for named in graph.subjects(RDF.type, SD.NamedGraph):
        if len(set(graph.objects(named, SD.name))) != 1:
            found.append(f"the named graph {named} has not one sd:name")
    return found


def _is_known(name: str) -> bool:
    return name in _PROPERTIES or name in _CLASSES or name in _INSTANCES


def _misfits(graph: Graph, node: object, wanted: str, what: str) -> list[str]:
    """Return the complaint that ``node`` is said to be something else of the vocabulary than ``wanted``."""
    if not wanted or not isinstance(node, URIRef):
        return []
    types = {
        str(t).removeprefix(str(SD)) for t in graph.objects(node, RDF.type) if str(t).startswith(str(SD))
    }
    if node.startswith(SD):
        types.add(_INSTANCES.get(node.removeprefix(SD), ""))
    types |= {above for type_ in types for above in _ABOVE.get(type_, ())}
    return [f"{what}, {node}, is {sorted(types)}, expected {wanted}"] if types and wanted not in types else []
