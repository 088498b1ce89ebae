"""Pages about former states: the time map of a document, and the history of a thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyoxigraph as ox

from ptce_lod.query.backend import Backend, Description
from ptce_lod.release.history import Event
from ptce_lod.settings import Settings
from ptce_lod.web.pages.environment import render
from ptce_lod.web.pages.reading import Reader, Text, shortened

#: Statements of one change on the page.
SHOWN: Final = 60
#: Kind of change → message.
WORDS: Final = {
    "": "First publication",
    "created": "Published for the first time",
    "changed": "Changed",
    "retired": "Retired",
    "removed": "Removed",
    "unknown": "Perhaps changed: nothing was recorded",
}


@dataclass(frozen=True)
class Statement:
    """One statement that was added or removed, as labels."""

    added: bool
    subject: Text
    predicate: str
    object: Text


@dataclass(frozen=True)
class Change:
    """One publication that changed a thing. ``memento`` is empty when the state is no longer kept; ``more`` counts statements not shown."""

    at: str
    moment: datetime
    release: str
    word: str
    added: int
    removed: int
    memento: str
    statements: Sequence[Statement] = ()
    more: int = 0


def render_timemap(
    backend: Backend, settings: Settings, original: str, rows: Sequence[tuple[str, Event]], language: str
) -> str:
    """Return the list of the mementos of ``original``: (address, event) each."""
    return render("timemap.html", language, settings, backend, original=original, rows=rows)


def render_history(
    backend: Backend, settings: Settings, iri: str, address: str, changes: Sequence[Change], language: str
) -> str:
    """Return the history of a thing, newest change first."""
    title = Reader(Description(iri, ()), backend, settings, language).label(iri)
    return render(
        "history.html",
        language,
        settings,
        backend,
        title=title,
        address=address,
        changes=changes,
        page_query="history",
    )


def statements(
    backend: Backend,
    settings: Settings,
    language: str,
    added: Sequence[ox.Triple],
    removed: Sequence[ox.Triple],
) -> list[Statement]:
    """Return triples as statements with labels, those added first."""
    reader = Reader(Description("", ()), backend, settings, language)

    def text(node: object) -> Text:
        if isinstance(node, ox.NamedNode):
            return reader.label(node.value)
        if isinstance(node, ox.Literal):
            return Text(node.value, node.language or "")
        return Text(str(node), "")

    return [
        Statement(is_added, text(t.subject), shortened(t.predicate.value), text(t.object))
        for is_added, found in ((True, added), (False, removed))
        for t in found
    ]
