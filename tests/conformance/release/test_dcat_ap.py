"""The catalogue of the real data against the official shapes of DCAT-AP 3.0.1, read over HTTP, without background vocabularies."""

from __future__ import annotations

import pyshacl
import pytest
import rdflib
from rdflib.namespace import DCAT, RDF, SH

from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from tests.conftest import PROJECT


@pytest.fixture(scope="module", params=["/catalog", "/dataset/poles", "/dataset/releases"])
def catalog(published: Settings, request: pytest.FixtureRequest) -> rdflib.Graph:
    client = create_app(published).test_client()
    return rdflib.Graph().parse(
        data=client.get(request.param, headers={"Accept": "text/turtle"}).data, format="turtle"
    )


@pytest.mark.parametrize("name", ["shapes", "range", "shapes_recommended"])
def test_the_catalogue_conforms(catalog: rdflib.Graph, name: str) -> None:
    """No violation, and no warning but of two nodes: the box of the EU's own France, and what kind of publisher a project is."""
    shapes = rdflib.Graph().parse(PROJECT / f"tests/suites/dcat-ap-3.0.1/{name}.ttl")
    _conforms, report, text = pyshacl.validate(catalog, shacl_graph=shapes)
    assert isinstance(report, rdflib.Graph)
    focus = {str(node).rpartition("/")[2] for node in report.objects(None, SH.focusNode)}
    severities = set(report.objects(None, SH.resultSeverity))
    assert focus <= {"FRA", "project"}, text
    assert severities <= {SH.Warning}, text


def test_a_catalogue_without_titles_does_not_conform(catalog: rdflib.Graph) -> None:
    broken = rdflib.Graph()
    broken += catalog
    broken.remove((None, rdflib.DCTERMS.title, None))
    shapes = rdflib.Graph().parse(PROJECT / "tests/suites/dcat-ap-3.0.1/shapes.ttl")
    assert pyshacl.validate(broken, shacl_graph=shapes)[0] is False


def test_nothing_is_a_blank_node(catalog: rdflib.Graph) -> None:
    assert list(catalog.subjects(RDF.type, DCAT.Distribution))
    assert not [node for triple in catalog for node in triple if isinstance(node, rdflib.BNode)]
