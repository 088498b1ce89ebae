"""What portals need of the catalogue, one test for each habit of theirs (docs/explanation/catalogue.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib import DCAT, DCTERMS, FOAF, RDF, URIRef

from ptce_lod.formats import RDF_FORMATS, TURTLE, Format
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish import prune, publish, rollback
from ptce_lod.serialize import oxigraph_format
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from tests.unit.query.small_release import BASE, build_small_release

HYDRA = rdflib.Namespace("http://www.w3.org/ns/hydra/core#")
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")


@pytest.fixture(scope="module")
def real(published: Settings) -> FlaskClient:
    return create_app(published).test_client(use_cookies=False)


@pytest.fixture(scope="module")
def paged(published: Settings) -> FlaskClient:
    """The real catalogue in pages of four."""
    return create_app(replace(published, page_size=4)).test_client(use_cookies=False)


def read(client: FlaskClient, path: str, format_: Format | None = None) -> rdflib.Graph:
    response = client.get(path, headers={"Accept": "*/*"})
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"].endswith("; charset=utf-8")
    quads = ox.parse(response.data, format=oxigraph_format(format_ or TURTLE))
    triples = "".join(f"{quad.triple} .\n" for quad in quads)
    return rdflib.Graph().parse(data=triples, format="nt")


def walk(client: FlaskClient, first: str, format_: Format | None = None) -> Iterator[rdflib.Graph]:
    """Yield the pages as a harvester goes through them: by ``hydra:next``, until there is none."""
    path, seen = first, set()
    while path:
        assert path not in seen, "next leads backwards"
        seen.add(path)
        graph = read(client, path, format_)
        yield graph
        (view,) = set(graph.subjects(RDF.type, HYDRA.PartialCollectionView))
        following = list(graph.objects(view, HYDRA.next))
        path = str(following[0]).removeprefix(BASE[:-1]) if following else ""


@pytest.mark.parametrize("format_", RDF_FORMATS, ids=lambda f: f.name)
def test_pages_together_are_the_whole_in_every_format(
    real: FlaskClient, paged: FlaskClient, format_: Format
) -> None:
    whole = read(real, f"/catalog.{format_.extension}", format_)
    expected = set(whole.subjects(RDF.type, DCAT.Dataset))
    pages = list(walk(paged, f"/catalog.{format_.extension}", format_))
    assert len(pages) == -(-len(expected) // 4) > 3
    found = [node for page in pages for node in page.subjects(RDF.type, DCAT.Dataset)]
    assert sorted(found) == sorted(expected)
    assert {int(str(n)) for page in pages for n in page.objects(None, HYDRA.totalItems)} == {len(expected)}
    assert not list(whole.subjects(RDF.type, HYDRA.PartialCollectionView)), "one page needs no view"


def test_each_page_holds_all_that_a_dataset_needs(paged: FlaskClient) -> None:
    identifiers: set[str] = set()
    for graph in walk(paged, "/catalog"):
        for dataset in graph.subjects(RDF.type, DCAT.Dataset):
            assert isinstance(dataset, URIRef)
            (identifier,) = graph.objects(dataset, DCTERMS.identifier)
            assert str(identifier) == str(dataset)
            identifiers.add(str(identifier))
            assert {t.language for t in graph.objects(dataset, DCTERMS.title)} == {"fr", "en"}  # type: ignore[attr-defined]
            (publisher,) = graph.objects(dataset, DCTERMS.publisher)
            assert list(graph.objects(publisher, FOAF.name))
            (contact,) = graph.objects(dataset, DCAT.contactPoint)
            assert list(graph.predicate_objects(contact))
            keywords = [str(keyword) for keyword in graph.objects(dataset, DCAT.keyword)]
            assert len(keywords) == len(set(keywords)), "CKAN refuses equal tags"
            for keyword in keywords:
                assert all(c.isalnum() or c in " -_." for c in keyword), keyword
            distributions = list(graph.objects(dataset, DCAT.distribution))
            assert distributions
            for distribution in distributions:
                assert isinstance(distribution, URIRef)
                for needed in (
                    DCAT.downloadURL,
                    DCAT.byteSize,
                    DCTERMS.license,
                    DCTERMS["format"],
                    DCAT.mediaType,
                ):
                    assert len(list(graph.objects(distribution, needed))) == 1, (distribution, needed)
    assert len(identifiers) > 20


@pytest.mark.parametrize(
    ("query", "status"),
    [("page=0", 400), ("page=-1", 400), ("page=abc", 400), ("page=1000000000000", 400), ("page=7", 404)],
)
def test_a_page_that_is_not_there_is_an_error_and_never_a_part(
    real: FlaskClient, query: str, status: int
) -> None:
    response = real.get(f"/catalog.ttl?{query}", headers={"Accept": "application/json"})
    assert response.status_code == status
    assert "page" in response.get_json()["detail"]


def test_head_tells_what_get_does(real: FlaskClient) -> None:
    for path in ("/catalog", "/catalog.rdf", "/dataset/poles.jsonld", "/void"):
        got, head = real.get(path), real.head(path)
        assert head.status_code == 200
        assert head.headers["Content-Type"] == got.headers["Content-Type"]
        assert head.headers["Content-Length"] == got.headers["Content-Length"]


def test_json_ld_has_its_context_inside(real: FlaskClient) -> None:
    assert b'"@context":"http' not in real.get("/catalog.jsonld").data.replace(b" ", b"")


def test_every_file_is_there_with_its_size_and_checksum(real: FlaskClient) -> None:
    import base64
    import hashlib

    graph = read(real, "/catalog")
    spdx = rdflib.Namespace("http://spdx.org/rdf/terms#")
    distributions = list(graph.subjects(RDF.type, DCAT.Distribution))
    assert len(distributions) > 200
    for distribution in distributions:
        path = str(graph.value(distribution, DCAT.downloadURL)).removeprefix(BASE[:-1])
        response = real.get(path)
        assert response.status_code == 200, path
        digest = hashlib.sha256(response.data)
        assert len(response.data) == int(str(graph.value(distribution, DCAT.byteSize)))
        checksum = graph.value(distribution, spdx.checksum)
        assert str(graph.value(checksum, spdx.checksumValue)) == digest.hexdigest()
        assert response.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
        assert "2026-" not in path, "the address of a file that is harvested has no date"
        response.close()


def dates(client: FlaskClient, what: URIRef = DCTERMS.modified) -> dict[str, str]:
    graph = read(client, "/catalog")
    return {
        str(node).rpartition("/")[2]: str(graph.value(node, what))
        for node in graph.subjects(RDF.type, DCAT.Dataset)
    }


def updates(client: FlaskClient) -> list[str]:
    """Return the names of the datasets of which the stream of the catalogue tells updates."""
    page = client.get("/catalog/feed/1", headers={"Accept": "application/n-quads"})
    said: dict[str, dict[str, str]] = {}
    for quad in ox.parse(page.data, format=ox.RdfFormat.N_QUADS):
        if quad.graph_name == ox.DefaultGraph():
            said.setdefault(quad.subject.value, {})[quad.predicate.value] = quad.object.value  # type: ignore[union-attr]
    activity = "https://www.w3.org/ns/activitystreams#"
    return sorted(
        about[activity + "object"].rpartition("/")[2]
        for about in said.values()
        if about.get(str(RDF.type)) == activity + "Update" and "/dataset/" in about[activity + "object"]
    )


EXTRA = 'actorid:new a org:Organization ; foaf:name "Nouvelle" .'


def test_a_dataset_changes_its_date_only_with_its_content(tmp_path: Path, published: Settings) -> None:
    var = VarLayout(tmp_path / "var")
    first = build_small_release(var.path)
    second = build_small_release(var.path, extra=EXTRA)
    assert first.release_id != second.release_id
    client = create_app(replace(published, var_dir=var.path)).test_client(use_cookies=False)
    after = dates(client)
    assert after["actors"] > after["poles"], "only actors changed"
    assert after["all"] == after["actors"]
    series = read(client, "/dataset/releases")
    assert len(list(series.subjects(URIRef(str(DCAT) + "inSeries"), URIRef(f"{BASE}dataset/releases")))) == 2
    rollback(var)
    assert dates(client)["actors"] > after["actors"], "what was taken back changed again"
    publish(var, second.release_id)


def test_dates_outlive_the_releases_that_they_are_of(tmp_path: Path, published: Settings) -> None:
    var = VarLayout(tmp_path / "var")
    build_small_release(var.path)
    build_small_release(var.path, extra=EXTRA)
    client = create_app(replace(published, var_dir=var.path)).test_client(use_cookies=False)
    before = dates(client)
    assert prune(var, 1)
    assert dates(client) == before
    fresh = create_app(replace(published, var_dir=var.path)).test_client(use_cookies=False)
    assert dates(fresh) == before
    told = updates(client)
    build_small_release(var.path, extra=EXTRA + ' actorid:newer a org:Organization ; foaf:name "Autre" .')
    after = dates(client)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"all", "actors", "graph-more", "graph-catalog"}, after
    later = updates(client)
    for name in told:
        later.remove(name)
    assert set(later) == changed


def test_a_graph_is_issued_when_it_appears(tmp_path: Path, published: Settings) -> None:
    var = VarLayout(tmp_path / "var")
    build_small_release(var.path)
    second = build_small_release(var.path, extra=EXTRA)
    client = create_app(replace(published, var_dir=var.path)).test_client(use_cookies=False)
    issued = dates(client, DCTERMS.issued)
    assert issued["graph-more"] > issued["graph-facts"] == issued["all"]
    rollback(var)
    assert "graph-more" not in dates(client)
    publish(var, second.release_id)
    again = dates(client, DCTERMS.issued)
    assert again["graph-more"] == issued["graph-more"], "what came back was published before"
    assert dates(client)["graph-more"] > issued["graph-more"]


def test_a_removed_release_leaves_the_series_of_a_running_server(tmp_path: Path, published: Settings) -> None:
    var = VarLayout(tmp_path / "var")
    first = build_small_release(var.path)
    second = build_small_release(var.path, extra=EXTRA)
    client = create_app(replace(published, var_dir=var.path)).test_client(use_cookies=False)
    before = client.get("/dataset/releases")
    assert first.release_id in before.text
    page = client.get("/dataset/releases.html")
    assert first.release_id in page.text
    assert prune(var, 1) == [first.release_id]
    for path, tag in (
        ("/dataset/releases", before.headers["ETag"]),
        ("/dataset/releases.html", page.headers["ETag"]),
    ):
        after = client.get(path, headers={"If-None-Match": tag})
        assert after.status_code == 200
        assert first.release_id not in after.text, path
        assert second.release_id in after.text


def test_void_counts_what_is_there(real: FlaskClient, published: Settings) -> None:
    graph = read(real, "/.well-known/void")
    (dataset,) = graph.subjects(VOID.sparqlEndpoint, None)
    classes = {
        str(graph.value(part, VOID["class"])): int(str(graph.value(part, VOID.entities)))
        for part in graph.objects(dataset, VOID.classPartition)
    }
    from ptce_lod.release.quads import read_lines

    lines = list(read_lines(VarLayout(published.var_dir).published().dumps / "all.nt"))  # each triple once
    poles = sum(line.endswith("#type> <https://w3id.org/ptce/ns#Pole> .") for line in lines)
    assert classes["https://w3id.org/ptce/ns#Pole"] == poles > 90
    properties = {
        str(graph.value(part, VOID.property)): int(str(graph.value(part, VOID.triples)))
        for part in graph.objects(dataset, VOID.propertyPartition)
    }
    assert sum(properties.values()) == len(lines)
    assert list(graph.subjects(RDF.type, VOID.Linkset))
    for example in graph.objects(dataset, VOID.exampleResource):
        assert real.get(str(example).removeprefix(BASE[:-1])).status_code == 303


def test_pages_for_people(real: FlaskClient) -> None:
    for path, text in (
        ("/catalog", "Pour un portail de données"),
        ("/dataset/poles", "SHA-256"),
        ("/dataset/releases", "Toutes les publications"),
    ):
        page = real.get(f"{path}?lang=fr", headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert text in page.text
    page = real.get("/dataset/all?lang=fr", headers={"Accept": "text/html"})
    assert re.search(r"\d,\d\xa0Mo", page.text)
    assert real.get("/dataset/nothing").status_code == 404
