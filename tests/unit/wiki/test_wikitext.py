"""Wikitext is read with its places, whatever people write."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_lod.wiki.wikitext import MAX_LENGTH, read_wikitext

PAGE = """{{Infobox PTCE
| nom = Été
| création = {{date|25|juin|2012}}
}}
Voir [[:pôle  territorial#Histoire|là]], [[Catégorie:Énergie|x]] et [https://example.org/ site].

== Histoire ==
a
=== Début ===
b
== Suite ==
c"""


def test_what_a_page_holds_is_found_at_its_place() -> None:
    found = read_wikitext(PAGE)
    assert found.links == ("Pôle territorial",)
    assert found.categories == ("Énergie",)
    assert found.addresses == ("https://example.org/",)
    (template,) = found.templates
    assert template.name == "Infobox PTCE"
    for name, value in (("nom", "Été"), ("création", "{{date|25|juin|2012}}")):
        parameter = template.parameters[name]
        assert parameter.value == PAGE[parameter.start : parameter.end] == value
    assert [(s.title, s.level, PAGE[s.start : s.start + 2]) for s in found.sections] == [
        ("Histoire", 2, "=="),
        ("Début", 3, "=="),
        ("Suite", 2, "=="),
    ]
    assert PAGE[found.sections[0].end :].startswith("== Suite")
    assert found.sections[2].end == len(PAGE)


@given(st.text(alphabet=st.sampled_from(list("{}[]|=<>'!-\n:# aéÉ\U0001f600")), max_size=200))
def test_any_text_is_read_and_places_are_those_of_the_text(text: str) -> None:
    found = read_wikitext(text)
    for template in found.templates:
        for parameter in template.parameters.values():
            assert text[parameter.start : parameter.end] == parameter.value
    for section in found.sections:
        assert 0 <= section.start < section.end <= len(text)
        assert text[section.start] == "="


@pytest.mark.parametrize(
    "text",
    [
        "{{" * 500,
        "{{a|" * 500 + "}}" * 500,
        "[[" * 5000,
        "{{{" * 2000,
        "'" * 20_000,
        "{|" * 2000,
        "<ref>" * 2000,
        "{{a|b=[[c|{{d" * 300,
        "== a ==\n" * 5000,
        "[http://x" * 2000,
        "<!--" * 3000,
        "&#" * 5000,
    ],
    ids=lambda text: text[:8],
)
def test_broken_and_nested_markup_ends_soon(text: str) -> None:
    begin = time.monotonic()
    read_wikitext(text)
    assert time.monotonic() - begin < 10


def test_a_page_of_ten_megabytes_is_refused_not_read() -> None:
    with pytest.raises(ValueError, match="characters"):
        read_wikitext("x" * (MAX_LENGTH + 1))
