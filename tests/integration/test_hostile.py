"""A source that means harm: its words are words in every page, format and header, and an IRI that is none is refused with its place."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from flask.testing import FlaskClient

from ptce_lod import pipeline, serialize
from ptce_lod.errors import PtceError
from ptce_lod.formats import RDF_FORMATS, RDF_XML, Format
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.web.app import create_app
from tests import tiny_project
from tests.conftest import project_settings
from tests.tiny_project import tiny_settings
from tests.unit.ingest.conftest import GOOD, make_source
from tests.unit.ingest.test_bad_tables import problems
from tests.unit.query.small_release import BASE, build_small_release

__all__ = ["make_source"]
PTCE = "https://w3id.org/ptce/ns#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
FOAF = "http://xmlns.com/foaf/0.1/"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
A = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
#: The attribute ``evil`` is what a page would have if one of these were taken for markup.
LITERALS = [
    "<script evil>alert(1)</script>",
    "</script><script evil>alert(1)</script>",
    "</title></style></textarea><img src=x onerror=alert(1) evil>",
    '" onmouseover="alert(1)" evil="',
    "' onmouseover='alert(1)' evil='",
    "--><svg evil onload=alert(1)>",
    "<!--",
    "]]><b evil>x</b>",
    "<![CDATA[<b evil>]]>",
    "&lt;b evil&gt; &amp;amp; &#x3c;script evil&#x3e;",
    "{{ 7 * 7 }}{% raw %}${7*7}",
    "line\r\nSet-Cookie: evil=1\r\n\r\n<b evil>",
    "\ttab\nnew line\rreturn",
    "\u202egnp.exe\u202c \u200f\u200b\ufeff",
    "e\u0301 é \u2028\u2029 \U0001f600 \U000e0041",
    "\x7f\x80\x9f",
    '\\" \\u003cscript\\u003e \\n',
    "%0d%0aSet-Cookie:%20evil=1",
    '=HYPERLINK("http://evil.example";"x")',
    "x" * 20_000,
]
#: No XML document can hold these, so no RDF/XML can.
UNWRITABLE = ["\x01", "a\x00b", "\x0b\x0c", "\x1b[31m", "\ufffe"]
IRIS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//",
    "vbscript:x",
    "data:text/html,%3Cscript%20evil%3Ealert(1)%3C/script%3E",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "http://example.org/it's",
    "http://example.org/'onmouseover='alert(1)'evil='",
    "http://example.org/(a)*!$&,;=~",
    "http://example.org/a%2Fb",
    "http://example.org/%0D%0ASet-Cookie:%20evil=1",
    "http://example.org/%22%3E%3Cscript%20evil%3E",
    "http://example.org/é",
    "http://example.org/e\u0301",
    "http://example.org/\U0001f600/日本語?q=ü#ß",
    "http://xn--nxasmq6b.example/",
    "http://例え.example/",
    "http://user:pass@example.org:99999/",
    "http://[::1]/",
    "http://example.org/../../etc/passwd",
    "urn:isbn:0-395-36341-1",
    "tag:example.org,2026:<".rstrip("<"),
    "mailto:a@example.org?subject=x%0d%0aBcc:evil",
    "file:///etc/passwd",
]
#: Characters no IRI may hold: RFC 3987, and IRIREF of SPARQL and Turtle.
FORBIDDEN = [" ", "<", ">", '"', "{", "}", "|", "\\", "^", "`", "\x01", "\x1f"]


def pole(number: int) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}id/pole/hostile-{number}")


def hostile() -> list[ox.Quad]:
    quads = []
    texts = [*LITERALS, *UNWRITABLE]
    for number, text in enumerate(texts):
        subject = pole(number)
        quads.append(ox.Quad(subject, A, ox.NamedNode(PTCE + "Pole")))
        for predicate in (SKOS + "prefLabel", SKOS + "altLabel", RDFS + "comment"):
            quads.append(ox.Quad(subject, ox.NamedNode(predicate), ox.Literal(text, language="fr")))
        quads.append(ox.Quad(subject, ox.NamedNode(SKOS + "note"), ox.Literal(text)))
        typed = ox.Literal(text, datatype=ox.NamedNode("http://example.org/type'\u00e9"))
        quads.append(ox.Quad(subject, ox.NamedNode(SKOS + "notation"), typed))
    for number, iri in enumerate(IRIS):
        for predicate in (FOAF + "page", FOAF + "homepage", OWL + "sameAs", RDFS + "seeAlso"):
            quads.append(ox.Quad(pole(number % len(LITERALS)), ox.NamedNode(predicate), ox.NamedNode(iri)))
    return quads


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    var_dir = tmp_path_factory.mktemp("hostile") / "var"
    layout = build_small_release(
        var_dir, extra=ox.serialize(hostile(), format=ox.RdfFormat.N_TRIPLES).decode()
    )
    settings = project_settings(var_dir, query_workers=1, query_timeout_seconds=5)
    backend = EmbeddedBackend(layout, settings)
    yield create_app(settings, backend).test_client(use_cookies=False)
    backend.close()


class Inert(HTMLParser):
    """Notes what in a page could run."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._script: list[str] | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "script":
            if values.get("type") in ("application/ld+json", "application/json"):
                self._script = []
            elif not values.get("src", "").startswith("/static/"):
                self.found.append(f"<script {values}>")
        for name, value in values.items():
            if name == "evil" or name.startswith("on") or name in ("style", "srcdoc"):
                self.found.append(f"<{tag} {name}={value!r}>")
            address = "".join(value.split()).lower()
            if name in ("href", "src", "action", "formaction", "data", "xlink:href"):
                scheme = address.partition(":")[0]
                if scheme in ("javascript", "vbscript", "file") or (scheme == "data" and tag != "img"):
                    self.found.append(f"<{tag} {name}={value!r}>")

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self._script.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._script is not None:
            json.loads("".join(self._script))
            self._script = None


