"""Programs of portals read the catalogue and its streams, page by page, from a real server over the real data."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from ptce_lod.licences import DATA, VOCABULARY
from ptce_lod.namespaces import DCAT, DCTERMS, RDF
from ptce_lod.release.layout import VarLayout
from tests.conftest import PROJECT
from tests.integration.conftest import Server, free_port, publish_real, start, stop, wait_until_ready

CLIENTS = Path(__file__).parent / "clients"
CKAN = PROJECT / ".clients/ckan/bin/python"
UDATA = PROJECT / ".clients/udata/bin/python"
PROFILES = ("euro_dcat_ap_2", "euro_dcat_ap_3")
EXTENSIONS = ("ttl", "rdf", "jsonld", "nt", "trig", "nq")
READINGS = [f"{profile} {extension}" for profile in PROFILES for extension in EXTENSIONS]
PAGE_SIZE = 7
#: What CKAN and udata make of the licence of the data, and of that of the vocabulary.
LICENCE, LICENCE_OF_VOCABULARY = DATA.label, VOCABULARY.label
OF_VOCABULARY = ("dataset/vocabulary", "dataset/shapes")
#: What speaks of no place and no year, which udata finds poor.
WITHOUT_COVERAGE = (*OF_VOCABULARY, "dataset/graph-queries")


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose catalogue has several pages."""
    folder = tmp_path_factory.mktemp("portal")
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    publish_real(folder / "var", base)
    process = start(folder / "var", folder / "log", port, PTCE_PAGE_SIZE=str(PAGE_SIZE))
    try:
        wait_until_ready(base, process, folder / "log")
        yield Server(base, port, process, folder / "log", VarLayout(folder / "var"))
    finally:
        stop(process)


def triples(server: Server, path: str, format_: ox.RdfFormat = ox.RdfFormat.N_TRIPLES) -> list[ox.Triple]:
    request = urllib.request.Request(server.base + path, headers={"Accept": format_.media_type})
    with urllib.request.urlopen(request) as answer:
        return [quad.triple for quad in ox.parse(answer.read(), format=format_)]


@pytest.fixture(scope="module")
def stated(portal: Server) -> dict[str, dict[str, set[str]]]:
    """What the pages of the catalogue say: subject → predicate → values."""
    found: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    path = "catalog"
    while path:
        here = triples(portal, path)
        for triple in here:
            found[triple.subject.value][triple.predicate.value].add(triple.object.value)  # type: ignore[union-attr]
        path = next(
            (
                t.object.value.removeprefix(portal.base)
                for t in here
                if t.predicate.value.endswith("core#next")
            ),
            "",
        )  # type: ignore[union-attr]
    return {subject: dict(about) for subject, about in found.items()}


@pytest.fixture(scope="module")
def ckan(portal: Server) -> dict[str, Any]:
    if not CKAN.is_file():
        pytest.skip("CKAN's reader is not installed: scripts/install-test-clients installs it")
    command = [str(CKAN), str(CLIENTS / "read_with_ckan.py"), portal.base, *PROFILES]
    done = subprocess.run(command, capture_output=True, text=True, cwd=CLIENTS)
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = json.loads(done.stdout)
    return read


