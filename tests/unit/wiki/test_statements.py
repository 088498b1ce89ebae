"""What pages say, by the mapping: each page for itself, nothing of hostile text."""

from __future__ import annotations

import dataclasses
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from ptce_lod.iris import source_slug
from ptce_lod.wiki.about import Known
from ptce_lod.wiki.blocks import written
from ptce_lod.wiki.config import CategoryRule, Field, SectionRule, Selection, Site, Template, WikiConfig
from ptce_lod.wiki.pull_dump import pull_dump
from ptce_lod.wiki.snapshot import PageRecord, SnapshotFolder
from ptce_lod.wiki.source_folder import read_snapshot
from ptce_lod.wiki.statements import Read

ENERGY = "https://w3id.org/ptce/concept/sector/energy"
SECTOR = "https://w3id.org/ptce/ns#sector"
START = "https://w3id.org/ptce/ns#startDate"
CONFIG = WikiConfig(
    "test",
    {"fr": "x", "en": "x"},
    (),
    things={"Tetris": "pole/tetris", "TETRIS": "pole/domb-innov"},
    templates=(Template(("Infobox PTCE",), (Field(("création",), START, "date"),), "pole/{identifiant}"),),
    categories=(CategoryRule("Énergie", SECTOR, ENERGY),),
)


def page(title: str, text: str, number: int = 1) -> PageRecord:
    return PageRecord("fr", number, title, f"https://wiki.example/wiki/{title}", 1, "", text)


@pytest.fixture
def folder(tmp_path: Path) -> SnapshotFolder:
    return SnapshotFolder(tmp_path)


def read(
    folder: SnapshotFolder,
    *records: PageRecord,
    config: WikiConfig = CONFIG,
    known: Known | None = None,
    **about: Any,
) -> Read:
    folder.resume({})
    site = {"licence_url": "", "article": "https://wiki.example/wiki/$1", **about}
    said = {"retrieved": "2026-01-01T00:00:00Z", "sites": {"fr": site}}
    return read_snapshot(config, folder.finish("20260101T000000Z", records, said), known=known)


def test_titles_that_differ_only_in_case_are_two_pages(folder: SnapshotFolder) -> None:
    found = read(
        folder,
        page("Tetris", "{{Infobox PTCE|création=2012}} [[TETRIS]]"),
        page("TETRIS", "{{Infobox PTCE|création=2013}}", 2),
    )
    sources = [
        f"source/{source_slug(f'https://wiki.example/wiki/{title}')}" for title in ("Tetris", "TETRIS")
    ]
    assert len(set(sources)) == 2
    for thing, source, year in (("tetris", sources[0], 2012), ("domb-innov", sources[1], 2013)):
        assert f"<{source}> <http://xmlns.com/foaf/0.1/primaryTopic> <pole/{thing}> ." in found.lines
        dates = [line for line in found.lines if START in line and line.startswith(f"<pole/{thing}>")]
        assert [f'"{year}"' in line for line in dates] == [True]
    assert f"<{sources[0]}> <https://schema.org/mentions> <pole/domb-innov> ." in found.lines
    assert found.things == {"pole/tetris", "pole/domb-innov"}


def test_a_page_of_spam_is_told_and_none_of_its_addresses_published(folder: SnapshotFolder) -> None:
    spam = " ".join(f"[https://spam.example/{number} x]" for number in range(101))
    found = read(folder, page("Tetris", spam))
    assert not [line for line in found.lines if "spam.example" in line]
    assert ["101 outside addresses" in problem.message for problem in found.problems] == [True]
    few = read(folder, page("Tetris", spam.replace("https://spam.example/100", "mailto:a@b")))
    assert len([line for line in few.lines if "spam.example" in line]) == 100
    assert few.problems == []


def test_a_link_to_a_category_is_no_membership(folder: SnapshotFolder) -> None:
    linked = read(folder, page("Tetris", "[[:Catégorie:Énergie]]"))
    assert not [line for line in linked.lines if ENERGY in line]
    member = read(folder, page("Tetris", "[[Catégorie:Énergie]]"))
    assert f"<pole/tetris> <{SECTOR}> <{ENERGY}> ." in member.lines


