"""``python -m benchmarks.dumps [QUADS]``: how long the dumps and tables of a release take, by one process and by one for each core."""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from benchmarks.http.data import BASE, make
from ptce_lod.iris import AddressSpace
from ptce_lod.release.dumps import write_dumps
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.release.pool import writing_pool
from ptce_lod.release.tables.build import write_tables

_QUADS: Final = 1_000_000


def main(quads: int) -> None:
    """Make the data, write its files twice, and print a table."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        data = make(folder, quads)
        release = VarLayout(Path(data.var)).published()
        print(f"{data.quads} quads, {os.cpu_count()} cores\n")
        print("| writers | seconds | processor seconds | peak MB of the first process | of another |")
        print("|---|--:|--:|--:|--:|", flush=True)
        for name, may_start in (("processes", True), ("threads", False)):
            used = _processor_seconds()
            seconds = _write(release, folder / name, may_start=may_start)
            own, other = (
                resource.getrusage(who).ru_maxrss / 1024
                for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
            )
            print(
                f"| {name} | {seconds:.0f} | {_processor_seconds() - used:.0f} | {own:.0f} | {other:.0f} |",
                flush=True,
            )
        same = _digests(folder / "processes") == _digests(folder / "threads")
        print(f"\nboth wrote {'the same bytes' if same else 'DIFFERENT bytes'}")


def _digests(folder: Path) -> dict[str, str]:
    """Return the checksum of each file of a run, by its path."""
    found = {}
    for path in sorted((folder / "dumps").rglob("*")):
        if path.is_file():
            with path.open("rb") as stream:
                found[str(path.relative_to(folder))] = hashlib.file_digest(stream, "sha256").hexdigest()
    return found


def _processor_seconds() -> float:
    """Return what this process and those it ended have used: on a shared machine, the steadier figure."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _write(release: ReleaseLayout, folder: Path, *, may_start: bool) -> float:
    """Write everything as a build does; return the seconds that it took."""
    dumps, scratch = folder / "dumps", folder / "scratch"
    for made in (dumps, scratch):
        made.mkdir(parents=True)
    shutil.copyfile(release.dumps / "all.nq", dumps / "all.nq")
    addresses = AddressSpace(BASE)
    store = ox.Store.read_only(str(release.store))
    began = time.monotonic()
    with ThreadPoolExecutor(1) as aside, writing_pool(len(store), may_start=may_start) as pool:
        dumping = aside.submit(write_dumps, dumps, BASE, addresses.prefixes(), scratch, pool)
        write_tables(dumps / "tables", folder / "rows.sqlite", store, release.manifest()["data_date"], pool)
        dumping.result()
    return time.monotonic() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else _QUADS)
