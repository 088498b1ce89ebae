"""The report: counts, order, texts in two languages, RDF that stays the same."""

from __future__ import annotations

import json

import rdflib
from rdflib import RDF, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import SH

from ptce_lod.namespaces import SHAPES
from ptce_lod.validate.report import (
    Severity,
    ValidationReport,
    ValidationResult,
    in_language,
    shortened,
    term_text,
    texts,
)

POLE = URIRef("https://example.org/ptce/id/pole/val-exemple")


def result(
    name: str = "PoleShape-territory", severity: Severity = Severity.WARNING, **changes: object
) -> ValidationResult:
    values: dict[str, object] = {
        "focus_node": POLE,
        "source_shape": SHAPES + name,
        "severity": severity,
        "constraint_component": str(SH.MinCountConstraintComponent),
        "messages": texts({"fr": "Le territoire manque. L'ajouter.", "en": "No territory. Add one."}),
        "path": "<https://w3id.org/ptce/ns#territory>",
        "path_text": "ptce:territory",
        "names": texts({"fr": "territoire", "en": "territory"}),
        "descriptions": texts({"fr": "Où le pôle agit.", "en": "Where the pole acts."}),
    }
    return ValidationResult(**{**values, **changes})  # type: ignore[arg-type]


VIOLATION = result("PoleShape-prefLabel", Severity.VIOLATION, value_node=Literal('Pôle\n"A"\\', lang="fr"))
INFO = result("PoleShape-hasStagePeriod", Severity.INFO, path="", path_text="")


def test_only_a_violation_makes_data_not_conform() -> None:
    assert ValidationReport((result(), INFO)).conforms
    assert not ValidationReport((result(), VIOLATION)).conforms
    assert ValidationReport().conforms


def test_counts_name_every_severity() -> None:
    report = ValidationReport((result(), VIOLATION, INFO))
    assert report.counts() == {"violations": 1, "warnings": 1, "infos": 1}


def test_results_are_sorted_worst_first_and_kept_once() -> None:
    report = ValidationReport((INFO, result(), VIOLATION, result()))
    assert [r.severity for r in report.results] == [Severity.VIOLATION, Severity.WARNING, Severity.INFO]


def test_the_order_of_results_does_not_change_the_bytes() -> None:
    one, other = ValidationReport((INFO, VIOLATION, result())), ValidationReport((result(), INFO, VIOLATION))
    assert one.to_turtle() == other.to_turtle()
    assert one.to_text("fr") == other.to_text("fr")


def test_merging_adds_results_and_leaves_the_first_report_alone() -> None:
    report = ValidationReport((result(),))
    assert report.merged([VIOLATION]).counts()["violations"] == 1
    assert report.conforms


def test_the_text_says_where_which_shape_what_was_expected_and_how_to_mend() -> None:
    text = ValidationReport((result(),)).to_text("en")
    for part in (
        "Warning (1): territory [PoleShape-territory]",
        "expected: Where the pole acts.",
        "what to do: No territory. Add one.",
        str(POLE),
        "ptce:territory",
    ):
        assert part in text


def test_the_text_speaks_french_to_a_french_reader() -> None:
    text = ValidationReport((result(), VIOLATION)).to_text("fr")
    for part in (
        "Avertissement (1): territoire",
        "attendu: Où le pôle agit.",
        "que faire: Le territoire manque.",
        'valeur: "Pôle',
    ):
        assert part in text
    assert "Add one" not in text


def test_an_empty_report_says_so_in_both_languages() -> None:
    assert ValidationReport().to_text("fr") == "Aucun résultat : les données respectent les formes."
    assert ValidationReport().to_text("en") == "No result: the data conform."


def test_a_missing_language_falls_back_to_english_then_to_any() -> None:
    assert in_language(texts({"fr": "oui", "en": "yes"}), "de") == "yes"
    assert in_language(texts({"fr": "oui"}), "en") == "oui"
    assert in_language((), "fr") == ""


def test_the_graph_is_a_shacl_validation_report() -> None:
    graph = ValidationReport((VIOLATION, result())).to_graph()
    (node,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(node, SH.conforms) == Literal(False)
    (found,) = graph.subjects(SH.sourceShape, URIRef(SHAPES + "PoleShape-prefLabel"))
    assert graph.value(found, SH.focusNode) == POLE
    assert graph.value(found, SH.resultSeverity) == SH.Violation
    assert graph.value(found, SH.value) == Literal('Pôle\n"A"\\', lang="fr")
    assert graph.value(found, SH.resultPath) == URIRef("https://w3id.org/ptce/ns#territory")
    assert len(list(graph.objects(found, SH.resultMessage))) == 2


def test_a_complex_path_survives_in_the_graph() -> None:
    path = "[ <http://www.w3.org/ns/shacl#inversePath> <http://xmlns.com/foaf/0.1/homepage> ]"
    graph = ValidationReport((result(path=path),)).to_graph()
    expected = rdflib.Graph().parse(data=f"<x:s> <x:p> {path} .", format="turtle")
    node = graph.value(None, SH.inversePath, URIRef("http://xmlns.com/foaf/0.1/homepage"))
    assert node is not None
    assert len(expected) == 2
    assert graph.value(None, SH.resultPath, node) is not None


def test_an_empty_report_is_a_graph_too() -> None:
    assert isomorphic(
        ValidationReport().to_graph(),
        rdflib.Graph().parse(
            data="@prefix sh: <http://www.w3.org/ns/shacl#> . [] a sh:ValidationReport ; sh:conforms true ."
        ),
    )


def test_a_broken_iri_does_not_break_the_report() -> None:
    broken = result(focus_node=URIRef("https://example.org/a> <b"), value_node=URIRef("x y"))
    report = ValidationReport((broken,))
    assert len(report.to_graph()) > 5
    assert b"a%3E%20%3Cb" in report.to_turtle()


def test_json_holds_plain_values() -> None:
    document = json.loads(json.dumps(ValidationReport((VIOLATION,)).to_json()))
    assert document["conforms"] is False
    assert document["counts"]["violations"] == 1
    (item,) = document["results"]
    assert item["focusNode"] == str(POLE)
    assert item["resultMessage"]["fr"].startswith("Le territoire")


def test_terms_are_written_for_readers() -> None:
    assert term_text(POLE) == str(POLE)
    assert term_text(Literal("x", lang="fr")) == '"x"@fr'
    assert term_text(Literal("1", datatype=rdflib.XSD.integer)) == '"1"^^xsd:integer'
    assert shortened("http://www.w3.org/ns/org#member") == "org:member"
    assert shortened("https://nowhere.example/x") == "<https://nowhere.example/x>"
