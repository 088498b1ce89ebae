"""Build ``rows.sqlite``: the rows of all tables by number, and which rows have a value in a column that can be filtered by."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from ptce_lod.folding import fold
from ptce_lod.release.tables.declared import Column, Table
from ptce_lod.release.tables.rows import Cell, Row

#: Digits of a year at the beginning of a date.
_YEAR: Final = 4
_SCHEMA: Final = """
CREATE TABLE row (name TEXT, number INTEGER, data TEXT NOT NULL, PRIMARY KEY (name, number)) WITHOUT ROWID;
CREATE TABLE cell (name TEXT, column_name TEXT, value TEXT, number INTEGER, PRIMARY KEY (name, column_name, value, number)) WITHOUT ROWID;
"""


class RowIndex:
    """Writes the index. Use as a context manager: it is whole when the block ends."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA}")

    def __enter__(self) -> RowIndex:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.commit()
        self._connection.execute("VACUUM")
        self._connection.close()

    def add(self, table: Table, rows: Sequence[Row]) -> None:
        """Add the rows of a table, in their order."""
        self._connection.executemany(
            "INSERT INTO row VALUES (?, ?, ?)",
            ((table.name, number, _data(table, row)) for number, row in enumerate(rows)),
        )
        self._connection.executemany("INSERT OR IGNORE INTO cell VALUES (?, ?, ?, ?)", _cells(table, rows))


def _data(table: Table, row: Row) -> str:
    """Return a row as JSON: numbers as such, unknown as null, an empty list where there are none of several."""
    found = {column.name: _value(column, row[column.name]) for column in table.columns}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _value(column: Column, cell: Cell) -> object:
    if isinstance(cell, tuple):
        return list(cell)
    if not cell:
        return None
    if column.datatype == "integer":
        return int(cell)
    return float(cell) if column.datatype == "decimal" else cell


def _cells(table: Table, rows: Sequence[Row]) -> Iterator[tuple[str, str, str, int]]:
    filters = [column for column in table.columns if column.is_filter]
    for number, row in enumerate(rows):
        for column in filters:
            cell = row[column.name]
            for text in (cell,) if isinstance(cell, str) else cell:
                for value in _sought(column, text):
                    yield table.name, column.name, value, number


def _sought(column: Column, text: str) -> set[str]:
    """Return what finds a value: itself without accents and capitals, the name in an IRI of ours, the year of a date."""
    if not text:
        return set()
    found = {fold(text)}
    if column.datatype == "anyURI":
        found.add(text.rpartition("/")[2])
    elif column.is_date:
        found.add(text[:_YEAR])
    return found
