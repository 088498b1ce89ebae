"""What two-way links lack: pages about our things that do not lead here, and things without a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ptce_lod.collation import sort_key
from ptce_lod.wiki.facts import Facts
from ptce_lod.wiki.kit import PREFIX, TEMPLATES
from ptce_lod.wiki.snapshot import PRESENT, PageRecord
from ptce_lod.wiki.statements import Reader
from ptce_lod.wiki.wikitext import normal_title, read_wikitext

#: Templates that link to us.
_TEMPLATES: Final = frozenset(normal_title(name) for names in TEMPLATES.values() for name in names)
_INTERWIKI: Final = normal_title(f"{PREFIX}:x").removesuffix("x")


@dataclass(frozen=True)
class Lacking:
    """``unlinked``: (title, thing) of pages without a link to us; ``pageless``: (thing, name) of things that no page is about."""

    linked: int
    unlinked: list[tuple[str, str]]
    pageless: list[tuple[str, str]]


def lacking(reader: Reader, records: Iterable[PageRecord], site: str, facts: Facts, language: str) -> Lacking:
    """Compare the pages of one site of a snapshot with the things of the release, poles first."""
    about = [
        (record, thing)
        for record in records
        if record.site == site and record.state == PRESENT and (thing := reader.thing_of(record))
    ]
    unlinked = [
        (record.title, thing) for record, thing in about if not _leads_here(record.text, facts.base_iri)
    ]
    things = {thing for _, thing in about}
    kinds: dict[str, int] = {}
    pageless = []
    for thing, name in facts.things(language):
        kind = kinds.setdefault(thing.partition("/")[0], len(kinds))
        if thing not in things:
            pageless.append((kind, sort_key(name), thing, name))
    return Lacking(
        len(about) - len(unlinked),
        sorted(unlinked, key=lambda each: sort_key(each[0])),
        [(thing, name) for _, _, thing, name in sorted(pageless)],
    )


def _leads_here(text: str, base_iri: str) -> bool:
    """Say whether a page links to us: by an address, by our prefix, or by one of our templates. What stands in a comment is no link."""
    try:
        content = read_wikitext(text)
    except ValueError:
        return base_iri in text
    return (
        any(address.startswith(base_iri) for address in content.addresses)
        or any(link.startswith(_INTERWIKI) for link in content.links)
        or any(use.name in _TEMPLATES for use in content.templates)
    )
