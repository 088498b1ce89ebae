"""Wikitext is read with its places, whatever people write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_lod.wiki.wikitext import MAX_LENGTH, read_wikitext
from tests.unit.wiki import hostile

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
    "piece",
    [
        *("{{", "{{{", "{{a|", "{{a|b=", "{{{a|", "{{{{a|", "{{a|{{{b|", "{{<!--x-->a|", "{{a|&nbsp;"),
        *("[[", "[[a|", "[http://x", "[http://x ", "[//x {{a|]", "{{a|[[b|c}}", "[[a|{{b|]]}}"),
        *(
            "<div>",
            "<div ",
            '<div a="',
            '<div a="}}">{{a|',
            "<div a={{b|",
            "<ref>",
            "<ref ",
            "<!--",
            "<b><i></b>",
        ),
        *("<nowiki>", "{{a|<nowiki>}}</nowiki>", "{{a|<!-- }} -->", "<pre {{a|>", "{{a|[[b|<ref>"),
        *(
            "{|\n",
            "\n{|\n|",
            "\n{|\n|{{a|\n|}",
            "== a ==\n",
            "== {{a| ==\n",
            "''",
            "'''''",
            "&#",
            "\n:",
            "-{",
        ),
    ],
)
def test_hostile_pages_are_read_or_refused_and_that_ends(piece: str) -> None:
    told = hostile.run(
        "from ptce_lod.wiki.wikitext import read_wikitext\n"
        f"text = {piece!r} * (100_000 // {len(piece)})\n"
        "try:\n    read_wikitext(text)\nexcept ValueError as error:\n    print(error)"
    )
    assert told == "" or told.startswith("the wikitext ")


@pytest.mark.parametrize("end", ["", "}}" * 500])
def test_templates_nested_500_deep_are_read(end: str) -> None:
    text = f"{{{{Infobox|nom=a}}}}{'{{a|' * 500}{end}\n== b =="
    found = read_wikitext(text)
    assert found.templates[0].name == "Infobox"
    assert [section.title for section in found.sections] == ["b"]


def test_what_is_closed_is_read_however_much_it_is() -> None:
    row = '{{a|<ref name="x">[http://example.org/ b]</ref>|[[c|d]]}}\n{|\n| <div style="{{e}}">f</div><br>\n|}\n'
    found = read_wikitext(row * 500)
    assert found.links == ("C",)


def test_too_much_that_is_not_closed_is_told_with_a_line() -> None:
    with pytest.raises(ValueError, match="not closed, such as in line 3"):
        read_wikitext("a\nb\n" + "{{a|" * 600 + "x" * 50_000)
    with pytest.raises(ValueError, match="nests too deep in line 1"):
        read_wikitext("{{a|" * 2000 + "}}" * 2000)


def test_a_page_of_ten_megabytes_is_refused_not_read() -> None:
    with pytest.raises(ValueError, match="characters"):
        read_wikitext("x" * (MAX_LENGTH + 1))
