"""Addresses that lead to one page have one key."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_lod.page_address import page_key


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=40))
def test_encoding_makes_no_difference(title: str) -> None:
    encoded = page_key(f"https://wiki.example/wiki/{quote(title, safe='')}")
    spaced = page_key(f"http://WIKI.example:80/wiki/{quote(title.replace(' ', '_'), safe='')}?oldid=3#x")
    assert encoded == spaced


@given(st.text(max_size=60))
def test_any_text_has_a_key_or_is_refused_in_words(text: str) -> None:
    try:
        host = page_key(text).host
    except ValueError as error:
        host = str(error)
    assert host


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x?id=1", "https://a.example/x?id=2"),
        ("https://a.example/x", "https://b.example/x"),
        ("https://a.example/x", "https://a.example:8443/x"),
        ("https://a.example/Polo", "https://a.example/polo"),
    ],
)
def test_different_pages_have_different_keys(one: str, other: str) -> None:
    assert page_key(one) != page_key(other)
