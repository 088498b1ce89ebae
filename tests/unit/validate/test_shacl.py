"""The validator: what it reads, what it drops, how it fails."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from rdflib import RDF, BNode, URIRef

from ptce_lod.errors import ValidationFailure
from ptce_lod.validate.report import Severity
from ptce_lod.validate.shacl import Validator, path_sparql, path_turtle

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <https://example.org/ns#> .
@prefix ptcesh: <https://w3id.org/ptce/shapes#> .
ptcesh:ThingShape a sh:NodeShape ; sh:targetClass ex:Thing ; sh:property ptcesh:ThingShape-name .
ptcesh:ThingShape-name a sh:PropertyShape ; sh:path ex:name ; sh:minCount 1 ; sh:severity sh:Warning ;
  sh:name "nom"@fr , "name"@en ; sh:message "Nom absent."@fr , "No name."@en .
"""
ONTOLOGY = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ex: <https://example.org/ns#> .
ex:Special rdfs:subClassOf ex:Thing .
<https://example.org/vocabulary-thing> a ex:Thing .
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shapes-core.ttl").write_text(SHAPES, encoding="utf-8")
    (tmp_path / "ontology.ttl").write_text(ONTOLOGY, encoding="utf-8")
    return tmp_path


@pytest.fixture
def validator(folder: Path) -> Validator:
    return Validator(folder, [folder / "ontology.ttl"], ["shapes-core.ttl"])


def data(turtle: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data="@prefix ex: <https://example.org/ns#> .\n" + turtle, format="turtle")


def test_a_result_carries_the_shape_its_texts_and_its_severity(validator: Validator) -> None:
    (result,) = validator.validate(data("ex:one a ex:Thing .")).results
    assert str(result.focus_node) == "https://example.org/ns#one"
    assert result.shape_name == "ThingShape-name"
    assert result.severity is Severity.WARNING
    assert result.messages == (("en", "No name."), ("fr", "Nom absent."))
    assert result.names == (("en", "name"), ("fr", "nom"))
    assert result.path == "<https://example.org/ns#name>"
    assert result.constraint_component.endswith("#MinCountConstraintComponent")


def test_subclasses_of_the_vocabulary_are_known(validator: Validator) -> None:
    assert len(validator.validate(data("ex:two a ex:Special .")).results) == 1


def test_things_of_the_vocabulary_are_not_judged_with_the_data(validator: Validator) -> None:
    assert validator.validate(data('ex:one a ex:Thing ; ex:name "x" .')).results == ()


def test_the_data_graph_stays_as_it_was(validator: Validator) -> None:
    graph = data("ex:one a ex:Thing .")
    before = set(graph)
    validator.validate(graph)
    assert set(graph) == before


def test_one_validator_serves_many_graphs_without_memory_of_the_last(validator: Validator) -> None:
    assert len(validator.validate(data("ex:one a ex:Thing .")).results) == 1
    assert validator.validate(data('ex:two a ex:Thing ; ex:name "x" .')).results == ()
    assert len(validator.validate(data("ex:three a ex:Thing .")).results) == 1


def test_an_empty_graph_conforms(validator: Validator) -> None:
    assert validator.validate(rdflib.Graph()).conforms


def test_an_iri_that_is_none_does_not_stop_the_validator(validator: Validator) -> None:
    graph = data("ex:one a ex:Thing .")
    graph.add((URIRef("https://example.org/a b"), RDF.type, URIRef("https://example.org/ns#Thing")))
    assert [str(r.focus_node) for r in validator.validate(graph).results] == ["https://example.org/ns#one"]


def test_a_missing_layer_is_a_failure_with_a_suggestion(folder: Path) -> None:
    with pytest.raises(ValidationFailure, match="no such layer") as caught:
        Validator(folder, [], ["shapes-cor.ttl"])
    assert caught.value.hint == "did you mean shapes-core.ttl?"


def test_a_file_that_is_no_turtle_is_a_failure_that_names_it(folder: Path) -> None:
    (folder / "shapes-core.ttl").write_text("not turtle", encoding="utf-8")
    with pytest.raises(ValidationFailure, match=r"shapes-core\.ttl: cannot be read as Turtle"):
        Validator(folder, [], ["shapes-core.ttl"])


def test_a_missing_ontology_is_a_failure(folder: Path) -> None:
    with pytest.raises(ValidationFailure, match=r"absent\.ttl"):
        Validator(folder, [folder / "absent.ttl"], ["shapes-core.ttl"])


def test_ill_formed_shapes_are_a_failure_not_a_violation(folder: Path) -> None:
    broken = SHAPES.replace("sh:minCount 1", 'sh:minCount "many"')
    (folder / "shapes-core.ttl").write_text(broken, encoding="utf-8")
    validator = Validator(folder, [], ["shapes-core.ttl"])
    with pytest.raises(ValidationFailure, match="could not conclude"):
        validator.validate(data("ex:one a ex:Thing ."))


def paths() -> rdflib.Graph:
    return rdflib.Graph().parse(
        data="""
        @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix org: <http://www.w3.org/ns/org#> .
        <x:inverse> <x:path> [ sh:inversePath foaf:homepage ] .
        <x:either> <x:path> [ sh:alternativePath ( foaf:name [ sh:inversePath org:member ] ) ] .
        <x:steps> <x:path> ( org:member foaf:name ) .
        <x:many> <x:path> [ sh:zeroOrMorePath org:hasMember ] .
        <x:plain> <x:path> foaf:name .""",
        format="turtle",
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plain", "foaf:name"),
        ("inverse", "^foaf:homepage"),
        ("either", "(foaf:name|^org:member)"),
        ("steps", "org:member/foaf:name"),
        ("many", "org:hasMember*"),
    ],
)
def test_a_path_is_shown_as_a_sparql_path(name: str, expected: str) -> None:
    graph = paths()
    path = graph.value(URIRef(f"x:{name}"), URIRef("x:path"))
    assert path is not None
    assert path_sparql(graph, path) == expected


@pytest.mark.parametrize("name", ["plain", "inverse", "either", "steps", "many"])
def test_a_path_written_in_turtle_reads_back_as_the_same_path(name: str) -> None:
    graph = paths()
    path = graph.value(URIRef(f"x:{name}"), URIRef("x:path"))
    assert path is not None
    again = rdflib.Graph().parse(data=f"<x:s> <x:path> {path_turtle(graph, path)} .", format="turtle")
    copy = again.value(URIRef("x:s"), URIRef("x:path"))
    assert copy is not None
    assert path_sparql(again, copy) == path_sparql(graph, path)


def test_an_ill_formed_path_is_a_failure() -> None:
    graph = rdflib.Graph()
    with pytest.raises(ValidationFailure, match="ill-formed path"):
        path_sparql(graph, BNode())
