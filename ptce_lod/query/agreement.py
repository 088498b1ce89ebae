"""How well the values of a property agree with what was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

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

Label = Callable[[str], str]


def agreement(
    condition: Condition, values: Sequence[Value], property_: Property, weigh: Weigh, label: Label
) -> float | None:
    """Return how well ``values`` meet a condition, 0 to 1; None when there are none: what is not known is no contradiction.

    ``label`` returns the name of a thing by its IRI.
    """
    if not values:
        return None
    each = [
        max(_alike(asked, value, property_, weigh, label) for value in values) for asked in condition.values
    ]
    if condition.exact:
        each = [float(worth == 1.0) for worth in each]
    if condition.quantifier == "all":
        return min(each)
    return 1.0 - max(each) if condition.quantifier == "none" else max(each)


def _alike(asked: Value, value: Value, property_: Property, weigh: Weigh, label: Label) -> float:
    if isinstance(asked, Reference) and isinstance(value, Reference):
        return float(asked.iri == value.iri)
    if isinstance(value, Reference) and property_.values == "thing":
        return 1.0 if asked == value.iri else likeness(_text(asked), label(value.iri), weigh).score
    wanted, found = _text(asked), _text(value)
    if property_.values == "number":
        return _near(wanted, found)
    if property_.values == "date":
        return float(bool(wanted) and (found.startswith(wanted) or wanted.startswith(found)))
    if make := KEYS.get(property_.values):
        key = make(wanted)
        return float(bool(key) and key == make(found))
    return likeness(wanted, found, weigh).score


def _text(value: Value) -> str:
    return value.iri if isinstance(value, Reference) else str(value).strip()


def _near(one: str, other: str) -> float:
    with suppress(ValueError):
        a, b = float(one.replace(",", ".")), float(other.replace(",", "."))
        if a == b:
            return 1.0
        return _NEARLY if abs(a - b) <= _NEAR * min(1.0, max(abs(a), abs(b))) else 0.0
    return 0.0
