"""The pages over the published real data, read by an HTML5 parser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

import html5rdf
import pytest
import rdflib

from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from tests.conftest import PROJECT

#: (name, language) → the page, as text or as a tree.
Page = Callable[[str, str], str]
Tree = Callable[[str, str], Element]


@pytest.fixture(scope="session")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(PROJECT / "ontology/ptce.ttl")


@pytest.fixture(scope="session")
def shapes() -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in sorted((PROJECT / "shapes").glob("*.ttl")):
        graph.parse(path)
    return graph


@pytest.fixture(scope="session")
def page(published: Settings, backend: EmbeddedBackend) -> Page:
    """Each page is made once."""
    made: dict[tuple[str, str], str] = {}
    client = create_app(published, backend).test_client(use_cookies=False)

    def text(name: str, language: str) -> str:
        if (name, language) not in made:
            answer: Any = client.get(f"/{name}", headers={"Accept": "text/html", "Accept-Language": language})
            assert answer.status_code == 200
            made[name, language] = answer.text
        return made[name, language]

    return text


@pytest.fixture(scope="session")
def tree(page: Page) -> Tree:
    """The parser is strict: what is no valid HTML5 fails."""
    made: dict[tuple[str, str], Element] = {}

    def parsed(name: str, language: str) -> Element:
        if (name, language) not in made:
            parser = html5rdf.HTMLParser(strict=True, namespaceHTMLElements=False)
            made[name, language] = parser.parse(page(name, language))
        return made[name, language]

    return parsed


def text_of(element: Element) -> str:
    """Return the text of an element with single spaces."""
    return " ".join("".join(element.itertext()).split())
