"""``python -m benchmarks.export [QUADS]``: how long the export of a site takes and how much it is; by default of some 10 000 things."""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchmarks.http.data import BASE, make
from ptce_lod.export.site import export_site
from ptce_lod.release.layout import VarLayout
from ptce_lod.settings import Settings

#: About 10 000 made-up things: poles, actors, participations and what belongs to them.
_QUADS: Final = 97_000


def main(quads: int) -> None:
    """Make the data, export them twice, the second time over the first, and print a table."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        data = make(folder, quads)
        settings = replace(Settings(), var_dir=Path(data.var), base_iri=BASE)
        statistics = VarLayout(settings.var_dir).published().statistics
        things = sum(json.loads(statistics.read_text(encoding="utf-8"))["things"].values())
        print(f"{things} things, {data.quads} quads, {os.cpu_count()} cores\n")
        print("| run | seconds | processor seconds | documents | files | MB | peak MB of a process |")
        print("|---|--:|--:|--:|--:|--:|--:|", flush=True)
        for name in ("new", "over the first"):
            began, used = time.monotonic(), _processor_seconds()
            done = export_site(settings, folder / "site")
            figures = (
                f"{time.monotonic() - began:.0f}",
                f"{_processor_seconds() - used:.0f}",
                f"{done.documents}",
                f"{done.files}",
                f"{done.size / 1e6:.0f}",
                f"{_peak() / 1024:.0f}",
            )
            print(f"| {name} | {' | '.join(figures)} |", flush=True)


def _processor_seconds() -> float:
    """Return what this process and those it ended have used: on a shared machine, the steadier figure."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _peak() -> int:
    """Return the largest memory of a process, in KiB."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else _QUADS)
