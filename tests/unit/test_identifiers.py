"""Identifiers compare however they are written; what is none is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_lod.identifiers import insee_key, keys_of, siren_key, title_key, url_key, wiki_title


@pytest.mark.parametrize(
    "text",
    [
        "https://www.archer.fr/p%C3%B4le/",
        "http://archer.fr/pôle",
        "HTTPS://WWW.ARCHER.FR/po\u0302le#haut",
        "www.archer.fr/pôle",
        "archer.fr/pôle",
        "https://archer.fr:443/pôle",
    ],
)
def test_addresses_of_one_page_have_one_key(text: str) -> None:
    assert url_key(text) == "url:archer.fr/pôle"


@pytest.mark.parametrize(
    "text",
    [
        "M. Archer",
        "archer",
        "a.b c.fr",
        "https://",
        "http://[::1",
        "mailto:a@b.fr",
        "https://a b.fr",
        "x" * 3000,
    ],
)
def test_what_is_no_address_has_none(text: str) -> None:
    assert url_key(text) == ""


def test_other_queries_and_ports_are_other_pages() -> None:
    assert (
        len(
            {url_key(f"https://a.fr/{end}") for end in ("", "?id=1", "?id=2")} | {url_key("https://a.fr:81/")}
        )
        == 4
    )


@pytest.mark.parametrize(
    "text", ["200039857", "200 039 857", "20003985700012", "200 039 857 00012", "FR12200039857"]
)
def test_a_siren_is_read_as_people_write_it(text: str) -> None:
    assert siren_key(text) == "siren:200039857"


@pytest.mark.parametrize("text", ["20003985", "2000398577", "２０００３９８５７", "SIREN", "12.345.678"])
def test_other_numbers_are_none(text: str) -> None:
    assert siren_key(text) == ""


@pytest.mark.parametrize(
    ("text", "key"), [("26281", "26281"), ("2b033", "2B033"), ("974", "974"), ("01", "01")]
)
def test_codes_of_places(text: str, key: str) -> None:
    assert insee_key(text) == f"insee:{key}"


@pytest.mark.parametrize("text", ["1", "123", "2C001", "262811", "Romans"])
def test_what_is_no_code_of_a_place(text: str) -> None:
    assert insee_key(text) == ""


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("https://fr.wikipedia.org/wiki/P%C3%B4le_Sud_(PTCE)", "Pôle Sud (PTCE)"),
        ("https://w.org/w/index.php/P%C3%B4le", "Pôle"),
        ("https://w.org/index.php?title=Pôle_Sud&action=raw", "Pôle Sud"),
        ("https://w.org/wiki/", ""),
        ("https://w.org/page?title=x", ""),
        ("http://[", ""),
    ],
)
def test_titles_of_wiki_pages(address: str, title: str) -> None:
    assert wiki_title(address) == title


@given(st.text(max_size=60))
def test_any_text_has_keys_that_do_not_change(text: str) -> None:
    keys = keys_of(text)
    assert all(key.partition(":")[2] for key in keys)
    assert title_key(text) == title_key(title_key(text).removeprefix("title:"))
