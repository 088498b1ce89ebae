"""Wikitext is read with its places, whatever people write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_lod.wiki.prefixes import USUAL, prefixes_of
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
    template, inner = found.templates
    assert (template.name, inner.name) == ("Infobox PTCE", "Date")
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


def test_a_colon_makes_a_link_of_a_category() -> None:
    found = read_wikitext(
        "[[:Catégorie:PTCE]] [[ : Category:A|b]] [[Category:c]] [[catégorie : d_e|x]] [[Catégorie:]]"
    )
    assert found.categories == ("C", "D e")
    assert found.links == ("Catégorie:PTCE", "Category:A")


def test_categories_and_templates_are_named_in_the_words_of_the_wiki() -> None:
    japanese = prefixes_of({"namespaces": {"14": ["カテゴリ", "Rubrique_du wiki"], "10": ["テンプレート"]}})
    text = "[[カテゴリ:a]] [[rubrique du_Wiki:b]] [[Category:c]] [[Catégorie:d]] {{テンプレート:T}} {{template: u}} {{modèle:v}}"
    found = read_wikitext(text, japanese)
    assert found.categories == ("A", "B", "C")
    assert found.links == ("Catégorie:d",)
    assert [template.name for template in found.templates] == ["T", "U", "Modèle:v"]
    assert read_wikitext(text).links == ("カテゴリ:a", "Rubrique du Wiki:b")
    assert prefixes_of({}) == prefixes_of({"namespaces": {}}) == USUAL


@pytest.mark.parametrize(
    "text",
    [
        "<div style='a'>{box}</div>",
        "<noinclude>\n{box}</noinclude>",
        "{{{{Cadre|contenu={box}|a}}}}",
        "{{{{#if:x|{box}|}}}}",
        "{{{{a|<ref>{box}</ref>}}}}",
        "{{|\n| {box}\n|}}",
        "[[Fichier:a.png|thumb|{box}]]",
        "''{box}''",
    ],
)
@pytest.mark.parametrize(
    "name", ["infobox_PTCE", "Modèle:Infobox PTCE", " Template : Infobox PTCE ", "Infobox PTCE<!-- a -->\n"]
)
def test_a_template_is_found_wherever_it_stands(text: str, name: str) -> None:
    box = f"{{{{{name}| nom = Été <!-- a -->|création={{{{date|2012}}}}\n}}}}"
    text = "{{date|2012}} é " + text.format(box=box)
    (found,) = (template for template in read_wikitext(text).templates if template.name == "Infobox PTCE")
    for key, value in (("nom", "Été <!-- a -->"), ("création", "{{date|2012}}")):
        parameter = found.parameters[key]
        assert text[parameter.start : parameter.end] == parameter.value == value
    assert text.index("Été") == found.parameters["nom"].start


def test_what_is_only_shown_or_is_another_page_is_no_template() -> None:
    text = "<!-- {{Infobox PTCE}} --><nowiki>{{Infobox PTCE}}</nowiki>{{:Infobox PTCE}}{{{Infobox PTCE}}}"
    assert "Infobox PTCE" not in {template.name for template in read_wikitext(text).templates}


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
        *(
            "<nowiki>",
            "{{a|<nowiki>}}</nowiki>",
            "{{a|<!-- }} -->",
            "<pre {{a|>",
            "</pre--></math><pre ",
            "<div></div ",
            "{{a|</pre",
            "|<div /></ref><pre }}} ",
            "{{a|[[b|<ref>",
        ),
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


@pytest.mark.parametrize("piece", ["*", ":;*#", "* a\n", "#*a\n"])
def test_a_list_of_tens_of_thousands_is_refused(piece: str) -> None:
    """A parser makes a tag of each marker: 12 s for 400 kB of them."""
    with pytest.raises(ValueError, match="more than 50000 markers of lists"):
        read_wikitext(piece * 51_000)


def test_a_long_list_is_read() -> None:
    assert len(read_wikitext("* [[a]] * b : c\n" * 10_000).links) == 1


def test_a_page_of_ten_megabytes_is_refused_not_read() -> None:
    with pytest.raises(ValueError, match="characters"):
        read_wikitext("x" * (MAX_LENGTH + 1))
