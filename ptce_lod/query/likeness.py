"""How alike two names are, as people write names: words in another order, slips, a legal form or a hyphen more or less."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import Final

from ptce_lod.folding import ARTICLES, NOISE, letters, words
from ptce_lod.spelling import distance, slips

#: Words that say what a thing is, which a table may leave out or add: legal forms, and what nearly every name here has.
_LEGAL: Final = "asbl asso association cae cooperative coop eurl fondation gie groupement sa sarl sas sca scic scop ste societe"
#: Type of things → the words that say it.
_FORMS_OF: Final = {"actor": frozenset(_LEGAL.split()), "pole": frozenset(("ptce", "pole", "poles"))}
_FORMS: Final = frozenset().union(*_FORMS_OF.values())
_LITTLE: Final = _FORMS | ARTICLES
#: What words weigh that tell little; the others weigh by how rare they are, up to 1.
_ARTICLE, _FORM, _NOISY = 0.03, 0.1, 0.3
#: Likeness of names with the same words: whatever their articles, run together, in another order, whatever their legal form.
_SAME_BUT_ARTICLES, _SAME_JOINED, _SAME_WORDS, _SAME_BUT_FORMS = 0.99, 0.97, 0.96, 0.95
#: A number more or less, or another: a different year, department, edition.
_OTHER_NUMBER: Final = 0.6
#: What the beginning of a word is worth, and how long it must be.
_BEGINNING, _BEGINNING_LENGTH = 0.6, 4
#: What may follow or precede the name itself: "CRESS (Bretagne)", "Les Imaginations Fertiles – La Serre", "Tetris, Grasse".
_ASIDE: Final = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*|\s+[–—-]\s.*$|,\s.*$")
_ASIDE_WORTH: Final = 0.95

#: Of what names do not share, one slip is forgiven from this length on when they share other words.
_SHORTEST_REST: Final = 3

Weigh = Callable[[str], float]


@dataclass(frozen=True)
class Likeness:
    """``score`` from 0 to 1; ``coverage`` is the share of the asked words that the name has, ``excess`` the share of the name left over."""

    score: float
    coverage: float
    excess: float
    slips: int


NOTHING: Final = Likeness(0.0, 0.0, 1.0, 0)


def weigh_with(rarity: Weigh) -> Weigh:
    """Return what a word weighs: little when it tells little, else its ``rarity`` from 0 to 1."""

    def weigh(word: str) -> float:
        if word in ARTICLES:
            return _ARTICLE
        if word in _FORMS:
            return _FORM
        return _NOISY if word in NOISE else rarity(word)

    return weigh


def likeness(asked: str, name: str, weigh: Weigh) -> Likeness:
    """Return how much ``name`` is what ``asked`` means; an aside of one may be left out."""
    best = compare(tuple(words(asked)), tuple(words(name)), weigh)
    if best.score < _SAME_JOINED and letters(asked) == letters(name) != "":
        return Likeness(_SAME_JOINED, 1.0, 0.0, 0)
    # Of one side only: without their asides "A – B" and "A – C" would be the same.
    for one, other in ((_without_aside(asked), name), (asked, _without_aside(name))):
        if one and other and (one, other) != (asked, name):
            found = compare(tuple(words(one)), tuple(words(other)), weigh)
            if found.score * _ASIDE_WORTH > best.score:
                best = replace(found, score=found.score * _ASIDE_WORTH)
    return best


@lru_cache(maxsize=20_000)
def _without_aside(text: str) -> str:
    return _ASIDE.sub(" ", text).strip()


def has_other_letters(asked: str, name: str) -> bool:
    """Say whether a name has other letters than another, articles aside: none that are only doubled or in another order."""
    one, other = (_undoubled(text) for text in (asked, name))
    return sorted(one) != sorted(other)


def _undoubled(text: str) -> str:
    return "".join(letter for letter, _ in groupby("".join(_without(words(text), ARTICLES))))


def says_otherwise(asked: str, name: str, type_: str) -> bool:
    """Say whether a form that only ``asked`` has means another type: an association is no pole, whatever name they share."""
    added = (_FORMS & set(words(asked))) - set(words(name))
    return type_ in _FORMS_OF and bool(added) and not added & _FORMS_OF[type_]


def compare(asked: tuple[str, ...], name: tuple[str, ...], weigh: Weigh) -> Likeness:
    """Return how alike two sequences of folded words are."""
    if not asked or not name:
        return NOTHING
    if asked == name:
        return Likeness(1.0, 1.0, 0.0, 0)
    for worth, ignored in ((_SAME_BUT_ARTICLES, ARTICLES), (_SAME_BUT_FORMS, _LITTLE)):
        one, other = _without(asked, ignored), _without(name, ignored)
        if one and one == other:
            return Likeness(worth, 1.0, 0.0, 0)
        if one and "".join(one) == "".join(other):
            return Likeness(min(worth, _SAME_JOINED), 1.0, 0.0, 0)
    found = _by_words(asked, name, weigh)
    if _numbers(asked) != _numbers(name):
        return replace(found, score=found.score * _OTHER_NUMBER)
    whole = _as_one(one or asked, other or name)
    return whole if whole.score > found.score else found


def _without(found: Sequence[str], ignored: frozenset[str]) -> tuple[str, ...]:
    return tuple(word for word in found if word not in ignored)


def _numbers(found: Sequence[str]) -> list[str]:
    return sorted(word for word in found if word.isdigit())


def _by_words(asked: Sequence[str], name: Sequence[str], weigh: Weigh) -> Likeness:
    """Match each word with the one most like it, whatever the order, and weigh what is matched on both sides."""
    left, missed = list(name), []
    both = 0.0
    made = 0
    for word in asked:
        if word in left:
            left.remove(word)
            both += weigh(word)
        else:
            missed.append(word)
    worth = both
    only = 0.0
    for word in missed:
        like, other, gap = _closest(word, left)
        if not like:
            only += weigh(word)
            continue
        left.remove(other)
        weight = weigh(other)
        both, worth, made = both + weight, worth + weight * like, made + gap
    if not both:
        return NOTHING
    coverage, kept = worth / (both + only), worth / (both + sum(map(weigh, left)))
    return Likeness((coverage + kept) / 2 * _SAME_WORDS, coverage, 1 - kept, made)


def _closest(word: str, others: Sequence[str]) -> tuple[float, str, int]:
    """Return how much the word of ``others`` most like ``word`` is worth, that word, and the slips between them; (0, "", 0) for none."""
    best = (0.0, "", 0)
    for other in others:
        if abs(len(word) - len(other)) <= slips(word) and (gap := distance(word, other)) <= slips(word):
            best = max(best, (1 - gap / max(len(word), len(other)), other, gap))
        elif min(len(word), len(other)) >= _BEGINNING_LENGTH and (
            other.startswith(word) or word.startswith(other)
        ):
            best = max(best, (_BEGINNING, other, 0))
    return best


def _as_one(asked: Sequence[str], name: Sequence[str]) -> Likeness:
    """Compare what is not the same in both letter by letter: spaces in the wrong place do not matter then.

    What both have is left out first: "Station A" is no slip of "Station B", nor "Grand Est" of "Grand Ouest".
    """
    one, other = "".join(_rest(asked, name)), "".join(_rest(name, asked))
    most = max(slips(min(one, other, key=len)), int(max(len(one), len(other)) >= _SHORTEST_REST))
    if abs(len(one) - len(other)) > most or (gap := distance(one, other)) > most:
        return NOTHING
    share = 1 - gap / max(sum(map(len, asked)), sum(map(len, name)))
    return Likeness(share * _SAME_JOINED, share, 1 - share, gap)


def _rest(found: Sequence[str], others: Sequence[str]) -> list[str]:
    """Return the words of ``found`` that ``others`` have not, each as often as it is more."""
    left = list(others)
    rest = []
    for word in found:
        if word in left:
            left.remove(word)
        else:
            rest.append(word)
    return rest
