"""What holds of every set of quads: sorting loses nothing, and a difference applied gives the other release."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ptce_lod.release import quads
from ptce_lod.release.diff import diff_lines
from ptce_lod.release.quads import QuadSorter, graph_name, read_lines, without_graph
from ptce_lod.terms import QuadLine, literal_term, quad_line

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
lines = st.builds(
    lambda s, text, g: quad_line(f"<http://e/{s}>", "<http://e/p>", literal_term(text), f"<http://g/{g}>"),
    st.integers(0, 5),
    texts,
    st.integers(0, 2),
)


@given(st.lists(lines, max_size=60), st.integers(1, 7))
def test_sorting_in_runs_equals_sorting_at_once(items: list[QuadLine], run: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        before, quads.RUN_LINES = quads.RUN_LINES, run  # type: ignore[misc]
        try:
            sorter = QuadSorter(Path(name))
            sorter.extend(items)
            count = sorter.write(Path(name) / "all.nq")
        finally:
            quads.RUN_LINES = before  # type: ignore[misc]
        assert list(read_lines(Path(name) / "all.nq")) == sorted(set(items))
        assert count == len(set(items))


@given(st.sets(lines, max_size=20), st.sets(lines, max_size=20))
def test_a_difference_applied_to_the_first_gives_the_second(
    first: set[QuadLine], second: set[QuadLine]
) -> None:
    changes = list(diff_lines(iter(sorted(first)), iter(sorted(second))))
    result = (first - {c.line for c in changes if not c.added}) | {c.line for c in changes if c.added}
    assert result == second
    assert len(changes) == len(first ^ second)


@given(lines)
def test_a_line_tells_its_graph_and_its_triple(line: QuadLine) -> None:
    assert f"{without_graph(line)[:-2]} <{graph_name(line)}> ." == line
