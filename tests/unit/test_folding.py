"""Texts compare without accents, capitals, ligatures and articles, and what is marked in them is what was looked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_lod.folding import WORDS, fold, made_acronyms, spans, telling, tokens, words


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_words_are_letters_and_digits_and_stand_where_they_say(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert token.word.isalnum()
        assert fold(token.word) == token.word
        assert end <= token.begin < token.end <= len(text)
        end = token.end


@given(st.text(), st.lists(st.text(alphabet="abcdeœé12", min_size=1), max_size=3))
def test_spans_lie_in_the_text_in_order(text: str, wanted: list[str]) -> None:
    end = 0
    for begin, until in spans(text, [fold(word) for word in wanted]):
        assert end <= begin < until <= len(text)
        end = until


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l'Île", ["ile"]),
        ("L’Île", ["ile"]),
        ("qu'Archer d'Opale", ["archer", "opale"]),
        ("Domb'Innov", ["domb", "innov"]),
        ("aujourd'hui", ["aujourd", "hui"]),
        ("Éco-domaine", ["eco", "domaine"]),
        ("E\u0301co", ["eco"]),
        ("P.T.C.E.", ["ptce"]),
        ("S.C.I.C", ["scic"]),
        ("2.0", ["2", "0"]),
        ("Cœur", ["coeur"]),
        ("ŒUVRE", ["oeuvre"]),
        ("« 🙂 »", []),
        ("a_b", ["a", "b"]),
    ],
)
def test_french_is_read_as_the_french_write_it(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_little_words_and_noise_count_only_when_nothing_else_is_there() -> None:
    assert telling(["association", "de", "archer"]) == ["archer"]
    assert telling(["communaute", "de", "communes"]) == ["communaute", "communes"]
    assert telling(["le"]) == ["le"]
    assert telling([]) == []
    assert WORDS >= 8


def test_acronyms_are_made_of_capitals_and_of_all_words_that_tell() -> None:
    assert made_acronyms("Groupe Archer") == []
    assert made_acronyms("Pôle territorial de coopération économique") == ["ptce"]
    assert "cncress" in made_acronyms(
        "Conseil National des Chambres Régionales de l'Économie Sociale et Solidaire"
    )


def test_a_ligature_is_marked_whole() -> None:
    assert spans("Cœur", ["co"]) == [(0, 2)]
    assert spans("Cœur", ["coeur"]) == [(0, 4)]
    assert spans("E\u0301cole", ["e"]) == [(0, 2)]