def check_headers(headers: list[tuple[str, str]]) -> None:
    for name, value in headers:
        assert value.isascii(), f"{name}: {value!r}"
        assert value.isprintable(), f"{name}: {value!r}"
    assert not [value for name, value in headers if name.lower() == "set-cookie" and "evil" in value]


PAGES = [
    *(f"/doc/pole/hostile-{number}" for number in range(len(LITERALS) + len(UNWRITABLE))),
    *(f"/doc/pole/hostile-{number}?history" for number in (0, 1)),
    *(f"/poles?page={number}" for number in (1, 2)),
    *(f"/search?q={urllib.parse.quote(text[:50])}" for text in LITERALS),
    *(f"/doc/pole/{urllib.parse.quote(text[:50], safe='')}" for text in LITERALS),
    *(f"/poles?page={urllib.parse.quote(text[:50])}" for text in LITERALS),
    *(f"/sparql?example={urllib.parse.quote(text[:50])}" for text in LITERALS),
    *(f"/doc/pole/hostile-0?_profile={urllib.parse.quote(text[:50])}" for text in LITERALS),
    *(f"/sparql?format={urllib.parse.quote(text[:50])}&query=ASK%7B%7D" for text in LITERALS),
    "/sparql?format=html&query="
    + urllib.parse.quote(f"SELECT * {{ ?s <{SKOS}prefLabel> ?o ; <{FOAF}page> ?p }}"),
    "/sparql?format=html&query="
    + urllib.parse.quote('SELECT ("<script evil>" AS ?x) {} # </textarea><b evil>'),
    "/sparql?format=html&query=" + urllib.parse.quote("DESCRIBE <http://127.0.0.1:8000/id/pole/hostile-1>"),
    "/sparql?format=html&query=" + urllib.parse.quote("SELECT <script evil>"),
]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path[:60])
def test_nothing_in_a_page_runs(client: FlaskClient, path: str) -> None:
    for language in ("fr", "en"):
        answer = client.get(path, headers={"Accept": "text/html", "Accept-Language": language})
        assert answer.status_code in (200, 301, 400, 404), answer.text[:300]
        assert Inert(answer.text).found == []
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        check_headers(list(answer.headers))


