"""What people write into infoboxes, as values: dates of any precision, numbers with units, addresses. French and English."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from ptce_lod.iris import is_absolute_iri
from ptce_lod.namespaces import XSD

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
_EMPHASIS: Final = re.compile(r"'{2,}")
_REFERENCE: Final = re.compile(r"<ref\b", re.IGNORECASE)
_COMMENT_END: Final = re.compile("-->")
_TAG_END: Final = re.compile(">")
_REFERENCE_END: Final = re.compile(r"</ref\s*+>", re.IGNORECASE)
#: Longest tag; what is longer is text.
_TAG: Final = 200
_DATE_TEMPLATE: Final = re.compile(r"\{\{\s*(?:date|start date)\s*\|([^{}]*)\}\}", re.IGNORECASE)
_LINK: Final = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
_NUMBER: Final = re.compile(r"([+-]?\d[\d\s.,']*)\s*(\D{0,30})")
#: With units declared a unit may hold digits, such as km2; what is none of them is refused anyway.
_WITH_UNIT: Final = re.compile(r"([+-]?\d[\d\s.,']*+)((?:\D.{0,60})?)")
#: What stands between a word of size and a unit.
_OF: Final = re.compile(r"^(?:d['’]|de\s|of\s)\s*", re.IGNORECASE)
#: Words of size after a number; what else follows is a unit.
_SIZES: Final = {
    "k": 3,
    "k€": 3,
    "m": 6,
    "m€": 6,
    "million": 6,
    "millions": 6,
    "md€": 9,
    "milliard": 9,
    "milliards": 9,
    "billion": 9,
}


def plain(wikitext: str) -> str:
    """Return a parameter without comments, references, emphasis and tags, links by their words; control characters become spaces.

    >>> plain("'''[[Romans-sur-Isère|Romans]]'''<ref>x</ref> ")
    'Romans'
    """
    text = _LINK.sub(r"\1", _EMPHASIS.sub("", _without_tags(wikitext)))
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _without_tags(text: str) -> str:
    """Return a text without comments, references and tags; what is not closed is text.

    Each ending is looked for once: when there is none after a place, there is none after later ones, so that hostile text takes no
    longer than honest text.
    """
    parts: list[str] = []
    ends = _Endings(text)
    place = 0
    while (begin := text.find("<", place)) >= 0:
        parts.append(text[place:begin])
        end = _end_of_tag(text, begin, ends)
        if not end:
            parts.append("<")
        place = end or begin + 1
    return "".join([*parts, text[place:]])


class _Endings:
    """Where the next of each ending is."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._next: dict[re.Pattern[str], re.Match[str] | None] = {}

    def after(self, place: int, ending: re.Pattern[str]) -> int:
        """Return where the first ``ending`` at ``place`` or later ends; 0 when there is none. Places only grow from call to call."""
        known = self._next.get(ending)
        if ending not in self._next or (known is not None and known.start() < place):
            known = self._next[ending] = ending.search(self._text, place)
        return known.end() if known else 0


def _end_of_tag(text: str, begin: int, ends: _Endings) -> int:
    """Return where the comment, reference or tag at ``begin`` ends; 0 when it is none."""
    if text.startswith("<!--", begin):
        if end := ends.after(begin + len("<!--"), _COMMENT_END):
            return end
    elif _REFERENCE.match(text, begin) and (head := ends.after(begin, _TAG_END)):
        if text[head - 2] == "/":
            return head
        if end := ends.after(head, _REFERENCE_END):
            return end
    end = text.find(">", begin + 1, begin + _TAG + 2)
    return end + 1 if end > begin + 1 and "<" not in text[begin + 1 : end] else 0


def parse_date(wikitext: str) -> Value:
    """Return a date at the precision it is written with; ValueError when it is none.

    >>> parse_date("1er juin 2012").text, parse_date("octobre 2011").text, parse_date("{{date|25|juin|2012}}").text
    ('2012-06-01', '2011-10', '2012-06-25')
    """
    text = plain(
        _DATE_TEMPLATE.sub(lambda m: " ".join(p.strip() for p in m[1].split("|") if "=" not in p), wikitext)
    )
    for pattern in _DATES:
        match = pattern.fullmatch(text)
        if match:
            return _date(text, match.groupdict())
    raise ValueError(f"{text[:60]!r} is no date such as 25 juin 2012, juin 2012 or 2012")


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


