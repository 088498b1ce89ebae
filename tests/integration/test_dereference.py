"""What an IRI of ours names can be fetched with programs that we did not write, and says the same in every format."""

from __future__ import annotations

import re
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import requests_cache
import signposting
from flask.testing import FlaskClient

from ptce_lod import serialize
from ptce_lod.formats import N_QUADS, N_TRIPLES, RDF_FORMATS, Format
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.layout import VarLayout
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from tests.integration.conftest import Server

PTCE = rdflib.Namespace("https://w3id.org/ptce/ns#")
#: rdflib's JSON-LD reader uses what rdflib deprecates.
_RDFLIB_JSON_LD = pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph:DeprecationWarning", "ignore:Dataset:DeprecationWarning"
)
Triples = set[ox.Triple]


def things_of(dump: bytes, base: str) -> dict[str, list[str]]:
    """Return type → IRIs of all things that a dump says something of."""
    found: dict[str, set[str]] = {}
    for match in re.finditer(rb"^<([^>#]*)> ", dump, re.MULTILINE):
        iri = match[1].decode()
        if iri.startswith(base + "id/"):
            found.setdefault(iri.removeprefix(base + "id/").partition("/")[0], set()).add(iri)
    return {type_: sorted(iris) for type_, iris in sorted(found.items())}


def dump_of(settings: Settings) -> bytes:
    return (VarLayout(settings.var_dir).published().dumps / "all.nq").read_bytes()


@pytest.fixture(scope="session")
def sample(real_server: Server) -> list[str]:
    """The first and the last thing of each type."""
    with urllib.request.urlopen(real_server.base + "dumps/latest/all.nq") as response:
        things = things_of(response.read(), real_server.base)
    assert len(things) >= 15
    return [iri for iris in things.values() for iri in sorted({iris[0], iris[-1]})]


@pytest.fixture(scope="module")
def reader(published: Settings, backend: EmbeddedBackend) -> FlaskClient:
    """The real data without a server in between, for volume."""
    return create_app(published, backend).test_client(use_cookies=False)


def parsed(data: bytes, format_: Format) -> Triples:
    """Return the triples of a document about a thing, which holds no blank node: so equal sets are isomorphic graphs."""
    triples = {quad.triple for quad in serialize.parse(data, format_)}
    assert not [
        t for t in triples if isinstance(t.subject, ox.BlankNode) or isinstance(t.object, ox.BlankNode)
    ]
    return triples


def canonical(data: bytes, format_: Format) -> Triples:
    """Return the triples of a document with canonical names for its blank nodes: SHACL and OWL have some."""
    graph = ox.Dataset(ox.Quad(*quad.triple) for quad in serialize.parse(data, format_))
    graph.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return {quad.triple for quad in graph}


def documents(reader: FlaskClient, published: Settings) -> Iterator[str]:
    """Yield the path of every document that describes something in the release."""
    base = published.base_iri
    dump = dump_of(published)
    for iris in things_of(dump, base).values():
        for iri in iris:
            yield iri.replace(base, "/").replace("/id/", "/doc/")
    for match in sorted(
        set(re.findall(rb"^<https://w3id.org/ptce/((?:scheme|concept)/[^>#]+)> ", dump, re.MULTILINE))
    ):
        yield "/" + match.decode()
    for match in sorted(set(re.findall(rb"<" + base.encode() + rb"(graph/[^>#]+)> \.$", dump, re.MULTILINE))):
        yield "/" + match.decode()
    yield from ("/ns", "/shapes", "/catalog")


def test_every_format_of_everything_in_the_release_says_the_same(
    reader: FlaskClient, published: Settings
) -> None:
    count = 0
    for path in documents(reader, published):
        answers = {f: reader.get(f"{path}.{f.extension}") for f in RDF_FORMATS}
        assert {answer.status_code for answer in answers.values()} <= {200, 410}, path
        if answers[N_TRIPLES].status_code == 410:
            continue
        read = canonical if path in ("/ns", "/shapes", "/catalog") else parsed
        expected = read(answers[N_TRIPLES].data, N_TRIPLES)
        assert expected, path
        for format_, answer in answers.items():
            assert read(answer.data, format_) == expected, f"{path}.{format_.extension}"
        count += 1
    assert count > 2000


def test_a_document_holds_all_that_the_dump_says_of_its_thing(
    reader: FlaskClient, published: Settings
) -> None:
    said: dict[str, set[ox.Quad]] = {}
    for quad in serialize.parse(dump_of(published), N_QUADS):
        if isinstance(quad.subject, ox.NamedNode) and "#" not in quad.subject.value:
            said.setdefault(quad.subject.value, set()).add(quad)
    prefix = published.base_iri + "id/"
    things = {iri: quads for iri, quads in said.items() if iri.startswith(prefix)}
    assert len(things) > 2000
    for iri, quads in things.items():
        found = set(serialize.parse(reader.get(f"/doc/{iri.removeprefix(prefix)}.nq").data, N_QUADS))
        assert quads <= found, iri


def test_rdflib_reads_a_thing_of_each_type_by_its_iri_alone(sample: list[str]) -> None:
    for iri in sample:
        graph = rdflib.Graph().parse(iri)
        assert (rdflib.URIRef(iri), rdflib.RDF.type, None) in graph, iri


@_RDFLIB_JSON_LD
@pytest.mark.parametrize("format_", ["turtle", "xml", "json-ld", "nt"])
def test_rdflib_reads_the_same_in_each_format(sample: list[str], format_: str) -> None:
    for iri in sample[::8]:
        assert set(rdflib.Graph().parse(iri, format=format_)) == set(rdflib.Graph().parse(iri)), iri


