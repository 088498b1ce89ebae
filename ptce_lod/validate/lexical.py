"""Say whether a literal's text is of its datatype and a language tag well-formed.

rdflib normalizes some literals when it reads them (white space, the T of a date and time): what it mended is not seen here.
Sources: XSD 1.1 part 2 (lexical spaces); RFC 5646 section 2.1 (form of language tags). Datatypes not listed here are left to rdflib,
unknown ones are accepted.
"""

from __future__ import annotations

import re
from typing import Final

from rdflib.term import Literal

from ptce_lod.namespaces import XSD

_ZONE: Final = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_YEAR: Final = r"-?(?:[1-9]\d{3,}|0\d{3})"
_MONTH: Final = r"(?:0[1-9]|1[0-2])"
#: What rdflib accepts too freely or does not check at all.
_LEXICAL: Final = {
    XSD + name: re.compile(pattern)
    for name, pattern in {
        "date": rf"{_YEAR}-{_MONTH}-(?:0[1-9]|[12]\d|3[01]){_ZONE}",
        "dateTime": rf"{_YEAR}-{_MONTH}-(?:0[1-9]|[12]\d|3[01])T(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?){_ZONE}",
        "gYear": rf"{_YEAR}{_ZONE}",
        "gYearMonth": rf"{_YEAR}-{_MONTH}{_ZONE}",
        "duration": r"-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?",
        "integer": r"[+-]?\d+",
        "positiveInteger": r"\+?0*[1-9]\d*",
        "nonNegativeInteger": r"\+?\d+|-0+",
        "decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
        "boolean": r"true|false|1|0",
        "hexBinary": r"(?:[0-9a-fA-F]{2})*",
        "token": r"(?:[^\s]+(?: [^\s]+)*)?",
    }.items()
}
_LANGUAGE_TAG: Final = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})"  # language
    r"(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?"  # script, region
    r"(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*"  # variants
    r"(?:-[a-wy-z\d](?:-[a-z\d]{2,8})+)*"  # extensions
    r"(?:-x(?:-[a-z\d]{1,8})+)?|x(?:-[a-z\d]{1,8})+",
    re.IGNORECASE | re.ASCII,
)


def is_language_tag(tag: str) -> bool:
    """Say whether ``tag`` is well-formed by RFC 5646.

    >>> is_language_tag("fr-CA"), is_language_tag("fr-1")
    (True, False)
    """
    return _LANGUAGE_TAG.fullmatch(tag) is not None


def is_well_typed(literal: Literal) -> bool:
    """Say whether the literal's text belongs to the lexical space of its datatype; True for unknown datatypes."""
    if literal.ill_typed:
        return False
    pattern = _LEXICAL.get(str(literal.datatype))
    return pattern is None or pattern.fullmatch(str(literal)) is not None
