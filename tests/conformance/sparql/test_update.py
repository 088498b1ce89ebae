"""SPARQL 1.1 Update: the W3C's tests of evaluation and syntax."""

from __future__ import annotations

import pytest

from tests.conformance.sparql.client import Client
from tests.conformance.sparql.evaluate import is_negative, says_where, send_text
from tests.conformance.sparql.manifests import Test, entries
from tests.conformance.sparql.suites import Runner, parameters

#: A blank node shared by two operations: the engine's message names the node, not the place.
_SILENT = {"syntax-update-1/test_54"}
_REFUSED = [
    pytest.param(test, id=test.id)
    for test in entries("SPARQL 1.1 Update")
    if is_negative(test) and test.id not in _SILENT
]


@pytest.mark.parametrize(("run", "test"), parameters("SPARQL 1.1 Update"))
def test_w3c(run: Runner, test: Test, client: Client) -> None:
    run(test, client)


@pytest.mark.parametrize("test", _REFUSED)
def test_a_refused_update_says_line_and_column(test: Test, client: Client) -> None:
    answer = send_text(test, client)
    assert says_where(answer), answer.text
