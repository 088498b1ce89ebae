"""/fragments over the real data: patterns in every spelling, controls that a client can follow, pages that end."""

from __future__ import annotations

from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from ptce_lod import namespaces as ns
from ptce_lod.formats import RDF_FORMATS, TRIG, Format
from ptce_lod.serialize import oxigraph_format
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from ptce_lod.web.hydra import HYDRA

POLE = "https://w3id.org/ptce/ns#Pole"


@pytest.fixture(scope="module")
def client(published: Settings) -> FlaskClient:
    return create_app(published).test_client(use_cookies=False)


def read(client: FlaskClient, address: str, format_: Format = TRIG) -> ox.Dataset:
    response = client.get(address, headers={"Accept": format_.media_type})
    assert response.status_code == 200, response.text
    assert response.mimetype == format_.media_type
    return ox.Dataset(ox.parse(response.data, format=oxigraph_format(format_)))


def values(found: ox.Dataset, subject: str, predicate: str) -> list[str]:
    return [
        q.object.value
        for q in found.quads_for_subject(ox.NamedNode(subject))
        if q.predicate.value == predicate
    ]


def follow(client: FlaskClient, first: str, base: str) -> tuple[list[ox.Triple], int]:
    """Walk a fragment as a client does, by its controls alone; return its triples and the count it states."""
    address, triples, totals = first, [], set()
    while address:
        found = read(client, address.removeprefix(base.rstrip("/")))
        page = next(q.object.value for q in found if q.predicate.value == ns.FOAF + "primaryTopic")
        assert page == address
        triples += [q.triple for q in found.quads_for_graph_name(ox.DefaultGraph())]
        totals.update(values(found, page, HYDRA + "totalItems"))
        address = next(iter(values(found, page, HYDRA + "next")), "")
    (total,) = totals
    return triples, int(total)


def test_a_client_gets_every_triple_once_by_the_controls(client: FlaskClient, published: Settings) -> None:
    base = published.base_iri
    found = read(client, "/fragments")
    form = next(q for q in found if q.predicate.value == HYDRA + "template").object.value
    assert form == f"{base}fragments{{?s,p,o,g}}"
    mapped = {q.object.value for q in found if q.predicate.value == HYDRA + "property"}
    assert {name.rpartition("#")[2] for name in mapped} == {"subject", "predicate", "object", "graph"}
    triples, total = follow(
        client, f"{base}fragments?{urlencode({'p': ns.RDF + 'type', 'o': ns.SKOS + 'Concept'})}", base
    )
    assert len(triples) == len(set(triples)) == total > published.page_size
    assert {(str(t.predicate), str(t.object)) for t in triples} == {
        (f"<{ns.RDF}type>", f"<{ns.SKOS}Concept>")
    }


@pytest.mark.parametrize("format_", RDF_FORMATS, ids=lambda f: f.name)
def test_every_format_holds_the_triples_and_the_controls(client: FlaskClient, format_: Format) -> None:
    found = read(client, f"/fragments.{format_.extension}?{urlencode({'o': POLE})}", format_)
    assert sum(q.predicate.value == ns.RDF + "type" and q.object == ox.NamedNode(POLE) for q in found) > 40
    assert any(q.predicate.value == HYDRA + "totalItems" for q in found)


