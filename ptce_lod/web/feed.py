"""The event streams of what is published: ``/feed`` of the data, ``/catalog/feed`` of the catalogue; and RDF Patches between releases.

Sources: Linked Data Event Streams 1.0 (https://w3id.org/ldes/specification); TREE (https://w3id.org/tree/specification); Activity Streams
2.0; DCAT-AP Feeds (https://semiceu.github.io/LDES-DCAT-AP-feeds/); RDF Patch (https://afs.github.io/rdf-delta/rdf-patch.html).
docs/reference/feed.md says how to follow them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
from flask import Blueprint, Response, request

from ptce_lod import namespaces as ns
from ptce_lod.errors import ThingNotFound
from ptce_lod.formats import HTML, JSON_LD, N_QUADS, TRIG, Format
from ptce_lod.release.feed import PAGE_MEMBERS, UNNAMED, FeedLog, Member
from ptce_lod.release.layout import VarLayout
from ptce_lod.serialize import serialize
from ptce_lod.terms import is_release_id
from ptce_lod.web import context, files, headers, pages
from ptce_lod.web.links import link
from ptce_lod.web.representation import RDF_FIRST, Resource, answer, rule, split_extension, write_rdf
from ptce_lod.web.searching import refuse_pages

blueprint: Final = Blueprint("feed", __name__)
LDES: Final = "https://w3id.org/ldes#"
TREE: Final = "https://w3id.org/tree#"
AS: Final = "https://www.w3.org/ns/activitystreams#"
#: Formats of pages: those that tell a member's triples from what is said of the member.
_PAGE_OFFERS: Final = (TRIG, N_QUADS, JSON_LD, HTML)
#: How often it makes sense to look, in seconds.
_POLLING: Final = 3600
_PATCH: Final = "application/rdf-patch"
#: What the subject of blank nodes that hang on no IRI is called, in French and English.
_UNNAMED_SAID: Final = ("Énoncés sur ce qui n'a pas de nom", "Statements about what has no name")


@dataclass(frozen=True)
class _Stream:
    """An event stream: the path of its root node below the base, its title in French and English, and its log."""

    path: str
    titles: tuple[str, str]
    log: FeedLog

    @property
    def address(self) -> str:
        """The root node."""
        return f"{context.settings().base_iri}{self.path}"

    @property
    def events(self) -> str:
        """The stream itself."""
        return f"{self.address}#stream"


def _data() -> _Stream:
    titles = ("Flux des changements des données sur les PTCE", "Stream of changes of the data on PTCE")
    return _Stream("feed", titles, FeedLog(_var().feed))


def _catalog() -> _Stream:
    titles = ("Flux des changements du catalogue sur les PTCE", "Stream of changes of the catalogue on PTCE")
    return _Stream("catalog/feed", titles, FeedLog(_var().catalog_feed))


def _var() -> VarLayout:
    return VarLayout(context.settings().var_dir)


@blueprint.get(rule("feed"))
def stream(name: str) -> Response:
    """Answer with what the stream of the data is and where its pages are."""
    return _root_node(_data(), name)


@blueprint.get(f"/catalog{rule('feed')}")
def catalog_stream(name: str) -> Response:
    """Answer with what the stream of the catalogue's entities is and where its pages are."""
    return _root_node(_catalog(), name)


@blueprint.get("/feed/<name>")
def page(name: str) -> Response:
    """Answer with one page of members of the data; a page that is full never changes."""
    return _page(_data(), name)


@blueprint.get("/catalog/feed/<name>")
def catalog_page(name: str) -> Response:
    """Answer with one page of members of the catalogue; a page that is full never changes."""
    return _page(_catalog(), name)


def _root_node(of: _Stream, name: str) -> Response:
    _, format_ = split_extension(name)
    refuse_pages(
        request.args.getlist("page"), f"{of.address} lists its pages, which have addresses of their own"
    )
    found = of.log.pages()
    count = of.log.count()

    def html(language: str) -> str:
        return pages.render_feed(context.backend(), context.settings(), found, count, language, path=of.path)

    return answer(
        Resource(
            of.address,
            html,
            lambda chosen: write_rdf(_root(of, found, count), chosen),
            offers=RDF_FIRST,
            tag_parts=(of.path, found[-1][0] if found else "", str(count)),
            links=(link(TREE + "Node", "type"),),
            modified=context.published_at(),
        ),
        format_,
    )


