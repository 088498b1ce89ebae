"""VoID: what it counts is there, and what its links lead to."""

from __future__ import annotations

import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib import DCAT, RDF, URIRef

from ptce_lod.release.catalog.facts import gather
from ptce_lod.release.catalog.void import MOST_LINKSETS, state_void
from ptce_lod.release.catalog.writer import Writer
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish_log import publications
from ptce_lod.release.quads import read_lines
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from tests.unit.query.small_release import BASE
from tests.unit.web.test_catalog import read

VOID = rdflib.Namespace("http://rdfs.org/ns/void#")


@pytest.fixture(scope="module")
def real(published: Settings) -> FlaskClient:
    return create_app(published).test_client(use_cookies=False)


@pytest.fixture(scope="module")
def lines(published: Settings) -> list[str]:
    """Every triple of the data once, as N-Triples."""
    return list(read_lines(VarLayout(published.var_dir).published().dumps / "all.nt"))


@pytest.mark.parametrize("path", ["/.well-known/void", "/catalog", "/dataset/all"])
def test_void_counts_what_is_there(real: FlaskClient, lines: list[str], path: str) -> None:
    graph = read(real, path)
    (dataset,) = graph.subjects(VOID.sparqlEndpoint, None)

    def number(node: rdflib.term.Node, what: URIRef) -> int:
        (count,) = graph.objects(node, what)
        return int(str(count))

    classes = {
        str(graph.value(part, VOID["class"])): number(part, VOID.entities)
        for part in graph.objects(dataset, VOID.classPartition)
    }
    poles = sum(line.endswith("#type> <https://w3id.org/ptce/ns#Pole> .") for line in lines)
    assert classes["https://w3id.org/ptce/ns#Pole"] == poles > 90
    properties = {
        str(graph.value(part, VOID.property)): number(part, VOID.triples)
        for part in graph.objects(dataset, VOID.propertyPartition)
    }
    assert sum(properties.values()) == number(dataset, VOID.triples) == len(lines)
    assert (number(dataset, VOID.classes), number(dataset, VOID.properties)) == (
        len(classes),
        len(properties),
    )
    space = str(graph.value(dataset, VOID.uriSpace))
    subjects = {line.partition(" ")[0] for line in lines if line.startswith(f"<{space}")}
    assert number(dataset, VOID.entities) == len(subjects)
    assert list(graph.objects(dataset, VOID.vocabulary))
    examples = list(graph.objects(dataset, VOID.exampleResource))
    assert len(examples) == 5
    for example in examples:
        assert real.get(str(example).removeprefix(BASE[:-1])).status_code == 303
    dumps = list(graph.objects(dataset, VOID.dataDump))
    assert URIRef(f"{BASE}dumps/latest/all.nq") in dumps
    whole = read(real, "/catalog")
    for dump in dumps:
        assert (None, DCAT.downloadURL, dump) in whole


def test_each_linkset_says_where_its_links_lead(real: FlaskClient, lines: list[str]) -> None:
    graph = read(real, "/void")
    linksets = list(graph.subjects(RDF.type, VOID.Linkset))
    assert len(linksets) > 50
    for linkset in linksets:
        (space,) = graph.objects(graph.value(linkset, VOID.objectsTarget), VOID.uriSpace)
        middle = f" <{graph.value(linkset, VOID.linkPredicate)}> <{space}"
        (count,) = graph.objects(linkset, VOID.triples)
        assert sum(middle in line for line in lines) == int(str(count)), linkset


def test_the_catalogue_has_the_linksets_with_most_links(real: FlaskClient, published: Settings) -> None:
    var = VarLayout(published.var_dir)
    links = [{"target": f"https://{n}.example/", "property": "http://e/p", "count": n} for n in range(1, 151)]
    facts = gather(var, var.published(), publications(var), {"links": links})
    w = Writer()
    state_void(w, BASE, f"{BASE}dataset/all", facts, MOST_LINKSETS)
    counts = [
        int(q.object.value)
        for q in w.quads
        if q.predicate.value == str(VOID.triples) and "links" in q.subject.value
    ]  # type: ignore[union-attr]
    assert sorted(counts) == list(range(51, 151))
