"""The Solecopedia graph answers the questions its page can answer, and points into the text without copying it."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

FOLDER = Path(__file__).parents[3] / "data" / "sources" / "solecopedia-ptce"
BASE = "https://example.org/id/"
PREFIXES = """
PREFIX ptce: <https://w3id.org/ptce/ns#>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX sosa: <http://www.w3.org/ns/sosa/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX pav: <http://purl.org/pav/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX schema: <https://schema.org/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX concept: <https://w3id.org/ptce/concept/>
PREFIX evtype: <https://w3id.org/ptce/concept/event-type/>
PREFIX ckind: <https://w3id.org/ptce/concept/claim-kind/>
PREFIX cstatus: <https://w3id.org/ptce/concept/claim-status/>
PREFIX role: <https://w3id.org/ptce/concept/role/>
PREFIX grouping: <https://w3id.org/ptce/concept/grouping-type/>
PREFIX ind: <https://w3id.org/ptce/concept/indicator/>
"""


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = ox.Store()
    store.load(path=FOLDER / "solecopedia-ptce.ttl", format=ox.RdfFormat.TURTLE, base_iri=BASE)
    store.load(
        path=FOLDER / "source.ttl", format=ox.RdfFormat.TURTLE, base_iri=BASE + "source/solecopedia-ptce"
    )
    return store


def text(term: ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple) -> str:
    """A literal's text, or the last part of an IRI."""
    return term.value if isinstance(term, ox.Literal) else str(term.value).rpartition("/")[2]


