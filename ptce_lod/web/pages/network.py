"""The page of the network: filters, the place of the drawing, and its nodes and edges as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from ptce_lod.query.backend import Backend
from ptce_lod.settings import Settings
from ptce_lod.web.filtering import Filters, Network
from ptce_lod.web.pages.environment import render
from ptce_lod.web.pages.i18n import translator
from ptce_lod.web.pages.links import Link, Option, as_french_sorts, link_to
from ptce_lod.web.pages.text import path_of

#: Choices of one filter: those with most links, where there are more.
_OPTIONS: Final = 300
TITLES: Final = {
    "pole": "Pole",
    "kind": "Kind of actor",
    "role": "Role",
    "cooperation": "Kind of cooperation",
    "year": "Year",
}


class _Node(NamedTuple):
    link: Link
    is_pole: bool
    type: Link | None
    degree: int


class _Edge(NamedTuple):
    source: Link
    target: Link
    what: Link
    start: str
    end: str


def render_network(
    backend: Backend,
    settings: Settings,
    found: Network,
    filters: Filters,
    page: tuple[int, int],
    language: str,
) -> str:
    """Return the page; ``page`` is the number of the tables' page and how many there are."""
    _ = translator(language)

    def to(iri: str) -> Link:
        return link_to(iri, backend, settings, language)

    def options(name: str) -> Sequence[Option]:
        chosen = getattr(filters, name)
        shown = []
        choices = sorted(found.choices.get(name, ()), key=lambda choice: (-choice[1], choice[0]))
        mine = [choice for choice in choices[_OPTIONS:] if choice[0].rpartition("/")[2] == chosen]
        for value, number in sorted([*choices[:_OPTIONS], *mine]):
            link = Link("", value, "") if name == "year" else to(value)
            code = value.rpartition("/")[2]
            shown.append(Option(code, link.label, link.lang, number, code == chosen))
        return shown if name == "year" else as_french_sorts(shown)

    size, number = settings.page_size, page[0]
    begin = (number - 1) * size
    address = path_of(f"{settings.base_iri}network", settings.base_iri)
    query = filters.query()
    return render(
        "network.html",
        language,
        settings,
        backend,
        section="network",
        page_query="&".join(part for part in (query, f"page={number}" if number > 1 else "") if part),
        selects=[(name, _(title), options(name)) for name, title in TITLES.items()],
        is_filtered=bool(query),
        nodes=[
            _Node(to(n["id"]), n["kind"] == "pole", to(n["type"]) if n["type"] else None, n["degree"])
            for n in sorted(found.nodes, key=lambda n: (-n["degree"], n["id"]))[begin : begin + size]
        ],
        edges=[
            _Edge(to(e["source"]), to(e["target"]), to(e["what"] or e["iri"]), e["start"], e["end"])
            for e in found.edges[begin : begin + size]
        ],
        node_count=len(found.nodes),
        edge_count=len(found.edges),
        pole_count=sum(n["kind"] == "pole" for n in found.nodes),
        page=number,
        last=page[1],
        address=address,
        pages_address=f"{address}?{query}{'&' if query else ''}",
        suffix=f"?{query}" if query else "",
    )
