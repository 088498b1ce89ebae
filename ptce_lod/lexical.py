"""Say whether a literal's text is of its datatype, and a language tag well-formed.

Sources: XML Schema Definition Language 1.1 Part 2, section 3.3; RFC 5646 section 2.1. Datatypes not listed here pass.
"""

from __future__ import annotations

import datetime
import re
from typing import Final

from ptce_lod.namespaces import XSD

_ZONE: Final = r"(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?"
_YEAR: Final = r"-?(?:[1-9]\d{3,}|0\d{3})"
_TIME: Final = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_INTEGER: Final = r"[+-]?\d+"
_DAY: Final = re.compile(r"(?!0000)(\d{4})-(\d{2})-(\d{2})(?!\d)")

#: Datatype → (pattern, how it is written).
_FORMS: Final[dict[str, tuple[re.Pattern[str], str]]] = {
    XSD + name: (re.compile(pattern), example)
    for name, pattern, example in (
        ("date", _YEAR + r"-\d{2}-\d{2}" + _ZONE, "2014-02-28"),
        ("dateTime", _YEAR + r"-\d{2}-\d{2}T" + _TIME + _ZONE, "2014-02-28T09:30:00Z"),
        ("gYear", _YEAR + _ZONE, "2014"),
        ("gYearMonth", _YEAR + r"-(?:0[1-9]|1[0-2])" + _ZONE, "2014-02"),
        ("time", _TIME + _ZONE, "09:30:00"),
        ("integer", _INTEGER, "42"),
        ("int", _INTEGER, "42"),
        ("long", _INTEGER, "42"),
        ("nonNegativeInteger", r"\+?\d+|-0+", "42"),
        ("positiveInteger", r"\+?0*[1-9]\d*", "42"),
        ("decimal", r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", "45.05"),
        ("double", r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN", "4.5e1"),
        ("float", r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN", "4.5e1"),
        ("boolean", r"true|false|0|1", "true"),
        ("hexBinary", r"(?:[0-9A-Fa-f]{2})*", "0a1b"),
        ("token", r"(?:[^\s]+(?: [^\s]+)*)?", "26281"),
        (
            "duration",
            r"-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?",
            "P1M",
        ),
    )
}
_CALENDAR: Final = (XSD + "date", XSD + "dateTime")
_LANGUAGE_TAG: Final = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})"  # language
    r"(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?"  # script, region
    r"(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*"  # variants
    r"(?:-[a-wy-z\d](?:-[a-z\d]{2,8})+)*"  # extensions
    r"(?:-x(?:-[a-z\d]{1,8})+)?|x(?:-[a-z\d]{1,8})+",
    re.IGNORECASE | re.ASCII,
)


def wrong_lexical_form(text: str, datatype: str) -> str:
    """Return what is wrong with a typed literal, or an empty text; datatypes not listed here pass."""
    form = _FORMS.get(datatype)
    if form is None:
        return ""
    pattern, example = form
    name = "xsd:" + datatype.removeprefix(XSD)
    if pattern.fullmatch(text) is None:
        return f"{text!r} is not an {name}, expected one written like {example}"
    if datatype in _CALENDAR and not _is_day(text):
        return f"{text!r} is not an {name}: there is no such day"
    return ""


def _is_day(text: str) -> bool:
    match = _DAY.match(text)
    if match is None:  # years before 1 or after 9999: no calendar of ours reaches there
        return True
    try:
        datetime.date(*(int(part) for part in match.groups()))
    except ValueError:
        return False
    return True


def is_language_tag(tag: str) -> bool:
    """Say whether ``tag`` is well-formed by RFC 5646.

    >>> is_language_tag("fr-CA"), is_language_tag("fr-1")
    (True, False)
    """
    return _LANGUAGE_TAG.fullmatch(tag) is not None
