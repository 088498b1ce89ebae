"""Look-ups in a description that holds a whole graph: values, blank nodes and RDF lists by one name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from ptce_lod import namespaces as ns
from ptce_lod.query.backend import Description

_NIL: Final = ns.RDF + "nil"
#: Members of a list that are read; a longer one, or one that bites its tail, ends here.
LONGEST_LIST: Final = 1000


class Graph:
    """A graph by subject and predicate. Nodes are named by their IRI, blank nodes by their label."""

    def __init__(self, description: Description) -> None:
        self.description = description

    def values(self, subject: str, predicate: str) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
        """Return the objects of (subject, predicate), sorted, so that the order of a store does not show."""
        return sorted(self.description.objects(subject, predicate), key=str)

    def names(self, subject: str, predicate: str) -> list[str]:
        """Return the objects that are IRIs or blank nodes by name, sorted."""
        return [v.value for v in self.values(subject, predicate) if not isinstance(v, ox.Literal)]

    def name(self, subject: str, predicate: str) -> str:
        """Return the first of :meth:`names`, or an empty text."""
        return next(iter(self.names(subject, predicate)), "")

    def literal(self, subject: str, predicate: str) -> str:
        """Return the lexical form of the first literal of (subject, predicate), or an empty text."""
        return next((v.value for v in self.values(subject, predicate) if isinstance(v, ox.Literal)), "")

    def number(self, subject: str, predicate: str) -> int | None:
        """Return a whole number, or None."""
        text = self.literal(subject, predicate)
        return int(text) if text.lstrip("+-").isdecimal() else None

    def members(self, name: str) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
        """Return the members of an RDF list in order."""
        found: list[ox.NamedNode | ox.BlankNode | ox.Literal] = []
        while name and name != _NIL and len(found) < LONGEST_LIST:
            found.extend(self.values(name, ns.RDF + "first")[:1])
            name = self.name(name, ns.RDF + "rest")
        return found

    def is_list(self, name: str) -> bool:
        """Say whether ``name`` is a cell of an RDF list, or the empty one."""
        return name == _NIL or bool(self.name(name, ns.RDF + "rest"))

    def of_type(self, *types: str) -> list[str]:
        """Return the nodes of a class, by name, sorted."""
        found = {s for type_ in types for s in self.description.subjects(ns.RDF + "type", type_)}
        return sorted(found)

    def lists(self, subject: str, predicate: str) -> Iterator[list[str]]:
        """Yield the names of the members of each list that is an object of (subject, predicate)."""
        for head in self.names(subject, predicate):
            yield [m.value for m in self.members(head) if not isinstance(m, ox.Literal)]
