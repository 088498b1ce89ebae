"""Columns as people have them in their tables, asked of /reconcile over the real data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.layout import VarLayout
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app


@pytest.fixture(scope="module")
def client(published: Settings) -> Iterator[FlaskClient]:
    backend = EmbeddedBackend(VarLayout(published.var_dir).published(), published)
    yield create_app(published, backend).test_client(use_cookies=False)
    backend.close()


def ask(client: FlaskClient, name: str, type_: str = "pole", **properties: object) -> list[dict[str, Any]]:
    query = {"query": name, "type": type_, "properties": [{"pid": k, "v": v} for k, v in properties.items()]}
    answer = client.post("/reconcile", data={"queries": json.dumps({"q0": query})})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.get_json()["q0"]["result"]
    return found


def matched(found: list[dict[str, Any]]) -> str:
    return next((each["id"] for each in found if each["match"]), "")


@pytest.mark.parametrize(
    ("name", "properties"),
    [
        ("Tetris", {"department": "06"}),
        ("Tetris", {"department": "6"}),
        ("Tetris", {"department": "06 - Alpes-Maritimes"}),
        ("Tetris", {"department": "Alpes-Maritimes (06)"}),
        ("Tetris", {"region": "PACA"}),
        ("Tetris", {"region": "93"}),
        ("Tetris", {"place": "06130"}),
        ("Tetris", {"place": "06069"}),
        ("Clus'ter Jura", {"department": "39"}),
    ],
)
def test_units_are_known_by_their_codes_and_short_forms(
    client: FlaskClient, name: str, properties: dict[str, str]
) -> None:
    found = ask(client, name, **properties)
    assert found[0]["match"], found[:1]
    assert found[0]["score"] >= 99


@pytest.mark.parametrize("properties", [{"department": "13"}, {"region": "Bretagne"}, {"place": "29200"}])
def test_another_code_speaks_against(client: FlaskClient, properties: dict[str, str]) -> None:
    assert not matched(ask(client, "Tetris", **properties))


@pytest.mark.parametrize("blank", ["", "  ", None, "nan", ["", None]])
@pytest.mark.parametrize("property_", ["region", "place", "website", "department"])
def test_an_empty_cell_says_nothing(client: FlaskClient, property_: str, blank: object) -> None:
    assert ask(client, "Tetris", **{property_: blank}) == ask(client, "Tetris")


def test_a_row_of_empty_cells_is_no_error(client: FlaskClient) -> None:
    assert ask(client, "", region="", place=None) == []


def test_an_empty_siren_says_nothing(client: FlaskClient) -> None:
    (known, *_) = ask(client, "Archer", "actor")
    assert ask(client, "Archer", "actor", siren="")[0]["score"] == known["score"]


@pytest.mark.parametrize(
    "name",
    [
        "Tiers-lieu Station B",
        "Nord Est Loire Atlantique",
        "Ordi grand est",
        "Les Agriculteurs",
        "Bistro",
        "Tétras",
    ],
)
def test_another_word_is_no_slip(client: FlaskClient, name: str) -> None:
    found = ask(client, name)
    assert not matched(found), found[:1]


@pytest.mark.parametrize("name", ["PHARE", "Le Phare"])
def test_a_slip_is_not_meant_when_another_has_the_very_word(client: FlaskClient, name: str) -> None:
    assert not matched(ask(client, name)).endswith("/le-phares")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Neo56", "neo-56"),
        ("PoleSudArcher", "pole-sud-archer"),
        ("LaCoursiveBoutaric", "la-coursive-boutaric"),
        ("ClusterJura", "cluster-jura"),
        ("Clus&#39;Ter Jura", "cluster-jura"),
    ],
)
def test_names_without_spaces_or_with_entities_are_found(client: FlaskClient, name: str, slug: str) -> None:
    found = ask(client, name)
    assert found, name
    assert found[0]["match"], found[0]
    assert found[0]["score"] >= 94


@pytest.mark.parametrize("address", ["ecossolies.fr", "www.ecossolies.fr", "https://ecossolies.fr/"])
def test_an_address_needs_no_scheme(client: FlaskClient, address: str) -> None:
    (first, *_) = ask(client, address)
    assert (first["match"], first["score"]) == (True, 100)
    assert matched(ask(client, "Les Écossolies", website=address)) == first["id"]


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("St Etienne", "Saint-Étienne"),
        ("L'Ile St Denis", "L'Île-Saint-Denis"),
        ("Hte-Loire", "Haute-Loire"),
        ("Seine-St-Denis", "Seine-Saint-Denis"),
    ],
)
def test_customary_short_words_are_the_long_ones(client: FlaskClient, asked: str, name: str) -> None:
    found = ask(client, asked, "unit")
    assert found[0]["name"].replace("’", "'") == name, found[:2]
    assert found[0]["score"] >= 95


def test_a_place_behind_a_comma_is_an_aside(client: FlaskClient) -> None:
    assert matched(ask(client, "Tetris, Grasse")) == matched(ask(client, "Tetris (Grasse)")) != ""
