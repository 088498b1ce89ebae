"""Read the project's own ontology, schemes, alignments and shapes as graphs of a release."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ptce_lod import formats
from ptce_lod.errors import ParseError, SourceUnavailable
from ptce_lod.iris import AddressSpace
from ptce_lod.namespaces import DCTERMS, ONTOLOGY, OWL, RDF, SH, SHAPES
from ptce_lod.parse import canonical_lines, read_rdf
from ptce_lod.terms import QuadLine, quad_line

ONTOLOGY_FILE: Final = "ptce.ttl"
#: Modules that stay out of a release unless somebody loads them.
_OPTIONAL: Final = ("ptce-align-org-strict.ttl",)


def read_triples(path: Path) -> list[ox.Quad]:
    """Return the triples of one of our Turtle files; :class:`ParseError` with every problem."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceUnavailable(f"{path}: cannot be read ({error.strerror})") from error
    content = read_rdf(data, formats.TURTLE, path=str(path))
    content.raise_if_problems()
    return content.quads


def version(ontology_dir: Path) -> str:
    """Return the ontology's ``owl:versionInfo``; :class:`ParseError` when it has none."""
    path = ontology_dir / ONTOLOGY_FILE
    for quad in read_triples(path):
        if quad.subject == ox.NamedNode(ONTOLOGY) and quad.predicate == ox.NamedNode(OWL + "versionInfo"):
            return str(getattr(quad.object, "value", ""))
    raise ParseError(f"{path}: {ONTOLOGY} has no owl:versionInfo")


def graphs(
    ontology_dir: Path, shapes_dir: Path, addresses: AddressSpace
) -> Iterator[tuple[str, list[QuadLine]]]:
    """Yield (graph IRI, canonical lines) of vocabulary, schemes, alignments and shapes."""
    release = version(ontology_dir)
    parts: tuple[tuple[str, list[Path]], ...] = (
        ("vocabulary", [ontology_dir / ONTOLOGY_FILE]),
        ("schemes", sorted((ontology_dir / "schemes").glob("*.ttl"))),
        (
            "alignments",
            sorted(p for p in ontology_dir.glob("*.ttl") if p.name not in (ONTOLOGY_FILE, *_OPTIONAL)),
        ),
        ("shapes", sorted(shapes_dir.glob("*.ttl"))),
    )
    for name, paths in parts:
        graph = addresses.graph(name, release)
        lines = _lines(paths, graph, name)
        if name == "shapes":
            lines.extend(_layers(paths, graph))
        yield graph, lines


def _lines(paths: Iterable[Path], graph: str, name: str) -> list[QuadLine]:
    lines: list[QuadLine] = []
    for number, path in enumerate(paths):
        # Each file on its own: canonical labels of blank nodes then depend on that file alone.
        lines.extend(canonical_lines(read_triples(path), graph, f"{name}-{number}"))
    return lines


def _layers(paths: Iterable[Path], graph: str) -> Iterator[QuadLine]:
    """Yield for each named shape the layer that its file is: in a graph, files are no more to be seen.

    A node shape that several files complete is part of each of their layers.
    """
    for path in paths:
        layer = f"<{SHAPES}Layer-{path.stem.removeprefix('shapes-')}>"
        for quad in read_triples(path):
            shape = quad.subject
            if (
                isinstance(shape, ox.NamedNode)
                and quad.predicate.value == RDF + "type"
                and quad.object in (ox.NamedNode(SH + "NodeShape"), ox.NamedNode(SH + "PropertyShape"))
            ):
                yield quad_line(str(shape), f"<{DCTERMS}isPartOf>", layer, f"<{graph}>")
