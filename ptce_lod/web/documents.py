"""Things and their documents, the vocabulary, schemes, concepts, shapes, graphs, and lists: docs/reference/http.md has the addresses."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox
from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from ptce_lod import namespaces as ns
from ptce_lod.errors import ThingGone, ThingNotFound
from ptce_lod.formats import HTML, Format
from ptce_lod.iris import SLUG, THING_TYPES
from ptce_lod.query.backend import LISTS, Description
from ptce_lod.web import context, hydra, pages
from ptce_lod.web.negotiation import negotiate
from ptce_lod.web.representation import HTML_FIRST, Resource, answer, split_extension, write_rdf

blueprint: Final = Blueprint("documents", __name__)


@blueprint.get("/")
def home() -> AnyResponse:
    """Say what this is, with numbers; a client that prefers RDF is sent to the catalogue."""
    base = context.settings().base_iri
    if negotiate(context.accept(), HTML_FIRST) not in (HTML, None):
        return see_other(f"{base}catalog")
    backend, settings = context.backend(), context.settings()

    def html(language: str) -> str:
        return pages.render_home(backend, settings, language)

    response = answer(
        Resource(
            f"{base}index",
            html,
            lambda _: b"",
            offers=(HTML,),
            links=(f'<{base}catalog>; rel="describedby"',),
        )
    )
    response.headers["Content-Location"] = base
    response.headers["Link"] = (
        f'<{base}>; rel="canonical", <{base}catalog>; rel="describedby", <{base}sparql>; rel="service"'
    )
    return response


@blueprint.get("/id/<type_>/<slug>")
def thing(type_: str, slug: str) -> AnyResponse:
    """Send a client from the thing to the document that describes it: 303, "see other"."""
    iri = _thing_iri(type_, slug)
    if (moved := _moved(iri, None)) is not None:
        return moved
    return see_other(_document(iri))


@blueprint.get("/doc/<type_>/<name>")
def document(type_: str, name: str) -> AnyResponse:
    """Describe a thing."""
    slug, format_ = split_extension(name)
    iri = _thing_iri(type_, slug)
    return _moved(iri, format_) or _describe(iri, _document(iri), format_)


@blueprint.get("/graph/<source>/<name>")
def graph(source: str, name: str) -> AnyResponse:
    """Describe a named graph: where it comes from; its content is a dump."""
    snapshot, format_ = split_extension(name)
    iri = context.settings().addresses.graph(source, snapshot)
    return _describe(iri, iri, format_)


@blueprint.get("/scheme/<name>")
def scheme(name: str) -> AnyResponse:
    """Describe a concept scheme with all of its concepts."""
    code, format_ = split_extension(name)
    return _describe(ns.SCHEME + code, f"{context.settings().base_iri}scheme/{code}", format_)


@blueprint.get("/concept/<scheme_name>/<name>")
def concept(scheme_name: str, name: str) -> AnyResponse:
    """Describe a concept."""
    code, format_ = split_extension(name)
    iri = f"{ns.CONCEPT}{scheme_name}/{code}"
    return _describe(iri, f"{context.settings().base_iri}concept/{scheme_name}/{code}", format_)


@blueprint.get("/<any(ns, shapes):name>")
@blueprint.get("/<any('ns.ttl', 'ns.jsonld', 'ns.rdf', 'ns.nt', 'ns.trig', 'ns.nq', 'ns.html'):name>")
@blueprint.get(
    "/<any('shapes.ttl', 'shapes.jsonld', 'shapes.rdf', 'shapes.nt', 'shapes.trig', 'shapes.nq', 'shapes.html'):name>"
)
def vocabulary(name: str) -> AnyResponse:
    """Describe the vocabulary, or the shapes, as a whole."""
    stem, format_ = split_extension(name)
    iri = ns.ONTOLOGY if stem == "ns" else ns.SHAPES_DOCUMENT
    return _describe(iri, context.settings().base_iri + stem, format_)


@blueprint.get("/ns/<name>")
def vocabulary_version(name: str) -> AnyResponse:
    """Describe the vocabulary in the version that this release holds; others are elsewhere, or never were."""
    version, format_ = split_extension(name)
    if version != context.backend().manifest.get("vocabulary_version"):
        raise _unknown(f"{ns.ONTOLOGY}/{version}")
    return _describe(ns.ONTOLOGY, f"{context.settings().base_iri}ns/{version}", format_)


@blueprint.get("/<list_name>")
def list_(list_name: str) -> AnyResponse:
    """List the things of a type, a page at a time."""
    name, format_ = split_extension(list_name)
    if name not in LISTS:
        abort(404, f"there is nothing at /{list_name}")
    backend, settings = context.backend(), context.settings()
    page = _page_number()
    size = settings.page_size
    total, members = backend.things(name, offset=(page - 1) * size, limit=size)
    address = settings.base_iri + name
    view = hydra.View(address, page, size, total)
    if page > view.last:
        raise ThingNotFound(
            f"page {page} of {name} does not exist: there are {view.last}",
            hint=f"the first page is {address}",
        )

    def html(language: str) -> str:
        return pages.render_list(backend, settings, name, page, language)

    def rdf(chosen: Format) -> bytes:
        declarations = _declarations(f"{address}#prefix") if name == "queries" else []
        return write_rdf([*hydra.collection(view, members), *declarations], chosen)

    query = f"?page={page}" if "page" in request.args else ""
    resource = Resource(
        address, html, rdf, query=query, tag_parts=(name, str(page), str(size)), links=view.links()
    )
    return answer(resource, format_)


def _declarations(fragment: str) -> list[ox.Quad]:
    """Return the prefixes that the example queries share: fragments of the list's address, which begin with ``fragment``."""
    prefixes = context.backend().describe(f"{fragment}es")
    return (
        [quad for quad in prefixes.quads if str(quad.subject).startswith(f"<{fragment}")] if prefixes else []
    )


