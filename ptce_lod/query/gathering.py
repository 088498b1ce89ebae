"""Which things of the index may be meant by a name or an identifier: numbers of the index, not yet compared."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ptce_lod.folding import ARTICLES, NOISE, WORDS, telling, words
from ptce_lod.identifiers import joined_key
from ptce_lod.query.correction import similar
from ptce_lod.query.matching import ACRONYM, LESSER, WHOLE

#: Candidates of one kind of look-up: what comes after is hidden behind so many namesakes that it cannot be told from them.
_MOST: Final = 50
#: Of a name that nothing has, so many of its rarest words are looked for.
_RAREST: Final = 4
_WHOLE: Final = (WHOLE, WHOLE + LESSER)
_ACRONYM: Final = (ACRONYM, ACRONYM + LESSER)


@dataclass(frozen=True)
class Types:
    """Types of things and kinds of units (``commune``) of which a candidate has one, or all; nothing: any that is looked for by name."""

    types: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    all: bool = False

    def condition(self) -> tuple[str, list[str]]:
        """Return the SQL condition on table ``thing`` and its values."""
        parts: list[str] = []
        values: list[str] = []
        if self.types:
            parts.append(f"thing.type IN ({', '.join('?' * len(self.types))})")
            values += self.types
        if self.kinds:
            parts.append(f"json_extract(thing.detail, '$.kind') IN ({', '.join('?' * len(self.kinds))})")
            values += self.kinds
        return f"({(' AND ' if self.all else ' OR ').join(parts)})", values


def exactly(connection: sqlite3.Connection, keys: Sequence[str], types: Types | None) -> list[int]:
    """Return the things that have one of the identifiers ``keys``; of any type for None."""
    marks = ", ".join("?" * len(keys))
    sql = f"SELECT DISTINCT thing.id FROM identifier CROSS JOIN thing ON thing.id = identifier.thing WHERE key IN ({marks})"  # noqa: S608  # question marks only
    return _numbers(connection, sql, list(keys), types)


def by_name(connection: sqlite3.Connection, text: str, types: Types) -> tuple[list[int], list[int]]:
    """Return the things that ``text`` names, whatever its spaces, or that have all its words that tell; and those it may abbreviate."""
    found = words(text)[:WORDS]
    keys = list(dict.fromkeys(_keys(found)))
    whole = _by_key(connection, keys, _WHOLE, types)
    if joined := joined_key(text):
        whole += exactly(connection, [joined], types)
    acronyms = _by_key(connection, keys[:1], _ACRONYM, types) if len(found) == 1 else []
    if wanted := telling(found):
        whole += _matching(connection, " AND ".join(f'"{word}"' for word in wanted), types)
    return list(dict.fromkeys(whole)), acronyms


def by_likeness(connection: sqlite3.Connection, text: str, types: Types) -> list[int]:
    """Return things that have some of the words of ``text``, the rarest, or words a slip from them."""
    found = list(dict.fromkeys(word for word in words(text)[:WORDS] if word not in ARTICLES))
    counted = sorted((count(connection, word) or math.inf, word) for word in found)
    known = [word for number, word in counted if number != math.inf]
    telling_words = [word for word in known if word not in NOISE][:_RAREST] or known[:_RAREST]
    meant = [other for word in found if word not in NOISE for other in similar(connection, word)]
    joined = "".join(found)
    meant += [joined, *similar(connection, joined)] if len(found) > 1 else []
    options = dict.fromkeys([*meant[: 3 * _RAREST], *telling_words])
    return _matching(connection, " OR ".join(f'"{word}"' for word in options), types, ranked=True)


def count(connection: sqlite3.Connection, word: str) -> int:
    """Return how many things have a word in a name or place."""
    row = connection.execute("SELECT things FROM word WHERE word = ? LIMIT 1", (word,)).fetchone()
    return int(row[0]) if row else 0


def _keys(found: Sequence[str]) -> Iterable[str]:
    rest = list(found)
    yield " ".join(rest)
    yield "".join(rest)
    while len(rest) > 1 and rest[0] in ARTICLES | NOISE:
        del rest[0]
        yield " ".join(rest)


def _by_key(
    connection: sqlite3.Connection, keys: Sequence[str], ranks: tuple[int, ...], types: Types
) -> list[int]:
    marks, places = ", ".join("?" * len(keys)), ", ".join("?" * len(ranks))
    sql = (
        "SELECT DISTINCT thing.id FROM name_key CROSS JOIN thing ON thing.id = name_key.thing "  # noqa: S608  # question marks only
        f"WHERE key IN ({marks}) AND rank IN ({places})"
    )
    return _numbers(connection, sql, [*keys, *ranks], types)


def _matching(
    connection: sqlite3.Connection, expression: str, types: Types, *, ranked: bool = False
) -> list[int]:
    """Return the things whose names match; the words are letters and digits only: nothing anybody writes is syntax here."""
    if not expression:
        return []
    order = " ORDER BY bm25(thing_text, 1, 0, 0, 0), thing.id" if ranked else ""
    # CROSS: the words first, then the types of what has them; the planner likes the index of types better, which is ten times slower.
    sql = "SELECT thing.id FROM thing_text CROSS JOIN thing ON thing.id = thing_text.rowid WHERE thing_text MATCH ?"
    return _numbers(connection, sql, [f"name : ({expression})"], types, order)


def _numbers(
    connection: sqlite3.Connection, sql: str, values: Sequence[object], types: Types | None, order: str = ""
) -> list[int]:
    condition, more = types.condition() if types is not None else ("1", [])
    rows = connection.execute(f"{sql} AND {condition}{order} LIMIT {_MOST}", [*values, *more])
    return [number for (number,) in rows]
