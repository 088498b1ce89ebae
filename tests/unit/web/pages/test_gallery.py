"""Examples of the release on the query page."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from flask.testing import FlaskClient

from ptce_lod.query.embedded import EmbeddedBackend


@dataclass(frozen=True)
class Record:
    slug: str = "one"
    iri: str = "https://example.org/one"
    titles: dict[str, str] = field(default_factory=lambda: {"fr": "Un", "en": "One"})
    descriptions: dict[str, str] = field(default_factory=lambda: {"fr": "Le premier & seul"})
    text: str = "ASK { ?given a ptce:Pole }\n"
    kind: str = "ask"


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[Record]:
    """The examples of the release; a test may add to them."""
    records = [Record()]
    monkeypatch.setattr(EmbeddedBackend, "examples", lambda self: records)
    return records


def test_examples_of_the_release_stand_in_the_gallery(client: FlaskClient, given: list[Record]) -> None:
    page = client.get("/sparql", headers={"Accept": "text/html", "Accept-Language": "en"}).text
    assert 'href="/sparql?example=one"' in page
    assert ">One<" in page
    assert "Le premier &amp; seul" in page
    assert "ASK { ?given a ptce:Pole }</textarea>" in page
    assert "poles-by-municipality" not in page


def test_many_examples_can_be_filtered(client: FlaskClient, given: list[Record]) -> None:
    few = client.get("/sparql", headers={"Accept": "text/html"}).text
    given.extend(Record(slug=f"n{number}") for number in range(8))
    many = client.get("/sparql", headers={"Accept": "text/html"}).text
    assert ('id="filter"' in few, 'id="filter"' in many) == (False, True)


def test_a_release_without_examples_has_a_query_to_start_from(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EmbeddedBackend, "examples", lambda self: ())
    page = client.get("/sparql", headers={"Accept": "text/html", "Accept-Language": "fr"}).text
    assert "?municipality" in page.partition("<textarea")[2].partition("</textarea>")[0]
    assert 'class="example"' not in page


def test_an_example_fills_the_form_without_javascript(client: FlaskClient, given: list[Record]) -> None:
    given.append(Record(slug="two", text="ASK { ?two ?p ?o }"))
    page = client.get("/sparql?example=two", headers={"Accept": "text/html"}).text
    assert "?two" in page.partition("<textarea")[2].partition("</textarea>")[0]
    assert 'id="example-two" aria-current="true"' in page


def test_an_unknown_example_is_said(client: FlaskClient) -> None:
    page = client.get("/sparql?example=<b>nothing", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "<b>nothing" not in page.text


def test_pages_of_two_examples_have_two_entity_tags(client: FlaskClient, given: list[Record]) -> None:
    given.append(Record(slug="two"))
    tags = {
        client.get(address, headers={"Accept": "text/html"}).headers["ETag"]
        for address in ("/sparql", "/sparql?example=one", "/sparql?example=two")
    }
    assert len(tags) == 3
