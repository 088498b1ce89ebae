"""OOPS! pitfalls that a machine can look for, one test each. P36–P41 look at the header or the addresses.

Not asked: P01–P03, P09, P14–P18, P20, P21, P23, P27, P30, P31, P33, P37 need a reader or a server, or constructs that are not used here.
"""

from __future__ import annotations

import re

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node
from vocabulary_files import PTCE

HOMES = (
    "http://www.w3.org/",
    "http://purl.org/",
    "http://xmlns.com/foaf/",
    "https://schema.org/",
    "http://data.europa.eu/",
)
PROPERTY_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
IRI = URIRef("https://w3id.org/ptce/ns")


def own(graph: Graph, kind: Node) -> list[URIRef]:
    return sorted(
        s for s in graph.subjects(RDF.type, kind) if isinstance(s, URIRef) and str(s).startswith(PTCE)
    )


def properties(graph: Graph) -> list[URIRef]:
    return own(graph, OWL.ObjectProperty) + own(graph, OWL.DatatypeProperty)


def classes_of(graph: Graph, expression: Node) -> set[Node]:
    """A class, or the members of a union."""
    union = graph.value(expression, OWL.unionOf)
    return {expression} if union is None else set(Collection(graph, union))


def test_p04_no_class_stands_alone(ontology: Graph) -> None:
    """Each is the domain or the range of some property, or below a class that is."""
    linked = {
        c
        for p in properties(ontology)
        for side in (RDFS.domain, RDFS.range)
        for e in ontology.objects(p, side)
        for c in classes_of(ontology, e)
    }
    outside = {
        c for c in own(ontology, OWL.Class) if c not in linked and (c, RDFS.subClassOf, None) not in ontology
    }
    assert outside == set()
    # a source is linked by ORG's and OA's properties alone
    assert {c for c in own(ontology, OWL.Class) if c not in linked} == {URIRef(PTCE + "Source")}


def test_p05_inverses_exchange_domain_and_range(ontology: Graph) -> None:
    pairs = list(ontology.subject_objects(OWL.inverseOf))
    assert len(pairs) == 2
    for one, other in pairs:
        assert ontology.value(one, RDFS.domain) == ontology.value(other, RDFS.range)
        assert ontology.value(one, RDFS.range) == ontology.value(other, RDFS.domain)


@pytest.mark.parametrize("relation", [RDFS.subClassOf, RDFS.subPropertyOf])
def test_p06_and_p24_nothing_stands_below_itself(ontology: Graph, relation: URIRef) -> None:
    for term in set(ontology.subjects(relation)):
        above = set(ontology.transitive_objects(term, relation)) - {term}
        assert all(term not in set(ontology.transitive_objects(higher, relation)) for higher in above)
        assert (term, relation, term) not in ontology


def test_p07_a_name_holds_one_idea(ontology: Graph) -> None:
    names = [str(t)[len(PTCE) :] for t in own(ontology, OWL.Class) + properties(ontology)]
    assert [name for name in names if re.search(r"(And|Or)[A-Z]", name)] == []


def test_p08_every_term_is_annotated(ontology: Graph) -> None:
    bare = [
        t for t in own(ontology, OWL.Class) + properties(ontology) if (t, RDFS.comment, None) not in ontology
    ]
    assert bare == []


def test_p10_disjointness_is_stated_and_agrees_with_the_hierarchy(ontology: Graph) -> None:
    groups = [set(Collection(ontology, o)) for o in ontology.objects(None, OWL.members)]
    assert sorted(len(group) for group in groups) == [3, 9]
    for group in groups:
        for member in group:
            above = set(ontology.transitive_objects(member, RDFS.subClassOf)) - {member}
            assert not above & group, f"{member} is disjoint with a class above it"


def test_p11_a_missing_domain_or_range_is_explained(ontology: Graph) -> None:
    for term in properties(ontology):
        if (term, RDFS.domain, None) not in ontology or (term, RDFS.range, None) not in ontology:
            notes = {n.language for n in ontology.objects(term, SKOS.scopeNote)}
            assert notes == {"fr", "en"}, f"{term} has no domain or no range and says no reason"
            assert any(
                re.search(r"\b[Nn]o (domain|range)", str(n)) for n in ontology.objects(term, SKOS.scopeNote)
            ), term


