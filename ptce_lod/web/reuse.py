"""What other sites take: citations as files, and a card of a thing that fits into a frame."""

from __future__ import annotations

from functools import partial
from typing import Final

from flask import Blueprint, Response, abort

from ptce_lod.web import conditional, context, exported, headers, pages
from ptce_lod.web.cards import card_of, description_of
from ptce_lod.web.pages.citation import Citation
from ptce_lod.web.representation import in_language

blueprint: Final = Blueprint("reuse", __name__)
#: Extension of a citation → its media type.
CITATIONS: Final = {
    "json": "application/vnd.citationstyles.csl+json",
    "bib": "application/x-bibtex; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}


def _thing(type_: str, slug: str) -> str:
    return context.settings().addresses.thing(type_, slug)


def _written(citation: Citation, extension: str) -> bytes:
    return citation.written(extension).encode()


@blueprint.get("/cite/<type_>/<slug>.<any(json, bib, txt):extension>")
def cite(type_: str, slug: str, extension: str) -> Response:
    """Answer with the citation of a thing as CSL-JSON, BibLaTeX or text."""
    language = context.language()
    tag = conditional.entity_tag(context.backend().release_id, "cite", extension, language)
    if conditional.not_modified(tag):
        response = conditional.empty(tag)
    else:
        citation = pages.citation_of(
            description_of(_thing(type_, slug)), context.backend(), context.settings(), language
        )
        body = citation.written(extension)
        response = Response(body, content_type=CITATIONS[extension])
        response.headers["Content-Disposition"] = f'inline; filename="{citation.key}.{extension}"'
        response.set_etag(tag)
        exported.leave({each: partial(_written, citation, each) for each in CITATIONS})
    return in_language(response, language)


@blueprint.get("/picture/<path:name>")
def picture(name: str) -> Response:
    """Answer with the picture that a link to a page shows: of a pole, ``pole/{slug}.png``, or of everything else, ``default.png``."""
    backend = context.backend()
    tag = conditional.entity_tag(backend.release_id, "picture")
    drawn = backend.picture(name)
    if drawn is None:
        abort(404, f"there is no picture {name[:100]!r}; that of everything is /picture/default.png")
    if conditional.not_modified(tag):
        response = conditional.empty(tag)
    else:
        response = Response(drawn, content_type="image/png")
        response.set_etag(tag)
    response.headers["Cache-Control"] = headers.CACHE_CURRENT
    return response


@blueprint.get("/embed/<type_>/<slug>")
def embed(type_: str, slug: str) -> Response:
    """Answer with a card of a thing, for a frame on another site."""
    if "." in slug:
        abort(404, "a card has no other format; the thing's document has")
    return card_of(_thing(type_, slug))
