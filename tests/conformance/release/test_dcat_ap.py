"""The catalogue of the real data against the official shapes of DCAT-AP 3.0.1, read over HTTP, without background vocabularies."""

from __future__ import annotations

import re
from dataclasses import replace

import pyshacl
import pytest
import rdflib
from rdflib import URIRef
from rdflib.namespace import DCAT, RDF, SH, SKOS

from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from tests.conftest import PROJECT

#: Datasets of which no place and no years are said: recommended, but there are none.
WITHOUT_COVERAGE = ("vocabulary", "shapes", "graph-queries")


@pytest.fixture(scope="module", params=["/catalog", "/dataset/poles", "/dataset/releases"])
def catalog(published: Settings, request: pytest.FixtureRequest) -> rdflib.Graph:
    client = create_app(published).test_client()
    return rdflib.Graph().parse(
        data=client.get(request.param, headers={"Accept": "text/turtle"}).data, format="turtle"
    )


@pytest.mark.parametrize("name", ["shapes", "range", "shapes_recommended", "deprecateduris"])
def test_the_catalogue_conforms(catalog: rdflib.Graph, name: str) -> None:
    """No violation, and no warning but of three nodes, and of datasets that speak of no place and no year.

    These are the box and the middle of the EU's own France, what kind of publisher a project is, and the middle of boxes on two continents.
    """
    shapes = rdflib.Graph().parse(PROJECT / f"tests/suites/dcat-ap-3.0.1/{name}.ttl")
    _conforms, report, text = pyshacl.validate(catalog, shacl_graph=shapes)
    assert isinstance(report, rdflib.Graph)
    focus = set()
    for result in report.objects(None, SH.result):
        node = str(report.value(result, SH.focusNode)).rpartition("/")[2]
        is_coverage = report.value(result, SH.resultPath) in (rdflib.DCTERMS.spatial, rdflib.DCTERMS.temporal)
        if not (is_coverage and node in WITHOUT_COVERAGE):
            focus.add(node)
    severities = set(report.objects(None, SH.resultSeverity))
    assert focus <= {"FRA", "project", "catalog#extent"}, text
    assert severities <= {SH.Warning}, text


@pytest.mark.parametrize("type_", ["Company", "PrivateIndividual(s)"])
def test_a_publisher_whose_type_is_told_is_not_remarked(published: Settings, type_: str) -> None:
    client = create_app(replace(published, publisher_type=type_)).test_client()
    catalog = rdflib.Graph().parse(data=client.get("/dataset/events.ttl").data, format="turtle")
    (found,) = catalog.objects(URIRef(f"{published.base_iri}id/agent/project"), rdflib.DCTERMS.type)
    assert str(found) == f"http://purl.org/adms/publishertype/{type_}"
    shapes = rdflib.Graph().parse(PROJECT / "tests/suites/dcat-ap-3.0.1/shapes_recommended.ttl")
    shapes += rdflib.Graph().parse(PROJECT / "tests/suites/dcat-ap-3.0.1/shapes.ttl")
    _conforms, report, text = pyshacl.validate(catalog, shacl_graph=shapes)
    assert isinstance(report, rdflib.Graph)
    assert {str(node).rpartition("/")[2] for node in report.objects(None, SH.focusNode)} == {
        "FRA",
        "catalog#extent",
    }, text
    # Of the controlled vocabularies the type is one; the publisher is still no body of the EU.
    assert (found, SKOS.inScheme, URIRef("http://purl.org/adms/publishertype/1.0")) in catalog


#: What the shapes of the EU's controlled vocabularies remark: property → what it is on.
REMARKS = {
    # The shape wants the algorithm's IRI to begin with https; SPDX's own begins with http.
    (SH.Violation, "http://spdx.org/rdf/terms#algorithm"): "checksumAlgorithm_sha512",
    # The publisher is in no table of the EU's institutions.
    (SH.Warning, str(rdflib.DCTERMS.publisher)): "project",
    # Beside the EU's France stand our own boxes, for those who draw them.
    (SH.Warning, str(rdflib.DCTERMS.spatial)): "catalog#extent",
}


def test_values_are_of_the_tables_of_the_eu(catalog: rdflib.Graph) -> None:
    report = remarks(catalog)
    found = {
        (report.value(each, SH.resultSeverity), str(report.value(each, SH.resultPath))): re.split(
            r"/|terms#", str(report.value(each, SH.value))
        )[-1]
        for each in report.objects(None, SH.result)
    }
    assert found == REMARKS


def test_a_value_without_its_table_is_remarked(catalog: rdflib.Graph) -> None:
    broken = rdflib.Graph()
    broken += catalog
    broken.remove((None, SKOS.inScheme, None))
    report = remarks(broken)
    paths = {str(path) for path in report.objects(None, SH.resultPath)}
    assert str(rdflib.DCTERMS.language) in paths


def remarks(catalog: rdflib.Graph) -> rdflib.Graph:
    shapes = rdflib.Graph().parse(PROJECT / "tests/suites/dcat-ap-3.0.1/mdr-vocabularies.ttl")
    _conforms, report, _text = pyshacl.validate(catalog, shacl_graph=shapes)
    assert isinstance(report, rdflib.Graph)
    return report


def test_a_catalogue_without_titles_does_not_conform(catalog: rdflib.Graph) -> None:
    broken = rdflib.Graph()
    broken += catalog
    broken.remove((None, rdflib.DCTERMS.title, None))
    shapes = rdflib.Graph().parse(PROJECT / "tests/suites/dcat-ap-3.0.1/shapes.ttl")
    assert pyshacl.validate(broken, shacl_graph=shapes)[0] is False


def test_nothing_is_a_blank_node(catalog: rdflib.Graph) -> None:
    assert list(catalog.subjects(RDF.type, DCAT.Distribution))
    assert not [node for triple in catalog for node in triple if isinstance(node, rdflib.BNode)]
