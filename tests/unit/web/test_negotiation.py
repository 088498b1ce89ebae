from __future__ import annotations

import time

import pytest

from ptce_lod.formats import HTML, JSON_LD, N_TRIPLES, RDF_FORMATS, RDF_XML, RESULT_FORMATS, TRIG, TURTLE
from ptce_lod.web.negotiation import negotiate, negotiate_language, parse_accept, rank

HTML_FIRST = (HTML, *RDF_FORMATS)
RDF_FIRST = (*RDF_FORMATS, HTML)
CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
RAPPER = (
    "application/rdf+xml, application/n-triples;q=0.8, text/turtle;q=0.8, application/x-turtle;q=0.7, "
    "application/xhtml+xml;q=0.4, text/html;q=0.6, */*;q=0.1"
)
JENA = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
RDFLIB = "text/turtle;q=1,application/rdf+xml;q=0.9,*/*;q=0.1"
OWLAPI = "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (CHROME, HTML),
        (FIREFOX, HTML),
        (RAPPER, RDF_XML),
        (JENA, TURTLE),
        (RDFLIB, TURTLE),
        (OWLAPI, RDF_XML),
        ("*/*", HTML),
        (None, HTML),
        ("", HTML),
        (" , ,", HTML),
        ("text/turtle", TURTLE),
        ("TEXT/Turtle", TURTLE),
        ("text/turtle;q=0.5, application/ld+json;q=0.6", JSON_LD),
        ("text/turtle, */*", TURTLE),
        ("text/*, application/trig;q=0.9", HTML),
        ("text/html;q=0.5, text/turtle;q=0.5", HTML),
        ("*/*, text/html;q=0", TURTLE),
        ("*/*;q=0.5, text/html;q=0.1, text/turtle;q=0.2", JSON_LD),
        ("text/turtle;q=0, */*;q=0.1, text/html;q=0", JSON_LD),
        ("text/turtle;charset=utf-8", TURTLE),
        ('text/turtle;charset="UTF-8"', TURTLE),
        ("text/turtle;charset=iso-8859-1", None),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', JSON_LD),
        ('application/ld+json;profile="a,b;q=0", text/turtle;q=0.1', JSON_LD),
        ("text/html;level=1", None),
        ("application/json", JSON_LD),
        ("application/xml", RDF_XML),
        ("text/plain", N_TRIPLES),
        ("application/rdf+xml;q=0, application/xml", None),
        ("image/png", None),
        ("*/turtle", None),
        ("text/turtle;q=0", None),
        ("text/turtle;q=2", None),
        ("text/turtle;q=0.5;ext=1", None),
        ("text/turtle;q=0.5;charset=utf-8", TURTLE),
        ("text/turtle;q=0.5;q=0.6", None),
        ('text/turtle;charset="utf\\-8"', TURTLE),
        ('text/turtle, text/html;x="open, image/png', TURTLE),
        ("nonsense, text/turtle", TURTLE),
        ("application/trig, text/turtle", TURTLE),
    ],
)
def test_documents_answer_with(accept: str | None, expected: object) -> None:
    assert negotiate(accept, HTML_FIRST) is expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [("*/*", TURTLE), (None, TURTLE), (CHROME, HTML), ("application/*", JSON_LD), ("text/*", TURTLE)],
)
def test_the_catalog_answers_with(accept: str | None, expected: object) -> None:
    assert negotiate(accept, RDF_FIRST) is expected


def test_ranking_keeps_every_acceptable_offer() -> None:
    assert rank("application/trig;q=0.3, text/turtle", RDF_FORMATS) == [TURTLE, TRIG]
    assert [f.name for f in rank("*/*", RESULT_FORMATS)] == ["json", "xml", "csv", "tsv"]


def test_parameters_are_the_media_type_s_before_and_behind_the_quality() -> None:
    """RFC 9110 section 12.5.1 took the extensions of RFC 7231 away."""
    (found,) = parse_accept("text/html;level=1;q=0.4;x=y")
    assert (found.quality, dict(found.parameters)) == (0.4, {"level": "1", "x": "y"})


@pytest.mark.parametrize(
    "header", ['"' + '\\"' * 32_000, 'a/b;x="' + "\\" * 64_000, 'a/b;x="' * 9_000, '";"' * 20_000]
)
def test_quotation_marks_cost_no_more_than_their_length(header: str) -> None:
    """A header of 32 kB took eight seconds when each open quotation mark was followed to the end anew."""
    began = time.process_time()
    assert negotiate(header, HTML_FIRST) is None
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("header", "parameter", "cookie", "expected"),
    [
        (None, None, None, "fr"),
        ("en", None, None, "en"),
        ("en-GB,en;q=0.9", None, None, "en"),
        ("fr-CA", None, None, "fr"),
        ("de, en;q=0.5, fr;q=0.4", None, None, "en"),
        ("de", None, None, "fr"),
        ("*", None, None, "fr"),
        ("fr;q=0, *", None, None, "en"),
        ("en;q=0", None, None, "fr"),
        ("en;q=oops", None, None, "fr"),
        ("en", "fr", None, "fr"),
        ("fr", "en", "fr", "en"),
        ("fr", None, "en", "en"),
        ("fr", "xx", "yy", "fr"),
    ],
)
def test_the_language_is(
    header: str | None, parameter: str | None, cookie: str | None, expected: str
) -> None:
    assert negotiate_language(header, parameter, cookie) == expected


def test_the_default_language_is_a_setting() -> None:
    assert negotiate_language(None, default="en") == "en"


@pytest.mark.parametrize("header", [";*/*", ' ;*/*;charset="UTF8"', ';*/*;charset="UTF8"'])
def test_a_range_without_a_type_is_no_range(header: str) -> None:
    assert parse_accept(header) == []
