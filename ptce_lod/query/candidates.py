"""What a reconciliation asks and gives. Source: Reconciliation Service API 0.2 and 1.0 draft, "Reconciliation Queries"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ptce_lod.query.found import ThingSummary


class Reference(NamedTuple):
    """A value that is a thing: its IRI."""

    iri: str


#: A value of a property. Dates are texts: they may be partial.
Value = str | int | float | bool | Reference


@dataclass(frozen=True)
class Condition:
    """What a candidate should have: one (``any``), all or none of ``values``.

    ``property`` is the id of a property, "" for the name. ``required``: what has it not is no candidate; ``exact``: likeness is not enough.
    """

    property: str
    values: tuple[Value, ...]
    quantifier: str = "any"
    required: bool = False
    exact: bool = False


@dataclass(frozen=True)
class Sought:
    """One query: conditions on name and properties, IRIs that may be meant, types of which a candidate has one (``all_types``: all)."""

    conditions: tuple[Condition, ...] = ()
    iris: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    all_types: bool = False
    limit: int = 10


@dataclass(frozen=True)
class Candidate:
    """A thing that may be meant. ``score`` is 0 to 100; ``name`` is the one of its names that is most like what was asked.

    ``match`` says that it is meant, as far as can be told. ``features`` are the parts of the score. ``is_changed`` says that slips in
    the name changed letters, and did not only double or exchange some.
    """

    thing: ThingSummary
    score: float
    name: str = ""
    match: bool = False
    is_changed: bool = False
    features: Mapping[str, float | bool] = field(default_factory=dict)
