"""Dates, numbers, spaces and links as a reader of each language expects them."""

from __future__ import annotations

import pytest

from ptce_lod.web.pages.text import format_date, format_number, french_spaces, path_of, safe_url


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        ("2014-01-10", "10 janvier 2014", "10 January 2014"),
        ("2014-01-01", "1er janvier 2014", "1 January 2014"),
        ("2011-10", "octobre 2011", "October 2011"),
        ("2009", "2009", "2009"),
        ("2014-02-31", "2014-02-31", "2014-02-31"),
        ("soon", "soon", "soon"),
    ],
)
def test_a_partial_date_is_written_as_far_as_it_is_known(value: str, french: str, english: str) -> None:
    assert format_date(value, "fr") == french
    assert format_date(value, "en") == english


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
