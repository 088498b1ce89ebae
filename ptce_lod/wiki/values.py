"""What people write into infoboxes, as values: dates of any precision, addresses, texts; numbers are read by ``numbers``."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from ptce_lod.iris import is_absolute_iri
from ptce_lod.namespaces import XSD
from ptce_lod.wiki.numbers import parse_number
from ptce_lod.wiki.plain import plain

#: How a parameter is read; ``page`` is a link to a page whose thing is meant, ``concept`` a word of a declared list.
Parser = Literal["text", "date", "integer", "decimal", "url", "page", "concept"]


class Value(NamedTuple):
    """A literal: its lexical form and the IRI of its datatype, "" for a text in the wiki's language."""

    text: str
    datatype: str = ""


_MONTHS: Final = {
    name: number
    for names in (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "january february march april may june july august september october november december",
    )
    for number, name in enumerate(names.split(), start=1)
} | {"fevrier": 2, "aout": 8, "decembre": 12}
_MONTH: Final = "|".join(_MONTHS)
_DATES: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<y>\d{4})(?:-(?P<m>\d{2})(?:-(?P<d>\d{2}))?)?",
        r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})",
        rf"(?:(?P<d>\d{{1,2}})(?:er|st|nd|rd|th)?\s+)?(?P<name>{_MONTH})\s+(?P<y>\d{{4}})",
        rf"(?P<name>{_MONTH})\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})",
    )
)
_DATE_TEMPLATE: Final = re.compile(
    r"\{\{\s*(?:date-?|start date|start date and age|dts)\s*\|([^{}]*)\}\}", re.IGNORECASE
)
#: Templates that stand for the letters behind a number: {{1er}} for 1er, {{er}} for er.
_ORDINAL_TEMPLATE: Final = re.compile(r"\{\{\s*(1?(?:er|st|nd|rd|th))\s*\}\}", re.IGNORECASE)
_YEAR: Final = re.compile(r"\d{4}")
_ADDRESS_BEGINS: Final = re.compile(r"(?:^|[\s\[,;|])https?://", re.IGNORECASE)
_ONE_LINK: Final = re.compile(r"\[\s*([^\s\[\]]+)(?:\s[^\[\]]*)?\]")


def parse_date(wikitext: str) -> Value:
    """Return a date at the precision it is written with; ValueError when it is none.

    >>> parse_date("1er juin 2012").text, parse_date("octobre 2011").text, parse_date("{{date|25|juin|2012}}").text
    ('2012-06-01', '2011-10', '2012-06-25')
    """
    text = plain(_DATE_TEMPLATE.sub(_in_date_template, _ORDINAL_TEMPLATE.sub(r"\1", wikitext)))
    for pattern in _DATES:
        match = pattern.fullmatch(text)
        if match:
            return _date(text, match.groupdict())
    raise ValueError(f"{text[:60]!r} is no date such as 25 juin 2012, juin 2012 or 2012")


def _in_date_template(match: re.Match[str]) -> str:
    """Return what a template says, as a date is written: French day|month|year, English year|month|day; what follows is a subject."""
    given = [part.strip() for part in match[1].split("|") if "=" not in part]
    if given and _YEAR.fullmatch(given[0]):
        numbers = [part for part in given[1:3] if part.isdecimal()]
        return "-".join([given[0], *(number.zfill(2) for number in numbers)])
    year = next((place for place, part in enumerate(given) if _YEAR.fullmatch(part)), len(given))
    words = [part for part in given[: year + 1] if part]
    return ("/" if len(words) == 3 and words[1].isdecimal() else " ").join(words)


def _date(text: str, parts: dict[str, str | None]) -> Value:
    year, day = int(parts["y"] or 0), parts.get("d")
    name = parts.get("name")
    month = _MONTHS[name.lower()] if name else parts.get("m")
    try:
        found = datetime.date(year, int(month or 1), int(day or 1)).isoformat()
    except ValueError:
        raise ValueError(f"{text[:60]!r} is no day of the calendar") from None
    if day:
        return Value(found, XSD + "date")
    return Value(found[:7], XSD + "gYearMonth") if month else Value(found[:4], XSD + "gYear")


def parse_value(
    wikitext: str, parser: Parser, language: str, units: Mapping[str, Decimal] = MappingProxyType({})
) -> Value:
    """Return the value of a parameter; ``units`` as of :func:`parse_number`.

    ValueError, in words for who edits the wiki, when it cannot be read.
    """
    if parser == "date":
        return parse_date(wikitext)
    if parser == "url":
        return _address(plain(wikitext))
    if parser in ("integer", "decimal"):
        number = parse_number(wikitext, language, units)
        if parser == "integer" and number != number.to_integral_value():
            raise ValueError(f"{number} is no whole number")
        return Value(f"{number:f}", XSD + parser)
    text = plain(wikitext)
    if not text or "{{" in text:
        raise ValueError(f"{text[:60]!r} is no plain text")
    return Value(text)


def _address(text: str) -> Value:
    """Return the one address of a text, alone, before words, or in a link with words; ValueError when it is none or several."""
    link = _ONE_LINK.fullmatch(text)
    if link is None and len(found := _ADDRESS_BEGINS.findall(text)) > 1:
        raise ValueError(f"{text[:100]!r} holds {len(found)} addresses, expected one")
    address = link[1] if link else text.strip("[]").partition(" ")[0]
    if not address.lower().startswith(("http://", "https://")) or not is_absolute_iri(address):
        raise ValueError(f"{address[:60]!r} is no http(s) address")
    return Value(address, XSD + "anyURI")
