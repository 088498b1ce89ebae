"""Turn rows into quads by a declared mapping, ``mapping.toml``: one per table, the only place of that table's mapping.

The file is compiled once into functions over a row; a million quads pass through them without an object per term.
docs/reference/mapping.md describes the language.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ptce_lod import namespaces
from ptce_lod.errors import MappingError, Problem, SourceUnavailable
from ptce_lod.ingest.csvw import TableSchema
from ptce_lod.ingest.tabular import Row, Table, dict_rows
from ptce_lod.ingest.templates import CellError, Templates
from ptce_lod.iris import AddressSpace
from ptce_lod.terms import QuadLine

_NODE_KEYS: Final = {"iri", "class", "when", "when_any", "for_each", "provenance", "statement"}
_STATEMENT_KEYS: Final = {"predicate", "value", "iri", "language", "datatype", "map", "when", "when_any"}
_LOOKUP_KEYS: Final = {"table", "key", "value", "where"}
_TOP_KEYS: Final = {"table", "provenance", "lookups", "node"}

_RDF_TYPE: Final = f"<{namespaces.RDF}type>"
#: Not prov:wasDerivedFrom: its domain prov:Entity excludes calls, cooperations and projects, which are activities.
_SOURCE: Final = f"<{namespaces.DCTERMS}source>"

Condition = Callable[[Row], bool]
#: Takes a row and the subject's term, appends the lines it makes.
Emit = Callable[[Row, str, list[QuadLine]], None]


@dataclass
class _Node:
    subject: Callable[[Row], list[str]]
    condition: Condition
    emits: list[Emit] = field(default_factory=list)
    #: Index of the column to go through value by value, or -1.
    for_each: int = -1


class CompiledMapping:
    """A compiled mapping of one table into one named graph."""

    def __init__(self, nodes: list[_Node]) -> None:
        self._nodes = nodes

    def quads(self, table: Table) -> Iterator[QuadLine]:
        """Yield the quads of every sound row; what a row cannot give is noted as a problem of ``table``."""
        for line, row in table.rows():
            lines: list[QuadLine] = []
            try:
                for node in self._nodes:
                    self._node(node, row, lines)
            except CellError as error:
                table.problem(line, error.column, error.message, error.hint)
                continue
            yield from lines

    def _node(self, node: _Node, row: Row, lines: list[QuadLine]) -> None:
        if not node.condition(row):
            return
        for one in [row] if node.for_each < 0 else _each(row, node.for_each):
            for subject in node.subject(one):
                term = f"<{subject}>"
                for emit in node.emits:
                    emit(one, term, lines)


def _each(row: Row, index: int) -> Iterator[Row]:
    """Yield ``row`` once per value of a separated cell, that cell then holding the one value."""
    for value in row[index]:
        yield [*row[:index], value, *row[index + 1 :]]


def read_mapping(
    path: Path, schema: TableSchema, addresses: AddressSpace, graph_name: str
) -> CompiledMapping:
    """Compile ``path`` for the table of ``schema``; its quads go to the graph whose IRI is ``graph_name``.

    Raises :class:`MappingError` listing every mistake of the file: unknown keys, columns, prefixes, filters.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourceUnavailable(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"{path}: not TOML: {error}") from error
    return _Compiler(path, schema, addresses, graph_name).compile(document)


