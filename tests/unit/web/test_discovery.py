from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import rdflib
from flask.testing import FlaskClient

from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish import prune
from ptce_lod.release.verify import check_dumps
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from tests.unit.query.small_release import BASE, build_small_release

DCAT = rdflib.DCAT


@pytest.mark.parametrize("accept", ["*/*", None, "text/turtle", "application/rdf+xml"])
def test_the_catalog_is_rdf_for_harvesters_without_a_redirect(
    client: FlaskClient, accept: str | None
) -> None:
    response = client.get("/catalog", headers={"Accept": accept} if accept else {})
    assert response.status_code == 200
    syntax = "xml" if accept == "application/rdf+xml" else "turtle"
    graph = rdflib.Graph().parse(data=response.data, format=syntax)
    assert (rdflib.URIRef(BASE + "catalog"), rdflib.RDF.type, DCAT.Catalog) in graph
    assert response.headers["Content-Type"].endswith("; charset=utf-8")


def test_every_download_of_the_catalog_is_there(client: FlaskClient) -> None:
    graph = rdflib.Graph().parse(data=client.get("/catalog.ttl").data, format="turtle")
    addresses = [str(address) for address in graph.objects(None, DCAT.downloadURL)]
    assert len(addresses) > 5
    for address in addresses:
        assert client.get(address.removeprefix(BASE[:-1])).status_code == 200, address


def test_dumps_honor_ranges_and_conditions(client: FlaskClient) -> None:
    whole = client.get("/dumps/latest/all.nq")
    assert whole.headers["Content-Type"] == "application/n-quads; charset=utf-8"
    part = client.get("/dumps/latest/all.nq", headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (206, whole.data[:10])
    same = client.get("/dumps/latest/all.nq", headers={"If-None-Match": whole.headers["ETag"]})
    assert same.status_code == 304


def test_a_release_s_own_dumps_never_change(client: FlaskClient) -> None:
    release = json.loads(client.get("/readyz").data)["release"]
    response = client.get(f"/dumps/{release}/all.nq")
    assert response.data == client.get("/dumps/latest/all.nq").data
    assert "immutable" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    [
        "/dumps/latest/../manifest.json",
        "/dumps/latest/..%2fmanifest.json",
        "/dumps/latest//etc/passwd",
        "/dumps/latest/%2e%2e/manifest.json",
        "/dumps/../current/all.nq",
        "/dumps/0123456789ABCDEF/all.nq",
        "/dumps/123/all.nq",
        "/dumps/latest/graphs",
        "/dumps/latest/all.nq%00",
    ],
)
def test_only_dumps_are_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_release_that_is_not_kept_is_gone_and_the_latest_named(tmp_path: Path, published: Settings) -> None:
    var = VarLayout(tmp_path / "var")
    first = build_small_release(var.path)
    second = build_small_release(var.path, extra='actorid:new foaf:name "Nouvelle" .')
    prune(var, 1)
    client = create_app(replace(published, var_dir=var.path)).test_client()
    for release_id, word in ((first.release_id, "was removed"), ("0123456789abcdef", "is not kept")):
        for path in (
            f"/dumps/{release_id}/all.nq",
            f"/dumps/{release_id}",
            f"/statistics?release={release_id}",
            f"/statistics/types.csv?release={release_id}",
        ):
            response = client.get(path, headers={"Accept": "application/json"})
            assert response.status_code == 410, path
            assert word in response.get_json()["detail"]
            assert second.release_id in response.get_json()["detail"]
            assert f"{BASE}dumps/{second.release_id}/" in response.get_json()["hint"]
    # A patch outlives the releases that it leads from and to.
    assert client.get(f"/patches/{first.release_id}/{second.release_id}.rdfp").status_code == 200
    gone = client.get(f"/patches/0123456789abcdef/{second.release_id}.rdfp")
    assert gone.status_code == 410
    assert second.release_id in gone.get_json()["detail"]
    assert client.get("/patches/abc/def.rdfp").status_code == 404


