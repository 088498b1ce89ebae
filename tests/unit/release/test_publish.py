"""Publishing is one atomic switch; it can be undone, and nobody publishes beside somebody else."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from ptce_lod.errors import ReleaseDamaged, ReleaseLocked, ReleaseNotFound, SettingsError
from ptce_lod.release.diff import diff
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish import locked, prune, publish, rollback
from ptce_lod.release.publish_log import publications
from ptce_lod.release.verify import verify
from tests.unit.release.conftest import Build


def test_the_published_release_is_the_one_named_last(var: VarLayout, build: Build) -> None:
    first, second = build(["a"]), build(["b"])
    with pytest.raises(ReleaseNotFound, match="nothing is published yet"):
        var.published()
    assert publish(var, first.release_id) is True
    assert publish(var, first.release_id) is False
    publish(var, second.release_id)
    assert var.published().release_id == second.release_id
    assert [p.release_id for p in publications(var)] == [first.release_id, second.release_id]


def test_rollback_goes_back_one_step_at_a_time(var: VarLayout, build: Build) -> None:
    ids = [build([name]).release_id for name in "abc"]
    for release_id in ids:
        publish(var, release_id)
    assert rollback(var).release_id == ids[1]
    assert rollback(var).release_id == ids[0]
    with pytest.raises(ReleaseNotFound, match="no earlier release"):
        rollback(var)
    assert var.published().release_id == ids[0]


def test_an_unknown_release_is_refused_and_nothing_changes(var: VarLayout, build: Build) -> None:
    release_id = build(["a"]).release_id
    publish(var, release_id)
    for wrong in ("0123456789abcdef", "../../etc", ""):
        with pytest.raises(ReleaseNotFound, match="there is no release"):
            publish(var, wrong)
    assert var.published().release_id == release_id


def _hold(path: Path, ready: object, done: object) -> None:
    with locked(VarLayout(path)):
        ready.set()  # type: ignore[attr-defined]
        done.wait(20)  # type: ignore[attr-defined]


def test_a_second_process_is_turned_away_while_one_builds(var: VarLayout) -> None:
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    holder = context.Process(target=_hold, args=(var.path, ready, done))
    holder.start()
    try:
        assert ready.wait(20)
        with pytest.raises(ReleaseLocked, match="another process is building or publishing"), locked(var):
            pass
    finally:
        done.set()
        holder.join()
    with locked(var):
        pass


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(SettingsError, match=r"file/var: cannot be written"),
        locked(VarLayout(tmp_path / "file" / "var")),
    ):
        pass


def test_prune_keeps_the_published_and_the_latest(var: VarLayout, build: Build) -> None:
    ids = [build([name]).release_id for name in "abcd"]
    for release_id in ids[:3]:
        publish(var, release_id)
    publish(var, ids[0])
    assert set(prune(var, 2)) == {ids[1], ids[3]}
    assert {r.release_id for r in var.all_releases()} == {ids[0], ids[2]}


def test_diff_tells_what_to_remove_and_add(build: Build) -> None:
    first, second = build(["a", "b"]), build(["b", "c"])
    changes = [
        (c.added, c.line.split()[0].rsplit("/", 1)[-1])
        for c in diff(first, second)
        if "graph/trial" in c.line
    ]
    assert changes == [(False, "a>"), (False, "a>"), (True, "c>"), (True, "c>")]
    assert list(diff(first, first)) == []


@pytest.mark.parametrize(
    "name", ["dumps/all.nq", "dumps/poles.ttl.gz", "fragments/spo", "statistics.json", "report.html"]
)
def test_verify_names_a_file_that_was_changed_or_removed(build: Build, name: str) -> None:
    layout = build(["a"])
    path = layout.path / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ReleaseDamaged, match=f"{name} does not have the checksum"):
        verify(layout)
    path.unlink()
    with pytest.raises(ReleaseDamaged, match=f"{name} is missing"):
        verify(layout)


def test_verify_notices_a_store_that_is_gone(build: Build) -> None:
    import shutil

    layout = build(["a"])
    shutil.rmtree(layout.store)
    layout.store.mkdir()
    with pytest.raises(ReleaseDamaged, match="store"):
        verify(layout)
