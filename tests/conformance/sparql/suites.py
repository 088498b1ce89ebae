"""Which function carries out which suite, and which tests are known to fail."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from _pytest.mark import ParameterSet

from tests.conformance.sparql import evaluate, exchanges, service_description
from tests.conformance.sparql.client import Client
from tests.conformance.sparql.manifests import Test, entries

Runner = Callable[[Test, Client], None]
#: Our name of a suite → what carries out one of its tests.
RUNNERS: Final[dict[str, Runner]] = {
    "SPARQL 1.1 Query Language": evaluate.run,
    "SPARQL 1.1 Query Results CSV, TSV and JSON": evaluate.run,
    "SPARQL 1.1 Update": evaluate.run,
    "SPARQL 1.1 Protocol": exchanges.run_protocol,
    "SPARQL 1.1 Graph Store HTTP Protocol": exchanges.run_graph_store,
    "SPARQL 1.1 Service Description": service_description.run,
    "SPARQL 1.0 evaluation": evaluate.run,
    "SPARQL 1.0 syntax": evaluate.run,
}


class KnownFailure(NamedTuple):
    """Why a test fails, what upstream says to it, and whether something outside the engine could help."""

    reason: str
    reference: str
    remedy: str


@cache
def known_failures() -> dict[str, KnownFailure]:
    """Return test IRI → known failure."""
    document = tomllib.loads((Path(__file__).parent / "known_failures.toml").read_text(encoding="utf-8"))
    return {
        iri: KnownFailure(group["reason"], group["reference"], group["remedy"])
        for group in document["failure"]
        for iri in group["tests"]
    }


def parameters(*suites: str) -> list[ParameterSet]:
    """Return the tests of suites as parameters of a pytest test: known failures have to fail, so that none stays on the list by mistake."""
    return [
        pytest.param(RUNNERS[suite], test, id=test.id, marks=_marks(test))
        for suite in suites
        for test in entries(suite)
    ]


def _marks(test: Test) -> list[pytest.MarkDecorator]:
    known = known_failures().get(test.iri)
    return [pytest.mark.xfail(strict=True, reason=known.reason)] if known else []


def outcomes(suite: str, client: Client) -> dict[str, str]:
    """Carry out a suite; return test IRI → what went wrong, ``""`` for a pass."""
    return {test.iri: _outcome(RUNNERS[suite], test, client) for test in entries(suite)}


def _outcome(runner: Runner, test: Test, client: Client) -> str:
    try:
        runner(test, client)
    except Exception as error:  # whatever a service answers, also what nobody can read, is an outcome
        return str(error) or type(error).__name__
    return ""
