"""A page of a list as RDF, so that harvesters can walk it. Source: Hydra Core Vocabulary, ``PartialCollectionView``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from ptce_lod import namespaces as ns
from ptce_lod.query.backend import ThingSummary
from ptce_lod.web.links import Link, link

HYDRA: Final = "http://www.w3.org/ns/hydra/core#"
_TYPE: Final = ox.NamedNode(ns.RDF + "type")
_COMMENT: Final = ox.NamedNode(ns.RDFS + "comment")
_LABEL: Final = ox.NamedNode(ns.RDFS + "label")


@dataclass(frozen=True)
class View:
    """Page ``page`` (from 1) of the collection at ``address``, ``size`` members a page, ``total`` in all."""

    address: str
    page: int
    size: int
    total: int

    @property
    def last(self) -> int:
        """Number of the last page; an empty collection has one page."""
        return max(1, -(-self.total // self.size))

    def at(self, page: int) -> str:
        """Return the address of a page."""
        return f"{self.address}{'&' if '?' in self.address else '?'}page={page}"

    def neighbors(self) -> dict[str, str]:
        """Return relation → address of the pages one can go to from here. ``next`` never points backwards, the last page has none."""
        pages = {"first": 1, "last": self.last}
        if self.page > 1:
            pages["previous"] = self.page - 1
        if self.page < self.last:
            pages["next"] = self.page + 1
        return {relation: self.at(page) for relation, page in pages.items()}

    def links(self) -> tuple[Link, ...]:
        """Return the neighbours as links."""
        names = {"previous": "prev"}
        return tuple(link(target, names.get(name, name)) for name, target in self.neighbors().items())


def partial_document(view: View) -> list[ox.Quad]:
    """Return what a document whose incoming links fill several pages says of itself: how many there are, and where they go on."""
    document, page = ox.NamedNode(view.address), ox.NamedNode(view.at(view.page))
    begin, end = (view.page - 1) * view.size + 1, min(view.page * view.size, view.total)
    said = (
        ("fr", f"Cette page contient les liens entrants {begin} à {end} sur {view.total}."),
        ("en", f"This page holds incoming links {begin} to {end} of {view.total}."),
    )
    quads = [
        ox.Quad(document, _TYPE, _hydra("Collection")),
        ox.Quad(document, _hydra("totalItems"), ox.Literal(view.total)),
        ox.Quad(document, _hydra("view"), page),
        ox.Quad(page, _TYPE, _hydra("PartialCollectionView")),
    ]
    quads += [ox.Quad(page, _COMMENT, ox.Literal(text, language=code)) for code, text in said]
    neighbors = view.neighbors().items()
    return quads + [ox.Quad(page, _hydra(relation), ox.NamedNode(target)) for relation, target in neighbors]


def collection(view: View, members: Iterable[ThingSummary]) -> list[ox.Quad]:
    """Return the collection, its view, and its members with their labels, in the default graph."""
    quads: list[ox.Quad] = []
    root, page = ox.NamedNode(view.address), ox.NamedNode(view.at(view.page))

    def add(subject: ox.NamedNode, predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal) -> None:
        quads.append(ox.Quad(subject, predicate, value))

    add(root, _TYPE, _hydra("Collection"))
    add(root, _hydra("totalItems"), ox.Literal(view.total))
    add(root, _hydra("view"), page)
    add(page, _TYPE, _hydra("PartialCollectionView"))
    for relation, target in view.neighbors().items():
        add(page, _hydra(relation), ox.NamedNode(target))
    summaries = list(members)
    for summary in summaries:
        add(root, _hydra("member"), ox.NamedNode(summary.iri))
    for summary in summaries:
        iri = ox.NamedNode(summary.iri)
        add(iri, _LABEL, ox.Literal(summary.label_fr, language="fr"))
        if summary.label_en != summary.label_fr:
            add(iri, _LABEL, ox.Literal(summary.label_en, language="en"))
    return quads


def _hydra(name: str) -> ox.NamedNode:
    return ox.NamedNode(HYDRA + name)


def search_form(address: str, parameters: Iterable[str]) -> list[ox.Quad]:
    """Return how to search at ``address``: a ``hydra:IriTemplate`` with its optional parameters, named by fragments."""
    names = tuple(parameters)
    collection_, template = ox.NamedNode(address), ox.NamedNode(f"{address}#template")
    quads = [
        ox.Quad(collection_, _hydra("search"), template),
        ox.Quad(template, _TYPE, _hydra("IriTemplate")),
        ox.Quad(template, _hydra("template"), ox.Literal(f"{address}{{?{','.join(names)}}}")),
    ]
    for name in names:
        mapping = ox.NamedNode(f"{address}#parameter-{name}")
        quads += [
            ox.Quad(template, _hydra("mapping"), mapping),
            ox.Quad(mapping, _TYPE, _hydra("IriTemplateMapping")),
            ox.Quad(mapping, _hydra("variable"), ox.Literal(name)),
            ox.Quad(mapping, _hydra("required"), ox.Literal(False)),
        ]
    return quads
