"""Two mappings read one page of a wiki at different times: each source says its own of it, and a build takes both."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from ptce_lod import pipeline
from ptce_lod.errors import DataRejected
from ptce_lod.iris import source_slug
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish import locked, publish
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from ptce_lod.wiki.config import WikiConfig
from ptce_lod.wiki.snapshot import PageRecord, SnapshotFolder
from ptce_lod.wiki.source_folder import read_snapshot, taken_elsewhere, write_source
from tests.conftest import project_settings

URL = "https://wiki.example/wiki/Tetris"
NODE = f"source/{source_slug(URL)}"
FORMER = f"source/{source_slug('https://wiki.example/wiki/Ancien')}"
CONFIG = WikiConfig("b", {"fr": "x", "en": "x"}, (), things={"Tetris": "pole/tetris"})


@pytest.fixture
def settings(tmp_path: Path, published: Settings) -> Settings:
    made = project_settings(tmp_path / "var", data_dir=tmp_path / "sources")
    shutil.copytree(published.data_dir, made.data_dir)
    return made


def read(settings: Settings, name: str, day: int, *, is_careless: bool = False) -> str:
    """Read the page as it is on a day by the mapping ``name``; return what was written."""
    config = dataclasses.replace(CONFIG, wiki_id=name)
    folder = SnapshotFolder(settings.var_dir / "wikis" / name)
    folder.resume({})
    site = {
        "licence_url": "",
        "licence_text": "",
        "article": "https://wiki.example/wiki/$1",
        "api": "https://wiki.example/api.php",
    }
    moment = f"2026-01-0{day}T00:00:00Z"
    record = PageRecord("fr", 7, "Tetris", URL, day, moment, f"texte {day}", redirects=("Ancien",))
    snapshot = folder.finish(f"2026010{day}T000000Z", [record], {"retrieved": moment, "sites": {"fr": site}})
    taken = () if is_careless else taken_elsewhere(settings.data_dir, name)
    found = read_snapshot(config, snapshot, taken=taken)
    path = write_source(config, snapshot, found, settings.data_dir)
    return (path / f"{path.name}.ttl").read_text(encoding="utf-8")


def test_each_source_says_its_own_reading_of_a_page(settings: Settings) -> None:
    first = read(settings, "b", 1)
    assert f'<{NODE}> <http://purl.org/pav/version> "1"' in first
    second = read(settings, "a", 2)
    assert f'<{NODE}-a> <http://purl.org/pav/version> "2"' in second
    assert f"<{NODE}>" not in second
    assert f"<{FORMER}-a> <http://purl.org/dc/terms/isReplacedBy> <{NODE}-a>" in second
    assert read(settings, "b", 1) == first
    assert read(settings, "a", 2) == second
    release = pipeline.build(settings)
    with locked(VarLayout(settings.var_dir)):
        publish(VarLayout(settings.var_dir), release.layout.release_id)
    client = create_app(settings).test_client(use_cookies=False)
    for url in (URL, "https://wiki.example/wiki/Ancien"):
        found = client.get("/lookup", query_string={"url": url})
        assert found.headers["Location"] == "/id/pole/tetris"


def test_sources_of_one_record_are_mended_by_reading_one_again(settings: Settings) -> None:
    read(settings, "b", 1)
    read(settings, "a", 2, is_careless=True)
    with pytest.raises(DataRejected):
        pipeline.build(settings)
    read(settings, "b", 1)
    assert pipeline.build(settings).report
