from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_lod.release.patch import (
    Change,
    applied,
    combined,
    graph_of,
    normal_form,
    read_patch,
    skolemized,
    terms,
    write_patch,
)
from ptce_lod.terms import QuadLine, literal_term, quad_line

G = "<http://g>"


def line(number: int) -> QuadLine:
    return quad_line(f"<http://s{number}>", "<http://p>", f'"{number}"', G)


LINES = st.frozensets(st.integers(0, 6).map(line))


def change(old: frozenset[QuadLine], new: frozenset[QuadLine]) -> Change:
    return Change(frozenset(old - new), frozenset(new - old))


@given(LINES, LINES, LINES)
def test_two_changes_combined_do_what_they_do_one_after_the_other(
    first: frozenset[QuadLine], second: frozenset[QuadLine], third: frozenset[QuadLine]
) -> None:
    both = combined(change(first, second), change(second, third))
    assert set(applied(first, both)) == third
    assert both == change(first, third)


@given(LINES, LINES)
def test_a_patch_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, first: frozenset[QuadLine], second: frozenset[QuadLine]
) -> None:
    path = tmp_path_factory.mktemp("patch") / "edits.rdfp"
    path.write_text(write_patch(change(first, second), {"previous": "<http://r>"}), encoding="utf-8")
    assert read_patch(path) == change(first, second)


def test_no_file_is_no_change(tmp_path: Path) -> None:
    assert not read_patch(tmp_path / "none.rdfp")


@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.sampled_from(["", "@fr", "^^<http://www.w3.org/2001/XMLSchema#string>"]),
)
def test_the_terms_of_a_line_are_told_apart_whatever_the_literal_holds(text: str, suffix: str) -> None:
    object_ = literal_term(text) + suffix
    assert terms(f"<http://s> <http://p> {object_} {G} .") == ("<http://s>", "<http://p>", object_, G)
    assert terms(f"<http://s> <http://p> {object_} .")[3] == ""


def test_what_is_no_line_is_said() -> None:
    with pytest.raises(ValueError, match="not a line of N-Quads"):
        terms("<http://s> <http://p>")


def test_the_store_s_form_of_a_number_is_known() -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert '"44.1"' in normal_form(f'<http://s> <http://p> "44.1000"^^<{xsd}decimal> {G} .')
    assert normal_form(line(1)) == line(1)


def test_blank_nodes_get_names_and_literals_that_look_like_them_do_not() -> None:
    named = skolemized(f'_:a <http://p> "_:b" {G} .', "http://h/genid/")
    assert named == f'<http://h/genid/a> <http://p> "_:b" {G} .'
    assert graph_of(named) == "http://g"
