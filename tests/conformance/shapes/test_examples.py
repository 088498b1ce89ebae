"""Every conforming example conforms; every bad example breaks the shape it is named after and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from rdflib import RDF
from rdflib.namespace import SH

from ptce_lod.namespaces import PTCE
from ptce_lod.namespaces import SHAPES as SHAPES_NAMESPACE
from ptce_lod.validate.integrity import integrity_results
from ptce_lod.validate.report import ValidationResult
from ptce_lod.validate.shacl import Validator

from .conftest import EXAMPLES, SHAPES, VOCABULARY

BASE = "https://example.org/ptce/"
OK = sorted((EXAMPLES / "ok").glob("*.ttl"))
BAD = sorted((EXAMPLES / "bad").glob("*.ttl"))
#: Rules that need the bytes of a snapshot: proved in tests/unit/validate/test_integrity.py.
NEED_SNAPSHOT = {"Integrity-snapshotHash", "Integrity-evidenceOffset"}
TERM_SHAPES = ("OntologyShape", "TermShape", "ConceptShape", "SchemeShape")


def layer_of(stem: str) -> str:
    if stem.startswith(TERM_SHAPES) or stem == "vocabulary":
        return "vocabulary"
    return "state-call" if stem.startswith(("StateCall", "state-call")) else "default"


def parsed(path: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(path)


def renamed(path: Path) -> rdflib.Graph:
    """The example with IRIs of its own, so that many examples fit in one graph without touching each other."""
    text = path.read_text(encoding="utf-8")
    for host in ("https://example.org/ptce/", "https://www.example.org/"):
        text = text.replace(host, f"https://{path.stem.lower()}.example.org/")
    return rdflib.Graph().parse(data=text, format="turtle")


def broken_shapes(paths: list[Path], validator: Validator) -> dict[str, set[str]]:
    """Validate all files at once; return file → names of the shapes its nodes break."""
    graphs = {path.stem: renamed(path) for path in paths}
    together = rdflib.Graph()
    for graph in graphs.values():
        together += graph
    results = [*validator.validate(together).results, *integrity_results(together)]
    found: dict[str, set[str]] = {stem: set() for stem in graphs}
    for result in results:
        for stem in owners(graphs, result):
            found[stem].add(result.shape_name)
    return found


def owners(graphs: dict[str, rdflib.Graph], result: ValidationResult) -> list[str]:
    node = result.focus_node
    described = [stem for stem, graph in graphs.items() if (node, None, None) in graph]
    return described or [stem for stem, graph in graphs.items() if (None, None, node) in graph]


@pytest.mark.parametrize("path", OK, ids=lambda path: path.stem)
def test_a_conforming_example_gives_no_result_at_all(path: Path, validators: dict[str, Validator]) -> None:
    graph = parsed(path)
    report = validators[layer_of(path.stem)].validate(graph).merged(integrity_results(graph))
    assert report.results == ()


def test_conforming_examples_together_have_no_dangling_reference() -> None:
    together = rdflib.Graph()
    for path in OK:
        together += parsed(path)
    assert integrity_results(together, base_iri=BASE) == []


def test_conforming_examples_cover_every_class_of_the_vocabulary() -> None:
    used = {kind for path in OK for kind in parsed(path).objects(None, RDF.type)}
    ontology = parsed(VOCABULARY[0])
    classes = {c for c in ontology.subjects(RDF.type, rdflib.OWL.Class) if str(c).startswith(PTCE)}
    assert len(classes) >= 18
    assert classes <= used


@pytest.mark.parametrize("layer", ["default", "state-call", "vocabulary"])
def test_each_bad_example_breaks_exactly_the_shape_it_is_named_after(
    layer: str, validators: dict[str, Validator]
) -> None:
    paths = [
        path for path in BAD if layer_of(path.stem) == layer and path.stem != "Integrity-danglingReference"
    ]
    assert paths
    found = broken_shapes(paths, validators[layer])
    assert {stem: shapes for stem, shapes in found.items() if shapes != {stem}} == {}


@pytest.mark.parametrize(
    "stem", ["PoleShape-type", "HomepageShape-shared", "ConceptShape-exactMatch", "InseeIriShape"]
)
def test_a_bad_example_alone_breaks_the_same_shape(stem: str, validators: dict[str, Validator]) -> None:
    report = validators[layer_of(stem)].validate(parsed(EXAMPLES / "bad" / f"{stem}.ttl"))
    assert {result.shape_name for result in report.results} == {stem}


def test_the_example_of_a_dangling_reference_breaks_that_rule_only() -> None:
    graph = parsed(EXAMPLES / "bad" / "Integrity-danglingReference.ttl")
    found = {result.shape_name for result in integrity_results(graph, base_iri=BASE)}
    assert found == {"Integrity-danglingReference"}


def test_every_shape_that_can_be_reported_has_a_bad_example(shapes_graph: rdflib.Graph) -> None:
    expected = reportable(shapes_graph) - NEED_SNAPSHOT
    assert expected == {path.stem for path in BAD}


def reportable(graph: rdflib.Graph) -> set[str]:
    """Local names of property shapes of targeted node shapes, of node shapes with constraints, and of integrity rules."""
    targets = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
    targeted = {node for predicate in targets for node in graph.subjects(predicate)}
    found = {shape for node in targeted for shape in graph.objects(node, SH.property)}
    own = (SH["or"], SH["not"], SH.xone, SH["and"], SH.sparql, SH.node)
    found |= {node for node in targeted for predicate in own if (node, predicate, None) in graph}
    found |= set(graph.subjects(SH.deactivated, rdflib.Literal(True)))
    return {str(shape).removeprefix(SHAPES_NAMESPACE) for shape in found}


def test_ontology_and_schemes_keep_the_shapes_of_terms(validators: dict[str, Validator]) -> None:
    vocabulary = rdflib.Graph()
    for path in VOCABULARY:
        vocabulary.parse(path)
    report = validators["vocabulary"].validate(vocabulary).merged(integrity_results(vocabulary))
    assert report.results == (), report.to_text("en")


def test_a_warning_alone_still_conforms(validators: dict[str, Validator]) -> None:
    report = validators["default"].validate(parsed(EXAMPLES / "bad" / "PoleShape-territory.ttl"))
    assert report.counts() == {"violations": 0, "warnings": 1, "infos": 0}
    assert report.conforms


def test_every_bad_example_says_in_both_languages_what_is_wrong() -> None:
    for path in BAD:
        first, second = path.read_text(encoding="utf-8").splitlines()[:2]
        assert first.startswith(f"# Faux exprès ({path.stem}) : "), path.name
        assert second.startswith(f"# Wrong on purpose ({path.stem}): "), path.name


def test_no_shapes_file_is_left_out_of_every_layer(validators: dict[str, Validator]) -> None:
    loaded = {name for validator in validators.values() for name in validator.layers}
    assert {path.name for path in SHAPES.glob("*.ttl")} == loaded | {"shapes-integrity.ttl"}
