"""Licences in the catalogue, in links and on pages: of the data, of the vocabulary and the shapes."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient
from rdflib import DCAT, DCTERMS, RDF, URIRef

from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from tests.unit.web.test_catalog import read


@pytest.fixture(scope="module")
def real(published: Settings) -> FlaskClient:
    return create_app(published).test_client(use_cookies=False)


CC_BY = "https://creativecommons.org/licenses/by/4.0/"
OPEN = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"


def test_the_vocabulary_and_the_shapes_have_the_licence_that_they_declare(real: FlaskClient) -> None:
    graph = read(real, "/catalog")
    for dataset in graph.subjects(RDF.type, DCAT.Dataset):
        expected = CC_BY if str(dataset).endswith(("/vocabulary", "/shapes")) else OPEN
        for node in (dataset, *graph.objects(dataset, DCAT.distribution)):
            assert [str(each) for each in graph.objects(node, DCTERMS.license)] == [expected], node
    for licence, spdx in ((CC_BY, "CC-BY-4.0"), (OPEN, "etalab-2.0")):
        node = URIRef(licence)
        assert (node, RDF.type, DCTERMS.LicenseDocument) in graph
        assert list(graph.objects(node, DCTERMS.title))
        assert list(graph.objects(node, DCTERMS.type))
        rights = URIRef(f"https://spdx.org/licenses/{spdx}.html")
        assert str(graph.value(rights, DCTERMS.identifier)) == spdx
    assert (URIRef(OPEN), None, None) not in read(real, "/dataset/shapes"), "what it has not"
    for path, iri in (("ns", "https://w3id.org/ptce/ns"), ("shapes", "https://w3id.org/ptce/shapes")):
        declared = read(real, f"/{path}.ttl").value(URIRef(iri), DCTERMS.license)
        assert str(declared) == CC_BY


@pytest.mark.parametrize(
    ("path", "licence"),
    [
        ("/ns.ttl", CC_BY),
        ("/shapes.ttl", CC_BY),
        ("/scheme/stage", CC_BY),
        ("/concept/stage/emerging", CC_BY),
        ("/graph/vocabulary/0.1.0", CC_BY),
        ("/graph/poles/2026-11-22", OPEN),
        ("/dataset/vocabulary", CC_BY),
        ("/dataset/poles", OPEN),
        ("/dataset/all", OPEN),
        ("/api/concepts.json", CC_BY),
        ("/api/poles.json", OPEN),
    ],
)
def test_links_and_pages_say_the_licence_of_what_they_are_about(
    real: FlaskClient, path: str, licence: str
) -> None:
    assert f'<{licence}>; rel="license"' in real.get(path).headers["Link"]
    if "." in path:
        return
    page = real.get(path, headers={"Accept": "text/html"}).text
    assert f'"license":"{licence}"' in page or path.startswith("/concept"), "schema.org"
    if not path.startswith("/dataset"):
        assert page.count(f'<a href="{licence}" rel="license">') == (1 if licence == CC_BY else 2)


def test_the_metadata_of_a_table_say_its_licence(real: FlaskClient) -> None:
    for name, licence in (("concepts", CC_BY), ("poles", OPEN)):
        metadata = json.loads(real.get(f"/dumps/latest/tables/{name}.csv-metadata.json").data)
        assert metadata["dc:license"] == {"@id": licence}
