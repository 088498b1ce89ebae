"""A release is the same on every machine, complete or not there at all."""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
from pathlib import Path

import pyoxigraph as ox
import pytest

from ptce_lod.release import build as building
from ptce_lod.release.build import Candidate, remove_leftovers
from ptce_lod.release.layout import ReleaseLayout, VarLayout, release_id_of
from ptce_lod.release.publish import locked
from ptce_lod.release.verify import verify
from ptce_lod.terms import QuadLine
from tests.unit.release.conftest import ADDRESSES, GRAPH, META, REPORT, Build, pole_quads

SLUGS = [f"pole-{n}" for n in range(50)]


def content(folder: Path) -> dict[str, str]:
    """Return file → SHA-256 of everything but the engines' own files."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "store" not in path.parts and path.suffix != ".sqlite"
    }


def named_quads(layout: ReleaseLayout) -> set[ox.Quad]:
    return {q for q in ox.Store.read_only(str(layout.store)) if q.graph_name != ox.DefaultGraph()}


def test_the_same_quads_in_any_order_give_the_same_id_and_bytes(tmp_path: Path) -> None:
    found = []
    for seed in range(2):
        var = VarLayout(tmp_path / str(seed))
        lines = pole_quads(SLUGS) * (seed + 1)
        random.Random(seed).shuffle(lines)
        with locked(var), Candidate(var, ADDRESSES) as candidate:
            candidate.extend(lines)
            candidate.sort()
            layout, is_new = candidate.finish(META, REPORT)
        assert is_new
        found.append((layout.release_id, content(layout.path)))
    assert found[0] == found[1]
    assert "dumps/graphs/trial/2026-11-22.ttl" in found[0][1]


def test_the_id_is_that_of_the_quads(build: Build) -> None:
    layout = build(SLUGS)
    assert (
        release_id_of(hashlib.sha256((layout.dumps / "all.nq").read_bytes()).hexdigest()) == layout.release_id
    )
    assert build(SLUGS[1:]).release_id != layout.release_id


def test_every_dump_holds_the_same_quads_as_the_store(build: Build) -> None:
    layout = build(SLUGS)
    store = named_quads(layout)
    assert set(ox.parse(path=str(layout.dumps / "all.nq"))) == store
    assert set(ox.parse(path=str(layout.dumps / "all.trig"))) == store
    turtle = {q.triple for q in ox.parse(path=str(layout.dumps / "graphs/trial/2026-11-22.ttl"))}
    assert turtle == {q.triple for q in store if q.graph_name.value == GRAPH}


def test_the_default_graph_holds_each_triple_of_the_named_graphs_once(var: VarLayout) -> None:
    lines = pole_quads(["a"])
    twice = [*lines, *(QuadLine(line.replace("graph/trial/", "graph/other/")) for line in lines)]
    with locked(var), Candidate(var, ADDRESSES) as candidate:
        candidate.extend(twice)
        candidate.sort()
        layout, _ = candidate.finish(META, REPORT)
    store = ox.Store.read_only(str(layout.store))
    query = "SELECT (COUNT(*) AS ?n) { ?pole <http://www.w3.org/2004/02/skos/core#prefLabel> ?name }"
    ((number,),) = store.query(query)  # type: ignore[misc]
    assert number.value == "1"
    default = set(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    assert {q.triple for q in default} == {q.triple for q in named_quads(layout)}


def test_the_manifest_lists_every_file_with_its_checksum(build: Build) -> None:
    layout = build(SLUGS)
    assert {name: entry["sha256"] for name, entry in layout.manifest()["files"].items()} == {
        name: digest for name, digest in content(layout.path).items() if name != "manifest.json"
    }
    assert verify(layout) == len(layout.manifest()["files"])


def test_statistics_and_index_count_what_is_there(build: Build) -> None:
    layout = build(SLUGS)
    statistics = json.loads(layout.statistics.read_text(encoding="utf-8"))
    assert statistics["things"] == {"pole": 50}
    assert statistics["classes"]["https://w3id.org/ptce/ns#Pole"] == 50
    assert statistics["quads"] == len(named_quads(layout))
    connection = sqlite3.connect(layout.search_index)
    try:
        rows = connection.execute(
            "SELECT slug, label_fr, label_en FROM thing WHERE type = 'pole' ORDER BY sort_key"
        ).fetchall()
        (found,) = connection.execute(
            "SELECT slug FROM thing_text JOIN thing ON thing.id = thing_text.rowid WHERE thing_text MATCH 'name:\"pole 7\"'"
        ).fetchone()
    finally:
        connection.close()
    assert rows[0] == ("pole-0", "Pôle pole-0", "Pôle pole-0")
    assert found == "pole-7"


@pytest.mark.parametrize(
    "step", ["load", "derive", "write_dumps", "write_search_index", "write_fragment_index", "_sync"]
)
def test_a_build_that_fails_at_any_step_leaves_nothing(
    var: VarLayout, build: Build, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before = build(SLUGS[:3])
    known = content(before.path)

    def fail(*args: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(building, step, fail)
    with pytest.raises(KeyboardInterrupt):
        build(SLUGS)
    assert [r.release_id for r in var.all_releases()] == [before.release_id]
    assert content(before.path) == known
    assert not list(var.path.glob("candidate-*"))


def test_what_a_killed_build_left_is_removed_by_the_next(var: VarLayout) -> None:
    (var.path / "candidate-99999" / "scratch").mkdir(parents=True)
    with locked(var):
        assert remove_leftovers(var) == 1
    assert not list(var.path.glob("candidate-*"))


def test_a_folder_without_manifest_is_no_release_and_is_replaced(var: VarLayout, build: Build) -> None:
    layout = build(SLUGS)
    layout.manifest_path.unlink()
    assert var.all_releases() == []
    assert build(SLUGS).release_id == layout.release_id
    assert len(var.all_releases()) == 1
