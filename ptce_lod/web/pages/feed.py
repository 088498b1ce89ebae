"""The event stream for people: what it is, its pages, and the events of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

import pyoxigraph as ox

from ptce_lod.namespaces import DCAT, DCTERMS, FOAF
from ptce_lod.query.backend import Backend, Label
from ptce_lod.release.feed import PAGE_MEMBERS, UNNAMED, Member
from ptce_lod.settings import Settings
from ptce_lod.web.exported import is_served
from ptce_lod.web.pages.environment import render
from ptce_lod.web.pages.site import path_to
from ptce_lod.web.pages.text import path_of

_PAGES: Final = (DCAT + "landingPage", FOAF + "page")


class _Event(NamedTuple):
    moment: datetime
    kind: str
    label: str
    lang: str
    href: str


def render_feed(
    backend: Backend,
    settings: Settings,
    found: Sequence[tuple[str, str, str]],
    count: int,
    language: str,
    *,
    path: str = "feed",
) -> str:
    """Return the page of the stream at ``path``; ``found`` holds the name, first and last moment of each of its pages."""
    spans = [
        (name, datetime.fromisoformat(first), datetime.fromisoformat(last)) for name, first, last in found
    ]
    return render(
        "feed.html", language, settings, backend, spans=spans, count=count, size=PAGE_MEMBERS, path=path
    )


def render_feed_page(
    backend: Backend,
    settings: Settings,
    number: int,
    members: Sequence[Member],
    language: str,
    *,
    path: str = "feed",
    name: str,
) -> str:
    """Return one page of events of the stream at ``path``, called ``name`` in its address."""
    of_data = path == "feed"
    unnamed = f"{settings.base_iri}{UNNAMED}"
    events = []
    for member in members:
        label: Label | None
        if member.subject == unnamed:
            label, page = Label("", language), unnamed  # the page says what it is
        elif of_data:
            label, page = backend.label(member.subject, language), path_to(member.subject, settings)
        else:
            label, page = _said(member, language)
            page = "" if is_served(page) else page
        is_foreign = label is not None and label.language not in ("", language)
        events.append(
            _Event(
                datetime.fromisoformat(member.at),
                member.kind,
                label.value if label else member.subject,
                label.language if label and is_foreign else "",
                # The page of a whole need not show each of its parts.
                path_of(page.partition("#")[0], settings.base_iri),
            )
        )
    return render(
        "feed_page.html", language, settings, backend, number=number, events=events, path=path, name=name
    )


def _said(member: Member, language: str) -> tuple[Label | None, str]:
    """Return the title and the page that a version gives an entity of the catalogue, which is no part of the data; "" when it has none."""
    titles: dict[str, str] = {}
    page = member.subject if member.lines else ""
    for quad in ox.parse(member.lines, format=ox.RdfFormat.N_TRIPLES):
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value == member.subject:
            if quad.predicate.value == DCTERMS + "title" and isinstance(quad.object, ox.Literal):
                titles[quad.object.language or ""] = quad.object.value
            elif quad.predicate.value in _PAGES and isinstance(quad.object, ox.NamedNode):
                page = quad.object.value
    chosen = language if language in titles else min(titles, default="")
    return (Label(titles[chosen], chosen) if titles else None), page
