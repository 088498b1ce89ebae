"""Which things match the words of a search, best first: numbers of the index, in tiers. Between equals the index's own order holds."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from ptce_lod.folding import WORDS, telling, words

#: Ranks of keys in the index (release/search_words.py); lesser kinds of things have LESSER added.
WHOLE, ACRONYM, LATER, LESSER = 0, 1, 2, 4
#: Behind every key that begins so.
LAST: Final = "\U0010ffff"
_URL: Final = re.compile(
    r"^\s*(?:https?:)?//(?:www\.)?([^/?#\s]+)\S*\s*$|^\s*www\.([^/?#\s]+)\S*\s*$", re.IGNORECASE
)
_SPACED_NUMBER: Final = re.compile(r"^\s*(\d{3}\s?\d{3}\s?\d{3})(?:\s?\d{5})?\s*$")
#: Results of a search for some of the words: what comes after the first thousand has next to nothing of it.
_RELAXED: Final = 1000


class Tier(NamedTuple):
    """Things that match in one way. ``score`` is 1 for the best way."""

    score: float
    field: str
    numbers: Sequence[int]


@dataclass(frozen=True)
class Question:
    """Words looked for; ``options`` holds, for each word that must match, what may stand for it."""

    words: tuple[str, ...]
    options: tuple[tuple[str, ...], ...]

    @property
    def key(self) -> str:
        """The words as keys of the index are written."""
        return " ".join(self.words)


def read(text: str) -> Question:
    """Return what ``text`` asks for. Of an address its host counts, of the number of an establishment (SIRET) that of its organisation."""
    if match := _URL.match(text):
        text = match[1] or match[2]
    elif match := _SPACED_NUMBER.match(text):
        text = "".join(match[1].split())
    return question(words(text)[:WORDS])


def question(found: Sequence[str]) -> Question:
    """Return the question with these words."""
    return Question(tuple(found), tuple((word,) for word in telling(found)))


def tiers(connection: sqlite3.Connection, asked: Question) -> list[Tier]:
    """Return the things that match all words that tell, or begin so; none when there is none."""
    if not asked.words:
        return []
    everything = _matches(connection, _all(asked.options, "*"))
    if not everything:
        return []
    key = asked.key
    exact = "SELECT thing FROM name_key WHERE key = ? AND rank IN (?, ?) ORDER BY thing"
    begin = "SELECT DISTINCT thing FROM name_key WHERE key >= ? AND key < ? AND rank IN (?, ?) ORDER BY thing"
    whole, acronym = (WHOLE, WHOLE + LESSER), (ACRONYM, ACRONYM + LESSER)
    every_word = tuple((word,) for word in asked.words)
    return [
        Tier(1.0, "name", _numbers(connection, exact, (key, *whole))),
        Tier(0.9, "acronym", _numbers(connection, exact, (key, *acronym))),
        Tier(0.8, "name", _numbers(connection, begin, (key, key + LAST, *whole))),
        Tier(0.7, "name", _matches(connection, f"name : ({_all(every_word, '')})")),
        Tier(0.6, "name", _matches(connection, f"name : ({_all(asked.options, '')})")),
        Tier(0.5, "name", _matches(connection, f"name : ({_all(asked.options, '*')})")),
        Tier(0.4, "", everything),
    ]


def some(connection: sqlite3.Connection, asked: Question) -> list[Tier]:
    """Return the things that match some of the words, those with more and rarer words first."""
    alternatives = dict.fromkeys(word for option in asked.options for word in option)
    expression = " OR ".join(f'"{word}"*' for word in alternatives)
    if not expression:
        return []
    rows = connection.execute(
        "SELECT rowid FROM thing_text WHERE thing_text MATCH ? ORDER BY bm25(thing_text, 10, 3, 5, 1), rowid LIMIT ?",
        (expression, _RELAXED),
    )
    return [Tier(0.1, "", [number for (number,) in rows])]


def is_known(connection: sqlite3.Connection, word: str) -> bool:
    """Say whether anything has a word that begins so."""
    row = connection.execute(
        "SELECT rowid FROM thing_text WHERE thing_text MATCH ? LIMIT 1", (f'"{word}"*',)
    ).fetchone()
    return row is not None


def first(connection: sqlite3.Connection, asked: Question, column: str, limit: int) -> list[int]:
    """Return the first things that have all words that tell, or begin so, in a column; in any for ""."""
    expression = f"{column + ' : ' if column else ''}({_all(asked.options, '*')})"
    rows = connection.execute(
        "SELECT rowid FROM thing_text WHERE thing_text MATCH ? ORDER BY rowid LIMIT ?", (expression, limit)
    )
    return [number for (number,) in rows]


def _all(options: Sequence[Sequence[str]], end: str) -> str:
    """Return the expression for all words. They are letters and digits only: nothing a reader writes is syntax here."""
    return " AND ".join("(" + " OR ".join(f'"{word}"{end}' for word in group) + ")" for group in options)


def _matches(connection: sqlite3.Connection, expression: str) -> list[int]:
    return _numbers(
        connection, "SELECT rowid FROM thing_text WHERE thing_text MATCH ? ORDER BY rowid", (expression,)
    )


def _numbers(connection: sqlite3.Connection, sql: str, values: Sequence[object]) -> list[int]:
    return [number for (number,) in connection.execute(sql, values)]
