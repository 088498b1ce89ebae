"""Words a slip apart have a form in common; the distance between words is that of their slips."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ptce_lod.spelling import distance, forms, neighbours, slips

WORD = st.text(alphabet="abcde", min_size=4, max_size=12)


def slipped(word: str, kind: int, place: int, letter: str) -> str:
    place %= len(word)
    return (
        word[:place] + word[place + 1 :],
        word[:place] + letter + word[place:],
        word[:place] + letter + word[place + 1 :],
        word[:place] + word[place + 1 : place + 2] + word[place] + word[place + 2 :],
    )[kind]


@given(WORD, st.integers(0, 3), st.integers(0, 100), st.sampled_from("abcdez"))
def test_one_slip_is_one_apart_and_shares_a_form(word: str, kind: int, place: int, letter: str) -> None:
    other = slipped(word, kind, place, letter)
    assert distance(word, other) == (other != word)
    assert forms(word) & forms(other)


@given(WORD, WORD)
def test_distance_is_symmetric_and_zero_only_between_equals(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)


def test_short_words_are_not_corrected_and_long_ones_twice() -> None:
    assert (slips("sud"), slips("pole"), slips("ecossolies")) == (0, 1, 2)


def test_neighbours_keep_the_first_letter() -> None:
    found = set(neighbours("arch"))
    assert {"ach", "acrh", "arcch", "brch"} & found == {"ach", "acrh", "arcch"}
