"""The page for wikis, over the real data."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from ptce_lod.iris import THING_TYPES
from ptce_lod.namespaces import PTCE
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from ptce_lod.web.pages import wikis
from ptce_lod.wiki.kit import NAMES, identifier_pattern
from tests.conftest import PROJECT


@pytest.fixture(scope="module")
def client(published: Settings) -> FlaskClient:
    return create_app(published).test_client(use_cookies=False)


def test_every_text_is_explained() -> None:
    assert set(wikis.WORDS) == set(NAMES)


@pytest.mark.parametrize(("language", "title"), [("fr", "Pour les wikis"), ("en", "For wikis")])
def test_the_page_leads_to_every_text(client: FlaskClient, language: str, title: str) -> None:
    page = client.get("/wikis", headers={"Accept-Language": language})
    assert f"<h1>{title}</h1>" in page.text
    for name in NAMES:
        assert f'href="/wikis/{name}.txt?lang={language}"' in page.text
        text = client.get(f"/wikis/{name}.txt?lang={language}")
        assert text.content_type == "text/plain; charset=utf-8"
        assert text.headers["Content-Language"] == language


def test_a_text_is_asked_for_again_only_when_it_changed(client: FlaskClient) -> None:
    first = client.get("/wikis/gadget.txt", headers={"Accept-Language": "en"})
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/wikis/gadget.txt", headers={"Accept-Language": "en", **tag}).status_code == 304
    link = client.get("/wikis/link-template.txt?lang=fr")
    other = client.get("/wikis/link-template.txt?lang=en", headers={"If-None-Match": link.headers["ETag"]})
    assert other.status_code == 200
    assert other.text != link.text


def test_a_text_that_is_not_there_is_told_with_those_that_are(client: FlaskClient) -> None:
    answer = client.get("/wikis/lua.txt", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert "gadget" in answer.get_json()["hint"]


def test_semantic_mediawiki_gets_the_vocabulary_as_it_is(client: FlaskClient) -> None:
    said = client.get("/wikis/smw-import.txt").text.splitlines()[1:]
    terms = {line.strip().split("|")[0]: line.split("|")[1] for line in said}
    ontology = "".join(path.read_text("utf-8") for path in (PROJECT / "ontology").glob("*.ttl"))
    assert {name for name in terms if not re.search(rf"\bptce:{name}\b|<{PTCE}{name}>", ontology)} == set()
    assert terms["Pole"] == "Category"
    assert terms["startDate"] == "Type:Date"
    assert terms["party"] == "Type:Page"
    assert set(terms.values()) >= {"Type:Text", "Type:Number"}


def test_the_pattern_for_wikibase_holds_of_everything_published(
    client: FlaskClient, published: Settings
) -> None:
    sitemap = client.get("/sitemap.xml").text + "".join(
        client.get(re.sub(r"^https?://[^/]+", "", url)).text
        for url in re.findall(r"<loc>([^<]+)</loc>", client.get("/sitemap.xml").text)
        if "sitemap" in url
    )
    documents = set(
        re.findall(rf"{published.base_iri}(?:doc|id)/((?:{'|'.join(THING_TYPES)})/[^<.]+)<", sitemap)
    )
    assert len(documents) > 500
    assert [each for each in documents if not re.fullmatch(identifier_pattern(), each)] == []
