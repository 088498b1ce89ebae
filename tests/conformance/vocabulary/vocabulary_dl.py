"""A compact structural check of the OWL 2 DL profile on the triples of one ontology file.

Source: OWL 2 Structural Specification, sections 5.8.1 (typing constraints) and 11 (global restrictions), and OWL 2 Mapping to RDF Graphs,
section 3. It covers the constructs this vocabulary uses and refuses any other.
"""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

OBJECT, DATA, ANNOTATION = OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty
KINDS = {OWL.Class, RDFS.Datatype, OBJECT, DATA, ANNOTATION, OWL.NamedIndividual}
RESERVED = (str(OWL), str(RDF), str(RDFS), str(XSD))
XSD_OF_THE_MAP = """
decimal integer nonNegativeInteger nonPositiveInteger positiveInteger negativeInteger long int short byte
unsignedLong unsignedInt unsignedShort unsignedByte double float string normalizedString token language
Name NCName NMTOKEN boolean hexBinary base64Binary anyURI dateTime dateTimeStamp
"""
#: Section 4: the OWL 2 datatype map; xsd:date and xsd:duration are not in it.
DATATYPE_MAP = {
    RDFS.Literal,
    RDF.PlainLiteral,
    RDF.XMLLiteral,
    OWL.real,
    OWL.rational,
    *(XSD[name] for name in XSD_OF_THE_MAP.split()),
}
BUILT_IN_ANNOTATIONS = {
    RDFS.label,
    RDFS.comment,
    RDFS.seeAlso,
    RDFS.isDefinedBy,
    OWL.versionInfo,
    OWL.deprecated,
    OWL.priorVersion,
    OWL.backwardCompatibleWith,
    OWL.incompatibleWith,
}
HEADER = {OWL.versionIRI, OWL.imports}
SYNTAX = {RDF.type, RDF.first, RDF.rest, OWL.unionOf, OWL.intersectionOf, OWL.members}
TYPES = KINDS | {OWL.Ontology, OWL.SymmetricProperty, OWL.AllDisjointClasses, RDF.List}


class Profile:
    """The problems of one ontology against OWL 2 DL: ``list(Profile(graph).problems())`` is empty when there is none."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.kinds: dict[Node, set[Node]] = {}
        for subject, kind in graph.subject_objects(RDF.type):
            if kind in KINDS:
                self.kinds.setdefault(subject, set()).add(kind)

    def problems(self) -> Iterator[str]:
        yield from self._header()
        yield from self._declarations()
        yield from self._types()
        for subject, predicate, object_ in self.graph:
            yield from self._triple(subject, predicate, object_)
        yield from self._blank_nodes()

    def is_(self, node: Node, kind: Node) -> bool:
        return kind in self.kinds.get(node, set())

    def _header(self) -> Iterator[str]:
        ontologies = list(self.graph.subjects(RDF.type, OWL.Ontology))
        if len(ontologies) != 1 or not isinstance(ontologies[0], URIRef):
            yield f"expected one named ontology, found {ontologies}"
        for ontology in ontologies:
            if len(list(self.graph.objects(ontology, OWL.versionIRI))) > 1:
                yield "more than one owl:versionIRI"

    def _declarations(self) -> Iterator[str]:
        """Punning: one IRI is at most one kind of property, and never both class and datatype."""
        for node, kinds in self.kinds.items():
            if isinstance(node, URIRef) and str(node).startswith(RESERVED):
                yield f"{node} is reserved and declared"
            if len(kinds & {OBJECT, DATA, ANNOTATION}) > 1 or {OWL.Class, RDFS.Datatype} <= kinds:
                yield f"{node} is declared as {sorted(map(str, kinds))}"
            if {OWL.Class} < kinds and kinds & {OBJECT, DATA, ANNOTATION}:
                yield f"{node} is a class and a property"

    def _types(self) -> Iterator[str]:
        for subject, type_ in self.graph.subject_objects(RDF.type):
            if type_ not in TYPES and not self.is_(type_, OWL.Class):
                yield f"{subject} has the undeclared type {type_}"
            if type_ == OWL.SymmetricProperty and not self.is_(subject, OBJECT):
                yield f"{subject} is symmetric but no object property"

    def _triple(self, subject: Node, predicate: Node, object_: Node) -> Iterator[str]:
        place = f"{subject} {predicate} {object_}"
        if predicate in SYNTAX or predicate in BUILT_IN_ANNOTATIONS or predicate in HEADER:
            return
        if predicate == RDFS.subClassOf:
            if not (self._class(subject) and self._class(object_)):
                yield f"not two classes: {place}"
        elif predicate in (RDFS.domain, RDFS.range):
            yield from self._domain_or_range(subject, predicate, object_)
        elif predicate == RDFS.subPropertyOf:
            if not any(
                self.is_(subject, kind) and self.is_(object_, kind) for kind in (OBJECT, DATA, ANNOTATION)
            ):
                yield f"not two properties of one kind: {place}"
        elif predicate == OWL.inverseOf:
            if not (self.is_(subject, OBJECT) and self.is_(object_, OBJECT)):
                yield f"not two object properties: {place}"
        else:
            yield from self._assertion(subject, predicate, object_)

    def _domain_or_range(self, property_: Node, predicate: Node, object_: Node) -> Iterator[str]:
        place = f"{property_} {predicate} {object_}"
        if self.is_(property_, ANNOTATION):
            return
        if predicate == RDFS.range and self.is_(property_, DATA):
            if object_ not in DATATYPE_MAP and not self.is_(object_, RDFS.Datatype):
                yield f"no datatype of the OWL 2 map: {place}"
        elif not (self.is_(property_, OBJECT) or self.is_(property_, DATA)):
            yield f"no declared property: {place}"
        elif not self._class(object_):
            yield f"no class: {place}"

    def _assertion(self, subject: Node, predicate: Node, object_: Node) -> Iterator[str]:
        place = f"{subject} {predicate} {object_}"
        if self.is_(predicate, ANNOTATION):
            return
        if not (self.is_(predicate, OBJECT) or self.is_(predicate, DATA)):
            yield f"undeclared property: {place}"
        elif isinstance(object_, Literal) == self.is_(predicate, OBJECT):
            yield f"literal and resource confused: {place}"
        elif not self.is_(subject, OWL.NamedIndividual):
            yield f"the subject is no declared individual: {place}"

    def _class(self, node: Node) -> bool:
        if isinstance(node, BNode):
            return self._expression(node)
        return self.is_(node, OWL.Class) or node in (OWL.Thing, OWL.Nothing)

    def _expression(self, node: BNode) -> bool:
        """A class expression is typed owl:Class and holds one list of two or more classes."""
        lists = [o for p in (OWL.unionOf, OWL.intersectionOf) for o in self.graph.objects(node, p)]
        return self.is_(node, OWL.Class) and len(lists) == 1 and self._class_list(lists[0])

    def _class_list(self, head: Node) -> bool:
        items = list(self.graph.items(head))
        return len(items) >= 2 and len(set(items)) == len(items) and all(self._class(item) for item in items)

    def _blank_nodes(self) -> Iterator[str]:
        for node in self.graph.subjects(RDF.type, OWL.AllDisjointClasses):
            members = self.graph.value(node, OWL.members)
            if members is None or not self._class_list(members):
                yield f"{node} does not list two or more different classes"
        for node in {s for s in self.graph.subjects() if isinstance(s, BNode)}:
            if len(list(self.graph.subject_predicates(node))) > 1:
                yield f"blank node {node} is used more than once"
