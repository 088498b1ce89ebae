"""Atom of the news, read by feedparser, and checked by the grammar of RFC 4287 and by its rules that no grammar can say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import feedparser
import pytest
from flask.testing import FlaskClient
from lxml import etree

from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish import rollback
from ptce_lod.settings import Settings
from ptce_lod.web import news
from ptce_lod.web.app import create_app
from tests.conftest import PROJECT
from tests.unit.query.small_release import BASE, build_small_release

ADDRESSES = [f"/news.atom{query}" for query in ("", "?lang=fr", "?lang=en", "?page=2", "?page=2&lang=en")]
NAMES = {"a": "http://www.w3.org/2005/Atom"}
#: Each finds what the RFC forbids: its section → XPath.
RULES = {
    "4.1.1, a feed has an author unless all of its entries do": "/a:feed[not(a:author) and (not(a:entry) or a:entry[not(a:author)])]",
    "4.1.2, an entry without content has an alternate link": "//a:entry[not(a:content) and not(a:link[not(@rel) or @rel='alternate'])]",
    "4.1.2, an entry has an author, or its feed": "//a:entry[not(a:author) and not(../a:author) and not(a:source/a:author)]",
    "4.1.2, one alternate link of a type": "//a:link[@rel='alternate'][@type=preceding-sibling::a:link[@rel='alternate']/@type]",
    "4.1.1.1, no two entries of one id and moment": "//a:entry[preceding-sibling::a:entry[a:id=current()/a:id]]",
    "4.1.1, a feed tells its own address": "/a:feed[not(a:link[@rel='self'])]",
    "what is there says something": "//*[self::a:title or self::a:summary or self::a:subtitle][not(normalize-space())]",
}


@pytest.fixture
def client(tmp_path: Path, published: Settings, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A site with three publications, two on a page."""
    monkeypatch.setattr(news, "_PAGE", 2)
    var = VarLayout(tmp_path / "var")
    build_small_release(var.path)
    hostile = 'actorid:new a org:Organization ; skos:prefLabel "<script>&amp;\\u00e9"@fr .'
    build_small_release(var.path, extra=hostile)
    rollback(var)
    return create_app(replace(published, var_dir=var.path)).test_client()


@pytest.fixture(scope="module")
def grammar() -> Any:
    return etree.RelaxNG(etree.parse(PROJECT / "tests/suites/atom/atom.rng"))


def faults(grammar: Any, document: bytes) -> list[str]:
    """Return what is wrong with a feed."""
    tree = etree.fromstring(document)
    found = [] if grammar.validate(tree) else [str(grammar.error_log.last_error)]
    for rule, path in RULES.items():
        if "current()" in path:
            ids = tree.xpath("//a:entry/a:id/text()", namespaces=NAMES)
            found += [rule] if len(ids) != len(set(ids)) else []
        elif tree.xpath(path, namespaces=NAMES):
            found.append(rule)
    return found


@pytest.mark.parametrize("address", [*ADDRESSES, "/search.atom?q=archer", "/search.atom?q=zzzz&lang=en"])
def test_every_feed_is_valid(client: FlaskClient, grammar: Any, address: str) -> None:
    assert faults(grammar, client.get(address).data) == []


@pytest.mark.parametrize(
    ("taken", "put"),
    [
        ("<title>", "<title><b/>"),
        ("<author><name>PTCE-LOD</name></author>", ""),
        ('rel="self"', 'rel="via"'),
        ('rel="alternate"', 'rel="related"'),
        ("Z</updated>", "</updated><updated/>"),
        ("<entry>", "<entry><summary> </summary>"),
        ('xml:lang="fr"', 'xml:lang="fr_FR"'),
        ("#publication-2</id>", "#publication-1</id>"),
    ],
)
def test_a_feed_with_a_fault_is_found_out(client: FlaskClient, grammar: Any, taken: str, put: str) -> None:
    text = client.get("/news.atom").text
    assert taken in text
    assert faults(grammar, text.replace(taken, put).encode())


@pytest.mark.parametrize(
    ("language", "title", "first"),
    [
        ("fr", "Nouveautés des données sur les PTCE", "La première publication."),
        ("en", "News of the data on PTCE", "The first publication."),
    ],
)
def test_feedparser_reads_everything(client: FlaskClient, language: str, title: str, first: str) -> None:
    pages = [feedparser.parse(client.get(f"/news.atom?lang={language}&page={n}").data) for n in (1, 2)]
    for page in pages:
        assert not page.bozo
        assert page.version == "atom10"
        assert (page.feed.title, page.feed.language) == (title, language)
        assert page.feed.author == "PTCE-LOD"
        assert page.feed.id == f"{BASE}news?lang={language}"
        assert page.feed.updated_parsed
    entries = [entry for page in pages for entry in page.entries]
    assert [entry.id for entry in entries] == [
        f"{BASE}news?lang={language}#publication-{n}" for n in (2, 1, 0)
    ]
    for entry in entries:
        page, _, fragment = entry.link.removeprefix(BASE).partition("#")
        assert f'id="{fragment}"' in client.get(f"/{page}", headers={"Accept": "text/html"}).text
        assert entry.title
        assert entry.summary
        assert BASE not in entry.summary, "names, no addresses"
    moments = [entry.updated_parsed for entry in entries]
    assert moments == sorted(moments, reverse=True)
    assert pages[0].feed.updated_parsed == moments[0]
    assert entries[2].summary == first
    assert "actor/new" in entries[0].summary, "what is gone has no name any more"
    links = {link.rel: link.href for link in pages[0].feed.links}
    assert links["next"] == f"{BASE}news.atom?page=2&lang={language}"
    assert links["alternate"] == f"{BASE}news?lang={language}"
