"""Collect the network of cooperation for ``network.json``, once, at build: poles, actors, what links them, and where to draw them.

Positions need no force that a browser would have to let run: each connected part is drawn as a tree around its best linked pole, and the
parts are set beside each other. The network is nearly a tree, the work is linear, and equal data give equal drawings.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from itertools import combinations
from typing import Any, Final

import pyoxigraph as ox

from ptce_lod.release.search_details import select, text_of

#: Parties of one cooperation that are linked pair by pair; of more, each is linked to the pole alone.
_PAIRWISE: Final = 6
#: Width of the drawing, as a multiple of a square's side.
_WIDTH: Final = 1.6
#: Distance between the rings of a tree, least room of a leaf on its ring, and room between parts.
_RING, _LEAF, _GAP = 90.0, 30.0, 50.0
_PARTICIPATIONS: Final = """
SELECT ?iri ?pole ?actor ?role ?start ?end WHERE {
  ?iri a ptce:Participation ; org:organization ?pole ; org:member ?actor . ?pole a ptce:Pole
  OPTIONAL { ?iri org:role ?role } OPTIONAL { ?iri ptce:startDate ?start } OPTIONAL { ?iri ptce:endDate ?end }
}"""
_COOPERATIONS: Final = """
SELECT ?iri ?party ?pole ?kind ?start ?end WHERE {
  ?iri a ptce:Cooperation ; ptce:party ?party
  OPTIONAL { ?iri ptce:withinPole ?pole } OPTIONAL { ?iri ptce:cooperationType ?kind }
  OPTIONAL { ?iri ptce:startDate ?start } OPTIONAL { ?iri ptce:endDate ?end }
}"""
_KINDS: Final = "SELECT ?iri ?type WHERE { ?iri ptce:actorType ?type }"
_POLES: Final = "SELECT ?iri WHERE { ?iri a ptce:Pole FILTER NOT EXISTS { ?iri owl:deprecated true } }"

Edge = dict[str, Any]


def network(store: ox.Store) -> dict[str, list[dict[str, Any]]]:
    """Return ``nodes`` (``id kind type x y degree``) and ``edges`` (``iri kind source target what pole start end``), sorted.

    Kinds of nodes are "pole" and "actor", of edges "participation" (from the actor to the pole, ``what`` is the role) and "cooperation"
    (between parties, or from a party to the pole). Poles without any link are nodes, actors without one are not.
    """
    edges = sorted([*_participations(store), *_cooperations(store)], key=_key)
    poles = {text_of(row["iri"]) for row in select(store, _POLES)}
    types: dict[str, str] = {}
    for row in select(store, _KINDS):
        iri, type_ = text_of(row["iri"]), text_of(row["type"])
        types[iri] = min(types.get(iri, type_), type_)
    neighbors: defaultdict[str, set[str]] = defaultdict(set)
    for edge in edges:
        neighbors[edge["source"]].add(edge["target"])
        neighbors[edge["target"]].add(edge["source"])
    everyone = sorted(poles | neighbors.keys())
    places = _places(everyone, neighbors, poles)
    nodes = [
        {
            "id": iri,
            "kind": "pole" if iri in poles else "actor",
            "type": types.get(iri, ""),
            "x": round(places[iri][0], 1),
            "y": round(places[iri][1], 1),
            "degree": len(neighbors.get(iri, ())),
        }
        for iri in everyone
    ]
    return {"nodes": nodes, "edges": edges}


def _key(edge: Edge) -> tuple[str, ...]:
    return (edge["kind"], edge["iri"], edge["source"], edge["target"], edge["what"])


def _text(row: ox.QuerySolution, name: str) -> str:
    return text_of(row[name]) if row[name] is not None else ""


def _participations(store: ox.Store) -> list[Edge]:
    found: dict[str, Edge] = {}
    for row in select(store, _PARTICIPATIONS):
        edge = {
            "kind": "participation",
            "iri": _text(row, "iri"),
            "source": _text(row, "actor"),
            "target": _text(row, "pole"),
            "what": _text(row, "role"),
            "pole": _text(row, "pole"),
            "start": _text(row, "start"),
            "end": _text(row, "end"),
        }
        known = found.setdefault(edge["iri"], edge)
        if tuple(edge.values()) < tuple(known.values()):
            found[edge["iri"]] = edge
    return list(found.values())


def _cooperations(store: ox.Store) -> list[Edge]:
    parties: defaultdict[str, set[str]] = defaultdict(set)
    values: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in select(store, _COOPERATIONS):
        iri = _text(row, "iri")
        parties[iri].add(_text(row, "party"))
        for name in ("pole", "kind", "start", "end"):
            if value := _text(row, name):
                values[iri][name].add(value)
    edges = []
    for iri, members in parties.items():
        about = {name: min(found) for name, found in values[iri].items()}
        pole = about.get("pole", "")
        pairs = list(combinations(sorted(members), 2))
        if len(members) > _PAIRWISE and pole:
            pairs = [(member, pole) for member in sorted(members) if member != pole]
        elif len(members) == 1 and pole:
            pairs = [(member, pole) for member in members if member != pole]
        edges += [
            {
                "kind": "cooperation",
                "iri": iri,
                "source": source,
                "target": target,
                "what": about.get("kind", ""),
                "pole": pole,
                "start": about.get("start", ""),
                "end": about.get("end", ""),
            }
            for source, target in pairs
        ]
    return edges


def _places(
    nodes: list[str], neighbors: dict[str, set[str]], poles: set[str]
) -> dict[str, tuple[float, float]]:
    """Return the place of each node: parts by size, the largest first, row by row, broader than high."""
    drawn = []
    left = set(nodes)
    for node in nodes:
        if node not in left:
            continue
        part = _part(node, neighbors)
        left -= part
        drawn.append(_tree(part, neighbors, poles))
    drawn.sort(key=lambda tree: (-_radius(tree), min(tree)))
    side = math.sqrt(sum((2 * _radius(tree) + _GAP) ** 2 for tree in drawn)) * _WIDTH
    places: dict[str, tuple[float, float]] = {}
    x, y, tallest = 0.0, 0.0, 0.0
    for tree in drawn:
        size = 2 * _radius(tree) + _GAP
        if x and x + size > side:
            x, y, tallest = 0.0, y + tallest, 0.0
        tallest = max(tallest, size)
        for node, (a, b) in tree.items():
            places[node] = (x + size / 2 + a, y + size / 2 + b)
        x += size
    return places


def _radius(tree: dict[str, tuple[float, float]]) -> float:
    return max(math.hypot(x, y) for x, y in tree.values())


def _part(start: str, neighbors: dict[str, set[str]]) -> set[str]:
    seen, waiting = {start}, [start]
    while waiting:
        for other in neighbors.get(waiting.pop(), ()):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen


def _tree(part: set[str], neighbors: dict[str, set[str]], poles: set[str]) -> dict[str, tuple[float, float]]:
    """Return the places of a connected part around its best linked node, ring by ring; each branch has the angle that its leaves need."""
    root = min(part, key=lambda node: (node not in poles, -len(neighbors.get(node, ())), node))
    children: defaultdict[str, list[str]] = defaultdict(list)
    order, seen, waiting = [root], {root}, deque([root])
    while waiting:
        node = waiting.popleft()
        for other in sorted(neighbors.get(node, ()), key=lambda n: (-len(neighbors.get(n, ())), n)):
            if other not in seen:
                seen.add(other)
                children[node].append(other)
                order.append(other)
                waiting.append(other)
    leaves: dict[str, int] = {}
    for node in reversed(order):
        leaves[node] = sum(leaves[child] for child in children[node]) or 1
    # Rings far enough from each other that the leaves of the whole have room.
    depth = {root: 0}
    angles = {root: (0.0, 2 * math.pi)}
    places = {root: (0.0, 0.0)}
    ring = max(_RING, leaves[root] * _LEAF / (2 * math.pi) / max(1, _height(root, children)))
    for node in order:
        begin, room = angles[node]
        for child in children[node]:
            share = room * leaves[child] / leaves[node]
            angles[child] = (begin, share)
            depth[child] = depth[node] + 1
            angle, distance = begin + share / 2, depth[child] * ring
            places[child] = (distance * math.cos(angle), distance * math.sin(angle))
            begin += share
    return places


def _height(root: str, children: dict[str, list[str]]) -> int:
    height, level = 0, [root]
    while level := [child for node in level for child in children.get(node, ())]:
        height += 1
    return height
