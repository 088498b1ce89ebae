"""Numbers, spaces and links as a reader of each language expects them."""

from __future__ import annotations

import pytest

from ptce_lod.numbers import format_number
from ptce_lod.web.pages.text import french_spaces, path_of, safe_url


def test_numbers_have_the_separators_of_the_language() -> None:
    assert format_number(9000000, "fr") == "9\u202f000\u202f000"
    assert format_number("9000000", "en") == "9,000,000"
    assert format_number("12.5", "fr") == "12,5"
    assert format_number("some", "fr") == "some"


def test_french_signs_keep_their_spaces_from_breaking() -> None:
    assert (
        french_spaces("Est-ce complet ? Oui : « tout » !")
        == "Est-ce complet\u202f? Oui\u00a0: «\u00a0tout\u00a0»\u202f!"
    )


@pytest.mark.parametrize("url", ["https://a.fr/", "http://a.fr", "mailto:a@b.fr"])
def test_web_addresses_may_be_linked(url: str) -> None:
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "vbscript:x", "//[", "x"]
)
def test_anything_else_is_shown_and_never_linked(url: str) -> None:
    assert safe_url(url) == ""


def test_our_own_addresses_become_paths_so_that_pages_work_on_any_host() -> None:
    assert (
        path_of("https://data.example.org/ptce/doc/pole/a", "https://data.example.org/ptce/")
        == "/ptce/doc/pole/a"
    )
    assert path_of("https://other.org/x", "https://data.example.org/ptce/") == "https://other.org/x"
