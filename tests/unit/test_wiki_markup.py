"""Whatever a text holds, a wiki shows it and does nothing else."""

from __future__ import annotations

import html
import unicodedata

import mwparserfromhell
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_lod.wiki_markup import escape, external_link, page_link

HOSTILE = st.text(
    st.one_of(st.sampled_from("[]{}|='<>&~*#:;_-!/\\ \n\té"), st.characters(exclude_categories=("Cs",))),
    max_size=60,
)


@given(HOSTILE)
def test_an_escaped_text_is_one_line_without_markup(text: str) -> None:
    escaped = escape(text)
    assert "\n" not in escaped
    assert "~~~" not in escaped
    assert "__" not in escaped
    nodes = mwparserfromhell.parse(escaped).nodes
    assert {type(node).__name__ for node in nodes} <= {"Text", "HTMLEntity"}


@given(HOSTILE)
def test_a_reader_sees_the_text(text: str) -> None:
    shown = html.unescape(escape(text))
    assert shown == " ".join(
        "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", text)).split()
    )


@given(HOSTILE, HOSTILE)
def test_a_link_is_one_link_or_text(path: str, label: str) -> None:
    nodes = mwparserfromhell.parse(external_link(f"https://example.org/{path}", label)).nodes
    kinds = [type(node).__name__ for node in nodes]
    assert kinds == ["ExternalLink"] or set(kinds) <= {"Text", "HTMLEntity"}


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://x/", "//example.org/", "https://", "http://[::1", ""]
)
def test_what_is_no_web_address_is_not_linked(url: str) -> None:
    assert external_link(url, "Nom") == "Nom"


def test_a_page_is_linked_without_becoming_its_category_or_picture() -> None:
    assert page_link("Catégorie:PTCE", "a|b") == "[[:Catégorie:PTCE|a&#124;b]]"
    assert page_link("a|b", "c") == "c"