def parse_number(
    wikitext: str, language: str, units: Mapping[str, Decimal] = MappingProxyType({})
) -> Decimal:
    """Return a number, its word of size counted in; ValueError when it is none, or may be read in two ways.

    ``units`` maps each unit that may follow, "" for none, → the factor that is counted in; without them a unit is left aside.

    >>> parse_number("1 200 salariés", "fr"), parse_number("1,5 M€", "fr"), parse_number("1,200", "en")
    (Decimal('1200'), Decimal('1500000'), Decimal('1200'))
    """
    text = plain(wikitext).replace("&nbsp;", " ")
    match = (_WITH_UNIT if units else _NUMBER).fullmatch(text)
    if match is None:
        raise ValueError(f"{text[:60]!r} is no number")
    digits = re.sub(r"[\s']", "", match[1]).rstrip(".,")
    thousands, point = (",", ".") if language.startswith("en") else (".", ",")
    whole, _, fraction = digits.partition(point)
    if thousands in fraction or (
        thousands in whole and not re.fullmatch(rf"[+-]?\d{{1,3}}(?:\{thousands}\d{{3}})+", whole)
    ):
        raise ValueError(f"{text[:60]!r} is no number as {language} writes it")
    if point in fraction or not whole.replace(thousands, "").lstrip("+-").isdigit() or len(digits) > 30:
        raise ValueError(f"{text[:60]!r} is no number as {language} writes it")
    number = Decimal(whole.replace(thousands, "") + (f".{fraction}" if fraction else ""))
    factor = _factor(match[2].strip(), units) if units else _size(match[2].strip())[0]
    return number if factor == 1 else (number * factor).normalize()


def _size(words: str) -> tuple[Decimal, str]:
    """Return what the word of size that begins ``words`` counts, 1 when there is none, and what follows it."""
    word, _, rest = words.partition(" ")
    if word.lower() not in _SIZES:
        return Decimal(1), words
    power = Decimal(10) ** _SIZES[word.lower()]
    return power, "€" if word.endswith("€") else _OF.sub("", rest.strip())


def _factor(words: str, units: Mapping[str, Decimal]) -> Decimal:
    """Return the factor of a declared unit, with or without a word of size before it; ValueError for another."""
    declared = {unit.lower(): factor for unit, factor in units.items()}
    if words.lower() in declared:
        return declared[words.lower()]
    size, unit = _size(words)
    if unit.lower() not in declared:
        known = ", ".join(name or "none" for name in units)
        raise ValueError(
            f"the unit {unit!r} is none of {known}" if unit else f"has no unit, expected one of {known}"
        )
    return size * declared[unit.lower()]


def parse_value(
    wikitext: str, parser: Parser, language: str, units: Mapping[str, Decimal] = MappingProxyType({})
) -> Value:
    """Return the value of a parameter; ``units`` as of :func:`parse_number`.

    ValueError, in words for who edits the wiki, when it cannot be read.
    """
    if parser == "date":
        return parse_date(wikitext)
    if parser == "url":
        text = plain(wikitext).strip("[]").partition(" ")[0]
        if not text.lower().startswith(("http://", "https://")) or not is_absolute_iri(text):
            raise ValueError(f"{text[:60]!r} is no http(s) address")
        return Value(text, XSD + "anyURI")
    if parser in ("integer", "decimal"):
        number = parse_number(wikitext, language, units)
        if parser == "integer" and number != number.to_integral_value():
            raise ValueError(f"{number} is no whole number")
        return Value(f"{number:f}", XSD + parser)
    text = plain(wikitext)
    if not text or "{{" in text:
        raise ValueError(f"{text[:60]!r} is no plain text")
    return Value(text)
