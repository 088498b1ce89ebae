"""How texts are compared when somebody searches: without accents, capitals, ligatures, articles. Imports nothing of ours.

The index (release room) and the questions to it (query room) must fold alike, so it is done here, once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

#: Letters that Unicode does not decompose and that nobody types on a French keyboard as they are.
_LETTERS: Final = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_APOSTROPHES: Final = "'\u2019\u02bc\u2018\u00b4`\uff07"
#: Accents that stand as characters of their own are part of the word.
_MARKS: Final = "[\u0300-\u036f]*"
_LETTER: Final = rf"[^\W\d_]{_MARKS}"
_TOKEN: Final = re.compile(
    rf"(?:(?<!\w)(?:{_LETTER}\.){{2,}}(?:{_LETTER})?(?!\w))"  # P.T.C.E.
    rf"|(?P<elided>(?<!\w)(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu))(?=[{_APOSTROPHES}]\w)"  # l'Île
    rf"|(?:[^\W_]{_MARKS})+",
    re.IGNORECASE,
)
#: Words that names of places are written short with, when another follows: "St-Étienne", "Hte Loire"; not a word that is being typed.
_SHORT: Final = {"st": "saint", "sts": "saints", "hte": "haute", "htes": "hautes", "hts": "hauts"}
_FOLLOWED: Final = re.compile(r"\.?[\s-]\s*[^\W\d_]")
#: Articles and little words: never needed to match.
_ARTICLES: Final = (
    "a au aux avec ce ces d dans de des du elle en entre et il l la le les leur leurs ou par pour qu que qui sa se ses son sous sur un "
    "une y an and at by for from in of on or the to with"
)
ARTICLES: Final = frozenset(_ARTICLES.split())
#: Words that so many names hold that they tell little apart: they need not match when a search has others.
_NOISE: Final = (
    "action actions agence association associations centre comite communaute commune communes cooperation cooperatif cooperative "
    "departement economie economique ess federation fondation gie groupe groupement maison metropole pays pole poles ptce reseau region "
    "sa sarl sas scic scop scop social sociale societe solidaire territoire territoires territorial territoriale union ville "
    "cluster clusters economic network society territory"
)
NOISE: Final = frozenset(_NOISE.split())
#: Words of a search that count: more would only make it slow.
WORDS: Final = 12


class Token(NamedTuple):
    """A word of a text: how it compares, and where it stands."""

    word: str
    begin: int
    end: int


def fold(text: str) -> str:
    """Return ``text`` without accents and capitals, ligatures as two letters. Folding again changes nothing.

    >>> fold("Œuvre à ÉVRY")
    'oeuvre a evry'
    """
    if text.isascii():
        return text.lower()
    # Twice: folding case can leave marks ("İ"), and what is compatible with a ligature is a ligature only then.
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return text


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[Token, ...]:
    """Return the words of ``text``: elided articles left out, acronyms with full stops as one word, "St" as "saint" before another word.

    >>> [token.word for token in tokens("L’Île-aux-Moines, un P.T.C.E. de St-Malo")]
    ['ile', 'aux', 'moines', 'un', 'ptce', 'de', 'saint', 'malo']
    """
    found = []
    for match in _TOKEN.finditer(text):
        if match["elided"] is None and (word := _word(match[0])):
            is_followed = word in _SHORT and _FOLLOWED.match(text, match.end())
            found.append(Token(_SHORT[word] if is_followed else word, match.start(), match.end()))
    return tuple(found)


@lru_cache(maxsize=20_000)
def _word(text: str) -> str:
    word = fold(text)
    # Folding can make several words of one ("½" is 1, a fraction slash, 2); what is no letter or digit goes.
    return word if word.isalnum() else "".join(c for c in word if c.isalnum())


def words(text: str) -> list[str]:
    """Return the words of ``text`` as they compare."""
    return [token.word for token in tokens(text)]


@lru_cache(maxsize=20_000)
def letters(text: str) -> str:
    """Return the letters and digits of ``text`` as they compare, elided articles too, nothing between them.

    >>> letters("L’Atelier 26")
    'latelier26'
    """
    return "".join(c for c in fold(text) if c.isalnum())


def telling(found: Sequence[str]) -> list[str]:
    """Return the words that must match: those that are neither articles nor noise; all when nothing else is there.

    >>> telling(words("le pôle de la Réole")), telling(words("pôle"))
    (['reole'], ['pole'])
    """
    for ignored in (ARTICLES | NOISE, ARTICLES):
        if left := [word for word in found if word not in ignored]:
            return left
    return list(found)


def made_acronyms(name: str) -> list[str]:
    """Return acronyms that a reader might make of a name, three letters or more: of its capitalised words, and of all but little words.

    >>> made_acronyms("Conseil National des Chambres Régionales")
    ['cncr']
    >>> made_acronyms("Agence pour le développement et la promotion de l'économie solidaire")
    ['adpes']
    """
    parts = [(name[token.begin], token.word) for token in tokens(name)]
    capitals = "".join(word[0] for first, word in parts if first.isupper())
    initials = "".join(word[0] for _, word in parts if word not in ARTICLES)
    return [text for text in dict.fromkeys((capitals, initials)) if 3 <= len(text) <= 10]


def spans(text: str, wanted: Iterable[str], *, whole: bool = False) -> list[tuple[int, int]]:
    """Return where ``text`` holds words that begin as one of ``wanted`` (folded) does: (begin, end), in order; ``whole``: only whole words.

    >>> spans("Le Cœur d'Hérault", ["coeu", "herault"])
    [(3, 6), (10, 17)]
    """
    options = sorted(set(wanted), key=len, reverse=True)
    found = []
    for token in tokens(text):
        for option in options:
            if token.word == option or (not whole and option and token.word.startswith(option)):
                found.append((token.begin, _end(text, token, option)))
                break
    return found


def _end(text: str, token: Token, option: str) -> int:
    """Return where the part of a token ends that folds to ``option``, or to the least that begins so."""
    if len(option) == len(token.word):
        return token.end
    for end in range(token.begin + 1, token.end):
        if sum(c.isalnum() for c in fold(text[token.begin : end])) >= len(option):
            # Marks that follow belong to the letter before.
            while end < token.end and unicodedata.combining(text[end]):
                end += 1
            return end
    return token.end
