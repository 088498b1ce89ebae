"""The index of fragments against a plain loop over the same quads."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_lod.errors import ReleaseDamaged
from ptce_lod.query.found import Pattern
from ptce_lod.query.fragments import FragmentIndex
from ptce_lod.release.fragment_index import split_line, write_fragment_index
from ptce_lod.release.layout import ReleaseLayout
from ptce_lod.terms import literal_term, quad_line

IRIS = ("<http://e/a>", "<http://e/b>", "<http://e/é>", "<http://e/ab>")
LITERALS = tuple(
    literal_term(text, **more)  # type: ignore[arg-type]
    for text, more in (
        ("a", {}),
        ("a", {"language": "fr"}),
        ('x" <http://e/a> .', {}),
        ("\n\\", {}),
        ("5", {"datatype": "http://www.w3.org/2001/XMLSchema#integer"}),
        ("", {}),
        ("𝄞 é", {}),
    )
)
NODES = st.sampled_from(IRIS)
QUADS = st.lists(st.tuples(NODES, NODES, st.sampled_from(IRIS + LITERALS), NODES), max_size=40)
PATTERNS = st.tuples(*(st.sampled_from(("", *terms)) for terms in (IRIS, IRIS, IRIS + LITERALS, IRIS)))


def index_of(folder: Path, quads: list[tuple[str, str, str, str]]) -> FragmentIndex:
    layout = ReleaseLayout(folder)
    write_fragment_index(layout.fragments, sorted({quad_line(*quad) for quad in quads}))
    return FragmentIndex(layout)


@given(quads=QUADS, pattern=PATTERNS, size=st.integers(1, 5))
def test_pages_together_are_what_a_loop_finds(
    quads: list[tuple[str, str, str, str]], pattern: tuple[str, str, str, str], size: int
) -> None:
    wanted = Pattern(*pattern)
    expected = {
        f"{s} {p} {o} ."
        for s, p, o, g in quads
        if all(not term or term == found for term, found in zip(wanted, (s, p, o, g), strict=True))
    }
    with TemporaryDirectory() as folder:
        index = index_of(Path(folder), quads)
        lines: list[str] = []
        while True:
            page = index.page(wanted, offset=len(lines), limit=size)
            assert page.total == len(expected)
            lines.extend(page.lines)
            if len(page.lines) < size:
                break
        index.close()
    assert len(lines) == len(set(lines))
    assert set(lines) == expected


@given(quad=st.tuples(NODES, NODES, st.sampled_from(IRIS + LITERALS), NODES))
def test_a_line_is_split_where_its_terms_end(quad: tuple[str, str, str, str]) -> None:
    assert split_line(quad_line(*quad)) == quad


def test_the_same_bytes_from_the_same_quads(tmp_path: Path) -> None:
    quads = [(IRIS[n % 3], IRIS[n % 2], LITERALS[n % 5], IRIS[n % 4]) for n in range(30)]
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        index_of(tmp_path / name, quads).close()
    files = sorted(path.name for path in (tmp_path / "one/fragments").iterdir())
    assert files == ["osp", "pos", "spo", "terms.idx", "terms.txt"]
    for name in files:
        assert (tmp_path / "one/fragments" / name).read_bytes() == (
            tmp_path / "two/fragments" / name
        ).read_bytes()


def test_counts_are_those_of_the_store(small: ReleaseLayout) -> None:
    store = ox.Store.read_only(str(small.store))
    index = FragmentIndex(small)
    for predicate in {quad.predicate for quad in store}:
        triples = {quad.triple for quad in store.quads_for_pattern(None, predicate, None)}
        assert index.page(Pattern(predicate=str(predicate)), offset=0, limit=1).total == len(triples)
    for graph in store.named_graphs():
        count = len(list(store.quads_for_pattern(None, None, None, graph)))
        assert index.page(Pattern(graph=str(graph)), offset=0, limit=1).total == count
    index.close()


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ReleaseDamaged, match=r"terms\.txt"):
        FragmentIndex(ReleaseLayout(tmp_path))
