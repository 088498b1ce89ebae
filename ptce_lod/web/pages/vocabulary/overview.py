"""What stands above the terms: who made the vocabulary, its versions and their changes, its schemes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ptce_lod import namespaces as ns
from ptce_lod.collation import sort_key
from ptce_lod.licences import LICENCES
from ptce_lod.web.pages.i18n import translator
from ptce_lod.web.pages.reading import Reader, Ref, Text
from ptce_lod.web.pages.vocabulary.graph import Graph
from ptce_lod.web.pages.vocabulary.names import Names
from ptce_lod.web.pages.vocabulary.words import Piece, Words

_EMPTY: Final = Text("", "")
_VANN: Final = "http://purl.org/vocab/vann/"
_VOAF: Final = "http://purl.org/vocommons/voaf#"
_STATUS: Final = "http://purl.org/ontology/bibo/status"
_LICENCES: Final = {licence.iri: licence.short for licence in LICENCES}
#: Vocabularies that ours names as a whole: IRI → what people call them.
_VOCABULARIES: Final = {
    "http://www.w3.org/ns/org": "ORG",
    "http://www.w3.org/ns/prov-o": "PROV-O",
    "http://www.w3.org/ns/sosa": "SOSA",
    "https://schema.org": "schema.org",
    "http://www.w3.org/2004/02/skos/core": "SKOS",
    "http://www.w3.org/ns/oa": "Web Annotation",
    "http://www.opengis.net/ont/geosparql": "GeoSPARQL",
    "http://purl.org/dc/terms": "DCMI Terms",
    "http://xmlns.com/foaf/0.1": "FOAF",
    "http://rdf.insee.fr/def/geo": "INSEE Geo",
}


@dataclass(frozen=True)
class Change:
    """One version: its number and what changed in it."""

    version: str
    date: str
    text: Text


@dataclass(frozen=True)
class Scheme:
    """A concept scheme and its concepts."""

    id: str
    iri: str
    href: str
    label: Text
    about: Text
    concepts: tuple[Ref, ...]


@dataclass(frozen=True)
class Overview:
    """The head of the page."""

    title: Text
    abstract: Text
    about: Text
    version: str
    version_iri: str
    issued: str
    modified: str
    status: str
    prefix: str
    namespace: str
    licence: Words
    creators: tuple[Words, ...]
    publishers: tuple[Words, ...]
    imports: tuple[Words, ...]
    specialises: tuple[Words, ...]
    relies_on: tuple[Words, ...]
    sources: tuple[Words, ...]
    prior: tuple[Words, ...]
    citation: Text
    alignments: str
    changes: tuple[Change, ...]


def read_overview(reader: Reader, names: Names) -> Overview:
    """Return what the ontology says of itself; what it does not say is empty."""
    graph = Graph(reader.description)
    version = graph.literal(ns.ONTOLOGY, ns.OWL + "versionInfo") or str(
        reader.backend.manifest.get("vocabulary_version", "")
    )

    def all_of(predicate: str) -> list[str]:
        return graph.names(ns.ONTOLOGY, predicate)

    def things(predicate: str) -> tuple[Words, ...]:
        return tuple(names.thing(iri) for iri in all_of(predicate))

    def text(predicate: str) -> Text:
        return reader.text(ns.ONTOLOGY, predicate) or _EMPTY

    licence = graph.name(ns.ONTOLOGY, ns.DCTERMS + "license")
    graph_address = reader.settings.addresses.graph("alignments", version)
    issued = reader.date(ns.ONTOLOGY, ns.DCTERMS + "issued")
    return Overview(
        title=reader.text(ns.ONTOLOGY, ns.DCTERMS + "title") or Text("PTCE", ""),
        abstract=text(ns.DCTERMS + "abstract"),
        about=text(ns.DCTERMS + "description"),
        version=version,
        version_iri=graph.name(ns.ONTOLOGY, ns.OWL + "versionIRI"),
        issued=issued,
        modified=reader.date(ns.ONTOLOGY, ns.DCTERMS + "modified"),
        status=_status(graph.name(ns.ONTOLOGY, _STATUS).rpartition("/")[2], reader.language),
        prefix=graph.literal(ns.ONTOLOGY, _VANN + "preferredNamespacePrefix") or "ptce",
        namespace=graph.literal(ns.ONTOLOGY, _VANN + "preferredNamespaceUri") or ns.PTCE,
        licence=(Piece(_LICENCES.get(licence, licence), licence),) if licence else (),
        creators=things(ns.DCTERMS + "creator"),
        publishers=things(ns.DCTERMS + "publisher"),
        imports=things(ns.OWL + "imports"),
        specialises=tuple(map(_vocabulary, all_of(_VOAF + "specializes"))),
        relies_on=tuple(map(_vocabulary, all_of(_VOAF + "reliesOn"))),
        sources=tuple(names.page(page) for page in all_of(ns.DCTERMS + "source")),
        prior=things(ns.OWL + "priorVersion"),
        citation=text(ns.DCTERMS + "bibliographicCitation"),
        alignments=reader.ref(graph_address).href,
        changes=_changes(reader, version, issued),
    )


def _vocabulary(iri: str) -> Words:
    return (Piece(_VOCABULARIES.get(iri.rstrip("#/"), iri), iri),)


def _status(code: str, language: str) -> str:
    _ = translator(language)
    return {"draft": _("draft"), "published": _("published"), "accepted": _("accepted")}.get(code, code)


def _changes(reader: Reader, current: str, issued: str) -> tuple[Change, ...]:
    """Return the versions, newest first, from the ontology's history notes: "0.1.0 – what changed"."""
    found: dict[str, Change] = {}
    for note in reader.texts(ns.ONTOLOGY, ns.SKOS + "historyNote"):
        version, _dash, text = note.value.partition(" – ")
        version = version.strip()
        date = issued if version == current else ""
        found.setdefault(version, Change(version, date, Text(text.strip(), note.lang)))

    def newest_first(change: Change) -> list[int]:
        return [int(part) if part.isdecimal() else 0 for part in change.version.split(".")]

    return tuple(sorted(found.values(), key=newest_first, reverse=True))


def read_schemes(reader: Reader) -> tuple[Scheme, ...]:
    """Return the concept schemes of the release by label, each with its concepts in the order of their labels."""
    backend, settings, language = reader.backend, reader.settings, reader.language
    _total, summaries = backend.things("scheme", limit=1000)
    found = []
    for summary in summaries:
        description = backend.describe(summary.iri)
        if description is None:
            continue
        inner = Reader(description, backend, settings, language)
        concepts = [inner.ref(iri) for iri in description.subjects(ns.SKOS + "inScheme", summary.iri)]
        concepts.sort(key=lambda ref: (sort_key(ref.label.value), ref.iri))
        about = next(
            (t for p in ("definition", "scopeNote") if (t := inner.text(summary.iri, ns.SKOS + p))),
            inner.text(summary.iri, ns.DCTERMS + "description"),
        )
        found.append(
            Scheme(
                id="scheme-" + summary.iri.removeprefix(ns.SCHEME),
                iri=summary.iri,
                href=inner.ref(summary.iri).href,
                label=inner.label(summary.iri),
                about=about or _EMPTY,
                concepts=tuple(concepts),
            )
        )
    return tuple(sorted(found, key=lambda s: (sort_key(s.label.value), s.iri)))
