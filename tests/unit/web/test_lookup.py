"""From the address of a web page to our thing, over the real data."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from tests.unit.query.small_release import build_small_release

SEED = "https://solecov1.socioeco.org/wiki/fr/P%C3%B4le_territorial_de_coop%C3%A9ration_%C3%A9conomique"
TOPIC = "http://xmlns.com/foaf/0.1/isPrimaryTopicOf"


@pytest.fixture(scope="module")
def client(published: Settings) -> FlaskClient:
    return create_app(published).test_client(use_cookies=False)


@pytest.mark.parametrize(
    "written",
    [
        SEED,
        SEED.replace("https", "http") + "#Histoire",
        "https://SOLECOV1.socioeco.org/wiki/fr/Pôle_territorial_de_coopération_économique?action=history",
        "https://solecov1.socioeco.org/wiki/fr/Pôle territorial de coopération économique",
        "https://solecov1.socioeco.org/w/index.php?title=pôle_territorial_de_coopération_économique&oldid=3",
        "https://solecov1.socioeco.org/wiki/fr/Po\u0302le_territorial_de_coope\u0301ration_e\u0301conomique",
    ],
)
def test_however_a_page_is_written_its_thing_is_found(client: FlaskClient, written: str) -> None:
    response = client.get(f"/lookup?url={quote(written, safe='')}")
    assert response.status_code == 303
    assert response.headers["Location"] == "/concept/grouping-type/ptce"
    assert client.get(response.headers["Location"]).status_code == 200


PAGES = """
actorid:acme foaf:isPrimaryTopicOf <https://w.example/fr/Acme> ; foaf:page <https://w.example/en/Acme> , <https://other.example/> .
sourceid:w1 a foaf:Document ; schema:url <https://w.example/fr/Acme> ; dcterms:title "Acmé"@fr ; schema:inLanguage "fr" .
sourceid:w2 a foaf:Document ; schema:url <https://w.example/en/Acme> ; dcterms:title "Acme (company)"@en ; schema:inLanguage "en" .
"""


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("fr", ["Acmé", "other.example", "Acme (company)"]),
        ("en", ["Acme (company)", "other.example", "Acmé"]),
    ],
)
def test_pages_about_any_thing_have_their_titles_and_the_reader_s_language_first(
    tmp_path: Path, published: Settings, language: str, names: list[str]
) -> None:
    build_small_release(tmp_path / "var", extra=PAGES)
    client = create_app(replace(published, var_dir=tmp_path / "var")).test_client(use_cookies=False)
    html = client.get(f"/doc/actor/acme?lang={language}", headers={"Accept": "text/html"}).text
    links = re.findall(r'<a href="(https://(?:w|other)\.example[^"]*)"[^>]*>([^<]*)</a>', html)
    assert [name for _, name in dict(links).items()] == names


def test_a_thing_of_ours_is_reached_by_its_own_address(client: FlaskClient) -> None:
    response = client.get(f"/lookup?url={quote('https://www.la-coursive.fr/', safe='')}")
    assert response.status_code == 303
    assert response.headers["Location"].startswith("/id/")
    assert client.get(response.headers["Location"]).status_code == 303


def test_the_files_say_which_things_and_how(client: FlaskClient) -> None:
    query = f"?url={quote(SEED, safe='')}"
    response = client.get(f"/lookup.json{query}")
    (thing,) = response.get_json()["things"]
    assert thing["property"] == TOPIC
    assert thing["page"] == SEED
    assert thing["labels"]["fr"]
    turtle = client.get(f"/lookup.ttl{query}")
    triples = {q.triple for q in ox.parse(turtle.data, format=ox.RdfFormat.TURTLE)}
    assert ox.Triple(ox.NamedNode(thing["iri"]), ox.NamedNode(TOPIC), ox.NamedNode(SEED)) in triples
    negotiated = client.get(f"/lookup{query}&_mediatype=application/ld%2Bjson")
    assert negotiated.mimetype == "application/ld+json"


def test_a_program_is_answered_in_what_it_prefers(client: FlaskClient) -> None:
    query = f"?url={quote(SEED, safe='')}"
    for accept, mimetype in (
        ("application/json", "application/json"),
        ("text/turtle, */*;q=0.1", "text/turtle"),
    ):
        response = client.get(f"/lookup{query}", headers={"Accept": accept})
        assert response.status_code == 200
        assert response.mimetype == mimetype
        assert "Accept" in response.headers["Vary"]
    browser = client.get(f"/lookup{query}", headers={"Accept": "text/html,*/*;q=0.8"})
    assert browser.status_code == 303
    assert "Accept" in browser.headers["Vary"]
    assert client.get(f"/lookup{query}", headers={"Accept": "image/png"}).status_code == 406


def test_a_page_about_nothing_of_ours_is_not_found(client: FlaskClient) -> None:
    response = client.get("/lookup?url=https://example.org/nothing")
    assert response.status_code == 404
    assert "https://example.org/nothing" in response.get_json()["detail"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "url is missing"),
        ("?url=", "url is missing"),
        ("?url=a&url=b", "2 times"),
        ("?url=ftp://example.org/", "http"),
        ("?url=javascript:alert(1)", "http"),
        ("?url=http://", "host"),
        ("?url=http://example.org:99999/", "url is"),
        ("?url=http://[::1/", "url is"),
        ("?url=http://a%00b/", "control"),
        ("?url=https://example.org/" + "x" * 3000, "characters"),
        ("?page=https://example.org/", "page is no parameter"),
    ],
)
def test_a_bad_address_is_told(client: FlaskClient, query: str, told: str) -> None:
    response = client.get(f"/lookup{query}")
    assert response.status_code == 400
    assert told in response.get_json()["detail"]


def test_there_is_no_page_of_a_lookup(client: FlaskClient) -> None:
    assert client.get(f"/lookup.html?url={quote(SEED, safe='')}").status_code == 404
