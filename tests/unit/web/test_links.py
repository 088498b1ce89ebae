"""Typed links in headers, pages and linksets; views; documents on several pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from flask.testing import FlaskClient

from ptce_lod.query.backend import PAGE_LINKS
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.web.app import create_app
from tests.conftest import project_settings
from tests.unit.query.small_release import build_small_release

BASE = "http://127.0.0.1:8000/"
DOCUMENT = "/doc/pole/archer"
HYDRA = rdflib.Namespace("http://www.w3.org/ns/hydra/core#")
#: rdflib's own JSON-LD reader uses what rdflib deprecates.
_RDFLIB_JSON_LD = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
Typed = set[tuple[str, str]]


def links_of(header: str) -> Typed:
    return {(m[2], m[1]) for m in re.finditer(r'<([^>]*)>; rel="([^"]*)"', header)}


def test_a_document_has_the_links_of_fair_signposting(client: FlaskClient) -> None:
    found = links_of(client.get(DOCUMENT, headers={"Accept": "text/html"}).headers["Link"])
    for relation, target in (
        ("canonical", "doc/pole/archer"),
        ("cite-as", "id/pole/archer"),
        ("describedby", "doc/pole/archer.ttl"),
        ("describedby", "doc/pole/archer.jsonld"),
        ("alternate", "doc/pole/archer.html"),
        ("alternate", "doc/pole/archer?lang=en"),
        ("collection", "poles"),
        ("author", "id/agent/project"),
        ("linkset", "doc/pole/archer.linkset"),
        ("linkset", "doc/pole/archer.linkset.json"),
        ("profile", "profile/full"),
    ):
        assert (relation, BASE + target) in found
    assert {("type", "https://schema.org/AboutPage"), ("type", "https://schema.org/Organization")} <= found
    assert {relation for relation, _ in found} >= {"license"}


@pytest.mark.parametrize(
    "path",
    [DOCUMENT, "/poles", "/ns", "/scheme/stage", "/concept/stage/emerging", "/catalog", "/shapes", "/"],
)
def test_the_head_of_a_page_has_the_links_of_the_header(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "text/html"})
    in_head = {(m[1], m[2]) for m in re.finditer(r'<link rel="([^"]*)" href="([^"]*)"', response.text)}
    in_header = {(rel, target.replace("&", "&amp;")) for rel, target in links_of(response.headers["Link"])}
    assert in_header <= in_head


@pytest.mark.parametrize("path", [DOCUMENT, "/poles", "/ns", "/catalog", "/graph/facts/2026-11-22"])
def test_the_linkset_says_the_same_in_both_formats(client: FlaskClient, path: str) -> None:
    as_json = client.get(path, headers={"Accept": "application/linkset+json"})
    assert as_json.content_type == "application/linkset+json"
    assert as_json.json is not None
    found = {
        (context["anchor"], relation, target["href"])
        for context in as_json.json["linkset"]
        for relation, targets in context.items()
        if relation != "anchor"
        for target in targets
    }
    text = client.get(f"{path}.linkset")
    assert text.content_type == "application/linkset"
    said = {(m[2], m[3], m[1]) for m in re.finditer(r'<([^>]*)>; anchor="([^"]*)"; rel="([^"]*)"', text.text)}
    assert found == said
    header = links_of(client.get(path, headers={"Accept": "text/html"}).headers["Link"])
    page = BASE[:-1] + path
    assert {(page, rel, target) for rel, target in header if rel != "linkset"} <= found
    assert (f"{page}.ttl", "describes", page) in found, "the data lead back"


def test_a_list_s_linkset_has_its_members_as_items(client: FlaskClient) -> None:
    linkset = client.get("/poles.linkset.json").json
    assert linkset is not None
    items = {target["href"] for context in linkset["linkset"] for target in context.get("item", ())}
    graph = rdflib.Graph().parse(data=client.get("/poles.ttl").data, format="turtle")
    members = {str(member) for member in graph.objects(rdflib.URIRef(BASE + "poles"), HYDRA.member)}
    assert items == {member.replace("/id/", "/doc/") for member in members}


def test_nobody_gets_a_linkset_by_a_wildcard(client: FlaskClient) -> None:
    for accept in ("*/*", "application/*", "application/*;q=0.9, image/png", None):
        headers = {"Accept": accept} if accept else {}
        assert "linkset" not in client.get(DOCUMENT, headers=headers).content_type
    both = {"Accept": "text/turtle;q=0.5, application/linkset;q=0.6"}
    assert client.get(DOCUMENT, headers=both).content_type == "application/linkset"


def test_the_short_view_is_part_of_the_full_one(client: FlaskClient) -> None:
    full = rdflib.Graph().parse(data=client.get(DOCUMENT + ".ttl").data, format="turtle")
    answer = client.get(DOCUMENT + "?_profile=short", headers={"Accept": "text/turtle"})
    short = rdflib.Graph().parse(data=answer.data, format="turtle")
    pole = rdflib.URIRef(BASE + "id/pole/archer")
    assert set(short) < set(full)
    assert set(full.triples((pole, None, None))) <= set(short)
    assert answer.headers["Content-Location"] == BASE + "doc/pole/archer.ttl?_profile=short"
    found = links_of(answer.headers["Link"])
    assert ("profile", BASE + "profile/short") in found
    assert ("canonical", BASE + "doc/pole/archer") in found
    assert ("alternate", BASE + "doc/pole/archer?_profile=full") in found
    assert answer.headers["ETag"] != client.get(DOCUMENT + ".ttl").headers["ETag"]


@_RDFLIB_JSON_LD
@pytest.mark.parametrize("path", [DOCUMENT, "/doc/event/day", "/concept/stage/emerging", "/doc/actor/acme"])
def test_the_view_in_schema_org_says_what_the_page_says(client: FlaskClient, path: str) -> None:
    answer = client.get(path + "?_profile=schema", headers={"Accept": "application/ld+json"})
    graph = rdflib.Graph().parse(data=answer.data, format="json-ld")
    schema = rdflib.Namespace("https://schema.org/")
    assert all(p == rdflib.RDF.type or str(p).startswith(str(schema)) for p in graph.predicates())
    assert list(graph.subject_objects(schema.name))
    for _, url in graph.subject_objects(schema.url):
        assert isinstance(url, rdflib.URIRef)


def test_a_view_is_rdf_for_a_browser_too_and_an_unknown_one_is_told(client: FlaskClient) -> None:
    firefox = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    assert client.get(DOCUMENT + "?_profile=short", headers=firefox).status_code == 200
    wrong = client.get(DOCUMENT + "?_profile=nonsense")
    assert wrong.status_code == 400
    assert "expected one of full, short, schema" in wrong.text
    by_iri = client.get(DOCUMENT + "?_profile=https://schema.org/", headers={"Accept": "text/turtle"})
    assert b"schema.org/name" in by_iri.data or b"schema:name" in by_iri.data


def test_a_media_type_can_be_asked_for_in_the_address(client: FlaskClient) -> None:
    answer = client.get(DOCUMENT, query_string={"_mediatype": "application/n-triples"})
    assert answer.content_type == "application/n-triples; charset=utf-8"


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    var_dir: Path = tmp_path_factory.mktemp("crowded") / "var"
    number = 2 * PAGE_LINKS + 50
    extra = "\n".join(f"eventid:e{n} ptce:relatesTo poleid:ecrins ." for n in range(number))
    layout = build_small_release(var_dir, extra=extra)
    settings = project_settings(var_dir, cache_bytes=0)
    backend = EmbeddedBackend(layout, settings)
    yield create_app(settings, backend).test_client(use_cookies=False)
    backend.close()


@_RDFLIB_JSON_LD
@pytest.mark.parametrize("extension", ["ttl", "jsonld", "nt", "rdf"])
def test_many_incoming_links_are_walked_by_next_in_every_format(crowded: FlaskClient, extension: str) -> None:
    syntax = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}[extension]
    pole = rdflib.URIRef(BASE + "id/pole/ecrins")
    ptce = rdflib.Namespace("https://w3id.org/ptce/ns#")
    document = rdflib.URIRef(BASE + "doc/pole/ecrins")
    found: list[rdflib.term.Node] = []
    address = f"/doc/pole/ecrins.{extension}"
    pages = 0
    while address:
        pages += 1
        answer = crowded.get(address)
        graph = rdflib.Graph().parse(data=answer.data, format=syntax)
        (view,) = graph.subjects(rdflib.RDF.type, HYDRA.PartialCollectionView)
        assert int(str(graph.value(document, HYDRA.totalItems))) == 2 * PAGE_LINKS + 50
        found += graph.subjects(ptce.relatesTo, pole)
        following = graph.value(view, HYDRA.next)
        linked = dict(links_of(answer.headers["Link"])).get("next")
        assert linked == (str(following) if following else None)
        address = f"/doc/pole/ecrins.{extension}?{str(following).partition('?')[2]}" if following else ""
    assert pages == 3
    assert len(found) == len(set(found)) == 2 * PAGE_LINKS + 50


def test_a_person_can_turn_the_pages_too(crowded: FlaskClient) -> None:
    first = crowded.get("/doc/pole/ecrins.html?lang=fr").text
    assert "Page 1 sur 3" in first
    assert 'rel="next" href="?page=2"' in first
    last = crowded.get("/doc/pole/ecrins?page=3&lang=en", headers={"Accept": "text/html"}).text
    assert "Page 3 of 3" in last
    main = last[last.index("<h1") : last.index("<footer")]
    assert len(re.findall(r'<li><a href="/doc/', main)) > 20, "the links of the page, by name"
    assert crowded.get("/doc/pole/ecrins?page=4").status_code == 404
    assert crowded.get("/doc/pole/ecrins?page=0").status_code == 400
    assert crowded.get("/doc/pole/archer?page=1", headers={"Accept": "text/turtle"}).status_code == 200


def test_pages_have_entity_tags_of_their_own(crowded: FlaskClient) -> None:
    tags = {crowded.get(f"/doc/pole/ecrins.nt?page={n}").headers["ETag"] for n in (1, 2, 3)}
    assert len(tags) == 3
    quads = list(ox.parse(crowded.get("/doc/pole/ecrins.nq?page=2").data, format=ox.RdfFormat.N_QUADS))
    assert quads
