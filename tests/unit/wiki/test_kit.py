"""The texts for wikis: made of the base IRI and of the vocabulary, in both languages."""

from __future__ import annotations

import re

import pytest

from ptce_lod.namespaces import ONTOLOGY, PTCE, RDF, RDFS, XSD
from ptce_lod.wiki import kit
from ptce_lod.wiki.kit import NAMES, Term, identifier_pattern, pieces, smw_import

BASE = "https://data.example.org/ptce/"


@pytest.mark.parametrize("language", kit.LANGUAGES)
def test_every_text_speaks_of_this_server(language: str) -> None:
    made = {piece.name: piece for piece in pieces(BASE, [], language)}
    assert tuple(made) == NAMES
    for piece in made.values():
        assert "@" not in piece.text
        assert piece.text.endswith("\n")
    leading = {name for name, piece in made.items() if BASE in piece.text}
    assert leading == {
        "link-template",
        "citation-template",
        "interwiki",
        "interwiki-sql",
        "wikibase",
        "gadget",
    }


def test_templates_go_where_the_language_has_its_templates() -> None:
    assert [piece.page for piece in pieces(BASE, [], "fr")][:3] == [
        "Modèle:PTCE-lien",
        "Modèle:PTCE",
        "Modèle:PTCE-citation",
    ]
    assert [piece.page for piece in pieces(BASE, [], "en")][:3] == [
        "Template:PTCE-link",
        "Template:PTCE",
        "Template:PTCE-citation",
    ]


@pytest.mark.parametrize("language", kit.LANGUAGES)
def test_what_a_template_puts_into_a_page_has_no_line_breaks(language: str) -> None:
    for name in kit.TEMPLATES[language]:
        text = kit.template(name, BASE, language)
        assert text.startswith("<includeonly>")
        shown = text.removeprefix("<includeonly>").partition("</includeonly><noinclude>")[0]
        assert "\n" not in re.sub("<!--.*?-->", "", shown, flags=re.DOTALL)


def test_the_database_gets_one_text_whatever_the_address() -> None:
    (text,) = [
        piece.text for piece in pieces("https://d'or.example/", [], "fr") if piece.name == "interwiki-sql"
    ]
    assert "'https://d''or.example/id/$1'" in text


@pytest.mark.parametrize(
    "value", ["pole/tetris", "pole/pole-sud-archer", "actor/a1", "concept/grouping-type/ptce"]
)
def test_identifiers_of_things_match(value: str) -> None:
    expected = not value.startswith("concept/")
    assert bool(re.fullmatch(identifier_pattern(), value)) is expected


@pytest.mark.parametrize(
    "value", ["tetris", "pole/", "pole/-a", "pole/Tetris", "pole/a--b", "pole/a/b", "other/a"]
)
def test_what_is_no_identifier_of_ours_does_not_match(value: str) -> None:
    assert not re.fullmatch(identifier_pattern(), value)


def test_the_import_page_is_as_semantic_mediawiki_reads_it() -> None:
    lines = smw_import(
        [
            Term("stage", False, is_link=True),
            Term("startDate", False, ranges=(XSD + "date",)),
            Term("when", False, ranges=(XSD + "gYear", XSD + "date")),
            Term("either", False, ranges=(XSD + "integer", XSD + "anyURI")),
            Term("size", False, ranges=(XSD + "nonNegativeInteger",)),
            Term("note", False, ranges=(RDF + "langString",)),
            Term("any", False, ranges=(RDFS + "Literal",)),
            Term("Pole", True),
        ]
    ).splitlines()
    assert lines == [
        f"{PTCE}|[{ONTOLOGY} PTCE]",
        " Pole|Category",
        " any|Type:Text",
        " either|Type:Text",
        " note|Type:Monolingual text",
        " size|Type:Number",
        " stage|Type:Page",
        " startDate|Type:Date",
        " when|Type:Date",
    ]
