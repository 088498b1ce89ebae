"""The server's negotiation table against nginx over an exported site: each row is answered as by the server, or named here with why not.

Compared are status and media type, and where a redirect leads.
"""

from __future__ import annotations

import http.client
import re

import pytest

from tests.conformance.negotiation.table import Answer, Case, ask, cases
from tests.integration.exported_site import needs_nginx
from tests.unit.query.small_release import BASE

#: Addresses that need a server.
SERVED = re.compile(r"/(sparql|readyz|healthz|update)(?![a-z])")
#: What nginx answers otherwise: why → the rows, by their first column (a pattern).
OTHERWISE = {
    "nginx cannot compare weights: a header that is not in accepts.txt is answered by the first type that it names": (
        "the highest weight wins",
        "the order of ranges means nothing",
        "a thousandth decides",
        "1.000 is 1",
        "between equals our order, on the catalogue",
        "a specific range takes precedence over a wider one of more weight",
        "tabs and spaces around everything",
        'white space around "=" is passed over',
        "not there, HTML a little less than JSON",
        "N3 that is liked better than Turtle",
        "N3 before the page that is liked less",
    ),
    "it reads a weight of zero of one type, not of a family, nor through the other names of a type": (
        "q=0 excludes a family",
        "everything but what is offered",
        "a type excluded by its name is not sent under another",
        "no linkset by a wildcard that leaves nothing else",
        "N3 is not sent to a wildcard, whatever else is refused",
    ),
    "it reads no parameters but a weight of zero, and no quotation marks": (
        "another charset.*",
        "an unknown parameter.*",
        "a JSON-LD profile with a comma and a semicolon",
        "an escaped quotation mark",
        "a quotation mark that is never closed reaches to the end",
    ),
    "it takes what is malformed for what it looks like": (
        "q.* is no quality value",
        "q in quotation marks is no quality value",
        "two weights are malformed",
        "semicolons for commas",
        "a pasted header name",
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


def test_most_of_the_table_is_asked() -> None:
    assert len(ASKED) > 450
    assert len([case for case in ASKED if reason(case)]) < 60
