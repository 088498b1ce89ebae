"""What is to be matched: an entry of a source, with what its source says of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from ptce_lod.link_policy import Kind

#: What a source may say of an entry beside its name.
FACTS: Final = ("place", "department", "region", "website", "identifier", "category", "page")


@dataclass(frozen=True)
class Entry:
    """One page or row. ``key`` is its id in the source, ``target`` its address, ``others`` its other names.

    ``facts`` holds values by a word of :data:`FACTS`; ``addresses`` are links on a page, of which one may be the site of what it is about;
    ``linked`` are things (``pole/tetris``) that the same page in another language is about.
    """

    key: str
    name: str
    kind: Kind = "name"
    target: str = ""
    language: str = ""
    others: tuple[str, ...] = ()
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    addresses: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """A thing that an entry may mean: ``score`` 0 to 100, its ``reasons``; ``match``: it is meant, as far as can be told."""

    thing: str
    label: str
    detail: str
    score: float
    match: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """An entry with its proposals, best first."""

    entry: Entry
    proposals: tuple[Proposal, ...]

    def to_line(self) -> str:
        """Return this as a line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True) + "\n"

    @classmethod
    def from_line(cls, line: str) -> Found:
        """Return what :meth:`to_line` wrote; ValueError, KeyError or TypeError for another line."""
        facts: dict[str, Any] = json.loads(line)
        entry = facts["entry"]
        for name in ("others", "addresses", "linked"):
            entry[name] = tuple(entry[name])
        entry["facts"] = {name: tuple(values) for name, values in entry["facts"].items()}
        proposals = (Proposal(**{**p, "reasons": tuple(p["reasons"])}) for p in facts["proposals"])
        return cls(Entry(**entry), tuple(proposals))
