"""Tables for programs: pages, filters, and JSON that is RDF of the release."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from ptce_lod.release.tables.declared import declared
from ptce_lod.settings import Settings

NAMES = [table.name for table in declared()]


def read(client: FlaskClient, path: str) -> Any:
    response = client.get(path)
    assert response.status_code == 200, response.text
    return json.loads(response.data)


@pytest.mark.parametrize("name", NAMES)
def test_pages_together_hold_the_table(real_client: FlaskClient, name: str) -> None:
    table = list(csv.DictReader(io.StringIO(real_client.get(f"/dumps/latest/tables/{name}.csv").text)))
    found, path = [], f"/api/{name}.json?limit=40"
    while path:
        page = read(real_client, path)
        assert page["total"] == len(table)
        assert len(page["items"]) <= 40
        found += page["items"]
        path = (
            page["next"].partition("/api/")[2] and f"/api/{page['next'].partition('/api/')[2]}"
            if page["next"]
            else ""
        )
    assert [row["id"] for row in found] == [row["id"] for row in table]
    assert list(found[0]) == list(table[0]), "keys are the columns"
    same = list(csv.DictReader(io.StringIO(real_client.get(f"/api/{name}.csv?limit=1000").text)))
    assert [row["id"] for row in same] == [row["id"] for row in table][:1000]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_in_rdf_only_what_the_release_says(
    real_client: FlaskClient, published: Settings, triples: Any, name: str
) -> None:
    page = read(real_client, f"/api/{name}.json?limit=1000")
    assert page["@context"] == f"{published.base_iri}api/context.jsonld"
    page["@context"] = json.loads(real_client.get("/api/context.jsonld").data)["@context"]
    graph = list(ox.parse(json.dumps(page).encode(), format=ox.RdfFormat.JSON_LD))
    for quad in graph:
        assert ox.Quad(quad.subject, quad.predicate, quad.object) in triples, quad
    if name in ("participations", "cooperations", "recognitions"):
        assert len(graph) >= page["total"]


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("regions=bretagne", lambda row: "Bretagne" in row["regions"]),
        (
            "regions=Bretagne&regions=%C3%8Ele-de-France",
            lambda row: {"Bretagne", "Île-de-France"} & set(row["regions"]),
        ),
        ("stage=established", lambda row: (row["stage"] or "").endswith("/established")),
        ("first_recognised=2014", lambda row: (row["first_recognised"] or "").startswith("2014")),
        ("departments=nord&regions=hauts-de-france", lambda row: "Nord" in row["departments"]),
    ],
)
def test_filters_leave_what_they_say(real_client: FlaskClient, query: str, matches: Any) -> None:
    everything = read(real_client, "/api/poles.json?limit=1000")["items"]
    expected = [row["id"] for row in everything if matches(row)]
    assert [
        row["id"] for row in read(real_client, f"/api/poles.json?{query}&limit=1000")["items"]
    ] == expected
    if "stage" not in query:
        assert expected


def test_positions_are_a_feature_collection(real_client: FlaskClient) -> None:
    collection = read(real_client, "/api/poles.geojson?limit=1000")
    assert collection["type"] == "FeatureCollection"
    assert len(collection["features"]) == collection["total"]
    point = next(f for f in collection["features"] if f["geometry"])
    longitude, latitude = point["geometry"]["coordinates"]
    assert -64 < longitude < 56
    assert -25 < latitude < 52
    assert real_client.get("/api/concepts.geojson").status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/api/poles.json?page=0", 400, "expected a whole number"),
        ("/api/poles.json?page=abc", 400, "expected a whole number"),
        ("/api/poles.json?page=99", 404, "there are 1"),
        ("/api/poles.json?limit=1001", 400, "expected a whole number from 1 to 1000"),
        ("/api/poles.json?region=bretagne", 400, "expected one of page, limit"),
        ("/api/poles.json?regions=" + "x" * 600, 400, "more than 500 characters"),
        ("/api/poles.json?" + "&".join(f"regions={n}" for n in range(40)), 400, "more than 30 values"),
        (
            "/api/poles.json?regions=bretgne",
            400,
            "regions is 'bretgne', which nothing here has; expected such as Auvergne",
        ),
        ("/api/poles.json?stage=matured", 400, "stage is 'matured'"),
        ("/api/poles.json?sectors=insertion&sectors=insertoin", 400, "sectors is 'insertoin'"),
        ("/api/poles.json?first_recognised=last-year", 400, "first_recognised is 'last-year'"),
        ("/api/nothing.json", 404, "there are actors"),
        ("/api/poles.xml", 404, "it has /api/poles.json, /api/poles.geojson, /api/poles.csv"),
        ("/api/concepts.ttl", 404, "it has /api/concepts.json, /api/concepts.csv"),
        ("/api/nothing.xml", 404, "there are actors"),
    ],
)
def test_what_is_wrong_is_said(real_client: FlaskClient, path: str, status: int, said: str) -> None:
    response = real_client.get(path, headers={"Accept": "application/json"})
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    assert said in response.text


def test_links_lead_through_the_pages_and_conditions_are_honoured(real_client: FlaskClient) -> None:
    first = real_client.get("/api/actors.json")
    assert 'rel="next"' in first.headers["Link"]
    assert 'rel="prev"' not in first.headers["Link"]
    held = {"If-None-Match": first.headers["ETag"]}
    assert real_client.get("/api/actors.json", headers=held).status_code == 304
    assert real_client.get("/api/actors.json?page=2", headers=held).status_code == 200
    head = real_client.head("/api/actors.json")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == first.headers["Content-Length"]
    assert first.headers["Access-Control-Allow-Origin"] == "*"


@given(value=st.text(max_size=60))
def test_no_value_of_a_filter_breaks_it(real_client: FlaskClient, value: str) -> None:
    response = real_client.get("/api/poles.json", query_string={"sectors": value})
    assert response.status_code in (200, 400)
    if response.status_code == 200 and value:
        assert json.loads(response.data)["total"] <= 95


@pytest.mark.parametrize(
    "query", ["stage=established", "first_recognised=1901", "place=grasse&regions=bretagne"]
)
def test_a_value_that_is_somewhere_else_leaves_no_row_and_is_no_mistake(
    real_client: FlaskClient, query: str
) -> None:
    assert read(real_client, f"/api/poles.json?{query}")["items"] == []
