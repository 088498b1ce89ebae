"""A slip in the identifier of an infobox makes no thing: neither when a wiki is read, nor when what was read is built."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from ptce_lod import pipeline
from ptce_lod.cli import cli
from ptce_lod.errors import DataRejected
from ptce_lod.link.known import known_things
from ptce_lod.settings import Settings
from tests.conftest import project_settings
from tests.integration.wiki.faulty import faulty, wiki_of

PAGES = {
    "Nord": "{{Infobox|id=n-existe-pas|année=2012}}",
    "Tetris": "{{Infobox|id=tetris|année=2013}}",
    "Énergie": "",
    "Sud": "",
}
MAPPING = """
title = {{ fr = "x", en = "x" }}
[[site]]
language = "fr"
api = "{base}api.php"
[pull]
pages = ["Nord", "Tetris", "Énergie", "Sud"]
[things]
"Énergie" = "concept/sector/energy"
Sud = "pole/zzz"
Ouest = "pole/tetris"
[[template]]
names = ["Infobox"]
thing = "pole/{{id}}"
[[template.field]]
parameters = ["année"]
predicate = "ptce:startDate"
parser = "date"
"""


@pytest.fixture
def settings(tmp_path: Path, published: Settings) -> Settings:
    made = project_settings(tmp_path / "var", data_dir=tmp_path / "sources", wiki_dir=tmp_path / "wiki")
    shutil.copytree(published.data_dir, made.data_dir)
    return made


def told(settings: Settings, *arguments: str) -> str:
    environment = {
        f"PTCE_{name.upper()}": str(value)
        for name, value in settings.to_values().items()
        if name.endswith("_dir") or name == "base_iri"
    }
    environment |= {"PTCE_WIKI_PAUSE_SECONDS": "0", "PTCE_WIKI_PRIVATE_HOSTS": "127.0.0.1"}
    done = CliRunner().invoke(cli, arguments, env=environment)
    assert done.exit_code == 0, done.output
    return done.output


def test_what_a_page_names_is_read_only_when_a_source_describes_it(settings: Settings) -> None:
    mapping = settings.wiki_dir / "mappings/x.toml"
    mapping.parent.mkdir(parents=True)
    path = settings.data_dir / "wiki-x/wiki-x.ttl"
    with faulty(wiki_of(PAGES)) as server:
        mapping.write_text(MAPPING.format(base=server.base), encoding="utf-8")
        output = told(settings, "wiki", "pull", "x")
    read = path.read_text(encoding="utf-8")
    assert "/wiki/Nord [pole/{id} of the mapping x]: names 'pole/n-existe-pas'" in output
    assert "/wiki/Sud [things.Sud of the mapping x]: names 'pole/zzz'" in output
    assert "[things] of the mapping x: no pulled page is called 'Ouest'" in output
    assert "n-existe-pas" not in read
    assert "zzz" not in read
    assert "<pole/tetris>" in read
    assert "<https://w3id.org/ptce/concept/sector/energy>" in read
    assert pipeline.build(settings).report

    # What was read holds the thing, and it is gone from its source afterwards.
    path.write_text(read.replace("pole/tetris", "pole/n-existe-pas"), encoding="utf-8")
    about = path.with_name("source.ttl")
    digest = pipeline.sources.file_sha256(path)
    lines = [
        f'    spdx:checksumValue "{digest}"^^xsd:hexBinary .' if "spdx:checksumValue" in line else line
        for line in about.read_text(encoding="utf-8").splitlines()
    ]
    about.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DataRejected) as rejected:
        pipeline.build(settings)
    assert "/wiki/Tetris, source wiki-x" in rejected.value.report.to_text("en")  # type: ignore[attr-defined]
    assert "Integrity-danglingReference" in rejected.value.report.to_text("en")  # type: ignore[attr-defined]
    told(settings, "wiki", "read", "x")
    assert pipeline.build(settings).report


def test_things_are_known_by_sources_vocabulary_and_edits_or_not_at_all(
    settings: Settings, tmp_path: Path
) -> None:
    notes: list[str] = []
    known = known_things(settings, notes.append)
    assert known is not None
    assert known("pole/tetris")
    assert known("concept/sector/energy")
    assert not known("pole/n-existe-pas")
    (settings.data_dir / "broken").mkdir()
    (settings.data_dir / "broken/source.ttl").write_text("<x", encoding="utf-8")
    assert known_things(settings, notes.append) is None
    assert len(notes) == 1
    assert "broken" in notes[0]
    assert known_things(project_settings(tmp_path / "v", data_dir=tmp_path / "none"), notes.append) is None
    assert len(notes) == 1
