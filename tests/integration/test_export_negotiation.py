"""The server's negotiation table against nginx over an exported site: each row is answered as by the server, or named here with why not.

Compared are status and media type, and where a redirect leads.
"""

from __future__ import annotations

import http.client
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ptce_lod.export.reader import LINKSET_FORMATS
from ptce_lod.formats import HTML, RDF_ANSWERS
from ptce_lod.web.negotiation import negotiate, negotiate_language
from ptce_lod.web.representation import HTML_FIRST, RDF_FIRST, Resource
from tests.conformance.negotiation.table import Answer, Case, ask, cases
from tests.integration import exported_site
from tests.integration.exported_site import needs_nginx
from tests.unit.query.small_release import BASE

#: Addresses that need a server.
SERVED = re.compile(r"/(sparql|readyz|healthz|update)(?![a-z])")
#: What nginx answers otherwise: why → the rows, by their first column (a pattern).
OTHERWISE = {
    "of one type named twice it reads the first weight below one": (
        "the same range twice: the higher weight",
    ),
    "before 1.23 it reads the first of several lines": (
        "rdf4j .*",
        "two lines are one",
        "three lines, one empty",
        "two lines exclude together",
    ),
    "an exported site has no queries but page, view and lang": (
        "_mediatype .*",
        "a view for .*",
        "a view that is not there",
        "406 as RDF to who reads RDF only, in a view",
    ),
    "what is left of a retired thing is not written": ("retired, JSON-LD by extension",),
    "another spelling of an address is not known": ("capital letters",),
    "its own error": ("a part beyond the end",),
}
ASKED = [
    case
    for case in cases()
    if case.method in ("GET", "HEAD") and not SERVED.match(case.path) and "{etag}" not in case.request
]


def reason(case: Case) -> str:
    """Return why nginx answers a row otherwise, "" when it is not known to."""
    return next((why for why, rows in OTHERWISE.items() for row in rows if re.fullmatch(row, case.why)), "")


def answer(port: int, case: Case) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        return ask(connection, case, BASE, case.lines(BASE))
    finally:
        connection.close()


def differences(case: Case, found: Answer) -> list[str]:
    wrong = [] if found.status == case.status else [f"status {found.status}, expected {case.status}"]
    if case.media_type not in ("-", found.media_type):
        wrong.append(f"media type {found.media_type}, expected {case.media_type}")
    expected = re.search(r"(?:^| \| )Location: ([^|]+?)(?: \||$)", case.expected)
    if expected and not wrong:
        there, here = expected[1].replace("{base}", BASE), found.get("Location") or ""
        if here.removeprefix(BASE).removeprefix("/") != there.removeprefix(BASE).removeprefix("/"):
            wrong.append(f"Location {here}, expected {there}")
    return wrong


@needs_nginx
@pytest.mark.parametrize(
    "case", [c for c in ASKED if not reason(c)], ids=lambda case: f"{case.line}: {case.why}"
)
def test_row(nginx_port: int, case: Case) -> None:
    assert differences(case, answer(nginx_port, case)) == []


@needs_nginx
def test_every_exception_is_one(nginx_port: int) -> None:
    """A row that nginx answers as the server does is no exception; newer ones join lines."""
    excepted = [case for case in ASKED if reason(case) and "1.23" not in reason(case)]
    assert {case.why for case in excepted if not differences(case, answer(nginx_port, case))} == set()
    every = [row for rows in OTHERWISE.values() for row in rows]
    assert not [row for row in every if not any(re.fullmatch(row, case.why) for case in ASKED)]


TYPES = sorted({media for each in (HTML, *RDF_ANSWERS, *LINKSET_FORMATS) for media in each.media_types})
WEIGHTS = st.sampled_from(
    [
        "",
        "",
        ";q=1",
        ";q=0",
        ";q=0.",
        ";Q=0.5",
        "; q=0.50",
        ";q=.5",
        ";q=0.55",
        ";q=0.549",
        ";q=0.001",
        ";q=1.0000",
        ";q=2",
        ";q",
    ]
)
PARAMETERS = st.sampled_from(
    [
        "",
        "",
        "",
        ";charset=utf-8",
        '; charset="UTF-8"',
        ";charset=latin1",
        ';profile="a,b;c\\"d"',
        ";version=1",
        ";level=1",
        ";",
        ";x",
    ]
)
ELEMENTS = st.builds(
    lambda media, *rest: (media, "".join(rest)),
    st.sampled_from([*TYPES, "text/*", "application/*", "*/*", "image/png", "*/turtle", ""]),
    st.sampled_from(["", "", " ", "\t"]),
    PARAMETERS,
    WEIGHTS,
    st.sampled_from(["", "", ";", ";version=1", ";x"]),
)
HEADERS = st.lists(ELEMENTS, max_size=7, unique_by=lambda element: element[0]).map(
    lambda elements: ", ".join(map("".join, elements))
)


@needs_nginx
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(header=HEADERS)
def test_any_header_is_weighed_as_the_server_weighs_it(nginx_port: int, header: str) -> None:
    for path, offers in (("/doc/pole/archer", HTML_FIRST), ("/catalog", RDF_FIRST)):
        resource = Resource(BASE, html=str, rdf=lambda format_: b"", offers=offers)
        liked = negotiate(header, resource.answers())
        found = exported_site.ask(nginx_port, path, header)
        assert (found.status, found.media_type) == (200, liked.media_type) if liked else found.status == 406


@needs_nginx
@pytest.mark.parametrize(
    "header",
    [
        "," * 7000,
        '"' * 7000,
        '",' * 3500,
        " ," * 3500,
        "\t;" * 3500,
        "text/html" + ";" * 7000 + "x",
        "text/html" + " " * 7000 + "x",
        "text/turtle" + ';profile="a"' * 600 + "x",
        "text/turtle," * 590 + "x",
        "*/*;q=" + "0" * 7000,
        'a/b;x="' + "\\" * 6999,
    ],
    ids=lambda header: header[:12],
)
def test_a_header_made_to_be_slow_to_read(nginx_port: int, header: str) -> None:
    resource = Resource(BASE, html=str, rdf=lambda format_: b"")
    liked = negotiate(header, resource.answers())
    found = exported_site.ask(nginx_port, "/doc/pole/archer", header)
    assert (found.status, found.media_type) == (200, liked.media_type) if liked else found.status == 406


@needs_nginx
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    header=st.lists(
        st.tuples(
            st.sampled_from(["fr", "en", "*", "de", "en-GB", "FR-ca", "french", "fr_FR", "x"]), WEIGHTS
        ),
        max_size=4,
        unique_by=lambda element: element[0][:2].lower(),
    ).map(lambda elements: ",".join(map("".join, elements)))
)
def test_any_language_is_weighed_as_the_server_weighs_it(nginx_port: int, header: str) -> None:
    page = exported_site.ask(
        nginx_port, "/doc/pole/archer", "text/html", **{"Accept-Language": header}
    ).body.decode()
    assert f'<html lang="{negotiate_language(header)}"' in page


def test_most_of_the_table_is_asked() -> None:
    assert len(ASKED) > 450
    assert len([case for case in ASKED if reason(case)]) < 30
