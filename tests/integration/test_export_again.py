"""What an export does to what stands in its place: somebody's folder, an earlier export, that of the same release."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ptce_lod.errors import ReleaseDamaged, ReleaseError, ReleaseLocked
from ptce_lod.export.site import MARKER, export_site
from ptce_lod.folders import exchange, whole
from ptce_lod.release.history import moment_of
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish_log import publications
from ptce_lod.settings import Settings
from tests.integration.conftest import environment
from tests.unit.query.small_release import BASE


def test_somebody_s_folder_is_left_alone(exported_settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(ReleaseError, match="not empty and holds no ptce-lod-export"):
        export_site(exported_settings, tmp_path / "mine")
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "letter.txt"]
    with pytest.raises(ReleaseError, match="is a file"):
        export_site(exported_settings, tmp_path / "mine/letter.txt")


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """An export from before."""
    target = tmp_path / "out"
    (target / "site").mkdir(parents=True)
    (target / MARKER).write_text("{}", encoding="utf-8")
    return target


def test_a_damaged_dump_is_not_exported(exported_settings: Settings, earlier: Path) -> None:
    dump = VarLayout(exported_settings.var_dir).published().dumps / "all.ttl"
    data = dump.read_bytes()
    try:
        dump.write_bytes(data[:-1] + b"!")
        with pytest.raises(ReleaseDamaged, match=r"dumps/all\.ttl"):
            export_site(exported_settings, earlier)
    finally:
        dump.write_bytes(data)
    assert sorted(path.name for path in earlier.iterdir()) == [MARKER, "site"]
    assert [path.name for path in earlier.parent.iterdir()] == ["out"]


def test_a_disk_that_takes_no_more_leaves_the_earlier_export(
    exported_settings: Settings, earlier: Path
) -> None:
    def bound() -> None:  # writing beyond a file's first 100 kB fails, in all processes
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    command = [sys.executable, "-m", "ptce_lod.cli", "export-site", "--local", str(earlier)]
    done = subprocess.run(
        command,
        env=environment(BASE, 8000, exported_settings.var_dir),
        preexec_fn=bound,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 5
    assert "could not be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in earlier.iterdir()) == [MARKER, "site"]
    assert [path.name for path in earlier.parent.iterdir()] == ["out"]


def test_a_second_export_to_the_same_place_is_refused_while_one_runs(earlier: Path) -> None:
    with (
        whole(earlier, MARKER) as folder,
        pytest.raises(ReleaseLocked, match="another process"),
        whole(earlier, MARKER),
    ):
        pytest.fail("two at a time")
    assert earlier.is_dir()
    assert not folder.exists()


@pytest.mark.parametrize("steps", ["one", "three"])
def test_two_folders_change_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: str) -> None:
    if steps == "three":
        monkeypatch.setattr(sys, "platform", "darwin")
    for name in ("new", "old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    exchange(tmp_path / "new", tmp_path / "old")
    assert [path.name for path in (tmp_path / "old").iterdir()] == ["new"]
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["old"]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_cannot_take_the_place_leaves_what_stood_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    (tmp_path / "old").mkdir()
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "missing", tmp_path / "old")
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_an_interrupted_export_leaves_the_earlier_one_and_the_next_cleans_up(
    exported_settings: Settings, tmp_path: Path
) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / MARKER).write_text("{}", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "ptce_lod.cli", "export-site", "--local", str(target)],
        env=environment(BASE, 8000, exported_settings.var_dir),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    deadline = time.monotonic() + 20
    while not list(tmp_path.glob(".out.new-*/site")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=20)
    assert [path.name for path in target.iterdir()] == [MARKER]
    export_site(exported_settings, target)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (target / "nginx.conf").is_file()


def dates(exported: Path) -> dict[str, float]:
    """Return the date of each file of an export's site."""
    site = exported / "site"
    return {str(path.relative_to(site)): path.stat().st_mtime for path in site.rglob("*") if path.is_file()}


def test_files_have_the_date_of_their_release(exported: Path, exported_settings: Settings) -> None:
    (publication,) = publications(VarLayout(exported_settings.var_dir))
    assert set(dates(exported).values()) == {moment_of(publication).timestamp()}


def test_another_export_changes_the_date_of_what_has_changed(
    exported: Path, exported_settings: Settings, tmp_path: Path
) -> None:
    target = tmp_path / "out"
    shutil.copytree(exported, target)
    before = dates(target)
    assert before == dates(exported)
    changed = ("poles.ttl", "poles.fr.html.gz", "dumps/latest/all.nt", "static/css/site.css")
    for name in changed:
        path = target / "site" / name
        path.write_bytes(path.read_bytes()[:-1] + b"!")
        os.utime(path, (before[name], before[name]))
    (target / "site/actors.ttl").unlink()
    elder = target / "site/events.ttl"
    os.utime(elder, (1_000_000_000, 1_000_000_000))
    export_site(exported_settings, target)
    after = dates(target)
    assert after.keys() == before.keys()
    assert after["events.ttl"] == 1_000_000_000, "it is the same since then"
    others = {name for name, date in after.items() if date != before[name]}
    assert others == {*changed, "actors.ttl", "events.ttl"}
    assert all(after[name] > before[name] for name in (*changed, "actors.ttl"))
