"""Write one release folder from quads: the same quads and settings give the same bytes of everything but the store's own files.

The folder is made beside the releases and renamed at the end; whatever happens before leaves the published release untouched.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from ptce_lod.iris import AddressSpace
from ptce_lod.namespaces import DCTERMS, PROV, RDF, VOID, XSD
from ptce_lod.release.charts import charts
from ptce_lod.release.dumps import write_dumps
from ptce_lod.release.example_queries import example_queries
from ptce_lod.release.fragment_index import write_fragment_index
from ptce_lod.release.graphml import write_graphml
from ptce_lod.release.layout import CANDIDATE_PREFIX, ReleaseLayout, VarLayout, release_id_of
from ptce_lod.release.network import network
from ptce_lod.release.origins import origins
from ptce_lod.release.page_index import write_page_index
from ptce_lod.release.patch import Change
from ptce_lod.release.pictures import write_pictures
from ptce_lod.release.pool import writing_pool
from ptce_lod.release.quads import (
    QuadSorter,
    graph_name,
    merge_files,
    read_lines,
    sha256,
    sha256_and_sha512,
    write_lines,
)
from ptce_lod.release.related import related_poles
from ptce_lod.release.search_index import write_search_index
from ptce_lod.release.statistics import statistics
from ptce_lod.release.store import create, derive, load
from ptce_lod.release.subject_index import write_subject_index
from ptce_lod.release.tables.build import write_tables
from ptce_lod.release.timeline import timeline
from ptce_lod.terms import QuadLine, ReleaseId, literal_term, quad_line

#: Told the name of the step that begins.
Progress = Callable[[str], None]

_BASE_FILE: Final = "base.nq"
_MORE_FILE: Final = "more.nq"


@dataclass(frozen=True)
class Report:
    """The validation report as the release keeps it, and its counts by severity."""

    turtle: bytes
    page: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Meta:
    """What a release says of itself besides its quads. ``titles`` maps a graph's IRI to language → title."""

    data_date: str
    vocabulary_version: str
    sources: Sequence[Mapping[str, str]]
    titles: Mapping[str, Mapping[str, str]]


