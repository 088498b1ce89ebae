"""Each row of cases.tsv against a server process: what any client gets, with the headers it really sends.

Of every answer, besides what its row says: it is well-formed in its format, comes as long as it says, has the headers that all answers have
in one line of ASCII each, and depends on no header that ``Vary`` does not name.
"""

from __future__ import annotations

import gzip
import http.client
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree

import brotli
import pyoxigraph as ox
import pytest
import zstandard

from ptce_lod import formats
from ptce_lod.formats import RDF_ANSWERS
from tests.conformance.negotiation.table import Answer, Case, ask, cases, clients, disagreement
from tests.integration.conftest import Server

DECODE = {
    None: lambda data: data,
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}
RDF = {f.media_type: f for f in RDF_ANSWERS}
#: What holds no triples: a context by itself, and the report of a release that was not validated.
EMPTY = ("/context.jsonld", "/report", "/report.ttl")
#: Headers that differ from one answer to the next.
CHANGING = ("date", "x-request-id", "link", "content-length", "etag")
#: The programs that the table has to have: a row of clients.tsv begins with each of these words.
WANTED = (
    *(
        "chrome",
        "firefox",
        "safari",
        "edge",
        "curl",
        "wget",
        "requests",
        "rdflib",
        "jena",
        "rdf4j",
        "comunica",
    ),
    *("rdf-dereference", "owlapi", "rapper", "sparqlwrapper", "googlebot", "fuji"),
)


@pytest.fixture
def connection(server: Server) -> Iterator[http.client.HTTPConnection]:
    made = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    yield made
    made.close()


def test_the_table_is_what_it_is_said_to_be() -> None:
    assert len(cases()) >= 300
    assert not [word for word in WANTED if not any(name.startswith(word) for name in clients())]
    asked = " ".join(case.request for case in cases())
    assert not [name for name in clients() if f"@{name}" not in asked], "every client asks for something"
    same = Counter(replace(case, line=0, why="") for case in cases())
    assert not [case for case, times in same.items() if times > 1], "a row is there once"
    statuses = {case.status for case in cases()}
    assert {200, 206, 301, 303, 304, 400, 403, 404, 405, 406, 410, 415, 416} <= statuses


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.line}: {case.why}")
def test_row(server: Server, connection: http.client.HTTPConnection, case: Case) -> None:
    etag = ""
    if "{etag}" in case.request:
        unconditional = tuple(
            line for line in case.lines(server.base) if not line[0].lower().startswith("if-")
        )
        etag = ask(connection, replace(case, method="GET"), server.base, unconditional).get("ETag") or ""
        assert etag.startswith('"')
    lines = case.lines(server.base, etag)
    first = ask(connection, case, server.base, lines)
    again = ask(connection, case, server.base, lines)
    for answer in (first, again):
        wrong = [] if answer.status == case.status else [f"status {answer.status}"]
        if case.media_type not in ("-", answer.media_type):
            wrong.append(f"media type {answer.media_type!r}")
        expectations = case.expected.split(" | ") if case.expected != "-" else []
        wrong += [found for each in expectations if (found := disagreement(answer, each, server.base, etag))]
        assert not wrong, (
            f"cases.tsv line {case.line}: {case.method} {case.path} with {lines}: {'; '.join(wrong)}"
        )
        check(case, answer)
    assert stable(first) == stable(again)
    if case.method == "GET" and not any(name.lower() == "range" for name, _ in lines):
        head = ask(connection, replace(case, method="HEAD"), server.base, lines)
        assert (head.status, head.body) == (first.status, b"")
        assert stable(head) == stable(first)


def stable(answer: Answer) -> list[tuple[str, str]]:
    return sorted((name.lower(), value) for name, value in answer.fields if name.lower() not in CHANGING)


def check(case: Case, answer: Answer) -> None:
    """What holds for every answer."""
    for name, value in answer.fields:
        assert value.isascii(), f"{name}: {value!r}"
        assert value.isprintable(), f"{name}: {value!r}"
    assert answer.get("Access-Control-Allow-Origin") == "*"
    assert answer.get("X-Content-Type-Options") == "nosniff"
    assert answer.get("X-Request-Id")
    assert "evil" not in str(answer.fields)
    vary = {word.strip() for word in (answer.get("Vary") or "").split(",")}
    if answer.get("Content-Location") or answer.status in (301, 303, 404, 406, 410):
        assert "Accept" in vary
    if answer.get("Content-Encoding"):
        assert "Accept-Encoding" in vary
    if case.method == "HEAD" or answer.status == 304:
        assert answer.body == b""
        return
    assert int(answer.get("Content-Length") or -1) == len(answer.body)
    if answer.status != 206:
        body = DECODE[answer.get("Content-Encoding")](answer.body)
        triples = parse(answer, body, answer.media_type)
        assert triples != 0 or case.path in EMPTY


def parse(answer: Answer, body: bytes, media_type: str) -> int | None:
    """Read the body as what it says it is; return the number of its triples if it is RDF."""
    if media_type in RDF:
        assert answer.get("Content-Type") == RDF[media_type].content_type
        return len(list(ox.parse(body, format=ox.RdfFormat.from_media_type(media_type))))
    if media_type.endswith("json"):
        document = json.loads(body)
        if media_type == "application/problem+json":
            assert document["status"] == answer.status
            assert document["title"]
    elif media_type.endswith("xml"):
        ElementTree.fromstring(body)
    elif media_type == formats.HTML.media_type and answer.status not in (301, 303) and body:
        assert body.lstrip().lower().startswith(b"<!doctype html>")
        if language := answer.get("Content-Language"):
            assert f'<html lang="{language}"'.encode() in body
    return None
