"""What portals need of the catalogue, one test for each habit of theirs (docs/explanation/catalogue.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib import DCAT, DCTERMS, FOAF, RDF, URIRef

from ptce_lod.formats import RDF_ANSWERS, TURTLE, Format
from ptce_lod.namespaces import PROV
from ptce_lod.release.catalog.distribution import state_distribution
from ptce_lod.release.catalog.facts import gather
from ptce_lod.release.catalog.writer import Writer
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish import prune, publish, rollback
from ptce_lod.release.publish_log import publications
from ptce_lod.release.quads import read_lines
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


@pytest.mark.parametrize("format_", RDF_ANSWERS, ids=lambda f: f.name)
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


def test_json_ld_needs_no_context(real: FlaskClient) -> None:
    def keys(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            yield from node
        for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            yield from keys(each)

    for path in ("/catalog.jsonld", "/dataset/poles.jsonld", "/void.jsonld"):
        document = json.loads(real.get(path).data)
        assert isinstance(document, list), path
        found = set(keys(document))
        assert str(DCTERMS.title) in found
        assert {key for key in found if key.startswith("@")} == {
            "@id",
            "@type",
            "@value",
            "@language",
        } & found
        assert {key for key in found if ":" not in key} <= {"@id", "@type", "@value", "@language"}, path


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
        assert graph.value(checksum, spdx.algorithm) == spdx.checksumAlgorithm_sha512
        assert str(graph.value(checksum, spdx.checksumValue)) == hashlib.sha512(response.data).hexdigest()
        assert str(graph.value(distribution, rdflib.SDO.sha256)) == digest.hexdigest()
        assert response.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
        assert "2026-" not in path, "the address of a file that is harvested has no date"
        response.close()


def test_a_file_of_an_earlier_release_has_one_checksum(published: Settings) -> None:
    """Manifests of before 29 November 2026 have no SHA-512; rolled back to, such a release has a catalogue all the same."""
    var = VarLayout(published.var_dir)
    facts = gather(var, var.published(), publications(var), {})
    entry = facts.entries[0]
    for sha512, checksums in (("ab" * 64, 1), ("", 0)):
        writer = Writer()
        file = replace(entry.files[0], sha512=sha512)
        state_distribution(writer, f"{BASE}dataset/all", f"{BASE}dumps/latest/{file.path}", entry, file)
        said = [quad.predicate.value for quad in writer.quads]
        assert said.count("http://spdx.org/rdf/terms#checksumValue") == checksums
        assert said.count("https://schema.org/sha256") == 1


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


@pytest.fixture(scope="module")
def lines(published: Settings) -> list[str]:
    """Every triple of the data once, as N-Triples."""
    return list(read_lines(VarLayout(published.var_dir).published().dumps / "all.nt"))


def test_a_box_stands_around_each_landmass_as_portals_read_it(real: FlaskClient, lines: list[str]) -> None:
    graph = read(real, "/catalog")
    place = URIRef(f"{BASE}catalog#extent")
    (geometry,) = graph.objects(place, URIRef("http://www.w3.org/ns/locn#geometry"))
    assert isinstance(geometry, rdflib.Literal)
    # What udata's spatial_from_rdf takes, and ckanext-dcat too.
    media_type = "https://www.iana.org/assignments/media-types/application/vnd.geo+json"
    assert str(geometry.datatype) == media_type
    shape = json.loads(str(geometry))
    assert shape["type"] == "MultiPolygon"
    rings = [ring for (ring,) in shape["coordinates"]]
    assert len(rings) == 2, "metropolitan France and La Réunion"
    points = [
        (float(found[1]), float(found[2]))
        for line in lines
        if (found := re.search(r'asWKT> "POINT\((\S+) (\S+)\)', line))
    ]
    assert len(points) > 50
    for ring in rings:
        (west, south), (east, north) = ring[0], ring[2]
        assert ring[0] == ring[-1]
        assert west < east < west + 20
        assert south < north < south + 15
        assert any(west <= x <= east and south <= y <= north for x, y in points)
    for x, y in points:
        assert any(r[0][0] <= x <= r[2][0] and r[0][1] <= y <= r[2][1] for r in rings), (x, y)
    (box,) = graph.objects(place, DCAT.bbox)
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", str(box))]
    assert numbers == [c for ring in rings for pair in ring for c in pair]
    assert str(box).startswith("MULTIPOLYGON(((")
    assert not list(graph.objects(place, DCAT.centroid)), "the middle would be in Africa"


def test_one_landmass_is_a_polygon_with_a_middle(small: FlaskClient) -> None:
    graph = read(small, "/catalog")
    place = URIRef(f"{BASE}catalog#extent")
    assert (
        json.loads(str(graph.value(place, URIRef("http://www.w3.org/ns/locn#geometry"))))["type"] == "Polygon"
    )
    assert str(graph.value(place, DCAT.bbox)).startswith("POLYGON((5.0 44.99, ")
    assert str(graph.value(place, DCAT.centroid)) == "POINT(5.05 45.04)"


@pytest.fixture(scope="module")
def small(published: Settings, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The catalogue of a small release."""
    var_dir = tmp_path_factory.mktemp("small") / "var"
    build_small_release(var_dir)
    return create_app(replace(published, var_dir=var_dir)).test_client(use_cookies=False)