@pytest.mark.parametrize(
    "query",
    [
        {"p": "rdf:type", "o": POLE},
        {"predicate": "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "object": "ptce:Pole"},
        {"s": "?x", "p": ns.RDF + "type", "o": f" {POLE} ", "g": ""},
        {"s": "_:b0", "p": ns.RDF + "type", "o": POLE},
    ],
)
def test_a_term_can_be_written_in_several_ways_and_has_one_address(
    client: FlaskClient, published: Settings, query: dict[str, str]
) -> None:
    response = client.get("/fragments", query_string=query, headers={"Accept": "text/html"})
    assert response.status_code == 200
    canonical = (
        f'<{published.base_iri}fragments?{urlencode({"p": ns.RDF + "type", "o": POLE})}>; rel="canonical"'
    )
    assert canonical in response.headers["Link"]


def test_literals_with_language_and_datatype(client: FlaskClient) -> None:
    found = read(client, "/fragments?" + urlencode({"p": "skos:prefLabel", "o": '"membre"@FR'}))
    assert any(str(q.object) == '"membre"@fr' for q in found.quads_for_graph_name(ox.DefaultGraph()))
    for datatype in (
        "xsd:gYear",
        "<http://www.w3.org/2001/XMLSchema#gYear>",
        "http://www.w3.org/2001/XMLSchema#gYear",
    ):
        found = read(client, "/fragments?" + urlencode({"o": f'"2014"^^{datatype}'}))
        assert len(list(found.quads_for_graph_name(ox.DefaultGraph())))


def test_a_graph_narrows_and_the_union_holds_each_triple_once(
    client: FlaskClient, published: Settings
) -> None:
    everything = read(client, "/fragments")
    total = next(q.object.value for q in everything if q.predicate.value == HYDRA + "totalItems")
    graph = f"{published.base_iri}graph/vocabulary/0.1.0"
    part = read(client, f"/fragments?g={graph}")
    fewer = next(q.object.value for q in part if q.predicate.value == HYDRA + "totalItems")
    assert 0 < int(fewer) < int(total)
    nothing = read(client, f"/fragments?g={published.base_iri}graph/none/1")
    assert next(q.object.value for q in nothing if q.predicate.value == HYDRA + "totalItems") == "0"


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("page=0", 400, "expected a whole number"),
        ("page=-1", 400, "page is '-1'"),
        ("page=abc", 400, "page is 'abc'"),
        ("page=1000000000000", 400, "expected a whole number"),
        ("page=99999", 404, "does not exist"),
        ("o=%22a", 400, "expected a literal such as"),
        ("p=nonsense", 400, "p is 'nonsense'"),
        ("p=unknown%3Ax%20y", 400, "p is"),
        ("s=http%3A//a&s=http%3A//b", 400, "s is given 2 times"),
        ("o=" + "a" * 8001, 400, "at most 8000"),
    ],
)
def test_what_is_wrong_is_said(client: FlaskClient, query: str, status: int, said: str) -> None:
    response = client.get(f"/fragments?{query}", headers={"Accept": "application/json"})
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    assert said in response.get_json()["detail"]


def test_the_page_for_people(client: FlaskClient) -> None:
    page = client.get("/fragments", query_string={"o": POLE, "lang": "fr"}, headers={"Accept": "text/html"})
    assert "Trouver les triplets" in page.text
    assert 'value="https://w3id.org/ptce/ns#Pole"' in page.text
    assert "<code>rdf:type</code>" in page.text
    hostile = '"<script>alert(1)</script>"'
    page = client.get("/fragments", query_string={"o": hostile}, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_an_odd_address_does_not_leave_its_place(client: FlaskClient) -> None:
    response = client.get(
        '/fragments?o=%22a%22&x=%3E%20%3Chttp://evil/%3E%0d%0a"<>', headers={"Accept": "text/turtle"}
    )
    assert response.status_code == 200
    assert list(ox.parse(response.data, format=ox.RdfFormat.TURTLE))


def test_the_union_has_a_name_for_clients_that_need_one(client: FlaskClient, published: Settings) -> None:
    (union,) = {
        q.object.value
        for q in read(client, "/fragments")
        if q.predicate.value == "http://www.w3.org/ns/sparql-service-description#defaultGraph"
    }
    named = client.get(f"/fragments?{urlencode({'p': 'rdf:type', 'o': POLE, 'g': union})}")
    plain = client.get(f"/fragments?{urlencode({'p': 'rdf:type', 'o': POLE})}")
    assert named.status_code == 200
    assert named.headers["Link"].count("#union") == 0
    found = [set(ox.parse(each.data, format=ox.RdfFormat.TURTLE)) for each in (named, plain)]
    poles = [{q for q in each if q.object.value == POLE} for each in found]  # type: ignore[union-attr]
    assert poles[0] == poles[1]
    assert len(poles[0]) == published.page_size


@pytest.mark.parametrize("name", ["s", "p", "g"])
def test_a_literal_where_none_can_be_matches_nothing(
    client: FlaskClient, published: Settings, name: str
) -> None:
    """Comunica asks so when a variable was bound to a literal elsewhere, and never ends when it is told of an error."""
    found = read(client, f"/fragments?{urlencode({name: chr(34) + 'Tetris' + chr(34) + '@fr'})}")
    assert not list(found.quads_for_graph_name(ox.DefaultGraph()))
    assert {q.object.value for q in found if q.predicate.value == HYDRA + "totalItems"} == {"0"}
