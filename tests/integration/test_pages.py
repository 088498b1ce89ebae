"""Every kind of page over the real data: valid HTML, nothing left untranslated, labels instead of IRIs, little weight."""

from __future__ import annotations

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path

import html5lib
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from ptce_lod.web.pages import environment
from tests.e2e.test_reading import PAGES

LANGUAGES = ("fr", "en")
#: Words that are the same in every language, beside the markup of templates.
SAME = {
    "IRI",
    "SPARQL", "TriG", "GraphML", "GeoJSON", "JSON", "CSV", "CSVW", "Parquet",
    "XLSX", "SHA", "BibTeX", "CSL", "VoID", "PTCE", "Atom", "DCAT", "Turtle",
    "N", "Quads", "Triples", "LD", "RDF", "Patch", "XML",
    "HTML", "Ctrl", "Tab", "Esc", "a", "o", "s", "p", "g", "q", "fr", "en", "curl", "text",
    "turtle", "Accept", "id", "pole", "tetris", "L", "H", "texte", "skos", "prefLabel", "https", "utf", "WKT", "SKOS", "OWL", "SHACL",
    "Français", "English", "Licence", "Ouverte",
}  # fmt: skip


@pytest.fixture(scope="module")
def client(published: Settings) -> FlaskClient:
    return create_app(published).test_client(use_cookies=False)


def page(client: FlaskClient, path: str, language: str) -> str:
    joined = f"{path}{'&' if '?' in path else '?'}lang={language}"
    response = client.get(joined, headers={"Accept": "text/html"})
    assert response.status_code == 200
    return response.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_pages_are_valid_html(client: FlaskClient, path: str, language: str) -> None:
    text = page(client, path, language)
    parser = html5lib.HTMLParser()
    parser.parse(text)
    assert [(position, error) for position, error, _ in parser.errors] == []
    ids = re.findall(r'\sid="([^"]*)"', text)
    assert len(ids) == len(set(ids)), [each for each in ids if ids.count(each) > 1]
    assert ' style="' not in text
    assert not re.search(r"<script(?![^>]*\b(?:src=|type=\"application/(?:ld\+)?json\"))", text)


class Anchors(HTMLParser):
    """Collects the visible texts of links."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._open += 1
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open:
            self._open -= 1

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[-1] += data


@pytest.mark.parametrize("path", [each for each in PAGES if "fragments" not in each])
def test_no_link_shows_an_iri_that_has_a_label(
    client: FlaskClient, backend: EmbeddedBackend, path: str
) -> None:
    found = Anchors()
    found.feed(page(client, path, "fr"))
    bare = {
        text.strip()
        for text in found.texts
        if text.strip().startswith(("http://127.0.0.1", "https://w3id.org/ptce/"))
    }
    assert not {iri for iri in bare if backend.label(iri, "fr") is not None}


TEMPLATES = sorted(Path(environment.TEMPLATES).rglob("*.html"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_have_no_words_of_their_own(template: Path) -> None:
    """What a person reads goes through the message catalogue: a template between its tags and expressions has no word."""
    text = template.read_text(encoding="utf-8")
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"<(script|style|code|kbd)\b.*?</\1>", " ", text, flags=re.DOTALL)
    shown = re.findall(r'\b(?:aria-label|title|placeholder|alt|content)="([^"]*)"', text)
    plain = re.sub(r"<[^>]*>|&\w+;", " ", text)
    words = set(
        re.findall(r"[A-Za-zÀ-ÖØ-öø-ÿ]+", " ".join([plain, *(s for s in shown if " " in s and "/" not in s)]))
    )
    assert words - SAME - {"width", "device", "initial", "scale", "light", "dark"} == set()


def weight(response: TestResponse) -> int:
    assert response.status_code == 200
    assert response.headers.get("Content-Encoding") == "gzip" or len(response.data) < 1000, "as it is sent"
    return len(response.data)


@pytest.mark.parametrize("path", PAGES)
def test_pages_weigh_little(client: FlaskClient, path: str) -> None:
    """Page, style and scripts, compressed: 60 kB without a library, 250 kB with one for maps or networks, more with the query editor."""
    text = page(client, path, "fr")
    files = set(re.findall(r'(?:<script src|<link rel="stylesheet" href)="(/static/[^"]+)"', text))
    weights = {name: weight(client.get(name, headers={"Accept-Encoding": "gzip"})) for name in files}
    own = len(gzip.compress(text.encode())) + sum(w for name, w in weights.items() if "/vendor/" not in name)
    assert own < 60_000, (own, weights)
    most = 350_000 if path.startswith("/sparql") else 250_000
    assert own + sum(w for name, w in weights.items() if "/vendor/" in name) < most, weights
