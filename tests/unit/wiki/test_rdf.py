"""What Semantic MediaWiki and Wikibase say in RDF: a page's own facts, times at the precision they have, nothing of others."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
import pytest

from ptce_lod.errors import ParseError
from ptce_lod.namespaces import XSD
from ptce_lod.wiki.rdf import (
    SEMANTIC_MEDIAWIKI,
    WIKIBASE,
    document_address,
    own_facts,
    read_facts,
    read_value,
)

#: As Semantic MediaWiki 4 writes Special:ExportRDF/Tetris?syntax=turtle: the page, a subobject, what links there, declarations.
EXPORTED = """
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix swivt: <http://semantic-mediawiki.org/swivt/1.0#> .
@prefix wiki: <https://wiki.example/wiki/Special:URIResolver/> .
@prefix property: <https://wiki.example/wiki/Special:URIResolver/Property-3A> .
<https://wiki.example/wiki/Special:ExportRDF/P%C3%B4le_T%C3%A9tris> rdf:type owl:Ontology ;
    swivt:creationDate "2026-11-01T10:00:00+00:00"^^<http://www.w3.org/2001/XMLSchema#dateTime> .
wiki:P-C3-B4le_T-C3-A9tris rdf:type swivt:Subject ;
    rdfs:label "Pôle Tétris" ;
    swivt:page <https://wiki.example/wiki/P%C3%B4le_T%C3%A9tris> ;
    swivt:wikiNamespace "0"^^<http://www.w3.org/2001/XMLSchema#integer> ;
    property:Fond-C3-A9_en "2014"^^<http://www.w3.org/2001/XMLSchema#gYear> ;
    property:Reconnu_le "2014-01-10Z"^^<http://www.w3.org/2001/XMLSchema#date> ;
    property:Salari-C3-A9s "12"^^<http://www.w3.org/2001/XMLSchema#double> ;
    property:Site_web <https://www.tetris.example/> ;
    property:Membre wiki:Evolution ;
    property:Long "LONG"^^<http://www.w3.org/2001/XMLSchema#string> .
wiki:Evolution rdf:type swivt:Subject ; rdfs:label "Évolution" ; swivt:page <https://wiki.example/wiki/Evolution> ;
    property:Membre_de wiki:P-C3-B4le_T-C3-A9tris .
""".replace("LONG", "x" * 2000)
PAGE = "https://wiki.example/wiki/P%C3%B4le_T%C3%A9tris"
PROPERTY = "https://wiki.example/wiki/Special:URIResolver/Property-3A"

BASE = "https://base.example/"
_TIME = f"<{XSD}dateTime>"


def item(
    precision: str = "9",
    calendar: str = "Q1985727",
    ontology: str = "http://wikiba.se/ontology#",
    rank: str = "BestRank",
) -> bytes:
    """As Wikibase writes Special:EntityData/Q42.nt."""
    q, st, v, prop = (f"{BASE}entity/Q42", f"{BASE}entity/statement/q42-1", f"{BASE}value/1", f"{BASE}prop/")
    return f"""\
