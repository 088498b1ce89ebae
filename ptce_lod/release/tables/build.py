"""Write all tables of a release below its dumps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path

import pyoxigraph as ox

from ptce_lod.release.tables.declared import Table, declared
from ptce_lod.release.tables.index import RowIndex
from ptce_lod.release.tables.rows import Row, collect
from ptce_lod.release.tables.write import write_csv, write_geojson, write_metadata, write_parquet, write_xlsx


def write_tables(folder: Path, index: Path, store: ox.Store, date: str, pool: Executor) -> int:
    """Write each table that has rows into ``folder`` in every format, and the index of rows; return how many rows there are.

    ``date`` is that of the data. Files are written in ``pool``.
    """
    folder.mkdir(exist_ok=True)
    total, jobs = 0, []
    with RowIndex(index) as indexed:
        for table in declared():
            found, kinds = collect(store, table)
            if found:
                total += len(found)
                jobs.append(pool.submit(_write_files, folder, table, found, kinds, date))
                indexed.add(table, found)
    for job in jobs:
        job.result()
    return total


def _write_files(
    folder: Path, table: Table, found: Sequence[Row], kinds: Mapping[str, str], date: str
) -> None:
    name = table.name
    longest = write_csv(folder / f"{name}.csv", table, found)
    write_metadata(folder / f"{name}.csv-metadata.json", table, kinds, date)
    write_xlsx(folder / f"{name}.xlsx", table, found, date)
    write_parquet(folder / f"{name}.parquet", table, folder / f"{name}.csv", longest)
    if table.is_located:
        write_geojson(folder / f"{name}.geojson", table, found)
