"""The list of known failures and the page about conformance say the same, and both are about tests that there are."""

from __future__ import annotations

import re

from tests.conformance.sparql.manifests import MANIFESTS, entries
from tests.conformance.sparql.suites import known_failures
from tests.conftest import PROJECT

PAGE = (PROJECT / "docs/reference/conformance.md").read_text(encoding="utf-8")
TESTS = {test.iri: test for suite in MANIFESTS for test in entries(suite)}


def test_each_known_failure_is_a_test_of_a_suite_with_a_source() -> None:
    assert known_failures().keys() <= TESTS.keys()
    for failure in known_failures().values():
        assert failure.reason
        assert failure.remedy
        assert failure.reference.startswith("https://")


def test_the_page_lists_each_known_failure_and_no_other() -> None:
    section = PAGE.partition("## Known failures")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    listed = {name.rpartition("/")[2] for row in rows for name in re.findall(r"`([^`]+)`", row)}
    assert listed == {TESTS[iri].id.rpartition("/")[2] for iri in known_failures()}


def test_the_page_tells_how_many_tests_pass() -> None:
    for suite in MANIFESTS:
        count = len(entries(suite))
        failing = sum(test.iri in known_failures() for test in entries(suite))
        assert f"\n| {suite} | {count - failing} of {count} |" in PAGE
