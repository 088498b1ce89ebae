"""What somebody may mean who types a thing, a property or a type; flyouts and previews."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from flask import Response, abort, request

from ptce_lod.errors import BadRequest
from ptce_lod.folding import fold
from ptce_lod.query.candidates import Condition, Sought
from ptce_lod.query.entities import id_of
from ptce_lod.query.facts import PROPERTIES
from ptce_lod.query.found import ThingSummary
from ptce_lod.web import context, pages
from ptce_lod.web.cards import card_of
from ptce_lod.web.identity import unknown
from ptce_lod.web.reconcile.reading import EXACT
from ptce_lod.web.reconcile.shared import (
    TYPES,
    entity_object,
    get_below,
    id_in,
    json_answer,
    read_text,
    type_object,
    types_of,
)
from ptce_lod.web.searching import read_number

#: Suggestions in one answer; more are had by ``cursor``, up to so many.
_SUGGESTED: Final = 20
_FURTHEST: Final = 1000


@get_below("suggest/entity")
def entities() -> Response:
    """Answer with the things whose names begin so, or that an identifier names."""
    prefix, skip = _asked()

    def made(language: str) -> dict[str, Any]:
        found = dict.fromkeys(thing.iri for thing in _named(prefix)) if prefix else {}
        suggested = context.backend().suggest(prefix, limit=skip + _SUGGESTED, language=language)
        things = {each.thing.iri: each.thing for each in suggested}
        things |= context.backend().summaries(found)
        ordered = [things[iri] for iri in dict.fromkeys((*found, *things))]
        return {
            "result": [
                {**entity_object(thing, language), "notable": types_of(thing, language)}
                for thing in ordered[skip : skip + _SUGGESTED]
            ]
        }

    return json_answer(made)


def _named(text: str) -> Iterator[ThingSummary]:
    """Yield what an identifier names."""
    for candidate in context.backend().candidates(Sought((Condition("", (text,)),), limit=_SUGGESTED)):
        if candidate.features.get("identifier"):
            yield candidate.thing


@get_below("suggest/property")
def properties() -> Response:
    """Answer with the properties whose names or ids have a word that begins so; with all for no text."""

    def described(id_: str, language: str) -> dict[str, Any]:
        _ = pages.texts(language)
        exact = {"id": EXACT, "name": _("the same, not only alike")}
        return {**_property(id_, language), "matchQualifiers": [exact]}

    return _matching(PROPERTIES, described)


@get_below("suggest/type")
def types() -> Response:
    """Answer with the types whose names or ids have a word that begins so; with all for no text."""
    return _matching(TYPES, type_object)


def _matching(ids: Iterable[str], described: Callable[[str, str], dict[str, Any]]) -> Response:
    prefix, skip = _asked()
    wanted = fold(prefix)

    def made(language: str) -> dict[str, Any]:
        found = [described(id_, language) for id_ in ids]
        begins = [
            each
            for each in found
            if any(f" {fold(each[key])}".find(f" {wanted}") >= 0 for key in ("id", "name"))
        ]
        return {"result": begins[skip : skip + _SUGGESTED]}

    return json_answer(made)


def _asked() -> tuple[str, int]:
    """Return the text that is being typed, and how many suggestions to skip."""
    cursor = request.args.getlist("cursor")
    return read_text(request.args.get("prefix", "")), (
        0 if cursor == ["0"] else read_number("cursor", cursor, 1, _FURTHEST) if cursor else 0
    )


def _property(id_: str, language: str) -> dict[str, Any]:
    return {"id": id_, "name": pages.property_name(id_, language)}


@get_below("flyout/<any(entity, property, type):kind>")
def flyout(kind: str) -> Response:
    """Answer with a few words on a thing, a property or a type, as HTML in JSON."""
    id_ = request.args.get("id", "")
    if not id_:
        raise BadRequest("there is no parameter 'id', expected the id of what to show")

    def made(language: str) -> dict[str, Any]:
        if kind == "entity":
            thing = _thing(id_)
            about = entity_object(thing, language)
            return {"id": id_, "html": pages.flyout(about["name"], about["description"], language)}
        known = PROPERTIES if kind == "property" else TYPES
        if id_ not in known:
            abort(404, f"there is no {kind} with the id {id_[:100]!r}")
        found = _property(id_, language) if kind == "property" else type_object(id_, language)
        about_it = pages.property_values_name(PROPERTIES[id_].values, language) if kind == "property" else ""
        return {"id": id_, "html": pages.flyout(found["name"], about_it, language)}

    return json_answer(made)


@get_below("preview")
def preview() -> Response:
    """Answer with the card of a thing, for a frame."""
    iri = _thing(request.args.get("id", "")).iri
    return card_of(iri, id_of(iri, context.settings().addresses))


def _thing(id_: str) -> ThingSummary:
    iri = id_in(id_)
    thing = context.backend().summaries([iri]).get(iri)
    if thing is None:
        raise unknown(iri[:200])
    return thing
