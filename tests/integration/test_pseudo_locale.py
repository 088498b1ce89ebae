"""Every page in a language of brackets: what stands outside them is data, a date, a number or a proper name of a format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

import html5lib
import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from ptce_lod.release import charts
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.tables import declared as tables
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from ptce_lod.web.pages import environment, i18n
from tests.e2e.test_reading import PAGES
from tests.integration.test_pages import SAME

#: Pages that are generated from the ontology and the shapes, whose words are theirs, and have tests of their own.
SKIPPED = ("/ns", "/shapes")
#: Parts of a page that hold no words of the site.
_SILENT = {"script", "style", "code", "pre", "kbd", "textarea"}
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_NAMES = r"UTC|SHA-256|TSV|gz|zst|kB|MB|PTCE-LOD|project|CC|BY|GeoNames|SHACL|archer"
#: Months, names of formats and units, files, prefixed names, amounts of money.
_FREE = re.compile(rf"\b(?:{_MONTHS}|{_NAMES}|\S+\.(?:ttl|rdf|jsonld|nt|trig|nq)|\w+:\w+|[\d,]+ euro)\b")


#: What remembers texts of a language.
_CACHES = (i18n.translator, i18n.number_translator, environment.environment)


class _Brackets(dict[str, str]):
    """A catalogue that knows every message."""

    def get(self, text: str, default: object = None) -> str:  # type: ignore[override]  # as the translator calls it
        return f"⟦{text}⟧"


@pytest.fixture(scope="module")
def client(published: Settings) -> Iterator[FlaskClient]:
    patch = pytest.MonkeyPatch()
    for cached in _CACHES:
        cached.cache_clear()
    patch.setattr(i18n, "catalogue", lambda language: _Brackets())
    yield create_app(published).test_client(use_cookies=False)
    patch.undo()
    for cached in _CACHES:
        cached.cache_clear()


@pytest.fixture(scope="module")
def data(published: Settings) -> str:
    """All that the release and its catalogue say in literals, how things are called in addresses, and the texts of the charts."""
    dump = VarLayout(published.var_dir).published().dumps / "all.nt"
    found = {
        text
        for chart in charts.declared()
        for text in (chart.titles["en"], chart.descriptions["en"], chart.query)
    }
    for table in tables.declared():
        for column in (table, *table.columns):
            found.update((column.title["en"], column.description["en"]))
    catalog = create_app(published).test_client().get("/catalog.nt").data
    for triple in chain(
        ox.parse(path=str(dump), format=ox.RdfFormat.N_TRIPLES),
        ox.parse(catalog, format=ox.RdfFormat.N_TRIPLES),
    ):
        found.update(
            node.value for node in (triple.subject, triple.object) if not isinstance(node, ox.Triple)
        )
    return (
        "\n".join(sorted(" ".join(text.split()) for text in found))
        .replace("\u00a0", " ")
        .replace("\u202f", " ")
    )


def texts(html: str) -> Iterator[str]:
    """Yield the visible texts, without what stands in brackets."""
    tree = html5lib.parse(re.sub(r"⟦[^⟦⟧]*⟧", "⟧", html), namespaceHTMLElements=False)

    def walk(node: object) -> Iterator[str]:
        for element in node.iter():  # type: ignore[attr-defined]  # xml.etree's elements
            if element.tag in _SILENT:
                for below in list(element.iter()):
                    below.text = None
                    below.tail = None if below is not element else below.tail
        for element in node.iter():  # type: ignore[attr-defined]  # as above
            for text in (element.text, element.tail):
                yield from (part for part in (text or "").split("⟧") if re.search(r"[^\W\d_]{2}", part))

    yield from walk(tree)


def is_data(text: str, data: str) -> bool:
    told = re.sub(r" \(\d+$", "", text.strip(" ,.;:·–()[]…"))
    words = re.findall(r"[^\W\d_]{2,}", _FREE.sub(" ", told))
    return all(word in SAME for word in words) or told in data


@pytest.mark.parametrize("path", [path for path in PAGES if path not in SKIPPED])
def test_no_word_is_left_untranslated(client: FlaskClient, data: str, path: str) -> None:
    response = client.get(f"{path}{'&' if '?' in path else '?'}lang=en", headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert "⟦" in response.text
    left = []
    for text in texts(response.text):
        plain = " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split()).removesuffix(" – PTCE")
        if not is_data(plain, data):
            left += [part for part in re.split(", | – ", plain) if not is_data(part, data)]
    assert not left