def test_each_dataset_says_what_it_was_made_from_and_its_version(
    real: FlaskClient, published: Settings
) -> None:
    graph = read(real, "/catalog")
    manifest = VarLayout(published.var_dir).published().manifest()
    sources = {source["graph"]: source["iri"] for source in manifest["sources"]}
    quads = list(read_lines(VarLayout(published.var_dir).published().dumps / "all.nq"))

    def made_from(name: str) -> set[str]:
        return {
            str(o) for o in graph.objects(URIRef(f"{BASE}dataset/{name}"), URIRef(PROV + "wasDerivedFrom"))
        }

    for name, types in (
        ("poles", "pole|initiative|stage-period|territory"),
        ("actors", "actor|participation"),
    ):
        of_part = re.compile(rf"<{BASE}id/({types})/")
        graphs = {line[line.rindex(" <", 0, -2) + 2 : -3] for line in quads if of_part.match(line)}
        assert made_from(name) == {sources[each] for each in graphs if each in sources}
    assert (
        made_from("all") == made_from("graph-catalog") == made_from("graph-derived") == set(sources.values())
    )
    assert made_from("graph-poles") == {f"{BASE}id/source/poles"}
    assert made_from("vocabulary") == made_from("shapes") == made_from("graph-queries") == set()
    everything = URIRef(f"{BASE}dataset/all")
    versions = {}
    for dataset in graph.subjects(RDF.type, DCAT.Dataset):
        name = str(dataset).rpartition("/")[2]
        (version,) = graph.objects(dataset, URIRef(f"{DCAT}version"))
        versions[name] = str(version)
        notes = list(graph.objects(dataset, URIRef("http://www.w3.org/ns/adms#versionNotes")))
        assert {note.language for note in notes} == {"fr", "en"}, name  # type: ignore[attr-defined]
        assert list(graph.objects(dataset, DCTERMS.isPartOf)) == (
            [] if dataset == everything else [everything]
        )
    assert versions["all"] == manifest["release"]
    assert versions["vocabulary"] == versions["shapes"] == manifest["vocabulary_version"]
    assert versions["graph-poles"] == "2026-11-22"
    assert not list(graph.objects(None, DCTERMS.hasPart)), "udata makes a resource of each part"
    for node in (URIRef(f"{BASE}catalog"), URIRef(f"{BASE}dataset/releases")):
        assert [str(each) for each in graph.objects(node, DCTERMS.identifier)] == [str(node)]


def test_a_dataset_keeps_its_version_with_its_content(tmp_path: Path, published: Settings) -> None:
    var = VarLayout(tmp_path / "var")
    first = build_small_release(var.path)
    second = build_small_release(var.path, extra=EXTRA)
    client = create_app(replace(published, var_dir=var.path)).test_client(use_cookies=False)
    versions = dates(client, URIRef(str(DCAT) + "version"))
    assert versions["poles"] == first.release_id
    assert versions["actors"] == versions["all"] == second.release_id
    notes = dates(client, URIRef("http://www.w3.org/ns/adms#versionNotes"))
    assert "nchangé" in notes["poles"] or "Unchanged" in notes["poles"]
    assert "hang" in notes["actors"]
    assert notes["actors"] != notes["poles"]


