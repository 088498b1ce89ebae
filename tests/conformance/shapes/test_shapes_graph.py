"""The shapes themselves: valid SHACL, every annotation in both languages, no needless SPARQL."""

from __future__ import annotations

import pyshacl
import pytest
import rdflib
from rdflib import RDF, RDFS
from rdflib.namespace import SH

from ptce_lod.namespaces import SHAPES as SHAPES_NAMESPACE
from ptce_lod.validate.rules import RULES

from .conftest import SHAPES

FILES = sorted(SHAPES.glob("*.ttl"))
SEVERITIES = {SH.Violation, SH.Warning, SH.Info}


def languages(graph: rdflib.Graph, node: rdflib.term.Node, predicate: rdflib.URIRef) -> list[str]:
    return sorted(getattr(text, "language", None) or "" for text in graph.objects(node, predicate))


def reported_property_shapes(graph: rdflib.Graph) -> set[rdflib.term.Node]:
    targets = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
    nodes = {node for predicate in targets for node in graph.subjects(predicate)}
    return {shape for node in nodes for shape in graph.objects(node, SH.property)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shapes_file_is_valid_shacl(path: object) -> None:
    graph = rdflib.Graph().parse(str(path))
    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=graph, meta_shacl=True, inference="none")
    assert conforms, text


def test_property_shapes_have_every_annotation_in_both_languages(shapes_graph: rdflib.Graph) -> None:
    shapes = reported_property_shapes(shapes_graph)
    assert len(shapes) > 180
    for shape in shapes:
        assert (shape, RDF.type, SH.PropertyShape) in shapes_graph, shape
        for predicate in (SH.name, SH.description, SH.message):
            assert languages(shapes_graph, shape, predicate) == ["en", "fr"], (shape, predicate)
        assert set(shapes_graph.objects(shape, SH.severity)) <= SEVERITIES
        for predicate in (SH.path, SH.severity, SH.order, SH.group):
            assert len(list(shapes_graph.objects(shape, predicate))) == 1, (shape, predicate)


def test_groups_exist_and_have_labels_and_order(shapes_graph: rdflib.Graph) -> None:
    for group in set(shapes_graph.objects(None, SH.group)):
        assert (group, RDF.type, SH.PropertyGroup) in shapes_graph
        assert languages(shapes_graph, group, RDFS.label) == ["en", "fr"]
        assert shapes_graph.value(group, SH.order) is not None


def test_order_never_repeats_within_a_node_shape(shapes_graph: rdflib.Graph) -> None:
    for node in set(shapes_graph.subjects(SH.property)):
        orders = [shapes_graph.value(shape, SH.order) for shape in shapes_graph.objects(node, SH.property)]
        known = [order for order in orders if order is not None]
        assert len(known) == len(set(known)), node


def test_node_shapes_have_labels_and_comments_in_both_languages(shapes_graph: rdflib.Graph) -> None:
    for predicate in (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf):
        for node in set(shapes_graph.subjects(predicate)):
            assert languages(shapes_graph, node, RDFS.label) == ["en", "fr"], node
            assert languages(shapes_graph, node, RDFS.comment) == ["en", "fr"], node


def test_every_property_shape_has_an_iri_of_its_own(shapes_graph: rdflib.Graph) -> None:
    for shape in shapes_graph.objects(None, SH.property):
        assert isinstance(shape, rdflib.URIRef), "a property shape is a blank node"
        assert shape.startswith(SHAPES_NAMESPACE)


def test_property_shapes_are_named_after_their_node_shape(shapes_graph: rdflib.Graph) -> None:
    for node, shape in shapes_graph.subject_objects(SH.property):
        assert str(shape).startswith(f"{node}-")


def test_sparql_is_used_for_deprecated_properties_only(shapes_graph: rdflib.Graph) -> None:
    assert set(shapes_graph.subjects(SH.sparql)) == {
        rdflib.URIRef(SHAPES_NAMESPACE + "DeprecatedPropertyShape")
    }


def test_no_shape_targets_every_typed_thing(shapes_graph: rdflib.Graph) -> None:
    assert (None, SH.targetSubjectsOf, RDF.type) not in shapes_graph


def test_integrity_rules_are_described_with_the_words_of_the_program(shapes_graph: rdflib.Graph) -> None:
    described = {str(node) for node in shapes_graph.subjects(SH.deactivated)}
    assert described == {rule.iri for rule in RULES}
    for rule in RULES:
        node = rdflib.URIRef(rule.iri)
        assert str(shapes_graph.value(node, SH.severity)) == rule.severity.iri
        assert texts(shapes_graph, node, RDFS.label) == rule.names
        assert texts(shapes_graph, node, RDFS.comment) == rule.descriptions
        assert texts(shapes_graph, node, SH.message) == rule.messages


def texts(graph: rdflib.Graph, node: rdflib.URIRef, predicate: rdflib.URIRef) -> tuple[tuple[str, str], ...]:
    found = (text for text in graph.objects(node, predicate) if isinstance(text, rdflib.Literal))
    return tuple(sorted((text.language or "", str(text)) for text in found))


def test_messages_do_not_copy_one_language_into_the_other(shapes_graph: rdflib.Graph) -> None:
    for shape in reported_property_shapes(shapes_graph):
        assert len({str(text) for text in shapes_graph.objects(shape, SH.message)}) == 2, shape
