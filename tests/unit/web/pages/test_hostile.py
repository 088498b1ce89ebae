"""What a stranger wrote into the data cannot become script, markup or a dangerous link."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest

from ptce_lod.query.backend import Description
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.settings import Settings
from ptce_lod.web.pages import render_document, render_search
from ptce_lod.web.pages.map import Point, map_svg
from ptce_lod.web.pages.structured_data import script_text
from ptce_lod.web.searching import Search


class Attributes(HTMLParser):
    """Notes every attribute of a page, and those of its script elements, as a browser would read them."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[tuple[str, str]] = set()
        self.scripts: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.update((tag, name) for name, _value in attrs)
        if tag == "script":
            self.scripts.append(dict(attrs))


ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&"
PREFIXES = """@prefix ptce: <https://w3id.org/ptce/ns#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix schema: <https://schema.org/> . @prefix org: <http://www.w3.org/ns/org#> .
@base <http://127.0.0.1:8000/id/> .
"""


def page(backend: EmbeddedBackend, settings: Settings, class_: str, language: str = "fr") -> str:
    label = ox.Literal(ATTACK, language="fr")
    turtle = f"""{PREFIXES}
    <pole/x> a {class_} ; skos:prefLabel {label} ; skos:altLabel {label} ; skos:note {label} ;
      foaf:page <javascript:alert(3)> , <data:text/html,x> ; schema:url <javascript:alert(4)> ; ptce:sector <concept/y> .
    <concept/y> skos:prefLabel {label} .
    """
    graph = ox.NamedNode("http://127.0.0.1:8000/graph/x/2026-11-22")
    quads = [ox.Quad(*q.triple, graph) for q in ox.parse(turtle, format=ox.RdfFormat.TURTLE)]
    iri = "http://127.0.0.1:8000/id/pole/x"
    return render_document(backend, settings, iri, Description(iri, quads), language)


@pytest.mark.parametrize(
    "class_", ["ptce:Pole", "org:Organization", "ptce:Event", "skos:Concept", "ptce:Unheard"]
)
def test_texts_are_escaped_on_every_kind_of_page(
    backend: EmbeddedBackend, published: Settings, class_: str
) -> None:
    html = page(backend, published, class_)
    assert "<script>alert(1)" not in html
    assert "<img src=x" not in html
    assert "&lt;/script&gt;" in html


def test_script_addresses_are_shown_and_never_linked(backend: EmbeddedBackend, published: Settings) -> None:
    html = page(backend, published, "org:Organization")
    assert not re.search(r'href="(javascript|data):', html)
    assert "javascript:alert(3)" in html


def test_no_page_has_script_or_style_of_its_own(backend: EmbeddedBackend, published: Settings) -> None:
    found = Attributes()
    found.feed(page(backend, published, "ptce:Pole"))
    assert not {name for _tag, name in found.names if name.startswith("on") or name == "style"}
    assert all("src" in names or "application/ld+json" in names.values() for names in found.scripts)
    assert "style" not in {tag for tag, _name in found.names}


def test_structured_data_stays_json_inside_its_element(backend: EmbeddedBackend, published: Settings) -> None:
    html = page(backend, published, "ptce:Pole")
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert block is not None
    assert json.loads(block[1])["name"] == ATTACK
    assert "<" not in script_text({"name": ATTACK})


def test_what_is_searched_for_is_shown_escaped(backend: EmbeddedBackend, published: Settings) -> None:
    html = render_search(backend, published, Search(ATTACK), backend.search(ATTACK), "en")
    assert "<script>alert(1)" not in html


def test_the_map_escapes_names_and_links() -> None:
    svg = map_svg([Point(45.0, 5.0, ATTACK, '/x"onload="alert(1)')], ATTACK, "fr")
    assert "<script>" not in svg
    assert 'onload="alert' not in svg


def test_french_names_are_marked_as_french_on_english_pages(
    backend: EmbeddedBackend, published: Settings
) -> None:
    html = page(backend, published, "ptce:Pole", "en")
    assert '<h1 lang="fr">' in html
    assert "<h1 lang" not in page(backend, published, "ptce:Pole", "fr")


def test_templates_print_nothing_unescaped_but_what_is_made_safe() -> None:
    templates = Path(__file__).resolve().parents[4] / "ptce_lod/web/templates"
    safe = {
        re.sub(r"\s", "", m)
        for p in templates.rglob("*.html")
        for m in re.findall(r"\{\{([^}]*)\|\s*safe\s*\}\}", p.read_text())
    }
    assert safe == {"json_ld", "map", "view.map", "chart.svg"}
