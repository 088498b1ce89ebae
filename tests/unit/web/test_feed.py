"""The event stream, followed by the algorithm of the specification: a mirror ends with what is published."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from rdflib import Graph
from rdflib.compare import isomorphic

from ptce_lod import namespaces as ns
from ptce_lod.formats import JSON_LD, N_QUADS, TRIG, Format
from ptce_lod.release import feed
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.release.publish import prune, rollback
from ptce_lod.release.quads import read_lines
from ptce_lod.serialize import oxigraph_format
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from ptce_lod.web.feed import AS, LDES, TREE
from ptce_lod.web.hydra import HYDRA
from tests.unit.query.small_release import BASE, build_small_release


class Mirror:
    """Follows a stream by what it says of itself (LDES 1.0, sections 3 and 4): immutable pages once, members once, versions in order."""

    def __init__(self, client: FlaskClient, format_: Format = TRIG, path: str = "feed") -> None:
        self.client, self.format, self.path = client, format_, path
        self.held: dict[str, list[str]] = {}
        self._members: set[str] = set()
        self._done: set[str] = set()
        self.fetched = 0

    def _get(self, address: str) -> tuple[ox.Dataset, bool]:
        self.fetched += 1
        response = self.client.get(
            address.removeprefix(BASE[:-1]),
            headers={"Accept": f"{self.format.media_type}, text/turtle;q=0.1"},
        )
        assert response.status_code == 200
        quads = ox.Dataset(ox.parse(response.data, format=oxigraph_format(self.format)))
        return quads, "immutable" in response.headers["Cache-Control"]

    def follow(self) -> None:
        root, _ = self._get(f"{BASE}{self.path}")

        def one(subject: ox.NamedNode, predicate: str) -> str:
            (value,) = {
                q.object.value  # type: ignore[union-attr]
                for q in root.quads_for_subject(subject)
                if q.predicate.value == predicate
            }
            return value

        (events,) = {q.subject for q in root if str(q.object) == f"<{LDES}EventStream>"}
        assert isinstance(events, ox.NamedNode)
        paths = [
            one(events, LDES + name) for name in ("versionOfPath", "timestampPath", "versionDeleteObject")
        ]
        pages = {q.object.value for q in root if q.predicate.value == TREE + "node"}  # type: ignore[union-attr]
        found = []
        for page in sorted(pages - self._done):
            quads, is_immutable = self._get(page)
            if is_immutable:
                self._done.add(page)
            found += self._read(quads, *paths)
        for _moment, _place, thing, is_delete, lines in sorted(found):
            if is_delete:
                self.held.pop(thing, None)
            else:
                self.held[thing] = lines

    def _read(
        self, quads: ox.Dataset, of: str, when: str, delete: str
    ) -> list[tuple[str, int, str, bool, list[str]]]:
        about: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for quad in quads.quads_for_graph_name(ox.DefaultGraph()):
            about[quad.subject.value][quad.predicate.value] = quad.object.value  # type: ignore[union-attr]
        members = {q.object.value for q in quads if q.predicate.value == TREE + "member"} - self._members  # type: ignore[union-attr]
        self._members |= members
        return [
            (
                about[iri][when],
                int(iri.rpartition("-")[2]),
                about[iri][of],
                about[iri][ns.RDF + "type"] == delete,
                [f"{q.triple} ." for q in quads.quads_for_graph_name(ox.NamedNode(iri))],
            )
            for iri in members
        ]

    def triples(self) -> set[str]:
        return {line for lines in self.held.values() for line in lines}


def same(mirror: Mirror, release: ReleaseLayout) -> bool:
    mine = Graph().parse(data="\n".join(sorted(mirror.triples())), format="nt")
    return isomorphic(mine, Graph().parse(release.dumps / "all.nt"))


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "PAGE_MEMBERS", 7)
    monkeypatch.setattr("ptce_lod.web.feed.PAGE_MEMBERS", 7)


def test_a_mirror_ends_with_what_is_published_also_after_a_rollback(
    tmp_path: Path, published: Settings, small_pages: None
) -> None:
    var = VarLayout(tmp_path / "var")
    first = build_small_release(var.path)
    client = create_app(replace(published, var_dir=var.path, cache_bytes=0)).test_client()
    mirror = Mirror(client)
    mirror.follow()
    assert same(mirror, first)
    blank = 'actorid:new a org:Organization ; foaf:name "Nouvelle" ; rdfs:seeAlso [ rdfs:label "x" ; rdfs:seeAlso [ rdfs:label "y" ] ] .'
    blank += '[] a owl:AllDisjointClasses ; owl:members ( ptce:Pole ptce:Call ) . [] rdfs:comment "rien ne me nomme"@fr .'
    second = build_small_release(var.path, extra=blank)
    fetched = mirror.fetched
    mirror.follow()
    assert same(mirror, second), "also what hangs on no IRI"
    assert f"{BASE}feed#unnamed" in mirror.held
    last = (
        client.get("/feed", headers={"Accept": "text/html"})
        .text.rpartition('href="/feed/')[2]
        .partition('"')[0]
    )
    assert "ce qui n&#39;a pas de nom" in client.get(f"/feed/{last}", headers={"Accept": "text/html"}).text
    assert mirror.fetched - fetched <= 3, "full pages are not fetched again"
    rollback(var)
    mirror.follow()
    assert same(mirror, first)
    assert f"{BASE}feed#unnamed" not in mirror.held
    prune(var, 1)
    late = Mirror(client, N_QUADS)
    late.follow()
    assert same(late, first), "who comes late ends with the same, though a release is gone"
    other = Mirror(client, JSON_LD)
    other.follow()
    assert other.held.keys() == late.held.keys()


def catalogue(client: FlaskClient) -> set[str]:
    """Return the triples of every page of the catalogue, without those that tell of pages."""
    found: set[str] = set()
    address = "/catalog.nt"
    while address:
        response = client.get(address)
        assert response.status_code == 200
        triples = [q.triple for q in ox.parse(response.data, format=ox.RdfFormat.N_TRIPLES)]
        found |= {f"{t} ." for t in triples if HYDRA not in f"{t}"}
        address = next(
            (t.object.value.removeprefix(BASE[:-1]) for t in triples if t.predicate.value == f"{HYDRA}next"),
            "",
        )  # type: ignore[union-attr]
    return found


def kinds(client: FlaskClient, path: str) -> list[tuple[str, str]]:
    """Return (kind of activity, end of the object's address) of every member of the one page of a stream, in order."""
    page = client.get(f"/{path}/1", headers={"Accept": "application/n-quads"})
    said: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for quad in ox.parse(page.data, format=ox.RdfFormat.N_QUADS):
        if quad.graph_name == ox.DefaultGraph():
            said[quad.subject.value][quad.predicate.value] = quad.object.value  # type: ignore[union-attr]
    members = {iri: about for iri, about in said.items() if AS + "object" in about}
    return [
        (about[ns.RDF + "type"].removeprefix(AS), about[AS + "object"].removeprefix(BASE))
        for _, about in sorted(members.items(), key=lambda item: int(item[0].rpartition("-")[2]))
    ]


def test_a_portal_that_follows_the_catalogue_s_stream_has_the_catalogue(
    tmp_path: Path, published: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    var = VarLayout(tmp_path / "var")
    other = f'<{BASE}id/source/other> <{ns.RDFS}label> "Autre source"@fr <{BASE}graph/other/2026-11-22> .'
    build_small_release(var.path, quads=[other])
    settings = replace(published, var_dir=var.path, cache_bytes=0, page_size=4)
    client = create_app(settings).test_client()
    mirror = Mirror(client, path="catalog/feed")
    mirror.follow()
    assert mirror.triples() == catalogue(client)
    assert f"{BASE}dataset/graph-other" in mirror.held
    begun = kinds(client, "catalog/feed")
    assert {kind for kind, _ in begun} == {"Create"}
    assert {"catalog", "dataset/all", "sparql", "catalog/feed"} <= {iri for _, iri in begun}

    build_small_release(var.path, extra='actorid:new foaf:name "Nouvelle" .')
    mirror.follow()
    assert mirror.triples() == catalogue(client)
    after = kinds(client, "catalog/feed")[len(begun) :]
    assert ("Delete", "dataset/graph-other") in after
    assert {("Update", "catalog"), ("Update", "dataset/all")} <= set(after)
    changed = {iri for _, iri in after}
    assert not {"dataset/vocabulary", "sparql"} & changed, "what did not change is not told of"

    rollback(var)
    mirror.follow()
    assert mirror.triples() == catalogue(client)
    assert ("Create", "dataset/graph-other") in kinds(client, "catalog/feed")[len(begun) + len(after) :]
    late = Mirror(client, JSON_LD, path="catalog/feed")
    late.follow()
    assert late.held.keys() == mirror.held.keys()


def test_publishing_the_same_again_adds_nothing(tmp_path: Path) -> None:
    var = VarLayout(tmp_path / "var")
    release = build_small_release(var.path)
    log = feed.FeedLog(var.feed)
    count = log.count()
    assert count == len(
        {line.partition(" ")[0] for line in read_lines(release.dumps / "all.nt") if line[0] == "<"}
    )
    assert (
        feed.append_members(var.feed, feed.subjects(release), release.release_id, "2030-01-01T00:00:00Z") == 0
    )
    assert log.count() == count


def test_a_log_that_was_lost_begins_anew_at_other_addresses(tmp_path: Path, published: Settings) -> None:
    """Clients hold the pages of the lost one for immutable."""
    var = VarLayout(tmp_path / "var")
    release = build_small_release(var.path)
    log = feed.FeedLog(var.feed)
    count = log.count()
    assert log.page_name(1) == "1"
    var.feed.unlink()
    assert log.count() == 0
    build_small_release(var.path)
    assert log.count() == count
    client = create_app(replace(published, var_dir=var.path, cache_bytes=0)).test_client()
    mirror = Mirror(client)
    mirror.follow()
    assert same(mirror, release)
    name = log.page_name(1)
    assert re.fullmatch(r"\d{8}T\d{6}Z-1", name)
    page = client.get(f"/feed/{name}", headers={"Accept": "application/trig"})
    assert f"{BASE}feed/{name}#event-1" in page.text
    assert f'href="/feed/{name}.trig"' in client.get(f"/feed/{name}.html").text
    for gone in ("/feed/1", f"/feed/x{name}"):
        assert client.get(gone).status_code == 404
    build_small_release(var.path, extra='actorid:new foaf:name "Nouvelle" .')
    assert log.page_name(1) == name, "the log that goes on keeps its addresses"
    assert feed.FeedLog(var.catalog_feed).page_name(1) == "1", "so does the one that was not lost"


def test_a_log_from_before_they_had_names_keeps_its_addresses(tmp_path: Path) -> None:
    var = VarLayout(tmp_path / "var")
    build_small_release(var.path)
    connection = sqlite3.connect(var.feed)
    connection.execute("DROP TABLE generation")
    connection.commit()
    connection.close()
    log = feed.FeedLog(var.feed)
    assert log.page_name(1) == "1"
    build_small_release(var.path, extra='actorid:new foaf:name "Nouvelle" .')
    assert log.page_name(1) == "1"


def test_patches_lead_from_release_to_release(tmp_path: Path, published: Settings) -> None:
    var = VarLayout(tmp_path / "var")
    first = build_small_release(var.path)
    second = build_small_release(var.path, extra='actorid:new foaf:name "Nouvelle" .')
    rollback(var)
    client = create_app(replace(published, var_dir=var.path)).test_client()
    for old, new in ((first, second), (second, first)):
        response = client.get(f"/patches/{old.release_id}/{new.release_id}.rdfp")
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "application/rdf-patch; charset=utf-8"
        quads = set(read_lines(old.dumps / "all.nq"))
        for line in response.text.splitlines():
            if line.startswith("A "):
                quads.add(line[2:])  # type: ignore[arg-type]
            elif line.startswith("D "):
                quads.remove(line[2:])  # type: ignore[arg-type]
        assert quads == set(read_lines(new.dumps / "all.nq"))
    page = client.get("/dataset/releases", headers={"Accept": "text/html"}).text
    assert f'href="/patches/{first.release_id}/{second.release_id}.rdfp"' in page, (
        "what first led to the second"
    )
    assert client.get(f"/patches/{first.release_id}/{first.release_id}.rdfp").status_code == 404
    assert client.get("/patches/../../etc/passwd").status_code == 404


@pytest.mark.parametrize("name", ["0", "-1", "99999", "abc", "1.0", "9" * 30])
def test_pages_that_are_not_there(tmp_path: Path, published: Settings, name: str) -> None:
    client = create_app(published).test_client()
    for path in ("feed", "catalog/feed"):
        response = client.get(f"/{path}/{name}", headers={"Accept": "application/json"})
        assert response.status_code == 404
        assert "there are" in response.get_json()["detail"]


@pytest.mark.parametrize(
    ("asked", "status", "reason"),
    [
        ("page=abc", 400, "page is 'abc'"),
        ("page=0", 400, "page is '0'"),
        ("page=-1", 400, "page is '-1'"),
        ("page=1000000000000", 400, "page is '1000000000000'"),
        ("page=2", 404, "page 2 does not exist"),
        ("page=1&page=1", 400, "more than one parameter 'page'"),
        ("page=1", 200, ""),
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        "/feed",
        "/feed.ttl",
        "/feed/1",
        "/catalog/feed",
        "/catalog/feed/1",
        "/dataset/releases",
        "/dataset/poles",
    ],
)
def test_what_has_one_page_refuses_others(
    real_client: FlaskClient, path: str, asked: str, status: int, reason: str
) -> None:
    response = real_client.get(
        f"{path}?{asked}", headers={"Accept": "application/trig, application/problem+json"}
    )
    assert response.status_code == status
    if status != 200:
        problem = real_client.get(
            f"{path}?{asked}", headers={"Accept": "application/problem+json"}
        ).get_json()
        assert reason in problem["detail"]


@pytest.mark.parametrize(
    "path", ["/poles", "/catalog", "/news", "/search", "/fragments", "/api/poles.json", "/doc/pole/tetris"]
)
def test_a_page_that_is_asked_for_twice_is_refused(real_client: FlaskClient, path: str) -> None:
    response = real_client.get(f"{path}?page=1&page=2", headers={"Accept": "application/problem+json"})
    assert response.status_code == 400
    assert "more than one parameter 'page'" in response.get_json()["detail"]


def test_members_are_typed_and_pages_for_people(published: Settings) -> None:
    client = create_app(published).test_client()
    page = client.get("/feed/1", headers={"Accept": "application/trig"})
    quads = ox.Dataset(ox.parse(page.data, format=ox.RdfFormat.TRIG))
    kinds = {
        q.object.value for q in quads.quads_for_graph_name(ox.DefaultGraph()) if q.object.value.startswith(AS)
    }  # type: ignore[union-attr]
    assert kinds == {AS + "Create"}
    assert page.headers["Cache-Control"].endswith("immutable")
    for accept in ("application/trig", "text/html"):
        full = client.get("/feed/1", headers={"Accept": accept})
        asked = {"Accept": accept, "If-None-Match": full.headers["ETag"]}
        again = client.get("/feed/1", headers=asked)
        assert again.status_code == 304
        assert again.headers["Cache-Control"] == full.headers["Cache-Control"], accept
    for path, text in (
        ("/feed", "Flux des changements"),
        ("/feed/1", "créé"),
        ("/catalog/feed", "Flux des changements du catalogue"),
        ("/catalog/feed/1", '<a href="/catalog">'),
        ("/catalog/feed/1", '<a href="/dataset/all">'),
        ("/catalog/feed/1", '<a href="/api">Documents sur chaque chose des PTCE</a>'),
        ("/dataset/releases", 'href="/catalog/feed"'),
    ):
        html = client.get(f"{path}?lang=fr", headers={"Accept": "text/html"})
        assert html.status_code == 200
        assert text in html.text