@pytest.mark.parametrize("name", ["latest", "the id"])
def test_the_files_of_a_release_are_listed(client: FlaskClient, name: str) -> None:
    release = json.loads(client.get("/readyz").data)["release"]
    folder = "latest" if name == "latest" else release
    page = client.get(f"/dumps/{folder}", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert release in page.text
    files = re.findall(r'href="(/dumps/[^"]+)"', page.text)
    assert f"/dumps/{folder}/all.nq.gz" in files
    assert f"/dumps/{folder}/graphs/facts/2026-11-22.ttl" in files
    for path in files:
        response = client.get(path)
        assert response.status_code == 200, path
        assert hashlib.sha256(response.data).hexdigest() in page.text
    with_slash = client.get(f"/dumps/{folder}/")
    assert with_slash.status_code == 301
    assert with_slash.headers["Location"] == f"/dumps/{folder}"
    data = client.get(f"/dumps/{folder}", headers={"Accept": "text/turtle"})
    assert data.status_code == 303
    assert client.get(data.headers["Location"], headers={"Accept": "text/turtle"}).status_code == 200
    assert client.get(f"/dumps/{folder}", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    "asked", ["items=0-1", "bytes=5-2", "bytes=a-b", "bytes", "bytes=0-1,3-4", "bytes=-", "bytes=+1-2"]
)
def test_a_range_that_is_not_understood_counts_as_none(client: FlaskClient, asked: str) -> None:
    """RFC 9110 section 14.2."""
    whole = client.get("/dumps/latest/all.nq")
    part = client.get("/dumps/latest/all.nq", headers={"Range": asked})
    assert (part.status_code, part.data) == (200, whole.data)


@pytest.mark.parametrize("asked", ["bytes=-0", "bytes=999999999-", "bytes=999999999-9999999999"])
def test_a_range_beyond_the_file_is_refused(client: FlaskClient, asked: str) -> None:
    assert client.get("/dumps/latest/all.nq", headers={"Range": asked}).status_code == 416


@pytest.mark.parametrize(
    ("asked", "first", "last"), [("BYTES=2-4", 2, 5), ("bytes=2-", 2, None), ("bytes=-3", -3, None)]
)
def test_a_range_is_sent(client: FlaskClient, asked: str, first: int, last: int | None) -> None:
    whole = client.get("/dumps/latest/all.nq")
    part = client.get("/dumps/latest/all.nq", headers={"Range": asked})
    assert (part.status_code, part.data) == (206, whole.data[first:last])


def test_a_damaged_dump_is_not_served_and_named_in_the_log(
    tmp_path: Path, published: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """Of the same size, so that only its bytes tell; one that is mended is served again."""
    var = VarLayout(tmp_path / "var")
    old = build_small_release(var.path)
    new = build_small_release(var.path, extra='actorid:new foaf:name "Nouvelle" .')
    client = create_app(replace(published, var_dir=var.path, cache_bytes=0)).test_client()
    for release in (old, new):
        path = release.dumps / "all.nt"
        right = path.read_bytes()
        path.write_bytes(right.replace(b"1", b"2", 1))
        (release.dumps / "all.rdf").unlink()
        caplog.clear()
        check_dumps(var)
        assert [record.getMessage() for record in caplog.records] == [
            f"release {release.release_id}: dumps/{name} is damaged and is not served"
            for name in ("all.nt", "all.rdf")
        ]
        for name in ("all.nt", "all.rdf"):
            response = client.get(f"/dumps/{release.release_id}/{name}", buffered=True)
            assert response.status_code == 503
            assert name in response.get_json()["detail"]
        assert client.get(f"/dumps/{release.release_id}/all.nq", buffered=True).status_code == 200
        path.write_bytes(right)
        assert client.get(f"/dumps/{release.release_id}/all.nt", buffered=True).data == right
    # What nobody has looked at is looked at before it is sent.
    path = new.dumps / "all.ttl"
    right = path.read_bytes()
    path.write_bytes(right.replace(b"1", b"2", 1))
    assert client.get("/dumps/latest/all.ttl", buffered=True).status_code == 503


def test_the_sitemap_lists_documents(client: FlaskClient) -> None:
    root = ElementTree.fromstring(client.get("/sitemap.xml").data)
    addresses = [
        element.text or "" for element in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    ]
    assert BASE + "doc/pole/archer" in addresses
    for address in addresses:
        path, accept = address.removeprefix(BASE[:-1]), "text/turtle, text/html;q=0.1"
        status = client.get(path, headers={"Accept": accept}).status_code
        assert status in (200, 301, 303, 410), address


def test_robots_keep_off_queries_only(client: FlaskClient) -> None:
    text = client.get("/robots.txt").text
    assert "Disallow: /sparql?" in text
    assert f"Sitemap: {BASE}sitemap.xml" in text


@pytest.mark.parametrize(
    "path", ["/report", "/report.ttl", "/statistics.json", "/context.jsonld", "/healthz", "/readyz"]
)
def test_files_of_the_release_are_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/update"), ("PUT", "/rdf-graph-store"), ("GET", "/update")]
)
def test_writing_is_refused_with_the_reason(client: FlaskClient, method: str, path: str) -> None:
    response = client.open(path, method=method)
    assert response.status_code == 403
    assert "not enabled" in response.json["detail"]  # type: ignore[index]


def test_the_report_is_negotiated_and_its_two_forms_are_no_one_s_copy(client: FlaskClient) -> None:
    page, data = (
        client.get("/report", headers={"Accept": accept}) for accept in ("text/html", "text/turtle")
    )
    assert (page.mimetype, data.mimetype) == ("text/html", "text/turtle")
    assert page.headers["ETag"] != data.headers["ETag"]
    assert data.headers["Content-Location"] == "http://127.0.0.1:8000/report.ttl"
    assert "Accept" in page.vary
    assert client.get("/report", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("poles.csv", "text/csv; charset=utf-8"),
        ("poles.csv-metadata.json", "application/csvm+json; charset=utf-8"),
        ("poles.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("poles.parquet", "application/vnd.apache.parquet"),
        ("poles.geojson", "application/geo+json; charset=utf-8"),
    ],
)
def test_tables_are_files_like_any_dump(real_client: FlaskClient, name: str, content_type: str) -> None:
    response = real_client.get(f"/dumps/latest/tables/{name}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == content_type
    digest = base64.b64encode(hashlib.sha256(response.data).digest()).decode()
    assert response.headers["Repr-Digest"] == f"sha-256=:{digest}:"
    part = real_client.get(f"/dumps/latest/tables/{name}", headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (206, response.data[:10])
    described = '<poles.csv-metadata.json>; rel="describedby"; type="application/csvm+json"'
    assert (described in response.headers.get("Link", "")) is (name == "poles.csv")


def test_the_catalogue_lists_tables_with_their_types(real_client: FlaskClient, published: Settings) -> None:
    graph = rdflib.Graph().parse(data=real_client.get("/dataset/actors.ttl").text)
    base, dcat = published.base_iri, rdflib.Namespace("http://www.w3.org/ns/dcat#")
    for name, file_type in (
        ("actors.csv", "CSV"),
        ("actors.xlsx", "XLSX"),
        ("participations.parquet", "PARQUET"),
    ):
        distribution = rdflib.URIRef(f"{base}dumps/latest/tables/{name}#distribution")
        assert (rdflib.URIRef(f"{base}dataset/actors"), dcat.distribution, distribution) in graph
        assert str(graph.value(distribution, rdflib.DCTERMS["format"])).endswith(f"/file-type/{file_type}")
        assert int(graph.value(distribution, dcat.byteSize)) == len(
            real_client.get(f"/dumps/latest/tables/{name}").data
        )


def test_the_page_of_a_dataset_explains_the_columns(real_client: FlaskClient) -> None:
    for language, words in (("fr", "Première reconnaissance"), ("en", "First recognised")):
        page = real_client.get(f"/dataset/poles.html?lang={language}").text
        assert words in page
        assert "<code>first_recognised</code>" in page
        assert 'href="/dumps/latest/tables/poles.csv"' in page
