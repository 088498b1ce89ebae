"""Search and suggestions: for people a page, for programs RDF, JSON and Atom. docs/reference/http.md has parameters and shapes.

Sources: Hydra Core Vocabulary; RFC 4287 (Atom); OpenSearch 1.1 and its Suggestions extension.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any, Final

import pyoxigraph as ox
from flask import Blueprint, Response, request

from ptce_lod import namespaces as ns
from ptce_lod.errors import ThingNotFound
from ptce_lod.formats import ATOM, HTML, JSON, RDF_FORMATS, Format
from ptce_lod.query.backend import Backend
from ptce_lod.query.found import FACETS, Hit, SearchAnswer, ThingSummary
from ptce_lod.settings import Settings
from ptce_lod.web import conditional, context, feeds, headers, hydra, pages
from ptce_lod.web.links import LICENSE, SCHEMA, link
from ptce_lod.web.negotiation import LANGUAGES
from ptce_lod.web.representation import Resource, answer, rule, split_extension, write_rdf
from ptce_lod.web.searching import Search, read_number, read_search, read_text

blueprint: Final = Blueprint("search", __name__)
#: JSON before JSON-LD, which also answers to ``application/json``.
_OFFERS: Final = (HTML, JSON, ATOM, *RDF_FORMATS)
_MORE: Final = (JSON, ATOM)
_SUGGESTIONS: Final = "application/x-suggestions+json"
_DESCRIPTION: Final = "application/opensearchdescription+xml"
#: Suggestions for one text: as many as the default, and no more than.
_SUGGESTED, _MOST_SUGGESTED = 8, 20


@blueprint.get(rule("search", more=_MORE))
def search(name: str) -> Response:
    """Answer with a page of what is found for ``q`` and the choices of facets."""
    _, format_ = split_extension(name, _MORE)
    asked = read_search(request.args.to_dict(flat=False))
    found = _Results(context.backend(), context.settings(), asked, _language())
    # A page's language is negotiated; that of other representations stands in their address.
    query = asked.query(lang=found.language if "lang" in request.args and format_ in (JSON, ATOM) else "")
    response = answer(
        Resource(
            found.address,
            found.html,
            found.rdf,
            offers=_OFFERS,
            query=f"?{query}" if query else "",
            tag_parts=("search", found.language, asked.tag()),
            links=(link(SCHEMA + "SearchResultsPage", "type"),),
            others={JSON: found.json, ATOM: lambda: found.atom(query)},
            late_links=lambda: found.view.links(),
        ),
        format_,
    )
    if format_ is ATOM:
        response.headers["Content-Language"] = found.language
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _language() -> str:
    """Return the language of feeds and suggestions: what ``lang`` says, so that one address has one answer."""
    chosen = request.args.get("lang")
    return chosen if chosen in LANGUAGES else context.settings().default_language


class _Results:
    """One search, carried out when a representation asks for its results."""

    def __init__(self, backend: Backend, settings: Settings, asked: Search, language: str) -> None:
        self.backend, self.settings, self.asked, self.language = backend, settings, asked, language
        self.address = f"{settings.base_iri}search"

    @cached_property
    def answer(self) -> SearchAnswer:
        """The results with labels as the default language has them."""
        return self.answer_in(self.language)

    def answer_in(self, language: str) -> SearchAnswer:
        """Return the results; :class:`ThingNotFound` for a page behind the last."""
        size, asked = self.settings.page_size, self.asked
        found = self.backend.search(
            asked.text, asked.filters, offset=(asked.page - 1) * size, limit=size, language=language
        )
        last = max(1, -(-found.total // size))
        if asked.page > last:
            raise ThingNotFound(
                f"page {asked.page} of this search does not exist: there are {last}",
                hint=f"the first page is {self.address}?{asked.at(1).query()}",
            )
        return found

    @property
    def view(self) -> hydra.View:
        """The page among its neighbours."""
        query = self.asked.at(1).query()
        address = self.address + (f"?{query}" if query else "")
        return hydra.View(address, self.asked.page, self.settings.page_size, self.answer.total)

    def html(self, language: str) -> str:
        """Return the page for people."""
        return pages.render_search(
            self.backend, self.settings, self.asked, self.answer_in(language), language
        )

    def rdf(self, format_: Format) -> bytes:
        """Return the results as a collection, with their order and with how to search."""
        members = [hit.thing for hit in self.answer.hits]
        quads = hydra.collection(self.view, members)
        page = self.view.at(self.view.page)
        first = (self.asked.page - 1) * self.settings.page_size + 1
        quads += _ranking(page, members, first)
        quads += hydra.search_form(self.address, ("q", *FACETS, "page"))
        return write_rdf(quads, format_)

    def json(self) -> bytes:
        """Return the results for programs."""
        found, asked = self.answer, self.asked
        body = {
            "query": asked.text,
            "filters": {name: list(values) for name, values in asked.filters.items()},
            "reading": str(found.reading),
            "searched": found.searched,
            "instead": found.instead,
            "total": found.total,
            "page": asked.page,
            "pages": self.view.last,
            "size": self.settings.page_size,
            "results": [self._hit(hit) for hit in found.hits],
            "facets": {
                name: [self._value(name, value) for value in values] for name, values in found.facets.items()
            },
            "links": self.view.neighbors(),
            "release": str(self.backend.release_id),
            "license": LICENSE,
        }
        return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()

    def _hit(self, hit: Hit) -> dict[str, Any]:
        thing, match = hit.thing, hit.match
        kept = ("acronym", "place", "departement", "region", "publisher", "date", "latitude", "longitude")
        names = {"departement": "department"}
        return {
            "id": thing.iri,
            "document": self._document(thing),
            "type": thing.type,
            "label": {"fr": thing.label_fr, "en": thing.label_en},
            **{names.get(key, key): thing.detail[key] for key in kept if key in thing.detail},
            "score": round(hit.score, 2),
            "match": {"field": match.field, "text": match.text, "spans": match.spans} if match else None,
        }

    def _value(self, name: str, value: Any) -> dict[str, Any]:
        labels = {code: pages.value_label(name, value, self.backend, code)[0] for code in LANGUAGES}
        own = {"id": value.iri} if value.iri else {}
        return {
            "value": value.value,
            **own,
            "label": labels,
            "count": value.number,
            "chosen": value.chosen,
        }

    def _document(self, thing: ThingSummary) -> str:
        return self.settings.addresses.document(thing.iri) or thing.iri

    def atom(self, query: str) -> bytes:
        """Return the results for feed readers; ``query`` is that of the feed's own address."""
        _ = pages.texts(self.language)
        found, view, base = self.answer, self.view, self.settings.base_iri
        language = f"lang={self.language}"
        kept = f"&{language}" if "lang=" in query else ""
        neighbours = [
            (relation, target.replace("/search?", "/search.atom?", 1) + kept, ATOM.media_type)
            for relation, target in view.neighbors().items()
        ]
        date = str(self.backend.manifest.get("data_date", ""))[:10] or "1970-01-01"
        feed = feeds.Feed(
            id=view.address,
            title=f"{_('Search')}{' : ' if self.language == 'fr' else ': '}{self.asked.text}"
            if self.asked.text
            else _("Search"),
            subtitle=_("Linked open data on territorial clusters for economic cooperation (PTCE)"),
            language=self.language,
            updated=f"{date}T00:00:00Z",
            author="PTCE-LOD",
            rights=LICENSE,
            links=(
                ("self", f"{self.address}.atom" + (f"?{query}" if query else ""), ATOM.media_type),
                (
                    "alternate",
                    f"{self.address}?{self.asked.query()}{'&' if query else ''}{language}",
                    HTML.media_type,
                ),
                ("search", f"{base}opensearch.xml", _DESCRIPTION),
                *neighbours,
            ),
            text=self.asked.text,
            total=found.total,
            start=(view.page - 1) * view.size + 1,
            size=view.size,
        )
        return feeds.write_feed(feed, (self._entry(hit.thing) for hit in found.hits))

    def _entry(self, thing: ThingSummary) -> feeds.Entry:
        kind, place = pages.kind_of(thing, self.language), pages.place_of(thing)
        label = thing.label_en if self.language == "en" else thing.label_fr
        return feeds.Entry(
            id=thing.iri,
            address=self._document(thing),
            title=label,
            summary=f"{kind}, {place}" if place else kind,
            categories=((thing.type, kind),),
        )


