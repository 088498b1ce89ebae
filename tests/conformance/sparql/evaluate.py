"""Carry out the tests of queries and updates. Each function raises AssertionError when the service does not do what the test expects."""

from __future__ import annotations

import re
from typing import Final

from rdflib import Graph, URIRef

from tests.conformance.sparql.client import Client, Response
from tests.conformance.sparql.compare_results import difference, graph_difference
from tests.conformance.sparql.manifests import MF, QT, UT, Test, graphs, is_ours, local_path
from tests.conformance.sparql.read_results import (
    GRAPH_MEDIA_TYPES,
    RESULT_MEDIA_TYPES,
    Solutions,
    exact_literals,
    read_expected,
    read_graph_file,
    read_results,
)

_POSITION: Final = re.compile(r"\bline\W{1,4}\d+.{1,20}\bcolumn\W{1,4}\d+", re.IGNORECASE | re.DOTALL)
_FROM: Final = re.compile(rb"\bFROM\s+(NAMED\s+)?<([^>]*)>", re.IGNORECASE)
#: Operations that may fail when they are carried out, though their syntax is right: what they name is not there, or may not be had.
_MAY_FAIL: Final = re.compile(rb"\b(LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY)\b", re.IGNORECASE)
_STATE: Final = b"SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"


def run(test: Test, client: Client) -> None:
    """Carry out a test of a query or an update."""
    match test.kind:
        case "QueryEvaluationTest" | "CSVResultFormatTest":
            _query(test, client)
        case "UpdateEvaluationTest":
            _update(test, client)
        case "PositiveSyntaxTest" | "PositiveSyntaxTest11" | "PositiveUpdateSyntaxTest11":
            _positive_syntax(test, client)
        case "NegativeSyntaxTest" | "NegativeSyntaxTest11" | "NegativeUpdateSyntaxTest11":
            _negative_syntax(test, client)
        case _:
            raise AssertionError(f"{test.iri} is a {test.kind}, which this runner does not know")


def _query(test: Test, client: Client) -> None:
    query_file = str(test.one(test.action, QT["query"]))
    text = local_path(query_file).read_bytes()
    default, named = graphs(test, test.action, QT)
    for _, graph in _FROM.findall(text):
        iri = str(URIRef(graph.decode(), base=query_file))
        if is_ours(iri):
            named[iri] = iri
    client.hold(default, named)
    expected = read_expected(str(test.result))
    answer = client.query(f"BASE <{query_file}>\n".encode() + text, _accept(str(test.result), expected))
    assert answer.status == 200, f"{answer.status} {answer.text[:1000]}"
    actual = read_results(answer.body, answer.media_type, query_file)
    lax = test.manifest.value(test.node, MF.resultCardinality) == MF.LaxCardinality
    assert not (found := difference(expected, actual, lax=lax)), found


def _accept(result_file: str, expected: object) -> str:
    """Return the media type of the file of expected results; results in ``rs:`` are asked for in JSON."""
    suffix = local_path(result_file).suffix
    if isinstance(expected, Graph):
        return GRAPH_MEDIA_TYPES[suffix]
    return RESULT_MEDIA_TYPES.get(suffix, "application/sparql-results+json")


def _update(test: Test, client: Client) -> None:
    request_file = str(test.one(test.action, UT.request))
    client.hold(*graphs(test, test.action, UT))
    answer = client.update(f"BASE <{request_file}>\n".encode() + local_path(request_file).read_bytes())
    assert answer.status in (200, 204), f"{answer.status} {answer.text[:1000]}"
    default, named = graphs(test, test.result or test.action, UT)
    expected = {"": _merged(default)} | {iri: read_graph_file(file) for iri, file in named.items()}
    actual = _state(client)
    for iri in {*expected, *actual}:
        found = graph_difference(expected.get(iri, Graph()), actual.get(iri, Graph()))
        assert not found, f"the graph {iri or '(default)'}: {found}"


def _merged(files: list[str]) -> Graph:
    graph = Graph()
    for file in files:
        graph += read_graph_file(file)
    return graph


def _state(client: Client) -> dict[str, Graph]:
    """Return graph IRI (``""``: the default graph) → graph, of all graphs that are not empty: a service need not keep empty ones."""
    answer = client.query(_STATE, "application/sparql-results+json")
    solutions = read_results(answer.body, answer.media_type)
    assert isinstance(solutions, Solutions)
    found: dict[str, Graph] = {}
    with exact_literals():
        for row in solutions.rows:
            graph = found.setdefault(row["g"].value if "g" in row else "", Graph())
            s, p, o = (row[name].to_node() for name in "spo")
            graph.add((s, p, o))
    return found


def text_of(test: Test) -> bytes:
    """Return the text of a syntax test."""
    return local_path(str(test.action)).read_bytes()


def send_text(test: Test, client: Client) -> Response:
    """Send the text of a syntax test as it is; an update meets an empty dataset."""
    text = text_of(test)
    if not is_update(test):
        return client.query(text, "*/*")
    client.hold([], {})
    return client.update(text)


def is_update(test: Test) -> bool:
    """Say whether a syntax test's text is an update. Some of ``delete-insert/`` are, though typed as tests of queries."""
    return str(test.action).endswith(".ru")


def _positive_syntax(test: Test, client: Client) -> None:
    """Check that a text is accepted. Syntax is all that is tested: an update may fail for what it asks, only not as malformed (400)."""
    answer = send_text(test, client)
    if is_update(test) and _MAY_FAIL.search(text_of(test)):
        assert answer.status != 400, answer.text[:1000]
    else:
        assert answer.status in (200, 204), f"{answer.status} {answer.text[:1000]}"


def is_negative(test: Test) -> bool:
    """Say whether a test's text has to be refused."""
    return test.kind.startswith("Negative")


def _negative_syntax(test: Test, client: Client) -> None:
    answer = send_text(test, client)
    assert answer.status == 400, f"expected 400, got {answer.status} {answer.text[:1000]}"


def says_where(answer: Response) -> bool:
    """Say whether the message of a refusal names line and column."""
    return bool(_POSITION.search(answer.text))
