"""Write the dumps of a release: everything and each dataset in every RDF format, also compressed; each graph as Turtle.

Streaming, and the same bytes from the same quads. Nothing is made while a request waits. Sources: RFC 1952 (gzip), RFC 8878 (zstd).
"""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Final

import pyoxigraph as ox
import zstandard

from ptce_lod import formats
from ptce_lod.release.datasets import PARTS, membership
from ptce_lod.release.quads import graph_name, read_lines, without_graph
from ptce_lod.serialize import oxigraph_format

#: Names of the files of a dataset, and of everything.
EVERYTHING: Final = "all"
DATASETS: Final = (EVERYTHING, *(part.name for part in PARTS))
#: Endings of compressed files → media type.
CODINGS: Final = {"gz": "application/gzip", "zst": "application/zstd"}
#: Formats that hold triples of all graphs together, besides N-Triples, which they are made of; from the most work.
_TRIPLES: Final = (formats.RDF_XML, formats.JSON_LD, formats.TURTLE)
#: Escapes of characters that no XML document holds: XML 1.0, production 2.
_NO_XML: Final = re.compile(r"(?<!\\)(?:\\\\)*\\(?:[bf]|u00(?:0[0-8BCEF]|1[0-9A-F]))|[\uFFFE\uFFFF]")
_CHUNK: Final = 1 << 20
_GZIP_LEVEL, _ZSTD_LEVEL = 6, 9


def write_dumps(
    folder: Path, base_iri: str, prefixes: Mapping[str, str], scratch: Path, pool: Executor
) -> dict[str, int]:
    """Write every dump beside ``all.nq``, the canonical file, which is there; return graph IRI → number of triples.

    ``scratch`` is an empty folder that is left empty. A dataset without quads has no files; a file in RDF/XML is left out when a text of
    the dataset has a character that XML cannot hold. The work is done in ``pool``, file by file.
    """
    quads = folder / f"{EVERYTHING}.nq"
    plain = dict(prefixes)
    counting = pool.submit(_write_graphs, folder, quads, f"{base_iri}graph/", plain, scratch)
    splitting = pool.submit(_split, folder, quads, base_iri)
    fitting = {EVERYTHING: pool.submit(_write_triples, folder, EVERYTHING)}
    jobs = [pool.submit(compress, quads)]
    for name in splitting.result():
        fitting[name] = pool.submit(_write_triples, folder, name)
        jobs += [
            pool.submit(compress, folder / f"{name}.nq"),
            pool.submit(_write_trig, folder, name, plain),
        ]
    for name, fits in fitting.items():
        fits_xml = fits.result()
        jobs += [
            pool.submit(_write_union, folder, name, format_, plain)
            for format_ in _TRIPLES
            if format_ is not formats.RDF_XML or fits_xml
        ]
    for job in jobs:
        job.result()
    return counting.result()


def compress(path: Path) -> None:
    """Write ``path.gz`` and ``path.zst``; neither holds a name or a time."""
    packed = path.with_name(f"{path.name}.gz")
    with (
        path.open("rb") as source,
        packed.open("wb") as raw,
        gzip.GzipFile("", "wb", _GZIP_LEVEL, fileobj=raw, mtime=0) as target,
    ):
        shutil.copyfileobj(source, target, _CHUNK)
    size = path.stat().st_size
    compressor = zstandard.ZstdCompressor(level=_ZSTD_LEVEL, write_content_size=True)
    with path.open("rb") as source, path.with_name(f"{path.name}.zst").open("wb") as raw:
        compressor.copy_stream(source, raw, size=size)


def _write_trig(folder: Path, name: str, prefixes: dict[str, str]) -> None:
    """Write the quads of a dataset as TriG, compressed too."""
    target = folder / f"{name}.trig"
    quads = ox.parse(path=str(folder / f"{name}.nq"), format=ox.RdfFormat.N_QUADS)
    ox.serialize(quads, str(target), format=ox.RdfFormat.TRIG, prefixes=prefixes)
    compress(target)


def _write_union(folder: Path, name: str, format_: formats.Format, prefixes: dict[str, str]) -> None:
    """Write the triples of ``name``.nt in another format without graphs, compressed too."""
    triples = ox.parse(path=str(folder / f"{name}.nt"), format=ox.RdfFormat.N_TRIPLES)
    target = folder / f"{name}.{format_.extension}"
    ox.serialize(triples, str(target), format=oxigraph_format(format_), prefixes=prefixes)
    if format_ == formats.RDF_XML:  # equal, not the same: it may come from another process
        _escape_returns(target)
    compress(target)


def _write_triples(folder: Path, name: str) -> bool:
    """Write the triples of ``name``.nq, each once, compressed too; say whether XML can hold them all. Equal ones stand together."""
    quads, target = folder / f"{name}.nq", folder / f"{name}.nt"
    previous, fits_xml = "", True
    with target.open("w", encoding="utf-8", newline="\n") as stream:
        for line in read_lines(quads):
            triple = without_graph(line)
            if triple != previous:
                stream.write(f"{triple}\n")
                previous = triple
                fits_xml = fits_xml and _NO_XML.search(triple) is None
    compress(target)
    return fits_xml


def _escape_returns(path: Path) -> None:
    """Escape carriage returns, which XML parsers else read as line feeds (XML 1.0 section 2.11)."""
    scratch = path.with_name(f"{path.name}.new")
    with path.open("rb") as source, scratch.open("wb") as target:
        while chunk := source.read(_CHUNK):
            target.write(chunk.replace(b"\r", b"&#xD;"))
    scratch.replace(path)


def _split(folder: Path, quads: Path, base_iri: str) -> list[str]:
    """Write the quads of each dataset, in their order; return the names of those that have any."""
    part_of = membership(base_iri)
    found: dict[str, IO[str]] = {}
    with ExitStack() as stack:
        for line in read_lines(quads):
            name = part_of(line)
            if not name:
                continue
            if name not in found:
                path = folder / f"{name}.nq"
                found[name] = stack.enter_context(path.open("w", encoding="utf-8", newline="\n"))
            found[name].write(f"{line}\n")
    return [name for name in DATASETS if name in found]


def _write_graphs(
    folder: Path, quads: Path, graphs_prefix: str, prefixes: Mapping[str, str], scratch: Path
) -> dict[str, int]:
    """Write ``all.trig`` and ``graphs/{source}/{snapshot}.ttl``; return graph IRI → number of triples."""
    counts = _split_graphs(quads, scratch)
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
    ox.serialize(
        everything, str(folder / f"{EVERYTHING}.trig"), format=ox.RdfFormat.TRIG, prefixes=dict(prefixes)
    )
    compress(folder / f"{EVERYTHING}.trig")
    for number in range(len(names)):
        _part(scratch, number).unlink()
    return counts


def _part(scratch: Path, number: int) -> Path:
    return scratch / f"graph-{number:05}.nt"


def _quads(path: Path) -> Iterator[ox.Quad]:
    yield from ox.parse(path=str(path), format=ox.RdfFormat.N_TRIPLES)


def _split_graphs(quads: Path, scratch: Path) -> dict[str, int]:
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