def _ranking(page: str, members: list[ThingSummary], first: int) -> list[ox.Quad]:
    """Return the order of the results as a ``schema:ItemList``: a collection has none. Items are fragments of the page's address."""
    list_, type_ = ox.NamedNode(f"{page}#results"), ox.NamedNode(ns.RDF + "type")

    def schema(name: str) -> ox.NamedNode:
        return ox.NamedNode(SCHEMA + name)

    quads = [ox.Quad(list_, type_, schema("ItemList"))]
    for position, member in enumerate(members, start=first):
        item = ox.NamedNode(f"{page}#result-{position}")
        quads += [
            ox.Quad(list_, schema("itemListElement"), item),
            ox.Quad(item, type_, schema("ListItem")),
            ox.Quad(item, schema("position"), ox.Literal(position)),
            ox.Quad(item, schema("item"), ox.NamedNode(member.iri)),
        ]
    return quads


@blueprint.get("/suggest")
def suggest() -> Response:
    """Answer with names that begin as ``q`` does: an array of the text, names, descriptions and addresses (OpenSearch Suggestions)."""
    text = read_text(request.args.getlist("q"))
    limit = read_number("limit", request.args.getlist("limit"), _SUGGESTED, _MOST_SUGGESTED)
    backend, settings, language = context.backend(), context.settings(), _language()
    tag = conditional.entity_tag(backend.release_id, "suggest", language, str(limit), Search(text).tag())
    if conditional.not_modified(tag):
        response = conditional.empty(tag)
    else:
        found = backend.suggest(text, limit=limit, language=language)
        names, about, addresses = [], [], []
        for thing, name in found:
            label = thing.label_en if language == "en" else thing.label_fr
            names.append(label)
            told = (name, pages.kind_of(thing, language), pages.place_of(thing))
            about.append(" · ".join(part for part in told if part))
            addresses.append(settings.addresses.document(thing.iri) or thing.iri)
        body = json.dumps([text, names, about, addresses], ensure_ascii=False) + "\n"
        response = Response(body, content_type=f"{_SUGGESTIONS}; charset=utf-8")
        response.set_etag(tag)
    response.headers["Cache-Control"] = headers.CACHE_CURRENT
    response.headers["Content-Language"] = language
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/opensearch.xml")
def description() -> Response:
    """Tell browsers and programs how to search here."""
    settings, language = context.settings(), _language()
    _, base = pages.texts(language), settings.base_iri
    tag = conditional.entity_tag(context.backend().release_id, "opensearch", language)
    if conditional.not_modified(tag):
        response = conditional.empty(tag)
    else:
        suffix = f"lang={language}"
        templates: tuple[tuple[str, str], ...] = (
            (HTML.media_type, f"{base}search?q={{searchTerms}}&page={{startPage?}}&{suffix}"),
            (_SUGGESTIONS, f"{base}suggest?q={{searchTerms}}&{suffix}"),
            (ATOM.media_type, f"{base}search.atom?q={{searchTerms}}&page={{startPage?}}&{suffix}"),
            (JSON.media_type, f"{base}search.json?q={{searchTerms}}&page={{startPage?}}"),
        )
        if context.is_exported():  # the page searches in the browser; nothing else answers
            templates = ((HTML.media_type, f"{base}search?q={{searchTerms}}&{suffix}"),)
        about = _("Linked open data on territorial clusters for economic cooperation (PTCE)")
        body = feeds.write_description("PTCE", about, language, f"{base}static/logo.svg", templates)
        response = Response(body, content_type=f"{_DESCRIPTION}; charset=utf-8")
        response.set_etag(tag)
    response.headers["Cache-Control"] = headers.CACHE_CURRENT
    response.headers["Content-Language"] = language
    return response
