from __future__ import annotations

import pyoxigraph as ox
import pytest

from ptce_lod.errors import MalformedQuery, QueryRefused
from ptce_lod.query.scan_update import operations, scan_update, with_dataset

A = "<http://a/>"


@pytest.mark.parametrize(
    "text",
    [
        f"LOAD {A}",
        f"load {A} INTO GRAPH {A}",
        f"# comment\nLOAD{A}",
        f"PREFIX : {A} LOAD :x",
        f"PREFIX : {A} LOAD:x",
        f"BASE {A} LOAD:x",
        f"CLEAR GRAPH {A} ; LOAD {A}",
        f"INSERT DATA {{ {A} {A} {A} }}; LOAD {A}",
        rf"\u004COAD {A}",
        f"LO\\u0041D {A}",
        f"LOAD SILENT {A} ; LOAD {A}",
        f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE {A} {{ ?s ?p ?o }} }}",
        "INSERT { ?s ?p ?o } WHERE { SERVICE SILENT ?x { ?s ?p ?o } }",
    ],
)
def test_what_would_call_out_is_refused(text: str) -> None:
    with pytest.raises(QueryRefused, match="not allowed"):
        scan_update(text, nesting=50)


@pytest.mark.parametrize(
    "text",
    [
        f'INSERT DATA {{ {A} {A} "LOAD {A}" }} # LOAD {A}',
        f"PREFIX load: {A} INSERT DATA {{ load:a load:b load:c ; load:d load:e }}",
        f"PREFIX load: {A} CREATE GRAPH load:x ; COPY load:x TO load:y ; DROP SILENT GRAPH load:x",
        f"PREFIX load: {A} WITH load:g DELETE {{ ?s ?p ?o }} USING load:h WHERE {{ ?s ?p ?o }}",
        "DELETE WHERE { ?load ?service ?o }",
    ],
)
def test_what_only_looks_like_it_passes(text: str) -> None:
    assert not scan_update(text, nesting=50).loads_silently
    ox.Store().update(text)


@pytest.mark.parametrize("text", [f"LOAD SILENT {A}", f"LOADSILENT{A} INTO GRAPH {A}"])
def test_a_silent_load_is_known(text: str) -> None:
    assert scan_update(text, nesting=50).loads_silently


def store() -> ox.Store:
    store = ox.Store()
    store.update("INSERT DATA { GRAPH <x:g> { <x:a> <x:p> 1 } GRAPH <x:h> { <x:b> <x:p> 2 } <x:c> <x:p> 3 }")
    return store


@pytest.mark.parametrize(
    ("text", "default", "named", "expected"),
    [
        ("INSERT { ?s <x:q> ?o } WHERE { ?s <x:p> ?o }", ["x:g"], [], {"<x:a>"}),
        ("INSERT { ?s <x:q> ?o } WHERE { ?s <x:p> ?o }", ["x:g", "x:h"], [], {"<x:a>", "<x:b>"}),
        ("INSERT { ?s <x:q> ?o } WHERE { GRAPH ?g { ?s <x:p> ?o } }", [], ["x:h"], {"<x:b>"}),
        ("INSERT { ?s <x:q> ?o } WHERE { { SELECT ?s ?o WHERE { ?s <x:p> ?o } } }", ["x:h"], [], {"<x:b>"}),
        (
            "INSERT { ?s <x:q> ?o } WHERE { ?s <x:p> ?o } ; INSERT { ?s <x:q> ?o } WHERE { GRAPH ?g { ?s <x:p> ?o } }",
            ["x:g"],
            ["x:h"],
            {"<x:a>", "<x:b>"},
        ),
    ],
)
def test_the_request_s_dataset_is_that_of_the_patterns(
    text: str, default: list[str], named: list[str], expected: set[str]
) -> None:
    target = store()
    target.update(with_dataset(text, default, named))
    results = target.query("SELECT ?s { ?s <x:q> ?o }")
    assert isinstance(results, ox.QuerySolutions)
    assert {str(row["s"]) for row in results} == expected


def test_delete_where_takes_a_dataset_too() -> None:
    target = store()
    target.update("INSERT DATA { <x:a> <x:p> 1 }")
    target.update(with_dataset("DELETE WHERE { ?s <x:p> ?o }", ["x:g"], []))
    assert {str(quad.subject) for quad in target.quads_for_pattern(None, None, None, ox.DefaultGraph())} == {
        "<x:c>"
    }


@pytest.mark.parametrize(
    "text",
    [
        "WITH <x:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DELETE { ?s ?p ?o } USING <x:g> WHERE { ?s ?p ?o }",
    ],
)
def test_two_datasets_are_an_error(text: str) -> None:
    with pytest.raises(MalformedQuery, match="only one may name the dataset"):
        with_dataset(text, ["x:g"], [])
    assert with_dataset(text, [], []) == text


def carried_out(text: str) -> set[str]:
    target = ox.Store()
    for part in operations(text, {"p": "http://p/"}, "http://base/"):
        target.update(part.text, base_iri=part.base_iri, prefixes=part.prefixes)
    return {f"{quad.subject} {quad.object}" for quad in target}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("INSERT DATA { p:a p:b p:c }", {"<http://p/a> <http://p/c>"}),
        (
            "PREFIX x: <http://x/> INSERT DATA { x:a x:b x:c } ; PREFIX y: <http://y/> INSERT DATA { x:d y:b y:c }",
            {"<http://x/a> <http://x/c>", "<http://x/d> <http://y/c>"},
        ),
        (
            "PREFIX x: <http://x/> INSERT DATA { x:a x:b x:c } ;\nPREFIX x: <other/> INSERT DATA { x:a x:b x:c } ;",
            {"<http://x/a> <http://x/c>", "<http://base/other/a> <http://base/other/c>"},
        ),
        (
            "INSERT DATA { <a> <b> <c> } ; BASE <http://z/> INSERT DATA { <a> <b> <c> } ; DELETE DATA { <a> <b> <q> }",
            {"<http://base/a> <http://base/c>", "<http://z/a> <http://z/c>"},
        ),
        (
            "INSERT DATA { p:a p:b 1 ; p:c 2 . p:PREFIX p:b '; PREFIX' } # ; PREFIX q: <x:>\n"
            "; PREFIX q: <http://q/> INSERT DATA { q:a q:b 3 }",
            {
                '<http://p/a> "1"^^<http://www.w3.org/2001/XMLSchema#integer>',
                '<http://p/a> "2"^^<http://www.w3.org/2001/XMLSchema#integer>',
                '<http://p/PREFIX> "; PREFIX"',
                '<http://q/a> "3"^^<http://www.w3.org/2001/XMLSchema#integer>',
            },
        ),
    ],
)
def test_declarations_may_stand_before_each_operation(text: str, expected: set[str]) -> None:
    assert carried_out(text) == expected


def test_a_mistake_after_a_later_declaration_keeps_its_place() -> None:
    with pytest.raises(SyntaxError, match="error at 3:"):
        carried_out("INSERT DATA { p:a p:b p:c } ;\nPREFIX x: <http://x/>\nINSERT DATUM { x:a x:b x:c }")
