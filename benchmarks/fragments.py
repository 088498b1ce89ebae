"""``python -m benchmarks.fragments [QUADS]``: milliseconds of a page of triple pattern fragments, as a whole request in process."""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox
from flask.testing import FlaskClient

from benchmarks.http.data import BASE, make
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app

_QUADS: Final = 1_000_000
#: Fragments asked for each kind of pattern; each once, so that none is answered from memory.
_ASKED: Final = 200


def main(quads: int) -> None:
    """Make the data, ask for pages by each kind of pattern, and print a table."""
    with tempfile.TemporaryDirectory() as temporary:
        data = make(Path(temporary), quads)
        settings = replace(Settings(), var_dir=Path(data.var), base_iri=BASE, cache_bytes=0)
        client = create_app(settings).test_client()
        found = _sample(Path(data.nquads))
        print(
            f"{data.quads} quads, pages of {settings.page_size} triples, N-Triples, median and 95th percentile of {_ASKED}\n"
        )
        print("| given | median ms | p95 ms |")
        print("|---|--:|--:|", flush=True)
        for given in ("s", "p", "o", "sp", "po", "spo", "sg", ""):
            taken = sorted(_ask(client, quad, given, page) for page, quad in enumerate(found, 1))
            print(
                f"| {given or 'nothing'} | {statistics.median(taken):.2f} | {taken[int(len(taken) * 0.95)]:.2f} |",
                flush=True,
            )


def _sample(nquads: Path) -> list[ox.Quad]:
    """Return quads from everywhere in the dump."""
    with nquads.open("rb") as stream:
        lines = stream.readlines()
    chosen = random.Random(7).sample(range(len(lines)), _ASKED)
    return [next(iter(ox.parse(lines[n], format=ox.RdfFormat.N_QUADS))) for n in chosen]


def _ask(client: FlaskClient, quad: ox.Quad, given: str, page: int) -> float:
    """Return the milliseconds of a request; of patterns with many pages not only the first is asked for."""
    terms = {"s": quad.subject, "p": quad.predicate, "o": quad.object, "g": quad.graph_name}
    pairs = [f"{name}={quote(_text(terms[name]))}" for name in given]
    if not given:
        pairs.append(f"page={page}")
    began = time.perf_counter()
    answer = client.get(f"/fragments.nt?{'&'.join(pairs)}")
    taken = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code}: {answer.text[:300]}")
    return taken


def _text(term: object) -> str:
    """Return a term as a fragment's address has it: an IRI bare, a literal as Turtle writes it."""
    return term.value if isinstance(term, ox.NamedNode) else str(term)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else _QUADS)
