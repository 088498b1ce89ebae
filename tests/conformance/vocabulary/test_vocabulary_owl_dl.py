"""Ontology, alignments and strict module are in the OWL 2 DL profile, and the check sees what is not."""

from __future__ import annotations

import pytest
from rdflib import Graph
from vocabulary_dl import Profile
from vocabulary_files import ONTOLOGY

PREFIXES = """
@prefix : <https://example.org/ns#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://example.org/ns> a owl:Ontology . :A a owl:Class . :B a owl:Class . :p a owl:ObjectProperty . :d a owl:DatatypeProperty .
"""


@pytest.mark.parametrize("name", ["ptce.ttl", "ptce-alignments.ttl", "ptce-align-org-strict.ttl"])
def test_a_file_is_in_the_profile(name: str) -> None:
    assert list(Profile(Graph().parse(ONTOLOGY / name)).problems()) == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (":p a owl:DatatypeProperty .", "is declared as"),
        (":A a rdfs:Datatype .", "is declared as"),
        (":A a owl:ObjectProperty .", "a class and a property"),
        ("xsd:date a rdfs:Datatype .", "reserved and declared"),
        (":d rdfs:range xsd:date .", "no datatype of the OWL 2 map"),
        (":d rdfs:range :A .", "no datatype of the OWL 2 map"),
        (":p rdfs:range xsd:string .", "no class"),
        (":p rdfs:domain :Unknown .", "no class"),
        (":A rdfs:subClassOf :Unknown .", "not two classes"),
        (":p rdfs:subPropertyOf :d .", "not two properties of one kind"),
        (":p owl:inverseOf :d .", "not two object properties"),
        (":d a owl:SymmetricProperty .", "symmetric but no object property"),
        (":p rdfs:domain [ a owl:Class ; owl:unionOf ( :A ) ] .", "no class"),
        (":p rdfs:domain [ owl:unionOf ( :A :B ) ] .", "no class"),
        ("[] a owl:AllDisjointClasses ; owl:members ( :A :A ) .", "does not list"),
        (":A owl:hasKey ( :d ) .", "undeclared property"),
        (":A :note 'x' .", "undeclared property"),
        (":i a owl:NamedIndividual , :A ; :p 'text' .", "literal and resource confused"),
        (":i a :Unknown .", "undeclared type"),
        ("<https://example.org/2> a owl:Ontology .", "one named ontology"),
        (
            ":A rdfs:subClassOf _:x . :B rdfs:subClassOf _:x . _:x a owl:Class ; owl:unionOf ( :A :B ) .",
            "more than once",
        ),
    ],
)
def test_the_check_sees_what_is_outside_the_profile(data: str, expected: str) -> None:
    problems = list(Profile(Graph().parse(data=PREFIXES + data, format="turtle")).problems())
    assert any(expected in problem for problem in problems), problems


def test_the_check_accepts_what_is_inside_the_profile() -> None:
    data = ":p rdfs:domain [ a owl:Class ; owl:unionOf ( :A :B ) ] ; rdfs:range :A . :d rdfs:range xsd:integer . :A rdfs:label 'a' ."
    assert list(Profile(Graph().parse(data=PREFIXES + data, format="turtle")).problems()) == []