def see_other(target: str) -> AnyResponse:
    """Return a 303 to one of our own addresses."""
    response = redirect(target, 303)
    response.vary.update(("Accept", "Accept-Language"))
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _page_number() -> int:
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) >= 1):
        abort(400, f"page is {text[:50]!r}, expected a whole number from 1")
    return int(text)


def _thing_iri(type_: str, slug: str) -> str:
    iri = context.settings().addresses.thing(type_, slug)
    if type_ not in THING_TYPES or not SLUG.fullmatch(slug):
        raise _unknown(iri)
    return iri


def _document(iri: str) -> str:
    address = context.settings().addresses.document(iri)
    return address or iri


def _unknown(iri: str) -> ThingNotFound:
    return ThingNotFound(f"nothing is known about <{iri}>", hint="/search finds things by name")


def _moved(iri: str, format_: Format | None) -> AnyResponse | None:
    """Return None for a thing that is there, 301 to the thing that replaced it; raise for one that is unknown or retired."""
    fate = context.backend().fate(iri)
    if not fate.known:
        raise _unknown(iri)
    successor = context.settings().addresses.document(fate.replaced_by) if fate.replaced_by else None
    if successor is not None:
        return redirect(f"{successor}.{format_.extension}" if format_ else successor, 301)
    if fate.retired:
        raise ThingGone(f"<{iri}> was published once and is retired", hint="/search finds things by name")
    return None


def _describe(iri: str, address: str, format_: Format | None) -> Response:
    """Answer with the document about ``iri`` that stands at ``address``."""
    backend, settings = context.backend(), context.settings()
    # The vocabulary and the shapes are whole graphs: their documents need no triple about themselves.
    if not backend.fate(iri).known and backend.describe(iri) is None:
        raise _unknown(iri)

    def description() -> Description:
        found = backend.describe(iri)
        if found is None:
            raise _unknown(iri)
        return found

    def html(language: str) -> str:
        if iri == ns.ONTOLOGY:
            return pages.render_vocabulary(backend, settings, language)
        return pages.render_document(backend, settings, iri, description(), language)

    def rdf(chosen: Format) -> bytes:
        return write_rdf(description().quads, chosen)

    return answer(Resource(address, html, rdf, thing=iri), format_)
