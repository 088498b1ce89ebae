"""The HTML report: escaped, self-contained, the same bytes each time."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from rdflib import Literal, URIRef

from ptce_lod.validate.report import Severity, ValidationReport, texts
from ptce_lod.validate.report_html import report_page

from .test_report import INFO, VIOLATION, result

HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>'


class Elements(HTMLParser):
    """Collects start tags and links."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes.extend(attrs)
        self.links.extend(value or "" for name, value in attrs if name == "href")


def elements(page: str) -> Elements:
    parser = Elements()
    parser.feed(page)
    return parser


@pytest.mark.parametrize(
    "field", ["value_node", "focus_node", "messages", "names", "descriptions", "path_text", "source_shape"]
)
def test_a_hostile_text_stays_text_wherever_it_stands(field: str) -> None:
    forms: dict[str, object] = {
        "value_node": Literal(HOSTILE),
        "focus_node": URIRef("https://example.org/" + HOSTILE),
        "path_text": HOSTILE,
        "source_shape": "https://example.org/" + HOSTILE,
    }
    value = forms.get(field, texts({"fr": HOSTILE, "en": HOSTILE}))
    page = report_page(ValidationReport((result(**{field: value}),)))  # type: ignore[arg-type]
    found = elements(page)
    assert "script" not in found.names
    assert "img" not in found.names
    assert "onerror" not in {name for name, _ in found.attributes}
    assert "&lt;script&gt;" in page


def test_only_web_addresses_become_links() -> None:
    hostile = result(focus_node=URIRef("javascript:alert(1)"), value_node=URIRef("data:text/html,x"))
    page = report_page(ValidationReport((hostile,)))
    assert all(link.startswith(("http://", "https://")) for link in elements(page).links)
    assert "javascript:alert(1)" in page


def test_the_page_needs_nothing_from_outside() -> None:
    found = elements(report_page(ValidationReport((VIOLATION, INFO))))
    assert not {"script", "link", "img", "iframe"} & set(found.names)
    assert "src" not in {name for name, _ in found.attributes}


def test_the_page_speaks_both_languages_and_marks_the_english() -> None:
    page = report_page(ValidationReport((result(),)))
    assert '<html lang="fr">' in page
    assert "Le territoire manque. L&#x27;ajouter." in page
    assert '<p lang="en">No territory. Add one.</p>' in page


def test_results_are_grouped_by_shape_with_counts() -> None:
    other = result(focus_node=URIRef("https://example.org/ptce/id/pole/autre"))
    page = report_page(ValidationReport((result(), other, VIOLATION)))
    assert page.count("<section") == 2
    assert "Where</span> (2)" in page


def test_the_same_report_gives_the_same_page() -> None:
    one, other = ValidationReport((INFO, VIOLATION)), ValidationReport((VIOLATION, INFO))
    assert report_page(one) == report_page(other)


def test_an_empty_report_says_that_the_data_conform() -> None:
    page = report_page(ValidationReport())
    assert "Les données respectent les formes." in page
    assert "<section" not in page


def test_every_severity_has_its_count() -> None:
    page = report_page(ValidationReport((VIOLATION,)))
    assert page.count('<th scope="row">') == len(Severity)
