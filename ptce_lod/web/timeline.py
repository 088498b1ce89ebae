"""What happened, by year: a page, and JSON. Entries were collected when the release was built."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response, request

from ptce_lod.errors import BadRequest, ThingNotFound
from ptce_lod.formats import HTML, JSON
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.timeline import KINDS
from ptce_lod.web import context, pages
from ptce_lod.web.links import SCHEMA, link
from ptce_lod.web.representation import Resource, answer, rule, split_extension
from ptce_lod.web.searching import read_number

blueprint: Final = Blueprint("timeline", __name__)
#: Entries on one page; what France has so far fits on one.
_PAGE: Final = 300
_FILES: Final = (JSON,)


@blueprint.get(rule("timeline", more=_FILES))
def timeline(name: str) -> Response:
    """Answer with the entries of the kinds that are asked for, all by default, oldest first."""
    _, format_ = split_extension(name, _FILES)
    settings, backend = context.settings(), context.backend()
    kinds = sorted({value for value in request.args.getlist("kind") if value}, key=_place)
    number = read_number("page", request.args.getlist("page"), 1, 10**6)
    everything = _entries(VarLayout(settings.var_dir).release(backend.release_id).timeline)
    entries = [entry for entry in everything if not kinds or entry["kind"] in kinds]
    last = max(1, -(-len(entries) // _PAGE))
    if number > last:
        raise ThingNotFound(f"page {number} of the timeline does not exist: there are {last}")
    query = "&".join([f"kind={kind}" for kind in kinds] + ([f"page={number}"] if number > 1 else []))

    def data() -> bytes:
        body = {"release": str(backend.release_id), "kinds": kinds or list(KINDS), "entries": entries}
        return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()

    def html(language: str) -> str:
        shown = entries[(number - 1) * _PAGE : number * _PAGE]
        counts = {kind: sum(entry["kind"] == kind for entry in everything) for kind in KINDS}
        return pages.render_timeline(backend, settings, shown, counts, kinds, (number, last), language)

    return answer(
        Resource(
            f"{settings.base_iri}timeline",
            html,
            lambda _format: data(),
            offers=(HTML, JSON),
            query=f"?{query}" if query else "",
            tag_parts=("timeline", *kinds, str(number)),
            links=(link(SCHEMA + "CollectionPage", "type"),),
            others={JSON: data},
            modified=context.published_at(),
        ),
        format_,
    )


def _place(kind: str) -> int:
    """Return the place of a kind; :class:`BadRequest` for one that there is not."""
    if kind not in KINDS:
        raise BadRequest(f"kind is {kind[:50]!r}, expected one of {', '.join(KINDS)}")
    return KINDS.index(kind)


@lru_cache(maxsize=4)
def _entries(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():  # a release built before there was a timeline
        return []
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found
