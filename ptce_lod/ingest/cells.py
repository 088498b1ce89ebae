"""Judge one value of a cell against its column's datatype, in words a contributor can act on."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from ptce_lod.ingest.csvw import Datatype
from ptce_lod.iris import is_absolute_iri
from ptce_lod.namespaces import DATATYPE, XSD

PARTIAL_DATE: Final = DATATYPE + "partial-date"
SIREN: Final = DATATYPE + "siren"

#: Takes one value, returns what is wrong with it, or an empty text.
Check = Callable[[str], str]

_PARTIAL_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_INTEGER: Final = re.compile(r"[+-]?\d+")
_DECIMAL: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")


def partial_date_datatype(text: str) -> str:
    """Return the XSD datatype IRI of ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; ValueError when it is none or no such day exists.

    >>> partial_date_datatype("2011-10")
    'http://www.w3.org/2001/XMLSchema#gYearMonth'
    """
    match = _PARTIAL_DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a date written YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = match.groups()
    try:
        datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise ValueError(f"{text!r} is not a day of the calendar") from None
    return XSD + ("date" if day else "gYearMonth" if month else "gYear")


def luhn(digits: str) -> bool:
    """Say whether a SIREN's check digit is right (Luhn's algorithm, ISO/IEC 7812-1 annex B)."""
    doubled = (int(d) * 2 if i % 2 else int(d) for i, d in enumerate(reversed(digits)))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def check_of(datatype: Datatype) -> Check | None:
    """Return the check of a datatype, or None when any text will do."""
    checks: list[Check] = []
    if datatype.base in _BASE_CHECKS:
        checks.append(_BASE_CHECKS[datatype.base])
    if datatype.pattern is not None:
        checks.append(_pattern_check(datatype))
    if datatype.id in _ID_CHECKS:
        # A partial date's own message says more than the pattern's.
        checks.insert(0, _ID_CHECKS[datatype.id])
    if datatype.minimum is not None or datatype.maximum is not None:
        checks.append(_bounds_check(datatype))
    if datatype.min_length is not None or datatype.max_length is not None:
        checks.append(_length_check(datatype))
    return _first_of(checks) if checks else None


def _first_of(checks: list[Check]) -> Check:
    if len(checks) == 1:
        return checks[0]

    def check(value: str) -> str:
        for one in checks:
            if wrong := one(value):
                return wrong
        return ""

    return check


def _integer(value: str) -> str:
    if _INTEGER.fullmatch(value):
        return ""
    return f"{value!r} is not a whole number; write digits only, without spaces, commas or units"


def _decimal(value: str) -> str:
    if _DECIMAL.fullmatch(value):
        return ""
    if "," in value and _DECIMAL.fullmatch(value.replace(",", ".", 1)):
        return f"{value!r} has a comma; write the number with a decimal point, {value.replace(',', '.', 1)!r}"
    return f"{value!r} is not a number; write it like 45.0496"


# The same page is cited by many rows.
@lru_cache(maxsize=4096)
def _any_uri(value: str) -> str:
    if is_absolute_iri(value) and urlsplit(value).scheme in ("http", "https"):
        return ""
    if " " in value:
        return f"{value!r} has a space; an address holds none, write %20"
    return f"{value!r} is not an absolute http or https address"


def _boolean(value: str) -> str:
    return "" if value in ("true", "false", "1", "0") else f"{value!r} is not true or false"


def _partial_date(value: str) -> str:
    try:
        partial_date_datatype(value)
    except ValueError as error:
        return str(error)
    return ""


def _siren(value: str) -> str:
    if len(value) != 9 or not value.isdecimal():
        return f"{value!r} is not a SIREN; expected 9 digits"
    return "" if luhn(value) else f"{value!r} is not a SIREN: its check digit is wrong"


def _pattern_check(datatype: Datatype) -> Check:
    pattern = datatype.pattern
    assert pattern is not None  # noqa: S101 - the caller has asked
    expected = datatype.description or f"a value of the form {pattern.pattern}"

    def check(value: str) -> str:
        return "" if pattern.fullmatch(value) else f"{value!r} is not {expected}"

    return check


def _bounds_check(datatype: Datatype) -> Check:
    low, high = datatype.minimum, datatype.maximum

    def check(value: str) -> str:
        number = float(value)
        if low is not None and number < low:
            return f"{value} is below the least value {low:g}"
        if high is not None and number > high:
            return f"{value} is above the greatest value {high:g}"
        return ""

    return check


def _length_check(datatype: Datatype) -> Check:
    low, high = datatype.min_length or 0, datatype.max_length

    def check(value: str) -> str:
        if len(value) < low or (high is not None and len(value) > high):
            return (
                f"has {len(value)} characters, expected {low} to {high if high is not None else 'any number'}"
            )
        return ""

    return check


_BASE_CHECKS: Final[dict[str, Check]] = {
    "integer": _integer,
    "nonNegativeInteger": lambda v: _integer(v) or ("" if int(v) >= 0 else f"{v} is below 0"),
    "decimal": _decimal,
    "anyURI": _any_uri,
    "boolean": _boolean,
}
_ID_CHECKS: Final[dict[str, Check]] = {PARTIAL_DATE: _partial_date, SIREN: _siren}
