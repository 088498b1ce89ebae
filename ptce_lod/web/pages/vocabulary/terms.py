"""The terms of the vocabulary as plain values: what its documentation says of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox

from ptce_lod import namespaces as ns
from ptce_lod.query.backend import Description
from ptce_lod.web.pages.i18n import translator
from ptce_lod.web.pages.reading import Reader, Text
from ptce_lod.web.pages.vocabulary.example import Example, ExampleWriter
from ptce_lod.web.pages.vocabulary.graph import Graph
from ptce_lod.web.pages.vocabulary.names import Names, is_ours, local_name, prefixed
from ptce_lod.web.pages.vocabulary.shapes import NodeShape, Rule
from ptce_lod.web.pages.vocabulary.words import Words, join, plain

_EMPTY: Final = Text("", "")
_STATUS: Final = "http://www.w3.org/2003/06/sw-vocab-status/ns#term_status"
#: Section of the page → class of its terms.
KINDS: Final = (
    ("classes", ns.OWL + "Class"),
    ("object-properties", ns.OWL + "ObjectProperty"),
    ("datatype-properties", ns.OWL + "DatatypeProperty"),
    ("datatypes", ns.RDFS + "Datatype"),
)
_QUERIES: Final = {
    "classes": "SELECT ?thing ?name WHERE {{\n  ?thing a {term} .\n  OPTIONAL {{ ?thing skos:prefLabel ?name }}\n}}\nLIMIT 100",
    "object-properties": "SELECT ?thing ?value WHERE {{\n  ?thing {term} ?value\n}}\nLIMIT 100",
    "datatype-properties": "SELECT ?thing ?value WHERE {{\n  ?thing {term} ?value\n}}\nLIMIT 100",
    "datatypes": "SELECT ?thing ?property ?value WHERE {{\n  ?thing ?property ?value\n  FILTER(DATATYPE(?value) = {term})\n}}\nLIMIT 100",
}


@dataclass(frozen=True)
class Relation:
    """A heading and what stands under it."""

    heading: str
    values: tuple[Words, ...]


@dataclass(frozen=True)
class Constraint:
    """One thing that the shapes ask where the term is concerned.

    ``of`` is the shape's or the rule's name; ``path`` is the property, where that is not the term itself.
    """

    of: Text
    path: Words
    words: Words
    severity: str
    severity_label: str
    message: Text
    anchor: str


@dataclass(frozen=True)
class Term:
    """One term. ``uses`` counts statements (of a class: things); ``query`` is the address of a query for them, empty without any."""

    iri: str
    name: str
    prefixed: str
    label: Text
    other_label: Text
    definition: Text
    other_definition: Text
    notes: tuple[Text, ...]
    example_text: Text
    status: str
    status_label: str
    is_deprecated: bool
    relations: tuple[Relation, ...]
    alignments: tuple[Relation, ...]
    sources: tuple[Words, ...]
    uses: int
    query: str
    example: Example | None
    constraints: tuple[Constraint, ...]


@dataclass(frozen=True)
class Group:
    """Terms of one kind."""

    id: str
    title: str
    terms: tuple[Term, ...]


class TermReader:
    """Reads the terms of the ontology, its alignments and what the shapes ask of them."""

    def __init__(
        self, reader: Reader, names: Names, alignments: Description | None, shapes: list[NodeShape]
    ) -> None:
        self.reader = reader
        self.names = names
        self.graph = Graph(reader.description)
        self._ = translator(reader.language)
        self._alignments = Graph(alignments) if alignments else None
        self._shapes = shapes
        self._examples = ExampleWriter(reader)
        self._other = "en" if reader.language == "fr" else "fr"

    def groups(self) -> list[Group]:
        """Return the terms by kind, sorted by name; a kind without terms has no group."""
        titles = {
            "classes": self._("Classes"),
            "object-properties": self._("Object properties"),
            "datatype-properties": self._("Datatype properties"),
            "datatypes": self._("Datatypes"),
        }
        found = [
            Group(kind, titles[kind], tuple(self._term(iri, kind) for iri in self._iris(class_)))
            for kind, class_ in KINDS
        ]
        return [group for group in found if group.terms]

    def _iris(self, class_: str) -> list[str]:
        ours = [iri for iri in self.graph.of_type(class_) if is_ours(iri)]
        return sorted(ours, key=lambda iri: (local_name(iri).casefold(), iri))

    def _term(self, iri: str, kind: str) -> Term:
        reader, statistics = self.reader, self.reader.backend.statistics
        counted = {"classes": "classes", "datatypes": "datatypes"}.get(kind, "properties")
        uses = int(statistics.get(counted, {}).get(iri, 0))
        status = self.graph.literal(iri, _STATUS)
        return Term(
            iri=iri,
            name=local_name(iri),
            prefixed=prefixed(iri),
            label=reader.text(iri, ns.RDFS + "label") or Text(local_name(iri), ""),
            other_label=self._in_other(iri, ns.RDFS + "label"),
            definition=reader.text(iri, ns.RDFS + "comment") or _EMPTY,
            other_definition=self._in_other(iri, ns.RDFS + "comment"),
            notes=self._own_texts(iri, ns.SKOS + "scopeNote"),
            example_text=reader.text(iri, ns.SKOS + "example") or _EMPTY,
            status=status,
            status_label=self._status(status),
            is_deprecated=self.graph.literal(iri, ns.OWL + "deprecated") == "true",
            relations=tuple(self._relations(iri, kind)),
            alignments=tuple(self._aligned(iri)),
            sources=tuple(self.names.page(page) for page in self.graph.names(iri, ns.DCTERMS + "source")),
            uses=uses,
            query=self._query(prefixed(iri), kind) if uses else "",
            example=self._examples.of(iri),
            constraints=tuple(self._constraints(iri)),
        )

    def _in_other(self, iri: str, predicate: str) -> Text:
        """Return the text in the language that the page is not in."""
        for value in self.graph.values(iri, predicate):
            if isinstance(value, ox.Literal) and value.language == self._other:
                return Text(value.value, self._other)
        return _EMPTY

    def _own_texts(self, iri: str, predicate: str) -> tuple[Text, ...]:
        """Return the texts in the page's language, or all when there is none in it."""
        texts = self.reader.texts(iri, predicate)
        return tuple(text for text in texts if not text.lang) or tuple(texts)

    def _status(self, status: str) -> str:
        return {
            "unstable": self._("unstable"),
            "testing": self._("testing"),
            "stable": self._("stable"),
            "archaic": self._("archaic"),
        }.get(status, status)

    def _query(self, name: str, kind: str) -> str:
        base = self.names.reader.settings.addresses.base_iri
        path = "/" + base.split("/", 3)[3]
        return f"{path}sparql?format=html&query={quote(_QUERIES[kind].format(term=name), safe='')}"

    def _relations(self, iri: str, kind: str) -> list[Relation]:
        _, graph = self._, self.graph
        stated = [
            (_("Subclass of"), graph.names(iri, ns.RDFS + "subClassOf")),
            (_("Subproperty of"), graph.names(iri, ns.RDFS + "subPropertyOf")),
            (_("Subclasses"), self._pointing(ns.RDFS + "subClassOf", iri)),
            (_("Subproperties"), self._pointing(ns.RDFS + "subPropertyOf", iri)),
            (_("Domain"), graph.names(iri, ns.RDFS + "domain")),
            (_("Range"), graph.names(iri, ns.RDFS + "range")),
            (
                _("Inverse of"),
                sorted({*graph.names(iri, ns.OWL + "inverseOf"), *self._pointing(ns.OWL + "inverseOf", iri)}),
            ),
            (_("Replaced by"), graph.names(iri, ns.DCTERMS + "isReplacedBy")),
            (_("Disjoint with"), self._disjoint(iri)),
        ]
        found = [Relation(h, tuple(map(self._class_words, nodes))) for h, nodes in stated if nodes]
        if kind == "classes":
            for heading, predicate in (
                (_("Properties of it"), ns.RDFS + "domain"),
                (_("Properties that lead to it"), ns.RDFS + "range"),
            ):
                properties = self._properties(iri, predicate)
                if properties:
                    found.append(Relation(heading, tuple(self.names.term(p) for p in properties)))
        if graph.values(iri, ns.RDF + "type") and ns.OWL + "SymmetricProperty" in graph.names(
            iri, ns.RDF + "type"
        ):
            found.append(Relation(_("Characteristic"), (plain(_("symmetric")),)))
        return found

    def _class_words(self, node: str) -> Words:
        for members in self.graph.lists(node, ns.OWL + "unionOf"):
            return join([self.names.full(m) for m in members], self._(" or "))
        return self.names.full(node)

    def _pointing(self, predicate: str, iri: str) -> list[str]:
        return sorted(s for s in self.graph.description.subjects(predicate, iri) if is_ours(s))

    def _properties(self, class_: str, predicate: str) -> list[str]:
        """Return the properties of ours whose domain or range is a class, alone or in a union."""
        found = []
        for _kind, type_ in KINDS[1:3]:
            for property_ in self._iris(type_):
                for node in self.graph.names(property_, predicate):
                    if node == class_ or any(class_ in m for m in self.graph.lists(node, ns.OWL + "unionOf")):
                        found.append(property_)
        return sorted(set(found), key=lambda iri: local_name(iri).casefold())

    def _disjoint(self, class_: str) -> list[str]:
        found: set[str] = set(self.graph.names(class_, ns.OWL + "disjointWith"))
        for axiom in self.graph.of_type(ns.OWL + "AllDisjointClasses"):
            for members in self.graph.lists(axiom, ns.OWL + "members"):
                if class_ in members:
                    found.update(m for m in members if m != class_)
        return sorted(found)

    def _aligned(self, iri: str) -> list[Relation]:
        _ = self._
        headings = (
            (ns.OWL + "equivalentClass", _("Same class as")),
            (ns.OWL + "equivalentProperty", _("Same property as")),
            (ns.SKOS + "exactMatch", _("Exact match")),
            (ns.SKOS + "closeMatch", _("Close match")),
            (ns.SKOS + "broadMatch", _("Broader match")),
            (ns.SKOS + "narrowMatch", _("Narrower match")),
            (ns.SKOS + "relatedMatch", _("Related match")),
            (ns.RDFS + "seeAlso", _("See also")),
        )
        found = []
        for predicate, heading in headings:
            others = set(self.graph.names(iri, predicate))
            if self._alignments is not None:
                others.update(self._alignments.names(iri, predicate))
            if others:
                found.append(Relation(heading, tuple(self.names.term(o) for o in sorted(others))))
        return found

    def _constraints(self, iri: str) -> list[Constraint]:
        """Return what the shapes ask of the things of a class, or of the values of a property."""
        found: list[Constraint] = []
        for shape in self._shapes:
            if iri in shape.classes:
                found.extend(_constraint(rule, rule.name, rule.path) for rule in shape.rules)
            else:
                of = shape.title
                found.extend(_constraint(rule, of, ()) for rule in shape.rules if rule.property == iri)
        return found


def _constraint(rule: Rule, of: Text, path: Words) -> Constraint:
    return Constraint(of, path, rule.words, rule.severity, rule.severity_label, rule.message, rule.anchor)
