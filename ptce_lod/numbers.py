"""Numbers as a reader of French or English expects them."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from babel import Locale
from babel.numbers import format_decimal

_LOCALES: Final = {"fr": Locale.parse("fr_FR"), "en": Locale.parse("en_GB")}


@lru_cache(maxsize=4096)
def format_number(value: float | str, language: str) -> str:
    r"""Return a number with the separators of the language; a text that is no number unchanged.

    >>> format_number(2221, "fr"), format_number(2221, "en")
    ('2\u202f221', '2,221')
    """
    try:
        number = int(value) if isinstance(value, int) or str(value).lstrip("-").isdigit() else float(value)
    except ValueError:
        return str(value)
    return str(format_decimal(number, locale=_LOCALES[language]))
