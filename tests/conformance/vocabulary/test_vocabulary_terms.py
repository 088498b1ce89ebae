"""Each class and property says what it is, in both languages, where it comes from and who defines it (FOOPS VOC3 and VOC4, LOV, P08)."""

from __future__ import annotations

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef
from vocabulary_files import ONTOLOGY, PTCE, own_terms

VS = Namespace("http://www.w3.org/2003/06/sw-vocab-status/ns#")
TERMS = list(own_terms(Graph().parse(ONTOLOGY / "ptce.ttl")))

CLASSES = """
Pole Initiative Participation Cooperation Territory StagePeriod Call Application Recognition
GovernanceBody PooledResource IndicatorObservation Event Project Cohort Claim Comparison Source
"""
PROPERTIES = """
supportStructure supports territory sector need hasStagePeriod stageOf governanceMode coversUnit stage
circle college party cooperationType withinPole cooperationOutput cooperatesWith callType issuedBy
legalBasis specification forPole applicant toCall outcome recognises recognitionType grantedBy underCall
amount promotes resourceType pooledIn contributedBy usedBy locatedAt indicator scope unit precision
eventType projectType relatesTo involves participantCategory commissionedBy supportedBy expectedOutput
output selectionContext contributedTo claimKind claimSubject claimObject claimStatus evidence contradicts
memberCategory compares commonTrait distinguishingTrait actorType documentType startDate endDate
referencePeriod collectionDuration editionNumber objective sortDate
"""


def test_the_vocabulary_has_the_classes_and_properties_of_its_design() -> None:
    """A term that is withdrawn stays, marked as deprecated: so this list only grows."""
    assert {str(term).removeprefix(PTCE) for term in TERMS} >= set((CLASSES + PROPERTIES).split())


@pytest.fixture(params=TERMS, ids=[str(term).removeprefix(PTCE) for term in TERMS])
def term(request: pytest.FixtureRequest) -> URIRef:
    return request.param


@pytest.mark.parametrize(
    "predicate", [RDFS.label, RDFS.comment, SKOS.example], ids=["label", "comment", "example"]
)
def test_a_term_has_the_text_once_in_french_and_once_in_english(
    ontology: Graph, term: URIRef, predicate: URIRef
) -> None:
    assert sorted(o.language for o in ontology.objects(term, predicate) if isinstance(o, Literal)) == [
        "en",
        "fr",
    ]


def test_a_comment_says_more_than_the_label(ontology: Graph, term: URIRef) -> None:
    labels = {str(o).casefold() for o in ontology.objects(term, RDFS.label)}
    for comment in ontology.objects(term, RDFS.comment):
        assert str(comment).rstrip(".").casefold() not in labels
        assert str(comment).endswith((".", "…"))


def test_a_term_names_its_source_definition_and_status(ontology: Graph, term: URIRef) -> None:
    sources = list(ontology.objects(term, DCTERMS.source))
    assert sources
    assert all(isinstance(source, URIRef) for source in sources)
    assert list(ontology.objects(term, RDFS.isDefinedBy)) == [URIRef("https://w3id.org/ptce/ns")]
    assert str(ontology.value(term, VS.term_status)) in {"unstable", "testing", "stable", "archaic"}


def test_a_deprecated_term_names_its_successor(ontology: Graph, term: URIRef) -> None:
    if (term, OWL.deprecated, Literal(True)) in ontology:
        assert (term, DCTERMS.isReplacedBy, None) in ontology
        assert str(ontology.value(term, VS.term_status)) == "archaic"


def test_the_declared_datatypes_are_described_too(ontology: Graph) -> None:
    datatypes = [t for t in ontology.subjects(RDF.type, RDFS.Datatype) if isinstance(t, URIRef)]
    assert {str(t).rpartition("/")[2] for t in datatypes} == {"partial-date", "siren", "siret"}
    for datatype in datatypes:
        assert len(list(ontology.objects(datatype, RDFS.label))) == 2
