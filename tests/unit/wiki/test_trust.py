"""What a wiki says of itself cannot become triples, or stop a build."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from ptce_lod.errors import Problem, SourceUnavailable
from ptce_lod.wiki.config import Selection, Site, WikiConfig
from ptce_lod.wiki.pull_dump import pull_dump
from ptce_lod.wiki.snapshot import SnapshotFolder
from ptce_lod.wiki.source_folder import read_snapshot, write_source
from ptce_lod.wiki.trust import clean, is_web_address, moment, number, wrong_article
from ptce_lod.wiki.turtle import sound_lines
from tests.unit.wiki.test_dump import HEAD, page

ARTICLE = "https://wiki.example/wiki/$1"
CONFIG = WikiConfig("x", {"fr": "x", "en": "x"}, (Site("fr", article=ARTICLE),))
WRONG_ARTICLES = [
    "",
    "https://wiki.example/wiki/",
    "https://wiki.example/$1/$1",
    "javascript:alert('$1')",
    "ftp://wiki.example/$1",
    "https://wiki.example/$1> <http://evil/p> <http://evil/o",
    'https://wiki.example/"$1',
    "https://wiki.example/%zz/$1",
    "https://wiki.example/[$1]",
    "https://$1.wiki.example/",
    "https://$1/",
    "https:///$1",
    "https://[::1/$1",
    "https://u:p@wiki.example/$1",
    "https://wiki.example:99999/$1",
    "https://wiki.example/$1\n",
]


@pytest.mark.parametrize("article", WRONG_ARTICLES)
def test_what_is_no_address_of_pages_is_told(article: str) -> None:
    assert "expected" in wrong_article(article)


@pytest.mark.parametrize(
    "article",
    [ARTICLE, "http://127.0.0.1:8080/index.php/$1", "https://wiki.example/w/index.php?title=$1&x=é"],
)
def test_what_is_one_is_taken(article: str) -> None:
    assert wrong_article(article) == ""


def test_a_web_address_is_one_that_the_parser_of_rdf_takes() -> None:
    for text in ("https://x.example/a%20b", "http://x.example/é#f"):
        assert is_web_address(text)
        list(ox.parse(f"<{text}> <{text}> <{text}> .", format=ox.RdfFormat.TURTLE))
    for text in ("https://x.example/a b", "//x.example/", "https://x.example/%", "https://x.example/#a#b"):
        assert not is_web_address(text)


def test_moments_and_numbers_are_well_formed() -> None:
    assert moment("2020-02-29T23:59:59Z") == "2020-02-29T23:59:59Z"
    for text in ("hier", "2021-02-29T00:00:00Z", "2020-01-01", None, 7, '2020-01-01T00:00:00Z"'):
        assert moment(text) == ""
    assert (number("12"), number(12)) == (12, 12)
    for value in ("x", "", "-1", "1.5", float("inf"), None, True, "٣", "9" * 30, [1]):
        with pytest.raises(ValueError, match="no number"):
            number(value)


def test_surrogates_are_replaced_however_deep_they_stand() -> None:
    assert clean({"a": ["x\ud800y", {"b\udfff": "é😀"}], "n": 1}) == {
        "a": ["x\ufffdy", {"b\ufffd": "é😀"}],
        "n": 1,
    }
    deep: list[object] = ["\ud800"]
    for _ in range(100_000):
        deep = [deep]
    clean(deep)


def test_a_line_that_is_not_one_triple_is_left_out_and_told() -> None:
    good = '<a> <http://p.example/p> "x" .'
    bad = [
        "<a> <http://p.example/p> <b> <c> .",
        "<a> <http://p.example/p> <b> . <x> <http://p.example/p> <y> .",
        '<a> <http://p.example/p> "hier"^^<http://www.w3.org/2001/XMLSchema#dateTime> .',
        "<a> <http://p.example/p> <http://x.example/%zz> .",
        "<a> <http://p.example/p> <javascript:> <c>",
    ]
    problems: list[Problem] = []
    assert list(sound_lines([good, *bad], "f.ttl", problems)) == [good]
    assert [problem.field for problem in problems] == bad


def test_brackets_in_texts_do_not_make_a_file_look_nested() -> None:
    lines = [f'<a{n}> <http://p.example/p> "{text}" .' for n in range(300) for text in ("(", ")(", "[" * 30)]
    problems: list[Problem] = []
    text = "\n".join(sound_lines(lines, "f.ttl", problems))
    assert not problems
    read = {q.object.value for q in ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri="http://b.example/")}
    assert read == {"(", ")(", "[" * 30}
    matching = '<a> <http://p.example/p> "(a)" .'
    assert list(sound_lines([matching], "f.ttl", problems)) == [matching]


def test_a_dump_with_bad_moments_and_numbers_gives_a_source_that_is_read(tmp_path: Path) -> None:
    path = tmp_path / "d.xml"
    first = page(1, "A", "a").replace("2020-01-01T00:00:00Z", "hier").replace("<id>11</id>", "<id>onze</id>")
    lost = page(2, "B", "b").replace("<id>2</id>", "<id>deux</id>")
    path.write_text(HEAD + first + lost + "</mediawiki>", encoding="utf-8")
    pulled = pull_dump(CONFIG, Selection(), SnapshotFolder(tmp_path / "w"), path)
    (record,) = pulled.snapshot.records()
    assert (record.title, record.timestamp, record.revision) == ("A", "", 0)
    assert pulled.missing == ["B"]
    read = read_snapshot(CONFIG, pulled.snapshot)
    folder = write_source(CONFIG, pulled.snapshot, read, tmp_path / "sources")
    assert not read.problems
    text = (folder / "wiki-x.ttl").read_text(encoding="utf-8")
    assert "hier" not in text
    assert len(list(ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri="http://b.example/"))) == len(
        read.lines
    )


def test_a_snapshot_of_an_earlier_version_with_a_hostile_address_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "d.xml"
    path.write_text(HEAD + page(1, "A", "a") + "</mediawiki>", encoding="utf-8")
    pulled = pull_dump(CONFIG, Selection(), SnapshotFolder(tmp_path / "w"), path)
    pulled.snapshot.about["sites"]["fr"]["article"] = "https://wiki.example/$1> <http://evil/p> <x"
    with pytest.raises(SourceUnavailable, match="expected an http"):
        read_snapshot(CONFIG, pulled.snapshot)
