"""The contract of a source folder: who it is, and its quads.

``data/sources/{id}/`` holds a snapshot (a table with CSVW metadata and ``mapping.toml``, or Turtle), and ``source.ttl`` that says where
it comes from, when, under which licence, with which checksum. One folder, one snapshot, one named graph.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ptce_lod import formats
from ptce_lod.errors import MappingError, ParseError, Problem, SourceError, SourceUnavailable
from ptce_lod.folders import put_aside
from ptce_lod.ingest.cells import partial_date_datatype
from ptce_lod.ingest.csvw import read_schema
from ptce_lod.ingest.mapping import read_mapping
from ptce_lod.ingest.tabular import Table
from ptce_lod.iris import SLUG, AddressSpace
from ptce_lod.namespaces import DCTERMS, PAV, PROV, RDF, SPDX
from ptce_lod.parse import canonical_lines, read_rdf
from ptce_lod.terms import QuadLine, literal_term, quad_line

SOURCE_FILE: Final = "source.ttl"
MAPPING_FILE: Final = "mapping.toml"
_TITLE: Final = ox.NamedNode(DCTERMS + "title")
_COPIED: Final = (_TITLE, ox.NamedNode(DCTERMS + "license"), ox.NamedNode(DCTERMS + "rights"))


@dataclass(frozen=True)
class Source:
    """One source folder that has been read: its identity and what ``source.ttl`` says, as triples."""

    source_id: str
    folder: Path
    snapshot: Path
    #: Date of retrieval, YYYY-MM-DD.
    date: str
    iri: str
    graph_name: str
    #: SHA-256 of what was retrieved: the snapshot, or a text that stays outside the project.
    checksum: str
    about: tuple[ox.Quad, ...]
    #: What is wrong although the snapshot can be read: told together with what :func:`quads` finds in it.
    problems: tuple[Problem, ...] = ()

    def titles(self) -> dict[str, str]:
        """Return language → title."""
        titles = (q.object for q in self.about if q.predicate == _TITLE)
        return {title.language or "": title.value for title in titles if isinstance(title, ox.Literal)}


def discover(data_dir: Path) -> list[Path]:
    """Return the source folders in ``data_dir``, sorted.

    :class:`SourceUnavailable` when there is no such folder, none in it, or one was left aside by an interrupted run.
    """
    if not data_dir.is_dir():
        raise SourceUnavailable(f"{data_dir}: there is no such folder", hint="the setting data_dir names it")
    for name, aside in put_aside(data_dir).items():
        raise SourceUnavailable(
            f"{data_dir / name}: is not there: an interrupted run left it as {aside.name}",
            hint="run the command that writes it again (`ptce-lod wiki read`), or give the folder its name back",
        )
    folders = sorted(p for p in data_dir.iterdir() if p.is_dir() and not p.name.startswith("."))
    if not folders:
        raise SourceUnavailable(
            f"{data_dir}: holds no source folder", hint="`ptce-lod new-source ID` makes one"
        )
    return folders


def open_source(folder: Path, addresses: AddressSpace) -> Source:
    """Read a folder's ``source.ttl`` and find its snapshot.

    Raises :class:`SourceError` for missing files and an unknown date. A wrong checksum is kept in ``problems``, so that whoever changed a
    table is told of it and of what is wrong in the table at once.
    """
    if not SLUG.fullmatch(folder.name):
        raise MappingError(f"{folder}: a source's folder is named in lower-case letters, digits and hyphens")
    iri = addresses.thing("source", folder.name)
    path = folder / SOURCE_FILE
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceUnavailable(
            f"{path}: cannot be read ({error.strerror})", hint="each source says where it comes from"
        ) from error
    content = read_rdf(data, formats.TURTLE, path=str(path), base_iri=iri)
    content.raise_if_problems()
    snapshot = _snapshot(folder)
    values = {
        (q.subject.value, q.predicate.value): q.object.value
        for q in content.quads
        if isinstance(q.subject, ox.NamedNode) and isinstance(q.object, ox.NamedNode | ox.Literal)
    }
    problems: list[Problem] = []
    date = values.get((iri, PAV + "retrievedOn"), "")[:10]
    try:
        partial_date_datatype(date)
    except ValueError:
        problems.append(
            Problem(
                str(path), field="pav:retrievedOn", message="is missing or no date, expected an xsd:dateTime"
            )
        )
    if problems:
        raise MappingError(f"{path}: {counted(len(problems))}", problems=problems)
    checksum = values.get((iri + "#checksum", SPDX + "checksumValue"), "")
    actual = file_sha256(snapshot)
    if checksum.lower() != actual and not _text_elsewhere(values, iri):
        problems.append(
            Problem(
                str(path),
                field="spdx:checksumValue",
                message=f"is {checksum or 'missing'}, but {snapshot.name} has {actual}",
                hint=f"if the change is meant, run `ptce-lod new-source --refresh {folder.name}`",
            )
        )
    return Source(
        source_id=folder.name,
        folder=folder,
        snapshot=snapshot,
        date=date,
        iri=iri,
        graph_name=addresses.graph(folder.name, date),
        checksum=checksum,
        about=tuple(content.quads),
        problems=tuple(problems),
    )


def _text_elsewhere(values: dict[tuple[str, str], str], iri: str) -> bool:
    """Say whether the checksum is of a text that stays outside the project (its ``dcterms:extent`` is then given)."""
    return (iri, DCTERMS + "extent") in values


def _snapshot(folder: Path) -> Path:
    """Return the snapshot: the table of the mapping, or the one Turtle file beside ``source.ttl``."""
    tables = sorted(folder.glob("*.csv"))
    graphs = sorted(p for p in folder.glob("*.ttl") if p.name != SOURCE_FILE)
    if (folder / MAPPING_FILE).is_file() and len(tables) == 1 and not graphs:
        return tables[0]
    if not tables and len(graphs) == 1:
        return graphs[0]
    raise SourceUnavailable(
        f"{folder}: holds {len(tables)} tables and {len(graphs)} graphs, expected one table with {MAPPING_FILE}, or one .ttl"
    )


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file in lower-case hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def quads(source: Source, addresses: AddressSpace) -> Iterator[QuadLine]:
    """Yield the quads of a source, in its named graph.

    Raises :class:`SourceError` with every problem of the source once all of it has been read, those that opening it found too.
    """
    found: SourceError | None = None
    try:
        yield from _quads(source, addresses)
    except SourceError as error:
        if not source.problems:
            raise
        found = error
    if source.problems:
        more = (found.problems or (Problem("", message=found.message, hint=found.hint),)) if found else ()
        problems = (*source.problems, *more)
        raise MappingError(f"{source.folder}: {counted(len(problems))}", problems=problems) from found


def counted(number: int) -> str:
    """Return the number of problems in words.

    >>> counted(1), counted(2)
    ('1 problem', '2 problems')
    """
    return f"{number} problem{'' if number == 1 else 's'}"


def _quads(source: Source, addresses: AddressSpace) -> Iterator[QuadLine]:
    if source.snapshot.suffix == ".csv":
        table = Table(read_schema(source.snapshot))
        mapping = read_mapping(source.folder / MAPPING_FILE, table.schema, addresses, source.graph_name)
        try:
            yield from mapping.quads(table)
        except ParseError as error:
            raise ParseError(error.message, problems=table.problems, hint=error.hint) from error
        table.raise_if_problems()
    else:
        data = source.snapshot.read_bytes()
        content = read_rdf(
            data, formats.TURTLE, path=str(source.snapshot), base_iri=addresses.base_iri + "id/"
        )
        content.raise_if_problems()
        yield from canonical_lines(content.quads, source.graph_name, source.source_id)


def description(source: Source, catalog_graph: str) -> list[QuadLine]:
    """Return what the catalogue graph says of a source and of its named graph."""
    lines = canonical_lines(source.about, catalog_graph, f"{source.source_id}-about")
    graph, catalog = f"<{source.graph_name}>", f"<{catalog_graph}>"
    lines.append(quad_line(graph, f"<{RDF}type>", f"<{PROV}Entity>", catalog))
    lines.append(quad_line(graph, f"<{PROV}wasDerivedFrom>", f"<{source.iri}>", catalog))
    moment = literal_term(f"{source.date}T00:00:00Z", datatype="http://www.w3.org/2001/XMLSchema#dateTime")
    lines.append(quad_line(graph, f"<{PAV}importedOn>", moment, catalog))
    for quad in source.about:
        if quad.predicate in _COPIED and quad.subject == ox.NamedNode(source.iri):
            lines.append(quad_line(graph, f"<{quad.predicate.value}>", str(quad.object), catalog))
    return lines


def collect(data_dir: Path, addresses: AddressSpace) -> list[Source]:
    """Open every source of a folder; a :class:`SourceError` tells the problems of all of them together."""
    sources: list[Source] = []
    errors: list[SourceError] = []
    for folder in discover(data_dir):
        try:
            sources.append(open_source(folder, addresses))
        except SourceError as error:
            errors.append(error)
    raise_together(errors)
    return sources


def raise_together(errors: list[SourceError]) -> None:
    """Raise one :class:`SourceError` with the problems of all ``errors``; nothing when there are none."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        problems = [p for e in errors for p in (e.problems or (Problem("", message=e.message, hint=e.hint),))]
        raise SourceError(f"{len(errors)} sources have problems", problems=problems)
