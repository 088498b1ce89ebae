"""Each integrity rule with graphs that break it and graphs that do not."""

from __future__ import annotations

import hashlib

import pytest
import rdflib
from rdflib import BNode, Literal, URIRef

from ptce_lod.validate.integrity import has_valid_check_digit, integrity_results
from ptce_lod.validate.report import Severity

BASE = "https://example.org/ptce/"
PREFIXES = """
@base <https://example.org/ptce/id/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ident: <https://w3id.org/ptce/datatype/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix ptce: <https://w3id.org/ptce/ns#> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def graph(turtle: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=PREFIXES + turtle, format="turtle")


def broken(turtle: str, **options: object) -> list[str]:
    results = integrity_results(graph(turtle), **options)  # type: ignore[arg-type]
    return [result.shape_name.removeprefix("Integrity-") for result in results]


@pytest.mark.parametrize("number", ["732829320", "73282932000074", "35600000000048", "35600000009075"])
def test_a_right_number_has_a_valid_check_digit(number: str) -> None:
    assert has_valid_check_digit(number)


@pytest.mark.parametrize("number", ["732829321", "723829320", "73282932000075", "35600000009076"])
def test_a_wrong_or_swapped_digit_is_seen(number: str) -> None:
    assert not has_valid_check_digit(number)


def test_a_siren_with_a_wrong_check_digit_is_reported() -> None:
    assert broken('<actor/a> org:identifier "732829321"^^ident:siren .') == ["checkDigit"]


@pytest.mark.parametrize(
    "value", ['"732829320"^^ident:siren', '"73282932000074"^^ident:siret', '"732829321"', '"12"^^ident:siren']
)
def test_other_identifiers_and_forms_are_left_to_the_shapes(value: str) -> None:
    assert broken(f"<actor/a> org:identifier {value} .") == []


@pytest.mark.parametrize("text", ["31/02/2014", "2014-02-30", "2014-2-28", "14-02-28", ""])
def test_a_date_that_is_none_is_reported(text: str) -> None:
    assert broken(f'<document/d> dcterms:modified "{text}"^^xsd:date .') == ["illTypedLiteral"]


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("2014-13", "gYearMonth"),
        ("14", "gYear"),
        ("1,5", "decimal"),
        ("0", "positiveInteger"),
        ("-1", "nonNegativeInteger"),
        ("P", "duration"),
        ("oui", "boolean"),
        ("xyz", "hexBinary"),
        ("2026-11-22T25:00:00Z", "dateTime"),
    ],
)
def test_a_literal_outside_its_lexical_space_is_reported(text: str, datatype: str) -> None:
    assert broken(f'<document/d> dcterms:extent "{text}"^^xsd:{datatype} .') == ["illTypedLiteral"]


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("2014-02-28", "date"),
        ("2014-02", "gYearMonth"),
        ("2014", "gYear"),
        ("1.5", "decimal"),
        ("4", "positiveInteger"),
        ("0", "nonNegativeInteger"),
        ("P1M", "duration"),
        ("PT1H30M", "duration"),
        ("true", "boolean"),
        ("0aff", "hexBinary"),
        ("2026-11-22T00:00:00Z", "dateTime"),
        ("01234", "token"),
        ("anything", "anyURI"),
    ],
)
def test_a_well_typed_literal_is_accepted(text: str, datatype: str) -> None:
    assert broken(f'<document/d> dcterms:extent "{text}"^^xsd:{datatype} .') == []


@pytest.mark.parametrize("tag", ["fr", "FR", "fr-CA", "zh-Hant-TW", "de-1996", "x-ptce", "fr-x-ess"])
def test_language_tags_of_bcp_47_are_accepted(tag: str) -> None:
    assert broken(f'<document/d> dcterms:title "x"@{tag} .') == []


@pytest.mark.parametrize("tag", ["f", "fr-1", "fr-a", "fr-fr-fr-fr-fr"])
def test_an_ill_formed_language_tag_is_reported(tag: str) -> None:
    assert broken(f'<document/d> dcterms:title "x"@{tag} .') == ["languageTag"]


@pytest.mark.parametrize(
    "iri", ["https://example.org/a b", "https://example.org/<", 'https://example.org/"', "page", "/id/pole/x"]
)
def test_an_iri_that_is_none_is_reported_wherever_it_stands(iri: str) -> None:
    good, property_ = URIRef("https://example.org/good"), URIRef("http://purl.org/dc/terms/relation")
    for triple in ((URIRef(iri), property_, good), (good, URIRef(iri), good), (good, property_, URIRef(iri))):
        data = rdflib.Graph()
        data.add(triple)
        assert [result.shape_name for result in integrity_results(data)] == ["Integrity-iriCharacters"]


def test_a_datatype_that_is_no_iri_is_reported() -> None:
    data = rdflib.Graph()
    data.add((BNode(), URIRef("http://purl.org/dc/terms/date"), Literal("2014", datatype=URIRef("xsd date"))))
    assert [result.shape_name for result in integrity_results(data)] == ["Integrity-iriCharacters"]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ('"2021-09"^^xsd:gYearMonth', '"2021"^^xsd:gYear', []),
        ('"2021-09-15"^^xsd:date', '"2021-09"^^xsd:gYearMonth', []),
        ('"2021"^^xsd:gYear', '"2021-01-01"^^xsd:date', []),
        ('"2021-09-15"^^xsd:date', '"2021-09-15"^^xsd:date', []),
        ('"2021-09-15"^^xsd:date', '"2021-09-14"^^xsd:date', ["dateOrder"]),
        ('"2021-09"^^xsd:gYearMonth', '"2021-08-31"^^xsd:date', ["dateOrder"]),
        ('"2021"^^xsd:gYear', '"2020"^^xsd:gYear', ["dateOrder"]),
        ('"2021"^^xsd:gYear , "2019"^^xsd:gYear', '"2020"^^xsd:gYear', []),
    ],
)
def test_an_end_before_the_start_is_reported_at_any_precision(
    start: str, end: str, expected: list[str]
) -> None:
    assert broken(f"<event/e> ptce:startDate {start} ; ptce:endDate {end} .") == expected


def stages(first_end: str, second_start: str) -> str:
    return f"""
    <pole/p> ptce:hasStagePeriod <stage-period/a> , <stage-period/b> .
    <stage-period/a> ptce:startDate "2020"^^xsd:gYear ; {first_end} .
    <stage-period/b> ptce:startDate {second_start} ; ptce:endDate "2023"^^xsd:gYear ."""


def test_two_stages_on_the_same_day_are_a_warning_on_the_pole() -> None:
    turtle = stages('ptce:endDate "2022-09"^^xsd:gYearMonth', '"2021"^^xsd:gYear')
    (result,) = integrity_results(graph(turtle))
    assert (result.shape_name, result.severity) == ("Integrity-stageOverlap", Severity.WARNING)
    assert str(result.focus_node) == BASE + "id/pole/p"


@pytest.mark.parametrize(
    ("first_end", "second_start"),
    [
        ('ptce:endDate "2022-09"^^xsd:gYearMonth', '"2022-09"^^xsd:gYearMonth'),
        ('ptce:endDate "2022-09"^^xsd:gYearMonth', '"2022-10"^^xsd:gYearMonth'),
        ('dcterms:type "fin inconnue"', '"2021"^^xsd:gYear'),
    ],
)
def test_stages_that_may_follow_each_other_are_accepted(first_end: str, second_start: str) -> None:
    assert broken(stages(first_end, second_start)) == []


def test_a_reference_to_an_undescribed_thing_of_our_base_is_reported_once_per_statement() -> None:
    turtle = "<pole/p> ptce:territory <territory/absent> ; dcterms:relation <https://elsewhere.example/x> ."
    assert broken(turtle, base_iri=BASE) == ["danglingReference"]
    assert broken(turtle) == []


def test_a_described_thing_is_no_dangling_reference() -> None:
    turtle = '<pole/p> ptce:territory <territory/t> . <territory/t> dcterms:title "T" .'
    assert broken(turtle, base_iri=BASE) == []


def test_a_thing_that_only_a_page_speaks_of_is_reported_with_the_page_and_its_source() -> None:
    page = (
        "@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix schema: <https://schema.org/> .\n"
        "<source/w> foaf:primaryTopic <pole/p> ; schema:url <https://w.example/P> ; dcterms:isPartOf <source/wiki-bl> .\n"
        '<source/wiki-bl> dcterms:title "x" . <pole/p> ptce:startDate "2012"^^xsd:gYear .'
    )
    (result,) = integrity_results(graph(page), base_iri=BASE)
    assert result.shape_name == "Integrity-danglingReference"
    assert (str(result.focus_node), str(result.value_node)) == (f"{BASE}id/source/w", f"{BASE}id/pole/p")
    assert "https://w.example/P, source wiki-bl" in dict(result.messages)["en"]
    assert "https://w.example/P, source wiki-bl" in dict(result.messages)["fr"]
    assert broken(page + " <pole/p> a ptce:Pole .", base_iri=BASE) == []


SNAPSHOT = "Le pôle est né en 2009."
EVIDENCE = """
<source/s> spdx:checksum <source/s#checksum> .
<source/s#checksum> spdx:checksumValue "{digest}"^^xsd:hexBinary .
<evidence/e> oa:hasSource <source/s> ; oa:hasSelector <evidence/e#selector> .
<evidence/e#selector> a oa:TextPositionSelector ; oa:start "3"^^xsd:nonNegativeInteger ; oa:end "{end}"^^xsd:nonNegativeInteger .
"""


def evidence(content: str, end: int) -> list[str]:
    digest = hashlib.sha256(SNAPSHOT.encode()).hexdigest()
    turtle = EVIDENCE.format(digest=digest, end=end)
    return broken(turtle, snapshots={BASE + "id/source/s": content.encode()})


def test_offsets_count_characters_not_bytes() -> None:
    assert len(SNAPSHOT.encode()) > len(SNAPSHOT)
    assert evidence(SNAPSHOT, len(SNAPSHOT)) == []
    assert evidence(SNAPSHOT, len(SNAPSHOT) + 1) == ["evidenceOffset"]


def test_a_changed_snapshot_is_reported() -> None:
    assert evidence(SNAPSHOT.replace("2009", "2011"), 4) == ["snapshotHash"]


def test_results_say_where_in_both_languages() -> None:
    (result,) = integrity_results(graph('<actor/a> org:identifier "732829321"^^ident:siren .'))
    assert str(result.focus_node) == BASE + "id/actor/a"
    assert result.path_text == "org:identifier"
    assert str(result.value_node) == "732829321"
    assert "Sirene" in result.message("fr")
    assert "check digit" in result.message("en")
