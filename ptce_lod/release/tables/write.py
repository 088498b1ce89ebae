"""Write tables as CSV with its metadata, XLSX, Parquet and GeoJSON: the same bytes from the same rows.

Sources: RFC 4180; W3C Tabular Metadata (CSVW), sections 5.3 to 5.6; RFC 7946.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from ptce_lod.namespaces import XSD
from ptce_lod.release.datasets import LICENCE_OF
from ptce_lod.release.tables.declared import SEPARATOR, Column, Table
from ptce_lod.release.tables.rows import IRI, Row

#: Datatype of a column → type in Parquet.
_PARQUET: Final = {"string": "VARCHAR", "anyURI": "VARCHAR", "integer": "BIGINT", "decimal": "DOUBLE"}
#: Datatypes of XSD that values of ours may have and that CSVW has a name for (section 5.11.1), but ``token``: Python's csvw refuses it.
_DATATYPES: Final = (
    *(
        "anyURI",
        "boolean",
        "date",
        "dateTime",
        "decimal",
        "double",
        "duration",
        "float",
        "gDay",
        "gMonth",
        "gYear",
    ),
    *("gMonthDay", "gYearMonth", "hexBinary", "integer", "language", "nonNegativeInteger", "string", "time"),
)
#: Bytes of the longest row that DuckDB reads unless told otherwise, and of the longest character.
_PARQUET_ROW, _UTF8 = 2_000_000, 4
#: Longest text of a cell, and most rows of a sheet, that spreadsheets read.
_XLSX_TEXT, _XLSX_ROWS = 32_767, 1_048_575
_XLSX_WIDTH: Final = 28


def write_csv(path: Path, table: Table, rows: Iterable[Row]) -> int:
    """Write CSV in UTF-8 without a byte order mark, cells as they are; return the number of characters of the longest row.

    What a spreadsheet would carry out is for XLSX (decision 0015).
    """
    names = [column.name for column in table.columns]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        longest = int(writer.writerow(names))
        for row in rows:
            longest = max(longest, writer.writerow([_joined(row[name]) for name in names]))
    return longest


def write_metadata(path: Path, table: Table, kinds: Mapping[str, str], date: str) -> None:
    """Write the metadata of ``{table}.csv``; ``kinds`` say what the columns' values are in the graph, ``date`` is that of the data."""
    document = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "fr"}],
        "url": f"{table.name}.csv",
        "dc:title": _both(table.title),
        "dc:description": _both(table.description),
        "dc:license": {"@id": LICENCE_OF[table.dataset].iri},
        "dc:modified": {"@value": date, "@type": "xsd:date"},
        "dialect": {"encoding": "utf-8", "header": True, "doubleQuote": True},
        "tableSchema": {
            "columns": [_column(column, kinds.get(column.name, "")) for column in table.columns],
            "primaryKey": "id",
            "aboutUrl": "{+id}",
        },
    }
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def _column(column: Column, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "datatype": column.datatype,
        "rdfs:label": _both(column.title),
        "dc:description": _both(column.description),
    }
    if column.many:
        found["separator"] = SEPARATOR
    if column.predicate:
        found["propertyUrl"] = column.predicate
    name = kind.removeprefix(XSD)
    is_unnamed = kind.startswith(XSD) and name not in _DATATYPES
    if not column.predicate or not kind or is_unnamed or (kind == IRI and column.many):
        # No statement of the graph: a name of what another column links to; values of several kinds, or of one that cannot be said; IRIs
        # in a list, which a template joins by commas (RFC 6570).
        found["suppressOutput"] = True
    elif kind == IRI:
        found["valueUrl"] = f"{{+{column.name}}}"
    elif kind.startswith("@"):
        found["lang"] = kind[1:]
    else:
        found["datatype"] = {"@id": kind, "base": "string"} if name == kind else name
    return found


def write_xlsx(path: Path, table: Table, rows: Sequence[Row], date: str) -> None:
    """Write a workbook: the data, and the columns in both languages. Texts are cells of text, never formulas."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties(
            {"title": table.title["fr"], "created": datetime.fromisoformat(f"{date}T00:00:00")}
        )
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("data")
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(table.columns) - 1, _XLSX_WIDTH)
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, column.name, bold)
        for number, row in enumerate(rows[:_XLSX_ROWS], start=1):
            for place, column in enumerate(table.columns):
                _write_cell(sheet, number, place, column, _joined(row[column.name]))
        told = book.add_worksheet("columns")
        told.set_column(0, 4, _XLSX_WIDTH)
        for place, title in enumerate(("column", "titre", "description (fr)", "title", "description (en)")):
            told.write_string(0, place, title, bold)
        for number, column in enumerate(table.columns, start=1):
            texts = (
                column.name,
                column.title["fr"],
                column.description["fr"],
                column.title["en"],
                column.description["en"],
            )
            for place, text in enumerate(texts):
                told.write_string(number, place, text)


def _write_cell(sheet: Any, number: int, place: int, column: Column, text: str) -> None:
    if not text:
        return
    if column.datatype in ("integer", "decimal"):
        sheet.write_number(number, place, float(text))
    else:
        sheet.write_string(number, place, text[:_XLSX_TEXT])


def write_parquet(path: Path, table: Table, source: Path, longest: int) -> None:
    """Write the rows of the CSV file ``source`` as Parquet; a column of many values is a list.

    ``longest`` is the number of characters of the longest row: DuckDB refuses rows beyond what it was told.
    """
    # Here and not above: only a build needs it, and a server that has it complains of leaks in it at its end (DuckDB 2.0).
    import duckdb

    types = {c.name: "VARCHAR" if c.many else _PARQUET[c.datatype] for c in table.columns}
    cells = ", ".join(
        f"CASE WHEN {_quoted(c.name)} IS NULL THEN [] ELSE string_split({_quoted(c.name)}, '{SEPARATOR}') END AS {_quoted(c.name)}"
        if c.many
        else _quoted(c.name)
        for c in table.columns
    )
    with duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False}) as connection:
        connection.read_csv(
            str(source),
            header=True,
            columns=types,
            auto_detect=False,
            max_line_size=max(_PARQUET_ROW, longest * _UTF8),
            na_values="",
            delimiter=",",
            quotechar='"',
            escapechar='"',
        ).project(cells).write_parquet(str(path), compression="zstd")


def write_geojson(path: Path, table: Table, rows: Iterable[Row]) -> None:
    """Write the rows that have a position as features, whose ids are the things' IRIs."""
    features = [
        {
            "type": "Feature",
            "id": row["id"],
            "geometry": {
                "type": "Point",
                "coordinates": [float(str(row["longitude"])), float(str(row["latitude"]))],
            },
            "properties": {
                name: value for name, value in row.items() if value and name not in ("latitude", "longitude")
            },
        }
        for row in rows
        if row["latitude"] and row["longitude"]
    ]
    collection = {"type": "FeatureCollection", "features": features}
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    path.write_text(
        text.replace('{"type":"Feature"', '\n{"type":"Feature"') + "\n", encoding="utf-8", newline="\n"
    )


def _joined(cell: str | tuple[str, ...]) -> str:
    return cell if isinstance(cell, str) else SEPARATOR.join(cell)


def _quoted(name: str) -> str:
    return f'"{name}"'


def _both(texts: dict[str, str]) -> list[dict[str, str]]:
    return [{"@value": texts[code], "@language": code} for code in ("fr", "en")]
