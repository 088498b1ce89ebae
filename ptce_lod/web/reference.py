"""What the server can do: ``/openapi.json`` for programs, ``/api`` for people. Source: OpenAPI Specification 3.1.1.

The description is made of the routing table, so that no route can be left out of it; ``openapi/`` declares what each one means.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Final

from flask import Blueprint, Flask, Response, current_app, request

from ptce_lod.errors import BadRequest
from ptce_lod.formats import HTML, JSON, Format
from ptce_lod.settings import Settings
from ptce_lod.web import conditional, context, exported, headers, pages
from ptce_lod.web.links import SCHEMA, link
from ptce_lod.web.negotiation import LANGUAGES
from ptce_lod.web.openapi.document import document
from ptce_lod.web.representation import Resource, answer, rule, split_extension

blueprint: Final = Blueprint("reference", __name__)
_DEFAULT: Final = "en"
#: The source whose graph stands as an example.
_EXAMPLE: Final = "poles"


@blueprint.get("/openapi.json")
def openapi_document() -> Response:
    """Answer with the description; ``?lang=`` chooses the language of its texts."""
    language = _language()
    tag = conditional.entity_tag(context.backend().release_id, "openapi", language)
    if conditional.not_modified(tag, context.published_at()):
        response = conditional.empty(tag)
    else:
        body = json.dumps(_described(language), ensure_ascii=False, separators=(",", ":")) + "\n"
        response = Response(body, content_type=JSON.content_type)
        response.set_etag(tag)
    base = context.settings().base_iri
    response.headers["Cache-Control"] = headers.CACHE_CURRENT
    response.headers["Content-Language"] = language
    response.headers["Link"] = str(link(f"{base}api", "service-doc", type=HTML.media_type))
    return response


@blueprint.get(rule("api"))
def page(name: str) -> Response:
    """Answer with the description as a page."""
    _, format_ = split_extension(name)
    settings, backend = context.settings(), context.backend()

    def html(language: str) -> str:
        return pages.render_reference(backend, settings, _described(language), language)

    def nothing(_format: Format) -> bytes:
        raise NotImplementedError  # no RDF is offered

    resource = Resource(
        f"{settings.base_iri}api",
        html,
        nothing,
        offers=(HTML,),
        tag_parts=("reference",),
        links=(
            link(SCHEMA + "TechArticle", "type"),
            link(f"{settings.base_iri}openapi.json", "service-desc", type=JSON.media_type),
        ),
    )
    return answer(resource, format_)


def _language() -> str:
    unknown = [name for name in request.args if name != "lang"]
    if unknown:
        raise BadRequest(f"{unknown[0][:50]!r} is no parameter of /openapi.json, expected lang")
    asked = request.args.getlist("lang") or [_DEFAULT]
    if len(asked) > 1 or asked[0] not in LANGUAGES:
        raise BadRequest(f"lang is {', '.join(asked)[:50]!r}, expected one of {', '.join(sorted(LANGUAGES))}")
    return asked[0]


def _described(language: str) -> dict[str, Any]:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # Flask's documented way to the application itself
    return exported.answered_paths(_document(app, context.settings(), language, _examples()))


def _examples() -> tuple[tuple[str, str], ...]:
    """Return what depends on the release: a source with the date of its snapshot, and the version of the vocabulary."""
    manifest = context.backend().manifest
    found = {"version": str(manifest.get("vocabulary_version", ""))}
    snapshots = [source["graph"].rsplit("/", 2)[1:] for source in manifest.get("sources", ())]
    named = [each for each in snapshots if each[0] == _EXAMPLE] or snapshots
    if named:
        found["source"], found["snapshot"] = named[0]
    return tuple(found.items())


@lru_cache(maxsize=8)
def _document(
    app: Flask, settings: Settings, language: str, examples: tuple[tuple[str, str], ...]
) -> dict[str, Any]:
    """Describe an application once for a release: its routes do not change."""
    return document(settings, app.url_map.iter_rules(), language, pages.texts(language), dict(examples))
