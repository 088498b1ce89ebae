"""GDAL/OGR, and so QGIS and what else stands on it, opens the tables: every row, every field, points where the rows say.

Parquet is not among them: no wheel of GDAL has its driver. DuckDB and pandas read it (test_tables.py).
"""

from __future__ import annotations

import csv
import math
import struct
from pathlib import Path
from typing import Any

import pyogrio
import pytest

from ptce_lod.release.layout import VarLayout
from ptce_lod.release.tables.declared import Table, declared
from ptce_lod.settings import Settings

TABLES = declared()
LOCATED = [table for table in TABLES if table.is_located]
#: Little-endian point, in two dimensions (OGC 06-103r4, section 8.2).
POINT = struct.Struct("<BIdd")


@pytest.fixture(scope="module")
def folder(published: Settings) -> Path:
    return VarLayout(published.var_dir).published().dumps / "tables"


def rows(folder: Path, table: Table) -> list[dict[str, str]]:
    with (folder / f"{table.name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def read(path: Path, **options: str) -> tuple[dict[str, Any], list[dict[str, Any]], Any]:
    """Return what GDAL says of a table, its rows, and the geometries as well-known binary, if there are any."""
    said, _, geometries, columns = pyogrio.raw.read(path, **options)
    names = list(said["fields"])
    return said, [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)], geometries


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_each_table_has_its_rows_and_fields(folder: Path, table: Table, extension: str) -> None:
    expected = rows(folder, table)
    # Of a sheet whose cells are all texts GDAL cannot tell that the first row is none; who opens it says so.
    options = {"layer": "data", "HEADERS": "FORCE"} if extension == "xlsx" else {}
    said, found, geometries = read(folder / f"{table.name}.{extension}", **options)
    assert list(said["fields"]) == [column.name for column in table.columns]
    assert len(found) == len(expected)
    assert geometries is None
    for row, there in zip(expected, found, strict=True):
        for column in table.columns:
            cell, value = row[column.name], there[column.name]
            if not cell:
                assert value is None or value == "" or math.isnan(value)
            elif column.datatype in ("integer", "decimal"):
                assert float(value) == float(cell)
            else:
                assert value == cell, (column.name, row["id"])


@pytest.mark.parametrize("table", LOCATED, ids=lambda table: table.name)
def test_points_are_where_the_rows_say(folder: Path, table: Table) -> None:
    expected = [row for row in rows(folder, table) if row["latitude"]]
    said, found, geometries = read(folder / f"{table.name}.geojson")
    assert said["crs"] == "EPSG:4326"
    assert said["geometry_type"] == "Point"
    assert set(said["fields"]) <= {"id", *expected[0]}
    by_id = {row["id"]: row for row in expected}
    placed = {
        row["id"]: POINT.unpack(geometry)
        for row, geometry in zip(found, geometries, strict=True)
        if geometry is not None
    }
    assert placed.keys() == by_id.keys()
    assert len(placed) > 3
    for iri, (_, _, longitude, latitude) in placed.items():
        assert (longitude, latitude) == (float(by_id[iri]["longitude"]), float(by_id[iri]["latitude"]))
    for row in found:
        assert row["id"] not in by_id or row["name"] == by_id[row["id"]]["name"]