def test_namespaces_of_the_snapshot_are_used(folder: SnapshotFolder) -> None:
    names = {"10": ["Sjabloon"], "14": ["Categorie"]}
    text = "[[Categorie:Énergie]] <div>{{Sjabloon:Infobox PTCE|identifiant=tetris|création=2012}}</div>"
    config = dataclasses.replace(CONFIG, things={})
    known = read(folder, page("A", text), config=config, namespaces=names)
    assert f"<pole/tetris> <{SECTOR}> <{ENERGY}> ." in known.lines
    assert [line for line in known.lines if START in line]
    unknown = read(folder, page("A", text), config=config)
    assert not [line for line in unknown.lines if SECTOR in line or START in line]


def test_a_page_that_cannot_be_read_is_told_and_the_others_are_read(folder: SnapshotFolder) -> None:
    found = read(folder, page("A", "{{a|" * 20_000), page("Tetris", "{{Infobox PTCE|création=2012}}", 2))
    (problem,) = found.problems
    assert problem.path == "https://wiki.example/wiki/A"
    assert "line 1" in problem.message
    assert found.pages == 2
    assert [line for line in found.lines if START in line]


def test_namespaces_of_a_dump_are_kept(tmp_path: Path, folder: SnapshotFolder) -> None:
    path = tmp_path / "dump.xml"
    path.write_text(
        '<mediawiki><siteinfo><namespaces><namespace key="10">Sjabloon</namespace><namespace key="14">Categorie</namespace>'
        "</namespaces></siteinfo><page><title>Tetris</title><ns>0</ns><id>1</id><revision><id>1</id>"
        "<text>[[Categorie:Énergie]]</text></revision></page></mediawiki>",
        encoding="utf-8",
    )
    config = dataclasses.replace(CONFIG, sites=(Site("nl", article="https://wiki.example/wiki/$1"),))
    snapshot = pull_dump(config, Selection(), folder, path).snapshot
    assert snapshot.about["sites"]["nl"]["namespaces"] == {"10": ["Sjabloon"], "14": ["Categorie"]}
    assert f"<pole/tetris> <{SECTOR}> <{ENERGY}> ." in read_snapshot(config, snapshot).lines


def test_a_thing_that_is_known_nowhere_is_told_and_nothing_said_of_it(folder: SnapshotFolder) -> None:
    config = dataclasses.replace(CONFIG, things={"Tetris": "pole/zzz", "Autre": "pole/tetris"})
    found = read(
        folder,
        page("Tetris", "[[Catégorie:Énergie]]"),
        page("Autre", "{{Infobox PTCE|création=2012}}", 2),
        page("Nord", "{{Infobox PTCE|identifiant=n-existe-pas|création=2012}}", 3),
        page("Sud", "{{Infobox PTCE|identifiant=domb-innov|création=2012}}", 4),
        config=config,
        known={"pole/tetris", "pole/domb-innov"}.__contains__,
    )
    assert found.things == {"pole/tetris", "pole/domb-innov"}
    assert not [line for line in found.lines if "zzz" in line or "n-existe-pas" in line]
    assert [(problem.path, problem.field) for problem in found.problems] == [
        ("https://wiki.example/wiki/Tetris", "things.Tetris of the mapping test"),
        ("https://wiki.example/wiki/Nord", "pole/{identifiant} of the mapping test"),
    ]
    for problem, thing in zip(found.problems, ("pole/zzz", "pole/n-existe-pas"), strict=True):
        assert f"'{thing}', which no source describes" in problem.message


def dates(found: Read) -> set[str]:
    """Return what is said of dates, as ``thing year``."""
    return {f"{line[1 : line.index('>')]} {line.split(chr(34))[1]}" for line in found.lines if START in line}


BOX = "{{{{Infobox PTCE|identifiant={}|création={}}}}}"


