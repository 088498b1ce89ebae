"""What is known of things, as rows of the release's tables: all that is written into a wiki comes from here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ptce_lod.namespaces import CONCEPT

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Facts:
    """Rows of tables of one release. ``label`` names a thing or concept in a language, None when it has no name."""

    base_iri: str
    poles: Sequence[Row]
    events: Sequence[Row]
    calls: Sequence[Row]
    label: Callable[[str, str], str | None]
    actors: Sequence[Row] = ()
    cooperations: Sequence[Row] = ()

    @cached_property
    def _poles(self) -> dict[str, Row]:
        return {str(row["id"]): row for row in self.poles}

    def iri(self, thing: str) -> str:
        """Return the IRI of a thing such as ``pole/tetris``, or of a concept such as ``concept/sector/energy``."""
        kind, _, code = thing.partition("/")
        return CONCEPT + code if kind == "concept" else f"{self.base_iri}id/{thing}"

    def address(self, thing: str) -> str:
        """Return where a wiki links to for a thing or a concept: concepts have IRIs elsewhere, and documents here."""
        return f"{self.base_iri}{thing}" if thing.startswith("concept/") else self.iri(thing)

    def thing(self, iri: str) -> str:
        """Return ``pole/tetris`` or ``concept/sector/energy`` of an IRI of ours; another IRI as it is."""
        if iri.startswith(CONCEPT):
            return f"concept/{iri.removeprefix(CONCEPT)}"
        return iri.removeprefix(f"{self.base_iri}id/")

    def pole(self, thing: str) -> Row | None:
        """Return the row of a pole, None when there is none."""
        return self._poles.get(self.iri(thing))

    def things(self, language: str) -> Iterator[tuple[str, str]]:
        """Yield (thing, name) of every pole, actor, cooperation, event and call, in this order of kinds."""
        for rows in (self.poles, self.actors, self.cooperations, self.events, self.calls):
            for row in rows:
                yield self.thing(str(row["id"])), self.name(row, language)

    def name(self, row: Row, language: str) -> str:
        """Return the name of a row's thing in a language, else in French."""
        return str((row.get("name_en") if language == "en" else "") or row["name"])


def values(row: Row, column: str) -> list[str]:
    """Return what stands in a column, as texts; empty when nothing does."""
    cell = row.get(column) or ()
    return [str(cell)] if isinstance(cell, (str, int, float)) else [str(each) for each in cell]
