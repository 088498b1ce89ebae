"""The catalogue as DCAT 3, one page at a time, each complete in itself: harvesters read a page as a graph of its own.

Sources: DCAT-AP 3.0.1; W3C DCAT 3, sections 6 and 12 (dataset series); VoID; what CKAN and udata read
(docs/explanation/catalogue.md). Every node has an IRI, so that a harvester sees the same node each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import pyoxigraph as ox

from ptce_lod.dates import format_date
from ptce_lod.iris import AddressSpace
from ptce_lod.licences import DATA
from ptce_lod.namespaces import DCAT, DCTERMS, FOAF, ONTOLOGY, PROV, RDF, SHAPES_DOCUMENT, SKOS, VOID
from ptce_lod.numbers import format_number
from ptce_lod.release.catalog.dates import Dated
from ptce_lod.release.catalog.distribution import state_distribution
from ptce_lod.release.catalog.facts import Entry, Facts, File, Published
from ptce_lod.release.catalog.services import SERVICES, state_services
from ptce_lod.release.catalog.shared import (
    contact_iri,
    state_coverage,
    state_place_and_time,
    state_resource,
    state_shared,
)
from ptce_lod.release.catalog.void import MOST_LINKSETS, state_void
from ptce_lod.release.catalog.writer import ADMS, EU, PUBLIC, Writer
from ptce_lod.release.datasets import KEYWORDS, Texts
from ptce_lod.release.dumps import EVERYTHING

_CATALOG: Final = (
    ("Catalogue des données liées sur les PTCE", "Catalogue of linked data on PTCE"),
    (
        "Ce que publie ce serveur : pôles, acteurs, coopérations, appels, reconnaissances et leurs sources.",
        "What this server publishes: poles, actors, cooperations, calls, recognitions and their sources.",
    ),
)
_SERIES: Final = (
    ("Publications des données liées sur les PTCE", "Releases of the linked data on PTCE"),
    (
        "Les états successifs des données liées sur les PTCE ; chacun a ses fichiers, dans tous les formats, qui ne changent plus.",
        "The successive states of the linked data on PTCE; each has its files, in all formats, which never change.",
    ),
)


class Catalog:
    """Writes the catalogue of one release.

    ``contact`` is a mailto: or https: IRI, or ""; ``publisher_type`` a key of ``settings.PUBLISHER_TYPES``, or "".
    """

    def __init__(
        self, addresses: AddressSpace, facts: Facts, contact: str = "", publisher_type: str = ""
    ) -> None:
        self.facts = facts
        self._base = addresses.base_iri
        self._contact = contact
        self._publisher_type = publisher_type
        self._publisher = addresses.thing("agent", "project")
        self.iri = f"{self._base}catalog"

    def dataset(self, name: str) -> str:
        """Return the IRI of a dataset, the same in every release."""
        return f"{self._base}dataset/{name}"

    def page(self, entries: Sequence[Entry], *, first: bool) -> list[ox.Quad]:
        """Return a page that describes ``entries`` in full, with everything they share; services and series stand on the first."""
        w = Writer()
        self._catalog(w, entries, first=first)
        for entry in entries:
            self._entry(w, entry)
        if first:
            everything = self.dataset(EVERYTHING)
            state_services(w, self._base, self._publisher, self.facts.issued, everything)
        self._shared(w)
        return w.quads

    def document(self, entry: Entry) -> list[ox.Quad]:
        """Return the description of one dataset."""
        w = Writer()
        self._entry(w, entry)
        self._shared(w)
        return w.quads

    def entities(self) -> Iterator[tuple[str, list[ox.Quad]]]:
        """Yield each entity (IRI, description in full) of the catalogue: itself, its datasets, its services."""
        w = Writer()
        self._catalog(w, self.facts.entries, first=True)
        self._shared(w)
        yield self.iri, w.quads
        for entry in self.facts.entries:
            yield self.dataset(entry.name), self.document(entry)
        for end, *_ in SERVICES:
            w = Writer()
            everything = self.dataset(EVERYTHING)
            state_services(w, self._base, self._publisher, self.facts.issued, everything, (end,))
            self._shared(w)
            yield self._base + end, w.quads

    def series(self) -> list[ox.Quad]:
        """Return the series of releases, newest first, each with its files: a document of its own, since portals take every dataset."""
        w = Writer()
        releases = self.facts.releases
        for place, published in enumerate(releases):
            before = releases[place + 1].publication.release_id if place + 1 < len(releases) else ""
            self._past(w, published, before)
        self._series(w)
        if releases:
            w.add(self.dataset("releases"), DCAT + "last", self._release(releases[0].publication.release_id))
            w.add(
                self.dataset("releases"), DCAT + "first", self._release(releases[-1].publication.release_id)
            )
        self._shared(w)
        return w.quads

    def _past(self, w: Writer, published: Published, before: str) -> None:
        """State one release of the series; ``before`` is the id of the one before it, or ""."""
        whole, publication = self.facts.entries[0], published.publication
        iri, day = self._release(publication.release_id), publication.at[:10]
        entry = replace(
            whole,
            title=(
                f"{whole.title[0]}, {format_date(day, 'fr')}",
                f"{whole.title[1]}, {format_date(day, 'en')}",
            ),
            dated=Dated("", publication.at, publication.at, publication.release_id),
        )
        self._about(w, iri, entry)
        w.add(iri, DCAT + "version", ox.Literal(publication.release_id))
        w.add(iri, DCAT + "inSeries", self.dataset("releases"))
        w.add(iri, DCAT + "isVersionOf", self.dataset(EVERYTHING))
        w.both(iri, ADMS + "versionNotes", _notes(publication.added, publication.removed))
        if before:
            w.add(iri, DCAT + "prev", self._release(before))
            w.add(iri, DCAT + "previousVersion", self._release(before))
        for file in published.files:
            state_distribution(w, iri, self._dump(file, publication.release_id), entry, file)

    def _dump(self, file: File, release: str = "latest") -> str:
        return f"{self._base}dumps/{release}/{file.path}"

    def _shared(self, w: Writer) -> None:
        state_shared(w, self._base, self._publisher, self._contact, self._publisher_type)
        state_place_and_time(w, self._base, self.facts.statistics)
        w.add_types()

    def _release(self, release_id: str) -> str:
        return f"{self._base}dataset/releases#{release_id}"

    def _catalog(self, w: Writer, entries: Sequence[Entry], *, first: bool) -> None:
        state_resource(w, self.iri, "Catalog", self._publisher, *_CATALOG)
        w.add(self.iri, DCTERMS + "identifier", ox.Literal(self.iri))
        w.moment(self.iri, DCTERMS + "issued", self.facts.issued)
        w.moment(self.iri, DCTERMS + "modified", self.facts.modified)
        w.add(self.iri, FOAF + "homepage", self._base)
        w.add(self.iri, DCAT + "themeTaxonomy", f"{EU}data-theme")
        w.add(f"{EU}data-theme", RDF + "type", SKOS + "ConceptScheme")
        w.both(f"{EU}data-theme", DCTERMS + "title", ("Thèmes de données", "Data themes"))
        w.add(self.iri, DCTERMS + "spatial", f"{EU}country/FRA")
        for entry in entries:
            w.add(self.iri, DCAT + "dataset", self.dataset(entry.name))
        if first:
            for end, *_ in SERVICES:
                w.add(self.iri, DCAT + "service", self._base + end)

    def _about(self, w: Writer, iri: str, entry: Entry) -> None:
        """State what holds of every dataset."""
        state_resource(w, iri, "Dataset", self._publisher, entry.title, entry.description, entry.licence)
        # A portal knows the dataset again by this, and by nothing else.
        w.add(iri, DCTERMS + "identifier", ox.Literal(iri))
        w.moment(iri, DCTERMS + "issued", entry.issued)
        w.moment(iri, DCTERMS + "modified", entry.modified)
        w.add(iri, DCTERMS + "creator", self._publisher)
        w.add(iri, DCAT + "contactPoint", contact_iri(self._base))
        w.add(iri, DCAT + "landingPage", entry.page or iri.partition("#")[0])
        w.add(iri, DCAT + "theme", f"{EU}data-theme/ECON")
        for keyword in (*KEYWORDS, *entry.keywords):
            w.keyword(iri, keyword)
        w.add(iri, DCTERMS + "accessRights", PUBLIC)
        w.add(iri, DCTERMS + "accrualPeriodicity", f"{EU}frequency/IRREG")
        if entry.has_coverage:
            state_coverage(w, iri, self._base, self.facts.statistics)
        if entry.name != "vocabulary":
            w.add(iri, DCTERMS + "conformsTo", ONTOLOGY)
            w.add(iri, DCTERMS + "conformsTo", SHAPES_DOCUMENT)

    def _entry(self, w: Writer, entry: Entry) -> None:
        iri = self.dataset(entry.name)
        self._about(w, iri, entry)
        # What has no number or date of its own goes by the release in which it became what it is.
        w.add(iri, DCAT + "version", ox.Literal(entry.version_shown))
        if entry.graph:
            w.add(iri, DCAT + "hasCurrentVersion", entry.graph)
        for source in entry.sources:
            w.add(iri, PROV + "wasDerivedFrom", source)
        if entry.name == EVERYTHING:
            self._whole(w, iri)
        else:
            w.both(iri, ADMS + "versionNotes", _since(entry))
            w.add(iri, DCTERMS + "isPartOf", self.dataset(EVERYTHING))
            if entry.triples:
                w.typed(iri, VOID + "triples", str(entry.triples), "integer")
        for file in entry.files:
            state_distribution(w, iri, self._dump(file), entry, file)

    def _whole(self, w: Writer, iri: str) -> None:
        """State what holds of everything alone. Its parts lead to it: data.gouv.fr makes a file of each thing that it has."""
        state_void(w, self._base, iri, self.facts, MOST_LINKSETS)
        last = self.facts.last
        if last is not None:
            w.both(iri, ADMS + "versionNotes", _notes(last.added, last.removed))
        w.add(iri, DCAT + "inSeries", self.dataset("releases"))
        self._series(w)

    def _series(self, w: Writer) -> None:
        iri = self.dataset("releases")
        w.add(iri, RDF + "type", DCAT + "DatasetSeries")
        w.add(iri, DCTERMS + "identifier", ox.Literal(iri))
        w.both(iri, DCTERMS + "title", _SERIES[0])
        w.both(iri, DCTERMS + "description", _SERIES[1])
        w.add(iri, DCTERMS + "publisher", self._publisher)
        w.add(iri, DCAT + "contactPoint", contact_iri(self._base))
        w.add(iri, DCAT + "landingPage", iri)
        # data.gouv.fr makes a dataset of a series too, and has no file to take the licence from.
        w.add(iri, DCTERMS + "license", DATA.iri)
        w.add(iri, DCTERMS + "accrualPeriodicity", f"{EU}frequency/IRREG")
        w.moment(iri, DCTERMS + "issued", self.facts.issued)
        w.moment(iri, DCTERMS + "modified", self.facts.modified)
        state_coverage(w, iri, self._base, self.facts.statistics)


def _since(entry: Entry) -> Texts:
    day = entry.modified[:10]
    if entry.modified == entry.issued:
        return (
            f"Contenu inchangé depuis sa première publication, le {format_date(day, 'fr')}.",
            f"Unchanged since first published, on {format_date(day, 'en')}.",
        )
    return (f"Contenu changé le {format_date(day, 'fr')}.", f"Content changed on {format_date(day, 'en')}.")


def _notes(added: int, removed: int) -> Texts:
    if not added and not removed:
        return ("Construite à partir des sources.", "Built from the sources.")
    return (
        f"{format_number(added, 'fr')} quads ajoutés, {format_number(removed, 'fr')} retirés.",
        f"{format_number(added, 'en')} quads added, {format_number(removed, 'en')} removed.",
    )
