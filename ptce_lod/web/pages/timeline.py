"""The page of the timeline: entries by year, each with its sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

from ptce_lod.query.backend import Backend
from ptce_lod.settings import Settings
from ptce_lod.web.pages.environment import render
from ptce_lod.web.pages.links import Link, link_to
from ptce_lod.web.pages.text import path_of

#: Poles of an entry that are named; the call's page has them all.
_NAMED: Final = 12
TITLES: Final = {
    "event": "Events",
    "call": "Calls",
    "cooperation": "Cooperations",
    "initiative": "Initiatives",
    "recognition": "Recognitions",
}


class _Entry(NamedTuple):
    kind: str
    date: str
    title: Link
    type: Link | None
    places: Sequence[Link]
    about: Sequence[Link]
    more: int
    sources: Sequence[Link]


def render_timeline(
    backend: Backend,
    settings: Settings,
    entries: Sequence[Mapping[str, Any]],
    counts: Mapping[str, int],
    kinds: Sequence[str],
    page: tuple[int, int],
    language: str,
) -> str:
    """Return a page of the timeline; ``kinds`` are those chosen, ``counts`` how many there are of each, ``page`` its number of how many."""

    def to(iri: str) -> Link:
        return link_to(iri, backend, settings, language)

    def shown(entry: Mapping[str, Any]) -> _Entry:
        about = entry["about"]
        return _Entry(
            entry["kind"],
            entry["date"],
            to(entry["iri"] or entry["type"]),
            to(entry["type"]) if entry["type"] else None,
            [to(iri) for iri in entry["places"]],
            [to(iri) for iri in about[:_NAMED]],
            max(0, len(about) - _NAMED),
            [to(iri) for iri in entry["sources"]],
        )

    years = [(year, [shown(e) for e in group]) for year, group in groupby(entries, lambda e: e["sort"][:4])]
    address = path_of(f"{settings.base_iri}timeline", settings.base_iri)
    query = "&".join(f"kind={kind}" for kind in kinds)
    return render(
        "timeline.html",
        language,
        settings,
        backend,
        section="timeline",
        page_query=query + (f"{'&' if query else ''}page={page[0]}" if page[0] > 1 else ""),
        years=years,
        kinds=[(kind, TITLES[kind], counts[kind], kind in kinds) for kind in TITLES if counts[kind]],
        address=address,
        pages_address=f"{address}?{query}{'&' if query else ''}",
        json=f"{address}.json{'?' if query else ''}{query}",
        page=page[0],
        last=page[1],
        total=sum(len(group) for _, group in years),
    )
