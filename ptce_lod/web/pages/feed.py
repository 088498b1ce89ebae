"""The event stream for people: what it is, its pages, and the events of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from ptce_lod.query.backend import Backend
from ptce_lod.release.feed import PAGE_MEMBERS, Member
from ptce_lod.settings import Settings
from ptce_lod.web.pages.environment import render
from ptce_lod.web.pages.site import path_to


class _Event(NamedTuple):
    moment: datetime
    kind: str
    label: str
    lang: str
    href: str


def render_feed(
    backend: Backend, settings: Settings, found: Sequence[tuple[str, str]], count: int, language: str
) -> str:
    """Return the page of the stream; ``found`` holds the first and last moment of each of its pages."""
    spans = [(datetime.fromisoformat(first), datetime.fromisoformat(last)) for first, last in found]
    return render("feed.html", language, settings, backend, spans=spans, count=count, size=PAGE_MEMBERS)


def render_feed_page(
    backend: Backend, settings: Settings, number: int, members: Sequence[Member], language: str
) -> str:
    """Return one page of events."""
    events = []
    for member in members:
        label = backend.label(member.subject, language)
        is_foreign = label is not None and label.language not in ("", language)
        events.append(
            _Event(
                datetime.fromisoformat(member.at),
                member.kind,
                label.value if label else member.subject,
                label.language if label and is_foreign else "",
                # The page of a whole need not show each of its parts.
                path_to(member.subject, settings).partition("#")[0],
            )
        )
    return render("feed_page.html", language, settings, backend, number=number, events=events)
