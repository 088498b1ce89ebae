"""Ingest and load, without SHACL: quads per second and peak memory as the data grow; rdflib on a sample of the same quads beside it.

Run as ``python -m benchmarks.ingest POLES``: prints one JSON object. Each size runs in a process of its own, so that peaks do not mix.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import rdflib

from benchmarks.generate import generate
from ptce_lod.ingest import source
from ptce_lod.iris import AddressSpace
from ptce_lod.release.build import Candidate
from ptce_lod.release.layout import VarLayout

#: Triples that rdflib parses for comparison; it would take minutes over all of them.
_SAMPLE = 20_000


def peak_mib() -> float:
    """Return the peak resident memory of this process in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def measure(poles: int) -> dict[str, float]:
    """Generate, then time reading, mapping, sorting and loading of ``poles`` made-up poles."""
    addresses = AddressSpace("http://127.0.0.1:8000/")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "sources"
        folder.mkdir()
        generate(Path("data/sources"), folder, poles)
        before = peak_mib()
        started = time.perf_counter()
        with Candidate(VarLayout(Path(name) / "var"), addresses) as candidate:
            for one in source.collect(folder, addresses):
                candidate.extend(source.quads(one, addresses))
            quads = candidate.sort()
            mapped = time.perf_counter()
            candidate.load()
            loaded = time.perf_counter()
            peak = peak_mib()
            sample = candidate.base_quads.read_text(encoding="utf-8").split("\n", _SAMPLE)[:_SAMPLE]
        graph = rdflib.Dataset()
        begun = time.perf_counter()
        graph.parse(data="\n".join(sample), format="nquads")
        rdflib_rate = len(sample) / (time.perf_counter() - begun)
    return {
        "poles": poles,
        "quads": quads,
        "map_and_sort_s": mapped - started,
        "load_s": loaded - mapped,
        "quads_per_s": quads / (loaded - started),
        "peak_mib": peak,
        "peak_before_mib": before,
        "rdflib_parse_quads_per_s": rdflib_rate,
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
