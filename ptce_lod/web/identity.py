"""One thing, one address: which thing an address names, however it is written, and where clients are sent.

Sources: RFC 3986 section 6 (equivalent addresses), RFC 3987 section 5.3 (normal forms), RFC 9110 sections 10.2.2 and 15.4 (``Location``).
"""

from __future__ import annotations

from urllib.parse import quote

from flask import Flask, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from ptce_lod.errors import ThingNotFound
from ptce_lod.formats import Format
from ptce_lod.iris import SLUG, THING_TYPES, slugify
from ptce_lod.namespaces import CONCEPT
from ptce_lod.web import context
from ptce_lod.web.pages.text import path_of
from ptce_lod.web.representation import with_extension


def unknown(iri: str) -> ThingNotFound:
    """Return the error for an IRI that the release says nothing of."""
    return ThingNotFound(f"nothing is known about <{iri}>", hint="/search finds things by name")


def see_other(target: str) -> AnyResponse:
    """Return a 303 to one of our own addresses."""
    return redirected(target, 303)


def one_address(kind: str, type_: str, slug: str, format_: Format | None) -> AnyResponse | None:
    """Return None when an address ``/{kind}/{type_}/{slug}`` is that of a thing we know, a 301 to its one address or its successor's.

    The same thing may be written with capital letters, accents (composed or not), apostrophes, spaces or other characters for which
    a slug has hyphens, and with a slash at the end. Raises :class:`ThingNotFound` for a thing that is unknown.
    """
    addresses, backend = context.settings().addresses, context.backend()
    simple_type, simple = slugify(type_), slugify(slug)
    iri = addresses.thing(simple_type, simple)
    fate = backend.fate(iri) if simple_type in THING_TYPES and SLUG.fullmatch(simple) else None
    if fate is None or not fate.known:
        raise unknown(addresses.thing(quote(type_, safe=""), quote(slug)))
    successor = addresses.document(fate.replaced_by) if fate.replaced_by else None
    if successor is not None:
        return redirected(with_extension(successor, format_), 301)
    if (simple_type, simple) != (type_, slug):
        target = f"{addresses.base_iri}{kind}/{simple_type}/{simple}"
        return redirected(with_extension(target, format_), 301)
    return None


def one_code(namespace: str, address: str, code: str, format_: Format | None) -> AnyResponse | None:
    """Return None, or a 301 to the ``address`` of the concept or scheme that ``code`` of ``namespace`` names in another way."""
    simple = "/".join(slugify(part) for part in code.split("/"))
    if simple == code or context.backend().fate(namespace + code).known:
        return None
    if not context.backend().fate(namespace + simple).known:
        return None
    return redirected(with_extension(address.removesuffix(code) + simple, format_), 301)


def concept_address(code: str) -> AnyResponse:
    """Return a 301 to the address of the concept that ``/id/concept/{code}`` means: a wiki puts what it names behind ``/id/``.

    Raises :class:`ThingNotFound` for a concept that is unknown.
    """
    backend = context.backend()
    for each in (code, "/".join(slugify(part) for part in code.split("/"))):
        if backend.fate(CONCEPT + each).known:
            return redirected(f"{context.settings().base_iri}concept/{each}", 301)
    raise unknown(CONCEPT + quote(code))


def redirected(target: str, status: int) -> AnyResponse:
    """Return a redirect to an address of ours, as a path: it holds wherever the site is reached, on a staging host too."""
    response = redirect(path_of(target, context.settings().base_iri), status)
    response.autocorrect_location_header = False
    response.vary.update(("Accept", "Accept-Language"))
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def init_app(app: Flask) -> None:
    """Send clients from an address of ``app`` with a slash too many to the one without."""

    @app.before_request
    def without_slash() -> AnyResponse | None:
        path = request.path.rstrip("/")
        if not path or path == request.path or not app.url_map.bind("").test(path, "GET"):
            return None
        base, query = context.settings().base_iri, request.query_string.decode("ascii", "replace")
        return redirected(base + quote(path.lstrip("/")) + (f"?{query}" if query else ""), 301)
