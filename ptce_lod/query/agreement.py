"""How well the values of a property agree with what was asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, Protocol

from ptce_lod.folding import made_acronyms, words
from ptce_lod.identifiers import insee_key, siren_key, url_key
from ptce_lod.query.candidates import Condition, Reference, Value
from ptce_lod.query.facts import Property
from ptce_lod.query.likeness import Weigh, likeness

#: Numbers that differ by no more than this share, or coordinates by so many degrees, are nearly the same.
_NEAR: Final = 0.05
_NEARLY: Final = 0.8
#: From this likeness on two texts agree.
AGREES: Final = 0.8
KEYS: Final[dict[str, Callable[[str], str]]] = {"url": url_key, "siren": siren_key, "insee": insee_key}

#: What people write for a unit: "06", "6", "06 - Alpes-Maritimes", the INSEE code or the postal code of a municipality.
_CODE: Final = re.compile(
    r"(\d{1,3}|2[AB]|2[AB]\d{3}|\d{5})(?:\s*[-\u2013\u2014:]?\s+(\D.*))?", re.IGNORECASE
)
#: Customary short forms of regions that are not made of the first letters of their words.
_REGIONS: Final = {"aura": "auvergne rhone alpes", "pdl": "pays de la loire", "cvdl": "centre val de loire"}
#: What a postal code in the department of a municipality is worth: it is not the code that is known, but speaks for the place.
_POSTAL: Final = 0.9


class Names(Protocol):
    """What things are called, by their IRIs."""

    def label(self, iri: str) -> str:
        """Return the name of a thing."""

    def codes(self, iri: str) -> Sequence[str]:
        """Return the INSEE codes of a unit, none for another thing."""


def agreement(
    condition: Condition, values: Sequence[Value], property_: Property, weigh: Weigh, names: Names
) -> float | None:
    """Return how well ``values`` meet a condition, 0 to 1; None when there are none: what is not known is no contradiction."""
    if not values:
        return None
    each = [
        max(_alike(asked, value, property_, weigh, names) for value in values) for asked in condition.values
    ]
    if condition.exact:
        each = [float(worth == 1.0) for worth in each]
    if condition.quantifier == "all":
        return min(each)
    return 1.0 - max(each) if condition.quantifier == "none" else max(each)


def _alike(asked: Value, value: Value, property_: Property, weigh: Weigh, names: Names) -> float:
    if isinstance(asked, Reference) and isinstance(value, Reference):
        return float(asked.iri == value.iri)
    if isinstance(value, Reference) and property_.values == "thing":
        if asked == value.iri:
            return 1.0
        if codes := names.codes(value.iri):
            return _of_unit(_text(asked), names.label(value.iri), codes, weigh)
        return likeness(_text(asked), names.label(value.iri), weigh).score
    wanted, found = _text(asked), _text(value)
    if property_.values == "number":
        return _near(wanted, found)
    if property_.values == "date":
        return float(bool(wanted) and (found.startswith(wanted) or wanted.startswith(found)))
    if make := KEYS.get(property_.values):
        key = make(wanted)
        return float(bool(key) and key == make(found))
    return likeness(wanted, found, weigh).score


def _of_unit(asked: str, name: str, codes: Sequence[str], weigh: Weigh) -> float:
    """Return how well a text means a unit: by its code, its name, both, or the first letters of its words."""
    if match := _CODE.fullmatch(asked):
        if not match[2]:
            return max(_of_code(match[1].upper(), code) for code in codes)
        asked = match[2]
    found, parts = words(asked), words(name)
    short = "".join(found)
    if len(found) == 1 and (short == "".join(word[0] for word in parts) or short in made_acronyms(name)):
        return 1.0
    return likeness(_REGIONS.get(short, asked), name, weigh).score


def _of_code(asked: str, code: str) -> float:
    if asked.zfill(2) == code:
        return 1.0
    # Postal codes begin with the department's number, those of Corsica with 20.
    department = code[: 3 if code.startswith(("97", "98")) else 2].replace("2A", "20").replace("2B", "20")
    return _POSTAL if len(asked) == len(code) == 5 and asked.startswith(department) else 0.0


def _text(value: Value) -> str:
    return value.iri if isinstance(value, Reference) else str(value).strip()


def _near(one: str, other: str) -> float:
    with suppress(ValueError):
        a, b = float(one.replace(",", ".")), float(other.replace(",", "."))
        if a == b:
            return 1.0
        return _NEARLY if abs(a - b) <= _NEAR * min(1.0, max(abs(a), abs(b))) else 0.0
    return 0.0
