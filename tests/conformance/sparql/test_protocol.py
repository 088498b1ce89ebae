"""SPARQL 1.1 Protocol: the W3C's exchanges of requests and answers."""

from __future__ import annotations

import pytest

from tests.conformance.sparql.client import Client
from tests.conformance.sparql.manifests import Test
from tests.conformance.sparql.suites import Runner, parameters


@pytest.mark.parametrize(("run", "test"), parameters("SPARQL 1.1 Protocol"))
def test_w3c(run: Runner, test: Test, client: Client) -> None:
    run(test, client)
