"""What is written into wikis: known facts, hostile ones harmless."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import mwparserfromhell
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_lod.wiki.facts import Facts
from ptce_lod.wiki.kit import template
from ptce_lod.wiki.render import FIELDS, LANGUAGES, Renderer

BASE = "https://data.example/"
EMPTY: dict[str, Any] = {
    "name_en": None, "other_names": [], "place": None, "departments": [], "regions": [], "sectors": [],
    "stage": None, "first_recognised": None, "support_structure": None, "websites": [],
}  # fmt: skip
HOSTILE = st.text(
    st.one_of(st.sampled_from("{}[]|=<>'~*#\n"), st.characters(exclude_categories=("Cs",))),
    min_size=1,
    max_size=30,
)


def pole(slug: str, **facts: Any) -> dict[str, Any]:
    return {**EMPTY, "id": f"{BASE}id/pole/{slug}", "name": slug.capitalize(), **facts}


def renderer(
    *poles: dict[str, Any], language: str = "fr", uses_template: bool = False, **pages: str
) -> Renderer:
    events = [{"id": f"{BASE}id/event/e", "name": "Ouverture", "name_en": "Opening", "date": "2023-06-01"}]
    labels = {
        ("https://w3id.org/ptce/concept/activity/waste", "en"): "Waste",
        ("https://w3id.org/ptce/concept/activity/waste", "fr"): "Déchets",
        (f"{BASE}id/pole/tetris", "fr"): "Tetris",
    }
    facts = Facts(
        BASE, poles, events, [{"id": "x", "name": "Undated"}], lambda iri, code: labels.get((iri, code))
    )
    about = {f"pole/{slug}": title for slug, title in pages.items()}
    return Renderer(facts, language, about, uses_template)


def test_a_box_holds_what_is_known_and_nothing_else() -> None:
    known = pole(
        "tetris",
        regions=["Provence-Alpes-Côte d'Azur"],
        first_recognised="2014-01-01",
        websites=["https://www.tetris.example/?a=1"],
    )
    box = renderer(known).fill("infobox pole/tetris") or ""
    assert "Provence-Alpes-Côte d&#39;Azur" in box
    assert "1er janvier 2014" in box
    assert "[https://www.tetris.example/?a=1 tetris.example]" in box
    assert "Lieu" not in box
    assert f"[{BASE}id/pole/tetris données ouvertes liées]" in box


ANNOTATED = {
    "Fiche": "id",
    "Nom": "name",
    "Région": "regions",
    "Reconnu le": "first_recognised",
    "Site": "websites",
    "Secteur": "sectors",
}


def test_properties_of_semantic_mediawiki_are_set_when_the_mapping_names_them() -> None:
    known = pole(
        "tetris",
        regions=["Occitanie", "Bretagne"],
        first_recognised="2014-01-01",
        websites=["https://a.example/|b", "javascript:alert(1)"],
        sectors=["https://w3id.org/ptce/concept/activity/waste"],
        name_en="Tetris {{pole}}",
    )
    plain = renderer(known, language="en").fill("infobox pole/tetris") or ""
    said = replace(renderer(known, language="en"), annotated=ANNOTATED).fill("infobox pole/tetris") or ""
    assert said.startswith(plain)
    assert said.removeprefix(plain).splitlines() == [
        "{{#set:",
        f"| Fiche = {BASE}id/pole/tetris",
        "| Nom = Tetris &#123;&#123;pole&#125;&#125;",
        "| Région = Occitanie",
        "| Région = Bretagne",
        "| Reconnu le = 2014-01-01",
        "| Site = https://a.example/%7Cb",
        "| Secteur = Waste",
        "}}",
    ]


@given(HOSTILE, HOSTILE)
def test_no_value_ends_an_annotation_or_begins_another(name: str, place: str) -> None:
    known = replace(
        renderer(pole("tetris", name=name, place=place)), annotated={"Nom": "name", "Lieu": "place"}
    )
    said = (known.fill("infobox pole/tetris") or "").partition("{{#set:")
    (call,) = mwparserfromhell.parse("{{#set:" + said[2]).filter_templates()
    assert {str(each.name).strip() for each in call.params} <= {"Nom", "Lieu"}
    assert str(call).endswith("}}")
    assert said[2].endswith("}}")


def test_what_is_not_known_is_not_annotated() -> None:
    bare = replace(renderer(pole("tetris")), annotated={"Région": "regions"})
    assert "#set" not in (bare.fill("infobox pole/tetris") or "")


def test_each_language_has_its_words() -> None:
    known = pole(
        "tetris",
        sectors=["https://w3id.org/ptce/concept/activity/waste"],
        first_recognised="2014-01-01",
        name_en="Tetris pole",
    )
    box = renderer(known, language="en").fill("infobox pole/tetris") or ""
    assert "Tetris pole" in box
    assert "Waste" in box
    assert "1 January 2014" in box


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_has_the_parameters_that_are_written(language: str) -> None:
    text = template("PTCE", BASE, language)
    asked = set(re.findall(r"\{\{\{([^|{}]+)\|", text))
    full = {column: ["x"] for column in FIELDS[language]}
    call = renderer(pole("p", **full), language=language, uses_template=True).fill("infobox pole/p") or ""
    (use,) = mwparserfromhell.parse(call).filter_templates()
    assert {str(p.name).strip() for p in use.params} == asked
    assert set(re.findall(r"<code>([^<=]+)</code>", text)) >= asked


def test_poles_are_listed_by_region_as_french_sorts() -> None:
    poles = [
        pole("zeta", regions=["Bretagne"]),
        pole("eau", name="Écologie", regions=["Bretagne"]),
        pole("autre", regions=["Île-de-France"]),
        pole("nulle-part"),
    ]
    made = renderer(*poles, zeta="Pôle Zeta").fill("list") or ""
    assert made.index("Bretagne") < made.index("Île-de-France") < made.index("Région non renseignée")
    assert made.index("Écologie") < made.index("Zeta")
    assert "* [[:Pôle Zeta|Zeta]] " in made
    assert renderer(*poles).fill("list Bretagne") == "\n".join(
        line for line in made.replace("[[:Pôle Zeta|Zeta]]", "Zeta").split("\n")[2:4]
    )


def test_a_concept_is_linked_where_its_document_is() -> None:
    assert f"[{BASE}concept/activity/waste Données ouvertes liées sur Déchets]" in (
        renderer().fill("link concept/activity/waste") or ""
    )
    assert renderer().fill("link concept/activity/none") is None
    assert renderer().fill("link concept/waste") is None


def test_a_box_leads_to_the_wiki_s_page_about_a_concept() -> None:
    known = renderer(pole("tetris", sectors=["https://w3id.org/ptce/concept/activity/waste"]))
    box = replace(known, pages={"concept/activity/waste": "Le déchet"}).fill("infobox pole/tetris") or ""
    assert "| [[:Le déchet|Déchets]]" in box


def test_the_timeline_has_what_is_dated() -> None:
    made = renderer().fill("timeline")
    assert made == f"* 1er juin 2023 – Ouverture [{BASE}id/event/e ↗]"


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "infobox",
        "infobox pole/none",
        "list Atlantide",
        "link pole/none",
        "link x",
        "timeline x",
        "script x",
    ],
)
def test_what_is_not_known_is_not_written(wanted: str) -> None:
    assert renderer(pole("tetris")).fill(wanted) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("list bretagne", "list Bretagne"),
        ("List ile de france", "list Île-de-France"),
        ("list Provence-Alpes-Côte d\u2019Azur", "list Provence-Alpes-Côte d'Azur"),
        ("Infobox pole/tetris", "infobox pole/tetris"),
        ("infobox pole/Tetris", "infobox pole/tetris"),
        ("infobox  Pole/Tétris", "infobox pole/tetris"),
        (f"infobox {BASE}id/pole/tetris", "infobox pole/tetris"),
        (f"infobox {BASE}doc/pole/tetris?lang=fr", "infobox pole/tetris"),
        ("infobox http://data.example/id/pole/tetris", "infobox pole/tetris"),
        (f"link {BASE}concept/activity/waste", "link concept/activity/waste"),
        ("link https://w3id.org/ptce/concept/activity/waste", "link concept/activity/waste"),
        ("TIMELINE", "timeline"),
    ],
)
def test_what_is_meant_is_filled_however_it_is_written(written: str, meant: str) -> None:
    made = renderer(pole("tetris", regions=["Bretagne", "Île-de-France", "Provence-Alpes-Côte d'Azur"]))
    assert made.fill(written) is not None
    assert made.fill(written) == made.fill(meant)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("list Atlantide", "one of the regions Bretagne, Île-de-France, or of all"),
        ("script x", "a block says infobox pole/SLUG, link TYPE/SLUG, list, list REGION, or timeline"),
        ("", "a block says infobox"),
        ("infobox", "wants a pole, such as pole/SLUG"),
        ("infobox pole/tetriss", "did you mean pole/tetris?"),
        ("infobox pole/zzz", "the end of its address"),
        (
            "infobox concept/activity/waste",
            "of a pole: pole/SLUG; `link concept/activity/waste` links to this",
        ),
        ("infobox https://elsewhere.example/id/pole/tetris", "an infobox is of a pole"),
        ("link pole/tetri", "TYPE/SLUG or concept/SCHEME/CODE; did you mean pole/tetris?"),
        ("timeline 2020", "`timeline`"),
    ],
)
def test_what_is_not_known_is_told_with_what_is_allowed(written: str, told: str) -> None:
    made = renderer(pole("tetris", regions=["Île-de-France", "Bretagne"]))
    assert made.fill(written) is None
    assert told in made.hint(written)


def test_a_name_that_two_regions_have_alike_is_none_of_them() -> None:
    made = renderer(pole("a", regions=["Évry"]), pole("b", regions=["Evry"]))
    assert made.fill("list evry") is None
    assert "A [" in (made.fill("list Évry") or "")


@given(HOSTILE, st.booleans())
def test_hostile_facts_stay_in_their_cell(text: str, uses_template: bool) -> None:  # hypothesis passes it
    hostile = pole(
        "p",
        name=text,
        other_names=[text, text],
        place=text,
        regions=[text],
        websites=[f"https://x.example/{text}"],
    )
    plain = pole(
        "p", name="a", other_names=["a", "a"], place="a", regions=["a"], websites=["https://x.example/a"]
    )
    found, expected = (
        renderer(each, uses_template=uses_template).fill("infobox pole/p") or "" for each in (hostile, plain)
    )
    assert found.count("\n") == expected.count("\n")
    assert found.count("|") == expected.count("|")
    code = mwparserfromhell.parse(found)
    assert len(code.filter_templates()) == int(uses_template)
    assert not code.filter_wikilinks()
