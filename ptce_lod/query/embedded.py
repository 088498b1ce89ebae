"""The default backend: one published release, opened read-only with Oxigraph and SQLite, nothing to install or start."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

import pyoxigraph as ox

from ptce_lod import namespaces as ns
from ptce_lod.errors import BackendUnavailable, MalformedQuery, ReleaseDamaged
from ptce_lod.formats import Format
from ptce_lod.iris import is_absolute_iri
from ptce_lod.query.backend import (
    LISTS,
    Description,
    ExampleQuery,
    Fate,
    Label,
    QueryAnswer,
    QueryRequest,
    ThingSummary,
)
from ptce_lod.query.database import ReadOnlyDatabase
from ptce_lod.query.describe import Describer
from ptce_lod.query.examples import read_examples
from ptce_lod.query.federation import Federation, read_endpoints
from ptce_lod.query.process import never
from ptce_lod.query.scan import check, check_length, with_plain_booleans
from ptce_lod.query.subjects import SubjectIndex
from ptce_lod.query.workers import WorkerPool
from ptce_lod.release.layout import ReleaseLayout
from ptce_lod.settings import Settings
from ptce_lod.terms import ReleaseId

_COLUMNS: Final = "thing.iri, thing.type, thing.slug, thing.label_fr, thing.label_en, thing.detail"
#: What a reader looks for first: poles, then what has a page of substance, then what only belongs to something else.
_RANK: Final = (
    "CASE thing.type WHEN 'pole' THEN 0 WHEN 'actor' THEN 1 WHEN 'unit' THEN 1 WHEN 'event' THEN 1 WHEN 'call' THEN 1 "
    "WHEN 'cooperation' THEN 1 WHEN 'initiative' THEN 1 WHEN 'concept' THEN 1 WHEN 'scheme' THEN 1 ELSE 2 END"
)
_WORD: Final = re.compile(r"\w+")
#: Words of a search that count; more would only make the query slow.
_SEARCH_WORDS: Final = 12

_DEPRECATED: Final = ns.OWL + "deprecated"
_REPLACED: Final = ns.DCTERMS + "isReplacedBy"
#: Canonical N-Quads of a subject without these say nothing of its fate: most often there is nothing to parse.
_FATEFUL: Final = (f" <{_DEPRECATED}> ", f" <{_REPLACED}> ")


class EmbeddedBackend:
    """Answers from one release folder. Safe to use from many threads; opens store and index at once, workers at the first query."""

    def __init__(self, layout: ReleaseLayout, settings: Settings) -> None:
        self._layout = layout
        self._settings = settings
        self._manifest = layout.manifest()
        self._statistics = self._read_statistics()
        self._examples = read_examples(layout)
        try:
            self._store = ox.Store.read_only(str(layout.store))
        except OSError as error:
            raise ReleaseDamaged(
                f"release {layout.release_id}: the store cannot be opened: {error}"
            ) from error
        version = str(self._manifest.get("vocabulary_version", ""))
        self._subjects = SubjectIndex(layout)
        self._describer = Describer(self._store, self._subjects, settings.addresses, version)
        self._index = _SearchIndex(layout)
        self._federation = Federation(
            read_endpoints(settings.service_endpoints),
            settings.service_timeout_seconds,
            settings.service_result_bytes,
            settings.base_iri,
            settings.addresses.prefixes(),
        )
        self._pool: WorkerPool | None = None
        self._lock = threading.Lock()
        self._closed = False
        self.label = lru_cache(maxsize=100_000)(self._label)

    def _read_statistics(self) -> dict[str, Any]:
        try:
            statistics: dict[str, Any] = json.loads(self._layout.statistics.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ReleaseDamaged(
                f"release {self._layout.release_id}: {self._layout.statistics} cannot be read"
            ) from error
        return statistics

    @property
    def layout(self) -> ReleaseLayout:
        """The files of the release."""
        return self._layout

    @property
    def release_id(self) -> ReleaseId:
        """Id of the release that answers."""
        return self._layout.release_id

    @property
    def manifest(self) -> Mapping[str, Any]:
        """The release's manifest."""
        return self._manifest

    @property
    def statistics(self) -> Mapping[str, Any]:
        """Counts of the release."""
        return self._statistics

    def describe(self, iri: str, page: int = 1) -> Description | None:
        """Return page ``page`` of the description of ``iri``, or None when nothing is known about it or it is no IRI."""
        return self._describer.describe(iri, page) if is_absolute_iri(iri) else None

    def fate(self, iri: str) -> Fate:
        """Say whether ``iri`` is known, retired or replaced."""
        text = self._describer.lines(iri) if is_absolute_iri(iri) else ""
        if not any(name in text for name in _FATEFUL):
            return Fate(bool(text))
        retired, replaced_by = False, ""
        for property_, value in self._describer.properties(iri):
            retired |= property_ == _DEPRECATED and value.value in ("true", "1")
            if property_ == _REPLACED and isinstance(value, ox.NamedNode):
                replaced_by = min(replaced_by or value.value, value.value)
        return Fate(True, retired, replaced_by)

    def _label(self, iri: str, language: str) -> Label | None:
        """Return the label in ``language``, else in French, English, no language, any; the least text between equals."""
        found = [
            Label(literal.value, literal.language or "")
            for literal in (self._describer.labels(iri) if is_absolute_iri(iri) else ())
        ]
        order = (language, "fr", "en", "")

        def rank(label: Label) -> tuple[int, str, str]:
            tag = label.language.partition("-")[0]
            return (order.index(tag) if tag in order else len(order), tag, label.value)

        return min(found, key=rank, default=None)

    def things(
        self, type_: str, *, offset: int = 0, limit: int = 50, language: str = "fr"
    ) -> tuple[int, list[ThingSummary]]:
        """Return the number of things of a type, or of the types of a list, and one page of them as French sorts."""
        return self._index.things(LISTS.get(type_, (type_,)), offset, limit)

    def search(self, text: str, *, offset: int = 0, limit: int = 50) -> tuple[int, list[ThingSummary]]:
        """Return the number of things whose names hold all words of ``text``, or begin so, and one page of them, best first."""
        return self._index.search(text, offset, limit)

    def examples(self) -> Sequence[ExampleQuery]:
        """Return the example queries of the release."""
        return self._examples

    def query(
        self,
        request: QueryRequest,
        *,
        select: Sequence[Format],
        graph: Sequence[Format],
        abandoned: Callable[[], bool] = never,
    ) -> QueryAnswer:
        """Answer a public query in a worker, once the scan let it pass."""
        settings = self._settings
        for iri in (*request.default_graphs, *request.named_graphs):
            if not is_absolute_iri(iri):
                raise MalformedQuery(f"the name of a graph must be an absolute IRI, not {iri!r}")
        check_length(request.text, settings.query_length_bytes)
        text = self._federation.resolved(with_plain_booleans(request.text))
        found = check(text, settings.query_nesting)
        request = replace(request, text=text)
        return self._workers().run(request, found, select=select, graph=graph, abandoned=abandoned)

    def _workers(self) -> WorkerPool:
        with self._lock:
            if self._closed:
                raise BackendUnavailable("the server is stopping")
            if self._pool is None:
                quads = self._layout.dumps / "all.nq"
                is_small = self._statistics.get("quads", 0) <= self._settings.memory_store_quads
                self._pool = WorkerPool(
                    self._layout.store, self._settings, self._layout.search_index, quads if is_small else None
                )
            return self._pool

    def start_workers(self) -> None:
        """Start the workers now rather than at the first query."""
        self._workers()

    def close(self) -> None:
        """End the workers and close the index."""
        with self._lock:
            self._closed = True
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()
        self._index.close()
        self._subjects.close()


