"""Numbers as people write them into infoboxes, with words of size and units. French and English.

What follows a number is known or the number is refused: one read in the wrong unit is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from ptce_lod.wiki.plain import plain

_NUMBER: Final = re.compile(r"([+-]?\d[\d\s.,']*+)((?:\D.{0,60})?)")
#: The word, or the first letters of a sign such as M€, that a unit begins with.
_WORD: Final = re.compile(r"([^\W\d_]+)\.?\s*")
#: What stands between a word of size and a unit.
_OF: Final = re.compile(r"^(?:d['’]|de\s|of\s)\s*", re.IGNORECASE)
#: Signs of size, as they are written: a small m is a metre.
_SIGNS: Final = {"k": 3, "K": 3, "M": 6}
#: Language → words of size, small and capital letters alike. A billion is not the same number in both.
_WORDS: Final = {
    "fr": {"mille": 3, "millier": 3, "milliers": 3, "million": 6, "millions": 6, "milliard": 9, "milliards": 9}
    | {"md": 9, "mds": 9, "mrd": 9, "mrds": 9, "billion": 12, "billions": 12, "trillion": 18, "trillions": 18},
    "en": {"thousand": 3, "million": 6, "millions": 6, "bn": 9, "billion": 9, "billions": 9}
    | {"trillion": 12, "trillions": 12},
}  # fmt: skip
#: What may follow a number where no units are declared: the currency that all sums are in.
_CURRENCY: Final = {unit: Decimal(1) for unit in ("", "€", "euro", "euros", "EUR")}


def parse_number(
    wikitext: str, language: str, units: Mapping[str, Decimal] = MappingProxyType({})
) -> Decimal:
    """Return a number, its word of size counted in; ValueError when it is none, or may be read in two ways.

    ``units`` maps each unit that may follow, "" for none, → the factor that is counted in; without them it is euros or none.

    >>> parse_number("1 200", "fr"), int(parse_number("1,5 M€", "fr")), parse_number("1,200", "en")
    (Decimal('1200'), 1500000, Decimal('1200'))
    """
    text = plain(wikitext)
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise ValueError(f"{text[:60]!r} is no number")
    number = _read(match[1], language, text)
    factor = _factor(match[2].strip(), language, units)
    return number if factor == 1 else (number * factor).normalize()


def _read(written: str, language: str, text: str) -> Decimal:
    """Return the number that ``written`` is in a language; ValueError, which tells the whole ``text``, when it is none."""
    digits = re.sub(r"[\s']", "", written).rstrip(".,")
    thousands, point = (",", ".") if language.startswith("en") else (".", ",")
    whole, _, fraction = digits.partition(point)
    is_grouped = thousands not in whole or re.fullmatch(rf"[+-]?\d{{1,3}}(?:\{thousands}\d{{3}})+", whole)
    plain_digits = whole.replace(thousands, "")
    if (
        not is_grouped
        or thousands in fraction
        or point in fraction
        or not plain_digits.lstrip("+-").isdigit()
        or len(digits) > 30
    ):
        raise ValueError(f"{text[:60]!r} is no number as {language} writes it")
    return Decimal(plain_digits + (f".{fraction}" if fraction else ""))


def _size(words: str, language: str) -> tuple[Decimal, str]:
    """Return what the word of size that begins ``words`` counts, 1 when there is none, and what follows it."""
    match = _WORD.match(words)
    if match is None:
        return Decimal(1), words
    power = _SIGNS.get(match[1]) or _WORDS.get(language.partition("-")[0], {}).get(match[1].lower(), 0)
    return (Decimal(10) ** power, _OF.sub("", words[match.end() :])) if power else (Decimal(1), words)


def _factor(words: str, language: str, units: Mapping[str, Decimal]) -> Decimal:
    """Return the factor of a declared unit, with or without a word of size before it; ValueError for another.

    A unit is first taken as it is written, then as a size: M is a million where m is declared as metres.
    """
    known = units or _CURRENCY
    declared = {unit.lower(): factor for unit, factor in known.items()}
    if words in known:
        return known[words]
    size, unit = _size(words, language)
    if unit.lower() in declared:
        return size * declared[unit.lower()]
    if not units:
        raise ValueError(
            f"the unit {unit!r} is not known: declare the units of this number in the mapping, such as "
            f'units = {{ "{unit}" = 1, "" = 1 }}'
        )
    among = ", ".join(name or "none" for name in units)
    raise ValueError(
        f"the unit {unit!r} is none of {among}" if unit else f"has no unit, expected one of {among}"
    )