class _Compiler:
    def __init__(self, path: Path, schema: TableSchema, addresses: AddressSpace, graph_name: str) -> None:
        self.path = path
        self.schema = schema
        self.addresses = addresses
        self.graph = f"<{graph_name}>"
        self.problems: list[Problem] = []
        self.columns = {name: i for i, name in enumerate(schema.names)}
        self.provenance = ""
        self.templates = Templates(schema, addresses)

    def problem(self, where: str, message: str, hint: str = "") -> None:
        self.problems.append(Problem(str(self.path), field=where, message=message, hint=hint))

    def compile(self, document: Mapping[str, Any]) -> CompiledMapping:
        self._keys(document, _TOP_KEYS, "")
        if document.get("table") != self.schema.path.name:
            self.problem("table", f"is {document.get('table')!r}, expected {self.schema.path.name!r}")
        self.provenance = document.get("provenance", "")
        if self.provenance:
            self._column(self.provenance, "provenance")
        for name, lookup in document.get("lookups", {}).items():
            self._lookup(name, lookup)
        nodes = [self._node(i, node) for i, node in enumerate(document.get("node", []), start=1)]
        if self.problems:
            raise MappingError(f"{self.path}: {len(self.problems)} problems", problems=self.problems)
        return CompiledMapping(nodes)

    def _keys(self, table: Mapping[str, Any], known: set[str], where: str) -> None:
        for key in table:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                self.problem(where, f"there is no key {key!r}", f"did you mean {near[0]!r}?" if near else "")

    def _column(self, name: str, where: str) -> int:
        if name not in self.columns:
            near = difflib.get_close_matches(name, self.columns, n=1)
            self.problem(
                where, f"the table has no column {name!r}", f"did you mean {near[0]!r}?" if near else ""
            )
        return self.columns.get(name, 0)

    def _lookup(self, name: str, lookup: Mapping[str, Any]) -> None:
        where = f"lookups.{name}"
        self._keys(lookup, _LOOKUP_KEYS, where)
        if not {"table", "key", "value"} <= lookup.keys():
            self.problem(where, "needs table, key and value")
            return
        path = self.path.parent / lookup["table"]
        conditions = lookup.get("where", {})
        try:
            rows = dict_rows(path, (lookup["key"], lookup["value"], *conditions))
            values = {
                row[lookup["key"]]: row[lookup["value"]]
                for row in rows
                if all(row[column] == value for column, value in conditions.items())
            }
        except SourceUnavailable as error:
            self.problem(where, error.message)
            return
        self.templates.lookups[name] = (lookup["table"], values)

    def _node(self, number: int, node: Mapping[str, Any]) -> _Node:
        where = f"node {number}"
        self._keys(node, _NODE_KEYS, where)
        one_value = str(node.get("for_each", ""))
        for_each = self._column(one_value, where) if one_value else -1
        self.templates.one_value = one_value
        compiled = _Node(
            self._template(node.get("iri", ""), where, iri=True),
            self._condition(node, where),
            for_each=for_each,
        )
        for class_ in node.get("class", []):
            compiled.emits.append(self._constant(_RDF_TYPE, self._name(class_, where)))
        for i, statement in enumerate(node.get("statement", []), start=1):
            compiled.emits.append(self._statement(statement, f"{where}, statement {i}"))
        if self.provenance and node.get("provenance", True):
            template = self._template(f"thing:source/{{{self.provenance}|source}}", where, iri=True)
            compiled.emits.append(self._iris(_SOURCE, template))
        self.templates.one_value = ""
        return compiled

    def _name(self, name: str, where: str) -> str:
        """Return the IRI of a prefixed name as a term."""
        iri = namespaces.expand(name)
        if iri is None:
            near = difflib.get_close_matches(name.partition(":")[0], namespaces.FIXED_PREFIXES, n=1)
            self.problem(
                where, f"{name!r} has an unknown prefix", f"did you mean {near[0]!r}?" if near else ""
            )
        return f"<{iri}>"

    def _template(
        self, text: str, where: str, *, iri: bool, map_: Mapping[str, str] | None = None
    ) -> Callable[[Row], list[str]]:
        try:
            return self.templates.compile(text, iri=iri, map_=map_)
        except ValueError as error:
            self.problem(where, str(error))
            return lambda row: []

    def _condition(self, table: Mapping[str, Any], where: str) -> Condition:
        tests = [self._test(column, wanted, where) for column, wanted in table.get("when", {}).items()]
        any_of = [self._column(column, where) for column in table.get("when_any", [])]
        if any_of:
            tests.append(lambda row: any(row[i] for i in any_of))
        if not tests:
            return lambda row: True
        return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)

    def _test(self, column: str, wanted: str | list[str], where: str) -> Condition:
        i = self._column(column, where)
        if wanted == "?":
            return lambda row: bool(row[i])
        if wanted == "!":
            return lambda row: not row[i]
        values = {wanted} if isinstance(wanted, str) else set(wanted)
        return lambda row: row[i] in values

    def _statement(self, statement: Mapping[str, Any], where: str) -> Emit:
        self._keys(statement, _STATEMENT_KEYS, where)
        if ("value" in statement) == ("iri" in statement):
            self.problem(where, "needs either value or iri")
            return lambda row, subject, lines: None
        predicate = self._name(statement.get("predicate", ""), where)
        is_iri = "iri" in statement
        template = self._template(
            str(statement.get("iri", statement.get("value"))), where, iri=is_iri, map_=statement.get("map")
        )
        emit = (
            self._iris(predicate, template)
            if is_iri
            else self._literals(predicate, template, statement, where)
        )
        if "when" not in statement and "when_any" not in statement:
            return emit
        condition = self._condition(statement, where)

        def conditional(row: Row, subject: str, lines: list[QuadLine]) -> None:
            if condition(row):
                emit(row, subject, lines)

        return conditional

    def _constant(self, predicate: str, object_: str) -> Emit:
        tail = f" {predicate} {object_} {self.graph} ."

        def emit(row: Row, subject: str, lines: list[QuadLine]) -> None:
            lines.append(QuadLine(subject + tail))

        return emit

    def _iris(self, predicate: str, template: Callable[[Row], list[str]]) -> Emit:
        graph = self.graph

        def emit(row: Row, subject: str, lines: list[QuadLine]) -> None:
            lines.extend(QuadLine(f"{subject} {predicate} <{iri}> {graph} .") for iri in template(row))

        return emit

    def _literals(
        self, predicate: str, template: Callable[[Row], list[str]], statement: Mapping[str, Any], where: str
    ) -> Emit:
        graph = self.graph
        try:
            literal = self.templates.literal(statement.get("language", ""), statement.get("datatype", ""))
        except ValueError as error:
            self.problem(where, str(error))
            return lambda row, subject, lines: None

        def emit(row: Row, subject: str, lines: list[QuadLine]) -> None:
            lines.extend(
                QuadLine(f"{subject} {predicate} {literal(text)} {graph} .") for text in template(row)
            )

        return emit
