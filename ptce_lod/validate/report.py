"""The validation report as typed values, and its forms: RDF, JSON, text for a reader.

Deterministic: results are sorted, no time stamp, the same report gives the same bytes. Messages come in French and English; whoever
prints chooses. Source: SHACL section 3.6, "Validation Report".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import groupby
from typing import Any, Final

import rdflib
from rdflib.term import Identifier, Literal, URIRef

from ptce_lod.namespaces import FIXED_PREFIXES, SH, SHAPES

#: A text by language, as a tuple so that it can be hashed: (("en", "…"), ("fr", "…")).
Texts = tuple[tuple[str, str], ...]


class Severity(IntEnum):
    """SHACL's three severities, the worst first."""

    VIOLATION = 0
    WARNING = 1
    INFO = 2

    @property
    def iri(self) -> str:
        """The severity's IRI in the SHACL vocabulary."""
        return SH + self.name.capitalize()


_SEVERITY_NAMES: Final = {
    Severity.VIOLATION: {"fr": "Violation", "en": "Violation"},
    Severity.WARNING: {"fr": "Avertissement", "en": "Warning"},
    Severity.INFO: {"fr": "Remarque", "en": "Remark"},
}
_WORDS: Final = {
    "expected": {"fr": "attendu", "en": "expected"},
    "mend": {"fr": "que faire", "en": "what to do"},
    "value": {"fr": "valeur", "en": "value"},
    "nothing": {
        "fr": "Aucun résultat : les données respectent les formes.",
        "en": "No result: the data conform.",
    },
}


def texts(by_language: Mapping[str, str]) -> Texts:
    """Return a mapping language → text as a sorted tuple."""
    return tuple(sorted(by_language.items()))


def in_language(choices: Texts, language: str) -> str:
    """Return the text in ``language``, else in English, else the first, else an empty string."""
    by_language = dict(choices)
    return by_language.get(language) or by_language.get("en") or next(iter(by_language.values()), "")


def severity_name(severity: Severity, language: str) -> str:
    """Return the severity's name for a reader."""
    return _SEVERITY_NAMES[severity].get(language, severity.name.capitalize())


@dataclass(frozen=True)
class ValidationResult:
    """One validation result.

    ``path`` is the SHACL path in Turtle with full IRIs (empty for a constraint on the node itself); ``path_text`` the same for readers,
    as a SPARQL property path. ``names``, ``descriptions`` and ``messages`` come from the source shape.
    """

    focus_node: Identifier
    source_shape: str
    severity: Severity
    constraint_component: str
    messages: Texts
    path: str = ""
    path_text: str = ""
    value_node: Identifier | None = None
    names: Texts = ()
    descriptions: Texts = ()

    @property
    def sort_key(self) -> tuple[int, str, str, str, str, str]:
        """Severity, then shape, focus node, path, value and constraint."""
        value = "" if self.value_node is None else _turtle_term(self.value_node)
        return (
            int(self.severity),
            self.source_shape,
            _turtle_term(self.focus_node),
            self.path,
            value,
            self.constraint_component,
        )

    @property
    def shape_name(self) -> str:
        """The shape's local name, ``PoleShape-prefLabel``, or its IRI when it is not one of ours."""
        return self.source_shape.removeprefix(SHAPES)

    def message(self, language: str) -> str:
        """Return what is wrong, what was expected and how to mend it."""
        return in_language(self.messages, language)

    def to_json(self) -> dict[str, Any]:
        """Return plain values; keys in SHACL's words."""
        return {
            "focusNode": term_text(self.focus_node),
            "resultPath": self.path_text,
            "value": None if self.value_node is None else term_text(self.value_node),
            "sourceShape": self.source_shape,
            "sourceConstraintComponent": self.constraint_component,
            "resultSeverity": self.severity.name.capitalize(),
            "name": dict(self.names),
            "description": dict(self.descriptions),
            "resultMessage": dict(self.messages),
        }


