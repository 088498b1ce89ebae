from __future__ import annotations

import json

import pytest
import rdflib
from flask.testing import FlaskClient

from tests.unit.query.small_release import BASE

COUNT = "SELECT (COUNT(?p) AS ?n) { ?p a ptce:Pole }"
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")


def value(data: bytes) -> str:
    return str(json.loads(data)["results"]["bindings"][0]["n"]["value"])


def test_the_three_ways_to_send_a_query_answer_the_same(client: FlaskClient) -> None:
    get = client.get("/sparql", query_string={"query": COUNT})
    form = client.post("/sparql", data={"query": COUNT})
    body = client.post("/sparql", data=COUNT, content_type="application/sparql-query")
    assert [value(r.data) for r in (get, form, body)] == ["4", "4", "4"]
    assert get.headers["Content-Type"] == "application/sparql-results+json; charset=utf-8"


@pytest.mark.parametrize(
    ("query", "accept", "expected"),
    [
        (COUNT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (COUNT, "text/csv", "text/csv"),
        (COUNT, "text/tab-separated-values;q=0.9, text/csv;q=0.1", "text/tab-separated-values"),
        (COUNT, "application/json", "application/sparql-results+json"),
        (
            COUNT,
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "application/sparql-results+xml",
        ),
        ("DESCRIBE poleid:archer", "application/rdf+xml", "application/rdf+xml"),
        ("DESCRIBE poleid:archer", "application/json", "application/ld+json"),
        ("CONSTRUCT WHERE { ?s a ptce:Pole }", None, "text/turtle"),
        ("ASK { }", "*/*", "application/sparql-results+json"),
    ],
)
def test_the_result_is_negotiated(client: FlaskClient, query: str, accept: str | None, expected: str) -> None:
    response = client.get(
        "/sparql", query_string={"query": query}, headers={"Accept": accept} if accept else {}
    )
    assert response.status_code == 200
    assert response.mimetype == expected


def test_format_beats_accept(client: FlaskClient) -> None:
    response = client.get(
        "/sparql", query_string={"query": COUNT, "format": "csv"}, headers={"Accept": "image/png"}
    )
    assert response.mimetype == "text/csv"
    assert client.get("/sparql", query_string={"query": COUNT, "format": "x\r\nEvil: 1"}).status_code == 400


def test_an_accepted_type_that_cannot_hold_the_answer_is_406(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": COUNT}, headers={"Accept": "text/turtle"})
    assert response.status_code == 406
    assert response.content_type == "text/turtle; charset=utf-8"
    assert "text/csv" in response.text, "what there is"


def test_the_dataset_of_the_request_is_used(client: FlaskClient) -> None:
    graph = {"default-graph-uri": f"{BASE}graph/pages/2026-11-22"}
    assert value(client.get("/sparql", query_string={"query": COUNT, **graph}).data) == "0"
    assert value(client.post("/sparql", data={"query": COUNT, **graph}).data) == "0"
    query = {"query": "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?p a ptce:Pole } }"}
    named = {"named-graph-uri": f"{BASE}graph/facts/2026-11-22"}
    assert value(client.get("/sparql", query_string={**query, **named}).data) == "4"


def test_a_syntax_error_is_400_with_its_place(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": "SELECT * {\n ?s ?p"})
    assert response.status_code == 400
    assert response.json["line"] == 2  # type: ignore[index]
    assert response.json["column"] > 1  # type: ignore[index]


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"query_string": {"query": ""}}, 400),
        ({"query_string": [("query", "ASK{}"), ("query", "ASK{}")]}, 400),
        ({"query_string": "query=%ff%fe"}, 400),
        ({"query_string": {"query": "ASK{}", "timeout": "soon"}}, 400),
        ({"query_string": {"query": "ASK{}", "timeout": "-1"}}, 400),
        ({"query_string": {"query": "ASK{}", "timeout": "nan"}}, 400),
        ({"query_string": {"query": "ASK{}", "default-graph-uri": "not an iri"}}, 400),
        ({"query_string": {"query": "ASK{}", "default-graph-uri": "http://e/%zz"}}, 400),
        ({"query_string": {"query": "ASK{}", "named-graph-uri": "http://e/["}}, 400),
        ({"query_string": {"query": "ASK { \0 }"}}, 400),
        ({"query_string": {"query": "ASK { SERVICE <http://127.0.0.1:9/> {} }"}}, 403),
        ({"query_string": {"query": "ASK " + "{" * 101}}, 403),
        ({"query_string": {"query": "INSERT DATA { <a:a> <a:b> <a:c> }"}}, 400),
        ({"query_string": {"query": "SELECT * { ?a ?b ?c . ?d ?e ?f }"}}, 413),
    ],
)
def test_a_bad_get_is_refused(client: FlaskClient, options: dict[str, object], status: int) -> None:
    assert client.get("/sparql", **options).status_code == status  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"data": "ASK {}", "content_type": "text/plain"}, 415),
        ({"data": b"\xff", "content_type": "application/sparql-query"}, 400),
        ({"data": {"other": "x"}}, 400),
        ({"data": "#" * 150_000, "content_type": "application/sparql-query"}, 413),
        ({"data": "#" * 2_100_000, "content_type": "application/sparql-query"}, 413),
        ({"data": {"query": "#" * 2_100_000}}, 413),
        (
            {
                "data": b"x",
                "content_type": "application/sparql-query",
                "headers": {"Content-Encoding": "br"},
            },
            415,
        ),
        (
            {"data": "ASK{}", "content_type": "application/sparql-query", "query_string": {"query": "ASK{}"}},
            400,
        ),
    ],
)
def test_a_bad_post_is_refused(client: FlaskClient, options: dict[str, object], status: int) -> None:
    assert client.post("/sparql", **options).status_code == status  # type: ignore[arg-type]


