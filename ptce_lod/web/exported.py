"""What an exported site leaves out: the services that need a server, and what names them.

In an exported site nothing answers but files. Search and SPARQL are there as pages that work in the browser; no program gets an answer of
them. Whoever reads a description of the site finds only what answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import pyoxigraph as ox
from flask import g

from ptce_lod.namespaces import VOID
from ptce_lod.web import context

#: Ends of the addresses of services that only a server answers.
SERVED: Final = ("sparql", "fragments", "search", "reconcile")
#: What says in VoID where such a service is.
_ENDPOINTS: Final = frozenset(
    VOID + name for name in ("sparqlEndpoint", "uriLookupEndpoint", "openSearchDescription")
)
#: Paths of the description of routes that no file answers.
_SERVED_PATHS: Final = re.compile(
    r"/(sparql|fragments|reconcile|search|suggest|lookup|links|update|rdf-graph-store|memento|timemap|healthz|readyz)(?![a-z-])"
    # Of these, nothing but the history.
    r"|/(ns|shapes)[.]json$"
)


def is_served(address: str) -> bool:
    """Say whether ``address`` is that of a service, or of a file of one, that an exported site has not."""
    return context.is_exported() and is_of_service(address, context.settings().base_iri)


def is_of_service(address: str, base: str) -> bool:
    """Say whether ``address`` is that of a service below ``base``, or of a file of one, that only a server has."""
    # Asked of each link of each document: nearly all of them begin otherwise.
    if not address.startswith(SERVED, len(base)) or not address.startswith(base):
        return False
    return re.split(r"[./?#]", address[len(base) :], maxsplit=1)[0] in SERVED


def answered(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return a description without the services that nothing answers; all of it when a server asks."""
    found = list(quads)
    if not context.is_exported():
        return found
    base = context.settings().base_iri
    gone = {base + name for name in SERVED}
    return [
        quad
        for quad in found
        if quad.predicate.value not in _ENDPOINTS
        and not any(isinstance(t, ox.NamedNode) and t.value in gone for t in (quad.subject, quad.object))
    ]


def answered_paths(description: Mapping[str, Any]) -> dict[str, Any]:
    """Return a description of routes (OpenAPI) with those that files answer, and their chapters; all of it when a server asks."""
    if not context.is_exported():
        return dict(description)
    paths = {path: item for path, item in description["paths"].items() if not _SERVED_PATHS.match(path)}
    used = {
        tag
        for item in paths.values()
        for operation in item.values()
        if isinstance(operation, dict)
        for tag in operation.get("tags", ())
    }
    return {**description, "paths": paths, "tags": [t for t in description["tags"] if t["name"] in used]}


def leave(files: Mapping[str, Callable[[], bytes]]) -> None:
    """Leave the other files of the resource that is answered (extension → what makes it) to the exporter, when it is the one who asks."""
    if context.is_exported():
        g.left_files = files


def left() -> Mapping[str, Callable[[], bytes]]:
    """Return what :func:`leave` was given in this request; nothing when it was not called. Each is made as long as the request lasts."""
    files: Mapping[str, Callable[[], bytes]] = g.get("left_files", {})
    return files
