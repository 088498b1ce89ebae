"""A selection that finds no page is an error that names it, and what was pulled before stays; one slip among several is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from ptce_lod.cli import cli
from ptce_lod.errors import SourceUnavailable
from ptce_lod.wiki.config import Selection, Site, WikiConfig
from ptce_lod.wiki.pull import Pulled, pull
from ptce_lod.wiki.snapshot import SnapshotFolder
from tests.integration.wiki.faulty import Answer, Faulty, Script, faulty, reply, wiki_of
from tests.integration.wiki.test_faults import QUICK

PAGES = {"P1": "un", "P2": "deux"}
MAPPING = """
title = {{ fr = "x", en = "x" }}
[[site]]
language = "fr"
api = "{base}api.php"
[pull]
categories = ["Catégorie:PTCE"]
[things]
P1 = "pole/tetris"
"""


def with_category(script: Script, title: str, members: list[str]) -> Script:
    """Return a script that also knows a category, and the prefixes of titles."""

    def answer(asked: dict[str, str]) -> Answer:
        if asked.get("list") == "categorymembers":
            found = members if asked["cmtitle"] == title else []
            return reply({"categorymembers": [{"title": each} for each in found]})
        if asked.get("list") == "allpages":
            found = [each for each in PAGES if each.startswith(asked["apprefix"])]
            return reply({"allpages": [{"title": each} for each in found]})
        return script(asked)

    return answer


WIKI = with_category(wiki_of(PAGES), "Catégorie:PTCE", ["P1", "P2"])


def pulled(server: Faulty, folder: Path, **selection: tuple[str, ...]) -> Pulled:
    config = WikiConfig("x", {"fr": "x", "en": "x"}, (Site("fr", server.base + "api.php"),))
    return pull(config, Selection(**selection), SnapshotFolder(folder), QUICK, private_hosts=["127.0.0.1"])


@pytest.mark.parametrize(
    ("selection", "told"),
    [
        ({"categories": ("Catégorie:PTCEE",)}, "the category 'Catégorie:PTCEE' has no page"),
        ({"prefixes": ("Pole",)}, "the prefix 'Pole' has no page"),
        ({"pages": ("P3", "https://wiki.example/P1")}, "no page 'P3'; there is no page 'https://wiki.example/P1'"),
        ({"pages": tuple(f"A{n}" for n in range(30))}, "and 20 more"),
    ],
    ids=["category", "prefix", "page", "many"],
)  # fmt: skip
def test_a_selection_without_a_page_is_an_error_that_names_it(
    tmp_path: Path, selection: dict[str, tuple[str, ...]], told: str
) -> None:
    with faulty(WIKI) as server:
        before = pulled(server, tmp_path, categories=("Catégorie:PTCE",))
        with pytest.raises(SourceUnavailable) as error:
            pulled(server, tmp_path, **selection)
    assert told in error.value.message
    assert "former snapshot stays" in error.value.hint
    now = SnapshotFolder(tmp_path).current()
    assert now is not None
    assert now.path == before.snapshot.path


def test_a_slip_among_what_finds_pages_is_told(tmp_path: Path) -> None:
    with faulty(WIKI) as server:
        found = pulled(
            server,
            tmp_path,
            categories=("Catégorie:PTCE", "Catégorie:PTCEE"),
            prefixes=("P", "Q"),
            pages=("P3",),
        )
    assert found.counts["pages"] == 2
    assert found.missing == ["P3"]
    assert found.empty == ["the category 'Catégorie:PTCEE' has no page", "the prefix 'Q' has no page"]


def test_a_wiki_that_lost_all_its_pages_empties_nothing(tmp_path: Path) -> None:
    with faulty(WIKI) as server:
        before = pulled(server, tmp_path, categories=("Catégorie:PTCE",))
        server.script = with_category(wiki_of({}), "Catégorie:PTCE", [])
        with pytest.raises(SourceUnavailable, match="'Catégorie:PTCE' has no page"):
            pulled(server, tmp_path, categories=("Catégorie:PTCE",))
        server.script = with_category(wiki_of({}), "Catégorie:PTCE", ["P1", "P2"])
        with pytest.raises(SourceUnavailable, match="there is no page 'P1'") as error:
            pulled(server, tmp_path, categories=("Catégorie:PTCE",))
    assert "remove the source's folder, wiki-x" in error.value.hint
    now = SnapshotFolder(tmp_path).current()
    assert now is not None
    assert now.path == before.snapshot.path


def test_the_command_leaves_the_source_and_says_what_has_no_page(tmp_path: Path) -> None:
    mapping = tmp_path / "wiki/mappings/x.toml"
    mapping.parent.mkdir(parents=True)
    environment = {
        "PTCE_VAR_DIR": str(tmp_path / "var"), "PTCE_DATA_DIR": str(tmp_path / "sources"),
        "PTCE_WIKI_DIR": str(tmp_path / "wiki"), "PTCE_LINKS_DIR": str(tmp_path / "links"),
        "PTCE_WIKI_PAUSE_SECONDS": "0", "PTCE_WIKI_PRIVATE_HOSTS": "127.0.0.1",
    }  # fmt: skip
    with faulty(WIKI) as server:
        mapping.write_text(MAPPING.format(base=server.base), encoding="utf-8")
        done = CliRunner().invoke(
            cli, ["wiki", "pull", "x", "--prefix", "Q", "--page", "P1"], env=environment
        )
        assert done.exit_code == 0, done.output
        assert "the prefix 'Q' has no page" in done.output
        folder = tmp_path / "sources/wiki-x"
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        done = CliRunner().invoke(
            cli, ["wiki", "pull", "x", "--category", "Catégorie:PTCEE"], env=environment
        )
    assert done.exit_code != 0
    assert "Catégorie:PTCEE" in done.output
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