class Candidate:
    """A release in the making, in a folder of its own. Use as a context manager: left without :meth:`finish`, nothing stays."""

    def __init__(self, var: VarLayout, addresses: AddressSpace) -> None:
        self.addresses = addresses
        self._var = var
        self._layout = ReleaseLayout(var.path / f"{CANDIDATE_PREFIX}{os.getpid()}")
        self._scratch = self._layout.path / "scratch"
        self._sorter = QuadSorter(self._scratch)

    def __enter__(self) -> Candidate:
        shutil.rmtree(self._layout.path, ignore_errors=True)
        self._scratch.mkdir(parents=True)
        self._layout.dumps.mkdir()
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._layout.path, ignore_errors=True)

    @property
    def folder(self) -> Path:
        """A folder for what is needed only while the release is made."""
        return self._scratch

    @property
    def base_quads(self) -> Path:
        """The sorted quads before anything is derived; there after :meth:`sort`."""
        return self._scratch / _BASE_FILE

    def extend(self, lines: Iterable[QuadLine]) -> int:
        """Add quads in any order, repetitions allowed; return how many came."""
        return self._sorter.extend(lines)

    def sort(self) -> int:
        """Sort what was added and drop repetitions; return the number of quads."""
        return self._sorter.write(self.base_quads)

    def apply(self, change: Change) -> Change:
        """Apply a change to the sorted quads; return the part of it that made a difference."""
        kept = self._scratch / "kept.nq"
        more = self._scratch / "added.nq"
        removed, present = set[str](), set[str]()

        def staying() -> Iterator[QuadLine]:
            for line in read_lines(self.base_quads):
                if line in change.removed:
                    removed.add(line)
                    continue
                if line in change.added:
                    present.add(line)
                yield line

        write_lines(kept, staying())
        write_lines(more, [QuadLine(line) for line in sorted(change.added)])
        merge_files([kept, more], self.base_quads)
        kept.unlink()
        more.unlink()
        return Change(frozenset(removed), change.added - present)

    def asserted(self, release: ReleaseLayout) -> Iterator[QuadLine]:
        """Yield the quads of a release as they were before anything was derived or counted: what a release made of it begins with."""
        manifest = release.manifest()
        date = manifest["data_date"]
        derived, catalog = (f" <{self.addresses.graph(name, date)}> ." for name in ("derived", "catalog"))
        counted = {f"<{graph}>" for graph in (*manifest["graphs"], self.addresses.graph("catalog", date))}
        generated = (f"<{RDF}type> <{VOID}Dataset>", f"<{VOID}triples> ", f"<{DCTERMS}title> ")
        derived_subject = f"<{derived[2:-3]}> <{PROV}wasDerivedFrom>"
        for line in read_lines(release.dumps / "all.nq"):
            if line.endswith(derived):
                continue
            if line.endswith(catalog):
                subject, _, rest = line.partition(" ")
                if subject in counted and (rest.startswith(generated) or line.startswith(derived_subject)):
                    continue
            yield line

    def meta_of(self, release: ReleaseLayout) -> Meta:
        """Return what a release says of itself, for one made of it."""
        manifest = release.manifest()
        return Meta(
            manifest["data_date"], manifest["vocabulary_version"], manifest["sources"], manifest["titles"]
        )

    def keep_edits(self, patch: str) -> None:
        """Keep what writes changed over the sources, as an RDF Patch."""
        self._layout.edits.write_text(patch, encoding="utf-8", newline="\n")

    def load(self) -> ox.Store:
        """Load the sorted quads into the release's store; return it open for writing."""
        store = create(self._layout.store)
        load(store, self.base_quads)
        return store

    def finish(
        self,
        meta: Meta,
        report: Report,
        progress: Progress = lambda step: None,
        *,
        may_start_processes: bool = False,
    ) -> tuple[ReleaseLayout, bool]:
        """Write every artefact and move the folder into place; return its layout and whether it is new.

        Not new means that a release with the same quads was there already: that one is kept. Dumps and tables of many quads are written
        by other processes if this one may start some.
        """
        progress("load")
        store = self.load()
        progress("derive")
        write_lines(self._scratch / _MORE_FILE, self._more(store, meta))
        load(store, self._scratch / _MORE_FILE)
        everything = self._layout.dumps / "all.nq"
        merge_files([self.base_quads, self._scratch / _MORE_FILE], everything)
        release_id = release_id_of(sha256(everything))
        target = ReleaseLayout(self._var.releases / release_id)
        if target.manifest_path.is_file():
            return target, False
        progress("dump")
        for name in (_BASE_FILE, _MORE_FILE):
            (self._scratch / name).unlink()
        with ThreadPoolExecutor(1) as aside, writing_pool(len(store), may_start=may_start_processes) as pool:
            addresses, folder = self.addresses, self._layout.dumps
            dumping = aside.submit(
                write_dumps, folder, addresses.base_iri, addresses.prefixes(), self._scratch, pool
            )
            write_tables(folder / "tables", self._layout.rows, store, meta.data_date, pool)
            counts = dumping.result()
        progress("index")
        self._write_summaries(store, meta, report, counts, release_id)
        store.optimize()
        store.flush()
        del store
        self._scratch.rmdir()
        self._write_manifest(meta, counts, release_id)
        progress("sync")
        _sync(self._layout.path)
        self._var.releases.mkdir(exist_ok=True)
        shutil.rmtree(target.path, ignore_errors=True)  # a folder without a manifest is no release
        self._layout.path.rename(target.path)
        _sync_folder(self._var.releases)
        return target, True

    def _more(self, store: ox.Store, meta: Meta) -> list[QuadLine]:
        """Return the derived quads and what the catalogue graph says of every graph's size and title."""
        derived_graph = self.addresses.graph("derived", meta.data_date)
        catalog_graph = self.addresses.graph("catalog", meta.data_date)
        lines = derive(store, derived_graph)
        counts: dict[str, int] = {}
        for line in read_lines(self.base_quads):
            name = graph_name(line)
            counts[name] = counts.get(name, 0) + 1
        counts.pop(catalog_graph, None)
        if lines:
            counts[derived_graph] = len(lines)
        catalog, integer = f"<{catalog_graph}>", XSD + "integer"
        for name, count in counts.items():
            graph = f"<{name}>"
            lines.append(quad_line(graph, f"<{RDF}type>", f"<{VOID}Dataset>", catalog))
            lines.append(
                quad_line(graph, f"<{VOID}triples>", literal_term(str(count), datatype=integer), catalog)
            )
            if name == derived_graph:
                lines.extend(
                    quad_line(graph, f"<{PROV}wasDerivedFrom>", f"<{other}>", catalog)
                    for other in counts
                    if other != name
                )
            lines.extend(self._titles(name, meta, catalog))
        # The catalogue graph cannot count itself, but whoever follows its name finds what it is.
        lines.append(quad_line(catalog, f"<{RDF}type>", f"<{VOID}Dataset>", catalog))
        lines.extend(self._titles(catalog_graph, meta, catalog))
        return sorted(set(lines))

    @staticmethod
    def _titles(name: str, meta: Meta, catalog: str) -> list[QuadLine]:
        titles = meta.titles.get(name, {}).items()
        return [
            quad_line(f"<{name}>", f"<{DCTERMS}title>", literal_term(title, language=language), catalog)
            for language, title in titles
        ]

    def _write_summaries(
        self, store: ox.Store, meta: Meta, report: Report, counts: dict[str, int], release_id: ReleaseId
    ) -> None:
        layout = self._layout
        summary = {
            "release": release_id,
            "data_date": meta.data_date,
            "vocabulary_version": meta.vocabulary_version,
            "report": dict(report.counts),
            **statistics(store, self.addresses, counts),
            **origins(read_lines(layout.dumps / "all.nq"), self.addresses.base_iri),
        }
        _write_json(layout.statistics, summary)
        _write_json(layout.charts, charts(store, self.addresses))
        _write_json(layout.timeline, timeline(store))
        _write_json(layout.related, related_poles(store))
        linked = network(store)
        _write_json(layout.network, linked)
        former = ReleaseLayout(self._var.current.resolve()) if self._var.current.exists() else None
        write_pictures(layout.pictures, store, self.addresses, former.pictures if former else None)
        _write_json(layout.queries, example_queries(store, self.addresses))
        write_search_index(layout.search_index, store, self.addresses)
        write_page_index(layout.pages, store)
        write_graphml(layout.dumps / "tables" / "network.graphml", linked, layout.search_index)
        write_subject_index(layout.subjects, read_lines(layout.dumps / "all.nq"))
        write_fragment_index(layout.fragments, read_lines(layout.dumps / "all.nq"))
        layout.report.write_bytes(report.turtle)
        layout.report_page.write_text(report.page, encoding="utf-8")

    def _write_manifest(self, meta: Meta, counts: dict[str, int], release_id: ReleaseId) -> None:
        layout = self._layout
        listed = [
            layout.statistics,
            layout.charts,
            layout.timeline,
            layout.related,
            layout.network,
            layout.pictures,
            layout.queries,
            layout.report,
            layout.report_page,
        ]
        if layout.edits.is_file():
            listed.append(layout.edits)
        listed += layout.fragments.iterdir()
        files = sorted([*listed, *(p for p in layout.dumps.rglob("*") if p.is_file())])
        manifest = {
            "release": release_id,
            "base_iri": self.addresses.base_iri,
            "data_date": meta.data_date,
            "vocabulary_version": meta.vocabulary_version,
            "quads": sum(counts.values()),
            "graphs": list(counts),
            "titles": {graph: dict(titles) for graph, titles in meta.titles.items()},
            "sources": [dict(source) for source in meta.sources],
            "files": {
                path.relative_to(layout.path).as_posix(): {"bytes": path.stat().st_size}
                | _checksums(path, for_catalog=path.is_relative_to(layout.dumps))
                for path in files
            },
        }
        _write_json(layout.manifest_path, manifest)


def _checksums(path: Path, *, for_catalog: bool) -> dict[str, str]:
    """Return the checksums of a file by algorithm; the catalogue tells two of each dump."""
    if not for_catalog:
        return {"sha256": sha256(path)}
    return dict(zip(("sha256", "sha512"), sha256_and_sha512(path), strict=True))


def _date(graph: str, default: str) -> str:
    """Return the date a graph's IRI ends in, else ``default`` (graphs of the vocabulary end in a version)."""
    last = graph.rsplit("/", 1)[-1]
    return last if len(last) == 10 and last[4] == last[7] == "-" else default


def _write_json(path: Path, document: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _sync(folder: Path) -> None:
    """Flush every file and folder below ``folder`` to the disk."""
    for path in [folder, *folder.rglob("*")]:
        _sync_folder(path)


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_leftovers(var: VarLayout) -> int:
    """Remove folders of builds that were interrupted; return how many. The caller holds the lock."""
    leftovers = list(var.path.glob(f"{CANDIDATE_PREFIX}*"))
    for path in leftovers:
        shutil.rmtree(path, ignore_errors=True)
    return len(leftovers)
