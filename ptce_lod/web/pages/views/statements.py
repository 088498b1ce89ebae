"""The table of all statements about a thing: subject, property, value, graph.

Written here, row by row: it is the longest part of a page, and a template took four times as long over it.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final

import pyoxigraph as ox
from markupsafe import Markup

from ptce_lod.web.pages.reading import Reader, shortened
from ptce_lod.web.pages.text import path_of, safe_url

#: Statements shown on a page; the RDF holds them all.
LIMIT: Final = 600


@dataclass(frozen=True)
class Statements:
    """Rows ready to print, how many statements there are, and how many are left out."""

    rows: Markup
    total: int
    omitted: int


def count(reader: Reader) -> int:
    """Return how many statements there are about the thing, those that point at it included."""
    me = ox.NamedNode(reader.iri)
    return len({q.triple for q in reader.description.quads if q.subject == me or q.object == me})


def statements(reader: Reader) -> Statements:
    """Return the statements about the thing, then those that point at it. Every text is escaped."""
    me = ox.NamedNode(reader.iri)
    grouped: dict[ox.Triple, list[str]] = {}
    for quad in reader.description.quads:
        subject, _predicate, object_, graph_name = quad
        if subject == me or object_ == me:
            graphs = grouped.setdefault(quad.triple, [])
            if isinstance(graph_name, ox.NamedNode):
                graphs.append(graph_name.value)
    ordered = sorted(grouped.items(), key=lambda item: item[0].subject != me)
    rows = "\n".join(_row(reader, triple, graphs) for triple, graphs in ordered[:LIMIT])
    # every part of a row is escaped where it is made
    return Statements(Markup(rows), len(ordered), max(0, len(ordered) - LIMIT))  # noqa: S704  # each row is escaped where it is made


def _row(reader: Reader, triple: ox.Triple, graphs: list[str]) -> str:
    cells = (
        f"<td>{_node(reader, triple.subject)}</td>",
        f'<th scope="row">{_property(reader, triple.predicate.value)}</th>',
        f"<td>{_node(reader, triple.object)}</td>",
        f"<td>{', '.join(_link(reader, graph) for graph in sorted(set(graphs)))}</td>",
    )
    return f"<tr>{''.join(cells)}</tr>"


def _property(reader: Reader, iri: str) -> str:
    address = reader.settings.addresses.document(iri)
    href = path_of(address, reader.settings.base_iri) if address else safe_url(iri)
    name = escape(shortened(iri))
    return f'<a href="{escape(href)}">{name}</a>' if href else name


def _node(reader: Reader, node: object) -> str:
    if isinstance(node, ox.NamedNode):
        return _link(reader, node.value)
    if isinstance(node, ox.Literal):
        tag = node.language
        text = escape(node.value)
        return f'<span lang="{escape(tag)}">{text}</span> <small>{escape(tag)}</small>' if tag else text
    return escape(str(node))


def _link(reader: Reader, iri: str) -> str:
    ref = reader.ref(iri)
    lang = f' lang="{escape(ref.label.lang)}"' if ref.label.lang else ""
    label = escape(ref.label.value)
    return f'<a href="{escape(ref.href)}"{lang}>{label}</a>' if ref.href else f"<span{lang}>{label}</span>"
