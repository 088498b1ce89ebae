"""The answer to a query as a page, ``format=html``: for readers without JavaScript.

What is parsed here is the SPARQL JSON that our own worker wrote; a graph is shown as its Turtle, unread.
"""

from __future__ import annotations

import hashlib
from typing import Final

from flask import Response, request

from ptce_lod.formats import HTML, SPARQL_JSON, TURTLE
from ptce_lod.query.backend import QueryAnswer, QueryRequest
from ptce_lod.query.scan import may_vary
from ptce_lod.web import conditional, context, headers, pages
from ptce_lod.web.representation import remember_language

#: Largest answer that is made into a page, in bytes: its JSON is held in the memory of the web process.
LARGEST: Final = 10_000_000


def answer(query: QueryRequest) -> Response:
    """Return the page of the answer to ``query``."""
    language = context.language()
    key = repr((query.text, query.default_graphs, query.named_graphs, query.project_prefixes))
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:20]
    tag = conditional.entity_tag(context.backend().release_id, digest, HTML.name, language)
    keeps = request.method != "POST" and not may_vary(query.text)
    if keeps and conditional.not_modified(tag):
        response = conditional.empty(tag)
    else:
        found = context.backend().query(
            query, select=[SPARQL_JSON], graph=[TURTLE], abandoned=context.abandoned()
        )
        with found.body:
            response = Response(_page(query.text, found, language), content_type=HTML.content_type)
        if keeps:
            response.set_etag(tag)
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = headers.CACHE_CURRENT if keeps else "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.vary.update(("Accept", "Accept-Language", "Cookie"))
    remember_language(response)
    return response


def _page(text: str, found: QueryAnswer, language: str) -> str:
    settings, backend = context.settings(), context.backend()
    if found.size > LARGEST:
        return pages.render_sparql_too_large(settings, backend, text, found.size, language)
    body = found.body.read()
    if found.format is SPARQL_JSON:
        return pages.render_sparql_table(
            settings, backend, text, pages.read_solutions(body, settings), language
        )
    return pages.render_sparql_graph(settings, backend, text, body.decode("utf-8"), language)
