"""SPARQL 1.1 Service Description: the W3C's three tests."""

from __future__ import annotations

import pytest

from tests.conformance.sparql.client import Client
from tests.conformance.sparql.manifests import Test
from tests.conformance.sparql.suites import Runner, parameters


@pytest.mark.parametrize(("run", "test"), parameters("SPARQL 1.1 Service Description"))
def test_w3c(run: Runner, test: Test, client: Client) -> None:
    run(test, client)