def test_rdflib_walks_from_a_pole_to_what_it_is_linked_to(real_server: Server) -> None:
    """Link traversal, as Comunica does it (which is 106 MB, and was run by hand): from IRI to IRI, knowing one of them."""
    with urllib.request.urlopen(real_server.base + "poles.nt") as response:
        poles = sorted(
            set(re.findall(rf"<({re.escape(real_server.base)}id/pole/[^>]+)>", response.read().decode()))
        )
    start = rdflib.URIRef(poles[0])
    graph, seen, waiting = rdflib.Graph(), set(), [(start, 0)]
    while waiting and len(seen) < 40:
        iri, steps = waiting.pop(0)
        if iri in seen:
            continue
        seen.add(iri)
        document = rdflib.Graph().parse(str(iri))
        assert (iri, None, None) in document, f"{iri} says nothing of itself"
        graph += document
        if steps < 2:
            waiting += [
                (found, steps + 1)
                for found in sorted(set(document.objects(iri, None)))
                if isinstance(found, rdflib.URIRef)
                and str(found).startswith(real_server.base + "id/")
                and "#" not in found
            ]
    assert len(seen) > 3
    query = "SELECT ?name { ?pole ptce:territory ?t . ?t ptce:coversUnit ?unit . ?unit skos:prefLabel ?name }"
    assert list(graph.query(query, initNs={"ptce": PTCE, "skos": rdflib.SKOS}, initBindings={"pole": start}))


@pytest.mark.skipif(shutil.which("rapper") is None, reason="rapper (raptor2-utils) is not installed")
@pytest.mark.parametrize("syntax", ["guess", "turtle", "rdfxml", "ntriples"])
def test_rapper_reads_a_thing_of_each_type(sample: list[str], syntax: str) -> None:
    how = ["-g"] if syntax == "guess" else ["-i", syntax]
    for iri in sample if syntax == "guess" else sample[::8]:
        done = subprocess.run(["rapper", "-q", *how, "-o", "ntriples", iri], capture_output=True, check=True)
        address = iri.replace("/id/", "/doc/") + ".nt"
        with urllib.request.urlopen(address) as response:
            assert parsed(done.stdout, N_TRIPLES) == parsed(response.read(), N_TRIPLES), iri


@pytest.mark.parametrize("format_", RDF_FORMATS, ids=lambda f: f.name)
def test_pyoxigraph_reads_what_the_content_type_says(sample: list[str], format_: Format) -> None:
    for iri in sample[::8]:
        request = urllib.request.Request(iri, headers={"Accept": format_.media_type})
        with urllib.request.urlopen(request) as response:
            told = ox.RdfFormat.from_media_type(response.headers["Content-Type"])
            assert told is not None
            quads = list(ox.parse(response.read(), format=told, base_iri=response.url))
        assert ox.NamedNode(iri) in {quad.subject for quad in quads}


@pytest.mark.filterwarnings("ignore::UserWarning:signposting")
def test_a_signposting_library_finds_its_way_from_the_name(real_server: Server, sample: list[str]) -> None:
    """From headers, from the head of the page, and from the linkset: the name to cite, types, licence, data."""
    iri = next(each for each in sample if "/id/pole/" in each)
    page = iri.replace("/id/", "/doc/")
    by_header = signposting.find_signposting_http(iri)
    by_head = signposting.find_signposting_html(page)
    linkset = next(s for s in by_header.signposts if str(s.rel) == "linkset" and str(s.type).endswith("json"))
    by_linkset = signposting.find_signposting_linkset(str(linkset.target)).for_context(page)
    for found in (by_header, by_head, by_linkset):
        assert str(found.citeAs.target) == iri
        assert "https://schema.org/AboutPage" in {str(each.target) for each in found.types}
        assert {str(each.target) for each in found.describedBy} >= {
            f"{page}.ttl",
            f"{page}.jsonld",
            f"{page}.rdf",
        }
        assert "licence-ouverte" in str(found.license.target)
        assert str(found.collection.target) == real_server.base + "poles"
    for described in by_header.describedBy:
        with urllib.request.urlopen(str(described.target)) as response:
            assert response.headers["Content-Type"].partition(";")[0] == str(described.type)


def test_a_caching_client_asks_again_and_is_told_that_nothing_changed(
    sample: list[str], tmp_path: Path
) -> None:
    with requests_cache.CachedSession(
        tmp_path / "cache", backend="filesystem", always_revalidate=True
    ) as session:
        for iri in sample[:5]:
            for accept in ("text/turtle", "text/html"):
                address, headers = iri.replace("/id/", "/doc/"), {"Accept": accept}
                first = session.get(address, headers=headers)
                again = session.get(address, headers=headers)
                assert (first.status_code, first.from_cache) == (200, False)
                assert again.revalidated, "the server said 304"
                assert again.content == first.content
                assert again.headers["Content-Type"].startswith(accept)


def test_a_caching_client_keeps_languages_and_formats_apart(sample: list[str], tmp_path: Path) -> None:
    address = sample[0].replace("/id/", "/doc/")
    wanted = [("text/html", "fr"), ("text/html", "en"), ("text/turtle", "fr"), ("application/ld+json", "fr")]
    with requests_cache.CachedSession(
        tmp_path / "cache", backend="filesystem", cache_control=True, match_headers=True
    ) as session:
        for _ in range(2):
            for accept, language in wanted:
                answer = session.get(address, headers={"Accept": accept, "Accept-Language": language})
                assert answer.headers["Content-Type"].startswith(accept)
                if accept == "text/html":
                    assert answer.headers["Content-Language"] == language
            assert answer.from_cache == bool(_), "kept for max-age"
