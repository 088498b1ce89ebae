"""Say how two results differ. Blank nodes are matched one to one; the rest has to be the same, but for the freedoms said below."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from rdflib import Graph
from rdflib.compare import graph_diff, to_isomorphic

from tests.conformance.sparql.read_results import XSD, Results, Solution, Solutions, Term

#: Datatypes whose literals are compared by value, and what reads one. XSD lets a value be written in several ways ("2.0", "2", "2.0E0"),
#: SPARQL says what value a function has, not how it is written, and XSD 1.0 and 1.1 differ in the canonical form of a decimal. The
#: datatype itself has to be the same.
_BY_VALUE: Final[dict[str, Callable[[str], object]]] = {
    XSD + "integer": int,
    XSD + "decimal": Decimal,
    XSD + "double": float,
    XSD + "float": float,
    XSD + "boolean": {"true": True, "1": True, "false": False, "0": False}.__getitem__,
}
_NUMERAL: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?")
_Key = tuple[object, ...]


def difference(expected: Results, actual: Results, *, lax: bool = False) -> str:
    """Return in what ``actual`` differs from ``expected``, ``""`` for nothing.

    ``lax``: the query has REDUCED, so a solution may be there any number of times from one to the number expected.
    """
    if isinstance(expected, bool) or isinstance(actual, bool):
        return "" if expected is actual else f"expected {expected}, got {actual}"
    if isinstance(expected, Graph) or isinstance(actual, Graph):
        if not (isinstance(expected, Graph) and isinstance(actual, Graph)):
            return f"expected {type(expected).__name__}, got {type(actual).__name__}"
        return graph_difference(expected, actual)
    return _solutions_difference(expected, actual, lax)


def graph_difference(expected: Graph, actual: Graph) -> str:
    """Return in what two graphs differ, ``""`` when they are isomorphic."""
    left, right = to_isomorphic(expected), to_isomorphic(actual)
    if left == right:
        return ""
    _both, missing, surplus = graph_diff(left, right)
    return f"missing:\n{missing.serialize(format='nt')}\nnot expected:\n{surplus.serialize(format='nt')}"


def _solutions_difference(expected: Solutions, actual: Solutions, lax: bool) -> str:
    if expected.variables != actual.variables:
        return f"expected the variables {sorted(expected.variables)}, got {sorted(actual.variables)}"
    left, right = list(expected.rows), list(actual.rows)
    if lax:
        right = _as_often(left, right)
    if len(left) != len(right):
        return f"expected {len(left)} solutions, got {len(right)}\n{_shown(left, right)}"
    matched = _match_in_order(left, right) if expected.ordered else _match(left, right)
    return "" if matched else f"the solutions differ\n{_shown(left, right)}"


def _as_often(expected: list[Solution], actual: list[Solution]) -> list[Solution]:
    """Return ``actual`` with each solution as often as expected, where REDUCED lets it be there fewer times."""
    wanted, found = Counter(map(_row_key, expected)), Counter(map(_row_key, actual))
    by_key = {_row_key(row): row for row in actual}
    more = [by_key[key] for key, count in found.items() for _ in range(wanted[key] - count)]
    return actual + more


def _shown(expected: Sequence[Solution], actual: Sequence[Solution]) -> str:
    def lines(rows: Sequence[Solution]) -> str:
        return "\n".join(
            "  " + " ".join(f"?{k}={tuple(v)}" for k, v in sorted(row.items())) for row in rows[:20]
        )

    return f"expected:\n{lines(expected)}\ngot:\n{lines(actual)}"


def _match_in_order(expected: Sequence[Solution], actual: Sequence[Solution]) -> bool:
    to: dict[str, str] = {}
    return all(_row_key(a) == _row_key(b) and _bind(a, b, to) for a, b in zip(expected, actual, strict=True))


def _match(expected: list[Solution], actual: list[Solution]) -> bool:
    """Say whether the two bags of solutions are the same under some one-to-one renaming of blank nodes."""
    if Counter(map(_row_key, expected)) != Counter(map(_row_key, actual)):
        return False
    with_blank = [row for row in expected if any(t.kind == "bnode" for t in row.values())]
    candidates = [row for row in actual if any(t.kind == "bnode" for t in row.values())]
    return _assign(with_blank, candidates, {})


def _assign(expected: list[Solution], actual: list[Solution], to: dict[str, str]) -> bool:
    """Pair the first expected solution with each that could be it, and the others after it, until all fit."""
    if not expected:
        return True
    first, *others = expected
    for index, candidate in enumerate(actual):
        trial = dict(to)
        if (
            _row_key(first) == _row_key(candidate)
            and _bind(first, candidate, trial)
            and _assign(others, actual[:index] + actual[index + 1 :], trial)
        ):
            return True
    return False


def _bind(expected: Solution, actual: Solution, to: dict[str, str]) -> bool:
    """Add the pairs of blank nodes of two solutions to ``to``; say whether it stays one to one."""
    for name, term in expected.items():
        if term.kind == "bnode":
            other = actual[name].value
            if to.setdefault(term.value, other) != other:
                return False
    return len(set(to.values())) == len(to)


def _row_key(row: Solution) -> frozenset[tuple[str, _Key]]:
    """Return what two solutions must share before their blank nodes are looked at."""
    return frozenset((name, _term_key(term)) for name, term in row.items())


def _term_key(term: Term) -> _Key:
    if term.kind == "bnode":
        return ("bnode",)
    if term.datatype in _BY_VALUE:
        try:
            value = _BY_VALUE[term.datatype](term.value)
        except (ValueError, KeyError, InvalidOperation):
            return (*term,)  # ill-typed: it has no value, only a lexical form
        return ("literal", value, term.datatype)
    if term.kind == "plain" and _NUMERAL.fullmatch(term.value):
        return ("numeral", float(term.value))  # CSV tells no datatypes
    return (*term,)
