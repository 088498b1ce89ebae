"""Read the shapes graph as people would: what each shape applies to, and what it asks of each property, by layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ptce_lod import namespaces as ns
from ptce_lod.collation import sort_key
from ptce_lod.web.pages.i18n import translator
from ptce_lod.web.pages.reading import Reader, Text, shortened
from ptce_lod.web.pages.vocabulary.constraints import Constraints
from ptce_lod.web.pages.vocabulary.graph import Graph
from ptce_lod.web.pages.vocabulary.names import Names
from ptce_lod.web.pages.vocabulary.words import Words, fill

_EMPTY: Final = Text("", "")
_TARGETS: Final = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
_NODE_SHAPE: Final = ns.SH + "NodeShape"
_LAYER: Final = ns.DCTERMS + "isPartOf"
#: Name of the layer of shapes that state none.
NO_LAYER: Final = "shapes"
PARTS: Final = "parts"


@dataclass(frozen=True)
class Rule:
    """What a property shape asks. ``property`` is the IRI of a path of one step, else empty; ``severity`` a local name of SHACL."""

    anchor: str
    name: Text
    path: Words
    property: str
    words: Words
    severity: str
    severity_label: str
    message: Text
    description: Text
    layer: str
    order: int


@dataclass(frozen=True)
class NodeShape:
    """A node shape. ``asks`` is what it asks of the node itself; a part has no target and is used by other shapes."""

    anchor: str
    title: Text
    about: Text
    targets: tuple[Words, ...]
    classes: tuple[str, ...]
    rules: tuple[Rule, ...]
    asks: tuple[Words, ...]
    severity: str
    severity_label: str
    message: Text
    layers: tuple[str, ...]
    is_part: bool
    is_program: bool


@dataclass(frozen=True)
class Section:
    """A node shape within a layer, with its rules of that layer; ``anchor`` is the shape's own where it stands first."""

    anchor: str
    shape: NodeShape
    rules: tuple[Rule, ...]
    asks: tuple[Words, ...]
    is_first: bool


@dataclass(frozen=True)
class Layer:
    """Shapes of one strictness."""

    id: str
    title: Text
    about: Text
    sections: tuple[Section, ...]

    @property
    def count(self) -> int:
        """Number of constraints: rules, and sections that ask something of the node itself."""
        return sum(len(s.rules) + bool(s.asks or s.shape.is_program) for s in self.sections)