def test_a_query_past_its_own_deadline_is_503_with_a_time_to_come_back(client: FlaskClient) -> None:
    bomb = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?p }"
    response = client.get("/sparql", query_string={"query": bomb, "timeout": "0.2"})
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "0.2 seconds" in response.json["detail"]  # type: ignore[index]


def test_a_result_has_an_entity_tag_of_its_query(client: FlaskClient) -> None:
    first = client.get("/sparql", query_string={"query": COUNT})
    tag = first.headers["ETag"]
    assert (
        client.get("/sparql", query_string={"query": COUNT}, headers={"If-None-Match": tag}).status_code
        == 304
    )
    assert client.get("/sparql", query_string={"query": COUNT + " "}).headers["ETag"] != tag
    assert client.get("/sparql", query_string={"query": COUNT, "format": "csv"}).headers["ETag"] != tag


def test_without_a_query_the_service_describes_itself(client: FlaskClient) -> None:
    graph = rdflib.Graph().parse(data=client.get("/sparql").data, format="turtle")
    service = rdflib.URIRef(BASE + "sparql")
    assert (service, SD.endpoint, service) in graph
    assert (service, SD.feature, SD.UnionDefaultGraph) in graph
    assert len(list(graph.objects(None, SD.namedGraph))) >= 6
    assert len(list(graph.objects(service, SD.resultFormat))) == 10
    people = client.get("/sparql", headers={"Accept": "text/html"})
    assert people.mimetype == "text/html"


def test_a_call_of_a_function_that_nobody_has_is_an_error_of_its_expression(client: FlaskClient) -> None:
    query = "SELECT ?s (<http://x/é>(?s) AS ?y) (<http://x/g>(1) AS ?z) { ?s a ptce:Pole }"
    response = client.get("/sparql", query_string={"query": query, "format": "json"})
    assert response.status_code == 200
    rows = response.json["results"]["bindings"]  # type: ignore[index]
    assert rows
    assert all("y" not in row for row in rows)
    warning = response.headers["PTCE-Warning"]
    assert warning.isascii()
    assert "there is no function" in warning
    assert "http://x/g" in warning
    assert "PTCE-Warning" not in client.get("/sparql", query_string={"query": "ASK {}"}).headers


@pytest.mark.parametrize("format_", ["json", "html"])
@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "STRUUID ( )"])
def test_an_answer_that_varies_has_no_tag_and_is_not_kept(
    client: FlaskClient, call: str, format_: str
) -> None:
    query = {"query": f"SELECT ({call} AS ?x) {{}}", "format": format_}
    response = client.get("/sparql", query_string=query)
    assert response.status_code == 200
    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def test_without_the_project_s_prefixes_they_must_be_declared(client: FlaskClient) -> None:
    query = "ASK { ?pole a ptce:Pole }"
    known = client.get("/sparql", query_string={"query": query})
    unknown = client.get("/sparql", query_string={"query": query, "prefixes": "off"})
    assert (known.status_code, unknown.status_code) == (200, 400)
    assert known.headers["ETag"] != unknown.headers.get("ETag")
