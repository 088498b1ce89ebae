"""Moments, sizes, spaces and addresses as a reader of French or English expects them."""

from __future__ import annotations

import datetime
import re
from typing import Final
from urllib.parse import urlsplit

from babel import Locale
from babel.dates import format_datetime as babel_datetime

from ptce_lod.numbers import format_number

NARROW: Final = "\u202f"
NO_BREAK: Final = "\u00a0"
_LOCALES: Final = {"fr": Locale.parse("fr_FR"), "en": Locale.parse("en_GB")}
_SCHEMES: Final = ("http", "https", "mailto")


def format_moment(value: datetime.datetime, language: str) -> str:
    """Return a moment with date and time in words; the time in UTC, and said so."""
    text = str(babel_datetime(value, "d MMMM y HH:mm", locale=_LOCALES[language]))
    return f"{text} UTC"


def french_spaces(text: str) -> str:
    """Return our own French text with no-break spaces before ``: ; ? ! »`` and after ``«``."""
    text = re.sub(r" ([;?!])", NARROW + r"\1", text)
    return text.replace(" :", NO_BREAK + ":").replace(" »", NO_BREAK + "»").replace("« ", "«" + NO_BREAK)


def safe_url(url: str) -> str:
    """Return an address that may be linked, else an empty text: ``javascript:`` and ``data:`` are shown, never linked."""
    try:
        scheme = urlsplit(url).scheme.lower()
    except ValueError:
        return ""
    return url if scheme in _SCHEMES else ""


def path_of(address: str, base_iri: str) -> str:
    """Return one of our own addresses without scheme and host, so that a page works on any host; others unchanged."""
    if not address.startswith(base_iri):
        return address
    root = urlsplit(base_iri)
    return address[len(f"{root.scheme}://{root.netloc}") :]


def format_size(count: int, language: str) -> str:
    r"""Return a number of bytes in the unit that leaves one to three digits before the comma.

    >>> format_size(5_104_834, "fr"), format_size(999, "en")
    ('5,1\xa0Mo', '999\xa0B')
    """
    units = ("o", "ko", "Mo", "Go", "To") if language == "fr" else ("B", "kB", "MB", "GB", "TB")
    value, place = float(count), 0
    while value >= 999.5 and place < len(units) - 1:
        value, place = value / 1000, place + 1
    return f"{format_number(round(value, 1) if place and value < 99.95 else round(value), language)}\xa0{units[place]}"