<{BASE}wiki/Special:EntityData/Q42> <http://schema.org/about> <{q}> .
<{q}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{ontology}Item> .
<{q}> <http://www.w3.org/2000/01/rdf-schema#label> "P\\u00F4le T\\u00E9tris"@fr .
<{q}> <http://www.w3.org/2000/01/rdf-schema#label> "Tetris"@en .
<{q}> <http://www.w3.org/2000/01/rdf-schema#label> "Tetris"@ja .
<{q}> <http://www.w3.org/2004/02/skos/core#altLabel> "PTCE T\\u00E9tris"@fr .
<https://fr.wiki.example/wiki/T%C3%A9tris> <http://schema.org/about> <{q}> .
<{q}> <http://schema.org/description> "une phrase"@fr .
<{q}> <{prop}direct/P1> <{BASE}entity/Q7> .
<{q}> <{prop}direct/P3> "+12"^^<{XSD}decimal> .
<{q}> <{prop}direct/P2> "2014-01-01T00:00:00Z"^^{_TIME} .
<{q}> <{prop}P2> <{st}> .
<{st}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{ontology}{rank}> .
<{st}> <{prop}statement/P2> "2014-01-01T00:00:00Z"^^{_TIME} .
<{st}> <{prop}statement/value/P2> <{v}> .
<{v}> <{ontology}timeValue> "2014-01-01T00:00:00Z"^^{_TIME} .
<{v}> <{ontology}timePrecision> "{precision}"^^<{XSD}integer> .
<{v}> <{ontology}timeCalendarModel> <http://www.wikidata.org/entity/{calendar}> .
<{BASE}entity/Q7> <http://www.w3.org/2000/01/rdf-schema#label> "Evolution"@fr .
""".encode()


def said(lines: str) -> dict[str, str]:
    return {name.rpartition("/")[2]: str(value) for name, value in read_facts(lines).pairs}


def test_a_page_of_semantic_mediawiki_says_its_own_properties() -> None:
    address = document_address(SEMANTIC_MEDIAWIKI, "https://wiki.example/wiki/$1", "Pôle Tétris")
    assert address == "https://wiki.example/wiki/Special:ExportRDF/P%C3%B4le_T%C3%A9tris?syntax=turtle"
    lines = own_facts(EXPORTED.encode(), SEMANTIC_MEDIAWIKI, address, PAGE)
    facts = read_facts(lines)
    assert facts.subject == "https://wiki.example/wiki/Special:URIResolver/P-C3-B4le_T-C3-A9tris"
    assert {name.removeprefix(PROPERTY) for name, _ in facts.pairs} == {
        "Fond-C3-A9_en", "Reconnu_le", "Salari-C3-A9s", "Site_web", "Membre"
    }  # fmt: skip
    assert said(lines)["Property-3AMembre"] == "<https://wiki.example/wiki/Evolution>", (
        "pages go by their addresses"
    )
    assert own_facts(lines.encode(), SEMANTIC_MEDIAWIKI, address, PAGE) == "", (
        "a subject without a page is nobody's"
    )


@pytest.mark.parametrize(
    ("precision", "found"),
    [
        ("9", f'"2014"^^<{XSD}gYear>'),
        ("10", f'"2014-01"^^<{XSD}gYearMonth>'),
        ("11", f'"2014-01-01"^^<{XSD}date>'),
        ("8", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("ontology", ["http://wikiba.se/ontology#", "http://wikiba.se/ontology-beta#"])
def test_times_of_an_item_have_the_precision_that_they_have(
    precision: str, found: str | None, ontology: str
) -> None:
    address = document_address(WIKIBASE, BASE + "wiki/$1", "Q42")
    assert said(own_facts(item(precision, ontology=ontology), WIKIBASE, address, "")).get("P2") == found


@pytest.mark.parametrize("changed", [{"calendar": "Q1985786"}, {"rank": "NormalRank"}])
def test_other_calendars_and_values_that_are_not_the_best_are_left(changed: dict[str, Any]) -> None:
    lines = own_facts(item(**changed), WIKIBASE, BASE + "wiki/Special:EntityData/Q42.nt", "")
    assert "P2" not in said(lines)
    assert said(lines)["P3"] == f'"+12"^^<{XSD}decimal>'


def test_an_item_has_names_and_no_sentences() -> None:
    facts = read_facts(own_facts(item(), WIKIBASE, BASE + "wiki/Special:EntityData/Q42.nt", ""))
    assert facts.subject == BASE + "entity/Q42"
    assert facts.names("fr") == ("Pôle Tétris", "PTCE Tétris", "Tetris")
    assert facts.names("en")[0] == "Tetris"
    assert facts.sitelinks() == ("https://fr.wiki.example/wiki/T%C3%A9tris",)
    assert not any("description" in name for name, _ in facts.pairs)


@pytest.mark.parametrize(
    "data",
    [b"<html>not found</html>", b"\xff\xfe", b"[" * 50_000, b'<a> <b> "c'],
    ids=["html", "bytes", "deep", "cut"],
)
@pytest.mark.parametrize("source", [SEMANTIC_MEDIAWIKI, WIKIBASE])
def test_what_is_no_rdf_is_told(data: bytes, source: str) -> None:
    with pytest.raises(ParseError, match=r"wiki\.example/rdf"):
        own_facts(data, source, "https://wiki.example/rdf", PAGE)


@pytest.mark.parametrize(
    ("lexical", "datatype", "parser", "found"),
    [
        ("2014", "gYear", "date", ("2014", XSD + "gYear")),
        ("2014-01-10Z", "date", "date", ("2014-01-10", XSD + "date")),
        ("2014-01-10T22:30:00Z", "dateTime", "date", ("2014-01-10", XSD + "date")),
        ("12", "double", "integer", ("12", XSD + "integer")),
        ("+19.50", "decimal", "decimal", ("19.50", XSD + "decimal")),
        ("1.2E3", "double", "integer", ("1200", XSD + "integer")),
        (" deux\n mots ", "string", "text", ("deux mots", "")),
        ("https://x.example/", "anyURI", "url", ("https://x.example/", XSD + "anyURI")),
        ("1.5", "double", "integer", None),
        ("NaN", "double", "decimal", None),
        ("1E400", "double", "decimal", None),
        ("javascript:alert(1)", "anyURI", "url", None),
        ("demain", "string", "date", None),
        ("x", "dateTime", "date", None),
        ("", "string", "text", None),
    ],
)  # fmt: skip
def test_values(lexical: str, datatype: str, parser: Any, found: tuple[str, str] | None) -> None:
    term = ox.Literal(lexical, datatype=ox.NamedNode(XSD + datatype))
    if found is None:
        with pytest.raises(ValueError, match=r"\S"):
            read_value(term, parser)
    else:
        assert tuple(read_value(term, parser)) == found
