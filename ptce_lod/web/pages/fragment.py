"""The page of a triple pattern fragment: the form, and a table whose terms lead on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import quote, urlencode

import pyoxigraph as ox

from ptce_lod.query.backend import Backend
from ptce_lod.settings import Settings
from ptce_lod.web.hydra import View
from ptce_lod.web.pages.environment import render
from ptce_lod.web.pages.site import path_to
from ptce_lod.web.pages.text import path_of

#: Characters of a literal that a cell shows.
_SHOWN: Final = 300


class ShownFragment(NamedTuple):
    """What the page shows: where it stands, its triples, and each term of the pattern as its parameter has it."""

    view: View
    triples: tuple[ox.Triple, ...]
    values: Mapping[str, str]


class _Cell(NamedTuple):
    text: str
    href: str
    title: str
    document: str
    lang: str


def render_fragment(backend: Backend, settings: Settings, shown: ShownFragment, language: str) -> str:
    """Return the page of a fragment."""
    address = path_of(f"{settings.base_iri}fragments", settings.base_iri)
    view = shown.view
    prefixes = sorted(settings.addresses.prefixes().items(), key=lambda item: -len(item[1]))

    def compact(iri: str) -> str:
        for prefix, namespace in prefixes:
            if iri.startswith(namespace) and len(iri) > len(namespace):
                return f"{prefix}:{iri.removeprefix(namespace)}"
        return iri

    def cell(node: object, name: str) -> _Cell:
        if isinstance(node, ox.NamedNode):
            href = f"{address}?{urlencode({name: node.value}, quote_via=quote)}"
            document = path_to(node.value, settings) if settings.addresses.document(node.value) else ""
            return _Cell(compact(node.value), href, node.value, document, "")
        if not isinstance(node, ox.Literal):
            return _Cell(str(node), "", "", "", "")
        text = node.value if len(node.value) <= _SHOWN else node.value[: _SHOWN - 1] + "…"
        datatype = "" if node.language else compact(node.datatype.value)
        title = f"@{node.language}" if node.language else "" if datatype == "xsd:string" else datatype
        return _Cell(f"“{text}”", "", title, "", node.language or "")

    query = view.address.partition("?")[2]
    return render(
        "fragment.html",
        language,
        settings,
        backend,
        page_query=view.at(view.page).partition("?")[2] if view.page > 1 else query,
        values=shown.values,
        graphs=sorted(backend.manifest.get("graphs", ())),
        total=view.total,
        rows=[
            tuple(
                cell(node, name) for node, name in zip((t.subject, t.predicate, t.object), "spo", strict=True)
            )
            for t in shown.triples
        ],
        page=view.page,
        last=view.last,
        address=address,
        pages_address=f"{address}?{query}{'&' if query else ''}",
        suffix=f"?{query}{'&' if query else ''}page={view.page}"
        if view.page > 1
        else f"?{query}"
        if query
        else "",
    )
