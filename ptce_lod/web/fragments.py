"""Triple Pattern Fragments at ``/fragments``: the triples of one pattern, page by page, with how many there are and how to ask for others.

Sources: Triple Pattern Fragments (https://linkeddatafragments.org/specification/triple-pattern-fragments/) sections 4 and 5; Quad Pattern
Fragments; Hydra Core Vocabulary, "Templated links" and ``ExplicitRepresentation``. docs/reference/fragments.md has the parameters.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import quote, urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, request

from ptce_lod import namespaces as ns
from ptce_lod.errors import ThingNotFound
from ptce_lod.formats import JSON_LD, Format
from ptce_lod.query.backend import Fragment, Pattern
from ptce_lod.serialize import serialize
from ptce_lod.web import context, hydra, pages
from ptce_lod.web.links import link
from ptce_lod.web.patterns import NAMES, read_pattern, union_graph
from ptce_lod.web.representation import RDF_FIRST, Resource, answer, rule, split_extension
from ptce_lod.web.searching import read_number
from ptce_lod.web.service_description import SD

blueprint: Final = Blueprint("fragments", __name__)
#: Parameter → what Hydra maps it to.
_PROPERTIES: Final = {
    "s": ns.RDF + "subject",
    "p": ns.RDF + "predicate",
    "o": ns.RDF + "object",
    "g": SD + "graph",
}
#: What a query may hold as it is (RFC 3986 section 3.4); what a client has encoded stays encoded.
_QUERY: Final = "!$&'()*+,;=:@/?-._~%"


@blueprint.get(rule("fragments"))
def fragments(name: str) -> Response:
    """Answer with a page of the triples that match a pattern; RDF first, since programs ask."""
    _, format_ = split_extension(name)
    found = _Page(
        read_pattern(request.args.to_dict(flat=False)), _page_number(), context.settings().page_size
    )
    return answer(
        Resource(
            found.address,
            lambda language: pages.render_fragment(
                context.backend(), context.settings(), found.shown(), language
            ),
            found.rdf,
            offers=RDF_FIRST,
            query=found.query,
            tag_parts=(
                "fragment",
                hashlib.sha256(request.full_path.encode()).hexdigest()[:16],
                str(found.size),
            ),
            links=(link(hydra.HYDRA + "PartialCollectionView", "type"),),
            late_links=lambda: found.view.links(),
            modified=context.published_at(),
        ),
        format_,
    )


def _page_number() -> int:
    return read_number("page", request.args.getlist("page"), 1, 10**9)


@dataclass(frozen=True)
class _Page:
    """One page of a fragment, read when a representation asks for it."""

    pattern: Pattern
    number: int
    size: int

    @property
    def address(self) -> str:
        """Where fragments are."""
        return f"{context.settings().base_iri}fragments"

    @property
    def query(self) -> str:
        """The query of the one address of this page."""
        pairs = [(name, term) for name, term in zip(NAMES, _written(self.pattern), strict=True) if term]
        pairs += [("page", str(self.number))] if self.number > 1 else []
        return f"?{urlencode(pairs, quote_via=quote)}" if pairs else ""

    @cached_property
    def fragment(self) -> Fragment:
        """What matches; :class:`ThingNotFound` for a page behind the last."""
        found = context.backend().fragment(
            self.pattern, offset=(self.number - 1) * self.size, limit=self.size
        )
        last = max(1, -(-found.total // self.size))
        if self.number > last:
            raise ThingNotFound(
                f"page {self.number} of this fragment does not exist: there are {last}",
                hint=f"the first page is {_Page(self.pattern, 1, self.size).query or self.address}",
            )
        return found

    @property
    def view(self) -> hydra.View:
        """The page among its neighbours."""
        query = _Page(self.pattern, 1, self.size).query
        return hydra.View(self.address + query, self.number, self.size, self.fragment.total)

    @cached_property
    def quads(self) -> list[ox.Quad]:
        """The triples of the page, in the default graph."""
        text = "\n".join(self.fragment.lines)
        return list(ox.parse(text, format=ox.RdfFormat.N_TRIPLES, lenient=True))

    def shown(self) -> pages.ShownFragment:
        """Return what the page for people needs."""
        values = dict(zip(NAMES, _written(self.pattern), strict=True))
        return pages.ShownFragment(self.view, tuple(quad.triple for quad in self.quads), values)

    def rdf(self, format_: Format) -> bytes:
        """Return the page with its controls, which a format with named graphs keeps in a graph of their own."""
        settings = context.settings()
        # Clients know the page by the address they asked for, however they wrote it.
        asked = quote(request.query_string.decode("latin-1"), safe=_QUERY)
        page = settings.base_iri + request.path.lstrip("/") + (f"?{asked}" if asked else "")
        controls = _controls(self, page)
        if format_.holds_named_graphs and format_ is not JSON_LD:
            graph = ox.NamedNode(f"{page}#metadata")
            about = ox.Quad(graph, ox.NamedNode(ns.FOAF + "primaryTopic"), ox.NamedNode(page), graph)
            controls = [about, *(ox.Quad(q.subject, q.predicate, q.object, graph) for q in controls)]
        return serialize([*self.quads, *controls], format_, settings.addresses.prefixes())


def _written(pattern: Pattern) -> tuple[str, ...]:
    """Return terms as a parameter has them: IRIs without brackets (Hydra, ``ExplicitRepresentation``)."""
    return tuple(
        term[1:-1]
        if term.startswith("<")
        else term.replace("^^<", "^^").removesuffix(">")
        if "^^<" in term
        else term
        for term in pattern
    )


def _controls(found: _Page, page: str) -> list[ox.Quad]:
    """Return what a fragment says of itself: counts, neighbours, and the form for other patterns."""
    dataset, fragment = f"{found.address}#dataset", found.view.address
    quads: list[ox.Quad] = []

    def add(subject: str, predicate: str, value: str | int | bool | ox.Literal) -> None:
        node = (
            ox.NamedNode(value)
            if isinstance(value, str)
            else value
            if isinstance(value, ox.Literal)
            else ox.Literal(value)
        )
        quads.append(ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), node))

    h = hydra.HYDRA
    add(dataset, ns.RDF + "type", ns.VOID + "Dataset")
    add(dataset, ns.RDF + "type", h + "Collection")
    for each in dict.fromkeys((fragment, page)):
        add(dataset, ns.VOID + "subset", each)
    # Without it, Comunica holds the default graph of whoever knows of graphs for empty. It wants to be told after the subset.
    add(dataset, SD + "defaultGraph", union_graph())
    add(dataset, h + "search", f"{found.address}#form")
    add(f"{found.address}#form", ns.RDF + "type", h + "IriTemplate")
    add(f"{found.address}#form", h + "template", ox.Literal(f"{found.address}{{?{','.join(NAMES)}}}"))
    add(f"{found.address}#form", h + "variableRepresentation", h + "ExplicitRepresentation")
    for name in NAMES:
        mapping = f"{found.address}#{name}"
        add(f"{found.address}#form", h + "mapping", mapping)
        add(mapping, ns.RDF + "type", h + "IriTemplateMapping")
        add(mapping, h + "variable", ox.Literal(name))
        add(mapping, h + "property", _PROPERTIES[name])
        add(mapping, h + "required", False)
    add(page, ns.RDF + "type", h + "PartialCollectionView")
    for text, language in (("Fragment de triplets", "fr"), ("Triple pattern fragment", "en")):
        add(page, ns.DCTERMS + "title", ox.Literal(text, language=language))
    add(page, ns.DCTERMS + "source", dataset)
    for each in dict.fromkeys((fragment, page)):
        add(each, h + "totalItems", found.fragment.total)
        add(each, ns.VOID + "triples", found.fragment.total)
    add(page, h + "itemsPerPage", found.size)
    add(fragment, h + "view", page)
    for relation, target in found.view.neighbors().items():
        add(page, h + relation, target)
    return quads
