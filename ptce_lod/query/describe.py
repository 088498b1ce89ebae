"""Descriptions of one thing, read from the store by patterns: the rule is in docs/explanation/descriptions.md.

A document is a concise bounded description (W3C member submission, 2005) over all named graphs, widened to the nodes that exist only to
describe the thing, with labels of all it mentions. Patterns, not SPARQL: half the time, and no text to inject into.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Final

import pyoxigraph as ox

from ptce_lod import description_rule as rule
from ptce_lod import namespaces as ns
from ptce_lod.iris import AddressSpace
from ptce_lod.query.backend import PAGE_LINKS, Description
from ptce_lod.query.named_graphs import NamedGraphs
from ptce_lod.query.subjects import SubjectIndex, parse

#: The rule's properties, as the engine's terms.
DEFINING: Final = tuple(ox.NamedNode(iri) for iri in rule.DEFINING)
OWNED: Final = frozenset(ox.NamedNode(iri) for iri in rule.OWNED)
LABELS: Final = tuple(
    ox.NamedNode(iri)
    for iri in (ns.SKOS + "prefLabel", ns.RDFS + "label", ns.DCTERMS + "title", ns.FOAF + "name")
)
#: What a document says of a page or table that it cites, beside its title.
CITED: Final = frozenset(
    {
        *LABELS,
        ox.NamedNode(ns.SCHEMA + "url"),
        ox.NamedNode(ns.DCTERMS + "issued"),
        ox.NamedNode(ns.DCTERMS + "license"),
        ox.NamedNode(ns.DCTERMS + "rights"),
        ox.NamedNode("http://purl.org/dc/elements/1.1/publisher"),
        ox.NamedNode(ns.PAV + "retrievedFrom"),
        ox.NamedNode(ns.PAV + "retrievedOn"),
        ox.NamedNode(ns.RDF + "type"),
    }
)
#: Incoming links read at once, shown on a page; dependent nodes described at most.
INCOMING_READ: Final = 2000
INCOMING_SHOWN: Final = PAGE_LINKS
DEPENDENTS: Final = 400
#: Nodes of which one process remembers the labels.
LABEL_CACHE: Final = 8_000

_LABEL_SET: Final = frozenset(LABELS)
#: What a document says of everything it mentions: its labels, and what kind of actor it is.
_LABEL_NAMES: Final = frozenset(str(node) for node in (*LABELS, ox.NamedNode(ns.PTCE + "actorType")))
_CITED_NAMES: Final = frozenset(str(node) for node in CITED)
_RDF_TYPE: Final = ox.NamedNode(ns.RDF + "type")
_DERIVED_FROM: Final = ox.NamedNode(ns.PROV + "wasDerivedFrom")
_IN_SCHEME: Final = ox.NamedNode(ns.SKOS + "inScheme")
_DEFINING_SET: Final = frozenset(DEFINING)


class Describer:
    """Describes what one release says. ``store`` is opened read-only and does not change, so look-ups are remembered."""

    def __init__(
        self, store: ox.Store, subjects: SubjectIndex, addresses: AddressSpace, vocabulary_version: str
    ) -> None:
        self._subjects = subjects
        self._addresses = addresses
        self._vocabulary = vocabulary_version
        self._source_prefix = f"<{addresses.base_iri}id/source/"
        self._brief_cache: dict[str, tuple[ox.Quad, ...]] = {}
        self._graph_description = lru_cache(maxsize=1000)(self._read_graph_description)
        self._whole_graph = lru_cache(maxsize=8)(self._read_whole_graph)
        self._graphs = NamedGraphs(store)
        self._link_counts: dict[str, int] = {}

    def close(self) -> None:
        """Let go of the store, whose files are closed when nobody holds it; nothing can be described afterwards."""
        self.__dict__.pop("_graphs", None)

    def describe(self, iri: str, page: int = 1) -> Description | None:
        """Return the description of ``iri``, or None when no quad has it as its subject.

        Incoming links beyond the first :data:`~ptce_lod.query.backend.PAGE_LINKS` stand on further pages, from 2, which else hold only the
        thing's labels and classes; a page beyond the last has no link.

        The ontology, one of its terms, the alignments and the shapes are described by their whole graph, a scheme with all of its concepts.
        """
        if iri == ns.ONTOLOGY or iri.startswith((ns.ONTOLOGY + "#", ns.ONTOLOGY + "/")):
            quads = self._whole_graph("vocabulary")
            known = iri == ns.ONTOLOGY or any(q.subject == ox.NamedNode(iri) for q in quads)
            known = known or iri == f"{ns.ONTOLOGY}/{self._vocabulary}"
            return Description(iri, quads) if quads and known else None
        if iri == ns.SHAPES_DOCUMENT or iri.startswith(ns.SHAPES):
            quads = self._whole_graph("shapes")
            return Description(iri, quads) if quads else None
        if iri == ns.ALIGNMENTS:
            quads = self._whole_graph("alignments")
            return Description(iri, quads) if quads else None
        return self._describe_thing(ox.NamedNode(iri), page)

    def labels(self, iri: str) -> list[ox.Literal]:
        """Return the labels of ``iri``: those of the first labelling property it has."""
        quads = self._briefs([iri])
        for predicate in LABELS:
            found = [q.object for q in quads if q.predicate == predicate and isinstance(q.object, ox.Literal)]
            if found:
                return found
        return []

    def lines(self, iri: str) -> str:
        """Return the quads of ``iri`` itself as canonical lines; "" when there are none."""
        return "\n".join(self._subjects.lines([iri]))

    def properties(self, iri: str) -> Iterator[tuple[str, ox.NamedNode | ox.Literal]]:
        """Yield (property IRI, value) of ``iri`` itself."""
        for quad in self._of(ox.NamedNode(iri)):
            if isinstance(quad.object, (ox.NamedNode, ox.Literal)):
                yield quad.predicate.value, quad.object

    def _of(self, subject: ox.NamedNode) -> list[ox.Quad]:
        return self._subjects.quads([subject.value])

    def _describe_thing(self, thing: ox.NamedNode, page: int) -> Description | None:
        # its class first, as a person writes it
        own = sorted(self._of(thing), key=lambda quad: quad.predicate != _RDF_TYPE)
        if not own:
            return None
        graph = thing.value.startswith(self._addresses.base_iri + "graph/")
        quads = list(own)
        described = {thing}
        self._add_owned(own, quads, described)
        others, total = (iter(()), 0) if graph else self._add_dependents(thing, quads, described)
        if page > 1:
            quads = [quad for quad in own if quad.predicate == _RDF_TYPE or quad.predicate in _LABEL_SET]
            described = {thing}
        begin = (page - 1) * INCOMING_SHOWN
        quads.extend(islice(others, begin, begin + INCOMING_SHOWN))
        if page == 1 and thing.value.startswith(ns.SCHEME):
            self._add_concepts(thing, quads, described)
        self._add_labels(quads, described)
        return Description(thing.value, quads, links=total, page=page)

    def _add_owned(
        self, start: Iterable[ox.Quad], quads: list[ox.Quad], described: set[ox.NamedNode]
    ) -> None:
        """Add the properties of nodes that ``start`` owns, and of what these own."""
        waiting = list(start)
        while waiting and len(described) <= DEPENDENTS:
            owned: dict[ox.NamedNode, None] = {}
            for quad in waiting:
                node = quad.object
                if (
                    isinstance(node, ox.NamedNode)
                    and node not in described
                    and (quad.predicate in OWNED or node.value.startswith(f"{_value(quad.subject)}#"))
                ):
                    owned[node] = None
            described.update(owned)
            waiting = self._subjects.quads([node.value for node in owned])
            quads.extend(waiting)

    def _add_dependents(
        self, thing: ox.NamedNode, quads: list[ox.Quad], described: set[ox.NamedNode]
    ) -> tuple[Iterator[ox.Quad], int]:
        """Add the dependent nodes that point at ``thing``; return the other incoming links, in the store's order, and their number."""
        first, is_all = self._graphs.first_pointing_at(thing, INCOMING_READ)
        candidates = list(first)
        if not is_all:
            # The cut may have hidden dependents: ask for them by name.
            for predicate in DEFINING:
                candidates.extend(islice(self._graphs.matching(None, predicate, thing, None), DEPENDENTS))
        dependents: dict[ox.NamedNode, None] = {}
        for quad in candidates:
            subject = quad.subject
            if (
                quad.predicate in _DEFINING_SET
                and isinstance(subject, ox.NamedNode)
                and subject not in described
                and len(described) + len(dependents) <= DEPENDENTS
            ):
                dependents[subject] = None
        described.update(dependents)
        found = self._subjects.quads([node.value for node in dependents])
        quads.extend(found)
        self._add_owned(found, quads, described)
        known = frozenset(described)

        def others(incoming: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
            return (q for q in incoming if isinstance(q.subject, ox.NamedNode) and q.subject not in known)

        if is_all:
            shown = list(others(first))
            return iter(shown), len(shown)
        total = self._link_counts.get(thing.value)
        if total is None:
            total = self._link_counts[thing.value] = self._graphs.count_pointing_at(thing) - sum(
                1 for node in known for _ in self._graphs.matching(node, None, thing, None)
            )
        return others(self._graphs.pointing_at(thing)), total

    def _add_concepts(self, scheme: ox.NamedNode, quads: list[ox.Quad], described: set[ox.NamedNode]) -> None:
        for quad in self._graphs.matching(None, _IN_SCHEME, scheme, None):
            if isinstance(quad.subject, ox.NamedNode) and quad.subject not in described:
                described.add(quad.subject)
                quads.extend(self._of(quad.subject))

    def _add_labels(self, quads: list[ox.Quad], described: set[ox.NamedNode]) -> None:
        """Add labels of all that is mentioned, what is to be known of cited sources, and the graphs' descriptions."""
        graphs = dict.fromkeys(quad.graph_name for quad in quads)
        for graph in graphs:
            if isinstance(graph, ox.NamedNode) and graph not in described:
                described.add(graph)
                quads.extend(self._graph_description(graph))
        mentioned: dict[object, None] = {}
        for subject, _, object_, _ in quads:
            mentioned[subject] = None
            if object_.__class__ is ox.NamedNode:
                mentioned[object_] = None
        missing = [
            node.value for node in mentioned if isinstance(node, ox.NamedNode) and node not in described
        ]
        quads.extend(self._briefs(missing))

    def _briefs(self, iris: list[str]) -> list[ox.Quad]:
        """Return labels of ``iris``; of a source also address, date, licence and publisher. What was read once is remembered."""
        cache = self._brief_cache
        found = {iri: cache[iri] for iri in iris if iri in cache}
        if len(found) < len(iris):
            read = self._read_briefs([iri for iri in iris if iri not in found])
            if len(cache) + len(read) > LABEL_CACHE:
                cache.clear()
            cache.update(read)
            found.update(read)
        return [quad for iri in iris for quad in found[iri]]

    def _read_briefs(self, iris: list[str]) -> dict[str, tuple[ox.Quad, ...]]:
        """Read labels of ``iris`` in one go; only the lines that hold them are parsed."""
        kept: list[str] = []
        for block in self._subjects.lines(iris):
            names = _CITED_NAMES if block.startswith(self._source_prefix) else _LABEL_NAMES
            kept.extend(line for line in block.split("\n") if line.split(" ", 2)[1] in names)
        found: dict[str, list[ox.Quad]] = {iri: [] for iri in iris}
        for quad in parse(kept):
            found[_value(quad.subject)].append(quad)
        return {iri: tuple(_first_labels(quads)) for iri, quads in found.items()}

    def _read_graph_description(self, graph: ox.NamedNode) -> tuple[ox.Quad, ...]:
        """Return what the catalogue says of ``graph``, without its derivation from other graphs: its own document lists them."""
        graphs = self._addresses.base_iri + "graph/"
        return tuple(
            q
            for q in self._of(graph)
            if q.graph_name != graph
            and not (q.predicate == _DERIVED_FROM and _value(q.object).startswith(graphs))
        )

    def _graph_node(self, name: str) -> ox.NamedNode:
        return ox.NamedNode(f"{self._addresses.base_iri}graph/{name}/{self._vocabulary}")

    def _read_whole_graph(self, name: str) -> tuple[ox.Quad, ...]:
        return tuple(self._graphs.matching(None, None, None, self._graph_node(name)))


def _first_labels(quads: list[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield ``quads`` without labels by a later labelling property than the first that occurs."""
    first = next((predicate for predicate in LABELS if any(q.predicate == predicate for q in quads)), None)
    for quad in quads:
        if quad.predicate == first or quad.predicate not in _LABEL_SET:
            yield quad


def _value(node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)
