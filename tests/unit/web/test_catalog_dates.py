"""The catalogue over several publications: what is dated, and named, by which of them."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib import DCAT, DCTERMS, RDF, URIRef

from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish import prune, rollback
from ptce_lod.release.publish_log import publications
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from tests.unit.query.small_release import BASE, build_small_release
from tests.unit.web.test_catalog import EXTRA, dates, read


def of_files(client: FlaskClient) -> dict[str, tuple[str, str, str]]:
    """Return path → checksum, issued and modified of each file in the catalogue."""
    graph = read(client, "/catalog")
    return {
        str(node).partition("/latest/")[2].partition("#")[0]: (
            str(graph.value(node, rdflib.SDO.sha256)),
            str(graph.value(node, DCTERMS.issued)),
            str(graph.value(node, DCTERMS.modified)),
        )
        for node in graph.subjects(RDF.type, DCAT.Distribution)
    }


def utc(moment: str) -> str:
    """Return a moment as rdflib writes it."""
    return moment.replace("Z", "+00:00")


def test_a_file_is_dated_by_its_bytes(tmp_path: Path, published: Settings) -> None:
    var = VarLayout(tmp_path / "var")
    build_small_release(var.path)
    client = create_app(replace(published, var_dir=var.path)).test_client(use_cookies=False)
    first = of_files(client)
    # Another name of a pole stands in tables of datasets that say nothing else.
    renamed = 'poleid:archer skos:prefLabel "Archer"@fr .'
    build_small_release(var.path, extra=renamed)
    second = of_files(client)
    (began, now) = (utc(publication.at) for publication in publications(var))
    for path, (checksum, issued, modified) in second.items():
        known = first.get(path)
        assert issued == (began if known else now), path
        assert modified == (began if known and known[0] == checksum else now), path
    table = "tables/participations.csv"
    assert second[table][2] == now > dates(client)["actors"]
    build_small_release(var.path, extra=renamed + ' actorid:z a org:Organization ; skos:prefLabel "Z"@fr .')
    third = of_files(client)
    assert third[table] == second[table]
    assert prune(var, 1)
    assert of_files(client) == third
    fresh = create_app(replace(published, var_dir=var.path)).test_client(use_cookies=False)
    assert of_files(fresh) == third
    build_small_release(var.path)
    back, last = of_files(client)[table], utc(publications(var)[-1].at)
    assert back == (first[table][0], began, last), "the same bytes as once, but not since then"


def test_a_release_keeps_its_date_when_it_is_published_again(tmp_path: Path, published: Settings) -> None:
    var = VarLayout(tmp_path / "var")
    first, second = build_small_release(var.path), build_small_release(var.path, extra=EXTRA)
    client = create_app(replace(published, var_dir=var.path)).test_client(use_cookies=False)
    series = URIRef(f"{BASE}dataset/releases")

    def modified(path: str) -> str:
        # Publications in one second are told apart by the next seconds, which no header names before they have come.
        for _ in range(100):
            with client.head(path) as response:
                if "Last-Modified" in response.headers:
                    return response.headers["Last-Modified"]
            time.sleep(0.1)
        pytest.fail(f"{path} has no date")

    def told() -> dict[str, object]:
        graph = read(client, "/dataset/releases")
        found: dict[str, object] = {
            name: str(graph.value(series, URIRef(f"{DCAT}{name}"))).partition("#")[2]
            for name in ("first", "last")
        }
        for release in (first.release_id, second.release_id):
            node = URIRef(f"{series}#{release}")
            found[release] = sorted((str(p), str(o)) for p, o in graph.predicate_objects(node))
            path = f"/dumps/{release}/all.nq"
            found[path] = modified(path)
        return found

    before, latest = told(), modified("/dumps/latest/all.nq")
    assert (before["first"], before["last"]) == (first.release_id, second.release_id)
    rollback(var)
    assert told() == before
    assert modified("/dumps/latest/all.nq") != latest
    third = build_small_release(var.path, extra='actorid:newer a org:Organization ; foaf:name "Autre" .')
    page = client.get("/dataset/releases?lang=en", headers={"Accept": "text/html"}).text
    assert f"/patches/{first.release_id}/{third.release_id}.rdfp" in page, "from what was served before"
    assert f"/patches/{first.release_id}/{second.release_id}.rdfp" in page


def test_the_graph_of_a_former_snapshot_is_gone(tmp_path: Path, published: Settings) -> None:
    var = VarLayout(tmp_path / "var")
    build_small_release(var.path)
    client = create_app(replace(published, var_dir=var.path)).test_client(use_cookies=False)
    old, new = "/graph/facts/2026-11-22", "/graph/facts/2026-11-29"
    assert client.get(new).status_code == 404, "never published"
    assert client.get(old).status_code == 200
    build_small_release(var.path, replacing=(old, new))
    assert client.get(new).status_code == 200
    for accept in ("application/json", "text/turtle", "text/html"):
        gone = client.get(old, headers={"Accept": accept})
        assert gone.status_code == 410
        assert new in gone.text
    assert client.get(f"{old}.ttl").status_code == 410
    assert "timemap" in client.get(old).headers["Link"]
    assert client.get(f"{old}?history", headers={"Accept": "application/json"}).status_code == 200
    assert client.get("/graph/facts/2026-11-01").status_code == 404, "never was one"
    assert client.get("/graph/other/2026-11-22").status_code == 404


def test_no_version_changes_while_the_content_stays(tmp_path: Path, published: Settings) -> None:
    var = VarLayout(tmp_path / "var")
    build_small_release(var.path)
    client = create_app(replace(published, var_dir=var.path)).test_client(use_cookies=False)
    what = (
        DCTERMS.modified,
        DCTERMS.description,
        URIRef(f"{DCAT}version"),
        URIRef("http://www.w3.org/ns/adms#versionNotes"),
    )

    def told() -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        graph = read(client, "/catalog")
        for node in graph.subjects(RDF.type, DCAT.Dataset):
            found[str(node).rpartition("/")[2]] = [
                " ".join(sorted(map(str, graph.objects(node, each)))) for each in (*what, DCAT.landingPage)
            ]
        return found

    before = told()
    # Sources were retrieved again, and say the same: what is made of them, and the queries, have another date.
    build_small_release(var.path, replacing=("/2026-11-22>", "/2026-11-29>"))
    after = told()
    assert {name for name in after if after[name][:4] != before[name][:4]} == {"all", "graph-catalog"}
    assert {name for name in after if after[name] != before[name]} == {
        "all",
        "graph-catalog",
        "graph-facts",
        "graph-pages",
    }, "the graph of a source is read at its present snapshot"
    assert dates(client, URIRef(f"{DCAT}version"))["graph-facts"] == "2026-11-22"
