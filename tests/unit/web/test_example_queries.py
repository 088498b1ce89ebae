"""Example queries on the site: thing, document, list, and the form opened with one of them."""

from __future__ import annotations

import rdflib
from flask.testing import FlaskClient

from tests.unit.query.small_release import BASE

SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")


def test_a_query_has_a_document_in_rdf(client: FlaskClient) -> None:
    assert client.get("/id/query/poles").headers["Location"] == "/doc/query/poles"
    graph = rdflib.Graph().parse(data=client.get("/doc/query/poles.ttl").text, format="turtle")
    query = rdflib.URIRef(f"{BASE}id/query/poles")
    assert str(graph.value(query, SH.select)).startswith("PREFIX ptce:")


def test_its_page_shows_the_query_and_opens_it_in_the_editor(client: FlaskClient) -> None:
    page = client.get("/doc/query/poles.html?lang=en").text
    assert "<h1>The poles</h1>" in page
    assert "All of them." in page
    assert "SELECT ?pole WHERE { ?pole a ptce:Pole }</code></pre>" in page
    assert "&lt;https://w3id.org/ptce/ns#&gt;" in page
    assert 'href="/sparql?example=poles"' in page


def test_other_pages_have_no_query(client: FlaskClient) -> None:
    assert "/sparql?example=" not in client.get("/doc/pole/archer.html").text


def test_the_list_names_and_describes_them_in_the_readers_language(client: FlaskClient) -> None:
    for language, name, text in (("fr", "Les pôles", "Tous."), ("en", "The poles", "All of them.")):
        page = client.get(f"/queries.html?lang={language}").text
        assert f'<a href="/doc/query/poles">{name}</a>' in page
        assert f">{text}</td>" in page


def test_the_list_as_data_declares_the_prefixes_they_share(client: FlaskClient) -> None:
    graph = rdflib.Graph().parse(data=client.get("/queries.ttl").text, format="turtle")
    prefixes = rdflib.URIRef(f"{BASE}queries#prefixes")
    (declaration,) = graph.objects(prefixes, SH.declare)
    assert graph.value(declaration, SH.prefix) == rdflib.Literal("ptce")
    assert not list(graph.subjects(SH.prefixes, prefixes))
    assert "prefix-" not in client.get("/poles.ttl").text


def test_the_form_opens_with_an_example(client: FlaskClient) -> None:
    html = {"Accept": "text/html"}
    page = client.get("/sparql?example=first", headers=html)
    assert "required>ASK {}</textarea>" in page.text
    other = client.get("/sparql?example=poles", headers=html)
    assert "a ptce:Pole }</textarea>" in other.text
    assert (
        len(
            {page.headers["ETag"], other.headers["ETag"], client.get("/sparql", headers=html).headers["ETag"]}
        )
        == 3
    )
    assert (
        client.get(
            "/sparql?example=first", headers={**html, "If-None-Match": page.headers["ETag"]}
        ).status_code
        == 304
    )


def test_an_example_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    for slug in ("nope", 'a"b', "a%0D%0Ab", "é"):
        response = client.get(f"/sparql?example={slug}", headers={"Accept": "text/html"})
        assert response.status_code == 404
        assert "/queries lists them" in response.text


def test_the_service_description_is_the_same_whatever_example_is_named(client: FlaskClient) -> None:
    turtle = {"Accept": "text/turtle"}
    assert (
        client.get("/sparql?example=nope", headers=turtle).data == client.get("/sparql", headers=turtle).data
    )
