"""The only place that knows the order: ingest → validate → release.

Long steps tell a :class:`Listener` where they are, so that a command can draw progress; the work itself knows no terminal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import rdflib

from ptce_lod.errors import DataRejected, ReleaseNotFound, SourceError
from ptce_lod.ingest import links, queries, vocabulary
from ptce_lod.ingest import source as sources
from ptce_lod.ingest.source import Source
from ptce_lod.iris import AddressSpace
from ptce_lod.release.build import Candidate, Meta, Report, remove_leftovers
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.release.patch import Change, read_patch, write_patch
from ptce_lod.release.publish import locked
from ptce_lod.release.quads import graph_name, read_lines, without_graph
from ptce_lod.settings import Settings
from ptce_lod.terms import QuadLine
from ptce_lod.validate.integrity import integrity_results
from ptce_lod.validate.report import ValidationReport
from ptce_lod.validate.report_html import report_page
from ptce_lod.validate.shacl import DEFAULT_LAYERS, Validator

#: Told (step, done, total); ``total`` is 0 when it is not known.
Listener = Callable[[str, int, int], None]

_GRAPH_TITLES: Final = {
    "vocabulary": {"fr": "Vocabulaire PTCE", "en": "PTCE vocabulary"},
    "schemes": {"fr": "Schémas de concepts", "en": "Concept schemes"},
    "alignments": {"fr": "Alignements", "en": "Alignments"},
    "shapes": {"fr": "Formes SHACL", "en": "SHACL shapes"},
    "queries": {"fr": "Exemples de requêtes", "en": "Example queries"},
    "derived": {"fr": "Énoncés déduits", "en": "Derived statements"},
    "catalog": {"fr": "Sources et graphes", "en": "Sources and graphs"},
    "edits": {"fr": "Modifications en ligne", "en": "Edits made online"},
}
#: Graphs that are not data.
_NOT_JUDGED: Final = ("vocabulary", "schemes", "alignments", "shapes", "queries")


@dataclass(frozen=True)
class BuildResult:
    """What a build did. ``is_new`` is False when the same release was there already."""

    layout: ReleaseLayout
    is_new: bool
    quads: int
    sources: int
    report: ValidationReport | None
    leftovers_removed: int
    edits: int = 0


def _silent(step: str, done: int, total: int) -> None:
    pass


def build(
    settings: Settings, *, listener: Listener = _silent, validate: bool = True, keep_edits: bool = True
) -> BuildResult:
    """Read every source, validate, write a release; nothing is published.

    What writes changed in the published release is kept over the sources, unless ``keep_edits`` is false.

    ``validate=False`` is for measuring the other steps on data too large for the reference validator. Raises
    :class:`~ptce_lod.errors.SourceError` with the problems of all sources, :class:`~ptce_lod.errors.DataRejected` with the report, or
    :class:`~ptce_lod.errors.ReleaseLocked`. In each case what is published is untouched and the next build cleans up.
    """
    var = VarLayout(settings.var_dir)
    with locked(var):
        leftovers = remove_leftovers(var)
        addresses = settings.addresses
        listener("sources", 0, 0)
        opened = open_sources(settings)
        data_date = max(source.date for source in opened)
        with Candidate(var, addresses) as candidate:
            titles = _ingest(candidate, settings, opened, data_date, listener)
            listener("sort", 0, 0)
            candidate.sort()
            edits = candidate.apply(_edits(settings, var, opened)) if keep_edits else Change()
            if edits:
                candidate.keep_edits(write_patch(edits))
            report = None
            if validate:
                listener("validate", 0, 0)
                report = validate_quads(settings, read_lines(candidate.base_quads))
                if not report.conforms:
                    raise DataRejected(
                        f"the data break {report.counts()['violations']} constraints; nothing was released",
                        report,
                        hint="`ptce-lod validate` explains each",
                    )
            meta = Meta(data_date, vocabulary.version(settings.ontology_dir), _listed(opened), titles)
            layout, is_new = candidate.finish(
                meta, kept_report(report), lambda step: listener(step, 0, 0), may_start_processes=True
            )
    number = len(edits.added) + len(edits.removed)
    return BuildResult(layout, is_new, layout.manifest()["quads"], len(opened), report, leftovers, number)


def open_sources(settings: Settings) -> list[Source]:
    """Open the sources and the tables of links; :class:`SourceError` tells the problems of all of them together."""
    opened: list[Source] = []
    errors: list[SourceError] = []
    for collect, folder in ((sources.collect, settings.data_dir), (links.collect, settings.links_dir)):
        try:
            opened.extend(collect(folder, settings.addresses))
        except SourceError as error:
            errors.append(error)
    sources.raise_together(errors)
    return opened


def _quads(source: Source, addresses: AddressSpace) -> Iterator[QuadLine]:
    return (
        links.quads(source, addresses)
        if isinstance(source, links.LinkTable)
        else sources.quads(source, addresses)
    )


def _edits(settings: Settings, var: VarLayout, opened: Sequence[Source]) -> Change:
    """Return what writes changed over the sources of the published release, in the words of the sources there are now.

    A newer snapshot of a source has a graph of another name, and another deployment other addresses: the lines follow.
    """
    try:
        published = var.published()
    except ReleaseNotFound:
        return Change()
    edits = read_patch(published.edits)
    if not edits:
        return edits
    manifest = published.manifest()
    moved = {
        f" <{former['graph']}> .": f" <{source.graph_name}> ."
        for former in manifest["sources"]
        for source in opened
        if source.source_id == former["id"]
    }
    base = manifest["base_iri"]

    def follow(line: str) -> str:
        place = line.rindex(" <", 0, -3)
        line = line[:place] + moved.get(line[place:], line[place:])
        return line if base == settings.base_iri else line.replace(f"<{base}", f"<{settings.base_iri}")

    return edits.mapped(follow)


def _ingest(
    candidate: Candidate, settings: Settings, opened: Sequence[Source], data_date: str, listener: Listener
) -> dict[str, dict[str, str]]:
    """Add the quads of vocabulary and sources; return graph IRI → titles."""
    addresses = settings.addresses
    titles: dict[str, dict[str, str]] = {}
    for graph, lines in vocabulary.graphs(settings.ontology_dir, settings.shapes_dir, addresses):
        titles[graph] = _GRAPH_TITLES[graph.removeprefix(addresses.base_iri + "graph/").partition("/")[0]]
        candidate.extend(lines)
    for name in ("derived", "catalog", "queries"):
        titles[addresses.graph(name, data_date)] = _GRAPH_TITLES[name]
    titles[addresses.graph("edits", "current")] = _GRAPH_TITLES["edits"]
    errors: list[SourceError] = []
    try:
        examples = queries.read_queries(settings.queries_dir, addresses)
        candidate.extend(queries.lines(examples, addresses, addresses.graph("queries", data_date)))
    except SourceError as error:
        errors.append(error)
    catalog = addresses.graph("catalog", data_date)
    for number, source in enumerate(opened):
        listener(f"read {source.source_id}", number, len(opened))
        try:
            candidate.extend(_quads(source, addresses))
            candidate.extend(sources.description(source, catalog))
        except SourceError as error:
            errors.append(error)
        titles[source.graph_name] = source.titles()
    sources.raise_together(errors)
    return titles


def _listed(opened: Iterable[Source]) -> list[dict[str, str]]:
    return [
        {"id": s.source_id, "iri": s.iri, "graph": s.graph_name, "date": s.date, "sha256": s.checksum}
        for s in opened
    ]


def kept_report(report: ValidationReport | None) -> Report:
    """Return the forms of a validation report that a release keeps."""
    if report is None:
        return Report(b"", "", {})
    return Report(report.to_turtle(), report_page(report), report.counts())


def validate_quads(settings: Settings, lines: Iterable[QuadLine]) -> ValidationReport:
    """Validate the data graphs among canonical lines: SHACL by the default layers, then integrity.

    Vocabulary, schemes, alignments and shapes are known to the validator and not judged as data; nor are the example queries, which
    their reader judges file by file.
    """
    prefix = settings.base_iri + "graph/"
    own = tuple(f"{prefix}{name}/" for name in _NOT_JUDGED)
    text = "\n".join(without_graph(line) for line in lines if not graph_name(line).startswith(own))
    data = rdflib.Graph()
    data.parse(data=text, format="ntriples")
    return validate_graph(settings, data)


def validate_graph(
    settings: Settings,
    data: rdflib.Graph,
    *,
    layers: Sequence[str] | None = None,
    base_iri: str | None = None,
) -> ValidationReport:
    """Validate one graph against the shapes of the settings; ``layers`` names shapes files (default: the usual ones)."""
    validator = Validator(
        settings.shapes_dir, vocabulary_paths(settings), **({} if layers is None else {"layers": layers})
    )
    report = validator.validate(data)
    base = settings.base_iri if base_iri is None else base_iri
    return report.merged(integrity_results(data, base_iri=base))


def layers(*, state_call: bool) -> list[str]:
    """Return the names of the shapes files that apply, the opt-in ones when asked for."""
    return [*DEFAULT_LAYERS, *(["shapes-state-call.ttl"] if state_call else [])]


def validate_sources(settings: Settings) -> tuple[ValidationReport, int]:
    """Validate the project's own sources without building; return the report and the number of triples judged."""
    addresses = settings.addresses
    opened = open_sources(settings)
    catalog = addresses.graph("catalog", max(source.date for source in opened))
    lines: list[QuadLine] = []
    errors: list[SourceError] = []
    try:
        queries.read_queries(settings.queries_dir, addresses)
    except SourceError as error:
        errors.append(error)
    for source in opened:
        try:
            lines.extend(_quads(source, addresses))
            lines.extend(sources.description(source, catalog))
        except SourceError as error:
            errors.append(error)
    sources.raise_together(errors)
    triples = {without_graph(line) for line in lines}
    return validate_quads(settings, lines), len(triples)


def vocabulary_paths(settings: Settings) -> list[Path]:
    """Return the files of ontology and schemes."""
    return [
        settings.ontology_dir / vocabulary.ONTOLOGY_FILE,
        *sorted((settings.ontology_dir / "schemes").glob("*.ttl")),
    ]
