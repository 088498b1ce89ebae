"""Only the inside of a block changes, whatever the page holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_lod.wiki.blocks import (
    EDITED,
    FILLED,
    UNCHANGED,
    UNKNOWN,
    blocks,
    digest_of,
    empty,
    renew,
    without_blocks,
    written,
)
from tests.unit.wiki import hostile

PROSE = st.text(
    st.one_of(st.sampled_from("<!->/ptce-lod {}[]|\n"), st.characters(exclude_categories=("Cs",))),
    max_size=40,
)
PLAIN = PROSE.filter(lambda text: "ptce-lod" not in text and "<" not in text)


def fill(wanted: str) -> str | None:
    return None if wanted == "infobox pole/none" else f"about {wanted}"


@given(PLAIN, PLAIN, PLAIN)
def test_what_stands_outside_blocks_stays(before: str, between: str, after: str) -> None:
    text = f"{before}{empty('list')}{between}{empty('timeline')}{after}"
    renewed = renew(text, fill)
    assert (
        renewed.text
        == f"{before}{written('list', 'about list')}{between}{written('timeline', 'about timeline')}{after}"
    )
    assert [outcome for _, outcome in renewed.outcomes] == [FILLED, FILLED]
    again = renew(renewed.text, fill)
    assert again.text == renewed.text
    assert [outcome for _, outcome in again.outcomes] == [UNCHANGED, UNCHANGED]


@given(PROSE)
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    told = ""
    try:
        found = blocks(text)
    except ValueError as error:
        told, found = str(error), []
    assert told == "" or told.startswith("line ")
    assert all(text[b.begin : b.end].startswith("<!--") for b in found)


@given(PLAIN.filter(lambda text: text.strip() != ""))
def test_what_a_person_changed_inside_is_left_unless_wanted(own: str) -> None:
    filled = renew(empty("list"), fill).text
    edited = filled.replace("about list", f"about list{own}")
    kept = renew(edited, fill)
    assert kept.text == edited
    assert kept.outcomes == [("list", EDITED)]
    assert renew(edited, fill, overwrite=True).text == filled


def test_new_facts_take_the_place_of_former_ones() -> None:
    filled = renew(empty("list"), lambda _: "one").text
    assert renew(filled, lambda _: "two").text == written("list", "two")


@pytest.mark.parametrize("wanted", ["link pole/tetris", "template PTCE-lien"])
def test_what_stands_in_a_sentence_or_is_copied_into_one_has_no_line_breaks(wanted: str) -> None:
    assert "\n" not in renew(f"Avant {empty(wanted)} après", fill).text


@pytest.mark.parametrize("wanted", ["link pole/tetris", "template PTCE-lien", "infobox pole/tetris", "list"])
@pytest.mark.parametrize("is_marked", [True, False])
def test_what_a_former_version_wrote_on_lines_of_its_own_is_ours(wanted: str, is_marked: bool) -> None:
    inside = f"\nabout {wanted}\n"
    mark = f" sha256:{digest_of(inside)}" if is_marked else ""
    renewed = renew(f"a <!-- ptce-lod {wanted}{mark} -->{inside}<!-- /ptce-lod --> b", fill)
    assert renewed.text == f"a {written(wanted, f'about {wanted}')} b"
    assert renew(renewed.text, fill).outcomes == [(wanted, UNCHANGED)]


def test_a_block_of_something_unknown_is_left() -> None:
    text = f"a {written('infobox pole/none', 'x')} b"
    renewed = renew(text, fill)
    assert (renewed.text, renewed.outcomes) == (text, [("infobox pole/none", UNKNOWN)])


def test_text_without_a_checksum_is_a_person_s() -> None:
    text = "<!-- ptce-lod list -->Mine<!-- /ptce-lod -->"
    assert renew(text, fill).outcomes == [("list", EDITED)]


def test_a_page_that_explains_blocks_has_none() -> None:
    text = f"<nowiki>{empty('list')}</nowiki><pre>{empty('list')}</pre>"
    assert blocks(text) == []
    assert len(blocks(text + empty("list"))) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\n<!-- ptce-lod list -->", "line 2: .* is not closed"),
        ("<!-- /ptce-lod -->", "line 1: .* closes no block"),
        ("<!-- ptce-lod list -->\n<!-- ptce-lod list --><!-- /ptce-lod -->", "line 2: .* inside another"),
    ],
)
def test_broken_comments_are_told_with_their_line(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        renew(text, fill)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<!-- ptce-lod-->", []),
        ("<!--ptce-lod list--><!--/ptce-lod-->", [("list", "")]),
        ("<!-- x <!-- ptce-lod  list  a --><!-- /ptce-lod -->", [("list  a", "")]),
        ("<!-- ptce-lod a\nsha256:0123456789abcdef --><!-- /ptce-lod -->", [("a", "0123456789abcdef")]),
        ("<nowiki/><!-- ptce-lod a --><!-- /ptce-lod --></nowiki>", [("a", "")]),
        ("<pre x='<pre>'><!-- ptce-lod a --></PRE ><!-- ptce-lod b --><!-- /ptce-lod -->", [("b", "")]),
        ("<pre><!-- ptce-lod a --><!-- /ptce-lod --></nowiki>", [("a", "")]),
    ],
)
def test_blocks_are_found_as_people_write_them(text: str, found: list[tuple[str, str]]) -> None:
    assert [(block.wanted, block.digest) for block in blocks(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "'<!-- ptce-lod' + ' ' * 400_000",
        "'<!-- ptce-lod ' * 30_000",
        "'<!-- ptce-lod sha256:0123456789abcdef ' * 10_000",
        "'<pre>' * 80_000",
        "'<pre ' * 80_000 + '>'",
        "'<pre>' * 40_000 + '</pre ' * 40_000",
        "'<pre><nowiki></pre>' * 20_000",
        "'<pre></pre><!-- ptce-lod a --><!-- /ptce-lod -->' * 10_000",
    ],
)
def test_hostile_pages_end(text: str) -> None:
    hostile.run(
        "from ptce_lod.wiki.blocks import blocks\n"
        f"try:\n    blocks({text})\nexcept ValueError as error:\n    print(error)"
    )


@given(PLAIN, PLAIN, PLAIN)
def test_without_blocks_every_place_and_line_stays(before: str, inside: str, after: str) -> None:
    block = written("list", inside)
    text = without_blocks(f"{before}{block}{after}")
    assert text.startswith(before)
    assert text.endswith(after)
    gap = text[len(before) : len(text) - len(after)]
    assert (len(gap), gap.count("\n"), gap.strip()) == (len(block), block.count("\n"), "")
