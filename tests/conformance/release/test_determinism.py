"""The real data, built twice by different processes from folders read in different order, give the same bytes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from ptce_lod.release.layout import VarLayout
from ptce_lod.release.verify import verify
from tests.conftest import PROJECT


def build(folder: Path, hash_seed: str, *, backwards: bool) -> tuple[bytes, VarLayout]:
    sources = folder / "sources"
    sources.mkdir(parents=True)
    for source in sorted((PROJECT / "data/sources").iterdir(), reverse=backwards):
        shutil.copytree(source, sources / source.name)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PTCE_")},
        "PYTHONHASHSEED": hash_seed,
        "PTCE_BASE_IRI": "http://127.0.0.1:8000/",
        "PTCE_DATA_DIR": str(sources),
        "PTCE_VAR_DIR": str(folder / "var"),
        "TZ": "Pacific/Auckland" if backwards else "UTC",
        "LC_ALL": "C",
    }
    command = [sys.executable, "-m", "ptce_lod.cli", "build", "--quiet"]
    subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True)
    var = VarLayout(folder / "var")
    (release,) = var.all_releases()
    assert verify(release) > 20
    return release.manifest_path.read_bytes(), var


def test_two_builds_of_the_same_sources_have_the_same_manifest(tmp_path: Path) -> None:
    """The manifest holds the checksum of every dump, report, catalogue and of the statistics."""
    first, _ = build(tmp_path / "a", "1", backwards=False)
    second, _ = build(tmp_path / "b", "2", backwards=True)
    assert first == second
