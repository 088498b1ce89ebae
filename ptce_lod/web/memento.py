"""Documents as they were: TimeGate, mementos and time maps. Source: RFC 7089, pattern 1.1 (a document is its own TimeGate).

A memento stands at ``/memento/{YYYYMMDDhhmmss}/…`` before the path that the document has today, and is answered by the same functions from
the release of that day. Which there are: ``states.py``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final, cast
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import http_date, parse_date
from werkzeug.wrappers import Response as AnyResponse

from ptce_lod.errors import BadRequest, ThingNotFound
from ptce_lod.formats import HTML, Format
from ptce_lod.settings import Settings
from ptce_lod.web import context, headers, identity, pages
from ptce_lod.web.archive import Archive
from ptce_lod.web.links import Link, link
from ptce_lod.web.negotiation import negotiate
from ptce_lod.web.states import STAMP, State, address, archive, in_force, stamp, states, thing_of

blueprint: Final = Blueprint("memento", __name__)
LINK_FORMAT: Final = Format("link", "Link format", "application/link-format", "link")
TIMEMAP_JSON: Final = Format("timemap-json", "JSON", "application/json", "json")
#: Formats of time maps; the order breaks ties.
_TIMEMAPS: Final = {"link": LINK_FORMAT, "json": TIMEMAP_JSON, "html": HTML}
#: What has mementos: names of view functions.
ORIGINALS: Final = frozenset(
    f"documents.{name}"
    for name in ("document", "graph", "scheme", "concept", "vocabulary", "vocabulary_version", "list_")
) | {"catalog.catalog"}
_THING: Final = "documents.thing"
#: A kept memento says the same as long as this software writes it in the same way.
_CACHE: Final = "public, max-age=86400, stale-while-revalidate=604800"


def _query() -> str:
    text = request.query_string.decode("ascii", "replace")
    return f"?{text}" if text else ""


def _links(path: str, *, all_of: Sequence[State] = (), at: State | None = None) -> list[Link]:
    """Return original, timegate and timemap, and of ``all_of`` the first, the last and those around ``at``."""
    base = context.settings().base_iri
    original = base + path.lstrip("/")
    found = [link(original, "original"), link(original, "timegate"), _timemap_link(path)]
    if all_of:
        relations: dict[int, list[str]] = {}

        def say(place: int, relation: str) -> None:
            if 0 <= place < len(all_of):
                relations.setdefault(place, []).append(relation)

        say(0, "first")
        if at is not None:
            say(all_of.index(at) - 1, "prev")
            say(all_of.index(at) + 1, "next")
            say(all_of.index(at), "")
        say(len(all_of) - 1, "last")
        found += [
            link(
                address(all_of[place], path),
                " ".join([*(r for r in dict.fromkeys(said) if r), "memento"]),
                datetime=http_date(all_of[place].event.moment),
            )
            for place, said in sorted(relations.items())
        ]
    return found


def _add_links(response: AnyResponse, found: Sequence[Link]) -> None:
    former = response.headers.get("Link")
    response.headers["Link"] = ", ".join([*([former] if former else []), *map(str, found)])


def gate() -> AnyResponse | None:
    """Send who asks for a document of another day (``Accept-Datetime``) to its memento.

    None for any other request, and where there is no former state: then the answer is that of today.
    """
    if request.endpoint in ORIGINALS:
        context.offer_time_links(_links_of_today)
    wanted = request.headers.get("Accept-Datetime")
    if wanted is None or request.method not in ("GET", "HEAD"):
        return None
    if request.endpoint == _THING:
        return _document_of_gone()
    if request.endpoint not in ORIGINALS:
        return None
    moment = parse_date(wanted)
    if moment is None:
        raise BadRequest(
            f"Accept-Datetime is {wanted[:60]!r}, expected a date such as 'Sun, 22 Nov 2026 10:00:00 GMT'",
            link="https://www.rfc-editor.org/rfc/rfc7089#section-2.1.1",
        )
    path = request.path
    found = states(path)
    if not found:
        return None
    state = in_force(found, moment)
    response = identity.redirected(address(state, path) + _query(), 302)
    response.headers["Link"] = ", ".join(map(str, _links(path, all_of=found, at=state)))
    response.headers["Cache-Control"] = headers.CACHE_CURRENT
    response.vary.clear()
    response.vary.add("Accept-Datetime")
    return response


def _document_of_gone() -> AnyResponse | None:
    """Send who asks for a thing of another day to its document even when there is no such thing today."""
    path = "/doc" + request.path.removeprefix("/id")
    iri = thing_of(path)
    if not iri or context.backend().fate(iri).known or not states(path):
        return None
    return identity.see_other(context.settings().base_iri + path.lstrip("/"))


def _mark(response: Response) -> Response:
    """Say of a document that it has mementos; of one that is gone, where they are listed."""
    if context.memento() is not None or request.endpoint not in (ORIGINALS | {_THING}):
        return response
    response.vary.add("Accept-Datetime")
    if (
        request.endpoint != _THING
        and response.status_code in (404, 410)
        and context.is_recorded(thing_of(request.path) or "")
    ):
        _add_links(response, [_timemap_link(request.path)])
    return response


def _links_of_today(path: str) -> list[Link]:
    return _links(path) if context.publication() >= 0 else []


def _timemap_link(path: str) -> Link:
    target = f"{context.settings().base_iri}timemap/{path.lstrip('/')}"
    return link(target, "timemap", type=LINK_FORMAT.media_type)


@blueprint.get("/memento/<digits>/<path:path>")
def memento(digits: str, path: str) -> AnyResponse:
    """Answer with a document as it was."""
    endpoint, arguments = _match(path)
    found = states(path)
    if not found:
        raise ThingNotFound(
            "no former state of this is kept", hint=f"/{path} is the current one, if there is one"
        )
    try:
        moment = datetime.strptime(digits, STAMP).replace(tzinfo=UTC)
    except ValueError as error:
        raise ThingNotFound(
            f"{digits[:30]!r} is no moment, expected 14 digits: year, month, day, hour, minute, second"
        ) from error
    state = in_force(found, moment)
    if stamp(state.event.moment) != digits:
        return identity.redirected(address(state, path) + _query(), 302)
    base = context.settings().base_iri
    context.answer_from(
        archive().lease(context.history().publications[state.shown_by].release_id),
        context.Memento(state.shown_by, state.event.moment, f"{base}memento/{digits}/", f"{base}{path}"),
    )
    context.offer_time_links(partial(_links, all_of=found, at=state))
    response = cast("AnyResponse", current_app.ensure_sync(current_app.view_functions[endpoint])(**arguments))
    return _as_memento(response, path, state, found)


def _match(path: str) -> tuple[str, dict[str, object]]:
    try:
        endpoint, arguments = current_app.url_map.bind("").match("/" + path, "GET")
    except HTTPException:
        endpoint, arguments = "", {}
    if endpoint not in ORIGINALS:
        raise ThingNotFound(f"/{path[:200]} has no mementos", hint="documents, lists and the catalogue have")
    return str(endpoint), dict(arguments)


def _as_memento(response: AnyResponse, path: str, state: State, found: Sequence[State]) -> AnyResponse:
    root = urlsplit(context.settings().base_iri).path
    location = response.headers.get("Location", "")
    if location.startswith(root):
        response.headers["Location"] = (
            f"{root}memento/{stamp(state.event.moment)}/{location.removeprefix(root)}"
        )
    response.headers["Memento-Datetime"] = http_date(state.event.moment)
    if response.status_code not in (200, 304):
        _add_links(response, _links(path, all_of=found, at=state))
    response.headers["X-Robots-Tag"] = "noindex"
    if response.status_code in (200, 304) and "Set-Cookie" not in response.headers:
        response.headers["Cache-Control"] = _CACHE
    return response


@blueprint.get("/timemap/<path:path>")
def timemap(path: str) -> Response:
    """List the mementos of a document in link format, JSON or HTML; ``/timemap/json/…`` and the like name the format."""
    first, _, rest = path.partition("/")
    format_ = _TIMEMAPS.get(first) if rest and thing_of(rest) is not None else None
    original = rest if format_ is not None else path
    format_ = format_ or negotiate(context.accept(), tuple(_TIMEMAPS.values())) or LINK_FORMAT
    if thing_of(original) is None:
        raise ThingNotFound(
            f"/{original[:200]} has no mementos", hint="documents, lists and the catalogue have"
        )
    found = states(original)
    if not found:
        raise ThingNotFound("no state of this is kept, or there never was one")
    body, content_type = _write_timemap(original, found, format_)
    response = Response(body, content_type=content_type)
    response.headers["Cache-Control"] = headers.CACHE_CURRENT
    response.vary.update(("Accept", "Accept-Language"))
    response.add_etag()
    return cast("Response", response.make_conditional(request))


def _write_timemap(path: str, found: Sequence[State], format_: Format) -> tuple[str, str]:
    base = context.settings().base_iri
    original = base + path
    if format_ is HTML:
        rows = [(address(state, path), state.event) for state in found]
        text = pages.render_timemap(context.backend(), context.settings(), original, rows, context.language())
        return text, HTML.content_type
    if format_ is TIMEMAP_JSON:
        document = {
            "original_uri": original,
            "timegate_uri": original,
            "timemap_uri": {
                "link_format": f"{base}timemap/link/{path}",
                "json_format": f"{base}timemap/json/{path}",
                "html_format": f"{base}timemap/html/{path}",
            },
            "mementos": {
                "list": [
                    {"datetime": state.event.publication.at, "uri": address(state, path)} for state in found
                ]
            },
        }
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n", TIMEMAP_JSON.media_type
    lines = [
        link(original, "original"),
        link(original, "timegate"),
        link(
            f"{base}timemap/link/{path}",
            "self",
            type=LINK_FORMAT.media_type,
            **{"from": http_date(found[0].event.moment), "until": http_date(found[-1].event.moment)},
        ),
    ]
    for place, state in enumerate(found):
        ends = [*(["first"] if place == 0 else []), *(["last"] if place == len(found) - 1 else [])]
        lines.append(
            link(address(state, path), " ".join([*ends, "memento"]), datetime=http_date(state.event.moment))
        )
    return ",\n".join(map(str, lines)) + "\n", LINK_FORMAT.media_type


def init_app(app: Flask, settings: Settings) -> None:
    """Give the documents of ``app`` a past."""
    app.extensions["ptce-archive"] = Archive(settings)
    app.before_request(gate)
    app.after_request(_mark)
