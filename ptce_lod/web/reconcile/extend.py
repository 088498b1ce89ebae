"""Data extension: the values of properties for rows that are matched, and which properties a type has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from flask import Response, request

from ptce_lod.errors import BadRequest
from ptce_lod.query.candidates import Reference, Value
from ptce_lod.query.entities import id_of
from ptce_lod.query.facts import PROPERTIES, Property
from ptce_lod.query.found import ThingSummary
from ptce_lod.web import context, pages
from ptce_lod.web.bodies import wrong_type
from ptce_lod.web.reconcile.manifest import CONTENTS
from ptce_lod.web.reconcile.reading import read_property
from ptce_lod.web.reconcile.shared import (
    blueprint,
    check_batch,
    get_below,
    id_in,
    json_answer,
    json_body,
    object_of,
    read_text,
    read_type,
    shown,
)
from ptce_lod.web.searching import read_number

#: Properties of one request.
_PROPERTIES: Final = 50
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_SPECIFICATION: Final = "https://reconciliation-api.github.io/specs/"


class _Wanted(NamedTuple):
    """A property to fetch, with its settings: most values (0: all), and how things are given."""

    property: Property
    limit: int
    content: str


@blueprint.post("/reconcile/1.0/extend")
def extend() -> Response:
    """Answer a data extension of version 1.0."""
    if request.mimetype != "application/json":
        raise wrong_type(("application/json",), link=_SPECIFICATION)
    query = json_body()

    def made(language: str) -> dict[str, Any]:
        found = extended(query, language)
        rows = [
            {"id": id_, "properties": [{"id": name, "values": values} for name, values in row.items()]}
            for id_, row in found["rows"].items()
        ]
        return {"meta": found["meta"], "rows": rows}

    return json_answer(made)


def extended(query: Any, language: str) -> dict[str, Any]:
    """Return the answer to a data extension as version 0.2 writes it; what has no value has an empty array."""
    asked = object_of(query, "extend", {"ids": True, "properties": True})
    ids, listed = asked["ids"], asked["properties"]
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise BadRequest(f"ids is {shown(ids)}, expected an array of texts")
    if not isinstance(listed, list) or len(listed) > _PROPERTIES:
        raise BadRequest(f"properties is {shown(listed)}, expected an array of at most {_PROPERTIES}")
    check_batch(len(ids), "rows")
    wanted = [_wanted(each) for each in listed]
    iris = {id_: id_in(read_text(id_)) for id_ in ids}
    things = context.backend().summaries(iris.values())
    values = {
        (iri, each.property.id): context.backend().property_values(thing, each.property.id)
        for iri, thing in things.items()
        for each in wanted
    }
    named = context.backend().summaries(
        {value.iri for found in values.values() for value in found if isinstance(value, Reference)}
    )
    rows = {
        id_: {
            each.property.id: _cells(values.get((iri, each.property.id), []), each, named, language)
            for each in wanted
        }
        for id_, iri in iris.items()
    }
    return {"meta": [_meta(each, language) for each in wanted], "rows": rows}


def _wanted(value: Any) -> _Wanted:
    found = object_of(value, "a property", {"id": True, "settings": False, "name": False})
    property_ = PROPERTIES[read_property(found["id"], "extend")]
    settings = object_of(found.get("settings") or {}, "settings", {"limit": False, "content": False})
    limit, content = settings.get("limit") or 0, settings.get("content") or CONTENTS[0]
    if isinstance(limit, bool) or not re.fullmatch(r"\d{1,9}(\.0)?", str(limit)):
        raise BadRequest(f"settings: limit is {shown(limit)}, expected a whole number, 0 for all values")
    if content not in CONTENTS:
        raise BadRequest(f"settings: content is {shown(content)}, expected one of {', '.join(CONTENTS)}")
    return _Wanted(property_, int(float(limit)), content)


def _meta(wanted: _Wanted, language: str) -> dict[str, Any]:
    property_ = wanted.property
    found: dict[str, Any] = {
        "id": property_.id,
        "name": pages.property_name(property_.id, language),
    }
    if property_.target and wanted.content == CONTENTS[0]:
        found["type"] = {
            "id": property_.target,
            "name": pages.type_name(property_.target, language),
        }
    return found


def _cells(
    values: list[Value], wanted: _Wanted, things: Mapping[str, ThingSummary], language: str
) -> list[dict[str, Any]]:
    return [_cell(value, wanted, things, language) for value in values[: wanted.limit or None]]


def _cell(value: Value, wanted: _Wanted, things: Mapping[str, ThingSummary], language: str) -> dict[str, Any]:
    if isinstance(value, Reference):
        thing = things.get(value.iri)
        if thing is None or wanted.content == "id":
            return {"str": value.iri}
        name = thing.label_en if language == "en" else thing.label_fr
        if wanted.content == "name":
            return {"str": name}
        return {"id": id_of(value.iri, context.settings().addresses), "name": name}
    if isinstance(value, int):
        return {"int": value}
    if isinstance(value, float):
        return {"float": value}
    # A date that is not known to the day stays the text that it is.
    if wanted.property.values == "date" and _DAY.fullmatch(value):
        return {"date": f"{value}T00:00:00"}
    return {"str": value}


@get_below("extend/propose")
def propose() -> Response:
    """Answer with the properties that things of a type may have; without a type with all."""
    type_ = request.args.get("type", "")
    if type_:
        read_type(type_, "type")
    limit = read_number("limit", request.args.getlist("limit"), len(PROPERTIES), 10**6)

    def made(language: str) -> dict[str, Any]:
        found = [each for each in PROPERTIES.values() if not type_ or not each.types or type_ in each.types]
        listed = [{"id": each.id, "name": pages.property_name(each.id, language)} for each in found[:limit]]
        return {"properties": listed, **({"type": type_} if type_ else {}), "limit": limit}

    return json_answer(made)
