"""Read SPARQL results in every format of the suites, and graphs, without changing a literal's lexical form."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from xml.etree import ElementTree

import rdflib
from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from tests.conformance.sparql.manifests import local_path

RS: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_SRX: Final = "{http://www.w3.org/2005/sparql-results#}"
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
RESULT_MEDIA_TYPES: Final = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
}
GRAPH_MEDIA_TYPES: Final = {
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".rdf": "application/rdf+xml",
}
_PARSERS: Final = {"text/turtle": "turtle", "application/n-triples": "nt", "application/rdf+xml": "xml"}


class Term(NamedTuple):
    """An RDF term. A literal of xsd:string has no ``datatype``: since RDF 1.1 it is the same as a plain one."""

    kind: str
    value: str
    datatype: str = ""
    language: str = ""

    def to_node(self) -> URIRef | BNode | Literal:
        """Return the term as a node of rdflib; call it within :func:`exact_literals`."""
        if self.kind == "iri":
            return URIRef(self.value)
        if self.kind == "bnode":
            return BNode(self.value)
        return Literal(self.value, self.language or None, self.datatype or None)


Solution = Mapping[str, Term]


@dataclass(frozen=True)
class Solutions:
    """The result of SELECT. ``ordered``: their order is part of the result. ``plain``: from CSV, where only values are told."""

    variables: frozenset[str]
    rows: tuple[Solution, ...]
    ordered: bool = False
    plain: bool = False


Results = Solutions | bool | Graph


def literal(value: str, datatype: str | None = None, language: str | None = None) -> Term:
    """Return a literal; language tags are compared without regard to case, as RDF 1.1 says."""
    named = "" if language or datatype is None else str(datatype)
    return Term("literal", value, "" if named == f"{XSD}string" else named, (language or "").lower())


@contextmanager
def exact_literals() -> Iterator[None]:
    """Let rdflib keep "01"^^xsd:integer as it is written; a bare 01 of Turtle it reads as a number all the same."""
    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS = before


def read_graph(data: bytes | str, media_type: str, base: str = "") -> Graph:
    """Parse a graph in Turtle, N-Triples or RDF/XML."""
    with exact_literals():
        return Graph().parse(data=data, format=_PARSERS[media_type], publicID=base or None)


def read_graph_file(file: str) -> Graph:
    """Parse a file of a suite."""
    path = local_path(file)
    return read_graph(path.read_bytes(), GRAPH_MEDIA_TYPES[path.suffix], file)


def ntriples(file: str) -> str:
    """Return a file of a suite as N-Triples."""
    return read_graph_file(file).serialize(format="nt")


def read_expected(file: str) -> Results:
    """Read the file of results that a test expects."""
    path = local_path(file)
    if path.suffix in RESULT_MEDIA_TYPES:
        return read_results(path.read_bytes(), RESULT_MEDIA_TYPES[path.suffix])
    graph = read_graph_file(file)
    result_set = graph.value(None, RDF.type, RS.ResultSet)
    return graph if result_set is None else _result_set(graph, result_set)


def read_results(data: bytes, media_type: str, base: str = "") -> Results:
    """Read what a service answers."""
    readers = {
        "application/sparql-results+xml": _xml,
        "application/sparql-results+json": _json,
        "text/csv": _csv,
        "text/tab-separated-values": _tsv,
    }
    if media_type in readers:
        return readers[media_type](data)
    if media_type in _PARSERS:
        return read_graph(data, media_type, base)
    raise ValueError(f"no results are of type {media_type!r}")


def _xml(data: bytes) -> Results:
    root = ElementTree.fromstring(data)
    boolean = root.find(f"{_SRX}boolean")
    if boolean is not None:
        return (boolean.text or "").strip() == "true"
    variables = frozenset(v.get("name", "") for v in root.iterfind(f"{_SRX}head/{_SRX}variable"))
    rows = tuple(
        {b.get("name", ""): _xml_term(b[0]) for b in result.iterfind(f"{_SRX}binding")}
        for result in root.iterfind(f"{_SRX}results/{_SRX}result")
    )
    return Solutions(variables, rows)


def _xml_term(element: ElementTree.Element) -> Term:
    text = element.text or ""
    match element.tag.removeprefix(_SRX):
        case "uri":
            return Term("iri", text)
        case "bnode":
            return Term("bnode", text)
        case "literal":
            return literal(text, element.get("datatype"), element.get(_XML_LANG))
    raise ValueError(f"unknown kind of term {element.tag}")


def _json(data: bytes) -> Results:
    document: dict[str, Any] = json.loads(data)
    if "boolean" in document:
        return bool(document["boolean"])
    rows = tuple(
        {name: _json_term(term) for name, term in row.items()} for row in document["results"]["bindings"]
    )
    return Solutions(frozenset(document["head"]["vars"]), rows)


def _json_term(term: Mapping[str, str]) -> Term:
    match term["type"]:
        case "uri":
            return Term("iri", term["value"])
        case "bnode":
            return Term("bnode", term["value"])
        case "literal" | "typed-literal":
            return literal(term["value"], term.get("datatype"), term.get("xml:lang"))
    raise ValueError(f"unknown kind of term {term['type']}")


def _csv(data: bytes) -> Results:
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8"), newline=""))
    return Solutions(
        frozenset(header),
        tuple(
            {
                name: Term("bnode", cell[2:]) if cell.startswith("_:") else Term("plain", cell)
                for name, cell in zip(header, row, strict=True)
                if cell
            }
            for row in rows
        ),
        plain=True,
    )


_TSV_TERM: Final = re.compile(
    r"""<(?P<iri>[^>]*)> | _:(?P<bnode>\S+)
      | (?P<quote>["'])(?P<text>.*)(?P=quote) (?: @(?P<language>[A-Za-z0-9-]+) | \^\^<(?P<datatype>[^>]*)> )?
      | (?P<double>[+-]?[0-9.]+[eE][+-]?[0-9]+) | (?P<decimal>[+-]?[0-9]*\.[0-9]+) | (?P<integer>[+-]?[0-9]+)
      | (?P<boolean>true|false)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES: Final = {"t": "\t", "n": "\n", "r": "\r", '"': '"', "'": "'", "\\": "\\"}


def _tsv(data: bytes) -> Results:
    header, *rows = data.decode("utf-8").removesuffix("\n").split("\n")
    names = [name.removeprefix("?") for name in header.rstrip("\r").split("\t")]
    return Solutions(
        frozenset(names),
        tuple(
            {
                name: _tsv_term(cell)
                for name, cell in zip(names, row.rstrip("\r").split("\t"), strict=True)
                if cell
            }
            for row in rows
        ),
    )


def _tsv_term(cell: str) -> Term:
    match = _TSV_TERM.fullmatch(cell)
    if match is None:
        raise ValueError(f"not a term of Turtle: {cell!r}")
    kind = match.lastgroup or ""
    if match["text"] is not None:
        text = re.sub(r"\\(.)", lambda found: _ESCAPES[found[1]], match["text"])
        return literal(text, match["datatype"], match["language"])
    if kind in ("iri", "bnode"):
        return Term(kind, match[kind])
    return literal(cell, f"{XSD}{kind}")


def _result_set(graph: Graph, node: Node) -> Results:
    """Read a result set in the vocabulary ``rs:``."""
    boolean = graph.value(node, RS.boolean)
    if boolean is not None:
        return str(boolean) == "true"
    rows: list[tuple[int, Solution]] = []
    ordered = False
    for solution in graph.objects(node, RS.solution):
        index = graph.value(solution, RS["index"])
        ordered = ordered or index is not None
        rows.append(
            (
                int(str(index or 0)),
                {
                    str(graph.value(binding, RS.variable)): term_of(graph.value(binding, RS.value))
                    for binding in graph.objects(solution, RS.binding)
                },
            )
        )
    rows.sort(key=lambda row: row[0])
    return Solutions(
        frozenset(str(name) for name in graph.objects(node, RS.resultVariable)),
        tuple(row for _, row in rows),
        ordered,
    )


def term_of(node: Node | None) -> Term:
    """Return an rdflib node as a term."""
    match node:
        case Literal():
            return literal(str(node), node.datatype, node.language)
        case URIRef():
            return Term("iri", str(node))
        case BNode():
            return Term("bnode", str(node))
    raise ValueError(f"not a term: {node!r}")
