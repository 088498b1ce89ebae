"""Dumps are read page by page, in every packing; what is no dump is told."""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
import subprocess
import tracemalloc
from pathlib import Path

import pytest

from ptce_lod.errors import ParseError, SourceUnavailable
from ptce_lod.wiki.config import Selection, Site, WikiConfig
from ptce_lod.wiki.dump import Dump
from ptce_lod.wiki.pull_dump import pull_dump
from ptce_lod.wiki.snapshot import SnapshotFolder

HEAD = (
    '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="fr"><siteinfo><sitename>Essai</sitename>'
    '<generator>MediaWiki 1.39</generator><namespaces><namespace key="14">Catégorie</namespace></namespaces></siteinfo>'
)


def page(number: int, title: str, text: str, redirect: str = "") -> str:
    lead = f'<redirect title="{redirect}" />' if redirect else ""
    return (
        f"<page><title>{title}</title><ns>0</ns><id>{number}</id>{lead}<revision><id>{number}1</id><timestamp>2020-01-01T00:00:00Z</timestamp>"
        f"<contributor><username>X</username><id>9</id></contributor><text>{text}</text></revision></page>"
    )


@pytest.mark.parametrize(
    ("suffix", "packed"),
    [("", bytes), (".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)],
)
def test_every_packing_is_read(tmp_path: Path, suffix: str, packed: object) -> None:
    path = tmp_path / f"d.xml{suffix}"
    whole = (
        HEAD
        + page(1, "Pôle : a/b", "x &lt;b&gt; &amp; {{é}}")
        + page(2, "R", "", "Pôle : a/b")
        + "</mediawiki>"
    )
    path.write_bytes(packed(whole.encode()))  # type: ignore[operator]
    dump = Dump(path)
    first, second = dump.pages()
    assert (first.title, first.page_id, first.revision, first.text) == ("Pôle : a/b", 1, 11, "x <b> & {{é}}")
    assert second.redirect == "Pôle : a/b"
    assert (dump.info.name, dump.info.namespaces[14]) == ("Essai", "Catégorie")


def test_of_a_history_the_last_revision_stays(tmp_path: Path) -> None:
    text = page(1, "A", "old").replace("</page>", "<revision><id>12</id><text>new</text></revision></page>")
    path = tmp_path / "d.xml"
    path.write_text(HEAD + text + "</mediawiki>", encoding="utf-8")
    (found,) = Dump(path).pages()
    assert (found.revision, found.text) == (12, "new")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xml", b"<html></html>"),
        ("a.xml", b"not xml"),
        ("a.xml", HEAD.encode() + page(1, "A", "x").encode()),
        ("a.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><mediawiki>&a;</mediawiki>'),
        ("a.xml", HEAD.encode() + b"<page><ns>x</ns></page></mediawiki>"),
        ("a.xml", HEAD.encode() + b"<page><title>\x00</title></page></mediawiki>"),
        ("a.xml", b'<?xml version="1.0" encoding="x-none"?><mediawiki></mediawiki>'),
        ("a.xml.gz", b"plain"),
        ("a.xml.gz", gzip.compress(HEAD.encode() + page(1, "A", "x").encode())[:-20]),
        ("a.xml.bz2", b"BZh9 no"),
        ("a.xml", b""),
    ],
)
def test_what_is_no_whole_dump_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ParseError, match=r"a\.xml"):
        list(Dump(path).pages())


def test_what_cannot_be_opened_is_told(tmp_path: Path) -> None:
    for name in ("none.xml", "a.7z"):
        with pytest.raises(SourceUnavailable, match="no such file"):
            Dump(tmp_path / name)


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """A dump in a 7z, packed by the real program."""
    program = shutil.which("7zz") or shutil.which("7z")
    if program is None:
        pytest.fail("7z is not installed: scripts/install-test-tools installs it")
    (tmp_path / "d.xml").write_text(
        HEAD + page(1, "A", "é" * 100_000) + page(2, "B", "b") + "</mediawiki>", "utf-8"
    )
    subprocess.run([program, "a", "-bd", "d.xml.7z", "d.xml"], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path / "d.xml.7z"


def test_7z_is_read_as_a_stream(packed: Path) -> None:
    dump = Dump(packed)
    assert [(p.title, len(p.text)) for p in dump.pages()] == [("A", 100_000), ("B", 1)]
    first = next(iter(dump.pages()))  # the program is ended, not waited for
    assert first.title == "A"


def test_a_damaged_7z_is_told(packed: Path) -> None:
    packed.write_bytes(packed.read_bytes()[:-40])
    with pytest.raises(ParseError, match=r"d\.xml\.7z: cannot be read: 7z ended with"):
        list(Dump(packed).pages())


def test_without_the_program_it_is_told_what_to_install(
    packed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(packed.parent))
    with pytest.raises(SourceUnavailable, match="not installed") as told:
        Dump(packed)
    assert "7zip" in told.value.hint


def test_memory_does_not_grow_with_the_dump(tmp_path: Path) -> None:
    path = tmp_path / "d.xml.gz"
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.write(HEAD)
        for number in range(1, 5000):
            stream.write(page(number, f"P{number}", "x" * 5000))
        stream.write("</mediawiki>")
    tracemalloc.start()
    assert sum(1 for _ in Dump(path).pages()) == 4999
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8_000_000


def test_memory_does_not_grow_with_the_texts_that_are_pulled(tmp_path: Path) -> None:
    config = WikiConfig("x", {"fr": "x", "en": "x"}, (Site("fr", article="https://wiki.example/wiki/$1"),))
    path = tmp_path / "d.xml.gz"
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.write(HEAD)
        for number in range(1, 501):
            stream.write(page(number, f"P{number}", "mot " * 20_000))
        stream.write("</mediawiki>")
    tracemalloc.start()
    pulled = pull_dump(config, Selection(), SnapshotFolder(tmp_path / "w"), path)
    again = pull_dump(config, Selection(), SnapshotFolder(tmp_path / "w"), path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (pulled.counts["pages"], again.counts["pages"]) == (500, 500)
    assert peak < 8_000_000, "of forty"


def test_what_is_selected_of_a_dump_and_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "d.xml"
    texts = [
        page(1, "Pôle 1", "[[Catégorie:PTCE]] [[category:eau douce|x]]"),
        page(2, "Autre", "[[Catégorie:PTCEE]]"),
    ]
    path.write_text(HEAD + "".join(texts) + "</mediawiki>", encoding="utf-8")
    config = WikiConfig("x", {"fr": "x", "en": "x"}, (Site("fr", article="https://w.example/$1"),))
    folder = SnapshotFolder(tmp_path / "w")
    names = ("Catégorie:PTCE", "Eau_douce", "Catégorie:Absente")
    found = pull_dump(config, Selection(names, ("Pôle", "Q")), folder, path)
    assert [record.title for record in found.snapshot.records()] == ["Pôle 1"]
    assert found.empty == ["the category 'Catégorie:Absente' has no page", "the prefix 'Q' has no page"]
    for wrong in (Selection(("Absente",)), Selection((), ("Q",)), Selection(pages=("Q",))):
        with pytest.raises(SourceUnavailable, match=r"'Absente' has no page|'Q' has no page|no page 'Q'"):
            pull_dump(config, wrong, folder, path)
    now = folder.current()
    assert now is not None
    assert now.path == found.snapshot.path
