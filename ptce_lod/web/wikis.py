"""``/wikis``: what a wiki takes over to be linked with us, as a page to copy from and as files of plain text."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response

from ptce_lod.errors import ThingNotFound
from ptce_lod.formats import HTML, Format
from ptce_lod.web import conditional, context, pages
from ptce_lod.web.links import SCHEMA, link
from ptce_lod.web.representation import Resource, answer, in_language, rule, split_extension

blueprint: Final = Blueprint("wikis", __name__)


@blueprint.get(rule("wikis"))
def page(name: str) -> Response:
    """Answer with the page."""
    _, format_ = split_extension(name)
    settings, backend = context.settings(), context.backend()

    def nothing(_format: Format) -> bytes:
        raise NotImplementedError  # no RDF is offered

    resource = Resource(
        f"{settings.base_iri}wikis",
        lambda language: pages.render_wikis(backend, settings, language),
        nothing,
        offers=(HTML,),
        tag_parts=("wikis",),
        links=(link(SCHEMA + "TechArticle", "type"),),
    )
    return answer(resource, format_)


@blueprint.get("/wikis/<name>.txt")
def text(name: str) -> Response:
    """Answer with one text to paste, in the reader's language or that of ``?lang=``."""
    backend, language = context.backend(), context.language()
    texts = {piece.name: piece.text for piece in pages.wiki_pieces(backend, context.settings(), language)}
    if name not in texts:
        raise ThingNotFound(
            f"there is no text {name[:100]!r} for wikis", hint=f"there are {', '.join(texts)}"
        )
    tag = conditional.entity_tag(backend.release_id, "wikis", name, language)
    if conditional.not_modified(tag):
        response = conditional.empty(tag)
    else:
        response = Response(texts[name], content_type="text/plain; charset=utf-8")
        response.set_etag(tag)
    return in_language(response, language)