def test_p13_the_properties_without_inverse_are_a_known_choice(ontology: Graph) -> None:
    """Inverses only where data are often read from both ends; any SPARQL or SHACL path can be turned round with ``^``."""
    inverted = {t for pair in ontology.subject_objects(OWL.inverseOf) for t in pair}
    symmetric = set(own(ontology, OWL.SymmetricProperty))
    assert {str(t)[len(PTCE) :] for t in inverted} == {
        "supportStructure",
        "supports",
        "hasStagePeriod",
        "stageOf",
    }
    assert not inverted & symmetric


def test_p19_no_property_has_several_domains_or_ranges(ontology: Graph) -> None:
    for term in properties(ontology):
        assert len(list(ontology.objects(term, RDFS.domain))) <= 1, term
        assert len(list(ontology.objects(term, RDFS.range))) <= 1, term


def test_p22_classes_begin_with_a_capital_and_properties_do_not(ontology: Graph) -> None:
    assert all(re.fullmatch(r"[A-Z][A-Za-z]+", str(t)[len(PTCE) :]) for t in own(ontology, OWL.Class))
    assert all(re.fullmatch(r"[a-z][A-Za-z]+", str(t)[len(PTCE) :]) for t in properties(ontology))


def test_p25_and_p26_no_property_is_its_own_inverse_and_symmetric_ones_have_none(ontology: Graph) -> None:
    for one, other in ontology.subject_objects(OWL.inverseOf):
        assert one != other
        assert (one, RDF.type, OWL.SymmetricProperty) not in ontology
        assert (other, RDF.type, OWL.SymmetricProperty) not in ontology


def test_p28_symmetric_properties_have_one_class_on_both_sides(ontology: Graph) -> None:
    symmetric = own(ontology, OWL.SymmetricProperty)
    assert {str(t)[len(PTCE) :] for t in symmetric} == {"cooperatesWith", "contradicts"}
    for term in symmetric:
        assert ontology.value(term, RDFS.domain) == ontology.value(term, RDFS.range)


def test_p29_nothing_is_declared_transitive(ontology: Graph) -> None:
    assert list(ontology.subjects(RDF.type, OWL.TransitiveProperty)) == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_p32_no_two_terms_of_one_kind_share_a_label(ontology: Graph, language: str) -> None:
    for kind in (own(ontology, OWL.Class), properties(ontology)):
        labels = [
            str(o).casefold() for t in kind for o in ontology.objects(t, RDFS.label) if o.language == language
        ]
        assert sorted(labels) == sorted(set(labels))


def test_p34_and_p35_every_class_and_property_used_is_declared_with_its_home(ontology: Graph) -> None:
    built_in = (str(RDF), str(RDFS), str(OWL))
    used = {p for p in ontology.predicates() if not str(p).startswith(built_in)}
    used |= {o for o in ontology.objects(None, RDF.type) if not str(o).startswith(built_in)}
    for term in used:
        assert set(ontology.objects(term, RDF.type)) & {OWL.Class, *PROPERTY_KINDS}, term
        assert isinstance(ontology.value(term, RDFS.isDefinedBy), URIRef), term


def test_p36_no_address_ends_in_a_file_extension(ontology: Graph, terms: list[URIRef]) -> None:
    for iri in [IRI, ontology.value(IRI, OWL.versionIRI), *terms]:
        assert not re.search(r"\.(owl|rdf|ttl|n3|xml|html|jsonld)$", str(iri))


def test_p38_and_p41_the_ontology_is_declared_and_licensed(ontology: Graph) -> None:
    assert (IRI, RDF.type, OWL.Ontology) in ontology
    assert (IRI, URIRef("http://purl.org/dc/terms/license"), None) in ontology


def test_p39_the_namespace_is_the_ontology_with_a_hash(terms: list[URIRef]) -> None:
    assert all(str(term).startswith(f"{IRI}#") for term in terms)


def test_p40_nothing_is_said_about_outside_terms_but_their_kind_and_home(ontology: Graph) -> None:
    for subject, predicate, _ in ontology:
        if isinstance(subject, URIRef) and subject.startswith(HOMES):
            assert predicate in (RDF.type, RDFS.isDefinedBy), f"{subject} is redefined by {predicate}"
