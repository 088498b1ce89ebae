"""Dates in words, at the precision that is known. French and English."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.dates import format_date as babel_date

_LOCALES: Final = {"fr": Locale.parse("fr_FR"), "en": Locale.parse("en_GB")}
#: Length of a partial date → its pattern (Unicode TR 35).
_PATTERNS: Final = {7: "MMMM y", 10: "d MMMM y"}


@lru_cache(maxsize=4096)
def format_date(value: str, language: str) -> str:
    """Return ``2014-01-10``, ``2011-10`` or ``2009`` as a date in words; anything else unchanged.

    >>> format_date("2014-01-01", "fr")
    '1er janvier 2014'
    >>> format_date("2011-10", "en")
    'October 2011'
    """
    pattern = _PATTERNS.get(len(value))
    if pattern is None:
        return value
    try:
        day = datetime.date.fromisoformat(value if len(value) == 10 else value + "-01")
    except ValueError:
        return value
    text = str(babel_date(day, pattern, locale=_LOCALES[language]))
    return "1er" + text[1:] if language == "fr" and text.startswith("1 ") else text
