"""Read a table's CSVW metadata: which columns there are and what a cell may hold.

Carries out the part of *Metadata Vocabulary for Tabular Data* (W3C, 2015) that our tables use: columns, ``required``, ``separator``,
datatypes with ``base``, ``format``, bounds and lengths (section 5.11.2), ``primaryKey``, ``foreignKeys`` and the dialect's line ends.
What is not understood is refused, never skipped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ptce_lod.errors import MappingError, Problem, SourceUnavailable

METADATA_SUFFIX: Final = "-metadata.json"
_BASES: Final = ("string", "integer", "nonNegativeInteger", "decimal", "anyURI", "boolean", "token")
_COLUMN_KEYS: Final = {
    "@id",
    "@type",
    "name",
    "titles",
    "required",
    "separator",
    "datatype",
    "suppressOutput",
    "propertyUrl",
    "valueUrl",
    "aboutUrl",
    "lang",
    "null",
    "default",
    "ordered",
}
_DATATYPE_KEYS: Final = {
    "@id",
    "base",
    "format",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minInclusive",
    "maxInclusive",
}


@dataclass(frozen=True)
class Datatype:
    """What one value of a column may be. ``description`` maps a language to a sentence for messages."""

    base: str = "string"
    pattern: re.Pattern[str] | None = None
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    id: str = ""
    description: str = ""


@dataclass(frozen=True)
class Column:
    """One column; ``separator`` is empty when a cell holds one value."""

    name: str
    datatype: Datatype = field(default_factory=Datatype)
    required: bool = False
    separator: str = ""


@dataclass(frozen=True)
class ForeignKey:
    """Values of ``column`` must be values of ``key`` in the table at ``path``."""

    column: str
    path: Path
    key: str


@dataclass(frozen=True)
class TableSchema:
    """One table's metadata, checked. ``line_terminators`` are the ends of line its dialect admits."""

    path: Path
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    line_terminators: tuple[str, ...] = ("\r\n", "\n")

    @property
    def names(self) -> list[str]:
        """Column names in the order of the header."""
        return [column.name for column in self.columns]


def metadata_path(table: Path) -> Path:
    """Return where the metadata of a table stand (CSVW, Model for Tabular Data, section 5.3)."""
    return table.with_name(table.name + METADATA_SUFFIX)


def read_schema(table: Path) -> TableSchema:
    """Return the metadata of ``table``.

    Raises :class:`SourceUnavailable` when there are none, :class:`MappingError` naming every key that is not understood.
    """
    path = metadata_path(table)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourceUnavailable(
            f"{path}: cannot be read ({error.strerror})", hint="each table needs CSVW metadata beside it"
        ) from error
    except ValueError as error:
        raise MappingError(f"{path}: not JSON: {error}") from error
    return _SchemaReader(table, path).read(document)


class _SchemaReader:
    """Turns the JSON of one metadata file into a :class:`TableSchema`, collecting problems."""

    def __init__(self, table: Path, path: Path) -> None:
        self.table = table
        self.path = path
        self.problems: list[Problem] = []

    def problem(self, where: str, message: str) -> None:
        self.problems.append(Problem(str(self.path), field=where, message=message))

    def read(self, document: Mapping[str, Any]) -> TableSchema:
        if document.get("url") != self.table.name:
            self.problem("url", f"is {document.get('url')!r}, expected {self.table.name!r}")
        table_schema = document.get("tableSchema", {})
        columns = tuple(self.column(c) for c in table_schema.get("columns", []) if not c.get("virtual"))
        names = {column.name for column in columns}
        primary_key = table_schema.get("primaryKey", ())
        schema = TableSchema(
            path=self.table,
            columns=columns,
            primary_key=(primary_key,) if isinstance(primary_key, str) else tuple(primary_key),
            foreign_keys=tuple(self.foreign_key(k) for k in table_schema.get("foreignKeys", [])),
            line_terminators=tuple(document.get("dialect", {}).get("lineTerminators", ("\r\n", "\n"))),
        )
        for name in (*schema.primary_key, *(key.column for key in schema.foreign_keys)):
            if name not in names:
                self.problem("tableSchema", f"refers to the column {name!r}, which is not declared")
        if not columns:
            self.problem("tableSchema", "declares no column")
        if self.problems:
            raise MappingError(f"{self.path}: {len(self.problems)} problems", problems=self.problems)
        return schema

    def column(self, column: Mapping[str, Any]) -> Column:
        name = str(column.get("name", ""))
        for key in column:
            if key not in _COLUMN_KEYS and ":" not in key:
                self.problem(name, f"has the key {key!r}, which is not read here")
        return Column(
            name=name,
            datatype=self.datatype(name, column.get("datatype", "string")),
            required=bool(column.get("required", False)),
            separator=str(column.get("separator") or ""),
        )

    def datatype(self, name: str, datatype: str | Mapping[str, Any]) -> Datatype:
        if isinstance(datatype, str):
            datatype = {"base": datatype}
        for key in datatype:
            if key not in _DATATYPE_KEYS and ":" not in key:
                self.problem(name, f"its datatype has the key {key!r}, which is not read here")
        base = str(datatype.get("base", "string"))
        if base not in _BASES:
            self.problem(name, f"its datatype is {base!r}, expected one of {', '.join(_BASES)}")
        description = datatype.get("dc:description", "")
        if isinstance(description, Mapping):
            description = description.get("en") or next(iter(description.values()), "")
        return Datatype(
            base=base,
            pattern=self.pattern(name, datatype.get("format")),
            minimum=datatype.get("minimum", datatype.get("minInclusive")),
            maximum=datatype.get("maximum", datatype.get("maxInclusive")),
            min_length=datatype.get("minLength"),
            max_length=datatype.get("maxLength"),
            id=str(datatype.get("@id", "")),
            description=str(description),
        )

    def pattern(self, name: str, format_: object) -> re.Pattern[str] | None:
        if not isinstance(format_, str):
            return None
        try:
            return re.compile(format_)
        except re.error as error:
            self.problem(name, f"its format {format_!r} is not a regular expression: {error}")
            return None

    def foreign_key(self, key: Mapping[str, Any]) -> ForeignKey:
        reference = key.get("reference", {})
        column, target = key.get("columnReference"), reference.get("columnReference")
        if isinstance(column, list):
            column = column[0] if len(column) == 1 else None
        if isinstance(target, list):
            target = target[0] if len(target) == 1 else None
        if not column or not target or "resource" not in reference:
            self.problem(
                "foreignKeys",
                "expected one columnReference, and a reference with resource and one columnReference",
            )
            return ForeignKey("", self.table, "")
        return ForeignKey(column, self.table.parent / reference["resource"], target)
