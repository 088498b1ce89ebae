"""The contract between the web and whatever carries out writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from ptce_lod.validate.report import ValidationReport


@dataclass(frozen=True)
class UpdateRequest:
    """An update by SPARQL; ``using`` and ``using_named`` name the dataset of its patterns, as the protocol's parameters do."""

    text: str
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    project_prefixes: bool = True


@dataclass(frozen=True)
class RdfBody:
    """RDF that a client sent: ``format`` is the name of a registered format, ``base_iri`` resolves relative IRIs."""

    data: bytes
    format: str
    base_iri: str


@dataclass(frozen=True)
class GraphRequest:
    """A change of one graph by the Graph Store Protocol; ``graph`` is its IRI, empty for the default graph."""

    graph: str
    action: Literal["put", "post", "delete"]
    bodies: tuple[RdfBody, ...] = ()


@dataclass(frozen=True)
class Author:
    """Who writes: the name of the token, and the beginnings of the IRIs of the graphs it may change (none: all)."""

    name: str
    graphs: tuple[str, ...] = ()

    def may_write(self, graph: str) -> bool:
        """Say whether this author may change a graph; the default graph has no name and is for those who may change all."""
        return not self.graphs or (bool(graph) and graph.startswith(self.graphs))


@dataclass(frozen=True)
class Outcome:
    """What a write did, or would do.

    ``release`` is the id of the release that is served afterwards (of the one before, for a dry run); ``patch`` is the difference as an
    RDF Patch; ``created`` says that the graph of a :class:`GraphRequest` was not there before.
    """

    release: str
    added: int
    removed: int
    patch: str = ""
    report: ValidationReport | None = None
    created: bool = False
    dry_run: bool = False


class Writer(Protocol):
    """Carries out writes, one after the other."""

    def write(
        self,
        request: UpdateRequest | GraphRequest,
        author: Author,
        *,
        dry_run: bool = False,
        if_release: tuple[str, ...] = (),
    ) -> Outcome:
        """Carry out one write, if the release is still one of ``if_release`` (none: whichever it is).

        Raises, all of :mod:`ptce_lod.errors`: ``PreconditionFailed`` when it is not; a ``QueryError`` for a bad or refused update;
        ``DataRejected`` when the result breaks a shape; ``ParseError`` for a body that is no RDF; ``Forbidden``; ``ThingNotFound`` for
        deleting a graph that is not there; ``ReleaseLocked``; ``StorageFull``. After an error nothing is changed.
        """
        ...

    def has_graph(self, graph: str) -> bool:
        """Say whether there is a graph of that IRI; the default graph ("") is always there."""
        ...
