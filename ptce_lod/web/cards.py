"""The card of a thing as an answer: for frames on other sites, and for previews of the reconciliation service."""

from __future__ import annotations

from typing import Final

from flask import Response

from ptce_lod.errors import ThingGone
from ptce_lod.query.backend import Description
from ptce_lod.web import conditional, context, headers, pages
from ptce_lod.web.identity import unknown

#: A card may stand in anybody's page; it runs no script and sends nothing.
POLICY: Final = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"


def description_of(iri: str) -> Description:
    """Return the description of a thing; :class:`ThingNotFound` or :class:`ThingGone` when there is none."""
    fate = context.backend().fate(iri)
    found = context.backend().describe(iri) if fate.known else None
    if found is None:
        raise unknown(iri)
    if fate.retired:
        raise ThingGone(f"<{iri}> was published once and is retired", hint="/search finds things by name")
    return found


def card_of(iri: str, *tag_parts: str) -> Response:
    """Answer with the card of a thing in the reader's language; ``tag_parts`` tell it from other cards at the same address."""
    language = context.language()
    tag = conditional.entity_tag(context.backend().release_id, "embed", language, *tag_parts)
    if conditional.not_modified(tag):
        response = conditional.empty(tag)
    else:
        body = pages.render_card(context.backend(), context.settings(), description_of(iri), language)
        response = Response(body, content_type="text/html; charset=utf-8")
        response.set_etag(tag)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = headers.CACHE_CURRENT
    response.vary.update(("Accept-Language", "Cookie"))
    return response
