"""Things and their documents, the vocabulary, schemes, concepts, shapes, graphs, and lists: docs/reference/http.md has the addresses."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import Final

import pyoxigraph as ox
from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from ptce_lod import namespaces as ns
from ptce_lod.errors import ThingGone, ThingNotFound
from ptce_lod.formats import HTML, RDF_ANSWERS, RDF_FORMATS, TURTLE, Format
from ptce_lod.query.backend import LISTS, PAGE_LINKS, Description
from ptce_lod.web import changes, context, headers, hydra, identity, pages, profiles
from ptce_lod.web.identity import unknown
from ptce_lod.web.links import SCHEMA, Link, link
from ptce_lod.web.negotiation import negotiate
from ptce_lod.web.representation import HTML_FIRST, Resource, answer, rule, split_extension, write_rdf
from ptce_lod.web.searching import read_number

blueprint: Final = Blueprint("documents", __name__)


@blueprint.get("/")
def home() -> AnyResponse:
    """Say what this is, with numbers; a client that prefers RDF is sent to the catalogue."""
    base = context.settings().base_iri
    if negotiate(context.accept(), (HTML, *RDF_ANSWERS)) not in (HTML, None):
        return identity.see_other(f"{base}catalog")
    backend, settings = context.backend(), context.settings()

    def html(language: str) -> str:
        return pages.render_home(backend, settings, language)

    more = (
        link(f"{base}catalog", "describedby", type=TURTLE.media_type),
        link(f"{base}dataset/all", "cite-as"),
        link(SCHEMA + "DataCatalog", "type"),
        link(f"{base}sparql", "service"),
        link(f"{base}.well-known/api-catalog", "api-catalog"),
    )
    return answer(Resource(base, html, lambda _: b"", offers=(HTML,), links=more, has_files=False))


@blueprint.get("/<any('doc', 'id'):kind>")
def service(kind: str) -> AnyResponse:
    """Send a client from what begins every address of one kind to what explains them; who prefers RDF, to the catalogue of services."""
    del kind
    wants_page = negotiate(context.accept(), (HTML, *RDF_ANSWERS)) in (HTML, None)
    return identity.see_other(f"{context.settings().base_iri}{'api' if wants_page else 'catalog'}")


@blueprint.get("/id/<type_>/<path:slug>")
def thing(type_: str, slug: str) -> AnyResponse:
    """Send a client from the thing to the document that describes it: 303, "see other"."""
    if type_ == "concept":
        return identity.concept_address(slug)
    if (elsewhere := identity.one_address("id", type_, slug, None)) is not None:
        return elsewhere
    iri = _thing(type_, slug)
    return _tombstone(iri, None) or identity.see_other(_document(iri))


@blueprint.get("/doc/<type_>/<path:name>")
def document(type_: str, name: str) -> AnyResponse:
    """Describe a thing, or say what became of it."""
    slug, format_ = split_extension(name)
    iri = _thing(type_, slug)
    if "history" in request.args and context.is_recorded(iri):
        return changes.answer_history(iri, _document(iri), format_)
    if (elsewhere := identity.one_address("doc", type_, slug, format_)) is not None:
        return elsewhere
    return _tombstone(iri, format_) or _describe(iri, _document(iri), format_)


def _thing(type_: str, slug: str) -> str:
    return context.settings().addresses.thing(type_, slug)


def _document(iri: str) -> str:
    address = context.settings().addresses.document(iri)
    return address or iri


def _tombstone(iri: str, format_: Format | None) -> Response | None:
    """Return None for a thing that is there; for a retired one 410 with what is left of it, as a problem for who reads no RDF."""
    backend = context.backend()
    if not backend.fate(iri).retired:
        return None
    chosen = format_ or negotiate(context.accept(), (HTML, *RDF_ANSWERS))
    left = backend.describe(iri)
    if chosen not in RDF_ANSWERS or left is None:
        raise ThingGone(f"<{iri}> was published once and is retired", hint="/search finds things by name")
    response = Response(write_rdf(left.quads, chosen), 410, content_type=chosen.content_type)
    response.headers["Cache-Control"] = headers.CACHE_CURRENT
    response.vary.update(("Accept", "Accept-Language"))
    return response


@blueprint.get("/graph/<source>/<name>")
def graph(source: str, name: str) -> AnyResponse:
    """Describe a named graph: where it comes from; its content is a dump. A former snapshot is gone, and the present one is named."""
    snapshot, format_ = split_extension(name)
    iri = context.settings().addresses.graph(source, snapshot)
    if context.is_recorded(iri) and not context.backend().fate(iri).known:
        if "history" in request.args:
            return changes.answer_history(iri, iri, format_)
        raise _former_graph(source, iri)
    return _describe(iri, iri, format_)


def _former_graph(source: str, iri: str) -> ThingGone:
    """Return the error for a graph that was published and is no more: of every source there is one snapshot at a time."""
    addresses, graphs = context.settings().addresses, context.backend().manifest.get("graphs", ())
    begin = addresses.graph(source, "")
    present = [graph for graph in graphs if graph.startswith(begin) and "/" not in graph[len(begin) :]]
    return ThingGone(
        f"<{iri}> was published once and is no more"
        + (f"; the present snapshot is <{max(present)}>" if present else ""),
        hint=f"{iri}?history says when; {addresses.base_iri}dataset/releases lists the releases, whose files are kept",
    )


@blueprint.get("/scheme/<name>")
def scheme(name: str) -> AnyResponse:
    """Describe a concept scheme with all of its concepts."""
    code, format_ = split_extension(name)
    address = f"{context.settings().base_iri}scheme/{code}"
    return identity.one_code(ns.SCHEME, address, code, format_) or _describe(
        ns.SCHEME + code, address, format_
    )


@blueprint.get("/concept/<scheme_name>/<name>")
def concept(scheme_name: str, name: str) -> AnyResponse:
    """Describe a concept."""
    last, format_ = split_extension(name)
    code = f"{scheme_name}/{last}"
    address = f"{context.settings().base_iri}concept/{code}"
    return identity.one_code(ns.CONCEPT, address, code, format_) or _describe(
        ns.CONCEPT + code, address, format_
    )


@blueprint.get(rule("ns", "shapes"))
@blueprint.get("/<any('ns.json', 'shapes.json'):name>")
def vocabulary(name: str) -> AnyResponse:
    """Describe the vocabulary, or the shapes, as a whole."""
    stem, format_ = split_extension(name)
    if stem not in ("ns", "shapes"):
        abort(404, f"there is nothing at /{name}; its history has this extension")
    iri = ns.ONTOLOGY if stem == "ns" else ns.SHAPES_DOCUMENT
    return _describe(iri, context.settings().base_iri + stem, format_)


@blueprint.get("/<any(ns, shapes):stem>/<name>")
def vocabulary_version(stem: str, name: str) -> AnyResponse:
    """Describe the vocabulary or the shapes in the version that this release holds; others are elsewhere, or never were."""
    version, format_ = split_extension(name)
    iri = ns.ONTOLOGY if stem == "ns" else ns.SHAPES_DOCUMENT
    if version != context.backend().manifest.get("vocabulary_version"):
        raise unknown(f"{iri}/{version}")
    return _describe(iri, f"{context.settings().base_iri}{stem}/{version}", format_)


@blueprint.get("/<list_name>")
def list_(list_name: str) -> AnyResponse:
    """List the things of a type, a page at a time."""
    name, format_ = split_extension(list_name)
    if name not in LISTS:
        abort(404, f"there is nothing at /{list_name}")
    backend, settings = context.backend(), context.settings()
    page = page_number()
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
    return answer(
        Resource(
            address,
            html,
            rdf,
            query=query,
            tag_parts=(name, str(page), str(size)),
            links=(link(SCHEMA + "CollectionPage", "type"), *view.links()),
            items=lambda: [link(_document(member.iri), "item") for member in members],
            modified=context.published_at(),
        ),
        format_,
    )


def _declarations(fragment: str) -> list[ox.Quad]:
    """Return the prefixes that the example queries share: fragments of the list's address, which begin with ``fragment``."""
    prefixes = context.backend().describe(f"{fragment}es")
    return (
        [quad for quad in prefixes.quads if str(quad.subject).startswith(f"<{fragment}")] if prefixes else []
    )


