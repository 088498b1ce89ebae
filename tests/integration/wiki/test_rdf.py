"""A wiki's RDF is pulled beside its pages and read by a mapping. Neither extension can be installed here: a server answers as they do."""

from __future__ import annotations

from pathlib import Path

import pytest

from ptce_lod.errors import PtceError, SourceUnavailable
from ptce_lod.link.wiki_pages import page_entries
from ptce_lod.namespaces import FOAF, PTCE, SCHEMA
from ptce_lod.wiki.config import Selection, WikiConfig, read_config
from ptce_lod.wiki.pull import Pulled, pull
from ptce_lod.wiki.snapshot import SnapshotFolder
from ptce_lod.wiki.source_folder import read_snapshot
from tests.integration.wiki.faulty import Faulty, faulty, wiki_of
from tests.integration.wiki.test_faults import QUICK, answer_with
from tests.unit.wiki.test_rdf import item

MAPPING = """
title = {{ fr = "x", en = "x" }}
[[site]]
language = "fr"
api = "{base}api.php"
[things]
"{tetris}" = "pole/tetris"
"{evolution}" = "actor/evolution"
[rdf]
source = "{source}"
[[rdf.field]]
property = "{founded}"
predicate = "ptce:startDate"
parser = "date"
[[rdf.field]]
property = "{member}"
predicate = "ptce:party"
parser = "page"
"""


def exported(base: str, founded: str = '"2014"') -> bytes:
    return f"""\
@prefix swivt: <http://semantic-mediawiki.org/swivt/1.0#> .
@prefix property: <{base}wiki/Special:URIResolver/Property-3A> .
<{base}wiki/Special:URIResolver/Tetris> swivt:page <{base}wiki/Tetris> ;
  property:Founded {founded}^^<http://www.w3.org/2001/XMLSchema#gYear> ; property:Member <{base}wiki/Special:URIResolver/Evolution> .
<{base}wiki/Special:URIResolver/Evolution> swivt:page <{base}wiki/Evolution> .
""".encode()


def semantic(server: Faulty, folder: Path) -> WikiConfig:
    properties = f"{server.base}wiki/Special:URIResolver/Property-3A"
    return configured(
        folder, base=server.base, source="semantic-mediawiki", tetris="Tetris", evolution="Evolution",
        founded=f"{properties}Founded", member=f"{properties}Member",
    )  # fmt: skip


def configured(folder: Path, **words: str) -> WikiConfig:
    (folder / "mappings").mkdir(parents=True, exist_ok=True)
    (folder / "mappings/x.toml").write_text(MAPPING.format(**words), encoding="utf-8")
    return read_config(folder, "x")


def pulled(config: WikiConfig, folder: Path, *pages: str) -> Pulled:
    return pull(
        config,
        Selection(pages=pages),
        SnapshotFolder(folder / "snapshots"),
        QUICK,
        private_hosts=["127.0.0.1"],
    )


def test_properties_of_semantic_mediawiki_become_values(tmp_path: Path) -> None:
    with faulty(wiki_of({"Tetris": "a", "Evolution": "b"})) as server:
        server.documents["/wiki/Special:ExportRDF/Tetris?syntax=turtle"] = answer_with(
            200, exported(server.base)
        )
        config = semantic(server, tmp_path)
        snapshot = pulled(config, tmp_path, "Tetris", "Evolution").snapshot
        read = read_snapshot(config, snapshot)
        before = len(server.got)
        pulled(config, tmp_path, "Tetris", "Evolution")
        assert [path for path in server.got[before:] if "ExportRDF" in path] == [], (
            "an unchanged page is not asked again"
        )
    assert f'<pole/tetris> <{PTCE}startDate> "2014"^^<http://www.w3.org/2001/XMLSchema#gYear> .' in read.lines
    assert f"<pole/tetris> <{PTCE}party> <actor/evolution> ." in read.lines
    assert read.problems == []