def test_what_is_made_of_sources_is_not_said_to_be_one(real: FlaskClient) -> None:
    graph = read(real, "/catalog")
    for node in graph.subjects(RDF.type, DCAT.Dataset):
        name = str(node).rpartition("/")[2]
        if not name.startswith("graph-"):
            continue
        said = {text.language: str(text) for text in graph.objects(node, DCTERMS.description)}  # type: ignore[attr-defined]
        is_made = name in ("graph-derived", "graph-catalog", "graph-queries")
        assert said["fr"].startswith("Ce que dit une seule source") is not is_made, name
        assert said["en"].startswith("What one source alone says") is not is_made, name
        assert len(said["fr"]) > 100, "udata finds shorter ones poor"


def test_only_what_speaks_of_places_and_years_says_so(real: FlaskClient) -> None:
    graph = read(real, "/catalog")
    without = {"vocabulary", "shapes", "graph-queries"}
    for node in graph.subjects(RDF.type, DCAT.Dataset):
        name = str(node).rpartition("/")[2]
        for property_ in (DCTERMS.spatial, DCTERMS.temporal):
            assert bool(list(graph.objects(node, property_))) is (name not in without), name
    page = real.get("/dataset/shapes", headers={"Accept": "text/html"}).text
    assert "spatialCoverage" not in page
    assert "temporalCoverage" not in page
    alone = read(real, "/dataset/vocabulary")
    assert not list(alone.predicate_objects(URIRef(f"{BASE}catalog#extent")))
    assert not list(alone.predicate_objects(URIRef(f"{BASE}catalog#period")))
    titles = {str(title) for title in graph.objects(URIRef(f"{BASE}dataset/events"), DCTERMS.title)}
    assert titles == {"Histoire des PTCE", "History of PTCE"}


def test_dates_and_numbers_are_written_as_readers_do(real: FlaskClient) -> None:
    graph = read(real, "/catalog") + read(real, "/dataset/releases")
    notes = URIRef("http://www.w3.org/ns/adms#versionNotes")
    said = {
        language: [
            str(text)
            for property_ in (DCTERMS.title, DCTERMS.description, notes)
            for text in graph.objects(None, property_)
            if text.language == language  # type: ignore[attr-defined]
        ]
        for language in ("fr", "en")
    }
    for texts in said.values():
        assert not [text for text in texts if re.search(r"\d{4}-\d\d-\d\d|\d{4} tripl", text)]
    assert any(re.search(r"publication, le \d+(er)? \w+ \d{4}\.$", text) for text in said["fr"])
    assert any(re.search(r"\d\u202f\d{3} triplets\.$", text) for text in said["fr"])
    assert any(re.search(r"\d,\d{3} triples\.$", text) for text in said["en"])


def test_pages_for_people(real: FlaskClient, published: Settings) -> None:
    for path, text in (
        ("/catalog", "Pour un portail de données"),
        ("/dataset/poles", "SHA-256"),
        ("/dataset/releases", "Toutes les publications"),
    ):
        page = real.get(f"{path}?lang=fr", headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert text in page.text
    page = real.get("/dataset/all?lang=fr", headers={"Accept": "text/html"})
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.DOTALL)
    assert found
    about = json.loads(found[1])
    assert {"PTCE", "économie sociale et solidaire"} <= set(about["keywords"])
    assert about["version"] == VarLayout(published.var_dir).published().release_id
    boxes = [[float(n) for n in each["box"].split()] for each in about["spatialCoverage"]["geo"]]
    assert len(boxes) == 2
    assert all(south < north and west < east and -60 < south < 60 for south, west, north, east in boxes)
    assert re.search(r"\d,\d\xa0Mo", page.text)
    assert real.get("/dataset/nothing").status_code == 404