class ShapesReader:
    """Reads the shapes of one description in one language."""

    def __init__(self, reader: Reader, names: Names) -> None:
        self.reader = reader
        self.graph = Graph(reader.description)
        self.names = names
        self.constraints = Constraints(self.graph, names, reader.language)
        self._ = translator(reader.language)

    def node_shapes(self) -> list[NodeShape]:
        """Return all node shapes that have a name, those with a label first, by label."""
        found = [self._node_shape(n) for n in self.graph.of_type(_NODE_SHAPE) if n.startswith(ns.SHAPES)]
        return sorted(found, key=lambda s: (s.is_part, sort_key(s.title.value), s.anchor))

    def layers(self) -> list[Layer]:
        """Return the layers in their order; parts without a target last."""
        shapes = self.node_shapes()
        names = {name for shape in shapes for name in shape.layers}
        placed: set[str] = set()
        found = [self._layer(name, shapes, placed) for name in sorted(names, key=self._order)]
        parts = tuple(Section(s.anchor, s, s.rules, s.asks, is_first=True) for s in shapes if s.is_part)
        if parts:
            title = Text(self._("Parts used by other shapes"), "")
            about = Text(
                self._("They have no target: nothing is held against them unless a shape above says so."), ""
            )
            found.append(Layer(PARTS, title, about, parts))
        return [layer for layer in found if layer.sections]

    def _layer(self, name: str, shapes: list[NodeShape], placed: set[str]) -> Layer:
        sections: list[Section] = []
        for shape in shapes:
            if shape.is_part or name not in shape.layers:
                continue
            rules = tuple(rule for rule in shape.rules if rule.layer == name)
            is_first = shape.anchor not in placed
            asks = shape.asks if is_first else ()
            if rules or asks or shape.is_program:
                placed.add(shape.anchor)
                anchor = shape.anchor if is_first else f"{name}-{shape.anchor}"
                sections.append(Section(anchor, shape, rules, asks, is_first))
        iri = f"{ns.SHAPES}Layer-{name}"
        title = self.reader.text(iri, ns.RDFS + "label") or Text(self._("Shapes"), "")
        return Layer(name, title, self.reader.text(iri, ns.RDFS + "comment") or _EMPTY, tuple(sections))

    def _order(self, name: str) -> tuple[int, str]:
        return self.graph.number(f"{ns.SHAPES}Layer-{name}", ns.SH + "order") or 0, name

    def _layers_of(self, shape: str) -> tuple[str, ...]:
        prefix = f"{ns.SHAPES}Layer-"
        stated = [n.removeprefix(prefix) for n in self.graph.names(shape, _LAYER) if n.startswith(prefix)]
        return tuple(sorted(stated, key=self._order)) or (NO_LAYER,)

    def _node_shape(self, iri: str) -> NodeShape:
        reader, graph = self.reader, self.graph
        layers = self._layers_of(iri)
        rules = [self._rule(p, layers[0]) for p in graph.names(iri, ns.SH + "property")]
        is_program = graph.literal(iri, ns.SH + "deactivated") == "true"
        targets = tuple(self._targets(iri))
        local = iri.removeprefix(ns.SHAPES)
        severity = self._severity(iri)
        return NodeShape(
            anchor=local,
            title=reader.text(iri, ns.RDFS + "label") or Text(f"ptcesh:{local}", ""),
            about=reader.text(iri, ns.RDFS + "comment") or _EMPTY,
            targets=targets,
            classes=tuple(graph.names(iri, ns.SH + "targetClass")),
            rules=tuple(sorted(rules, key=lambda r: (r.order, r.anchor))),
            asks=tuple(self.constraints.of_node(iri)),
            severity=severity,
            severity_label=self._severity_label(severity),
            message=reader.text(iri, ns.SH + "message") or _EMPTY,
            layers=layers,
            is_part=not targets and not is_program,
            is_program=is_program,
        )

    def _targets(self, iri: str) -> list[Words]:
        texts = {
            "targetClass": self._("each thing of the class {term}"),
            "targetNode": "{term}",
            "targetSubjectsOf": self._("whatever has {term}"),
            "targetObjectsOf": self._("whatever {term} points at"),
        }
        return [
            fill(texts[name], term=self.names.full(target))
            for name in _TARGETS
            for target in self.graph.names(iri, ns.SH + name)
        ]

    def _rule(self, shape: str, default_layer: str) -> Rule:
        reader, graph = self.reader, self.graph
        path = graph.name(shape, ns.SH + "path")
        severity = self._severity(shape)
        named = shape.startswith(ns.SHAPES)
        is_property = bool(path) and "://" in path
        return Rule(
            anchor=shape.removeprefix(ns.SHAPES) if named else "",
            name=reader.text(shape, ns.SH + "name") or Text(shortened(path) if is_property else "", ""),
            path=self.names.term(path) if is_property else self.constraints.path(path),
            property=path if is_property else "",
            words=self.constraints.of(shape),
            severity=severity,
            severity_label=self._severity_label(severity),
            message=reader.text(shape, ns.SH + "message") or _EMPTY,
            description=reader.text(shape, ns.SH + "description") or _EMPTY,
            layer=self._layers_of(shape)[0] if named else default_layer,
            order=graph.number(shape, ns.SH + "order") or 0,
        )

    def _severity(self, shape: str) -> str:
        return (self.graph.name(shape, ns.SH + "severity") or ns.SH + "Violation").removeprefix(ns.SH)

    def _severity_label(self, severity: str) -> str:
        return {
            "Violation": self._("violation"),
            "Warning": self._("warning"),
            "Info": self._("remark"),
        }.get(severity, severity)
