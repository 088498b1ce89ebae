"""The catalogue of the real data against the official shapes of DCAT-AP 3.0.1, without background vocabularies."""

from __future__ import annotations

import pyshacl
import pytest
import rdflib
from rdflib.namespace import DCAT, RDF

from ptce_lod.release.layout import VarLayout
from ptce_lod.settings import Settings
from tests.conftest import PROJECT


@pytest.fixture(scope="module")
def catalog(published: Settings) -> rdflib.Graph:
    return rdflib.Graph().parse(VarLayout(published.var_dir).published().catalog)


@pytest.mark.parametrize("name", ["shapes", "range"])
def test_the_catalogue_conforms(catalog: rdflib.Graph, name: str) -> None:
    shapes = rdflib.Graph().parse(PROJECT / f"tests/suites/dcat-ap-3.0.1/{name}.ttl")
    conforms, _report, text = pyshacl.validate(catalog, shacl_graph=shapes)
    assert conforms, text


def test_a_catalogue_without_titles_does_not_conform(catalog: rdflib.Graph) -> None:
    broken = rdflib.Graph()
    broken += catalog
    broken.remove((None, rdflib.DCTERMS.title, None))
    shapes = rdflib.Graph().parse(PROJECT / "tests/suites/dcat-ap-3.0.1/shapes.ttl")
    assert pyshacl.validate(broken, shacl_graph=shapes)[0] is False


def test_no_dataset_or_distribution_is_a_blank_node(catalog: rdflib.Graph) -> None:
    for class_ in (DCAT.Dataset, DCAT.Distribution, DCAT.DataService, DCAT.Catalog):
        found = list(catalog.subjects(RDF.type, class_))
        assert found
        assert all(isinstance(node, rdflib.URIRef) for node in found)
