"""``ptce-lod link`` from a pulled wiki and from a table: propose, decide by keys, by answers and by score, never ask twice."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ptce_lod.cli import cli
from ptce_lod.decisions import read_decisions
from ptce_lod.namespaces import FOAF
from ptce_lod.settings import Settings
from ptce_lod.wiki.config import read_config
from ptce_lod.wiki.snapshot import PageRecord, SnapshotFolder
from ptce_lod.wiki.source_folder import read_snapshot

MAPPING = """
title = { fr = "Un wiki", en = "A wiki" }
[[site]]
language = "fr"
api = "https://wiki.example.org/api.php"
[[site]]
language = "en"
api = "https://en.wiki.example.org/api.php"
[things]
"Démarche" = "initiative/demarche-ptce"
[[template]]
names = ["Infobox PTCE"]
[[template.field]]
parameters = ["site web"]
predicate = "foaf:homepage"
parser = "url"
[[template.field]]
parameters = ["ville"]
predicate = "dcterms:spatial"
parser = "text"
"""


@pytest.fixture
def run(published: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def] # a function
    """A command with the published data, a wiki folder of its own and an empty folder of decisions."""
    var = tmp_path / "var"
    var.mkdir()
    for name in ("releases", "current", "publications.jsonl"):
        (var / name).symlink_to((published.var_dir / name).resolve())
    (tmp_path / "wiki/mappings").mkdir(parents=True)
    (tmp_path / "wiki/mappings/essai.toml").write_text(MAPPING, encoding="utf-8")
    for key, value in (("VAR_DIR", var), ("LINKS_DIR", tmp_path / "links"), ("WIKI_DIR", tmp_path / "wiki")):
        monkeypatch.setenv(f"PTCE_{key}", str(value))
    monkeypatch.setenv("PTCE_BASE_IRI", published.base_iri)
    monkeypatch.setenv("PTCE_DATA_DIR", str(published.data_dir))

    def invoke(*arguments: str, keys: str = "") -> Result:
        return CliRunner().invoke(cli, ["link", *arguments], input=keys)

    return invoke


def page(number: int, title: str, text: str = "", site: str = "fr", **facts: object) -> PageRecord:
    return PageRecord(site, number, title, f"https://{site}.wiki.example.org/{number}", 1, text=text, **facts)  # type: ignore[arg-type] # named fields


def pulled(folder: Path, *records: PageRecord, moment: str = "20260101T000000Z") -> None:
    snapshots = SnapshotFolder(folder / "var/wikis/essai")
    snapshots.resume({"pages": moment})
    snapshots.finish(moment, records, {"sites": {}})


PAGES = (
    page(1, "Pôle Tetris", "{{Infobox PTCE|ville=[[Grasse]]}}", languages={"en": "Tetris cluster"}),
    page(2, "Démarche"),
    page(3, "Recette du pain"),
    page(4, "Disparue", state="deleted"),
    page(5, "TETRIS (Grasse)"),
    page(6, "Tetris cluster", site="en"),
)


def decided(folder: Path) -> dict[tuple[str, str], str]:
    rows = read_decisions(folder / "links/essai.csv")
    return {row.key: row.decision for row in rows}


def test_pages_are_proposed_decided_by_keys_and_never_asked_twice(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def] # the fixture
    pulled(tmp_path, *PAGES)
    found = json.loads(run("candidates", "essai", "--json").output)
    assert (found["entries"], found["linked"]) == (4, 0)
    first = run("review", "essai", "--who", "ab", keys="y")
    assert "Pôle Tetris" in first.stderr
    assert "name" in first.stderr
    assert "place" in first.stderr
    (row,) = read_decisions(tmp_path / "links/essai.csv")
    assert (row.thing, row.relation, row.who, row.how) == ("pole/tetris", "primary-topic", "ab", "reviewed")
    assert (row.entry, row.name, row.language) == ("fr:1", "Pôle Tetris", "fr")
    everything = run("review", "essai", "--who", "ab", keys="n" * 50)
    assert "fr.wiki.example.org/1\n" not in everything.stderr
    assert set(decided(tmp_path).values()) == {"yes", "no"}
    assert "0 decided" in run("review", "essai", "--who", "ab", keys="y" * 50).output


def test_a_translation_of_a_decided_page_is_proposed(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def] # the fixture
    pulled(tmp_path, *PAGES)
    run("candidates", "essai")
    run("review", "essai", "--who", "ab", keys="y")
    run("candidates", "essai")
    shown = run("review", "essai", "--who", "ab", keys="q").stderr
    assert "Tetris cluster" in shown
    assert "translation" in shown


def test_unsure_is_asked_again_only_when_wanted(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def] # the fixture
    pulled(tmp_path, PAGES[0])
    run("candidates", "essai")
    run("review", "essai", "--who", "ab", keys="u" * 9)
    assert set(decided(tmp_path).values()) == {"unsure"}
    assert "0 decided" in run("review", "essai", "--who", "ab", keys="y").output
    run("review", "essai", "--who", "cd", "--unsure", keys="y")
    assert decided(tmp_path)["fr:1", "pole/tetris"] == "yes"
    assert json.loads(run("status", "--json").output)["sources"][0]["linked"] == 1


def test_a_page_about_several_things_is_linked_so(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def] # the fixture
    pulled(tmp_path, PAGES[0])
    run("candidates", "essai")
    assert "p:page" in run("review", "essai", "--who", "ab", keys="xp").stderr
    assert [d.relation for d in read_decisions(tmp_path / "links/essai.csv")] == ["page"]


def test_skip_and_quit_decide_nothing(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def] # the fixture
    pulled(tmp_path, *PAGES)
    run("candidates", "essai")
    for keys in ("ssssss", "q", ""):
        assert "0 decided" in run("review", "essai", "--who", "ab", keys=keys).output
    assert not (tmp_path / "links").exists()


def test_a_decision_follows_its_page_when_it_moves(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def] # the fixture
    pulled(tmp_path, PAGES[0])
    run("candidates", "essai")
    run("review", "essai", "--who", "ab", keys="y")
    there = PageRecord("fr", 1, "Tetris", "https://fr.wiki.example.org/Tetris", 2)
    pulled(tmp_path, there, moment="20260201T000000Z")
    run("candidates", "essai")
    (row,) = read_decisions(tmp_path / "links/essai.csv")
    assert (row.target, row.name, row.who) == ("https://fr.wiki.example.org/Tetris", "Tetris", "ab")


def test_what_was_decided_is_read_from_the_page_and_its_translation(
    run,  # type: ignore[no-untyped-def] # the fixture
    tmp_path: Path,
) -> None:
    pulled(tmp_path, *PAGES)
    config, snapshot = (
        read_config(tmp_path / "wiki", "essai"),
        SnapshotFolder(tmp_path / "var/wikis/essai").current(),
    )
    assert snapshot is not None
    snapshot.about.update(
        {
            "retrieved": "2026-01-01T00:00:00Z",
            "sites": {s: {"licence_url": "", "article": ""} for s in ("fr", "en")},
        }
    )
    assert read_snapshot(config, snapshot).things == {"initiative/demarche-ptce"}
    read = read_snapshot(config, snapshot, {("fr", 1): "pole/tetris"})
    assert read.things == {"initiative/demarche-ptce", "pole/tetris"}
    for address in ("https://fr.wiki.example.org/1", "https://en.wiki.example.org/6"):
        assert f"<pole/tetris> <{FOAF}isPrimaryTopicOf> <{address}> ." in read.lines


def test_answers_come_from_a_table_all_or_none(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def] # the fixture
    pulled(tmp_path, *PAGES)
    run("candidates", "essai")
    answers = tmp_path / "answers.csv"
    answers.write_text("entry,thing,decision\nfr:1,pole/tetris,yes\nfr:9,pole/tetris,yes\nfr:3,x,da\n")
    result = run("review", "essai", "--who", "ab", "--answers", str(answers))
    assert result.exit_code == 3
    assert "there is no entry 'fr:9'" in result.stderr
    assert "decision is 'da'" in result.stderr
    assert decided(tmp_path) == {}
    answers.write_text(
        textwrap.dedent(
            """\
            entry,thing,decision,relation
            fr:1,pole/tetris,yes,page
            fr:3,pole/tetris,no,
            """
        )
    )
    assert "2 decided" in run("review", "essai", "--who", "ab", "--answers", str(answers)).output
    assert [d.relation for d in read_decisions(tmp_path / "links/essai.csv")] == ["page", ""]


def test_matches_are_taken_by_score_and_marked_so(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def] # the fixture
    table = tmp_path / "t.csv"
    table.write_text("nom,ville\nPôle Tetris,Grasse\nBoulangerie du coin,Lille\n", encoding="utf-8")
    arguments = ("--table", str(table), "--column", "name=nom", "--column", "place=ville", "--type", "pole")
    assert run("candidates", "liste", *arguments).exit_code == 0
    run("review", "liste", "--who", "ab", "--accept", "90")
    (row,) = read_decisions(tmp_path / "links/liste.csv")
    assert (row.entry, row.thing, row.how, row.relation) == ("2", "pole/tetris", "by-score", "")


def test_an_item_elsewhere_needs_two_facts_to_be_taken_by_score(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def] # the fixture
    table = tmp_path / "t.csv"
    table.write_text(
        "name,place,url\nPôle Tetris,Grasse,http://www.wikidata.org/entity/Q1\n"
        "Le Périscope PTCE,,http://www.wikidata.org/entity/Q2\n",
        encoding="utf-8",
    )
    run("candidates", "liste", "--table", str(table), "--kind", "entity", "--type", "pole")
    run("review", "liste", "--who", "ab", "--accept", "90")
    rows = read_decisions(tmp_path / "links/liste.csv")
    assert [(row.relation, row.target) for row in rows] == [("same-as", "http://www.wikidata.org/entity/Q1")]


def test_concepts_become_a_table_of_mappings(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def] # the fixture
    table = tmp_path / "t.csv"
    table.write_text("name,url\nénergie,https://example.org/energie\n", encoding="utf-8")
    run("candidates", "mots", "--table", str(table), "--kind", "concept", "--type", "concept")
    run("review", "mots", "--who", "ab", keys="e")
    lines = run("sssom", "mots").output.splitlines()
    about = yaml_like(lines)
    assert about["mapping_set_id"] == "http://127.0.0.1:8000/doc/source/links-mots"
    assert about["ns1"] == "https://example.org/"
    header, row = (line.split("\t") for line in lines[-3:] if "\t" in line)
    mapping = dict(zip(header, row, strict=True))
    assert mapping["predicate_id"] == "skos:exactMatch"
    assert mapping["object_id"] == "ns1:energie"
    assert mapping["subject_id"].startswith("ptceconcept:")
    assert mapping["mapping_justification"] == "semapv:ManualMappingCuration"


def yaml_like(lines: list[str]) -> dict[str, str]:
    """Return the header of an SSSOM table, which is YAML behind hashes; here strings only."""
    pairs = (line.strip("# ").split(": ", 1) for line in lines if line.startswith("#") and ": " in line)
    return {name: json.loads(value) for name, value in pairs}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("candidates", "absent"), 3, "no mapping of a wiki"),
        (("candidates", "essai"), 3, "pulled yet"),
        (("candidates", "Essai!"), 3, "no name of a source"),
        (("candidates", "x", "--table", "none.csv"), 3, "cannot be read"),
        (("candidates", "x", "--table", "none.csv", "--column", "nom"), 3, "expected ROLE=HEADER"),
        (("candidates", "x", "--type", "thing"), 2, "thing"),
        (("review", "essai", "--who", "ab"), 3, "matched yet"),
        (("review", "essai"), 2, "--who"),
        (("review", "essai", "--who", " "), 2, "--who is empty"),
        (("status", "essai"), 3, "matched yet"),
    ],
)
def test_wrong_calls_are_told(run, arguments: tuple[str, ...], code: int, told: str) -> None:  # type: ignore[no-untyped-def] # the fixture
    result = run(*arguments)
    assert result.exit_code == code
    assert told in result.stderr