@pytest.mark.parametrize("reading", READINGS)
def test_ckan_finds_every_dataset_and_file_whatever_the_format(
    ckan: dict[str, Any], stated: dict[str, dict[str, set[str]]], portal: Server, reading: str
) -> None:
    datasets = {iri for iri, about in stated.items() if DCAT + "Dataset" in about.get(RDF + "type", ())}
    found = {extra(each, "uri"): each for each in ckan[reading]["datasets"]}
    assert set(found) == datasets
    assert ckan[reading]["pages"] == -(-len(datasets) // PAGE_SIZE) > 3
    assert len(ckan[reading]["datasets"]) == len(found), "no dataset twice"
    for iri, dataset in found.items():
        about = stated[iri]
        assert extra(dataset, "identifier") == iri
        assert dataset["title"] in about[DCTERMS + "title"]
        assert dataset["notes"]
        for name in ("issued", "modified"):
            (moment,) = about[DCTERMS + name]
            assert extra(dataset, name).replace("+00:00", "Z") == moment
        assert "language/FRA" in extra(dataset, "language")
        assert extra(dataset, "publisher_name") == "Projet PTCE-LOD"
        files = {file["uri"]: file for file in dataset["resources"]}
        assert set(files) == about[DCAT + "distribution"]
        for uri, file in files.items():
            said = stated[uri]
            assert file["license"] == (LICENCE_OF_VOCABULARY if iri.endswith(OF_VOCABULARY) else LICENCE)
            assert {file["format"]} == said[DCTERMS + "format"]
            assert {file["mimetype"]} == said[DCAT + "mediaType"]
            assert {str(file["size"])} == said[DCAT + "byteSize"]
            assert {file["download_url"]} == said[DCAT + "downloadURL"]
            assert file["hash_algorithm"].endswith("checksumAlgorithm_sha512")
            assert len(file["hash"]) == 128
            assert "language/FRA" in file["language"]
            assert file["modified"]


def test_ckan_shows_a_french_portal_french_titles(ckan: dict[str, Any], portal: Server) -> None:
    titles = {extra(each, "uri"): each["title"] for each in ckan[READINGS[0]]["datasets"]}
    assert titles[f"{portal.base}dataset/poles"] == "Pôles territoriaux de coopération économique"
    for each in ckan[READINGS[0]]["datasets"]:
        names = Counter(tag["name"] for tag in each["tags"])
        assert max(names.values()) == 1, "CKAN refuses equal tags"


@pytest.fixture(scope="module")
def udata(portal: Server) -> dict[str, Any]:
    if not UDATA.is_file():
        pytest.skip("udata is not installed: scripts/install-test-clients installs it")
    command = [str(UDATA), str(CLIENTS / "read_with_udata.py"), f"{portal.base}catalog"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=CLIENTS)
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def test_udata_harvests_everything_and_again_the_same(
    udata: dict[str, Any], stated: dict[str, dict[str, set[str]]]
) -> None:
    of_type = {
        name: {iri for iri, about in stated.items() if DCAT + name in about.get(RDF + "type", ())}
        for name in ("Dataset", "DatasetSeries", "DataService")
    }
    datasets = of_type["Dataset"] | of_type["DatasetSeries"]
    items = len(datasets) + len(of_type["DataService"])
    assert udata["runs"] == [{"status": "done", "items": items, "errors": []}] * 2
    assert sorted(each["iri"] for each in udata["datasets"]) == sorted(datasets), "none twice"
    assert sorted(each["iri"] for each in udata["services"]) == sorted(of_type["DataService"])


def test_udata_understands_each_dataset_and_its_files(
    udata: dict[str, Any], stated: dict[str, dict[str, set[str]]], portal: Server
) -> None:
    for dataset in udata["datasets"]:
        about = stated[dataset["iri"]]
        assert dataset["title"] in about[DCTERMS + "title"]
        assert dataset["licence"] == ("cc-by" if dataset["iri"].endswith(OF_VOCABULARY) else "lov2")
        assert dataset["frequency"] == "irregular"
        assert dataset["modified"].replace(" ", "T") + "Z" in about[DCTERMS + "modified"]
        assert set(dataset["contacts"]) == {"Projet PTCE-LOD"}
        if dataset["iri"].endswith(WITHOUT_COVERAGE):
            assert (dataset["outline"], dataset["years"]) == (None, None)
        else:
            assert dataset["outline"] == "MultiPolygon"
            assert dataset["years"][0] < 2009 < dataset["years"][1]
        assert dataset["page"].startswith(portal.base)
        files = {file["address"]: file for file in dataset["files"]}
        assert {f"{address}#distribution" for address in files} == about.get(DCAT + "distribution", set())
        for address, file in files.items():
            said = stated[f"{address}#distribution"]
            assert file["title"] in said[DCTERMS + "title"]
            assert {str(file["size"])} == said[DCAT + "byteSize"]
            assert {f"https://www.iana.org/assignments/media-types/{file['media']}"} == said[
                DCAT + "mediaType"
            ]
            assert file["format"], address
        if files and dataset["iri"].endswith(WITHOUT_COVERAGE):
            assert sorted(dataset["lacks"]) == ["spatial", "temporal_coverage"], dataset["iri"]
        elif files:
            assert (dataset["quality"], dataset["lacks"]) == (1.0, []), dataset["iri"]
    (poles,) = (each for each in udata["datasets"] if each["iri"].endswith("/poles"))
    assert poles["title"] == "Pôles territoriaux de coopération économique"
    assert "cooperation-economique" in poles["tags"]
    assert {file["format"] for file in poles["files"]} >= {"csv", "xlsx", "geojson", "parquet"}


def test_udata_understands_each_service(
    udata: dict[str, Any], stated: dict[str, dict[str, set[str]]]
) -> None:
    for service in udata["services"]:
        about = stated[service["iri"]]
        assert service["title"] in about[DCTERMS + "title"]
        assert {service["address"]} == about[DCAT + "endpointURL"]
        assert {service["described"]} == about[DCAT + "endpointDescription"]


def extra(dataset: dict[str, Any], key: str) -> str:
    return next(str(each["value"]) for each in dataset["extras"] if each["key"] == key)


def term(parts: list[str]) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """Return a term from how the client of event streams writes it: its kind, value, language, datatype."""
    kind, value, language, datatype = parts
    if kind == "Literal":
        if language:
            return ox.Literal(value, language=language)
        return ox.Literal(value, datatype=ox.NamedNode(datatype))
    return ox.BlankNode(value) if kind == "BlankNode" else ox.NamedNode(value)


@pytest.mark.parametrize("path", ["catalog/feed", "feed"])
def test_a_client_of_event_streams_replicates_what_is_published(
    portal: Server, stated: dict[str, dict[str, set[str]]], path: str
) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.fail("Node.js is not installed: scripts/install-test-tools installs it")
    command = [node, str(CLIENTS / "ldes-client.min.mjs"), portal.base + path]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    # Beside members the client writes what it does.
    members = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"id"')]
    assert {each["type"]["value"].rpartition("#")[2] for each in members} == {"Create"}
    held = {each["isVersionOf"]: each["quads"] for each in members}
    assert len(held) == len(members)
    stream = ox.Dataset(
        ox.Quad(subject, predicate, value)  # type: ignore[arg-type]
        for each in members
        for *triple, (_kind, graph, *_) in each["quads"]
        for subject, predicate, value in (map(term, triple),)
        if graph == each["id"]
    )
    if path == "feed":
        published = portal.var.published().dumps / "all.nt"
        release = ox.Dataset(ox.parse(path=str(published), format=ox.RdfFormat.N_TRIPLES))
        for each in (stream, release):
            each.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        assert stream == release
        return
    said = {(q.subject.value, q.predicate.value, q.object.value) for q in stream}  # type: ignore[union-attr]
    assert {each["object"] for each in [{"object": iri} for iri in held]} >= {f"{portal.base}catalog"}
    expected = {
        (subject, predicate, value)
        for subject, about in stated.items()
        for predicate, values in about.items()
        for value in values
        if "hydra" not in predicate and "hydra" not in value
    }
    assert said == expected
