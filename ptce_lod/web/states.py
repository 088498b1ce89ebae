"""The states that a document had, as far as releases that show them are kept. Source: RFC 7089.

A thing has a memento for each state that its own description had while a release with that state is kept; a document about many things for
each publication.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from flask import current_app

from ptce_lod import namespaces as ns
from ptce_lod.errors import PtceError
from ptce_lod.iris import THING_TYPES
from ptce_lod.query.backend import LISTS
from ptce_lod.release.history import Event, History
from ptce_lod.web import context
from ptce_lod.web.archive import Archive
from ptce_lod.web.representation import split_extension

STAMP: Final = "%Y%m%d%H%M%S"


@dataclass(frozen=True)
class State:
    """A state that a document had from ``event`` on, and the number of a publication that shows it and is kept."""

    event: Event
    shown_by: int


def archive() -> Archive:
    """Return the former releases of this application."""
    return cast("Archive", current_app.extensions["ptce-archive"])


def stamp(moment: datetime) -> str:
    """Return a moment as 14 digits."""
    return moment.strftime(STAMP)


def thing_of(path: str) -> str | None:
    """Return the IRI of what the document at ``path`` describes, "" for a document about many things, None for no document of ours."""
    addresses = context.settings().addresses
    parts = [*path.strip("/").split("/")]
    parts[-1] = split_extension(parts[-1])[0]
    match parts:
        case ["doc", type_, slug] if type_ in THING_TYPES:
            return addresses.thing(type_, slug)
        case ["concept", scheme, code]:
            return f"{ns.CONCEPT}{scheme}/{code}"
        case ["scheme", code]:
            return f"{ns.SCHEME}{code}"
        case ["graph", source, snapshot]:
            return addresses.graph(source, snapshot)
        case ["ns"] | ["ns", _]:
            return ns.ONTOLOGY
        case ["shapes"] | ["shapes", _]:
            return ns.SHAPES_DOCUMENT
        case ["catalog"]:
            return ""
        case [name] if name in LISTS:
            return ""
    return None


def states(path: str) -> list[State]:
    """Return the states of the document at ``path`` that can be shown, oldest first."""
    iri = thing_of(path)
    if iri is None:
        return []
    history = context.history()
    # Not what stands in the log after the release that answers: it may never have been served, or this server has no past at all.
    last = context.publication() if context.memento() is None else len(history.publications) - 1
    events = history.events(iri, last) if iri else _publications(history)[: last + 1]
    found = []
    for place, event in enumerate(events):
        end = events[place + 1].number if place + 1 < len(events) else last + 1
        for number in range(event.number, end):
            if archive().holds(history.publications[number].release_id):
                was_there = not iri or _was_there(iri, event, events[place + 1 :], number)
                if was_there is not None:  # else the release cannot be opened: a later one may show the same
                    found += [State(event, number)] if was_there else []
                    break
    return found


def _was_there(iri: str, event: Event, later: Sequence[Event], number: int) -> bool | None:
    """Say whether ``iri`` was known in the state that ``event`` began and publication ``number`` shows; None if nobody can tell."""
    if event.touch is not None:
        return event.touch.kind != "removed"
    following = next((each.touch for each in later if each.touch is not None), None)
    if event.number == 0 and following is not None and all(each.touch for each in later):
        return following.kind != "created"
    try:
        with archive().lease(context.history().publications[number].release_id) as backend:
            return backend.fate(iri).known or backend.describe(iri) is not None
    except PtceError:
        return None


def _publications(history: History) -> list[Event]:
    return [Event(number, each, None) for number, each in enumerate(history.publications)]


def in_force(found: Sequence[State], moment: datetime) -> State:
    """Return the last state that began at or before ``moment``, the first for an earlier one: RFC 7089 section 4.5.3."""
    before = [state for state in found if state.event.moment <= moment]
    return before[-1] if before else found[0]


def address(state: State, path: str) -> str:
    """Return the address of the memento that shows a state of the document at ``path``."""
    return f"{context.settings().base_iri}memento/{stamp(state.event.moment)}/{path.lstrip('/')}"
