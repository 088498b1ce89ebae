"""Stream the rows of a table, judged cell by cell against its CSVW metadata.

Memory: one row, plus the key values of the table and of the tables it refers to. Every problem of a file is collected before the
file is refused. Source: RFC 4180; W3C *Model for Tabular Data*, sections 4 and 6.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import IO, Final, Protocol

from ptce_lod.errors import MappingError, ParseError, Problem, SourceUnavailable
from ptce_lod.ingest.cells import Check, check_of
from ptce_lod.ingest.csvw import TableSchema

#: Longest line, in bytes: a table whose line is longer is broken, or an attack on memory.
MAX_LINE_BYTES: Final = 1_048_576
#: Problems listed of one file; what comes after is only counted.
MAX_PROBLEMS: Final = 200
_BOM: Final = b"\xef\xbb\xbf"

#: Cells of one row in the order of the columns; a separated cell is a tuple of its values.
Row = list[str | tuple[str, ...]]

csv.field_size_limit(MAX_LINE_BYTES)


class _CsvReader(Protocol):
    """What ``csv.reader`` returns; the standard library does not export its type."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


class Table:
    """A table on disk with its schema; iterate :meth:`rows` once, then ask :attr:`problems`."""

    def __init__(self, schema: TableSchema) -> None:
        self.schema = schema
        self.path = schema.path
        self.problems: list[Problem] = []
        self.uncounted = 0

    def problem(self, line: int, column: str, message: str, hint: str = "") -> None:
        """Note a problem of this file."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(str(self.path), line=line, field=column, message=message, hint=hint))
        else:
            self.uncounted += 1

    def raise_if_problems(self) -> None:
        """Raise :class:`MappingError` with all problems noted, if any."""
        if self.problems:
            total = len(self.problems) + self.uncounted
            more = f", of which the first {MAX_PROBLEMS} are listed" if self.uncounted else ""
            raise MappingError(
                f"{self.path}: {total} problem{'s' if total > 1 else ''}{more}", problems=self.problems
            )

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Yield (line number, row) of every row without a problem.

        Raises :class:`SourceUnavailable` when there is no such file; :class:`ParseError` when what follows cannot be told apart into
        rows (encoding, an endless line). Other problems are noted and the row left out.
        """
        try:
            stream = self.path.open("rb")
        except OSError as error:
            raise SourceUnavailable(f"{self.path}: cannot be read ({error.strerror})") from error
        with stream:
            reader = csv.reader(self._lines(stream), strict=True)
            if not self._check_header(reader):
                return
            yield from self._body(reader)

    def _body(self, reader: _CsvReader) -> Iterator[tuple[int, Row]]:
        judge = _RowJudge(self)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self.problem(
                    reader.line_num,
                    "",
                    f"not CSV: {error}",
                    "quote cells that hold quotes, commas or line ends",
                )
                return
            row = judge.row(reader.line_num, cells)
            if row is not None:
                yield reader.line_num, row

    def _lines(self, stream: IO[bytes]) -> Iterator[str]:
        carriage_returns = 0
        for number in count(1):
            raw = stream.readline(MAX_LINE_BYTES + 1)
            if not raw:
                break
            if len(raw) > MAX_LINE_BYTES:
                raise ParseError(
                    f"{self.path}:{number}: the line is longer than {MAX_LINE_BYTES} bytes",
                    hint="is a quote or a line end missing?",
                )
            if number == 1 and raw.startswith(_BOM):
                self.problem(1, "", "begins with a byte-order mark", "save the table as UTF-8 without BOM")
                raw = raw[len(_BOM) :]
            if raw.endswith(b"\r\n") and "\r\n" not in self.schema.line_terminators:
                carriage_returns = carriage_returns or number
            try:
                yield raw.decode("utf-8")
            except UnicodeDecodeError as error:
                raise ParseError(
                    f"{self.path}:{number}: byte {error.start + 1} of the line (0x{raw[error.start]:02X}) is not UTF-8",
                    hint="the table may be in Latin-1 or Windows-1252; save it as UTF-8",
                ) from error
        if carriage_returns:
            self.problem(
                carriage_returns,
                "",
                "ends its lines with CR LF, expected LF alone",
                "convert the line ends, or name them in the dialect",
            )

    def _check_header(self, reader: _CsvReader) -> bool:
        expected = self.schema.names
        header = next(reader, None)
        if header is None:
            self.problem(0, "", f"is empty, expected a header line: {','.join(expected)}")
            return False
        for name in expected:
            if name not in header:
                self.problem(
                    1, name, "this column is missing", _near(name, [h for h in header if h not in expected])
                )
        for name in header:
            if name not in expected:
                self.problem(
                    1,
                    name,
                    "there is no such column in the metadata",
                    _near(name, [e for e in expected if e not in header]),
                )
        if not self.problems and header != expected:
            self.problem(1, "", f"the columns stand in another order, expected {','.join(expected)}")
        return header == expected


