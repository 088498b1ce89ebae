"""The value schemes: complete, well formed, and the activities agree with their table."""

from __future__ import annotations

import csv
import re

import pytest
from rdflib import DCTERMS, ORG, RDF, SKOS, Graph, Literal, Namespace, URIRef
from vocabulary_files import ONTOLOGY, ROOT

SCHEME = Namespace("https://w3id.org/ptce/scheme/")
CONCEPT = Namespace("https://w3id.org/ptce/concept/")
LICENCE = URIRef("https://creativecommons.org/licenses/by/4.0/")
NAMES = sorted(path.stem for path in (ONTOLOGY / "schemes").glob("*.ttl"))
MAPPINGS = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)

#: Codes that data, mappings and shapes already use. A concept is never deleted, so these lists only grow.
CODES = {
    "grouping-type": "ptce competitiveness-cluster cluster third-place cae",
    "actor-type": "sse-enterprise sse-network sme large-enterprise local-authority local-authority-network research-centre "
    "higher-education training-body state-body natural-person think-tank interested-body network association cooperative mutual "
    "foundation company",
    "sector": "eco-activities employment-pathways sustainable-food culture business-services personal-services energy building "
    "housing mobility digital textile education finance",
    "cooperation-type": "pooling group-purchasing co-production joint-response supply-relation shared-employment joint-rnd "
    "knowledge-sharing co-financing advocacy joint-project partnership shared-premises network-animation joint-study",
    "stage": "idea emerging building consolidating established dormant closed",
    "role": "support-structure animator founding-member founding-network later-partner member associated-person partner funder host "
    "observer researcher supporter",
    "circle": "core initiating-member internal-partner external-partner",
    "recognition-type": "witness-pole call-laureate call-phase-1-laureate call-phase-2-laureate charter-signatory census-listed "
    "regional-support legal-definition government-acknowledgement",
    "resource-type": "premises jobs purchases equipment vehicles skills it funds communication data",
    "event-type": "estates-general national-meeting seminar assises general-assembly study-day signature inauguration creation "
    "publication call-opening call-closing results-announcement legal-act learning-visit anniversary award working-meeting conference "
    "regional-meeting opening programme-launch",
    "call-type": "project-call interest-call experiment-call",
    "project-type": "study animation-programme sector-building training investment",
    "document-type": "reference-framework guide study-report charter specification minutes web-page legal-act",
    "indicator": "fte-jobs jobs turnover budget member-organisations poles active-poles call-responses call-laureates funding "
    "self-financing-rate premises-area cooperative-members laureates-recorded",
    "unit": "count fte eur percent m2",
    "precision": "exact as-reported approximate minimum maximum estimate median",
    "scope": "animation-unit member-organisations pole-overall",
    "claim-kind": "definition statement recognition comparison origin possible-duplicate unqualified-figure",
    "claim-status": "reported quoted ambiguous disputed verified superseded",
    "trait": "organisation purpose governance funding",
    "need": "organisational social economic environmental",
    "outcome": "laureate phase-1-laureate phase-2-laureate not-selected ineligible",
    "governance-mode": "association scic multi-party-agreement informal-collective other-cooperative",
}


def test_every_scheme_of_the_design_has_its_file() -> None:
    assert sorted({*CODES, "activity"}) == NAMES


@pytest.mark.parametrize("name", CODES)
def test_a_scheme_holds_every_code_in_use(schemes: dict[str, Graph], name: str) -> None:
    held = {str(c).rpartition("/")[2] for c in schemes[name].subjects(RDF.type, SKOS.Concept)}
    assert set(CODES[name].split()) - held == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_scheme_says_what_it_is_and_under_which_licence(schemes: dict[str, Graph], name: str) -> None:
    graph = schemes[name]
    assert list(graph.subjects(RDF.type, SKOS.ConceptScheme)) == [SCHEME[name]]
    for predicate in (DCTERMS.title, DCTERMS.description):
        assert sorted(
            o.language for o in graph.objects(SCHEME[name], predicate) if isinstance(o, Literal)
        ) == ["en", "fr"]
    assert graph.value(SCHEME[name], DCTERMS.license) == LICENCE
    assert isinstance(graph.value(SCHEME[name], DCTERMS.creator), URIRef)


