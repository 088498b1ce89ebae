"""The alignments: every row of the design, no inference from mappings, and the core keeps no stronger axiom."""

from __future__ import annotations

from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef
from vocabulary_files import ONTOLOGY, PTCE

ORG = "http://www.w3.org/ns/org#"
PAIR = "http://virtual-assembly.org/ontologies/pair#"
SCHEMA = "https://schema.org/"
ESS = "http://purl.org/essglobal/vocab/"
M8G = "http://data.europa.eu/m8g/"

CORE = [
    ("Pole", RDFS.subClassOf, ORG + "Organization"),
    ("Participation", RDFS.subClassOf, ORG + "Membership"),
    ("GovernanceBody", RDFS.subClassOf, ORG + "Organization"),
    ("Cooperation", RDFS.subClassOf, "http://www.w3.org/ns/prov#Activity"),
    ("Call", RDFS.subClassOf, "http://www.w3.org/ns/prov#Activity"),
    ("Territory", RDFS.subClassOf, "http://purl.org/dc/terms/Location"),
    ("Territory", RDFS.subClassOf, "http://www.opengis.net/ont/geosparql#Feature"),
    ("Event", RDFS.subClassOf, SCHEMA + "Event"),
    ("IndicatorObservation", RDFS.subClassOf, "http://www.w3.org/ns/sosa/Observation"),
    ("Source", RDFS.subClassOf, "http://www.w3.org/ns/prov#Entity"),
    ("Source", RDFS.subClassOf, "http://xmlns.com/foaf/0.1/Document"),
    ("cooperatesWith", RDFS.subPropertyOf, ORG + "linkedTo"),
    ("territory", RDFS.subPropertyOf, "http://purl.org/dc/terms/spatial"),
]
APART = [
    ("Pole", RDFS.seeAlso, ORG + "OrganizationalCollaboration"),
    ("Pole", SKOS.closeMatch, ESS + "Network"),
    ("Pole", SKOS.closeMatch, PAIR + "Ecosystem"),
    ("Pole", SKOS.closeMatch, PAIR + "Group"),
    ("Pole", SKOS.closeMatch, SCHEMA + "Consortium"),
    ("Initiative", SKOS.relatedMatch, PAIR + "Project"),
    ("Initiative", SKOS.relatedMatch, SCHEMA + "Project"),
    ("Participation", SKOS.closeMatch, PAIR + "MembershipAssociation"),
    ("Participation", SKOS.closeMatch, M8G + "Participation"),
    ("Participation", SKOS.closeMatch, SCHEMA + "Role"),
    ("cooperatesWith", SKOS.closeMatch, PAIR + "partnerOf"),
    ("territory", SKOS.closeMatch, SCHEMA + "areaServed"),
    ("sector", SKOS.closeMatch, ESS + "economicSector"),
    ("sector", SKOS.closeMatch, PAIR + "hasSector"),
    ("sector", SKOS.relatedMatch, "http://www.w3.org/ns/legal#companyActivity"),
    ("Event", SKOS.closeMatch, PAIR + "Event"),
    ("Event", SKOS.closeMatch, M8G + "Event"),
    ("Call", SKOS.relatedMatch, SCHEMA + "FundingScheme"),
    ("IndicatorObservation", SKOS.closeMatch, SCHEMA + "Observation"),
    ("IndicatorObservation", SKOS.closeMatch, "http://purl.org/linked-data/cube#Observation"),
    ("PooledResource", SKOS.closeMatch, PAIR + "Resource"),
    ("Claim", SKOS.closeMatch, SCHEMA + "Claim"),
    ("Source", SKOS.closeMatch, "http://www.w3.org/ns/dcat#Resource"),
]


def missing(graph: Graph, rows: list[tuple[str, URIRef, str]]) -> list[tuple[str, URIRef, str]]:
    return [(s, p, o) for s, p, o in rows if (URIRef(PTCE + s), p, URIRef(o)) not in graph]


def test_the_core_holds_the_links_that_reasoners_may_follow(ontology: Graph) -> None:
    assert missing(ontology, CORE) == []


def test_the_alignments_hold_every_other_link_of_the_design(alignments: Graph) -> None:
    assert missing(alignments, APART) == []


def test_every_aligned_term_is_ours(alignments: Graph, terms: list[URIRef]) -> None:
    ours = {s for s in alignments.subjects() if str(s).startswith(PTCE)}
    assert ours <= set(terms)


def test_the_alignments_bring_no_class_or_property_axiom(alignments: Graph) -> None:
    axioms = {
        RDFS.subClassOf,
        RDFS.subPropertyOf,
        RDFS.domain,
        RDFS.range,
        OWL.equivalentClass,
        OWL.equivalentProperty,
        OWL.sameAs,
    }
    assert not axioms & set(alignments.predicates())
    assert (SKOS.closeMatch, RDF.type, OWL.AnnotationProperty) in alignments


def test_the_header_says_that_mappings_between_classes_are_annotations_and_what_is_not_mapped() -> None:
    text = (ONTOLOGY / "ptce-alignments.ttl").read_text(encoding="utf-8")
    assert "used here as annotations" in text
    assert text.count("# Not ") + text.count("Nothing is mapped") >= 5


def test_only_the_strict_module_makes_a_pole_a_collaboration(ontology: Graph, alignments: Graph) -> None:
    axiom = (URIRef(PTCE + "Pole"), RDFS.subClassOf, URIRef(ORG + "OrganizationalCollaboration"))
    assert axiom not in ontology + alignments
    assert axiom in Graph().parse(ONTOLOGY / "ptce-align-org-strict.ttl")
