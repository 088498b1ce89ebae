"""A validation report as plain values and back, so that one process can hand it to another without loss."""

from __future__ import annotations

from typing import Any

from rdflib.term import BNode, Identifier, Literal, URIRef

from ptce_lod.validate.report import Severity, Texts, ValidationReport, ValidationResult


def report_to_values(report: ValidationReport) -> list[dict[str, Any]]:
    """Return the results as values of JSON."""
    return [
        {
            "focus_node": _term_to_values(result.focus_node),
            "source_shape": result.source_shape,
            "severity": int(result.severity),
            "constraint_component": result.constraint_component,
            "messages": result.messages,
            "path": result.path,
            "path_text": result.path_text,
            "value_node": None if result.value_node is None else _term_to_values(result.value_node),
            "names": result.names,
            "descriptions": result.descriptions,
        }
        for result in report.results
    ]


def report_from_values(values: list[dict[str, Any]]) -> ValidationReport:
    """Return the report that :func:`report_to_values` wrote."""
    return ValidationReport(tuple(_result(value) for value in values))


def _result(value: dict[str, Any]) -> ValidationResult:
    return ValidationResult(
        focus_node=_term(value["focus_node"]),
        source_shape=value["source_shape"],
        severity=Severity(value["severity"]),
        constraint_component=value["constraint_component"],
        messages=_texts(value["messages"]),
        path=value["path"],
        path_text=value["path_text"],
        value_node=None if value["value_node"] is None else _term(value["value_node"]),
        names=_texts(value["names"]),
        descriptions=_texts(value["descriptions"]),
    )


def _texts(pairs: list[list[str]]) -> Texts:
    return tuple((language, text) for language, text in pairs)


def _term_to_values(term: Identifier) -> list[str | None]:
    if isinstance(term, Literal):
        return ["literal", str(term), term.language, str(term.datatype) if term.datatype else None]
    return ["iri" if isinstance(term, URIRef) else "blank", str(term)]


def _term(values: list[Any]) -> Identifier:
    kind, value, *rest = values
    if kind == "literal":
        language, datatype = rest
        return Literal(value, lang=language, datatype=datatype, normalize=False)
    return URIRef(value) if kind == "iri" else BNode(value)
