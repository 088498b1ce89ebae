"""Small releases made from a handful of quads."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import pytest

from ptce_lod.iris import AddressSpace
from ptce_lod.release.build import Candidate, Meta, Report
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.release.publish import locked
from ptce_lod.terms import QuadLine

ADDRESSES = AddressSpace("http://127.0.0.1:8000/")
GRAPH = ADDRESSES.graph("trial", "2026-11-22")
META = Meta("2026-11-22", "0.1.0", [], {GRAPH: {"fr": "Essai", "en": "Trial"}})
REPORT = Report(b"# none\n", "<!doctype html><title>ok</title>", {"violations": 0, "warnings": 0, "infos": 0})


def pole_quads(slugs: Iterable[str]) -> list[QuadLine]:
    """Return two quads for each pole: class and French name."""
    lines = []
    for slug in slugs:
        pole = f"<{ADDRESSES.thing('pole', slug)}>"
        lines.append(
            QuadLine(
                f"{pole} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/ptce/ns#Pole> <{GRAPH}> ."
            )
        )
        lines.append(
            QuadLine(f'{pole} <http://www.w3.org/2004/02/skos/core#prefLabel> "Pôle {slug}"@fr <{GRAPH}> .')
        )
    return lines


Build = Callable[[Iterable[str]], ReleaseLayout]


@pytest.fixture
def var(tmp_path: Path) -> VarLayout:
    return VarLayout(tmp_path / "var")


@pytest.fixture
def build(var: VarLayout) -> Build:
    """Build a release from the slugs of its poles."""

    def make(slugs: Iterable[str]) -> ReleaseLayout:
        lines = pole_quads(slugs)
        random.Random(len(lines)).shuffle(lines)
        with locked(var), Candidate(var, ADDRESSES) as candidate:
            candidate.extend(lines)
            candidate.sort()
            return candidate.finish(META, REPORT)[0]

    return make


@pytest.fixture
def pool() -> Iterator[Executor]:
    """What writes files of a small release."""
    with ThreadPoolExecutor(1) as found:
        yield found