@pytest.mark.parametrize("name", NAMES)
def test_a_concept_is_named_defined_coded_and_placed(schemes: dict[str, Graph], name: str) -> None:
    graph = schemes[name]
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        code = str(concept).removeprefix(CONCEPT[f"{name}/"])
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code), concept
        assert [str(o) for o in graph.objects(concept, SKOS.notation)] == [code]
        assert list(graph.objects(concept, SKOS.inScheme)) == [SCHEME[name]]
        for predicate in (SKOS.prefLabel, SKOS.definition):
            assert sorted(
                o.language for o in graph.objects(concept, predicate) if isinstance(o, Literal)
            ) == ["en", "fr"]


@pytest.mark.parametrize("name", NAMES)
def test_top_concepts_are_those_without_a_broader_one_both_ways(schemes: dict[str, Graph], name: str) -> None:
    graph = schemes[name]
    tops = {c for c in graph.subjects(RDF.type, SKOS.Concept) if (c, SKOS.broader, None) not in graph}
    assert tops
    assert set(graph.objects(SCHEME[name], SKOS.hasTopConcept)) == tops
    assert set(graph.subjects(SKOS.topConceptOf, SCHEME[name])) == tops


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_two_concepts_of_a_scheme_share_a_label(
    schemes: dict[str, Graph], name: str, language: str
) -> None:
    labels = [
        str(o).casefold() for o in schemes[name].objects(None, SKOS.prefLabel) if o.language == language
    ]
    assert sorted(labels) == sorted(set(labels))


def test_links_between_our_concepts_reach_existing_ones_and_form_no_circle(concepts: Graph) -> None:
    for predicate in (SKOS.broader, SKOS.related, SKOS.hasTopConcept, *MAPPINGS):
        for subject, object_ in concepts.subject_objects(predicate):
            if str(object_).startswith(str(CONCEPT)):
                assert (object_, RDF.type, SKOS.Concept) in concepts, (subject, object_)
    for concept in set(concepts.subjects(SKOS.broader)):
        above = set(concepts.transitive_objects(concept, SKOS.broader)) - {concept}
        assert all(concept not in set(concepts.objects(higher, SKOS.broader)) for higher in above)


def test_no_concept_is_exactly_and_only_broadly_the_same(concepts: Graph) -> None:
    """SKOS S46: exactMatch is disjoint with broadMatch and relatedMatch."""
    exact = set(concepts.subject_objects(SKOS.exactMatch))
    assert not exact & {
        *concepts.subject_objects(SKOS.broadMatch),
        *concepts.subject_objects(SKOS.relatedMatch),
    }


def test_every_role_is_a_role_of_the_organisation_ontology(schemes: dict[str, Graph]) -> None:
    graph = schemes["role"]
    assert all((c, RDF.type, ORG.Role) in graph for c in graph.subjects(RDF.type, SKOS.Concept))


def test_the_activities_agree_with_the_table(schemes: dict[str, Graph]) -> None:
    graph = schemes["activity"]
    ess = "http://purl.org/essglobal/"
    with (ROOT / "data/sources/sectors/sectors.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    ids = {row["id"] for row in rows}
    assert ids == {str(c).rpartition("/")[2] for c in graph.subjects(RDF.type, SKOS.Concept)}
    for row in rows:
        concept = CONCEPT[f"activity/{row['id']}"]
        labels = {Literal(row["label_fr"], lang="fr"), Literal(row["label_en"], lang="en")}
        assert set(graph.objects(concept, SKOS.prefLabel)) == labels
        broader = {CONCEPT[f"activity/{row['broader']}"]} if row["broader"] else set()
        assert set(graph.objects(concept, SKOS.broader)) == broader
        for column, predicate in (
            ("exact_match_essglobal", SKOS.exactMatch),
            ("close_match_essglobal", SKOS.closeMatch),
        ):
            outside = {str(o) for o in graph.objects(concept, predicate) if str(o).startswith(ess)}
            assert outside == ({row[column]} if row[column] else set()), concept


def test_most_activities_lead_to_a_survey_heading(schemes: dict[str, Graph]) -> None:
    graph = schemes["activity"]
    headings = str(CONCEPT["sector/"])
    linked = {s for p in MAPPINGS for s, o in graph.subject_objects(p) if str(o).startswith(headings)}
    assert len(linked) >= 35
