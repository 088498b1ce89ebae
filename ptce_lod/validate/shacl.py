"""Judge a data graph against the shapes, with pyshacl as the reference processor.

One rule: data, vocabulary and shapes all live in rdflib's memory store. pyshacl with the data graph on an Oxigraph-backed store and the
shapes in memory reported 12 000 false violations, so stores are never mixed. Source: SHACL, W3C Recommendation 20 July 2017.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pyshacl
import rdflib
from pyshacl.errors import ReportableRuntimeError, ShapeLoadError
from pyshacl.errors import ValidationFailure as PyshaclFailure
from rdflib import RDF, RDFS
from rdflib.collection import Collection
from rdflib.term import Identifier, Literal, Node, URIRef

from ptce_lod.errors import ValidationFailure
from ptce_lod.iris import is_absolute_iri
from ptce_lod.namespaces import SH
from ptce_lod.validate.report import Severity, Texts, ValidationReport, ValidationResult, shortened

#: Shapes that apply to any PTCE data.
DEFAULT_LAYERS: Final = (
    "shapes-core.ttl",
    "shapes-recommended.ttl",
    "shapes-ranges.ttl",
    "shapes-links.ttl",
    "shapes-dcat.ttl",
    "shapes-deprecated.ttl",
)
#: Only for applications to State calls (decree of 2015).
STATE_CALL_LAYERS: Final = (*DEFAULT_LAYERS, "shapes-state-call.ttl")
#: Only for the vocabulary itself: ontology, terms, schemes, concepts.
VOCABULARY_LAYERS: Final = ("shapes-terms.ttl",)

_SH: Final = rdflib.Namespace(SH)
_SEVERITIES: Final = {URIRef(severity.iri): severity for severity in Severity}
#: What only people read. pyshacl compares every predicate of a shape with each of its 30 parameters, at every visit: without these
#: the project's data validate in three quarters of the time (measured, 15 000 triples).
_ANNOTATIONS: Final = frozenset(
    (_SH.name, _SH.description, _SH.order, _SH.group, RDFS.label, RDFS.comment, RDFS.isDefinedBy)
)
_PATH_MARKS: Final = {
    _SH.inversePath: "^{}",
    _SH.zeroOrMorePath: "{}*",
    _SH.oneOrMorePath: "{}+",
    _SH.zeroOrOnePath: "{}?",
}


class Validator:
    """The shapes of some layers beside the vocabulary they speak of; loaded once, used for many data graphs.

    ``shapes_dir`` holds the layers' files, ``ontology_paths`` names the Turtle files of ontology and schemes. Raises
    :class:`~ptce_lod.errors.ValidationFailure` when one of them is missing or not Turtle.
    """

    def __init__(
        self, shapes_dir: Path, ontology_paths: Iterable[Path], layers: Sequence[str] = DEFAULT_LAYERS
    ) -> None:
        self.layers = tuple(layers)
        self.shapes_graph = _loaded(_layer_path(shapes_dir, name) for name in self.layers)
        self._processed = _without_annotations(self.shapes_graph)
        self._vocabulary = _loaded(ontology_paths)
        self._described: dict[Node, _Shape] = {}

    def validate(self, data_graph: rdflib.Graph) -> ValidationReport:
        """Return the report on ``data_graph``, which stays as it is.

        The processor sees data and vocabulary together, so that subclasses and ``skos:inScheme`` are known; results on nodes that do not
        occur in the data are dropped. Raises :class:`~ptce_lod.errors.ValidationFailure` when the processor cannot conclude.
        """
        mixed, occurring = self._mixed(data_graph)
        report = self._run(mixed)
        results = (
            self._result(report, node)
            for node in report.objects(None, _SH.result)
            if report.value(node, _SH.focusNode) in occurring
        )
        return ValidationReport(tuple(results))

    def _mixed(self, data_graph: rdflib.Graph) -> tuple[rdflib.Graph, set[Node]]:
        """Return data and vocabulary in one new graph, and the terms that occur in the data.

        Statements with an IRI that is none are left out: the processor cannot write such a node into its report and would stop. The
        integrity checks report each of them as a violation.
        """
        mixed = rdflib.Graph()
        for triple in self._vocabulary:
            mixed.add(triple)
        judged: dict[Node, bool] = {}
        for triple in data_graph:
            for term in triple:
                if term not in judged:
                    judged[term] = not isinstance(term, URIRef) or is_absolute_iri(str(term))
            if all(judged[term] for term in triple):
                mixed.add(triple)
        return mixed, set(judged)

    def _run(self, mixed: rdflib.Graph) -> rdflib.Graph:
        try:
            _, report, text = pyshacl.validate(
                mixed,
                shacl_graph=self._processed,
                inference="none",
                advanced=False,
                meta_shacl=False,
                allow_warnings=True,
                allow_infos=True,
                inplace=True,
            )
        except (ReportableRuntimeError, ShapeLoadError, PyshaclFailure, RecursionError, ValueError) as error:
            raise ValidationFailure(
                f"the validator could not conclude: {error}",
                hint="this says nothing about the data; check the shapes",
                link="https://www.w3.org/TR/shacl/#failures",
            ) from error
        if not isinstance(report, rdflib.Graph):
            raise ValidationFailure(
                f"the validator could not conclude: {text}", link="https://www.w3.org/TR/shacl/#failures"
            )
        return report

    def _result(self, report: rdflib.Graph, node: Node) -> ValidationResult:
        shape = self._shape(report.value(node, _SH.sourceShape))
        focus = report.value(node, _SH.focusNode)
        value = report.value(node, _SH.value)
        return ValidationResult(
            focus_node=_identifier(focus),
            source_shape=shape.iri,
            severity=_SEVERITIES.get(_iri(report.value(node, _SH.resultSeverity)), Severity.VIOLATION),
            constraint_component=str(report.value(node, _SH.sourceConstraintComponent)),
            messages=shape.messages or _texts(report, node, _SH.resultMessage),
            path=shape.path,
            path_text=shape.path_text,
            value_node=None if value is None else _identifier(value),
            names=shape.names,
            descriptions=shape.descriptions,
        )

    def _shape(self, node: Node | None) -> _Shape:
        if node is None:
            return _Shape(self.shapes_graph, rdflib.BNode())
        if node not in self._described:
            self._described[node] = _Shape(self.shapes_graph, node)
        return self._described[node]


class _Shape:
    """What a report repeats of its source shape, read once."""

    def __init__(self, graph: rdflib.Graph, node: Node) -> None:
        self.iri = str(node)
        self.messages = _texts(graph, node, _SH.message)
        self.names = _texts(graph, node, _SH.name) or _texts(graph, node, RDFS.label)
        self.descriptions = _texts(graph, node, _SH.description) or _texts(graph, node, RDFS.comment)
        path = graph.value(node, _SH.path)
        self.path = "" if path is None else path_turtle(graph, path)
        self.path_text = "" if path is None else path_sparql(graph, path)


def path_turtle(graph: rdflib.Graph, path: Node) -> str:
    """Return a SHACL path (SHACL section 2.3.1) in Turtle with full IRIs."""
    if isinstance(path, URIRef):
        return f"<{path}>"
    if graph.value(path, RDF.first) is not None:
        return f"( {' '.join(path_turtle(graph, part) for part in Collection(graph, path))} )"
    predicate, inner = _complex_path(graph, path)
    return f"[ <{predicate}> {path_turtle(graph, inner)} ]"


def path_sparql(graph: rdflib.Graph, path: Node) -> str:
    """Return a SHACL path as a SPARQL 1.1 property path with our prefixes."""
    if isinstance(path, URIRef):
        return shortened(str(path))
    if graph.value(path, RDF.first) is not None:
        return "/".join(path_sparql(graph, part) for part in Collection(graph, path))
    predicate, inner = _complex_path(graph, path)
    if predicate == _SH.alternativePath:
        return f"({'|'.join(path_sparql(graph, part) for part in Collection(graph, inner))})"
    return _PATH_MARKS[predicate].format(path_sparql(graph, inner))


def _complex_path(graph: rdflib.Graph, path: Node) -> tuple[URIRef, Node]:
    for predicate in (_SH.alternativePath, *_PATH_MARKS):
        inner = graph.value(path, predicate)
        if inner is not None:
            return predicate, inner
    raise ValidationFailure(
        "a shape has an ill-formed path", link="https://www.w3.org/TR/shacl/#property-paths"
    )


def _layer_path(shapes_dir: Path, name: str) -> Path:
    path = shapes_dir / name
    if not path.is_file():
        known = sorted(found.name for found in shapes_dir.glob("shapes-*.ttl"))
        near = difflib.get_close_matches(name, known, n=1)
        raise ValidationFailure(
            f"{path}: no such layer of shapes",
            hint=f"did you mean {near[0]}?" if near else f"there are: {', '.join(known) or 'none'}",
        )
    return path


def _loaded(paths: Iterable[Path]) -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in paths:
        try:
            graph.parse(path, format="turtle")
        except (OSError, SyntaxError) as error:
            raise ValidationFailure(f"{path}: cannot be read as Turtle ({error})") from error
    return graph


def _without_annotations(shapes_graph: rdflib.Graph) -> rdflib.Graph:
    processed = rdflib.Graph()
    for triple in shapes_graph:
        if triple[1] not in _ANNOTATIONS:
            processed.add(triple)
    return processed


def _texts(graph: rdflib.Graph, node: Node, predicate: URIRef) -> Texts:
    found: Iterator[Literal] = (o for o in graph.objects(node, predicate) if isinstance(o, Literal))
    return tuple(sorted((literal.language or "", str(literal)) for literal in found))


def _identifier(node: Node | None) -> Identifier:
    if not isinstance(node, Identifier):
        raise ValidationFailure(f"the validator reported {node!r}, which is no RDF term")
    return node


def _iri(node: Node | None) -> URIRef:
    return node if isinstance(node, URIRef) else URIRef("")
