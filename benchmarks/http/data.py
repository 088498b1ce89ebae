"""One release of made-up data for our server, and the same dump for the peers.

Run as ``python -m benchmarks.http.data FOLDER QUADS``: builds and publishes in a process of its own, and prints one JSON object.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from benchmarks.generate import generate
from ptce_lod import pipeline
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish import locked, publish
from ptce_lod.settings import Settings

#: Address that all IRIs of the data begin with, wherever the engines listen.
BASE: Final = "http://127.0.0.1:8000/"
#: What does not grow with the poles (vocabulary, shapes, units …), and what each pole adds, in quads.
_FIXED_QUADS: Final = 18_000
_QUADS_PER_POLE: Final = 101.7


@dataclass(frozen=True)
class Data:
    """Where the data lie, and how much they are."""

    sources: str
    var: str
    nquads: str
    ntriples: str
    poles: int
    quads: int
    triples: int


def make(folder: Path, quads: int) -> Data:
    """Make about ``quads`` quads in ``folder``, in another process, so that this one stays small."""
    command = [sys.executable, "-m", "benchmarks.http.data", str(folder), str(quads)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Data(**json.loads(output.splitlines()[-1]))


def _make(folder: Path, quads: int) -> Data:
    poles = max(200, round((quads - _FIXED_QUADS) / _QUADS_PER_POLE))
    sources = folder / "sources"
    sources.mkdir()
    generate(Path("data/sources"), sources, poles)
    settings = replace(Settings(), data_dir=sources, var_dir=folder / "var", base_iri=BASE)
    result = pipeline.build(settings, validate=False)
    var = VarLayout(settings.var_dir)
    with locked(var):
        publish(var, result.layout.release_id)
    nquads = result.layout.dumps / "all.nq"
    ntriples = folder / "all.nt"
    triples = _without_graphs(nquads, ntriples)
    return Data(str(sources), str(settings.var_dir), str(nquads), str(ntriples), poles, result.quads, triples)


def _without_graphs(nquads: Path, ntriples: Path) -> int:
    """Write each triple once, as N-Triples; return how many there are."""
    with nquads.open("rb") as stream:
        triples = {line[: line.rindex(b" <", 0, -3)] for line in stream}
    with ntriples.open("wb") as target:
        target.writelines(triple + b" .\n" for triple in sorted(triples))
    return len(triples)


if __name__ == "__main__":
    print(json.dumps(asdict(_make(Path(sys.argv[1]), int(sys.argv[2])))))
