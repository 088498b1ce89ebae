"""/network over the real data: the drawing's data, GraphML and tables say what the graph says."""

from __future__ import annotations

import io
import json
import math
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from ptce_lod.release.graphml import _in_xml
from ptce_lod.release.network import _places
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from ptce_lod.web.filtering import Filters, Network, filtered

PTCE, ORG = "https://w3id.org/ptce/ns#", "http://www.w3.org/ns/org#"
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"


def read(real_client: FlaskClient, query: str = "") -> dict[str, Any]:
    response = real_client.get(f"/network.json{query}")
    assert response.status_code == 200
    return json.loads(response.data)  # type: ignore[no-any-return]


def test_every_participation_is_an_edge_and_every_pole_a_node(
    real_client: FlaskClient, triples: ox.Store
) -> None:
    found = read(real_client)
    asked: Any = triples.query(
        f"SELECT DISTINCT ?p {{ ?p a <{PTCE}Participation> ; <{ORG}organization> ?o ; <{ORG}member> ?m . ?o a <{PTCE}Pole> }}"
    )
    participations = {row["p"].value for row in asked}
    assert {e["iri"] for e in found["links"] if e["kind"] == "participation"} == participations
    poles: Any = triples.query(f"SELECT ?p {{ ?p a <{PTCE}Pole> }}")
    assert {n["id"] for n in found["nodes"] if n["kind"] == "pole"} == {row["p"].value for row in poles}
    ids = {n["id"] for n in found["nodes"]}
    assert all(e["source"] in ids and e["target"] in ids for e in found["links"])
    assert all(n["label_fr"] and n["label_en"] for n in found["nodes"])


@pytest.mark.parametrize("query", ["", "?pole=tetris", "?role=member", "?year=2014"])
def test_graphml_holds_the_same(real_client: FlaskClient, query: str) -> None:
    response = real_client.get(f"/network.graphml{query}")
    assert response.headers["Content-Type"] == "application/graphml+xml; charset=utf-8"
    root = ElementTree.parse(io.BytesIO(response.data)).getroot()
    found = read(real_client, query)
    (graph,) = root.iter(f"{GRAPHML}graph")
    keys = {key.get("id") for key in root.iter(f"{GRAPHML}key")}
    assert {data.get("key") for data in root.iter(f"{GRAPHML}data")} <= keys
    assert [n.get("id") for n in graph.iter(f"{GRAPHML}node")] == [n["id"] for n in found["nodes"]]
    ends = [(e.get("source"), e.get("target")) for e in graph.iter(f"{GRAPHML}edge")]
    assert ends == [(e["source"], e["target"]) for e in found["links"]]


def test_networkx_reads_it(real_client: FlaskClient) -> None:
    networkx = pytest.importorskip("networkx")
    graph = networkx.read_graphml(io.BytesIO(real_client.get("/network.graphml").data))
    found = read(real_client)
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (len(found["nodes"]), len(found["links"]))


def test_filters_leave_what_they_say(real_client: FlaskClient) -> None:
    member = "https://w3id.org/ptce/concept/role/member"
    assert {e["what"] for e in read(real_client, "?role=member")["links"]} == {member}
    pole = "http://127.0.0.1:8000/id/pole/tetris"
    around = read(real_client, "?pole=tetris")
    assert all(pole in (e["source"], e["target"], e["pole"]) for e in around["links"])
    for edge in read(real_client, "?year=2014")["links"]:
        assert edge["start"][:4] <= "2014" <= (edge["end"][:4] or "9999")
    both = read(real_client, "?pole=tetris&role=member")
    assert 0 < len(both["links"]) < len(around["links"])
    nothing = read(real_client, "?pole=none")
    assert nothing["links"] == nothing["nodes"] == []


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("year=20", 400, "year is '20', expected four digits"),
        ("role=" + "x" * 101, 400, "role is"),
        ("page=0", 400, "page is '0'"),
        ("page=999", 404, "does not exist"),
    ],
)
def test_what_is_wrong_is_said(real_client: FlaskClient, query: str, status: int, said: str) -> None:
    response = real_client.get(f"/network.html?{query}", headers={"Accept": "application/json"})
    assert response.status_code == status
    assert said in response.text


def test_the_page_has_the_tables_in_both_languages(real_client: FlaskClient) -> None:
    for language, word in (("fr", "Réseau des coopérations"), ("en", "Network of cooperation")):
        page = real_client.get(f"/network?pole=tetris&lang={language}", headers={"Accept": "text/html"}).text
        assert word in page
        assert page.count('<th scope="row">') > 20
        assert "/doc/pole/tetris" in page
        assert "<script>alert" not in real_client.get("/network?role=<script>alert(1)</script>").text


def test_nodes_of_a_part_do_not_lie_on_each_other() -> None:
    star = {
        "hub": {f"n{i}" for i in range(200)},
        **{f"n{i}": {"hub"} for i in range(200)},
        "n0": {"hub", "m"},
        "m": {"n0"},
    }
    places = _places(sorted({*star, "alone"}), star, {"hub"})
    assert places.keys() == {*star, "alone"}
    ordered = list(places.values())
    closest = min(math.dist(a, b) for i, a in enumerate(ordered) for b in ordered[:i])
    assert closest > 10
    assert _places(sorted({*star, "alone"}), star, {"hub"}) == places


def test_five_thousand_nodes_are_a_small_page(published: Settings) -> None:
    nodes = [
        {
            "id": f"http://127.0.0.1:8000/id/actor/a{n}",
            "kind": "actor",
            "type": "",
            "x": n,
            "y": 0,
            "degree": 1,
        }
        for n in range(5000)
    ]
    blank = {"what": "", "pole": "", "start": "", "end": ""}
    first = nodes[0]["id"]
    edges = [
        {"iri": f"i{n}", "kind": "participation", "source": nodes[n]["id"], "target": first, **blank}
        for n in range(1, 5000)
    ]
    from ptce_lod.web import pages

    app = create_app(published)
    found = filtered(Network(nodes, edges), Filters(), replace(published))
    with app.test_request_context("/network"):
        from ptce_lod.web import context

        page = pages.render_network(context.backend(), published, found, Filters(), (1, 100), "fr")
    assert len(page.encode()) < 200_000


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    assert _in_xml("a\x00b\x0bé\ud800𝄞") == "abé𝄞"
