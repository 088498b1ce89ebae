from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_lod.formats import SPARQL_CSV
from ptce_lod.query.backend import QueryRequest
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.query.functions import GEO_FUNCTIONS, fold, text_functions

WKT = "^^<http://www.opengis.net/ont/geosparql#wktLiteral>"


def ask(backend: EmbeddedBackend, text: str) -> list[str]:
    with backend.query(QueryRequest(text), select=[SPARQL_CSV], graph=[]).body as body:
        return body.read().decode().split("\r\n")[1:-1]


def test_things_are_found_by_their_names_with_accents_folded_best_first(backend: EmbeddedBackend) -> None:
    found = ask(
        backend,
        "SELECT ?name { ?pole a ptce:Pole ; skos:prefLabel ?name "
        'BIND(ptcef:score(?pole, "ecri pole") AS ?score) FILTER(BOUND(?score)) } ORDER BY DESC(?score) ?name',
    )
    everything = ask(backend, "SELECT ?name { ?pole a ptce:Pole ; skos:prefLabel ?name }")
    assert 0 < len(found) < len(everything)
    assert found == ["Pôle des Écrins"]


def test_matches_is_a_filter_and_score_its_rank(backend: EmbeddedBackend) -> None:
    by_filter = ask(backend, 'SELECT ?thing { ?thing a ptce:Pole FILTER(ptcef:matches(?thing, "pole")) }')
    by_score = ask(backend, 'SELECT ?thing { ?thing a ptce:Pole FILTER(ptcef:score(?thing, "pole") > 0) }')
    assert sorted(by_filter) == sorted(by_score) != []


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('ptcef:fold("Œuvre à ÉVRY")', "oeuvre a evry"),
        ('ptcef:matches("Pôle de l\'Économie"@fr, "economie pole")', "true"),
        ('ptcef:matches("Pôle de l\'Économie"@fr, "écono")', "true"),
        ('ptcef:matches("Pôle"@fr, "ole")', "false"),
        ('ptcef:matches("Pôle"@fr, "")', "false"),
        ('ptcef:score("un deux", "deux")', "0.5"),
        ('ptcef:score("un deux", "trois")', ""),
        ("ptcef:fold(<x:a>)", ""),
        ('ptcef:matches(<x:a>, "x")', "false"),
        ("ptcef:matches(1)", ""),
    ],
)
def test_what_a_function_gives(backend: EmbeddedBackend, expression: str, expected: str) -> None:
    assert ask(backend, f"SELECT ({expression} AS ?x) {{}}") == [expected]


@given(st.text(), st.text())
def test_no_text_breaks_a_function(value: str, text: str) -> None:
    functions = text_functions("")
    for function in functions.table.values():
        function(
            ox.Literal(value.encode("utf-8", "replace").decode()),
            ox.Literal(text.encode("utf-8", "replace").decode()),
        )


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("function", GEO_FUNCTIONS, ids=lambda f: f.value.rpartition("/")[2])
def test_every_geosparql_function_that_is_promised_is_there(function: ox.NamedNode) -> None:
    polygon, point = f'"POLYGON((0 0,0 5,5 5,5 0,0 0))"{WKT}', f'"POINT(1 1)"{WKT}'
    for arguments in (
        polygon,
        f"{polygon}, {point}",
        f"{polygon}, {point}, <http://www.opengis.net/def/uom/OGC/1.0/metre>",
    ):
        list(ox.Store().query(f"SELECT ({function}({arguments}) AS ?x) {{}}"))


def test_distances_are_in_metres(backend: EmbeddedBackend) -> None:
    paris, lyon = f'"POINT(2.3522 48.8566)"{WKT}', f'"POINT(4.8357 45.7640)"{WKT}'
    geof = "<http://www.opengis.net/def/function/geosparql/distance>"
    (metres,) = ask(
        backend,
        f"SELECT ({geof}({paris}, {lyon}, <http://www.opengis.net/def/uom/OGC/1.0/metre>) AS ?m) {{}}",
    )
    assert 385_000 < float(metres) < 400_000
