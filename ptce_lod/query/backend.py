"""The contract between the web and whatever answers questions about one release.

Two kinds of question: trusted look-ups made by our own code (``describe``, ``labels``, ``things``) and public SPARQL
(``query``), which a stranger wrote and which runs only in a killable worker.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import IO, Any, Final, NamedTuple, Protocol

import pyoxigraph as ox

from ptce_lod.formats import Format
from ptce_lod.page_address import PageKey
from ptce_lod.query.candidates import Candidate, Sought, Value
from ptce_lod.query.found import Fragment as Fragment
from ptce_lod.query.found import PageAbout as PageAbout
from ptce_lod.query.found import Pattern as Pattern
from ptce_lod.query.found import Related as Related
from ptce_lod.query.found import RowPage as RowPage
from ptce_lod.query.found import SearchAnswer, Suggestion
from ptce_lod.query.found import ThingSummary as ThingSummary
from ptce_lod.terms import ReleaseId

Node = ox.NamedNode | ox.Literal
#: Incoming links on one page of a description.
PAGE_LINKS: Final = 200


class Label(NamedTuple):
    """A label and the language it is in ("" when the literal has none)."""

    value: str
    language: str


class _Index(NamedTuple):
    """(subject, property) → values; (property, value) → subjects."""

    objects: Mapping[tuple[str, str], list[Node]]
    subjects: Mapping[tuple[str, str], list[str]]


@dataclass(frozen=True)
class Description:
    """What a document about ``iri`` says: its quads, with look-ups for views.

    ``quads`` holds the concise bounded description of the thing, of the nodes that exist only to describe it
    (participations, recognitions, figures …), incoming links, labels of everything mentioned, and the description of the
    graphs and cited sources. docs/explanation/descriptions.md states the rule. ``links`` is the number of incoming links from things
    that are not described here, of which ``page`` (from 1) holds at most :data:`PAGE_LINKS`.
    """

    iri: str
    quads: Sequence[ox.Quad]
    links: int = 0
    page: int = 1

    @property
    def last_page(self) -> int:
        """Number of the last page; a description with few links has one."""
        return max(1, -(-self.links // PAGE_LINKS))

    @cached_property
    def _index(self) -> _Index:
        """Look-ups, built when first asked for: an RDF document needs none (0.3 ms for 160 quads)."""
        objects: defaultdict[tuple[str, str], dict[Node, None]] = defaultdict(dict)
        subjects: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for subject, predicate, object_, _graph_name in self.quads:
            name, property_ = subject.value, predicate.value
            objects[name, property_][object_] = None
            if object_.__class__ is ox.NamedNode:
                subjects[property_, object_.value][name] = None
        return _Index(
            {key: list(values) for key, values in objects.items()},
            {key: list(values) for key, values in subjects.items()},
        )

    def objects(self, subject: str, predicate: str) -> list[Node]:
        """Return the objects of (subject IRI, predicate IRI), each once, in the order of ``quads``."""
        return self._index.objects.get((subject, predicate), [])

    def subjects(self, predicate: str, object_: str) -> list[str]:
        """Return the IRIs of the subjects that point at ``object_`` by ``predicate``."""
        return self._index.subjects.get((predicate, object_), [])

    def types(self, subject: str) -> list[str]:
        """Return the IRIs of the classes of ``subject``."""
        return [
            node.value for node in self.objects(subject, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
        ]


class Fate(NamedTuple):
    """What became of an IRI: whether the release says anything of it, retired it, or renamed it."""

    known: bool
    retired: bool = False
    replaced_by: str = ""


#: Lists of the site and the types of things each holds.
LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "poles": ("pole",),
    "actors": ("actor",),
    "cooperations": ("cooperation",),
    "events": ("event",),
    "calls": ("call",),
    "territories": ("territory", "unit"),
    "sources": ("source",),
    "concepts": ("scheme", "concept"),
    "queries": ("query",),
}


@dataclass(frozen=True)
class ExampleQuery:
    """One example query: ``text`` declares its prefixes, ``kind`` is "select", "ask", "construct" or "describe".

    ``titles`` and ``descriptions`` map a language to a text; ``keywords`` are in English, ``keyword_labels`` maps a language to the
    keywords in it.
    """

    slug: str
    iri: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    keywords: tuple[str, ...]
    text: str
    kind: str
    keyword_labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class QueryRequest:
    """A public query.

    ``timeout_seconds`` never lengthens the deadline of the settings; ``project_prefixes`` says whether our prefixes are known without
    declaration; ``client`` tells clients apart, of whom each has a share of the queue ("" has no bounds).
    """

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    timeout_seconds: float | None = None
    project_prefixes: bool = True
    client: str = ""


@dataclass(frozen=True)
class QueryAnswer:
    """A finished answer: ``body`` is a readable file at its start; the caller closes it. ``size`` is in bytes.

    ``unknown_functions`` are the IRIs of functions that the query calls and nobody has: each call was an error of its expression.
    """

    format: Format
    body: IO[bytes]
    size: int
    unknown_functions: tuple[str, ...] = ()


class Backend(Protocol):
    """Answers about the published release. Implementations: ``embedded`` (Oxigraph), later ``remote``."""

    @property
    def release_id(self) -> ReleaseId:
        """Id of the release that answers."""
        ...

    @property
    def manifest(self) -> Mapping[str, Any]:
        """The release's manifest."""
        ...

    @property
    def statistics(self) -> Mapping[str, Any]:
        """Counts of the release: see ``release/statistics.py`` for its keys."""
        ...

    def describe(self, iri: str, page: int = 1) -> Description | None:
        """Return page ``page`` (from 1) of the description of ``iri``, or None when nothing is known about it.

        Page 1 is the description with the first incoming links; the pages after it hold the others.
        """
        ...

    def fate(self, iri: str) -> Fate:
        """Say whether ``iri`` is known, retired (``owl:deprecated``) or replaced (``dcterms:isReplacedBy``): a few microseconds."""
        ...

    def label(self, iri: str, language: str) -> Label | None:
        """Return the label in ``language``, else by the stated fallback (fr, en, none, any), else None."""
        ...

    def things(
        self, type_: str, *, offset: int = 0, limit: int = 50, language: str = "fr"
    ) -> tuple[int, list[ThingSummary]]:
        """Return the number of things of a type and one page of them, sorted by label as French sorts.

        ``type_`` is a type of thing, ``concept``, ``scheme``, or the name of one of :data:`LISTS`.
        """
        ...

    def search(
        self,
        text: str,
        filters: Mapping[str, Sequence[str]] = ...,
        *,
        offset: int = 0,
        limit: int = 50,
        language: str = "fr",
    ) -> SearchAnswer:
        """Return one page of what matches ``text``, best first, with facets.

        ``filters`` maps a facet (``found.FACETS``) to values, of which a thing must have one. Without a text, what the filters leave.
        """
        ...

    def suggest(self, text: str, *, limit: int = 8, language: str = "fr") -> list[Suggestion]:
        """Return the things that somebody who is typing ``text`` may mean, best first: a few milliseconds."""
        ...

    def candidates(self, sought: Sought) -> list[Candidate]:
        """Return the things that may be meant by names and identifiers, best first; at most one of them is a match."""
        ...

    def summaries(self, iris: Iterable[str]) -> dict[str, ThingSummary]:
        """Return IRI → thing, of those that have a page."""
        ...

    def property_values(self, thing: ThingSummary, property_: str) -> list[Value]:
        """Return the values of a property, a key of ``facts.PROPERTIES``, of a thing."""
        ...

    def fragment(self, pattern: Pattern, *, offset: int = 0, limit: int = 100) -> Fragment:
        """Return a page of the triples that match ``pattern``, and their exact number, in time that depends on the page alone."""
        ...

    def rows(
        self, table: str, filters: Mapping[str, Sequence[str]], *, offset: int = 0, limit: int = 100
    ) -> RowPage:
        """Return a page of the rows of a table that have one of the values of each column in ``filters``."""
        ...

    def picture(self, name: str) -> bytes | None:
        """Return a picture as PNG: ``pole/{slug}.png`` or ``default.png``; None when there is none of that name."""
        ...

    def has_picture(self, name: str) -> bool:
        """Say whether there is a picture of that name."""
        ...

    def related(self, iri: str) -> Sequence[Related]:
        """Return the poles that have most in common with a pole, the closest first; none for other things."""
        ...

    def pages_about(self, key: PageKey) -> Sequence[PageAbout]:
        """Return the things that a web page is about, the one that it is about alone first."""
        ...

    def pages_of(self, iri: str) -> Sequence[PageAbout]:
        """Return the web pages about a thing."""
        ...

    def examples(self) -> Sequence[ExampleQuery]:
        """Return the example queries of the release, those for newcomers first; empty when it has none."""
        ...

    def query(
        self,
        request: QueryRequest,
        *,
        select: Sequence[Format],
        graph: Sequence[Format],
        abandoned: Callable[[], bool] = ...,
    ) -> QueryAnswer:
        """Answer a public query.

        ``select`` and ``graph`` are the formats the client accepts, best first, for SELECT/ASK and CONSTRUCT/DESCRIBE; which
        applies is known once the query is parsed. ``abandoned`` says whether the client is gone. Raises a
        :class:`~ptce_lod.errors.QueryError`, or :class:`~ptce_lod.errors.NotAcceptable` when the list that applies is empty.
        """
        ...

    def close(self) -> None:
        """End the workers."""
        ...


def union_triples(quads: Iterable[ox.Quad]) -> list[ox.Triple]:
    """Return the triples of ``quads``, each once, in order."""
    return list(dict.fromkeys(quad.triple for quad in quads))
