"""Documents as they were: TimeGate, mementos and time maps. Source: RFC 7089, pattern 1.1 (a document is its own TimeGate).

A memento stands at ``/memento/{YYYYMMDDhhmmss}/…`` before the path that the document has today, and is answered by the same functions from
the release of that day. A thing has a memento for each state that its own description had while a release with that state is kept.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, cast
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import http_date, parse_date
from werkzeug.wrappers import Response as AnyResponse

from ptce_lod import namespaces as ns
from ptce_lod.errors import BadRequest, PtceError, ThingNotFound
from ptce_lod.formats import HTML, Format
from ptce_lod.iris import THING_TYPES
from ptce_lod.query.backend import LISTS
from ptce_lod.release.history import Event, History
from ptce_lod.settings import Settings
from ptce_lod.web import context, headers, identity, pages
from ptce_lod.web.archive import Archive
from ptce_lod.web.links import Link, link
from ptce_lod.web.negotiation import negotiate
from ptce_lod.web.representation import split_extension

blueprint: Final = Blueprint("memento", __name__)
LINK_FORMAT: Final = Format("link", "Link format", "application/link-format", "link")
TIMEMAP_JSON: Final = Format("timemap-json", "JSON", "application/json", "json")
#: Formats of time maps; the order breaks ties.
_TIMEMAPS: Final = {"link": LINK_FORMAT, "json": TIMEMAP_JSON, "html": HTML}
#: What has mementos: names of view functions.
ORIGINALS: Final = frozenset(
    f"documents.{name}"
    for name in ("document", "graph", "scheme", "concept", "vocabulary", "vocabulary_version", "list_")
) | {"discovery.catalog"}
_STAMP: Final = "%Y%m%d%H%M%S"
#: A kept memento says the same as long as this software writes it in the same way.
_CACHE: Final = "public, max-age=86400, stale-while-revalidate=604800"


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
    return moment.strftime(_STAMP)


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
    last = len(history.publications) - 1
    events = history.events(iri, last) if iri else _publications(history)
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


def _in_force(found: Sequence[State], moment: datetime) -> State:
    """Return the last state that began at or before ``moment``, the first for an earlier one: RFC 7089 section 4.5.3."""
    before = [state for state in found if state.event.moment <= moment]
    return before[-1] if before else found[0]


def address(state: State, path: str) -> str:
    """Return the address of the memento that shows a state of the document at ``path``."""
    return f"{context.settings().base_iri}memento/{stamp(state.event.moment)}/{path.lstrip('/')}"


def _query() -> str:
    text = request.query_string.decode("ascii", "replace")
    return f"?{text}" if text else ""


def _links(path: str, *, all_of: Sequence[State] = (), at: State | None = None) -> list[Link]:
    """Return original, timegate and timemap, and of ``all_of`` the first, the last and those around ``at``."""
    base = context.settings().base_iri
    original = base + path.lstrip("/")
    found = [
        link(original, "original timegate"),
        link(f"{base}timemap/{path.lstrip('/')}", "timemap", type=LINK_FORMAT.media_type),
    ]
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
    """Send who asks for a document of another day (``Accept-Datetime``) to its memento; None for any other request."""
    wanted = request.headers.get("Accept-Datetime")
    if wanted is None or request.endpoint not in ORIGINALS or request.method not in ("GET", "HEAD"):
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
        raise ThingNotFound(
            "no former state of this is kept", hint="the current one needs no Accept-Datetime"
        )
    state = _in_force(found, moment)
    response = identity.redirected(address(state, path) + _query(), 302)
    response.headers["Link"] = ", ".join(map(str, _links(path, all_of=found, at=state)))
    response.headers["Cache-Control"] = headers.CACHE_CURRENT
    response.vary.clear()
    response.vary.add("Accept-Datetime")
    return response


def _mark(response: Response) -> Response:
    """Say of a document that it has mementos."""
    if request.endpoint in ORIGINALS and context.memento() is None:
        response.vary.add("Accept-Datetime")
        if response.status_code in (200, 304):
            _add_links(response, _links(request.path))
    return response


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
        moment = datetime.strptime(digits, _STAMP).replace(tzinfo=UTC)
    except ValueError as error:
        raise ThingNotFound(
            f"{digits[:30]!r} is no moment, expected 14 digits: year, month, day, hour, minute, second"
        ) from error
    state = _in_force(found, moment)
    if stamp(state.event.moment) != digits:
        return identity.redirected(address(state, path) + _query(), 302)
    base = context.settings().base_iri
    context.answer_from(
        archive().lease(context.history().publications[state.shown_by].release_id),
        context.Memento(state.shown_by, state.event.moment, f"{base}memento/{digits}/", f"{base}{path}"),
    )
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
    _add_links(response, _links(path, all_of=found, at=state))
    response.headers["X-Robots-Tag"] = "noindex"
    if response.status_code in (200, 304):
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
        link(original, "original timegate"),
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
