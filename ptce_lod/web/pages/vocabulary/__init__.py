"""The vocabulary explains itself: `/ns` and `/shapes` for people, made of ontology, alignments, schemes and shapes of the release.

`graph` and `words` are the ground; `names`, `constraints`, `example` and `diagram` put things into words and lines; `terms`, `shapes` and
`overview` read the description into plain values; the templates of the same names print them.
"""

from __future__ import annotations

from urllib.parse import quote

from ptce_lod import namespaces as ns
from ptce_lod.query.backend import Backend, Description
from ptce_lod.settings import Settings
from ptce_lod.web.pages.environment import render
from ptce_lod.web.pages.reading import Reader
from ptce_lod.web.pages.structured_data import structured_data
from ptce_lod.web.pages.text import path_of
from ptce_lod.web.pages.vocabulary.diagram import HEIGHT, WIDTH, draw
from ptce_lod.web.pages.vocabulary.graph import Graph
from ptce_lod.web.pages.vocabulary.names import Names
from ptce_lod.web.pages.vocabulary.overview import read_overview, read_schemes
from ptce_lod.web.pages.vocabulary.shapes import ShapesReader
from ptce_lod.web.pages.vocabulary.terms import Group, TermReader

__all__ = ["render_shapes", "render_vocabulary"]


def render_vocabulary(backend: Backend, settings: Settings, language: str, wanted: str = "") -> str:
    """Return the documentation of the vocabulary; the anchor of each term is its fragment.

    ``wanted`` leaves only the terms that have this text in their name, labels or definitions.
    """
    page = path_of(f"{settings.base_iri}ns", settings.base_iri)
    reader = Reader(_described(backend, ns.ONTOLOGY), backend, settings, language)
    names = Names(reader, page)
    shape_reader = Reader(_described(backend, ns.SHAPES_DOCUMENT), backend, settings, language)
    shapes = ShapesReader(shape_reader, Names(shape_reader, page)).node_shapes()
    groups = TermReader(reader, names, backend.describe(ns.ALIGNMENTS), shapes).groups()
    has_diagram = any(group.id == "classes" and len(group.terms) > 1 for group in groups)
    return render(
        "vocabulary/page.html",
        language,
        settings,
        backend,
        section="ns",
        page_query=f"filter={quote(wanted, safe='')}" if wanted else "",
        overview=read_overview(reader, names),
        groups=[_only(group, wanted) for group in groups],
        wanted=wanted,
        json_ld=structured_data(reader),
        diagram=draw(names) if has_diagram else None,
        box={"width": WIDTH, "height": HEIGHT},
        schemes=read_schemes(reader),
        shapes_page=path_of(f"{settings.base_iri}shapes", settings.base_iri),
    )


def render_shapes(backend: Backend, settings: Settings, language: str) -> str:
    """Return the shapes for people, by layer; the anchor of each shape is its fragment."""
    page = path_of(f"{settings.base_iri}shapes", settings.base_iri)
    reader = Reader(_described(backend, ns.SHAPES_DOCUMENT), backend, settings, language)
    layers = ShapesReader(reader, Names(reader, page)).layers()
    graph = Graph(reader.description)
    return render(
        "vocabulary/shapes.html",
        language,
        settings,
        backend,
        section="shapes",
        title=reader.text(ns.SHAPES_DOCUMENT, ns.DCTERMS + "title"),
        about=reader.text(ns.SHAPES_DOCUMENT, ns.DCTERMS + "description"),
        version=graph.literal(ns.SHAPES_DOCUMENT, ns.OWL + "versionInfo"),
        layers=layers,
        json_ld=structured_data(reader),
    )


def _described(backend: Backend, iri: str) -> Description:
    return backend.describe(iri) or Description(iri, ())


def _only(group: Group, wanted: str) -> Group:
    """Return a group with the terms that match."""
    sought = wanted.casefold().strip()
    if not sought:
        return group
    kept = tuple(
        term
        for term in group.terms
        if any(
            sought in text.casefold()
            for text in (
                term.name,
                term.label.value,
                term.other_label.value,
                term.definition.value,
                term.other_definition.value,
            )
        )
    )
    return Group(group.id, group.title, kept)
