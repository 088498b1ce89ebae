"""The diagram is drawn by hand; the ontology says whether it is true."""

from __future__ import annotations

import rdflib
from rdflib import OWL, RDF, RDFS, SH
from rdflib.collection import Collection

from ptce_lod.web.pages.vocabulary import diagram
from tests.unit.web.pages.vocabulary.conftest import Tree, text_of

PTCE = "https://w3id.org/ptce/ns#"


def allowed(ontology: rdflib.Graph, property_: str, predicate: rdflib.URIRef) -> set[str]:
    """Return the classes of a domain or range, unions taken apart; empty when anything goes."""
    found: set[str] = set()
    for node in ontology.objects(rdflib.URIRef(property_), predicate):
        union = ontology.value(node, OWL.unionOf)
        found.update(map(str, Collection(ontology, union) if union is not None else [node]))
    return found


def test_every_class_of_ours_is_drawn(ontology: rdflib.Graph) -> None:
    ours = {str(c) for c in ontology.subjects(RDF.type, OWL.Class) if str(c).startswith(PTCE)}
    assert {iri for iri in diagram.LAYOUT if iri.startswith(PTCE)} == ours


def test_no_two_boxes_share_a_place() -> None:
    places = [(column, row + n) for column, row, span in diagram.LAYOUT.values() for n in range(span)]
    assert len(places) == len(set(places))


def test_each_arrow_of_ours_keeps_domain_and_range(ontology: rdflib.Graph) -> None:
    for start, property_, end in diagram.ARROWS:
        if property_.startswith(PTCE):
            for class_, predicate in ((start, RDFS.domain), (end, RDFS.range)):
                classes = allowed(ontology, property_, predicate)
                assert not classes or class_ in classes, (start, property_, end)


def test_each_arrow_of_others_is_declared_and_asked_by_a_shape(
    ontology: rdflib.Graph, shapes: rdflib.Graph
) -> None:
    for start, property_, end in diagram.ARROWS:
        if property_ == diagram.SUBCLASS:
            assert (rdflib.URIRef(start), RDFS.subClassOf, rdflib.URIRef(end)) in ontology
        elif not property_.startswith(PTCE):
            assert (rdflib.URIRef(property_), RDF.type, OWL.ObjectProperty) in ontology
            paths = {
                str(shapes.value(rule, SH.path))
                for shape in shapes.subjects(SH.targetClass, rdflib.URIRef(start))
                for rule in shapes.objects(shape, SH.property)
            }
            assert property_ in paths, (start, property_)


def test_arrows_run_straight_between_neighbours() -> None:
    for start, _, end in diagram.ARROWS:
        (c1, r1, s1), (c2, r2, s2) = diagram.LAYOUT[start], diagram.LAYOUT[end]
        if c1 == c2:
            assert abs(r1 - r2) == 1
        else:
            assert abs(c1 - c2) == 1
            assert set(range(r1, r1 + s1)) & set(range(r2, r2 + s2))


def test_the_drawing_is_told_in_text(tree: Tree) -> None:
    for language in ("fr", "en"):
        lists = [e for e in tree("ns", language).iter("details") if e.attrib.get("class") == "as-text"]
        items = [text_of(item) for item in lists[0].iter("li")]
        assert len(items) == len(diagram.ARROWS)
    assert "pole – territory → project territory" in items