@dataclass(frozen=True)
class ValidationReport:
    """All results, sorted and without doubles. ``conforms`` is True when none is a Violation."""

    results: tuple[ValidationResult, ...] = field(default=())

    def __post_init__(self) -> None:
        ordered = sorted(set(self.results), key=lambda result: result.sort_key)
        object.__setattr__(self, "results", tuple(ordered))

    @property
    def conforms(self) -> bool:
        """Say whether no result is a Violation; warnings and remarks do not count (SHACL counts them)."""
        return not any(result.severity is Severity.VIOLATION for result in self.results)

    def counts(self) -> dict[str, int]:
        """Return the number of results by severity: ``violations``, ``warnings``, ``infos``."""
        found = [result.severity for result in self.results]
        return {f"{severity.name.lower()}s": found.count(severity) for severity in Severity}

    def merged(self, others: Iterable[ValidationResult]) -> ValidationReport:
        """Return a report with more results."""
        return ValidationReport((*self.results, *others))

    def by_shape(self) -> list[tuple[ValidationResult, list[ValidationResult]]]:
        """Return the results grouped by shape and severity: (first of the group, all of the group)."""
        groups = groupby(self.results, key=lambda result: (result.severity, result.source_shape))
        return [(group[0], group) for group in (list(members) for _, members in groups)]

    def to_json(self) -> dict[str, Any]:
        """Return plain values for a JSON document."""
        return {
            "conforms": self.conforms,
            "counts": self.counts(),
            "results": [result.to_json() for result in self.results],
        }

    def to_text(self, language: str = "en") -> str:
        """Return the report for a reader of ``language`` (fr or en): per shape what is wrong and how to mend it, then where."""
        if not self.results:
            return _WORDS["nothing"].get(language, _WORDS["nothing"]["en"])
        return "\n\n".join(_group_text(first, group, language) for first, group in self.by_shape())

    def to_turtle(self) -> bytes:
        """Return an ``sh:ValidationReport`` in Turtle, UTF-8; the same report gives the same bytes."""
        lines = [f"@prefix sh: <{SH}> .", "", "[] a sh:ValidationReport ;"]
        end = " ;" if self.results else " ."
        lines.append(f"  sh:conforms {str(self.conforms).lower()}{end}")
        if self.results:
            blocks = " ,\n".join(_result_turtle(result) for result in self.results)
            lines.append(f"  sh:result\n{blocks} .")
        return ("\n".join(lines) + "\n").encode()

    def to_graph(self) -> rdflib.Graph:
        """Return the report as an RDF graph (SHACL section 3.6)."""
        graph = rdflib.Graph()
        graph.parse(data=self.to_turtle(), format="turtle")
        return graph


def shortened(iri: str) -> str:
    """Return a prefixed name for an IRI in one of our fixed namespaces, else ``<iri>``."""
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    for prefix, namespace in FIXED_PREFIXES.items():
        if namespace == iri[:cut] and iri[cut:]:
            return f"{prefix}:{iri[cut:]}"
    return f"<{iri}>"


def term_text(term: Identifier) -> str:
    """Return a term for a reader: an IRI as it is, a literal with its language or short datatype."""
    if isinstance(term, Literal):
        suffix = f"@{term.language}" if term.language else ""
        if term.datatype:
            suffix = f"^^{shortened(str(term.datatype))}"
        return f'"{term}"{suffix}'
    return str(term) if isinstance(term, URIRef) else f"_:{term}"


def _group_text(first: ValidationResult, group: list[ValidationResult], language: str) -> str:
    name = in_language(first.names, language)
    lines = [
        f"{severity_name(first.severity, language)} ({len(group)}): {name or first.shape_name} [{first.shape_name}]"
    ]
    if first.descriptions:
        lines.append(
            f"  {_WORDS['expected'].get(language, 'expected')}: {in_language(first.descriptions, language)}"
        )
    lines.append(f"  {_WORDS['mend'].get(language, 'what to do')}: {first.message(language)}")
    lines.extend(f"  - {_place(result, language)}" for result in group)
    return "\n".join(lines)


def _place(result: ValidationResult, language: str) -> str:
    place = term_text(result.focus_node)
    if result.path_text:
        place += f"  {result.path_text}"
    if result.value_node is not None:
        place += f"  {_WORDS['value'].get(language, 'value')}: {term_text(result.value_node)}"
    return place


def _turtle_term(term: Identifier) -> str:
    """Return a term in Turtle; a broken IRI, which no syntax can hold, becomes a literal."""
    if isinstance(term, URIRef):
        return _iri(str(term))
    if isinstance(term, Literal):
        text = str(term).translate(_TURTLE_ESCAPES)
        suffix = (
            f"@{term.language}" if term.language else f"^^{_iri(str(term.datatype))}" if term.datatype else ""
        )
        return f'"{text}"{suffix}'
    return term.n3()


def _iri(iri: str) -> str:
    """Return an IRI between angle brackets, characters that no IRI may hold escaped by percent."""
    return "<" + "".join(c if c > " " and c not in '<>"{}|^`\\' else f"%{ord(c):02X}" for c in iri) + ">"


_TURTLE_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def _result_turtle(result: ValidationResult) -> str:
    lines = [
        "    [ a sh:ValidationResult",
        f"sh:focusNode {_turtle_term(result.focus_node)}",
        f"sh:resultSeverity sh:{result.severity.name.capitalize()}",
        f"sh:sourceShape {_iri(result.source_shape)}",
        f"sh:sourceConstraintComponent {_iri(result.constraint_component)}",
    ]
    if result.path:
        lines.append(f"sh:resultPath {result.path}")
    if result.value_node is not None:
        lines.append(f"sh:value {_turtle_term(result.value_node)}")
    lines.extend(
        f"sh:resultMessage {_turtle_term(Literal(text, lang=language))}" for language, text in result.messages
    )
    return " ;\n      ".join(lines) + " ]"
