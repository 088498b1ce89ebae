"""The catalogue for portals, its datasets and VoID. Every page answers at once, with RDF unless a browser asks, and never in part.

Sources: DCAT-AP 3.0.1; Hydra ``PartialCollectionView``; VoID section 6.2; what CKAN and udata do (docs/explanation/catalogue.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox
from flask import Blueprint, Response, request

from ptce_lod import formats
from ptce_lod import namespaces as ns
from ptce_lod.errors import ThingNotFound
from ptce_lod.formats import Format
from ptce_lod.release.catalog.description import Catalog
from ptce_lod.release.catalog.facts import Entry, Facts
from ptce_lod.release.layout import VarLayout
from ptce_lod.web import context, exported, hydra, pages, published, void
from ptce_lod.web.links import SCHEMA, Link, link
from ptce_lod.web.representation import (
    RDF_FIRST,
    Resource,
    answer,
    rule,
    split_extension,
    with_extension,
    write_rdf,
)
from ptce_lod.web.searching import read_number, refuse_pages

blueprint: Final = Blueprint("catalog", __name__)
#: Name of the dataset series among the datasets.
_RELEASES: Final = "releases"


@blueprint.get(rule("catalog"))
def catalog(name: str) -> Response:
    """Answer with a page of the catalogue, without a redirect: harvesters follow none."""
    _, format_ = split_extension(name)
    settings = context.settings()
    found, size = published.catalog(), settings.page_size
    number = _page_number()
    entries = found.facts.entries
    # Whoever began with /catalog.rdf goes on with it: CKAN reads every page as what the first was.
    address = with_extension(found.iri, format_ if format_ in formats.RDF_ANSWERS else None)
    view = hydra.View(address, number, size, len(entries))
    if number > view.last:
        raise ThingNotFound(
            f"page {number} of the catalogue does not exist: there are {view.last}",
            hint=f"the first page is {address}",
        )
    here = entries[(number - 1) * size : number * size]

    def rdf(chosen: Format) -> bytes:
        quads = exported.answered(found.page(here, first=number == 1))
        # The page's own address is what was asked for: that without a number is the first.
        return write_rdf(quads + (_view(view, found.iri) if view.last > 1 else []), chosen)

    return answer(
        Resource(
            found.iri,
            lambda language: pages.render_catalog(context.backend(), settings, found, here, view, language),
            rdf,
            offers=RDF_FIRST,
            query=f"?page={number}" if number > 1 else "",
            tag_parts=(
                "catalog",
                str(number),
                str(size),
                str(context.publication()),
                format_.name if format_ else "",
            ),
            links=(*_links(found), *(view.links() if view.last > 1 else ())),
            items=lambda: [link(found.dataset(entry.name), "item") for entry in here],
            modified=context.published_at(),
        ),
        format_,
    )


def _page_number() -> int:
    return read_number("page", request.args.getlist("page"), 1, 10**6)


def _view(view: hydra.View, iri: str) -> list[ox.Quad]:
    """Return the one view of a page, and how many datasets there are in all."""
    collection, here = ox.NamedNode(iri), ox.NamedNode(view.at(view.page))

    def term(name: str) -> ox.NamedNode:
        return ox.NamedNode(hydra.HYDRA + name)

    kind = ox.NamedNode(ns.RDF + "type")
    quads = [
        ox.Quad(collection, kind, term("Collection")),
        ox.Quad(collection, term("totalItems"), ox.Literal(view.total)),
        ox.Quad(collection, term("view"), here),
        ox.Quad(here, kind, term("PartialCollectionView")),
        ox.Quad(here, term("itemsPerPage"), ox.Literal(view.size)),
    ]
    return quads + [
        ox.Quad(here, term(name), ox.NamedNode(target)) for name, target in view.neighbors().items()
    ]


def _links(found: Catalog) -> tuple[Link, ...]:
    settings = context.settings()
    base = settings.base_iri
    return (
        link(found.iri, "cite-as"),
        link(SCHEMA + "DataCatalog", "type"),
        link(settings.addresses.thing("agent", "project"), "author"),
        *(
            link(f"{base}dumps/latest/all.{f.extension}", "item", type=f.media_type)
            for f in (formats.N_QUADS, formats.TRIG)
        ),
    )


@blueprint.get("/dataset/<name>")
def dataset(name: str) -> Response:
    """Answer with the description of one dataset, or of the series of releases."""
    stem, format_ = split_extension(name)
    found, settings = published.catalog(), context.settings()
    refuse_pages(request.args.getlist("page"), f"{found.iri} lists the datasets, page by page")
    entry = next((each for each in found.facts.entries if each.name == stem), None)
    if entry is None and stem != _RELEASES:
        raise ThingNotFound(f"there is no dataset {stem[:100]!r}", hint=f"{found.iri} lists the datasets")

    def rdf(chosen: Format) -> bytes:
        return write_rdf(exported.answered(found.document(entry) if entry else found.series()), chosen)

    def html(language: str) -> str:
        backend = context.backend()
        if entry is None:
            return pages.render_releases(backend, settings, found, _patches(found.facts), language)
        return pages.render_dataset(backend, settings, found, entry, language)

    # The series changes without a publication, too: when releases are removed. It has no date, and no cache keeps it without asking.
    left = "" if entry else _digest(each.publication.release_id for each in found.facts.releases)
    response = answer(
        Resource(
            found.dataset(stem),
            html,
            rdf,
            offers=RDF_FIRST,
            tag_parts=("dataset", stem, str(context.publication()), left),
            links=(link(SCHEMA + "Dataset", "type"), link(found.iri, "collection"), *_downloads(entry)),
            modified=context.published_at() if entry else None,
            licence=entry.licence if entry else None,
        ),
        format_,
    )
    if entry is None:
        response.headers["Cache-Control"] = "no-cache"
    return response


def _digest(names: Iterable[str]) -> str:
    return hashlib.sha256(" ".join(names).encode()).hexdigest()[:16]


def _patches(facts: Facts) -> list[str]:
    """Return for each release, newest first, the path below the base of the patch that led to it from what was served; "" for none.

    What was served before must be kept, too.
    """
    var = VarLayout(context.settings().var_dir)
    kept = {each.publication.release_id for each in facts.releases}
    pairs = [
        (each.publication.release_id, each.before if each.before in kept else "") for each in facts.releases
    ]
    return [
        f"patches/{old}/{new}.rdfp" if old and var.patch(old, new).is_file() else "" for new, old in pairs
    ]


def _downloads(entry: Entry | None) -> tuple[Link, ...]:
    base = context.settings().base_iri
    files = entry.files if entry else ()
    return tuple(
        link(f"{base}dumps/latest/{file.path}", "item", type=file.format.media_type)
        for file in files
        if not file.coding
    )


@blueprint.get("/.well-known/void")
@blueprint.get(rule("void"))
def well_known_void(name: str = "void") -> Response:
    """Answer with the description of the dataset for programs that look for VoID."""
    _, format_ = split_extension(name)
    found, settings = published.catalog(), context.settings()
    return answer(
        Resource(
            f"{settings.base_iri}void",
            lambda language: pages.render_dataset(
                context.backend(), settings, found, found.facts.entries[0], language
            ),
            lambda chosen: write_rdf(exported.answered(void.quads(found, settings)), chosen),
            offers=RDF_FIRST,
            tag_parts=("void", str(context.publication())),
            links=(link(f"{settings.base_iri}void", "cite-as"),),
            modified=context.published_at(),
        ),
        format_,
    )