@pytest.mark.parametrize("number", range(len(LITERALS)))
@pytest.mark.parametrize("format_", RDF_FORMATS, ids=lambda f: f.name)
def test_every_format_holds_the_same_terms(client: FlaskClient, number: int, format_: Format) -> None:
    """Character by character: composed and decomposed, escaped or not, at the ends and across lines."""
    answer = client.get(f"/doc/pole/hostile-{number}.{format_.extension}")
    assert answer.status_code == 200
    check_headers(list(answer.headers))
    found = {quad.triple for quad in serialize.parse(answer.data, format_)}
    expected = {quad.triple for quad in hostile() if quad.subject == pole(number)}
    assert expected <= found
    if format_ is RDF_XML:  # Oxigraph's reader is more lenient than XML
        told = {str(each) for each in rdflib.Graph().parse(data=answer.data, format="xml").objects()}
        assert {triple.object.value for triple in expected} <= told


@pytest.mark.parametrize("number", range(len(LITERALS), len(LITERALS) + len(UNWRITABLE)))
def test_what_xml_cannot_hold_is_told_and_no_damaged_file_is_sent(client: FlaskClient, number: int) -> None:
    expected = {quad.triple for quad in hostile() if quad.subject == pole(number)}
    for format_ in RDF_FORMATS:
        answer = client.get(
            f"/doc/pole/hostile-{number}.{format_.extension}", headers={"Accept": "application/json"}
        )
        check_headers(list(answer.headers))
        if answer.status_code == 200:
            assert expected <= {quad.triple for quad in serialize.parse(answer.data, format_)}, format_.name
        else:
            assert (format_.name, answer.status_code) == ("rdfxml", 406)
            assert "XML" in answer.get_json()["detail"]


def test_linksets_and_views_of_hostile_things_are_sound(client: FlaskClient) -> None:
    for number in range(len(LITERALS)):
        assert client.get(f"/doc/pole/hostile-{number}.linkset.json").get_json()["linkset"]
        assert "\r" not in client.get(f"/doc/pole/hostile-{number}.linkset").text
        for profile in ("short", "schema"):
            answer = client.get(f"/doc/pole/hostile-{number}.nt?_profile={profile}")
            assert list(ox.parse(answer.data, format=ox.RdfFormat.N_TRIPLES))


@pytest.mark.parametrize("character", FORBIDDEN, ids=lambda c: f"U+{ord(c):04X}")
def test_an_iri_with_a_forbidden_character_in_a_table_is_refused_with_its_row_and_column(
    make_source: object, character: str
) -> None:
    row = GOOD[0].replace(
        "https://example.org/a", '"https://example.org/a' + character.replace('"', '""') + 'b"'
    )
    (problem,) = problems(make_source(row))  # type: ignore[operator]
    assert "table.csv:2 [url]: 'https://example.org/a" in problem, problem


@pytest.mark.parametrize("character", FORBIDDEN, ids=lambda c: f"U+{ord(c):04X}")
def test_an_iri_with_a_forbidden_character_in_rdf_is_refused_with_its_line_and_column(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, character: str
) -> None:
    """By a whole build, of a project that is sound but for one line."""
    line = f"<pole/un> <{FOAF}page> <https://example.org/a{character}b> ."
    monkeypatch.setattr(tiny_project, "FACTS", f"{tiny_project.FACTS}{line}\n")
    settings = tiny_settings(tmp_path)
    with pytest.raises(PtceError) as caught:
        pipeline.build(settings)
    told = " ".join([str(caught.value), *(str(problem) for problem in getattr(caught.value, "problems", ()))])
    place = f"facts.ttl:{tiny_project.FACTS.count(chr(10))}"
    assert place in told, told
    assert not (settings.var_dir / "current").exists(), "nothing is published"


@pytest.mark.parametrize("escape", ["\\u0020", "\\u003C", "\\u0022", "\\U0000007B", "\\u005C", "\\u0001"])
def test_an_escape_smuggles_no_forbidden_character_into_an_iri(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, escape: str
) -> None:
    line = f"<pole/un> <{FOAF}page> <https://example.org/a{escape}b> ."
    monkeypatch.setattr(tiny_project, "FACTS", f"{tiny_project.FACTS}{line}\n")
    with pytest.raises(PtceError):
        pipeline.build(tiny_settings(tmp_path))
