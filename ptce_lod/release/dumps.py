"""Write the dumps of a release: everything as N-Quads and TriG, each graph as Turtle. Streaming, deterministic."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from ptce_lod.release.quads import graph_name, read_lines, without_graph

#: Told how many lines have been written.
Progress = Callable[[int], None]


def write_dumps(
    folder: Path, quads: Path, graphs_prefix: str, prefixes: Mapping[str, str], scratch: Path
) -> dict[str, int]:
    """Write ``all.trig`` and ``graphs/{source}/{snapshot}.ttl`` beside ``all.nq``; return graph IRI → number of triples.

    ``quads`` is the canonical file; ``graphs_prefix`` is what every graph's IRI begins with; ``scratch`` is an empty folder that is left
    empty.
    """
    counts = _split(quads, scratch)
    names = sorted(counts)
    for number, name in enumerate(names):
        target = folder / "graphs" / f"{name.removeprefix(graphs_prefix)}.ttl"
        target.parent.mkdir(parents=True, exist_ok=True)
        triples = (quad.triple for quad in _quads(_part(scratch, number)))
        ox.serialize(triples, str(target), format=ox.RdfFormat.TURTLE, prefixes=dict(prefixes))
    everything = (
        ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(name))
        for number, name in enumerate(names)
        for quad in _quads(_part(scratch, number))
    )
    ox.serialize(everything, str(folder / "all.trig"), format=ox.RdfFormat.TRIG, prefixes=dict(prefixes))
    for number in range(len(names)):
        _part(scratch, number).unlink()
    return counts


def _part(scratch: Path, number: int) -> Path:
    return scratch / f"graph-{number:05}.nt"


def _quads(path: Path) -> Iterator[ox.Quad]:
    yield from ox.parse(path=str(path), format=ox.RdfFormat.N_TRIPLES)


def _split(quads: Path, scratch: Path) -> dict[str, int]:
    """Write one N-Triples file per graph, numbered in the order of the graphs' IRIs; return graph IRI → count."""
    counts: dict[str, int] = {}
    names: dict[str, int] = {}
    streams: list[IO[str]] = []
    with ExitStack() as stack:
        for line in read_lines(quads):
            name = graph_name(line)
            number = names.get(name)
            if number is None:
                number = names[name] = len(streams)
                path = scratch / f"unnamed-{number:05}.nt"
                streams.append(stack.enter_context(path.open("w", encoding="utf-8", newline="\n")))
                counts[name] = 0
            streams[number].write(without_graph(line) + "\n")
            counts[name] += 1
    for number, name in enumerate(sorted(counts)):
        (scratch / f"unnamed-{names[name]:05}.nt").rename(_part(scratch, number))
    return dict(sorted(counts.items()))
