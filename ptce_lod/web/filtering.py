"""The part of the network of cooperation that filters leave."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from ptce_lod.namespaces import CONCEPT
from ptce_lod.settings import Settings

#: Filters of concepts: parameter → what its values are the end of.
SCHEMES: Final = {"kind": "actor-type/", "role": "role/", "cooperation": "cooperation-type/"}


@dataclass(frozen=True)
class Filters:
    """What narrows a network; "" for no narrowing. ``pole`` is a slug, ``year`` four digits, the others ends of concepts' IRIs."""

    pole: str = ""
    kind: str = ""
    role: str = ""
    cooperation: str = ""
    year: str = ""

    def query(self) -> str:
        """Return the query of the address."""
        return urlencode([(name, value) for name, value in vars(self).items() if value])


@dataclass(frozen=True)
class Network:
    """The nodes and edges that filters leave, and the choices there are: parameter → (value, number of edges)."""

    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    choices: dict[str, list[tuple[str, int]]] = field(default_factory=dict)

    @cached_property
    def types(self) -> dict[str, str]:
        """IRI of a node → kind of actor."""
        return {node["id"]: node["type"] for node in self.nodes}

    @cached_property
    def all_choices(self) -> dict[str, list[tuple[str, int]]]:
        """The choices of each filter in the whole network."""
        return _choices(self, self.types)


def filtered(everything: Network, filters: Filters, settings: Settings) -> Network:
    """Return what the filters leave; a node stays when an edge of it does, and any pole when nothing is asked for.

    A choice of roles leaves participations alone, one of cooperations cooperations alone. With a year stays what had begun by its end and
    had not ended before it; what has no date stays out.
    """
    types = everything.types
    pole = settings.addresses.thing("pole", filters.pole) if filters.pole else ""

    def stays(edge: dict[str, Any]) -> bool:
        if pole and pole not in (edge["pole"], edge["source"], edge["target"]):
            return False
        if filters.role and (
            edge["kind"] != "participation" or edge["what"] != _concept("role", filters.role)
        ):
            return False
        wanted = _concept("cooperation", filters.cooperation)
        if filters.cooperation and (edge["kind"] != "cooperation" or edge["what"] != wanted):
            return False
        if filters.kind and _concept("kind", filters.kind) not in (
            types[edge["source"]],
            types[edge["target"]],
        ):
            return False
        begun = edge["start"][:4]
        return not filters.year or bool(begun and begun <= filters.year <= (edge["end"][:4] or "9999"))

    edges = [edge for edge in everything.edges if stays(edge)]
    linked = {iri for edge in edges for iri in (edge["source"], edge["target"])}
    is_free = filters == Filters()
    nodes = [
        node for node in everything.nodes if node["id"] in linked or (is_free and node["kind"] == "pole")
    ]
    return Network(nodes, edges, everything.all_choices)


def _concept(name: str, value: str) -> str:
    return f"{CONCEPT}{SCHEMES[name]}{value}"


def _choices(everything: Network, types: dict[str, str]) -> dict[str, list[tuple[str, int]]]:
    counts: dict[str, dict[str, int]] = {name: {} for name in ("pole", *SCHEMES, "year")}
    for edge in everything.edges:
        name = "role" if edge["kind"] == "participation" else "cooperation"
        kinds = {types[edge["source"]], types[edge["target"]]} - {""}
        found = [(name, edge["what"]), ("pole", edge["pole"]), ("year", edge["start"][:4])]
        for key, value in [*found, *(("kind", kind) for kind in kinds)]:
            if value:
                counts[key][value] = counts[key].get(value, 0) + 1
    return {name: sorted(found.items()) for name, found in counts.items()}
