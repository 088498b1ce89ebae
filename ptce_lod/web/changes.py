"""``?history``: what each publication changed in the description of a thing, as a page, as JSON and as RDF (PROV-O, Dublin Core)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import pyoxigraph as ox
from flask import Response

from ptce_lod import namespaces as ns
from ptce_lod.errors import PtceError
from ptce_lod.formats import HTML, RDF_FORMATS, Format
from ptce_lod.query.backend import Description
from ptce_lod.query.describe import LABELS
from ptce_lod.release.history import Event
from ptce_lod.web import context, pages, states
from ptce_lod.web.links import link
from ptce_lod.web.pages import past
from ptce_lod.web.representation import HISTORY_JSON, Resource, answer, write_rdf

#: The latest changes whose statements are looked up; both releases of each are opened for it.
_DETAILED: Final = 10
_LABELS: Final = frozenset(LABELS)
_XSD_DATE_TIME: Final = ox.NamedNode(ns.XSD + "dateTime")


def answer_history(iri: str, address: str, format_: Format | None) -> Response:
    """Answer with the history of ``iri``, whose document stands at ``address``."""
    settings, backend = context.settings(), context.backend()
    path = address.removeprefix(settings.base_iri)

    @cache
    def found() -> list[tuple[Event, str, Any]]:
        return _changes(iri, path)

    def html(language: str) -> str:
        changes = [_shown(event, where, differing, language) for event, where, differing in reversed(found())]
        return pages.render_history(backend, settings, iri, address, changes, language)

    def rdf(chosen: Format) -> bytes:
        if chosen is HISTORY_JSON:
            return _json(iri, address, found())
        return write_rdf(_quads(address, found()), chosen)

    resource = Resource(
        address,
        html,
        rdf,
        offers=(HTML, HISTORY_JSON, *RDF_FORMATS),
        query="?history",
        tag_parts=("history", str(context.publication())),
        links=(link(address, "latest-version"),),
        modified=context.last_changed(iri),
    )
    return answer(resource, format_)


def _changes(iri: str, path: str) -> list[tuple[Event, str, Any]]:
    """Return the events of a thing, oldest first, each with the address of its memento and (added, removed) triples or None."""
    events = context.history().events(iri, context.publication())
    if len(events) > 1 and events[1].touch and events[1].touch.kind == "created":
        events = events[1:]  # at the beginning it was not there
    kept = {state.event.number: state for state in states.states(path)}
    described: dict[int, frozenset[ox.Triple] | None] = {}

    def triples(number: int) -> frozenset[ox.Triple] | None:
        if number not in described:
            state = kept.get(number)
            described[number] = _described(iri, state.shown_by) if state else None
        return described[number]

    changes = []
    for place, event in enumerate(events):
        differing = None
        if place and place >= len(events) - _DETAILED:
            before, after = triples(events[place - 1].number), triples(event.number)
            if before is not None and after is not None:
                differing = sorted(after - before, key=str), sorted(before - after, key=str)
        state = kept.get(event.number)
        changes.append((event, states.address(state, path) if state else "", differing))
    return changes


def _described(iri: str, number: int) -> frozenset[ox.Triple] | None:
    """Return what the description of ``iri`` said in a publication, without labels of other things and without graphs."""
    try:
        with states.archive().lease(context.history().publications[number].release_id) as backend:
            found = backend.describe(iri)
    except PtceError:
        return None
    graphs = f"{context.settings().base_iri}graph/"
    return _own(found, graphs) if found is not None else frozenset()


def _own(description: Description, graphs: str) -> frozenset[ox.Triple]:
    me = ox.NamedNode(description.iri)
    return frozenset(
        quad.triple
        for quad in description.quads
        if isinstance(quad.subject, ox.NamedNode)
        and not quad.subject.value.startswith(graphs)
        and (quad.predicate not in _LABELS or quad.subject == me)
    )


def _kind(event: Event) -> str:
    if event.touch is not None:
        return event.touch.kind
    return "unknown" if event.number else ""


def _shown(event: Event, where: str, differing: Any, language: str) -> past.Change:
    added, removed = differing or ((), ())
    listed = past.statements(
        context.backend(), context.settings(), language, added[: past.SHOWN], removed[: past.SHOWN]
    )
    return past.Change(
        at=event.publication.at,
        moment=event.moment,
        release=event.publication.release_id,
        word=past.WORDS[_kind(event)],
        added=event.touch.added if event.touch else 0,
        removed=event.touch.removed if event.touch else 0,
        memento=where,
        statements=listed,
        more=len(added) + len(removed) - len(listed),
    )


def _json(iri: str, address: str, found: Sequence[tuple[Event, str, Any]]) -> bytes:
    changes = []
    for event, where, differing in reversed(found):
        change: dict[str, Any] = {
            "at": event.publication.at,
            "release": event.publication.release_id,
            "kind": _kind(event) or "first",
            "added": event.touch.added if event.touch else 0,
            "removed": event.touch.removed if event.touch else 0,
        }
        if where:
            change["memento"] = where
        if differing is not None:
            added, removed = ([f"{triple} ." for triple in triples] for triples in differing)
            change["statements"] = {"added": added, "removed": removed}
        changes.append(change)
    document = {"thing": iri, "document": address, "changes": changes}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _quads(address: str, found: Sequence[tuple[Event, str, Any]]) -> list[ox.Quad]:
    document = ox.NamedNode(address)
    quads, former = [], None
    for event, where, _ in found:
        if not where:
            continue
        version = ox.NamedNode(where)
        moment = ox.Literal(event.publication.at, datatype=_XSD_DATE_TIME)
        quads += [
            ox.Quad(document, ox.NamedNode(ns.DCTERMS + "hasVersion"), version),
            ox.Quad(version, ox.NamedNode(ns.DCTERMS + "isVersionOf"), document),
            ox.Quad(version, ox.NamedNode(ns.PROV + "generatedAtTime"), moment),
        ]
        if former is not None:
            quads.append(ox.Quad(version, ox.NamedNode(ns.PROV + "wasRevisionOf"), former))
        former = version
    return quads