def test_an_item_is_the_thing_elsewhere_and_what_it_names_is_looked_for(tmp_path: Path) -> None:
    """The items of the server below have the IRIs of base.example, as a wiki behind another address may."""
    with faulty(wiki_of({"Item:Q42": "{}", "Item:Q7": "{}", "Item:Q9": "{}"})) as server:
        server.documents |= {
            "/wiki/Special:EntityData/Q42.nt": answer_with(200, item("10")),
            "/wiki/Special:EntityData/Q7.nt": answer_with(200, item().replace(b"Q42", b"Q7")),
            "/wiki/Special:EntityData/Q9.nt": answer_with(200, item().replace(b"Q42", b"Q9")),
        }
        config = configured(
            tmp_path, base=server.base, source="wikibase", tetris="Item:Q42", evolution="Item:Q7",
            founded="https://base.example/prop/direct/P2", member="https://base.example/prop/direct/P1",
        )  # fmt: skip
        snapshot = pulled(config, tmp_path, "Item:Q42", "Item:Q7", "Item:Q9").snapshot
    read = read_snapshot(config, snapshot)
    assert f"<pole/tetris> <{SCHEMA}sameAs> <https://base.example/entity/Q42> ." in read.lines
    assert (
        f'<pole/tetris> <{PTCE}startDate> "2014-01"^^<http://www.w3.org/2001/XMLSchema#gYearMonth> .'
        in read.lines
    )
    assert f"<pole/tetris> <{PTCE}party> <actor/evolution> ." in read.lines
    assert not any(FOAF + "isPrimaryTopicOf" in line for line in read.lines), "the page is about the item"
    (entry,) = page_entries(config, snapshot)
    assert (entry.name, entry.kind, entry.target) == (
        "Pôle Tétris",
        "entity",
        "https://base.example/entity/Q9",
    )
    assert entry.others == ("PTCE Tétris", "Tetris")
    assert entry.facts["page"] == ("https://fr.wiki.example/wiki/T%C3%A9tris",)


def test_a_value_that_cannot_be_read_is_told_and_the_others_are_taken(tmp_path: Path) -> None:
    with faulty(wiki_of({"Tetris": "a"})) as server:
        document = exported(server.base, '"bientôt"')
        server.documents["/wiki/Special:ExportRDF/Tetris?syntax=turtle"] = answer_with(200, document)
        config = semantic(server, tmp_path)
        read = read_snapshot(config, pulled(config, tmp_path, "Tetris").snapshot)
    assert sorted(problem.message[:20] for problem in read.problems) == sorted(
        ["'bientôt' is no date such as 25 juin 2012, juin 2012 or 2012"[:20], f"'{server.base}wiki/"[:20]]
    )


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (answer_with(500, b""), "answered 500"),
        (answer_with(200, b"<html>log in</html>"), "problem"),
        (answer_with(301, b"", Location="http://127.0.0.2/x"), "redirects to"),
        (answer_with(200, b"[" * 50_000), "problem"),
    ],
)
def test_a_fault_leaves_the_former_snapshot_and_what_came_is_not_asked_again(
    tmp_path: Path, answer: tuple[int, dict[str, str], bytes], told: str
) -> None:
    pages = {f"P{n:02}": "x" for n in range(1, 31)}
    with faulty(wiki_of(pages)) as server:
        config = semantic(server, tmp_path)
        server.documents["/wiki/Special:ExportRDF/P25?syntax=turtle"] = answer
        with pytest.raises(PtceError) as error:
            pulled(config, tmp_path, *pages)
        assert told in error.value.message
        assert SnapshotFolder(tmp_path / "snapshots").current() is None
        del server.documents["/wiki/Special:ExportRDF/P25?syntax=turtle"]
        before = len(server.got)
        assert pulled(config, tmp_path, *pages).counts["pages"] == 30
        again = [path for path in server.got[before:] if "ExportRDF" in path]
        assert len(again) < 15, "twenty pages were kept"


def test_documents_that_robots_txt_keeps_and_other_hosts_are_not_asked(tmp_path: Path) -> None:
    with faulty(wiki_of({"Tetris": "a"})) as server:
        config = semantic(server, tmp_path)
        server.documents["/robots.txt"] = answer_with(200, b"User-agent: *\nDisallow: /wiki/Special:\n")
        with pytest.raises(SourceUnavailable, match=r"Special:ExportRDF/Tetris alone \(robots.txt\)"):
            pulled(config, tmp_path, "Tetris")
        assert server.got == ["/robots.txt"]
