"""Names that mean the same are alike, names that do not are not; numbers and order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as run
from hypothesis import strategies as st

from ptce_lod.folding import words
from ptce_lod.query.likeness import compare, likeness, weigh_with

#: Every word is rare.
weigh = weigh_with(lambda _word: 1.0)
_WORDS = [
    "le",
    "la",
    "l'île",
    "pôle",
    "association",
    "archer",
    "romans",
    "sud",
    "insertion",
    "2013",
    "56",
    "éco-domaine",
    "pays",
]
NAMES = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=6).map(" ".join)


def score(asked: str, name: str) -> float:
    return likeness(asked, name, weigh).score


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("PTCE du Pays du Mans", "Pays du Mans"),
        ("Association Le Périscope", "Le Périscope"),
        ("Domb Innov", "Domb'Innov"),
        ("DOMBINNOV", "Domb'Innov"),
        ("Bretagne, CRESS", "CRESS Bretagne"),
        ("L'Ile aux Moines", "Île-aux-Moines"),
        ("Pôle Laine du Pays de Sauges", "Pôle Laine du Pays de Saugues"),
        ("Éco domaine en pays d'auge", "Éco-domaine en Pays d'Auge"),
        ("Les Imaginations Fertiles", "Les Imaginations Fertiles (ex-La Serre – Le Multiple)"),
        ("P.T.C.E. Archer", "PTCE Archer"),
    ],
)
def test_the_same_name_written_otherwise(asked: str, name: str) -> None:
    assert score(asked, name) >= 0.8
    assert score(name, asked) >= 0.8


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("CRESS Bretagne", "CRESS Normandie"),
        ("Appel à projets 2013", "Appel à projets 2014"),
        ("Néo 56", "Néo 57"),
        ("Pôle Sud", "Pôle Nord"),
        ("Florange e2i – Vilaine", "Florange e2i – Écologie industrielle"),
        ("Archer", "Pôle Sud Archer de Romans et du Royans"),
        ("PTCE", "PTCE Guyane"),
        ("Maison de l'emploi de Lyon", "Maison de l'emploi de Lille"),
    ],
)
def test_another_name(asked: str, name: str) -> None:
    assert score(asked, name) < 0.8
    assert score(name, asked) < 0.8


@run(max_examples=300, deadline=None)
@given(NAMES, NAMES)
def test_a_score_is_a_share_and_1_means_the_same_words(one: str, other: str) -> None:
    found = likeness(one, other, weigh)
    assert 0.0 <= found.score <= 1.0
    assert 0.0 <= found.coverage <= 1.0 + 1e-9
    assert -1e-9 <= found.excess <= 1.0
    assert (found.score == 1.0) == (words(one) == words(other) != [])


@run(max_examples=300, deadline=None)
@given(NAMES)
def test_a_name_is_like_itself_and_what_its_words_make_in_another_order(name: str) -> None:
    assert score(name, name) == 1.0
    assert score(" ".join(reversed(name.split())), name) >= 0.85


@run(max_examples=200, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_nothing_anybody_writes_is_a_fault(one: str, other: str) -> None:
    assert 0.0 <= score(one, other) <= 1.0
    assert compare((), ("a",), weigh).score == 0.0
