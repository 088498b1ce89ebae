"""For each term of the vocabulary one real use of it, found once at build: its documentation shows it, nobody searches during a request."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

import pyoxigraph as ox

from ptce_lod import namespaces as ns

#: Uses of a term among which the example is chosen; the first in the store's order, which equal data make equal.
CANDIDATES: Final = 500
#: Statements of an example at most.
STATEMENTS: Final = 9

_TYPE: Final = ox.NamedNode(ns.RDF + "type")
_LABEL: Final = ox.NamedNode(ns.SKOS + "prefLabel")
_TERMS: Final = tuple(
    ox.NamedNode(iri)
    for iri in (
        ns.OWL + "Class",
        ns.OWL + "ObjectProperty",
        ns.OWL + "DatatypeProperty",
        ns.RDFS + "Datatype",
    )
)


def term_examples(store: ox.Store) -> dict[str, str]:
    """Return term IRI → N-Triples lines of one use of it; terms that nothing uses are absent.

    A class is shown by the thing that says most of itself within :data:`STATEMENTS` statements, a property by one statement, a datatype by
    a statement with a value of it. Equal data give equal examples.
    """
    found: dict[str, str] = {}
    datatypes: list[str] = []
    for kind in _TERMS:
        for quad in store.quads_for_pattern(None, _TYPE, kind, ox.DefaultGraph()):
            term = quad.subject
            if not isinstance(term, ox.NamedNode) or not term.value.startswith((ns.PTCE, ns.DATATYPE)):
                continue
            if kind.value == ns.RDFS + "Datatype":
                datatypes.append(term.value)
                continue
            triples = _instance(store, term) if kind.value == ns.OWL + "Class" else _statement(store, term)
            if triples:
                found[term.value] = _lines(triples)
    for datatype in datatypes:
        if triples := _typed_value(store, datatype):
            found[datatype] = _lines(triples)
    return dict(sorted(found.items()))


def _lines(triples: Iterable[ox.Triple]) -> str:
    return "".join(f"{triple} .\n" for triple in triples)


def _triples(
    store: ox.Store,
    subject: ox.NamedNode | None,
    predicate: ox.NamedNode | None,
    object_: ox.NamedNode | None,
) -> list[ox.Triple]:
    found = store.quads_for_pattern(subject, predicate, object_, ox.DefaultGraph())
    return [quad.triple for quad in islice(found, CANDIDATES)]


def _instance(store: ox.Store, class_: ox.NamedNode) -> list[ox.Triple]:
    best: tuple[tuple[int, str], list[ox.Triple]] | None = None
    for typed in _triples(store, None, _TYPE, class_):
        thing = typed.subject
        if not isinstance(thing, ox.NamedNode):
            continue
        said = [t for t in _triples(store, thing, None, None) if not isinstance(t.object, ox.BlankNode)]
        # A property's first value stands for all of them: the example shows what may be said, not all that is.
        said.sort(key=_order)
        kept: dict[str, ox.Triple] = {}
        for triple in said:
            kept.setdefault(triple.predicate.value, triple)
        kept[_TYPE.value] = typed
        rank = (-min(len(kept), STATEMENTS), thing.value)
        if best is None or rank < best[0]:
            best = rank, sorted(kept.values(), key=_order)[:STATEMENTS]
    return best[1] if best else []


def _order(triple: ox.Triple) -> tuple[int, str, str]:
    """Sort the class first, then the name, then our own properties: what the vocabulary is about."""
    predicate = triple.predicate.value
    if triple.predicate == _TYPE:
        return 0, "", str(triple.object)
    if triple.predicate == _LABEL:
        return 1, "", str(triple.object)
    return (2 if predicate.startswith(ns.PTCE) else 3), predicate, str(triple.object)


def _statement(store: ox.Store, property_: ox.NamedNode) -> list[ox.Triple]:
    named = [t for t in _triples(store, None, property_, None) if isinstance(t.subject, ox.NamedNode)]
    return [min(named, key=str)] if named else []


def _typed_value(store: ox.Store, datatype: str) -> list[ox.Triple]:
    query = f"SELECT ?s ?p ?o WHERE {{ ?s ?p ?o FILTER(DATATYPE(?o) = <{datatype}> && ISIRI(?s)) }} LIMIT 1"
    for solution in store.query(query):  # type: ignore[union-attr] # SELECT gives solutions
        return [ox.Triple(solution["s"], solution["p"], solution["o"])]
    return []