def _page(of: _Stream, name: str) -> Response:
    stem, format_ = split_extension(name)
    settings = context.settings()
    refuse_pages(
        request.args.getlist("page"), f"{of.address} lists the pages, which have addresses of their own"
    )
    digits = stem.rpartition("-")[2]
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else 0
    members = of.log.page(number) if number and stem == of.log.page_name(number) else []
    if not members:
        count = -(-of.log.count() // PAGE_MEMBERS)
        raise ThingNotFound(
            f"the feed has no page {stem[:50]!r}: there are {count}", hint=f"{of.address} lists them"
        )
    address = f"{of.address}/{stem}"

    def rdf(chosen: Format) -> bytes:
        return serialize(_members(of, address, members), chosen, settings.addresses.prefixes())

    def html(language: str) -> str:
        return pages.render_feed_page(
            context.backend(), settings, number, members, language, path=of.path, name=stem
        )

    response = answer(
        Resource(
            address,
            html,
            rdf,
            offers=_PAGE_OFFERS,
            tag_parts=(of.path, stem, str(len(members))),
            links=(link(of.address, "collection"),),
        ),
        format_,
    )
    if len(members) == PAGE_MEMBERS and response.mimetype != HTML.media_type:
        response.headers["Cache-Control"] = headers.CACHE_FOREVER
    return response


@blueprint.get("/patches/<old>/<new>")
def patch(old: str, new: str) -> Response:
    """Answer with what leads from one published release to the next."""
    new = new.removesuffix(".rdfp")
    path = _var().patch(old, new)
    if not (is_release_id(old) and is_release_id(new) and path.is_file()):
        published = {each.release_id for each in context.history().publications}
        for each in (old, new):
            if each not in published:
                raise files.not_kept(each)
        raise ThingNotFound(
            f"there is no patch from {old[:50]!r} to {new[:50]!r}",
            hint="/dataset/releases lists the releases in the order in which they were published",
        )
    response = files.send(path, f"{_PATCH}; charset=utf-8", f"{old}-{new}")
    response.headers["Cache-Control"] = headers.CACHE_FOREVER
    return response


class _Quads(list[ox.Quad]):
    """Quads in the order they are stated."""

    def say(self, subject: str, predicate: str, value: str | ox.Literal) -> None:
        """State one triple of the default graph; a text is an IRI."""
        node = ox.NamedNode(value) if isinstance(value, str) else value
        self.append(ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), node))


def _moment(at: str) -> ox.Literal:
    return ox.Literal(at, datatype=ox.NamedNode(ns.XSD + "dateTime"))


def _root(of: _Stream, found: list[tuple[str, str, str]], count: int) -> _Quads:
    """Return the description of a stream: how to read members, and each page, by its name, with the time that it spans."""
    q, address, events = _Quads(), of.address, of.events
    q.say(events, ns.RDF + "type", LDES + "EventStream")
    for text, language in zip(of.titles, ("fr", "en"), strict=True):
        q.say(events, ns.DCTERMS + "title", ox.Literal(text, language=language))
    q.say(events, LDES + "timestampPath", AS + "published")
    q.say(events, LDES + "versionOfPath", AS + "object")
    q.say(events, LDES + "versionDeletePath", ns.RDF + "type")
    for name in ("Create", "Update", "Delete"):
        q.say(events, f"{LDES}version{name}Object", AS + name)
    q.say(events, LDES + "pollingInterval", ox.Literal(_POLLING))
    q.say(events, TREE + "view", address)
    q.say(address, ns.RDF + "type", TREE + "RootNode")
    q.say(address, ns.RDF + "type", TREE + "Node")
    q.say(
        address, ns.RDFS + "comment", ox.Literal("Nothing is ever taken out of this stream.", language="en")
    )
    q.say(address, ns.RDFS + "comment", ox.Literal("Rien n'est jamais retiré de ce flux.", language="fr"))
    q.say(address, TREE + "remainingItems", ox.Literal(count))
    if of.path == "feed":
        unnamed = f"{context.settings().base_iri}{UNNAMED}"
        for text, language in zip(_UNNAMED_SAID, ("fr", "en"), strict=True):
            q.say(unnamed, ns.RDFS + "label", ox.Literal(text, language=language))
    for number, (page_name, first, last) in enumerate(found, start=1):
        kinds = [("GreaterThanOrEqualToRelation", "from", first)]
        if number < len(found):
            kinds.append(("LessThanOrEqualToRelation", "until", last))
        for kind, name, value in kinds:
            relation = f"{address}#page-{number}-{name}"
            q.say(address, TREE + "relation", relation)
            q.say(relation, ns.RDF + "type", TREE + kind)
            q.say(relation, TREE + "path", AS + "published")
            q.say(relation, TREE + "value", _moment(value))
            q.say(relation, TREE + "node", f"{address}/{page_name}")
    return q


def _members(of: _Stream, address: str, members: list[Member]) -> _Quads:
    """Return a page: each member an activity, what its object says after it in a graph of the member's name."""
    q, events = _Quads(), of.events
    q.say(events, ns.RDF + "type", LDES + "EventStream")
    q.say(events, TREE + "view", of.address)
    q.say(address, ns.RDF + "type", TREE + "Node")
    for member in members:
        iri = f"{address}#event-{member.number}"
        q.say(events, TREE + "member", iri)
        q.say(iri, ns.RDF + "type", AS + member.kind)
        q.say(iri, AS + "object", member.subject)
        q.say(iri, AS + "published", _moment(member.at))
    for member in members:
        graph = ox.NamedNode(f"{address}#event-{member.number}")
        # Two versions of a thing may have the same blank nodes: their labels are those of the release.
        for triple in ox.parse(member.lines, format=ox.RdfFormat.N_TRIPLES, lenient=True):
            subject, value = (_own(node, member.number) for node in (triple.subject, triple.object))
            q.append(ox.Quad(subject, triple.predicate, value, graph))  # type: ignore[arg-type]  # no statement on a statement
    return q


def _own(node: object, number: int) -> object:
    """Return a node; a blank one with a label that no other member has."""
    return ox.BlankNode(f"e{number}-{node.value}") if isinstance(node, ox.BlankNode) else node
