"""The default backend: one published release, opened read-only with Oxigraph and SQLite, nothing to install or start."""

from __future__ import annotations

import json
import threading
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, Final

import pyoxigraph as ox

from ptce_lod import namespaces as ns
from ptce_lod.errors import BackendUnavailable, MalformedQuery, ReleaseDamaged
from ptce_lod.formats import Format
from ptce_lod.iris import is_absolute_iri
from ptce_lod.page_address import PageKey
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
from ptce_lod.query.candidates import Candidate, Sought, Value
from ptce_lod.query.describe import Describer
from ptce_lod.query.examples import read_examples
from ptce_lod.query.federation import Federation, read_endpoints
from ptce_lod.query.found import Fragment, PageAbout, Pattern, Related, RowPage, SearchAnswer, Suggestion
from ptce_lod.query.fragments import FragmentIndex
from ptce_lod.query.pages import PageIndex
from ptce_lod.query.process import never
from ptce_lod.query.reconciliation import Reconciler
from ptce_lod.query.rows import RowIndex
from ptce_lod.query.scan import check, check_length, with_plain_booleans
from ptce_lod.query.search import SearchIndex
from ptce_lod.query.subjects import SubjectIndex
from ptce_lod.query.workers import WorkerPool
from ptce_lod.release.layout import ReleaseLayout
from ptce_lod.settings import Settings
from ptce_lod.terms import ReleaseId

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
        self._index = SearchIndex(layout, settings.addresses)
        self._fragments = FragmentIndex(layout)
        self._rows = RowIndex(layout)
        self._reconciler = Reconciler(layout, settings.addresses, self._describer.properties, self._name)
        self._pages = PageIndex(layout)
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

    def search(
        self,
        text: str,
        filters: Mapping[str, Sequence[str]] = MappingProxyType({}),
        *,
        offset: int = 0,
        limit: int = 50,
        language: str = "fr",
    ) -> SearchAnswer:
        """Return one page of what matches ``text`` and has one of the values of each facet in ``filters``."""
        return self._index.search(text, filters, offset=offset, limit=limit, language=language)

    def suggest(self, text: str, *, limit: int = 8, language: str = "fr") -> list[Suggestion]:
        """Return the things that somebody who is typing ``text`` may mean."""
        return self._index.suggest(text, limit=limit, language=language)

    def candidates(self, sought: Sought) -> list[Candidate]:
        """Return the things that may be meant, best first; at most one of them is a match."""
        return self._reconciler.candidates(sought)

    def summaries(self, iris: Iterable[str]) -> dict[str, ThingSummary]:
        """Return IRI → thing, of those that have a page."""
        return self._reconciler.summaries(iris)

    def property_values(self, thing: ThingSummary, property_: str) -> list[Value]:
        """Return the values of a property, a key of ``facts.PROPERTIES``, of a thing."""
        return self._reconciler.property_values(thing, property_)

    def _name(self, iri: str) -> str:
        label = self.label(iri, "fr")
        return label.value if label is not None else iri

    def fragment(self, pattern: Pattern, *, offset: int = 0, limit: int = 100) -> Fragment:
        """Return a page of the triples that match ``pattern``."""
        return self._fragments.page(pattern, offset=offset, limit=limit)

    def rows(
        self, table: str, filters: Mapping[str, Sequence[str]], *, offset: int = 0, limit: int = 100
    ) -> RowPage:
        """Return a page of the rows of a table that have one of the values of each column in ``filters``."""
        return self._rows.page(table, filters, offset, limit)

    def picture(self, name: str) -> bytes | None:
        """Return a picture as PNG, or None when there is none of that name."""
        archive = self._pictures
        try:
            return archive.read(name) if archive is not None else None
        except KeyError:
            return None

    def has_picture(self, name: str) -> bool:
        """Say whether there is a picture of that name."""
        archive = self._pictures
        return archive is not None and name in archive.NameToInfo

    @cached_property
    def _pictures(self) -> zipfile.ZipFile | None:
        path = self._layout.pictures
        try:
            # A release built before there were pictures has none.
            return zipfile.ZipFile(path) if path.is_file() else None
        except (OSError, zipfile.BadZipFile) as error:
            raise ReleaseDamaged(f"release {self._layout.release_id}: {path} cannot be read") from error

    def related(self, iri: str) -> Sequence[Related]:
        """Return the poles that have most in common with a pole."""
        found = self._related_poles.get(iri, ())
        return [Related(other, place, tuple(shared)) for other, place, shared in found]

    def pages_about(self, key: PageKey) -> Sequence[PageAbout]:
        """Return the things that a web page is about, the one that it is about alone first."""
        return self._pages.about(key)

    def pages_of(self, iri: str) -> Sequence[PageAbout]:
        """Return the web pages about a thing."""
        return self._pages.of(iri)

    @cached_property
    def _related_poles(self) -> dict[str, list[Any]]:
        path = self._layout.related
        try:
            # A release built before there was such a file has none.
            found: dict[str, list[Any]] = (
                json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
            )
        except (OSError, ValueError) as error:
            raise ReleaseDamaged(f"release {self._layout.release_id}: {path} cannot be read") from error
        return found

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
                is_small = 0 < self._statistics.get("quads", 0) <= self._settings.memory_store_quads
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
        self._fragments.close()
        self._rows.close()
        self._reconciler.close()
        self._pages.close()
        if (pictures := self.__dict__.pop("_pictures", None)) is not None:
            pictures.close()
        # The caches refer to their owners and so to the store: without this its files stay open until the garbage collector comes by,
        # which a server lets happen rarely.
        self._describer.close()
        self.__dict__.pop("_store", None)
