"""What somebody may have meant whose words nothing has: typos, words run together, words torn apart."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from ptce_lod.folding import telling
from ptce_lod.query.matching import LAST, Question, is_known
from ptce_lod.spelling import SHORTEST, distance, forms, neighbours, slips

#: Words that may stand for one word.
_OPTIONS: Final = 5
_PART: Final = 3


def corrected(
    connection: sqlite3.Connection, asked: Question, *, typing: bool = False, joining: bool = False
) -> Question | None:
    """Return a question with words that names and places have, or None when nothing can be made better.

    A word that nothing has and nothing is like is left out. ``typing``: the last word may be the beginning of one;
    ``joining``: two words that are known may be one that was torn apart.
    """
    chosen: list[str] = []
    options: list[tuple[str, ...]] = []
    words = list(asked.words)
    place = 0
    while place < len(words):
        word = words[place]
        joined = word + words[place + 1] if place + 1 < len(words) else ""
        known = is_known(connection, word)
        place += 1
        apart = not joining and known and joined and is_known(connection, words[place])
        if joined and not apart and len(joined) > _PART and _has(connection, joined):
            found, place, known = [joined], place + 1, False
        else:
            found = similar(connection, word)
            if not known and not found:
                last = place == len(words)
                found = _beginnings(connection, word) if last or not typing else []
                if not found and (parts := _split(connection, word)):
                    chosen += parts
                    options += [(part,) for part in parts]
                    continue
        if known:
            found = [word, *found]
        if found:
            chosen.append(found[0])
            options.append(tuple(dict.fromkeys(found))[: _OPTIONS + 1])
    if not chosen or (tuple(chosen) == asked.words and all(len(group) == 1 for group in options)):
        return None
    needed = set(telling(chosen))
    return Question(
        tuple(chosen), tuple(group for word, group in zip(chosen, options, strict=True) if word in needed)
    )


def similar(connection: sqlite3.Connection, word: str) -> list[str]:
    """Return the words a slip or two from ``word``, the likeliest first."""
    allowed = slips(word)
    if not allowed or word.isdigit():
        return []
    candidates = sorted(forms(word, allowed))
    marks = ", ".join("?" * len(candidates))
    rows = connection.execute(
        f"SELECT DISTINCT word.word, word.things FROM spelling JOIN word ON word.id = spelling.word WHERE form IN ({marks})",  # noqa: S608 # only question marks
        candidates,
    )
    ranked = sorted(
        (gap, other[0] != word[0], -things, other)
        for other, things in rows
        if other != word and (gap := distance(word, other)) <= allowed
    )
    return [other for _, _, _, other in ranked[:_OPTIONS]]


def _beginnings(connection: sqlite3.Connection, word: str) -> list[str]:
    """Return beginnings of words one slip from ``word``, which is not finished yet."""
    if len(word) < SHORTEST or len(word) > 20 or word.isdigit():
        return []
    found: dict[str, int] = {}
    for beginning in dict.fromkeys(neighbours(word)):
        row = connection.execute(
            "SELECT things FROM word WHERE word >= ? AND word < ? LIMIT 1", (beginning, beginning + LAST)
        ).fetchone()
        if row is not None:
            found[beginning] = row[0]
    return sorted(found, key=lambda one: (-found[one], one))[:_OPTIONS]


def _split(connection: sqlite3.Connection, word: str) -> Sequence[str]:
    """Return two words that were run together, or nothing."""
    for place in range(_PART, len(word) - _PART + 1):
        if _has(connection, word[:place]) and _has(connection, word[place:]):
            return word[:place], word[place:]
    return ()


def _has(connection: sqlite3.Connection, word: str) -> bool:
    return connection.execute("SELECT 1 FROM word WHERE word = ? LIMIT 1", (word,)).fetchone() is not None
