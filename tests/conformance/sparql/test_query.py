"""Queries: the W3C's tests of evaluation, results and syntax, of SPARQL 1.1 and 1.0."""

from __future__ import annotations

import pytest

from tests.conformance.sparql.client import Client
from tests.conformance.sparql.evaluate import is_negative, says_where, send_text
from tests.conformance.sparql.manifests import QUERY_SUITES, Test, entries
from tests.conformance.sparql.suites import Runner, parameters

#: The engine accepts it: see known_failures.toml.
_SILENT = {"syntax-sparql3/syn-bad-26"}
_REFUSED = [
    pytest.param(test, id=test.id)
    for suite in QUERY_SUITES
    for test in entries(suite)
    if is_negative(test) and test.id not in _SILENT
]


@pytest.mark.parametrize(("run", "test"), parameters(*QUERY_SUITES))
def test_w3c(run: Runner, test: Test, client: Client) -> None:
    run(test, client)


@pytest.mark.parametrize("test", _REFUSED)
def test_a_refused_query_says_line_and_column(test: Test, client: Client) -> None:
    answer = send_text(test, client)
    assert says_where(answer), answer.text
