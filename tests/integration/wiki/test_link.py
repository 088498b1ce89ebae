"""Pull from a real MediaWiki, match, decide, move the page there, pull and match again, build: the page leads to its thing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ptce_lod import pipeline
from ptce_lod.cli import cli
from ptce_lod.decisions import read_decisions
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish import locked, publish
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from tests.conftest import project_settings
from tests.integration.wiki.conftest import write_mapping
from tests.integration.wiki.mediawiki import MediaWiki

FERTILES = "Les Imaginations Fertiles (Toulouse)"


@pytest.fixture
def settings(tmp_path: Path, published: Settings) -> Settings:
    made = project_settings(tmp_path / "var", data_dir=tmp_path / "sources", wiki_dir=tmp_path / "wiki")
    shutil.copytree(published.data_dir, made.data_dir)
    build(made)
    return made


@pytest.fixture
def run(settings: Settings) -> Callable[..., Result]:
    environment = {
        f"PTCE_{name.upper()}": str(value)
        for name, value in settings.to_values().items()
        if name.endswith("_dir") or name == "base_iri"
    }
    environment |= {"PTCE_WIKI_PAUSE_SECONDS": "0", "PTCE_WIKI_PRIVATE_HOSTS": "127.0.0.1"}

    def invoke(*arguments: str, keys: str = "") -> Result:
        done = CliRunner().invoke(cli, arguments, env=environment, input=keys)
        assert done.exit_code == 0, done.output
        return done

    return invoke


def build(settings: Settings) -> None:
    release = pipeline.build(settings)
    with locked(VarLayout(settings.var_dir)):
        publish(VarLayout(settings.var_dir), release.layout.release_id)


def test_a_page_is_pulled_matched_decided_moved_and_led_from(
    own_wiki: MediaWiki, settings: Settings, run: Callable[..., Result]
) -> None:
    write_mapping(settings, own_wiki.base)
    own_wiki.write(FERTILES, "{{Infobox PTCE|création=2012}} Un pôle.\n[[Catégorie:PTCE]]")
    own_wiki.write("Recette du pain", "Farine, eau.\n[[Catégorie:PTCE]]")
    run("wiki", "pull", "test", "--page", FERTILES, "--page", "Recette du pain", "--page", "Tetris")
    run("link", "candidates", "test")
    shown = run("link", "review", "test", "--who", "ab", keys="y" + "n" * 20).stderr
    assert FERTILES in shown
    assert "Tetris" not in shown  # its template says what it is about
    table = settings.links_dir / "test.csv"
    (yes,) = (row for row in read_decisions(table) if row.decision == "yes")
    assert (yes.thing, yes.name) == ("pole/imaginations-fertiles", FERTILES)

    own_wiki.site.pages[FERTILES].move("Imaginations fertiles", "test", no_redirect=True)
    run(
        "wiki",
        "pull",
        "test",
        "--page",
        "Imaginations fertiles",
        "--page",
        "Recette du pain",
        "--page",
        "Tetris",
    )
    assert "1 decisions follow" in run("link", "candidates", "test").stderr
    assert "0 decided" in run("link", "review", "test", "--who", "cd", keys="y" * 20).output
    run("wiki", "read", "test")
    facts = (settings.data_dir / "wiki-test/wiki-test.ttl").read_text(encoding="utf-8")
    assert '<pole/imaginations-fertiles> <https://w3id.org/ptce/ns#startDate> "2012"' in facts

    build(settings)
    client = create_app(settings).test_client(use_cookies=False)
    found = client.get("/lookup", query_string={"url": f"{own_wiki.base}index.php/Imaginations_fertiles"})
    assert found.headers["Location"] == "/id/pole/imaginations-fertiles"
    page = client.get("/doc/pole/imaginations-fertiles?lang=fr", headers={"Accept": "text/html"}).text
    assert f'href="{own_wiki.base}index.php/Imaginations_fertiles"' in page
