"""Carry out the tests that describe HTTP exchanges: those of the protocol and of the graph store, in the vocabulary ``ht:``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from rdflib import Graph, Namespace
from rdflib.collection import Collection
from rdflib.term import Node

from tests.conformance.sparql.client import Client, Response
from tests.conformance.sparql.compare_results import graph_difference
from tests.conformance.sparql.manifests import MF, UT, Test, graphs
from tests.conformance.sparql.read_results import (
    GRAPH_MEDIA_TYPES,
    RESULT_MEDIA_TYPES,
    read_graph,
    read_results,
)

HT: Final = Namespace("http://www.w3.org/2011/http#")
CNT: Final = Namespace("http://www.w3.org/2011/content#")
_CODES: Final = {"OK": 200, "Created": 201, "NoContent": 204, "BadRequest": 400, "NotFound": 404}
#: What the manifest calls a format → the media types of it. "boolean" leaves out CSV and TSV, which have no booleans.
_FORMATS: Final = {
    "boolean": {RESULT_MEDIA_TYPES[".srx"], RESULT_MEDIA_TYPES[".srj"]},
    "tabular": set(RESULT_MEDIA_TYPES.values()),
    "RDF": {*GRAPH_MEDIA_TYPES.values(), "application/ld+json", "application/n-quads", "application/trig"},
}


@dataclass(frozen=True)
class Request:
    """One request of a manifest: its path begins with ``/sparql/`` or ``/gsp``."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")


def run_protocol(test: Test, client: Client) -> None:
    """Carry out a test of the protocol, with the graphs it lists loaded."""
    client.hold(*graphs(test, test.node, UT))
    for node in _requests(test):
        request = _request(test.manifest, node, {})
        endpoint = client.endpoints.update if _is_update(test, request) else client.endpoints.query
        query = urlsplit(request.path).query
        url = f"{endpoint}?{query}" if query else endpoint
        answer = client.send(request.method, url, request.body, request.headers)
        _judge(test.manifest, test.one(node, HT.resp), answer)


def run_graph_store(test: Test, client: Client) -> None:
    """Carry out a test of the graph store."""
    client.hold([], {})
    known: dict[str, str] = {}
    for node in _requests(test):
        request = _request(test.manifest, node, known)
        url = client.endpoints.graph_store + request.path.removeprefix("/gsp")
        answer = client.send(request.method, url, request.body, request.headers)
        _judge(test.manifest, test.one(node, HT.resp), answer, url)
        expected_location = test.manifest.value(test.one(node, HT.resp), MF.expectedLocation)
        if expected_location is not None:
            assert answer.headers.get("location"), "the answer has no Location"
            known[str(expected_location)] = answer.headers["location"]


def _requests(test: Test) -> list[Node]:
    return list(Collection(test.manifest, test.one(test.action, HT.requests)))


def _request(manifest: Graph, node: Node, known: dict[str, str]) -> Request:
    """Read a request; names in ``known`` stand for their values in its path and body."""

    def filled(text: str) -> str:
        for name, value in known.items():
            text = text.replace(name, value)
        return text

    body = manifest.value(node, HT.body)
    encoded = None
    if body is not None:
        encoding = str(manifest.value(body, CNT.characterEncoding))
        encoded = filled(str(manifest.value(body, CNT.chars))).encode(encoding)
    return Request(
        str(manifest.value(node, HT.methodName)),
        filled(str(manifest.value(node, HT.absolutePath))),
        _headers(manifest, node),
        encoded,
    )


def _headers(manifest: Graph, node: Node) -> dict[str, str]:
    headers = manifest.value(node, HT.headers)
    if headers is None:
        return {}
    return {
        str(manifest.value(header, HT.fieldName)): str(manifest.value(header, HT.fieldValue))
        for header in Collection(manifest, headers)
    }


def _is_update(test: Test, request: Request) -> bool:
    """Say whether a request goes to the update endpoint. The manifest has one path for both and says that services may have two."""
    if request.content_type.startswith("application/sparql-query"):
        return False
    return "update" in test.id.partition("/")[2]


def _judge(manifest: Graph, expected: Node, answer: Response, base: str = "") -> None:
    """Compare an answer with what the manifest expects."""
    shown = f"{answer.status} {answer.text[:1000]}"
    statuses = [str(status).partition("#")[2] for status in manifest.objects(expected, MF.expectedStatus)]
    assert any(_is_status(answer.status, name) for name in statuses), f"expected {statuses}, got {shown}"
    format_ = manifest.value(expected, MF.expectedFormat)
    if format_ is not None:
        assert answer.media_type in _FORMATS[str(format_)], (
            f"expected {format_}, got {answer.media_type!r}: {shown}"
        )
    boolean = manifest.value(expected, MF.expectedBoolean)
    if boolean is not None:
        found = read_results(answer.body, answer.media_type)
        assert found is (str(boolean) == "true"), f"expected {boolean}, got {shown}"
    body = manifest.value(expected, HT.body)
    if body is not None:
        media_type = _headers(manifest, expected)["content-type"].partition(";")[0]
        assert answer.media_type == media_type, f"expected {media_type}, got {answer.media_type!r}"
        left = read_graph(str(manifest.value(body, CNT.chars)), media_type, base)
        difference = graph_difference(left, read_graph(answer.body, media_type, base))
        assert not difference, difference


def _is_status(status: int, name: str) -> bool:
    if name.startswith("StatusCode"):
        return status // 100 == int(name.removeprefix("StatusCode")[0])
    return status == _CODES[name]
