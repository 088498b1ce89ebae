"""The comparison that the suites stand on: what has to be found different is, and what is the same is not."""

from __future__ import annotations

import pytest
from rdflib import Graph

from tests.conformance.sparql.compare_results import difference
from tests.conformance.sparql.read_results import XSD, Solutions, Term, literal, read_graph, read_results


def blank(label: str) -> Term:
    return Term("bnode", label)


def solutions(*rows: dict[str, Term], ordered: bool = False) -> Solutions:
    return Solutions(frozenset("ab"), rows, ordered)


ONE, TWO = literal("1"), literal("2")
SAME = [
    (solutions({"a": ONE}, {"a": TWO}), solutions({"a": TWO}, {"a": ONE})),
    (solutions({"a": blank("x"), "b": blank("y")}), solutions({"a": blank("y"), "b": blank("x")})),
    # Which of the first column's nodes is which is only told by the second row: the first try has to be taken back.
    (
        solutions({"a": blank("p")}, {"a": blank("q")}, {"a": blank("q"), "b": ONE}),
        solutions({"a": blank("1")}, {"a": blank("2")}, {"a": blank("1"), "b": ONE}),
    ),
    (
        solutions({"a": literal("2.0", f"{XSD}decimal")}),
        solutions({"a": literal("2", f"{XSD}decimal")}),
    ),
    (solutions({"a": literal("x", f"{XSD}string")}), solutions({"a": literal("x")})),
    (solutions({"a": literal("x", None, "en-GB")}), solutions({"a": literal("x", None, "en-gb")})),
    (True, True),
]
DIFFERENT = [
    (solutions({"a": ONE}), solutions({"a": ONE}, {"a": ONE})),
    (solutions({"a": ONE}, {"a": TWO}, ordered=True), solutions({"a": TWO}, {"a": ONE})),
    (solutions({"a": blank("x"), "b": blank("x")}), solutions({"a": blank("x"), "b": blank("y")})),
    (solutions({"a": blank("x"), "b": blank("y")}), solutions({"a": blank("x"), "b": blank("x")})),
    (solutions({"a": blank("x")}), solutions({"a": Term("iri", "x:x")})),
    (solutions({"a": ONE}), solutions({"b": ONE})),
    (solutions({"a": ONE}), solutions({"a": literal("1", f"{XSD}integer")})),
    (
        solutions({"a": literal("1", f"{XSD}decimal")}),
        solutions({"a": literal("1", f"{XSD}integer")}),
    ),
    (True, False),
    (True, solutions()),
    (Graph(), solutions()),
]


@pytest.mark.parametrize(("expected", "actual"), SAME)
def test_results_that_are_the_same(expected: Solutions, actual: Solutions) -> None:
    assert difference(expected, actual) == ""


@pytest.mark.parametrize(("expected", "actual"), DIFFERENT)
def test_results_that_differ(expected: Solutions, actual: Solutions) -> None:
    assert difference(expected, actual)


@pytest.mark.parametrize(("times", "fits"), [(0, False), (1, True), (3, True), (4, False)])
def test_reduced_may_give_fewer_but_not_none(times: int, fits: bool) -> None:
    expected = solutions({"a": ONE}, {"a": ONE}, {"a": ONE}, {"a": TWO})
    actual = solutions(*[{"a": ONE}] * times, {"a": TWO})
    assert (difference(expected, actual, lax=True) == "") is fits


def test_graphs_are_compared_up_to_blank_nodes_with_their_literals_as_written() -> None:
    number = f"^^<{XSD}integer>"
    left = read_graph(f'_:a <x:p> _:b . _:b <x:q> "01"{number} .', "text/turtle")
    same = read_graph(f'[] <x:p> [ <x:q> "01"{number} ] .', "text/turtle")
    other = read_graph(f'[] <x:p> [ <x:q> "1"{number} ] .', "text/turtle")
    assert difference(left, same) == ""
    assert difference(left, other)


def test_tsv_is_read_with_its_short_forms_and_escapes() -> None:
    body = b'?a\t?b\n"x\\ty"@en\t-1.5e3\n<x:i>\t\n_:n\t"1"^^<x:d>\n'
    found = read_results(body, "text/tab-separated-values")
    assert found == Solutions(
        frozenset("ab"),
        (
            {"a": literal("x\ty", None, "en"), "b": literal("-1.5e3", f"{XSD}double")},
            {"a": Term("iri", "x:i")},
            {"a": blank("n"), "b": literal("1", "x:d")},
        ),
    )
