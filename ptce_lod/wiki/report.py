"""What two-way links lack: pages about our things that do not lead here, and things without a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ptce_lod.collation import sort_key
from ptce_lod.wiki.facts import Facts
from ptce_lod.wiki.snapshot import PRESENT, PageRecord
from ptce_lod.wiki.statements import Reader


@dataclass(frozen=True)
class Lacking:
    """``unlinked``: (title, thing) of pages without an address of ours; ``pageless``: (thing, name) of poles that no page is about."""

    linked: int
    unlinked: list[tuple[str, str]]
    pageless: list[tuple[str, str]]


def lacking(reader: Reader, records: Iterable[PageRecord], site: str, facts: Facts, language: str) -> Lacking:
    """Compare the pages of one site of a snapshot with the poles of the release."""
    about = [
        (record, thing)
        for record in records
        if record.site == site and record.state == PRESENT and (thing := reader.thing_of(record))
    ]
    unlinked = [(record.title, thing) for record, thing in about if facts.base_iri not in record.text]
    things = {thing for _, thing in about}
    pageless = [
        (thing, facts.name(row, language))
        for row in facts.poles
        if (thing := facts.thing(str(row["id"]))) not in things
    ]
    return Lacking(
        len(about) - len(unlinked),
        sorted(unlinked, key=lambda each: sort_key(each[0])),
        sorted(pageless, key=lambda each: (sort_key(each[1]), each[0])),
    )
