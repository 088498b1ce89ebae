"""Pull from a real MediaWiki, change the wiki, pull again; then build a release of what was read."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyoxigraph as ox
import pytest
import requests
from click.testing import CliRunner

from ptce_lod import pipeline
from ptce_lod.cli import cli
from ptce_lod.errors import SourceUnavailable
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish import locked, publish
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from ptce_lod.wiki.config import Selection, Site, read_config
from ptce_lod.wiki.pull import Pulled, pull
from ptce_lod.wiki.pull_dump import pull_dump
from ptce_lod.wiki.session import Manners
from ptce_lod.wiki.snapshot import PageRecord, SnapshotFolder
from ptce_lod.wiki.source_folder import read_snapshot, write_source
from tests.conftest import PROJECT
from tests.integration.wiki.conftest import write_mapping
from tests.integration.wiki.mediawiki import MediaWiki

QUICK = Manners(pause=0, timeout=60, retries=1, retry_wait=0)
SEED = "Pôle territorial de coopération économique"

Puller = Callable[..., dict[str, PageRecord]]


@pytest.fixture
def puller(wiki: MediaWiki, wiki_settings: Settings) -> Puller:
    write_mapping(wiki_settings, wiki.base)

    def run(**selection: tuple[str, ...]) -> dict[str, PageRecord]:
        return {record.title: record for record in pull_into(wiki_settings, **selection).snapshot.records()}

    return run


def pull_into(settings: Settings, **selection: tuple[str, ...]) -> Pulled:
    config = read_config(settings.wiki_dir, "test")
    chosen = Selection(**selection) or config.pull
    return pull(
        config, chosen, SnapshotFolder(settings.var_dir / "wikis/test"), QUICK, private_hosts=["127.0.0.1"]
    )


def test_a_category_is_pulled_as_the_wiki_has_it(wiki: MediaWiki, puller: Puller) -> None:
    found = puller()
    assert set(found) >= {
        SEED,
        "Pôle Sud Archer",
        "Domb'Innov",
        "Tetris",
        "Pôle/Nord : énergie & cie",
        "Page à boucle",
    }
    archer = found["Pôle Sud Archer"]
    page = wiki.site.pages["Pôle Sud Archer"]
    assert archer.text == page.text()
    assert archer.revision == page.revision
    assert archer.protected
    assert archer.redirects == ("Archer",)
    assert found[SEED].redirects == ("PTCE",)
    assert not found["Tetris"].protected
    with_slash = found["Pôle/Nord : énergie & cie"]
    assert with_slash.url == f"{wiki.base}index.php/P%C3%B4le/Nord_:_%C3%A9nergie_%26_cie"
    assert "Titre avec" in requests.get(with_slash.url, timeout=30).text


def test_titles_are_normalised_and_redirects_followed(puller: Puller) -> None:
    found = puller(
        pages=("archer", "PTCE", "tetris", "Tetris", "Absente", "Boucle A", "pôle_Sud Archer", "a<b")
    )
    assert set(found) == {"Pôle Sud Archer", SEED, "Tetris"}
    assert "Archer" in found["Pôle Sud Archer"].redirects
    assert found[SEED].redirects == ("PTCE",)


def test_titles_that_are_not_there_are_named(wiki: MediaWiki, wiki_settings: Settings) -> None:
    write_mapping(wiki_settings, wiki.base)
    found = pull_into(wiki_settings, pages=("Tetris", "Absente", "Boucle A", "a<b"))
    assert set(found.missing) == {"Absente", "Boucle A", "a<b"}


@pytest.mark.parametrize(
    "selection",
    [
        {"categories": ("Catégorie:PTCEE",)},
        {"categories": ("https://wiki.example/Catégorie:PTCE",)},
        {"categories": ("Tetris: nord",)},
        {"prefixes": ("Pole ",)},
        {"pages": ("https://wiki.example/index.php/Tetris",)},
        {"pages": ("https://wiki.example/index.php/P%C3%B4le",)},
    ],
    ids=str,
)
def test_a_selection_that_a_wiki_has_no_page_for_is_named(
    puller: Puller, selection: dict[str, tuple[str, ...]]
) -> None:
    with pytest.raises(SourceUnavailable) as error:
        puller(**selection)
    ((name,),) = selection.values()
    assert name.lower() in error.value.message.lower()


def test_a_prefix_leaves_redirects_out(puller: Puller) -> None:
    found = puller(prefixes=("Pôle ", "Arch"))
    assert set(found) == {SEED, "Pôle Sud Archer"}


def test_a_list_longer_than_one_answer_is_continued(wiki: MediaWiki, puller: Puller) -> None:
    folder = wiki.folder / "import"
    folder.mkdir(exist_ok=True)
    for number in range(130):
        (folder / f"Longue {number:03}.txt").write_text(f"{number} " + "x" * 40_000, encoding="utf-8")
    wiki.maintain("importTextFiles.php", "--prefix", "", *map(str, sorted(folder.iterdir())))
    found = puller(prefixes=("Longue ",))
    assert len(found) == 130
    assert all(record.text.startswith(str(int(title[-3:]))) for title, record in found.items())


def test_redirects_of_a_page_are_learned_in_every_way_it_is_pulled(
    own_wiki: MediaWiki, wiki_settings: Settings, tmp_path: Path
) -> None:
    for number in range(60):
        own_wiki.write(f"Redirection {number:02}", "#REDIRECT [[Domb'Innov]]")
    own_wiki.write("Partie", "#REDIRECT [[Tetris#Histoire]]")
    own_wiki.write("Discussion:Tetris", "#REDIRECT [[Tetris]]")
    write_mapping(wiki_settings, own_wiki.base)
    expected = tuple(f"Redirection {number:02}" for number in range(60))
    found = {record.title: record for record in pull_into(wiki_settings).snapshot.records()}
    assert found["Domb'Innov"].redirects == expected
    assert found["Tetris"].redirects == ()
    own_wiki.write("Tardive", "#REDIRECT [[Domb'Innov]]")
    again = pull_into(wiki_settings)
    assert again.counts["fetched"] == 0
    assert {r.title: r for r in again.snapshot.records()}["Domb'Innov"].redirects == (*expected, "Tardive")
    path = tmp_path / "dump.xml"
    own_wiki.dump(path)
    config = read_config(wiki_settings.wiki_dir, "test")
    dumped = pull_dump(config, config.pull, SnapshotFolder(tmp_path / "from-dump"), path)
    assert {r.title: r for r in dumped.snapshot.records()}["Domb'Innov"].redirects == (*expected, "Tardive")


def test_what_did_not_change_is_not_fetched_again(wiki: MediaWiki, wiki_settings: Settings) -> None:
    write_mapping(wiki_settings, wiki.base)
    first = pull_into(wiki_settings, pages=("Tetris", "Domb'Innov"))
    second = pull_into(wiki_settings, pages=("Tetris", "Domb'Innov"))
    assert (first.counts["fetched"], second.counts["fetched"]) == (2, 0)
    assert list(first.snapshot.records()) == list(second.snapshot.records())


def test_deleted_moved_and_merged_pages_are_followed(
    own_wiki: MediaWiki, wiki_settings: Settings, tmp_path: Path
) -> None:
    write_mapping(wiki_settings, own_wiki.base)
    pull_into(wiki_settings)
    pages = own_wiki.site.pages
    pages["Page à supprimer"].delete("test")
    pages["Page à déplacer"].move("Page déplacée", "test", no_redirect=True)
    pages["Tetris"].move("Pôle Tetris", "test")
    own_wiki.write("Page à fondre", "#REDIRECTION [[Domb'Innov]]")
    second = pull_into(wiki_settings)
    found = {record.title: record for record in second.snapshot.records()}
    assert second.counts | {"fetched": 0} == {"pages": 7, "fetched": 0, "moved": 2, "merged": 1, "deleted": 1}
    assert found["Page à supprimer"].state == "deleted"
    assert found["Page à supprimer"].text == ""
    assert found["Page déplacée"].moved_from == ("Page à déplacer",)
    assert found["Pôle Tetris"].moved_from == ("Tetris",)
    assert (found["Page à fondre"].state, found["Page à fondre"].into) == ("merged", "Domb'Innov")
    third = pull_into(wiki_settings)
    assert {r.title: r for r in third.snapshot.records()} == found
    assert third.counts == {"pages": 7, "fetched": 0, "moved": 0, "merged": 0, "deleted": 0}
    path = tmp_path / "dump.xml"
    own_wiki.dump(path)
    config = read_config(wiki_settings.wiki_dir, "test")
    dumped = pull_dump(config, config.pull, SnapshotFolder(tmp_path / "from-dump"), path)
    live = {r.title: (r.page_id, r.revision, r.text, r.url) for r in found.values() if r.state == "present"}
    assert {r.title: (r.page_id, r.revision, r.text, r.url) for r in dumped.snapshot.records()} == live


def test_pages_of_other_languages_are_reached_by_links(
    tmp_path: Path, own_wiki: MediaWiki, wiki: MediaWiki, wiki_settings: Settings
) -> None:
    interwiki = f"INSERT INTO interwiki VALUES ('en', '{wiki.base}index.php/$1', '', '', 1, 0)"
    own_wiki.maintain("sql.php", "--query", interwiki)
    own_wiki.write("Domb'Innov", own_wiki.site.pages["Domb'Innov"].text() + "\n[[en:Tetris]]")
    own_wiki.maintain("runJobs.php")
    write_mapping(wiki_settings, own_wiki.base)
    config = read_config(wiki_settings.wiki_dir, "test")
    config = replace(
        config,
        sites=(*config.sites, Site("en", wiki.api)),
        things={"Domb'Innov": "pole/domb-innov"},
        templates=(),
    )
    folder = SnapshotFolder(tmp_path / "two")
    found = pull(config, Selection(pages=("Domb'Innov",)), folder, QUICK, private_hosts=["127.0.0.1"])
    assert [(r.site, r.title) for r in found.snapshot.records()] == [("en", "Tetris"), ("fr", "Domb'Innov")]
    read = read_snapshot(config, found.snapshot)
    assert (
        sum("isPrimaryTopicOf" in line and line.startswith("<pole/domb-innov>") for line in read.lines) == 2
    )


def test_the_command_writes_a_source_that_is_released_and_found(wiki: MediaWiki, tmp_path: Path) -> None:
    data = tmp_path / "sources"
    shutil.copytree(PROJECT / "data/sources", data)
    settings = Settings(
        var_dir=tmp_path / "var", data_dir=data, wiki_dir=tmp_path / "wiki", ontology_dir=PROJECT / "ontology",
        shapes_dir=PROJECT / "shapes", queries_dir=PROJECT / "data/queries", memory_store_quads=0,
    )  # fmt: skip
    write_mapping(settings, wiki.base)
    environment = {
        "PTCE_VAR_DIR": str(settings.var_dir), "PTCE_DATA_DIR": str(data), "PTCE_WIKI_DIR": str(settings.wiki_dir),
        "PTCE_WIKI_PAUSE_SECONDS": "0", "PTCE_WIKI_PRIVATE_HOSTS": "127.0.0.1",
    }  # fmt: skip
    titles = tmp_path / "titles.txt"
    titles.write_text(f"# une liste\nTetris\nDomb'Innov\narcher\n{SEED}\n", encoding="utf-8")
    done = CliRunner().invoke(cli, ["wiki", "pull", "test", "--list", str(titles)], env=environment)
    assert done.exit_code == 0, done.output
    assert "pulled 4 pages" in done.output
    assert "'beaucoup' is no number" in done.output
    before = {p.name: p.read_bytes() for p in (data / "wiki-test").iterdir()}
    again = CliRunner().invoke(cli, ["wiki", "read", "test"], env=environment)
    assert again.exit_code == 0, again.output
    assert {p.name: p.read_bytes() for p in (data / "wiki-test").iterdir()} == before
    assert not [p for p in data.iterdir() if p.name.startswith(".")]
    release = pipeline.build(settings)
    with locked(VarLayout(settings.var_dir)):
        publish(VarLayout(settings.var_dir), release.layout.release_id)
    client = create_app(settings).test_client(use_cookies=False)
    for address in ("Tetris", "index.php?title=tetris", "Archer", "Pôle_Sud_Archer"):
        url = f"{wiki.base}{address}" if "?" in address else f"{wiki.base}index.php/{address}"
        found = client.get("/lookup", query_string={"url": url})
        assert found.status_code == 303, (url, found.text)
        wanted = "/id/pole/tetris" if "etris" in address else "/id/pole/pole-sud-archer"
        assert found.headers["Location"] == wanted
    page = client.get("/doc/pole/tetris?lang=fr", headers={"Accept": "text/html"}).text
    assert f'href="{wiki.base}index.php/Tetris"' in page
    graph = ox.Store()
    graph.bulk_load(path=str(release.layout.dumps / "all.nq"), format=ox.RdfFormat.N_QUADS)
    checks_evidence(graph, wiki)
    for text in (data / "wiki-test").rglob("*"):
        assert "réunit des acteurs" not in text.read_text(encoding="utf-8")


#: What people who mean no good write into an infobox of a pole.
HOSTILE = """<noinclude>{{Modèle:Infobox PTCE<!-- a -->
| identifiant = SLUG
| date de création = {{{1}}}<script>alert(1)</script>
| création = 2014-01-10
| site web = javascript:alert(document.cookie)
| salariés = <script>alert(2)</script>
| nom = "><img src=x onerror=alert(3)>{{{{{{1}}}|{{Boucle}}}}
| surnom = <scr<b>ipt>alert(8)</scr<b>ipt>
}}</noinclude>
<script>alert(4)</script> <span onmouseover="alert(5)">x</span> [javascript:alert(6) y] [https://a.example/"><script>alert(7)</script> z]
[[:Catégorie:PTCE]]
"""


def test_hostile_pages_are_read_released_and_shown_as_text(wiki: MediaWiki, tmp_path: Path) -> None:
    """Titles that differ only in case, spam, scripts and wikitext in parameters: from the wiki to the page that is read."""
    settings = Settings(
        var_dir=tmp_path / "var", data_dir=tmp_path / "sources", wiki_dir=tmp_path / "wiki",
        ontology_dir=PROJECT / "ontology", shapes_dir=PROJECT / "shapes", queries_dir=PROJECT / "data/queries",
        memory_store_quads=0,
    )  # fmt: skip
    shutil.copytree(PROJECT / "data/sources", settings.data_dir)
    write_mapping(settings, wiki.base)
    mapping = settings.wiki_dir / "mappings/test.toml"
    fields = [
        f'[[template.field]]\nparameters = ["{name}"]\npredicate = "skos:altLabel"\n'
        for name in ("nom", "surnom")
    ]
    mapping.write_text(mapping.read_text(encoding="utf-8") + "".join(fields), encoding="utf-8")
    spam = " ".join(f"[https://spam.example/{number} x]" for number in range(150))
    texts = {
        "TETRIS": HOSTILE.replace("SLUG", "la-verriere"),
        "Spam": f"{HOSTILE.replace('SLUG', 'domb-innov')}{spam}",
        "Page illisible": "{{a|" * 3000,
    }
    for title, text in texts.items():
        wiki.write(title, text)
    found = pull_into(settings, pages=("Tetris", *texts))
    assert found.snapshot.about["sites"]["fr"]["namespaces"]["14"] == ["Catégorie", "Category"]
    config = read_config(settings.wiki_dir, "test")
    read = read_snapshot(config, found.snapshot)
    told = " ".join(problem.message for problem in read.problems)
    for words in (
        "is no date",
        "javascript:alert(document.cookie)",
        "is no number",
        "is no plain text",
        "151 outside",
        "nests too deep",
    ):
        assert words in told
    assert not [line for line in read.lines if "spam.example" in line or "javascript" in line]
    texts_with_scripts = {line.partition("altLabel> ")[2] for line in read.lines if "alert" in line}
    assert texts_with_scripts == {'"<script>alert(8)</script>"@fr .'}
    write_source(config, found.snapshot, read, settings.data_dir)
    release = pipeline.build(settings)
    with locked(VarLayout(settings.var_dir)):
        publish(VarLayout(settings.var_dir), release.layout.release_id)
    client = create_app(settings).test_client(use_cookies=False)
    for title, slug in (("Tetris", "tetris"), ("TETRIS", "la-verriere"), ("Spam", "domb-innov")):
        url = f"{wiki.base}index.php/{title}"
        assert client.get("/lookup", query_string={"url": url}).headers["Location"] == f"/id/pole/{slug}"
        page = client.get(f"/doc/pole/{slug}?lang=fr", headers={"Accept": "text/html"}).text
        assert f'href="{url}"' in page
        assert ("&lt;script&gt;alert(8)" in page) is (slug != "tetris")
        assert "<script>alert" not in page
        assert "onerror=" not in page
        assert "javascript:" not in page


def checks_evidence(graph: ox.Store, wiki: MediaWiki) -> None:
    """Each piece of evidence is a place in the very text that its checksum names."""
    rows: Any = graph.query(
        """SELECT ?url ?start ?end ?sha ?length WHERE { GRAPH ?g {
        ?evidence oa:hasSource ?source ; oa:hasSelector [ oa:start ?start ; oa:end ?end ] .
        ?source a ptce:Source ; schema:url ?url ; spdx:checksum/spdx:checksumValue ?sha ; dcterms:extent/rdf:value ?length }
        FILTER(CONTAINS(STR(?g), "/graph/wiki-test/")) }""",
        prefixes=Settings().addresses.prefixes() | {"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
    )
    found = list(rows)
    assert len(found) == 4
    for row in found:
        title = row["url"].value.removeprefix(f"{wiki.base}index.php/")
        text = wiki.site.pages[unquote(title).replace("_", " ")].text()
        assert hashlib.sha256(text.encode()).hexdigest() == row["sha"].value
        assert len(text) == int(row["length"].value)
        assert text[int(row["start"].value) : int(row["end"].value)].startswith("== Histoire ==")


def test_a_source_folder_is_whole_or_the_former(
    wiki: MediaWiki, wiki_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_mapping(wiki_settings, wiki.base)
    found = pull_into(wiki_settings, pages=("Tetris",))
    config = read_config(wiki_settings.wiki_dir, "test")
    read = read_snapshot(config, found.snapshot)
    folder = write_source(config, found.snapshot, read, wiki_settings.data_dir)
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    broken = replace(config, title={})  # its README cannot be written
    with pytest.raises(KeyError):
        write_source(broken, found.snapshot, read, wiki_settings.data_dir)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
