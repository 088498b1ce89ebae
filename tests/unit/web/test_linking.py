"""Review on the web: who may, what is asked, what an answer becomes, what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ptce_lod.decisions import read_decisions
from ptce_lod.link.entries import Entry, Found, Proposal
from ptce_lod.link.kept import Kept
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from tests.conftest import project_settings

TOKENS = """
[[token]]
name = "alice"
secret = "le secret d'Alice, long"
scopes = ["link"]
[[token]]
name = "bob"
secret = "le secret de Bob, long"
scopes = ["update"]
"""
ALICE = {"Authorization": "Bearer le secret d'Alice, long"}
BOB = {"Authorization": "Bearer le secret de Bob, long"}
PAGE = Entry("fr:1", "Tétris", "page", "https://wiki.example.org/T", "fr", facts={"place": ("Grasse",)})
FOUND = (
    Found(
        PAGE,
        (
            Proposal("pole/tetris", "TETRIS", "Grasse", 99.0, True, ("name 0.99", "place")),
            Proposal("actor/scic-tetris", "SCIC TETRIS", "Grasse", 90.0, False, ("name 0.90",)),
        ),
    ),
    Found(Entry("fr:2", "Archer", "page", "https://wiki.example.org/A", "fr"), ()),
    Found(
        Entry("fr:3", "Domb", "page", "https://wiki.example.org/D"),
        (Proposal("pole/domb-innov", "Domb'Innov", "", 70.0, False, ("name 0.70",)),),
    ),
)


@pytest.fixture
def settings(published: Settings, tmp_path: Path) -> Settings:
    var = tmp_path / "var"
    var.mkdir()
    for path in published.var_dir.iterdir():
        (var / path.name).symlink_to(path.resolve())
    Kept(var / "links/essai").write(FOUND, {})
    (tmp_path / "tokens.toml").write_text(TOKENS, encoding="utf-8")
    return project_settings(var, tokens_file=str(tmp_path / "tokens.toml"))


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    return create_app(settings).test_client(use_cookies=False)


def questions(client: FlaskClient, query: str = "", **headers: str) -> TestResponse:
    return client.get(f"/links/essai/questions{query}", headers=headers or ALICE)


def decide(client: FlaskClient, **members: Any) -> TestResponse:
    body = {"entry": "fr:1", "thing": "pole/tetris", "decision": "yes", **members}
    return client.post("/links/essai/decisions", json=body, headers=ALICE)


def test_open_entries_come_with_their_proposals_the_surest_first(client: FlaskClient) -> None:
    found = json.loads(questions(client).text)
    assert (found["open"], [each["entry"]["key"] for each in found["entries"]]) == (2, ["fr:1", "fr:3"])
    first = found["entries"][0]["proposals"][0]
    assert first["thing"] == "pole/tetris"
    assert first["document"] == "http://127.0.0.1:8000/doc/pole/tetris"
    assert first["relations"] == ["primary-topic", "page"]
    assert len(json.loads(questions(client, "?limit=1").text)["entries"]) == 1
    for query, keys in (("?offset=1&limit=1", ["fr:3"]), ("?offset=0", ["fr:1", "fr:3"]), ("?offset=2", [])):
        rest = json.loads(questions(client, query).text)
        assert (rest["open"], [each["entry"]["key"] for each in rest["entries"]]) == (2, keys)


def test_an_answer_is_kept_in_the_name_of_the_token_and_not_asked_again(
    client: FlaskClient, settings: Settings
) -> None:
    answer = decide(client)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    (row,) = read_decisions(settings.links_dir / "essai.csv")
    assert (row.entry, row.thing, row.decision, row.relation, row.who) == (
        "fr:1",
        "pole/tetris",
        "yes",
        "primary-topic",
        "alice",
    )
    assert json.loads(answer.text)["when"] == row.when
    assert [e["entry"]["key"] for e in json.loads(questions(client).text)["entries"]] == ["fr:3"]


def test_a_page_of_one_thing_is_not_linked_to_a_second(client: FlaskClient, settings: Settings) -> None:
    decide(client)
    second = decide(client, thing="actor/scic-tetris")
    assert second.status_code == 409
    assert (
        "https://wiki.example.org/T is primary-topic of pole/tetris already, by alice"
        in second.get_json()["detail"]
    )
    assert [row.thing for row in read_decisions(settings.links_dir / "essai.csv")] == ["pole/tetris"]
    decide(client, decision="no")
    assert decide(client, thing="actor/scic-tetris").status_code == 200
    table = settings.links_dir / "essai.csv"
    assert [(row.thing, row.decision) for row in read_decisions(table)] == [
        ("actor/scic-tetris", "yes"),
        ("pole/tetris", "no"),
    ]


def test_a_no_leaves_the_next_proposal(client: FlaskClient) -> None:
    decide(client, decision="no")
    (first, _) = json.loads(questions(client).text)["entries"]
    assert [proposal["thing"] for proposal in first["proposals"]] == ["actor/scic-tetris"]


def test_a_page_about_several_things_is_said_to_be(client: FlaskClient, settings: Settings) -> None:
    decide(client, relation="page")
    assert [row.relation for row in read_decisions(settings.links_dir / "essai.csv")] == ["page"]


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({"entry": "fr:9"}, "is not proposed"),
        ({"thing": "pole/domb-innov"}, "is not proposed"),
        ({"decision": "maybe"}, "expected one of yes, no, unsure"),
        ({"relation": "sameAs"}, "expected one of primary-topic"),
        ({"relation": "exact-match"}, "between concepts"),
        ({"entry": ""}, "entry is missing"),
        ({"entry": 1}, "entry is no text"),
        ({"who": "eve"}, "'who' is no member"),
    ],
)
def test_a_wrong_decision_is_refused_and_named(
    client: FlaskClient, settings: Settings, members: dict[str, Any], told: str
) -> None:
    answer = decide(client, **members)
    assert answer.status_code == 400
    assert told in json.loads(answer.text)["detail"]
    assert read_decisions(settings.links_dir / "essai.csv") == []


@pytest.mark.parametrize(
    ("body", "type_", "status"),
    [(b"{", "application/json", 400), (b"[]", "application/json", 400), (b"\xff", "application/json", 400),
     (b"[" * 100_000, "application/json", 400), (b"a=b", "application/x-www-form-urlencoded", 415)],
)  # fmt: skip
def test_what_is_no_decision_is_refused(client: FlaskClient, body: bytes, type_: str, status: int) -> None:
    answer = client.post("/links/essai/decisions", data=body, content_type=type_, headers=ALICE)
    assert answer.status_code == status


def test_only_a_token_of_the_scope_may(client: FlaskClient) -> None:
    assert questions(client, Accept="application/json").status_code == 401
    assert questions(client, **BOB).status_code == 403
    assert client.post("/links/essai/decisions", json={}).status_code == 401
    assert client.post("/links/essai/decisions", json={}, headers=BOB).status_code == 403


def test_without_tokens_nobody_may(published: Settings) -> None:
    client = create_app(published).test_client(use_cookies=False)
    assert questions(client).status_code == 403
    page = client.get("/links", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "tokens_file" in page.text
    assert 'type="password"' not in page.text


def test_the_page_is_there_for_those_who_have_one(client: FlaskClient) -> None:
    page = client.get("/links?lang=fr", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert 'type="password"' in page.text
    assert "Relecture des liens" in page.text


def test_sources_and_parameters_that_are_not_there_are_named(client: FlaskClient) -> None:
    for source in ("absent", "..", "Essai", "essai%2f.."):
        assert client.get(f"/links/{source}/questions", headers=ALICE).status_code == 404
    for query in ("?limit=0", "?limit=x", "?offset=-1", "?offset=x", "?page=1"):
        assert questions(client, query).status_code == 400
