"""Words a slip of the finger apart. Imports nothing of ours.

Two words that differ by one letter left out, added, changed, or by two neighbours exchanged, have a form in common when letters are deleted
from both (the "symmetric delete" idea). The index holds the forms of its words; a question looks up the forms of what was typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Final

#: Shorter words are too like each other to be corrected.
SHORTEST: Final = 4
#: From this length on two slips are forgiven.
_LONG: Final = 8
#: Letters from which forms are made; a long word is as good as its beginning, and forms grow with the square.
_PREFIX: Final = 14


def slips(word: str) -> int:
    """Return how many slips are forgiven in ``word``."""
    return 0 if len(word) < SHORTEST else 1 if len(word) < _LONG else 2


def forms(word: str, deletions: int = 1) -> set[str]:
    """Return ``word`` and what is left of it with up to ``deletions`` letters deleted.

    >>> sorted(forms("abc"))
    ['ab', 'abc', 'ac', 'bc']
    """
    word = word[:_PREFIX]
    found = {word}
    for number in range(1, min(deletions, len(word)) + 1):
        for places in combinations(range(len(word)), number):
            found.add("".join(c for place, c in enumerate(word) if place not in places))
    return found


def distance(one: str, other: str) -> int:
    """Return the number of slips between two words (optimal string alignment).

    >>> distance("archer", "arhcer"), distance("archer", "archers"), distance("pole", "role")
    (1, 1, 1)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, earlier[j - 2] + 1)
            row.append(best)
    return row[-1]


def neighbours(word: str) -> Iterator[str]:
    """Yield what is one slip from ``word``, its first letter kept: beginnings of words that are not finished yet."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    for place in range(1, len(word) + 1):
        head, tail = word[:place], word[place:]
        if tail:
            yield head + tail[1:]
            if len(tail) > 1:
                yield head + tail[1] + tail[0] + tail[2:]
            for letter in letters:
                yield head + letter + tail[1:]
        for letter in letters:
            yield head + letter + tail
