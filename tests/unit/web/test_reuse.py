"""Citations, cards for other sites, prefilled reports."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from ptce_lod.settings import Settings
from ptce_lod.web.pages.citation import Citation, reuse

BASE = "http://127.0.0.1:8000/"
HOSTILE = Citation(BASE + "id/actor/a", "A|B {C} [D] <script>'=\"&#%_", "r1", "2026-11-22", "fr")


def test_a_citation_comes_in_three_forms(client: FlaskClient) -> None:
    csl = client.get("/cite/pole/archer.json")
    assert csl.mimetype == "application/vnd.citationstyles.csl+json"
    assert csl.json is not None
    (item,) = csl.json
    assert (item["id"], item["type"]) == ("ptce-pole-archer", "dataset")
    assert (item["title"], item["URL"]) == ("Pôle Sud Archer", BASE + "id/pole/archer")
    assert item["issued"]["date-parts"][0][0] >= 2026
    bibtex = client.get("/cite/pole/archer.bib").text
    assert bibtex.startswith("@dataset{ptce-pole-archer,")
    assert "url = {http://127.0.0.1:8000/id/pole/archer}" in bibtex
    text = client.get("/cite/pole/archer.txt?lang=en").text
    assert text.startswith("Pôle Sud Archer. PTCE-LOD project, linked open data, ")
    tag = csl.headers["ETag"]
    assert client.get("/cite/pole/archer.json", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    "path", ["/cite/pole/nowhere.bib", "/embed/pole/nowhere", "/embed/pole/archer.ttl", "/cite/x/y.json"]
)
def test_of_nothing_there_is_no_citation(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_of_a_retired_thing_there_is_none_either(client: FlaskClient) -> None:
    assert client.get("/embed/pole/old").status_code == 410


def test_special_characters_of_each_form_are_written_as_such() -> None:
    assert "A|B \\{C\\}" in HOSTILE.bibtex()
    assert "\\&\\#\\%\\_" in HOSTILE.bibtex()
    wikitext = HOSTILE.wikitext()
    assert wikitext.count("|") == 5, "a bar of the title parts no parameters"
    assert wikitext.count("{{") == wikitext.count("}}") == 1
    assert "<script>" not in wikitext
    link = HOSTILE.external_link()
    assert (link.count("["), link.count("]")) == (1, 1)


def test_the_embed_code_is_one_element_whatever_the_title() -> None:
    found: list[tuple[str, dict[str, str | None]]] = []

    class Elements(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, dict(attrs)))

    parser = Elements()
    parser.feed(reuse(HOSTILE, Settings(base_iri=BASE)).embed)
    ((tag, attributes),) = found
    assert tag == "iframe"
    assert attributes["src"] == BASE + "embed/actor/a?lang=fr"
    assert attributes["title"] == HOSTILE.title


@pytest.mark.parametrize("contact", ["mailto:a@example.org", "https://forge.example/ptce/issues/new"])
def test_a_report_is_prefilled_with_page_and_release(contact: str) -> None:
    address = reuse(HOSTILE, Settings(base_iri=BASE, contact=contact)).report
    assert address.startswith(contact + "?")
    fields = parse_qs(urlsplit(address).query)
    assert HOSTILE.iri in fields["body"][0]
    assert "r1" in fields["body"][0]
    assert HOSTILE.title in fields.get("subject", fields.get("title", [""]))[0]


def test_without_a_contact_nobody_is_asked_to_write(client: FlaskClient) -> None:
    assert reuse(HOSTILE, Settings(base_iri=BASE)).report == ""
    assert "Une erreur" not in client.get("/doc/pole/archer.html?lang=fr").text


def test_a_card_may_be_framed_and_runs_no_script(client: FlaskClient) -> None:
    response = client.get("/embed/pole/archer?lang=en")
    assert response.status_code == 200
    policy = response.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "<script" not in response.text
    assert "Pôle Sud Archer" in response.text
    assert "Romans-sur-Isère" in response.text
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "frame-ancestors 'none'" in client.get("/doc/pole/archer.html").headers["Content-Security-Policy"]


def test_a_hostile_name_is_text_on_a_card(client: FlaskClient) -> None:
    text = client.get("/embed/actor/acme").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_a_page_offers_its_citation_wikitext_and_card(client: FlaskClient) -> None:
    text = client.get("/doc/pole/archer.html?lang=fr").text
    for part in ("{{Lien web |titre=Pôle Sud Archer", "/cite/pole/archer.bib", "&lt;iframe src=", "Citer"):
        assert part in text
