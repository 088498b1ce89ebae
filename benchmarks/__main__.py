"""``make bench``: run every measurement and print tables."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

_INGEST_POLES = (1_000, 4_000, 12_500)
_DOCUMENT_POLES = (1_000, 12_500)


def _run(module: str, poles: int) -> dict[str, Any]:
    command = [sys.executable, "-m", module, str(poles)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    figures: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
    return figures


def _table(title: str, rows: list[dict[str, Any]]) -> None:
    table = Table(*rows[0], title=title)
    for row in rows:
        table.add_row(*(f"{v:,.2f}" if isinstance(v, float) else f"{v:,}" for v in row.values()))
    Console(width=160).print(table)


def _real_data() -> dict[str, Any]:
    """Time build, validation and publication of the real data, as a whole process."""
    with tempfile.TemporaryDirectory() as name:
        command = [
            sys.executable,
            "-m",
            "ptce_lod.cli",
            "--var-dir",
            str(Path(name) / "var"),
            "build",
            "--publish",
            "--json",
        ]
        started = time.perf_counter()
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        seconds = time.perf_counter() - started
        built = json.loads(output.splitlines()[0])
    return {"quads": built["quads"], "build_s": built["seconds"], "whole_process_s": seconds}


def main() -> None:
    """Print the tables."""
    _table("real data: build, validate, publish", [_real_data()])
    rows = [_run("benchmarks.ingest", poles) for poles in _INGEST_POLES]
    for row in rows:
        row["ratio_to_rdflib_parse"] = row["quads_per_s"] / row["rdflib_parse_quads_per_s"]
    _table("ingest and load, without SHACL", rows)
    rows = [_run("benchmarks.documents.in_process", poles) for poles in _DOCUMENT_POLES]
    for row in rows:
        row["rdflib_ratio"] = row["rdflib_serialize_ms"] / row["turtle_ms"]
    _table("one document of a pole, uncached, in process (medians of 200)", rows)
    rows = [_run("benchmarks.search", poles) for poles in _DOCUMENT_POLES]
    _table("search and suggestions, in process (medians and 95th percentiles of 200)", rows)


if __name__ == "__main__":
    main()
