"""Write all tables of a release below its dumps."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from ptce_lod.release.tables.declared import declared
from ptce_lod.release.tables.rows import rows
from ptce_lod.release.tables.write import write_csv, write_geojson, write_metadata, write_parquet, write_xlsx


def write_tables(folder: Path, store: ox.Store, date: str) -> int:
    """Write each table that has rows into ``folder`` in every format; return how many rows there are. ``date`` is that of the data."""
    folder.mkdir(exist_ok=True)
    total = 0
    for table in declared():
        found = rows(store, table)
        if not found:
            continue
        total += len(found)
        name = table.name
        write_csv(folder / f"{name}.csv", table, found)
        write_metadata(folder / f"{name}.csv-metadata.json", table, date)
        write_xlsx(folder / f"{name}.xlsx", table, found, date)
        write_parquet(folder / f"{name}.parquet", table, folder / f"{name}.csv")
        if table.is_located:
            write_geojson(folder / f"{name}.geojson", table, found)
    return total
