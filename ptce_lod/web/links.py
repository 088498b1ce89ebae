"""Typed links of a resource, once: the ``Link`` header, the head of the page and the linkset all print this list.

Sources: RFC 8288 (Link), RFC 9264 (linkset), RFC 6906 (profile), FAIR Signposting level 1 and 2 (signposting.org/FAIR).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ptce_lod import namespaces as ns
from ptce_lod.formats import HTML, RDF_FORMATS, Format
from ptce_lod.iris import AddressSpace
from ptce_lod.licences import DATA, VOCABULARY, Licence
from ptce_lod.query.backend import LISTS
from ptce_lod.release.datasets import PARTS

LICENSE: Final = DATA.iri
SCHEMA: Final = "https://schema.org/"
LINKSET: Final = Format("linkset", "Link set", "application/linkset", "linkset", only_named=True)
LINKSET_JSON: Final = Format(
    "linkset-json", "Link set (JSON)", "application/linkset+json", "json", only_named=True
)
#: Type of thing → what it is to schema.org; what is missing here is a ``Thing``.
_TYPES: Final = {
    "pole": "Organization",
    "actor": "Organization",
    "initiative": "Organization",
    "agent": "Organization",
    "event": "Event",
    "territory": "Place",
    "unit": "AdministrativeArea",
    "source": "CreativeWork",
    "document": "CreativeWork",
    "project": "Project",
    "claim": "Claim",
    "observation": "Observation",
    "query": "SoftwareSourceCode",
    "graph": "Dataset",
    "scheme": "DefinedTermSet",
    "concept": "DefinedTerm",
    "ns": "DefinedTermSet",
    "shapes": "Dataset",
    "catalog": "DataCatalog",
}
#: Kinds, and names of graphs, of what has the licence of the vocabulary.
_OF_VOCABULARY: Final = ("ns", "shapes", "scheme", "concept")
_GRAPHS_OF_VOCABULARY: Final = frozenset(name for part in PARTS for name in part.graphs)
_LIST_OF: Final = {type_: name for name, types in LISTS.items() for type_ in types}


@dataclass(frozen=True)
class Link:
    """One typed link. ``target`` is an ASCII IRI; ``attributes`` are target attributes such as ``type`` or ``title``."""

    target: str
    relation: str
    attributes: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """Return the link as one value of ``Link`` (RFC 8288 section 3)."""
        more = "".join(f'; {name}="{value}"' for name, value in self.attributes)
        return f'<{self.target}>; rel="{self.relation}"{more}'


def link(target: str, relation: str, **attributes: str) -> Link:
    """Return a link; attributes without a value are left out."""
    return Link(target, relation, tuple((name, value) for name, value in attributes.items() if value))


def header(links: Iterable[Link]) -> str:
    """Return the value of ``Link``."""
    return ", ".join(map(str, links))


def kind_of(iri: str, addresses: AddressSpace) -> str:
    """Return what kind ``iri`` is: a type of things, or "graph", "scheme", "concept", "ns", "shapes", "catalog"; "" for none of these."""
    if (address := addresses.parse_thing(iri)) is not None:
        return address.type
    for prefix, kind in (
        (addresses.base_iri + "graph/", "graph"),
        (ns.SCHEME, "scheme"),
        (ns.CONCEPT, "concept"),
        (ns.SHAPES_DOCUMENT, "shapes"),
        (ns.ONTOLOGY, "ns"),
        (addresses.base_iri + "catalog", "catalog"),
    ):
        if iri.startswith(prefix):
            return kind
    return ""


def licence_of(iri: str, addresses: AddressSpace) -> Licence:
    """Return the licence of what is said of ``iri``: of the vocabulary, its lists, its shapes and their graphs that which they declare."""
    kind = kind_of(iri, addresses)
    if kind == "graph":
        name = iri.removeprefix(f"{addresses.base_iri}graph/").rpartition("/")[0]
        return VOCABULARY if name in _GRAPHS_OF_VOCABULARY else DATA
    return VOCABULARY if kind in _OF_VOCABULARY else DATA


def thing_links(iri: str, addresses: AddressSpace) -> list[Link]:
    """Return what holds of a document about the thing ``iri``: its permanent name, its types, its author, the list that it is in."""
    kind = kind_of(iri, addresses)
    found = [
        link(iri, "cite-as"),
        link(SCHEMA + "AboutPage", "type"),
        link(SCHEMA + _TYPES.get(kind, "Thing"), "type"),
        link(addresses.thing("agent", "project"), "author"),
    ]
    if kind in _LIST_OF:
        found.append(link(addresses.base_iri + _LIST_OF[kind], "collection"))
    return found


def representation_links(
    address: str, query: str, offers: Sequence[Format], *, languages: Iterable[str] = ()
) -> list[Link]:
    """Return canonical, alternate and describedby links of a resource that has a file for each of ``offers``, and that of its linkset."""
    found = [link(address + query, "canonical")]
    files = [(f"{address}.{offer.extension}{query}", offer) for offer in offers]
    found += [link(target, "alternate", type=offer.media_type) for target, offer in files]
    if HTML in offers:
        joint = "&" if query else "?"
        found += [
            link(f"{address}{query}{joint}lang={code}", "alternate", type=HTML.media_type, hreflang=code)
            for code in languages
        ]
    found += [
        link(target, "describedby", type=offer.media_type) for target, offer in files if offer in RDF_FORMATS
    ]
    return found


def linkset_links(address: str, query: str = "") -> list[Link]:
    """Return the links to the linkset of the resource at ``address`` with ``query``, in both formats."""
    return [
        link(f"{address}.{LINKSET.extension}{query}", "linkset", type=LINKSET.media_type),
        link(f"{address}.{LINKSET.extension}.json{query}", "linkset", type=LINKSET_JSON.media_type),
    ]


def write_linkset(anchored: Sequence[tuple[str, Sequence[Link]]], format_: Format) -> bytes:
    """Return links with their anchors as a linkset document (RFC 9264 sections 4.1 and 4.2). ``anchored``: (context IRI, its links)."""
    if format_ is LINKSET:
        lines = [
            f'<{each.target}>; anchor="{anchor}"; rel="{relation}"'
            + "".join(f'; {name}="{value}"' for name, value in each.attributes)
            for anchor, links in anchored
            for each in links
            for relation in each.relation.split()
        ]
        return (",\n".join(lines) + "\n").encode()
    contexts: list[dict[str, Any]] = []
    for anchor, links in anchored:
        context: dict[str, Any] = {"anchor": anchor}
        for each in links:
            target: dict[str, Any] = {"href": each.target}
            for name, value in each.attributes:
                target[name] = [value] if name == "hreflang" else value
            for (
                relation
            ) in each.relation.split():  # a member has the name of one relation: RFC 9264 section 4.2.3
                context.setdefault(relation, []).append(target)
        contexts.append(context)
    return (json.dumps({"linkset": contexts}, ensure_ascii=False, indent=1) + "\n").encode()


def anchored_links(
    address: str, query: str, offers: Sequence[Format], links: Sequence[Link]
) -> list[tuple[str, list[Link]]]:
    """Return the links of a resource and those back from its data files: FAIR Signposting level 2."""
    page = [each for each in links if each.relation != "linkset"]
    back = [
        (
            f"{address}.{offer.extension}{query}",
            [link(address + query, "describes", type=HTML.media_type if HTML in offers else "")],
        )
        for offer in offers
        if offer is not HTML
    ]
    return [(address + query, page), *back]