def page_number() -> int:
    """Return the number of the page that ``?page=`` asks for, from 1."""
    return read_number("page", request.args.getlist("page"), 1, 10**9 - 1)


def _describe(iri: str, address: str, format_: Format | None) -> Response:
    """Answer with the document about ``iri`` that stands at ``address``, in the view and on the page that the client asks for."""
    backend, settings = context.backend(), context.settings()
    # The vocabulary and the shapes are whole graphs: their documents need no triple about themselves.
    if not backend.fate(iri).known and backend.describe(iri) is None:
        raise unknown(iri)
    if "history" in request.args:
        return changes.answer_history(iri, address, format_)
    profile = profiles.choose(request.args.get("_profile"), settings.base_iri)
    page = page_number()
    shown = _view()
    wanted = request.args.get("filter", "")[:100] if iri == ns.ONTOLOGY else ""

    @cache
    def description() -> Description:
        found = backend.describe(iri, page)
        if found is None:
            raise unknown(iri)
        if page > found.last_page:
            raise ThingNotFound(
                f"page {page} does not exist: there are {found.last_page}",
                hint=f"the first page is {address}",
            )
        return found

    def view() -> hydra.View:
        return hydra.View(address, page, PAGE_LINKS, description().links)

    def html(language: str) -> str:
        if iri == ns.ONTOLOGY:
            return pages.render_vocabulary(backend, settings, language, wanted)
        if iri == ns.SHAPES_DOCUMENT:
            return pages.render_shapes(backend, settings, language)
        return pages.render_document(backend, settings, iri, description(), language, statements=bool(shown))

    def rdf(chosen: Format) -> bytes:
        if profile is profiles.SCHEMA:
            document = pages.schema_of(backend, settings, description(), context.language())
            return write_rdf(profiles.schema_quads(document), chosen)
        if profile is profiles.SHORT:
            return write_rdf(profiles.short(description()), chosen)
        partial = hydra.partial_document(view()) if description().last_page > 1 else []
        return write_rdf([*description().quads, *partial], chosen)

    resource = Resource(
        address,
        html,
        rdf,
        offers=HTML_FIRST if profile is profiles.FULL else RDF_FORMATS,
        query=f"?page={page}" if "page" in request.args else "",
        thing=iri,
        tag_parts=(
            *([f"page{page}"] if page > 1 else []),
            *([shown] if shown else []),
            *([f"filter{sha256(wanted.encode()).hexdigest()[:16]}"] if wanted else []),
        ),
        links=(*_profile_links(address, profile), link(f"{address}?history", "version-history")),
        late_links=lambda: view().links() if description().last_page > 1 else (),
        items=lambda: _dump_of(iri),
        view=f"?_profile={profile.name}"
        if profile is not profiles.FULL
        else f"?view={shown}"
        if shown
        else "",
        # The page of the vocabulary counts and quotes the data: it changes with each release, though the vocabulary may not.
        modified=context.published_at() if iri == ns.ONTOLOGY else context.last_changed(iri),
    )
    return answer(resource, format_)


def _view() -> str:
    """Return the view of the page that ``?view=`` asks for, "" for the page itself."""
    view = request.args.get("view", "")
    if view not in ("", "statements"):
        abort(400, f"view is {view[:50]!r}, expected statements")
    return view


def _profile_links(address: str, chosen: profiles.Profile) -> tuple[Link, ...]:
    """Return what the answer conforms to, and the other views."""
    base = context.settings().base_iri
    others = (
        link(f"{address}?_profile={each.name}", "alternate", profile=profiles.iri(each, base))
        for each in profiles.PROFILES.values()
        if each is not chosen
    )
    return (link(profiles.iri(chosen, base), "profile"), *others)


def _dump_of(iri: str) -> list[Link]:
    """Return the dumps that hold a named graph, for who reads the linkset of its document."""
    addresses = context.settings().addresses
    if not iri.startswith(addresses.base_iri + "graph/"):
        return []
    return [
        link(
            f"{addresses.base_iri}dumps/latest/graphs/{iri.removeprefix(addresses.base_iri + 'graph/')}.{f.extension}",
            "item",
            type=f.media_type,
        )
        for f in (TURTLE,)
    ]
