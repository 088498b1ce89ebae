"""A folder is whole or the former one, also when a run was interrupted between two renames."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from ptce_lod.errors import ReleaseError, ReleaseLocked, SourceUnavailable
from ptce_lod.folders import exchange, held, put_aside, whole
from ptce_lod.ingest.source import discover
from ptce_lod.wiki.config import Selection
from ptce_lod.wiki.pull_dump import pull_dump
from ptce_lod.wiki.snapshot import SnapshotFolder
from ptce_lod.wiki.source_folder import read_snapshot, write_source
from tests.unit.wiki.test_dump import HEAD, page
from tests.unit.wiki.test_trust import CONFIG

MARK = "mark"


def folder_with(path: Path, word: str) -> Path:
    path.mkdir(parents=True)
    (path / MARK).write_text(word, encoding="utf-8")
    return path


def write(target: Path, word: str) -> None:
    with whole(target, MARK) as folder:
        (folder / MARK).write_text(word, encoding="utf-8")


class Killed(BaseException):
    """As when the process ends at once."""


def interrupt(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """On a system that cannot exchange folders, end the process after so many renames; none is taken back."""
    real, done = Path.rename, 0

    def rename(self: Path, target: Path) -> Path:
        nonlocal done
        if done >= after:
            raise Killed
        done += 1
        return real(self, target)

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(Path, "rename", rename)


@pytest.mark.parametrize("after", [1, 2])
def test_what_an_interrupted_run_put_aside_comes_back(tmp_path: Path, after: int) -> None:
    target = folder_with(tmp_path / "t[1]", "former")
    with pytest.MonkeyPatch.context() as patch:
        interrupt(patch, after)
        with pytest.raises(Killed):
            exchange(folder_with(tmp_path / ".t[1].new-x", "new"), target)
    assert put_aside(tmp_path).keys() == ({"t[1]"} if after == 1 else set())
    with pytest.raises(RuntimeError), whole(target, MARK):  # the next run fails, but clears up
        raise RuntimeError
    assert (target / MARK).read_text(encoding="utf-8") == ("former" if after == 1 else "new")
    assert [path.name for path in tmp_path.iterdir()] == ["t[1]"]
    write(target, "next")
    assert (target / MARK).read_text(encoding="utf-8") == "next"


def test_a_build_says_which_source_was_put_aside(tmp_path: Path) -> None:
    for name in ("a", "b"):
        folder_with(tmp_path / name, name)
    assert [path.name for path in discover(tmp_path)] == ["a", "b"]
    (tmp_path / "b").rename(tmp_path / ".b.old-7")
    with pytest.raises(SourceUnavailable, match=r"b: is not there: an interrupted run left it as \.b\.old-7"):
        discover(tmp_path)


def test_a_folder_that_nobody_of_ours_wrote_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "t"
    target.mkdir()
    (target / "letter").touch()
    with pytest.raises(ReleaseError, match="holds no mark"):
        write(target, "x")


def test_a_lock_says_who_holds_it(tmp_path: Path) -> None:
    lock = tmp_path / "w/lock"
    with held(lock, "pulling"):
        with (
            pytest.raises(ReleaseLocked, match=rf"another process \({os.getpid()}\) is pulling"),
            held(lock, "pulling"),
        ):
            pytest.fail("two at a time")
        assert lock.read_text(encoding="ascii").strip() == str(os.getpid())
    with held(lock, "pulling"):
        pass


def test_a_source_of_a_wiki_is_never_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "d.xml"
    data = tmp_path / "sources"
    renamed: list[str] = []
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        renamed.append(self.name)
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    for title in ("A", "B"):
        path.write_text(HEAD + page(1, title, "a") + "</mediawiki>", encoding="utf-8")
        pulled = pull_dump(CONFIG, Selection(), SnapshotFolder(tmp_path / "w"), path)
        folder = write_source(CONFIG, pulled.snapshot, read_snapshot(CONFIG, pulled.snapshot), data)
        assert f'"{title}"@fr' in (folder / "wiki-x.ttl").read_text(encoding="utf-8")
    assert "wiki-x" not in renamed, "what a build reads is exchanged, not moved away"
    assert [each.name for each in data.iterdir()] == ["wiki-x"]