class _RowJudge:
    """Splits and checks the cells of one table's rows."""

    def __init__(self, table: Table) -> None:
        schema = table.schema
        self.table = table
        self.width = len(schema.columns)
        self.names = schema.names
        self.separators = [column.separator for column in schema.columns]
        self.required = [i for i, column in enumerate(schema.columns) if column.required]
        self.checks: list[tuple[int, Check]] = [
            (i, check)
            for i, column in enumerate(schema.columns)
            if (check := check_of(column.datatype)) is not None
        ]
        self.key = [self.names.index(name) for name in schema.primary_key]
        self.seen: dict[tuple[str, ...], int] = {}
        self.references = [
            (self.names.index(k.column), key_values(k.path, k.key), k) for k in schema.foreign_keys
        ]

    def row(self, line: int, cells: list[str]) -> Row | None:
        """Return the row, or None when something about it was noted."""
        if len(cells) != self.width:
            self.table.problem(line, "", f"has {len(cells)} cells, expected {self.width}")
            return None
        before = len(self.table.problems) + self.table.uncounted
        row: Row = [
            tuple(v.strip() for v in cell.split(separator) if v.strip()) if separator else cell
            for cell, separator in zip(cells, self.separators, strict=True)
        ]
        for i in self.required:
            if not row[i]:
                self.table.problem(line, self.names[i], "is empty, but a value is required")
        for i, check in self.checks:
            for value in _values(row[i]):
                if wrong := check(value):
                    self.table.problem(line, self.names[i], wrong)
        self._check_keys(line, cells, row)
        return row if len(self.table.problems) + self.table.uncounted == before else None

    def _check_keys(self, line: int, cells: list[str], row: Row) -> None:
        if self.key:
            key = tuple(cells[i] for i in self.key)
            if key in self.seen:
                self.table.problem(
                    line,
                    ",".join(self.names[i] for i in self.key),
                    f"{','.join(key)!r} stands already on line {self.seen[key]}",
                    "give this row an id of its own",
                )
            else:
                self.seen[key] = line
        for i, known, foreign_key in self.references:
            for value in _values(row[i]):
                if value not in known:
                    self.table.problem(
                        line,
                        self.names[i],
                        f"{value!r} is not in the column {foreign_key.key!r} of {foreign_key.path.name}",
                        _near(value, known),
                    )


def _values(cell: str | tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(cell, tuple):
        return cell
    return (cell,) if cell else ()


def _near(word: str, known: list[str] | set[str]) -> str:
    near = difflib.get_close_matches(word, sorted(known)[:5000], n=1)
    return f"did you mean {near[0]!r}?" if near else ""


def key_values(path: Path, column: str) -> set[str]:
    """Return the values of one column of a table that others refer to; unjudged, as that table is judged on its own."""
    return {value for value in column_values(path, column) if value}


def column_values(path: Path, *columns: str) -> Iterator[str]:
    """Yield the cells of the first of ``columns``, row by row; :class:`SourceUnavailable` when file or column is not there."""
    yield from (row[columns[0]] for row in dict_rows(path, columns))


def dict_rows(path: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Yield rows as column → cell; :class:`SourceUnavailable` when the file or one of ``columns`` is not there."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            for column in columns:
                if column not in (reader.fieldnames or ()):
                    raise SourceUnavailable(f"{path}: has no column {column!r}")
            yield from reader
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceUnavailable(f"{path}: cannot be read ({error})") from error
