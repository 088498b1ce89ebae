"""Writes on the published dataset: each accepted one becomes a new release, validated like any other, and can be rolled back.

The dataset of a write is that of queries: named graphs, and a default graph that merges them. So a triple added without naming a graph
goes into the graph of edits, and one removed without naming a graph is removed from every graph that states it. Graphs that the project
generates (vocabulary, shapes, derived statements …) are changed in their sources, not here. See docs/decisions/0008-writes.md.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ptce_lod import formats, pipeline
from ptce_lod.edit.fence import fenced, judged
from ptce_lod.edit.requests import Author, GraphRequest, Outcome, RdfBody, UpdateRequest
from ptce_lod.errors import (
    DataRejected,
    Forbidden,
    ParseError,
    PreconditionFailed,
    StorageFull,
    ThingNotFound,
)
from ptce_lod.parse import read_rdf
from ptce_lod.query.scan_update import operations, with_dataset
from ptce_lod.release.build import Candidate, remove_leftovers
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.release.patch import (
    Change,
    applied,
    combined,
    graph_of,
    normal_form,
    read_patch,
    skolemized,
    terms,
    write_patch,
)
from ptce_lod.release.publish import locked, publish
from ptce_lod.release.quads import read_lines
from ptce_lod.settings import Settings

#: Graphs that are made from files of the project, or from the other graphs.
GENERATED: Final = ("vocabulary", "schemes", "alignments", "shapes", "queries", "derived", "catalog")
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def write(
    settings: Settings,
    request: UpdateRequest | GraphRequest,
    *,
    author: Author,
    at: str,
    dry_run: bool,
    if_release: tuple[str, ...] = (),
) -> Outcome:
    """Carry out one write under the lock; raise what :class:`~ptce_lod.edit.requests.Writer` documents.

    ``at`` is the moment of the write, RFC 3339. Runs in a process of one thread: it forks.
    """
    var = VarLayout(settings.var_dir)
    with locked(var, wait_seconds=settings.write_timeout_seconds):
        remove_leftovers(var)
        parent = var.published()
        if if_release and parent.release_id not in if_release:
            raise PreconditionFailed(
                f"the release is {parent.release_id} now, not {', '.join(if_release)}",
                hint="read again what you want to change, and send the change with its new entity tag",
            )
        try:
            with Candidate(var, settings.addresses) as candidate:
                created = isinstance(request, GraphRequest) and not _holds(parent, request.graph)
                change = _change(settings, parent, candidate.folder, request)
                _refuse(settings, change, author)
                if not change:
                    return Outcome(parent.release_id, 0, 0, write_patch(change), dry_run=dry_run)
                outcome = _release(
                    settings, var, parent, candidate, change, by=author.name, at=at, dry_run=dry_run
                )
        except OSError as error:
            if error.errno in _FULL or "No space left" in str(error) or "File too large" in str(error):
                raise StorageFull(
                    "the disk is full; nothing was changed", hint="the operator of the server must make room"
                ) from error
            raise
    return Outcome(
        outcome.release,
        outcome.added,
        outcome.removed,
        outcome.patch,
        outcome.report,
        created,
        dry_run,
    )


def _holds(release: ReleaseLayout, graph: str) -> bool:
    return not graph or graph in release.manifest()["graphs"]


def _release(
    settings: Settings,
    var: VarLayout,
    parent: ReleaseLayout,
    candidate: Candidate,
    change: Change,
    *,
    by: str,
    at: str,
    dry_run: bool,
) -> Outcome:
    """Validate what the change makes of ``parent``; unless it is a dry run, write the release and publish it."""
    edits = combined(read_patch(parent.edits), change)
    patch = write_patch(change, {"previous": f"<{settings.base_iri}release/{parent.release_id}>"})
    candidate.extend(applied(candidate.asserted(parent), change))
    candidate.sort()
    report = pipeline.validate_quads(settings, read_lines(candidate.base_quads))
    numbers = len(change.added), len(change.removed)
    if dry_run:
        return Outcome(parent.release_id, *numbers, patch, report)
    if not report.conforms:
        raise DataRejected(
            f"the write breaks {report.counts()['violations']} constraints; nothing was changed",
            report,
            hint="each result of the report says what was expected",
        )
    candidate.keep_edits(write_patch(edits))
    layout, _ = candidate.finish(candidate.meta_of(parent), pipeline.kept_report(report))
    entry: dict[str, str | int] = {
        "by": by,
        "previous": parent.release_id,
        "added": numbers[0],
        "removed": numbers[1],
    }
    _log(var, at, layout.release_id, patch)
    # Dated when it is seen, not when it was asked for: what a client read in between must not look newer.
    publish(var, layout.release_id, entry, contact=settings.contact, publisher_type=settings.publisher_type)
    return Outcome(layout.release_id, *numbers, patch, report)


def _log(var: VarLayout, at: str, release_id: str, patch: str) -> None:
    """Keep the difference beside the releases, where pruning does not reach it."""
    var.edits.mkdir(exist_ok=True)
    stamp = "".join(c for c in at if c.isalnum())
    path = var.edits / f"{stamp}-{release_id}.rdfp"
    temporary = path.with_suffix(".part")
    temporary.write_text(patch, encoding="utf-8", newline="\n")
    with temporary.open("rb") as stream:
        os.fsync(stream.fileno())
    temporary.rename(path)


def _change(
    settings: Settings, parent: ReleaseLayout, folder: Path, request: UpdateRequest | GraphRequest
) -> Change:
    if isinstance(request, UpdateRequest):
        return _updated(settings, parent, folder, request)
    if request.action != "post" and not request.graph:
        raise Forbidden(
            "the default graph merges all named graphs and cannot be replaced or deleted as a whole",
            hint="name one graph by ?graph=; POST to the default graph adds to the graph of edits",
        )
    if request.action == "delete" and not _holds(parent, request.graph):
        raise ThingNotFound(f"there is no graph {request.graph}")
    graph = request.graph or edits_graph(settings)
    new = _parsed(settings, request.bodies, graph)
    old = {line for line in read_lines(parent.dumps / "all.nq") if line.endswith(f" <{graph}> .")}
    new_forms = {normal_form(line): line for line in new}
    old_forms = {normal_form(line): line for line in old}
    added = frozenset(new_forms[form] for form in new_forms.keys() - old_forms.keys())
    if request.action == "post":
        return Change(frozenset(), added)
    return Change(frozenset(old_forms[form] for form in old_forms.keys() - new_forms.keys()), added)


def edits_graph(settings: Settings) -> str:
    """Return the IRI of the graph that takes what is added without naming a graph."""
    return settings.addresses.graph("edits", "current")


def _genid(settings: Settings) -> str:
    return f"{settings.base_iri}.well-known/genid/"


def _parsed(settings: Settings, bodies: Iterable[RdfBody], graph: str) -> list[str]:
    """Return the triples of the bodies as lines of ``graph``; blank nodes of two bodies are never the same."""

    def work() -> list[str]:
        lines: list[str] = []
        for body in bodies:
            content = read_rdf(body.data, formats.BY_NAME[body.format], path="body", base_iri=body.base_iri)
            content.raise_if_problems()
            if any(isinstance(quad.graph_name, ox.NamedNode | ox.BlankNode) for quad in content.quads):
                raise ParseError("the body holds named graphs, expected one graph: the address names it")
            for quad in content.quads:
                named = ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(graph))
                lines.append(skolemized(f"{named} .".replace("> . .", "> ."), _genid(settings)))
        return lines

    lines: list[str] = fenced(settings, work, seconds=settings.write_timeout_seconds)
    return lines


def _updated(settings: Settings, parent: ReleaseLayout, folder: Path, request: UpdateRequest) -> Change:
    """Run the update on a copy of the store; return the difference in the words of the sources."""
    judged(settings, request)
    text = with_dataset(request.text, request.using, request.using_named)
    prefixes = settings.addresses.prefixes() if request.project_prefixes else {}
    copy = folder / "store-copy"
    _copy_store(parent.store, copy)

    def work() -> dict[str, list[str]]:
        before = set(_dumped(ox.Store.read_only(str(parent.store))))
        store = ox.Store(str(copy))
        for part in operations(text, prefixes, settings.base_iri):
            store.update(part.text, base_iri=part.base_iri, prefixes=part.prefixes)
        added = []
        for line in _dumped(store):
            if line in before:
                before.discard(line)
            else:
                added.append(line)
        return {"added": [line.decode() for line in added], "removed": [line.decode() for line in before]}

    found = fenced(settings, work, seconds=settings.write_timeout_seconds)
    shutil.rmtree(copy, ignore_errors=True)
    added = set()
    for line in found["added"]:
        if not terms(line)[3]:
            line = f"{line[:-2]} <{edits_graph(settings)}> ."
        added.add(skolemized(line, _genid(settings)))
    removed = _stated(parent, found["removed"])
    return Change(frozenset(removed - added), frozenset(added - removed))


def _copy_store(source: Path, target: Path) -> None:
    """Copy a closed store: files of sorted tables never change and are linked, the others copied."""
    target.mkdir()
    for path in source.iterdir():
        if path.suffix == ".sst":
            os.link(path, target / path.name)
        elif path.name != "LOCK" and path.is_file():
            shutil.copyfile(path, target / path.name)


def _dumped(store: ox.Store) -> Iterator[bytes]:
    """Yield the lines of a store in N-Quads, those of the default graph without a graph."""
    data: bytes = store.dump(format=ox.RdfFormat.N_QUADS) or b""
    yield from data.splitlines()


def _stated(parent: ReleaseLayout, removed: Collection[str]) -> set[str]:
    """Return the lines of ``parent`` that the removed quads stand for, written as the sources wrote them.

    A removed quad without a graph stands for each quad that states its triple, outside the generated graphs if it can.
    """
    if not removed:
        return set()
    quads, triples = set(), set()
    for line in removed:
        subject, predicate, object_, graph = terms(line)
        if graph:
            quads.add(line)
        else:
            triples.add((subject, predicate, object_))
    starts = {line.partition("> ")[0] for line in removed}
    found: set[str] = set()
    stated_by: dict[tuple[str, str, str], list[str]] = {}
    for line in read_lines(parent.dumps / "all.nq"):
        if line.partition("> ")[0] not in starts:
            continue
        form = normal_form(line)
        if form in quads:
            found.add(line)
        subject, predicate, object_, _graph = terms(form)
        if (subject, predicate, object_) in triples:
            stated_by.setdefault((subject, predicate, object_), []).append(line)
    for lines in stated_by.values():
        asserted = [line for line in lines if "/graph/derived/" not in graph_of(line)]
        found.update(asserted or lines)
    return found


def _refuse(settings: Settings, change: Change, author: Author) -> None:
    """Raise :class:`Forbidden` when the change touches a generated graph or one that the writer may not change."""
    prefix = f"{settings.base_iri}graph/"
    for graph in sorted({graph_of(line) for line in (*change.removed, *change.added)}):
        name = graph.removeprefix(prefix).partition("/")[0] if graph.startswith(prefix) else ""
        if name in GENERATED:
            raise Forbidden(
                f"the graph {graph} is generated and cannot be changed by a write",
                hint="change the files it is made from, and build",
            )
        if not author.may_write(graph):
            raise Forbidden(f"your token does not allow changing the graph {graph}")
