"""The reconciliation service, of both versions of its protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ptce_lod.formats import HTML, JSON, Format
from ptce_lod.web.openapi.model import Operation, Parameter, Route, get, number, resource
from ptce_lod.web.openapi.shared import LANG

TAG: Final = "reconciliation"
_JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"
_ID: Final = Parameter("id", "Id of a thing, a property or a type.", example="pole/tetris", is_required=True)
_TYPED: Final = (
    Parameter("prefix", "Beginning of a name."),
    Parameter("cursor", "Suggestions to skip.", number(0, 1000, 0)),
    LANG,
)


def _post(summary: str, bodies: tuple[str, ...], *problems: int) -> Operation:
    return Operation(summary, (JSON,), (LANG,), (400, 413, 415, *problems), bodies=bodies)


def _get(summary: str, *formats: Format, **more: Any) -> Route:
    return get(TAG, summary, *formats, **more)


ROUTES: Final[Mapping[str, Route]] = {
    "reconcile.describe": resource(
        TAG,
        "The reconciliation service: its manifest, or a page for people.",
        JSON,
        HTML,
        parameters=(
            Parameter("queries", "A batch of names, as JSON; better sent by POST."),
            Parameter("extend", "Things and properties to fetch, as JSON; better sent by POST."),
            Parameter("name", "A name to try on the page."),
            Parameter("type", "Id of the type that is tried.", example="pole"),
        ),
        problems=(400, 413),
    ),
    "reconcile.batch": Route(
        TAG, {"POST": _post("Candidates for a batch of names, version 0.2 or 1.0.", (_FORM, _JSON), 404)}
    ),
    "reconcile.draft": _get("The manifest of version 1.0.", JSON, parameters=(LANG,)),
    "reconcile.match": Route(TAG, {"POST": _post("Candidates for a batch of names, version 1.0.", (_JSON,))}),
    "reconcile.extend": Route(
        TAG, {"POST": _post("Values of properties for things, version 1.0.", (_JSON,), 404)}
    ),
    "reconcile.propose": _get(
        "Properties of a type that can be fetched.",
        JSON,
        parameters=(
            Parameter("type", "Id of the type.", example="pole"),
            Parameter("limit", "Most properties.", number()),
            LANG,
        ),
        problems=(400,),
    ),
    "reconcile.flyout": _get(
        "A few words on a thing, a property or a type.",
        JSON,
        path={"kind": Parameter("kind", "entity, property or type.", example="entity")},
        parameters=(_ID, LANG),
        problems=(400, 404),
    ),
    "reconcile.preview": _get(
        "The card of a thing, for a frame.", HTML, parameters=(_ID, LANG), problems=(404,)
    ),
    "reconcile.entities": _get(
        "Things that somebody may mean who is typing.", JSON, parameters=_TYPED, problems=(400,)
    ),
    "reconcile.properties": _get(
        "Properties whose name begins so.", JSON, parameters=_TYPED, problems=(400,)
    ),
    "reconcile.types": _get("Types whose name begins so.", JSON, parameters=_TYPED, problems=(400,)),
    "reconcile.view": _get(
        "Sends to the document of a thing.",
        parameters=(_ID,),
        problems=(404,),
        others={303: "See the document."},
        has_tag=False,
    ),
}
