"""The JSON-LD context covers every term, needs nothing from elsewhere, and gives the intended triples in two readers."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, Graph, URIRef
from rdflib.compare import isomorphic
from vocabulary_files import ONTOLOGY, PTCE

CONTEXT: dict[str, Any] = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]

DOCUMENT = {
    "id": "https://data.example.org/id/pole/val-exemple",
    "type": "Pole",
    "prefLabel": {"fr": "PTCE du Val d'Exemple", "en": "Val d'Exemple pole"},
    "sector": ["concept:activity/design", "concept:activity/culture"],
    "supportStructure": {
        "id": "https://data.example.org/id/actor/scic",
        "type": "org:FormalOrganization",
        "legalName": "SCIC",
    },
    "hasStagePeriod": {
        "id": "https://data.example.org/id/stage-period/1",
        "stage": "concept:stage/emerging",
        "startDate": {"@value": "2021-09", "@type": "xsd:gYearMonth"},
    },
    "sortDate": "2021-09-01",
    "objective": {"fr": "Faire ensemble."},
}
EXPECTED = """
@prefix ptce: <https://w3id.org/ptce/ns#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@base <https://data.example.org/id/> .
<pole/val-exemple> a ptce:Pole ; skos:prefLabel "PTCE du Val d'Exemple"@fr , "Val d'Exemple pole"@en ;
  ptce:sector <https://w3id.org/ptce/concept/activity/design> , <https://w3id.org/ptce/concept/activity/culture> ;
  ptce:supportStructure <actor/scic> ; ptce:hasStagePeriod <stage-period/1> ; ptce:sortDate "2021-09-01"^^xsd:date ;
  ptce:objective "Faire ensemble."@fr .
<actor/scic> a org:FormalOrganization ; <http://www.w3.org/ns/legal#legalName> "SCIC" .
<stage-period/1> ptce:stage <https://w3id.org/ptce/concept/stage/emerging> ; ptce:startDate "2021-09"^^xsd:gYearMonth .
"""


def expand(name: str) -> str:
    prefix, _, local = name.partition(":")
    definition = CONTEXT[prefix]
    return (definition["@id"] if isinstance(definition, dict) else definition) + local


def identifier(key: str) -> str:
    definition = CONTEXT[key]
    return expand(definition["@id"] if isinstance(definition, dict) else definition)


def test_the_context_is_of_json_ld_1_1_and_imports_nothing() -> None:
    assert CONTEXT["@version"] == 1.1
    assert "@import" not in CONTEXT
    assert "@context" not in json.dumps(CONTEXT)


def test_every_term_has_its_own_name_in_the_context(terms: list[URIRef]) -> None:
    for term in terms:
        assert identifier(str(term).removeprefix(PTCE)) == str(term)


def test_the_context_names_no_term_that_the_vocabulary_lacks(terms: list[URIRef]) -> None:
    ours = {str(term) for term in terms}
    keys = [k for k, v in CONTEXT.items() if str(v["@id"] if isinstance(v, dict) else v).startswith("ptce:")]
    assert {identifier(key) for key in keys} == ours


def test_object_properties_point_at_resources_and_datatype_properties_do_not(
    ontology: Graph, terms: list[URIRef]
) -> None:
    for term in terms:
        definition = CONTEXT[str(term).removeprefix(PTCE)]
        points = isinstance(definition, dict) and definition.get("@type") == "@id"
        assert points == ((term, RDF.type, OWL.ObjectProperty) in ontology), term


def test_prefixes_are_those_of_the_project() -> None:
    from ptce_lod.namespaces import FIXED_PREFIXES

    for prefix, namespace in FIXED_PREFIXES.items():
        if prefix in CONTEXT and not namespace.startswith("https://w3id.org/ptce/concept/"):
            assert expand(f"{prefix}:") == namespace


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
def test_a_document_gives_the_intended_triples_in_two_readers() -> None:
    text = json.dumps({"@context": CONTEXT, **DOCUMENT})
    expected = Graph().parse(data=EXPECTED, format="turtle")
    assert isomorphic(Graph().parse(data=text, format="json-ld"), expected)
    quads = list(ox.parse(text.encode(), format=ox.RdfFormat.JSON_LD))
    lines = (ox.serialize([q.triple for q in quads], format=ox.RdfFormat.N_TRIPLES) or b"").decode()
    assert isomorphic(Graph().parse(data=lines, format="nt"), expected)