@pytest.mark.parametrize(
    ("text", "said", "is_told"),
    [
        (BOX.format("a", 2011) + BOX.format("b", 2012), {"pole/a 2011", "pole/b 2012"}, False),
        (BOX.format("a", 2011) + BOX.format("", 2012), {"pole/a 2011"}, True),
        (BOX.format("", 2011) + BOX.format("b", 2012), {"pole/b 2012"}, True),
        (BOX.format("a", 2011) + BOX.format("A b", 2012), {"pole/a 2011"}, True),
        (BOX.format("a", 2011) + BOX.format("a", 2012), {"pole/a 2011", "pole/a 2012"}, False),
        (BOX.format("a", 2011) + "{{Dates|création=2012}}", {"pole/a 2011", "pole/a 2012"}, False),
    ],
    ids=["two", "second without", "first without", "second is none", "same", "a template that names none"],
)
def test_each_infobox_speaks_of_the_thing_that_it_names(
    folder: SnapshotFolder, text: str, said: set[str], is_told: bool
) -> None:
    more = Template(("Dates",), (Field(("création",), START, "date"),))
    config = dataclasses.replace(CONFIG, templates=(*CONFIG.templates, more))
    found = read(folder, page("Liste", text), config=config)
    assert dates(found) == said
    assert found.things == {each.partition(" ")[0] for each in said}
    assert [p.field for p in found.problems] == ["pole/{identifiant} of the mapping test"] * is_told
    topics = {line for line in found.lines if "primaryTopic" in line}
    assert len(topics) == 1


def test_an_infobox_without_an_identifier_speaks_of_the_thing_of_its_page(folder: SnapshotFolder) -> None:
    found = read(folder, page("Tetris", BOX.format("", 2011) + BOX.format("", 2012)))
    assert dates(found) == {"pole/tetris 2011"}
    assert ["names no thing" in problem.message for problem in found.problems] == [True]
    found = read(folder, page("Tetris", BOX.format("", 2011) + BOX.format("b", 2012)))
    assert dates(found) == {"pole/tetris 2011", "pole/b 2012"}
    assert found.problems == []


def test_what_push_wrote_is_not_read_back_and_places_stay(folder: SnapshotFolder) -> None:
    inside = (
        "{{Infobox PTCE|identifiant=domb-innov|création=1999}}\n[[TETRIS]] [https://own.example x]\n"
        "[[Catégorie:Énergie]]\n== Histoire ==\nNos mots."
    )
    block = written("infobox pole/tetris", inside)
    text = (
        f"{{{{Infobox PTCE|création=2012}}}}\n{block}\n== Histoire ==\nété [https://their.example x]\n"
        f"{written('list', inside)}\n== Fin =="
    )
    rule = SectionRule(("Histoire",), "origin", {"fr": "x", "en": "x"})
    found = read(folder, page("Tetris", text), config=dataclasses.replace(CONFIG, sections=(rule,)))
    assert dates(found) == {"pole/tetris 2012"}
    assert not [x for x in found.lines if "own.example" in x or "mentions" in x or ENERGY in x]
    assert [x for x in found.lines if "their.example" in x]
    places = {
        name: int(line.split('"')[1])
        for line in found.lines
        for name in ("start", "end")
        if line.partition(" ")[2].startswith(f"<http://www.w3.org/ns/oa#{name}>")
    }
    assert places == {"start": text.index("== Histoire ==\nété"), "end": text.index("== Fin ==")}
    assert f'"{len(text)}"' in " ".join(found.lines)
    assert found.problems == []
    links = " ".join(f"[https://own.example/{number} x]" for number in range(200))
    assert read(folder, page("Tetris", written("list", links))).problems == []


def test_a_page_whose_block_is_not_closed_is_told_and_not_read(folder: SnapshotFolder) -> None:
    found = read(folder, page("Tetris", "a\n<!-- ptce-lod list -->[https://own.example x]"))
    (problem,) = found.problems
    assert "line 2" in problem.message
    assert "is not closed" in problem.message
    assert not [line for line in found.lines if "own.example" in line]


def test_titles_of_the_mapping_match_as_the_wiki_writes_them_or_are_told(folder: SnapshotFolder) -> None:
    things = {
        "l’Île aux projets": "pole/a",
        unicodedata.normalize("NFD", "pôle_Énergie"): "pole/b",
        "Domb'Innov": "pole/c",
        "L'Ancien\u00a0nom": "pole/d",
        "Tetriss": "pole/e",
        "tETRIS": "pole/f",
    }
    renamed = dataclasses.replace(page("Nouveau", "", 5), redirects=("L’Ancien nom",))
    found = read(
        folder,
        *(page(title, "", n) for n, title in enumerate(("L'Île aux projets", "Pôle Énergie", "Domb’Innov"))),
        renamed,
        page("Tetris", "", 6),
        config=dataclasses.replace(CONFIG, things=things),
    )
    assert found.things == {"pole/a", "pole/b", "pole/c", "pole/d"}
    assert found.unmatched == ["Tetriss", "tETRIS"]
