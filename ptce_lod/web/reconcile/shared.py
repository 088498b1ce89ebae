"""What the parts of the service have in common: addresses, answers in JSON, types and things as the protocol writes them."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from flask import Blueprint, Response, request

from ptce_lod.errors import BadRequest, BodyTooLarge
from ptce_lod.query.entities import id_of, iri_of
from ptce_lod.query.found import ThingSummary
from ptce_lod.query.reconciliation import UNIT_KINDS
from ptce_lod.web import conditional, context, headers, pages
from ptce_lod.web.bodies import text_body

blueprint: Final = Blueprint("reconcile", __name__)
#: Types that may be asked for.
TYPES: Final = tuple(pages.WORDS)
#: Characters of a text that count: a cell of a table may hold a whole page.
TEXT_LENGTH: Final = 500


View = TypeVar("View", bound=Callable[..., Response])


def get_below(path: str) -> Callable[[View], View]:
    """Return a decorator: answers GET at ``path`` below the service of either version, where they do not differ."""

    def register(view: View) -> View:
        for root in ("/reconcile", "/reconcile/1.0"):
            blueprint.get(f"{root}/{path}")(view)
        return view

    return register


def json_answer(make: Callable[[str], Any], *tag_parts: str) -> Response:
    """Answer with what ``make`` returns for the reader's language, as JSON: kept by caches for GET, never for POST."""
    language = context.language()
    key = "\n".join((request.method, request.full_path, *tag_parts))
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    tag = conditional.entity_tag(context.backend().release_id, "reconcile", language, digest)
    if conditional.not_modified(tag):
        response = conditional.empty(tag)
    else:
        body = json.dumps(make(language), ensure_ascii=False, separators=(",", ":")) + "\n"
        response = Response(body, content_type="application/json")
        if request.method != "POST":
            response.set_etag(tag)
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "no-store" if request.method == "POST" else headers.CACHE_CURRENT
    response.headers["X-Robots-Tag"] = "noindex"
    response.vary.update(("Accept", "Accept-Language", "Cookie"))
    return response


def read_json(text: str, what: str) -> Any:
    """Return the value of a JSON text; :class:`BadRequest` when it is none. ``what`` names it in the message."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else error
        raise BadRequest(f"{what} is not JSON: {reason}") from error


def _refuse(text: str) -> None:
    raise ValueError(f"{text} is no number of JSON")


def json_body() -> Any:
    """Return the body of the request, which is JSON."""
    return read_json(text_body("the body"), "the body")


def object_of(value: Any, what: str, keys: Mapping[str, bool]) -> dict[str, Any]:
    """Return ``value``, a JSON object with the ``keys`` (name → whether it must be there) and no others."""
    if not isinstance(value, dict):
        raise BadRequest(f"{what} is {shown(value)}, expected an object")
    if unknown := sorted(set(value) - set(keys)):
        raise BadRequest(f"{what} has {unknown[0][:50]!r}, expected one of {', '.join(keys)}")
    for name, needed in keys.items():
        if needed and name not in value:
            raise BadRequest(f"{what} has no {name!r}")
    return value


def check_batch(number: int, what: str) -> None:
    """Raise :class:`BodyTooLarge` for a batch that is larger than the manifest says."""
    most = context.settings().reconcile_batch_size
    if number > most:
        raise BodyTooLarge(
            f"the batch has {number} {what}, at most {most} are answered at once",
            hint="send several batches",
            limit="reconcile_batch_size",
        )


def read_text(value: object) -> str:
    """Return a text of a client, printable characters only, cut to what counts."""
    # Names copied from a web page's source: "Clus&#39;Ter".
    text = html.unescape(str(value)[:TEXT_LENGTH])
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def shown(value: object) -> str:
    """Return a value for a message, cut."""
    return repr(value)[:60]


def read_type(value: object, what: str) -> str:
    """Return the id of a type; :class:`BadRequest` for one that there is not."""
    if value not in TYPES:
        raise BadRequest(f"{what} is {shown(value)}, expected one of {', '.join(TYPES)}")
    return str(value)


def id_in(text: str) -> str:
    """Return the IRI that an id means, the text itself when it is none of ours."""
    return iri_of(text, context.settings().addresses) or text


def type_object(type_: str, language: str) -> dict[str, Any]:
    """Return a type with its name, and the broader one of a kind of unit."""
    found: dict[str, Any] = {"id": type_, "name": pages.type_name(type_, language)}
    if type_ in UNIT_KINDS:
        found["broader"] = [{"id": "unit", "name": pages.type_name("unit", language)}]
    return found


def types_of(thing: ThingSummary, language: str) -> list[dict[str, Any]]:
    """Return the types of a thing, the narrowest first."""
    kind = str(thing.detail.get("kind", ""))
    found = [kind, thing.type] if kind in UNIT_KINDS else [thing.type]
    return [{"id": type_, "name": pages.type_name(type_, language)} for type_ in found]


def entity_object(thing: ThingSummary, language: str) -> dict[str, Any]:
    """Return id, name and description of a thing."""
    name = thing.label_en if language == "en" else thing.label_fr
    about = " · ".join(part for part in (pages.kind_of(thing, language), pages.place_of(thing)) if part)
    return {"id": id_of(thing.iri, context.settings().addresses), "name": name, "description": about}
