"""Dates as precise as their source: a year, a month or a day, each as the days it may mean.

Source: XSD 1.1 part 2 (``xsd:gYear``, ``xsd:gYearMonth``, ``xsd:date``). Time zones do not matter at this precision and are dropped.
"""

from __future__ import annotations

import calendar
import datetime
import re
from typing import Final, NamedTuple

from rdflib.term import Literal, Node

from ptce_lod.namespaces import XSD

_PATTERNS: Final = {
    XSD + "gYear": re.compile(r"(\d{4})"),
    XSD + "gYearMonth": re.compile(r"(\d{4})-(\d{2})"),
    XSD + "date": re.compile(r"(\d{4})-(\d{2})-(\d{2})"),
}


class Period(NamedTuple):
    """First and last day that a date may mean."""

    first: datetime.date
    last: datetime.date


def period(term: Node) -> Period | None:
    """Return the days a literal may mean, or None when it is no date of the years 1 to 9999."""
    pattern = _PATTERNS.get(str(term.datatype)) if isinstance(term, Literal) else None
    match = pattern.match(str(term)) if pattern else None
    if match is None:
        return None
    year, month, day = (int(part) if part else 0 for part in (*match.groups(), "", "")[:3])
    try:
        first = datetime.date(year, month or 1, day or 1)
        last_month = month or 12
        last = datetime.date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    except ValueError:
        return None
    return Period(first, last)