class _SearchIndex:
    """Lists and full-text search over ``search.sqlite``."""

    def __init__(self, layout: ReleaseLayout) -> None:
        self._database = ReadOnlyDatabase(layout.search_index, "thing")

    def things(self, types: Sequence[str], offset: int, limit: int) -> tuple[int, list[ThingSummary]]:
        connection = self._database.connection()
        marks = ", ".join("?" * len(types))
        (total,) = connection.execute(
            f"SELECT count(*) FROM thing WHERE type IN ({marks})",  # noqa: S608 # only question marks
            types,
        ).fetchone()
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM thing WHERE type IN ({marks}) ORDER BY thing.sort_key, thing.iri LIMIT ? OFFSET ?",  # noqa: S608
            (*types, limit, offset),
        )
        return total, [_summary(row) for row in rows]

    def search(self, text: str, offset: int, limit: int) -> tuple[int, list[ThingSummary]]:
        # Quoted words: nothing a reader writes is read as FTS5's own syntax.
        words = _WORD.findall(text)[:_SEARCH_WORDS]
        if not words:
            return 0, []
        match = " ".join(f'"{word}"*' for word in words)
        connection = self._database.connection()
        (total,) = connection.execute(
            "SELECT count(*) FROM thing_text WHERE thing_text MATCH ?", (match,)
        ).fetchone()
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM thing_text JOIN thing ON thing.id = thing_text.rowid WHERE thing_text MATCH ? "  # noqa: S608
            f"ORDER BY {_RANK}, bm25(thing_text, 10.0, 1.0), thing.sort_key, thing.iri LIMIT ? OFFSET ?",
            (match, limit, offset),
        )
        return total, [_summary(row) for row in rows]

    def close(self) -> None:
        self._database.close()


def _summary(row: Sequence[str]) -> ThingSummary:
    iri, type_, slug, label_fr, label_en, detail = row
    return ThingSummary(iri, type_, slug, label_fr, label_en, json.loads(detail))