def solutions(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    return [tuple(text(term) for term in s) for s in store.query(PREFIXES + query, base_iri=BASE)]


QUESTIONS = {
    "S1 which networks founded the initiative": (
        """SELECT ?m WHERE { ?p org:organization <initiative/demarche-ptce> ; org:role role:founding-network ;
           org:member ?m . ?m skos:prefLabel ?n } ORDER BY ?m""",
        [("cncres",), ("coorace",), ("labo-ess",), ("rtes",)],
    ),
    "S2 who joined later": (
        """SELECT ?n WHERE { ?p org:organization <initiative/demarche-ptce> ; org:role role:later-partner ;
           org:member/skos:altLabel ?n }""",
        [("MES",)],
    ),
    "S3 how is a PTCE defined": (
        """SELECT ?s ?e WHERE { ?c ptce:claimKind ckind:definition ; ptce:claimSubject grouping:ptce ;
           dcterms:description ?d ; ptce:evidence/oa:hasSelector ?o . ?o oa:start ?s ; oa:end ?e
           FILTER(lang(?d) = "en") }""",
        [("456", "912")],
    ),
    "S4 how many kinds of actors take part": (
        "SELECT (COUNT(?a) AS ?n) WHERE { ?c ptce:claimKind ckind:definition ; ptce:memberCategory ?a }",
        [("6",)],
    ),
    "S5 what happened from 2009 to 2013": (
        """SELECT ?d WHERE { ?e ptce:startDate ?d ; skos:prefLabel ?l FILTER(lang(?l) = "fr") } ORDER BY STR(?d)""",
        [
            ("2009",),
            ("2009",),
            ("2011-10",),
            ("2012-06-25",),
            ("2013-02-28",),
            ("2013-04-05",),
            ("2013-05",),
        ],
    ),
    "S6 how many responses to the 2011 call, how fast": (
        """SELECT ?n ?t WHERE { ?o ptce:indicator ind:call-responses ; sosa:hasSimpleResult ?n ;
           ptce:collectionDuration ?t }""",
        [("150", "P1M")],
    ),
    "S7 how many witness poles": (
        """SELECT ?n ?p WHERE { ?o sosa:hasFeatureOfInterest/a ptce:Cohort ; sosa:hasSimpleResult ?n ;
           ptce:precision ?p }""",
        [("20", "approximate")],
    ),
    "S8 when was the first national meeting": (
        """SELECT ?d WHERE { ?e ptce:eventType evtype:national-meeting ; ptce:editionNumber 1 ;
           ptce:startDate ?d }""",
        [("2012-06-25",)],
    ),
    "S9 where was the February 2013 seminar": (
        """SELECT ?l WHERE { ?e ptce:startDate "2013-02-28"^^xsd:date ; schema:location/skos:prefLabel ?l }""",
        [("Paris",)],
    ),
    "S10 at which conference were the stakes presented": (
        "SELECT ?n ?d WHERE { ?e ptce:eventType evtype:assises ; ptce:editionNumber ?n ; ptce:startDate ?d }",
        [("4", "2013-04-05")],
    ),
    "S11 who launched the study, with whom": (
        "SELECT ?a ?b ?d WHERE { ?p ptce:commissionedBy ?a ; ptce:supportedBy ?b ; ptce:startDate ?d }",
        [("rtes", "atelier-cooperatif", "2013-05")],
    ),
    "S12 what does ADEPES say, and where": (
        """SELECT ?n ?s ?e WHERE { ?c ptce:claimKind ckind:statement ; prov:wasAttributedTo/skos:altLabel ?n ;
           ptce:evidence/oa:hasSelector [ oa:start ?s ; oa:end ?e ] }""",
        [("ADEPES", "2118", "2274")],
    ),
    "S13 how does it differ from a competitiveness cluster": (
        "SELECT ?x ?y WHERE { ?c a ptce:Comparison ; ptce:commonTrait ?x ; ptce:distinguishingTrait ?y }",
        [("organisation", "purpose")],
    ),
    "S14 which source backs each claim": (
        "SELECT (COUNT(?u) AS ?n) WHERE { ?c ptce:evidence/oa:hasSource/pav:retrievedFrom ?u }",
        [("4",)],
    ),
    "S15 which claims are uncertain": (
        "SELECT ?c WHERE { ?c ptce:claimStatus cstatus:ambiguous }",
        [("government-recognition",)],
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_page_answers_a_question(store: ox.Store, question: str) -> None:
    query, expected = QUESTIONS[question]
    assert solutions(store, query) == expected


def test_who_issued_the_2011_call_is_unknown_to_the_page(store: ox.Store) -> None:
    assert not store.query(PREFIXES + "ASK { <call/aap-labo-2011> ptce:issuedBy ?x }", base_iri=BASE)


def test_positions_are_ordered_and_lie_within_the_text(store: ox.Store) -> None:
    found = solutions(
        store,
        """SELECT ?start ?end ?length WHERE { ?e a oa:SpecificResource ; oa:hasSource ?s ; oa:hasSelector ?o .
           ?o a oa:TextPositionSelector ; oa:start ?start ; oa:end ?end .
           ?s dcterms:extent/<http://www.w3.org/1999/02/22-rdf-syntax-ns#value> ?length }""",
    )
    assert len(found) == 4
    for start, end, length in found:
        assert 0 <= int(start) < int(end) <= int(length)


def test_each_claim_is_described_in_both_languages_and_has_evidence(store: ox.Store) -> None:
    query = """SELECT ?c (GROUP_CONCAT(DISTINCT lang(?d)) AS ?languages) WHERE { ?c ptce:claimStatus ?s ;
               ptce:evidence ?e ; dcterms:description ?d } GROUP BY ?c"""
    found = solutions(store, query)
    assert len(found) == 4
    assert {"".join(sorted(languages.split())) for _, languages in found} == {"enfr"}


def test_the_graph_has_no_blank_node(store: ox.Store) -> None:
    assert not [q for q in store if ox.BlankNode in (type(q.subject), type(q.object))]


def test_the_text_of_the_page_is_not_in_the_project() -> None:
    assert sorted(p.name for p in FOLDER.iterdir()) == ["README.md", "solecopedia-ptce.ttl", "source.ttl"]
