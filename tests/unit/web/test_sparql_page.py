"""``format=html``: the answer to a query as a page."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ptce_lod.web import sparql_page


def ask(client: FlaskClient, query: str, **headers: str) -> TestResponse:
    return client.get("/sparql", query_string={"query": query, "format": "html"}, headers=headers)


def test_solutions_are_a_table_whose_links_stay_on_this_host(client: FlaskClient) -> None:
    page = ask(client, "SELECT ?p ?name { ?p a ptce:Pole ; skos:prefLabel ?name } ORDER BY ?name LIMIT 2")
    assert page.status_code == 200
    assert page.mimetype == "text/html"
    assert page.text.count("<tr>") == 3
    assert '<a href="/id/pole/old">poleid:old</a>' in page.text
    assert '<td lang="fr">Ancien</td>' in page.text


def test_what_data_say_is_escaped(client: FlaskClient) -> None:
    page = ask(client, "SELECT ?name { actorid:acme foaf:name ?name }")
    assert "ACME &lt;script&gt;" in page.text
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("scheme", ["javascript:alert(1)", "data:text/html,x", "urn:x:1"])
def test_only_web_addresses_become_links(client: FlaskClient, scheme: str) -> None:
    page = ask(client, f"SELECT ?x {{ VALUES ?x {{ <{scheme}> }} }}")
    assert scheme in page.text
    assert f'href="{scheme}' not in page.text


@pytest.mark.parametrize(
    ("query", "language", "expected"),
    [
        ("ASK { ?p a ptce:Pole }", "fr", ">Oui<"),
        ("ASK { ?p a ptce:Pole }", "en", ">Yes<"),
        ("SELECT ?p { ?p a ptce:Nothing }", "en", "No result."),
        ("CONSTRUCT WHERE { ?p a ptce:StagePeriod }", "en", "a ptce:StagePeriod"),
    ],
)
def test_every_form_of_query_has_a_page(
    client: FlaskClient, query: str, language: str, expected: str
) -> None:
    page = ask(client, query, **{"Accept-Language": language})
    assert expected in page.text
    assert page.headers["Content-Language"] == language


def test_numbers_stand_in_their_own_columns(client: FlaskClient) -> None:
    page = ask(client, "SELECT ?n ?t { VALUES (?n ?t) { (12 'a') (3.5 'b') } }")
    assert '<td class="number">12</td>' in page.text
    assert page.text.count('class="number"') == 3


def test_a_thousand_rows_are_shown_and_the_rest_is_counted(client: FlaskClient) -> None:
    digits = " ".join(f"VALUES ?{name} {{ 0 1 2 3 4 5 6 7 8 9 }}" for name in "abc")
    page = ask(client, f"SELECT ?d {{ {digits} VALUES ?d {{ 1 2 }} }}", **{"Accept-Language": "en"})
    assert page.text.count("<tr>") == 1001
    assert "first 1,000 rows of 2,000" in page.text


def test_an_answer_too_large_for_a_page_names_other_formats(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sparql_page, "LARGEST", 100)
    page = ask(client, "SELECT ?p { ?p a ptce:Pole }", **{"Accept-Language": "en"})
    assert page.status_code == 200
    assert "too much for a page" in page.text
    assert "format=csv" in page.text


def test_a_page_is_cached_by_query_and_language(client: FlaskClient) -> None:
    query = "SELECT ?p { ?p a ptce:Pole }"
    english, french = (ask(client, query, **{"Accept-Language": language}) for language in ("en", "fr"))
    assert english.headers["ETag"] != french.headers["ETag"]
    again = ask(client, query, **{"Accept-Language": "en", "If-None-Match": english.headers["ETag"]})
    assert again.status_code == 304
    assert "Cookie" in english.headers["Vary"]


def test_a_wrong_query_is_a_problem_page(client: FlaskClient) -> None:
    page = ask(client, "SELECT nothing", Accept="text/html")
    assert page.status_code == 400
    assert page.mimetype == "text/html"
