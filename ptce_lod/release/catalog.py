"""The catalogue as DCAT 3, one page at a time, each complete in itself: harvesters read a page as a graph of its own.

Sources: DCAT-AP 3.0.1; W3C DCAT 3, sections 6 and 12 (dataset series); VoID; what CKAN and udata read
(docs/explanation/catalogue.md). Every node has an IRI, so that a harvester sees the same node each time.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pyoxigraph as ox

from ptce_lod.iris import AddressSpace
from ptce_lod.namespaces import (
    DCAT,
    DCTERMS,
    FOAF,
    ONTOLOGY,
    PROV,
    RDF,
    RDFS,
    SHAPES_DOCUMENT,
    SKOS,
    SPDX,
    VOID,
    XSD,
)
from ptce_lod.release.catalog_facts import Entry, Facts, File, Published
from ptce_lod.release.datasets import KEYWORDS, Texts
from ptce_lod.release.dumps import CODINGS, EVERYTHING

LICENCE: Final = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
_RIGHTS: Final = "https://spdx.org/licenses/etalab-2.0.html"
_EU: Final = "http://publications.europa.eu/resource/authority/"
_IANA: Final = "https://www.iana.org/assignments/media-types/"
_VCARD: Final = "http://www.w3.org/2006/vcard/ns#"
_LOCN: Final = "http://www.w3.org/ns/locn#"
_ADMS: Final = "http://www.w3.org/ns/adms#"
_GEO: Final = "http://www.opengis.net/ont/geosparql#"
_AVAILABILITY: Final = "http://data.europa.eu/r5r/availability"
_STABLE: Final = f"{_EU}planned-availability/STABLE"
_ATTRIBUTION: Final = "http://purl.org/adms/licencetype/Attribution"
_PUBLIC: Final = f"{_EU}access-right/PUBLIC"

#: Property → class of its values (DCAT-AP 3.0.1, ranges), stated where a validator has not loaded the other vocabulary.
_RANGES: Final = {
    DCTERMS + "license": DCTERMS + "LicenseDocument",
    DCTERMS + "rights": DCTERMS + "RightsStatement",
    DCTERMS + "accessRights": DCTERMS + "RightsStatement",
    DCTERMS + "language": DCTERMS + "LinguisticSystem",
    DCTERMS + "accrualPeriodicity": DCTERMS + "Frequency",
    DCTERMS + "spatial": DCTERMS + "Location",
    DCTERMS + "conformsTo": DCTERMS + "Standard",
    DCTERMS + "format": DCTERMS + "MediaTypeOrExtent",
    DCAT + "mediaType": DCTERMS + "MediaType",
    DCAT + "compressFormat": DCTERMS + "MediaType",
    DCAT + "theme": SKOS + "Concept",
    FOAF + "homepage": FOAF + "Document",
    FOAF + "page": FOAF + "Document",
    DCAT + "landingPage": FOAF + "Document",
    DCTERMS + "type": SKOS + "Concept",
    _AVAILABILITY: SKOS + "Concept",
    SPDX + "algorithm": SPDX + "ChecksumAlgorithm",
}
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
        "Les états successifs de ces données ; chacun a ses fichiers, qui ne changent plus.",
        "The successive states of these data; each has its files, which never change.",
    ),
)
#: End of the address, what describes it, title, description.
_SERVICES: Final[tuple[tuple[str, str, Texts, Texts], ...]] = (
    (
        "sparql",
        "sparql",
        ("Point d'accès SPARQL sur les PTCE", "SPARQL endpoint on PTCE"),
        (
            "SPARQL 1.1 : requêtes sur toutes les données, le graphe par défaut est l'union des graphes nommés.",
            "SPARQL 1.1: queries on all data, the default graph is the union of the named graphs.",
        ),
    ),
    (
        "fragments",
        "fragments",
        ("Fragments de triplets sur les PTCE", "Triple pattern fragments on PTCE"),
        (
            "Triple Pattern Fragments : les triplets d'un motif, page par page, aussi par graphe nommé.",
            "Triple Pattern Fragments: the triples of a pattern, page by page, also by named graph.",
        ),
    ),
    (
        "doc/",
        "ns",
        ("Documents sur chaque chose des PTCE", "Documents on each thing of PTCE"),
        (
            "Un document par pôle, acteur, coopération, événement, appel, lieu, concept ou source, en HTML et en RDF par négociation.",
            "A document for each pole, actor, cooperation, event, call, place, concept or source, in HTML and RDF by negotiation.",
        ),
    ),
    (
        "search",
        "opensearch.xml",
        ("Recherche parmi les PTCE", "Search among PTCE"),
        (
            "Recherche par nom, sigle, lieu ou code ; résultats en HTML, JSON, Atom et RDF.",
            "Search by name, acronym, place or code; results as HTML, JSON, Atom and RDF.",
        ),
    ),
)


#: End of a service's address → the specification of its protocol.
_PROTOCOLS: Final = {
    "sparql": "https://www.w3.org/TR/sparql11-protocol/",
    "fragments": "https://linkeddatafragments.org/specification/triple-pattern-fragments/",
    "doc/": "https://www.rfc-editor.org/rfc/rfc9110#section-12",
    "search": "https://github.com/dewitt/opensearch",
}


class Writer:
    """Collects triples in the order they are stated."""

    def __init__(self) -> None:
        self.quads: list[ox.Quad] = []

    def add(self, subject: str, predicate: str, object_: str | ox.Literal) -> None:
        """State one triple; a text is an IRI."""
        node = object_ if isinstance(object_, ox.Literal) else ox.NamedNode(object_)
        self.quads.append(ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), node, ox.DefaultGraph()))

    def both(self, subject: str, predicate: str, texts: Texts) -> None:
        """State a text in French and in English."""
        self.add(subject, predicate, ox.Literal(texts[0], language="fr"))
        self.add(subject, predicate, ox.Literal(texts[1], language="en"))

    def keyword(self, subject: str, texts: Texts) -> None:
        """State a keyword; one that is the same in both languages once: CKAN makes a tag of each literal, and refuses equal ones."""
        self.add(subject, DCAT + "keyword", ox.Literal(texts[0], language="fr"))
        if texts[1] != texts[0]:
            self.add(subject, DCAT + "keyword", ox.Literal(texts[1], language="en"))

    def typed(self, subject: str, predicate: str, text: str, datatype: str) -> None:
        """State a literal of an XSD datatype."""
        self.add(subject, predicate, ox.Literal(text, datatype=ox.NamedNode(XSD + datatype)))

    def moment(self, subject: str, predicate: str, text: str) -> None:
        """State a date, or a moment."""
        self.typed(subject, predicate, text, "dateTime" if "T" in text else "date")

    def add_types(self) -> None:
        """State the class of every node of an outside vocabulary."""
        classes = {
            (quad.object.value, class_): None
            for quad in self.quads
            if (class_ := _RANGES.get(quad.predicate.value)) and isinstance(quad.object, ox.NamedNode)
        }
        for iri, class_ in classes:
            self.add(iri, RDF + "type", class_)


class Catalog:
    """Writes the catalogue of one release. ``contact`` is a mailto: or https: IRI, or ""."""

    def __init__(self, addresses: AddressSpace, facts: Facts, contact: str = "") -> None:
        self.facts = facts
        self._base = addresses.base_iri
        self._contact = contact
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
            for service in _SERVICES:
                self._service(w, *service)
        self._shared(w)
        w.add_types()
        return w.quads

    def document(self, entry: Entry) -> list[ox.Quad]:
        """Return the description of one dataset."""
        w = Writer()
        self._entry(w, entry)
        self._shared(w)
        w.add_types()
        return w.quads

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
        w.add_types()
        return w.quads

    def _past(self, w: Writer, published: Published, before: str) -> None:
        """State one release of the series; ``before`` is the id of the one before it, or ""."""
        whole, publication = self.facts.entries[0], published.publication
        iri, day = self._release(publication.release_id), publication.at[:10]
        entry = replace(
            whole,
            title=(f"{whole.title[0]}, {day}", f"{whole.title[1]}, {day}"),
            issued=publication.at,
            modified=publication.at,
        )
        self._about(w, iri, entry)
        w.add(iri, DCAT + "version", ox.Literal(publication.release_id))
        w.add(iri, DCAT + "inSeries", self.dataset("releases"))
        w.add(iri, DCAT + "isVersionOf", self.dataset(EVERYTHING))
        w.both(iri, _ADMS + "versionNotes", _notes(publication.added, publication.removed))
        if before:
            w.add(iri, DCAT + "prev", self._release(before))
            w.add(iri, DCAT + "previousVersion", self._release(before))
        for file in published.files:
            self._distribution(w, iri, entry, file, publication.release_id)

    def _release(self, release_id: str) -> str:
        return f"{self._base}dataset/releases#{release_id}"

    def _catalog(self, w: Writer, entries: Sequence[Entry], *, first: bool) -> None:
        self._resource(w, self.iri, "Catalog", *_CATALOG)
        w.moment(self.iri, DCTERMS + "issued", self.facts.issued)
        w.moment(self.iri, DCTERMS + "modified", self.facts.modified)
        w.add(self.iri, FOAF + "homepage", self._base)
        w.add(self.iri, DCAT + "themeTaxonomy", f"{_EU}data-theme")
        w.add(f"{_EU}data-theme", RDF + "type", SKOS + "ConceptScheme")
        w.both(f"{_EU}data-theme", DCTERMS + "title", ("Thèmes de données", "Data themes"))
        w.add(self.iri, DCTERMS + "spatial", f"{_EU}country/FRA")
        for entry in entries:
            w.add(self.iri, DCAT + "dataset", self.dataset(entry.name))
        if first:
            for end, *_ in _SERVICES:
                w.add(self.iri, DCAT + "service", self._base + end)

    def _resource(self, w: Writer, iri: str, class_: str, title: Texts, description: Texts) -> None:
        w.add(iri, RDF + "type", DCAT + class_)
        w.both(iri, DCTERMS + "title", title)
        w.both(iri, DCTERMS + "description", description)
        w.add(iri, DCTERMS + "publisher", self._publisher)
        w.add(iri, DCTERMS + "license", LICENCE)
        for language in ("FRA", "ENG"):
            w.add(iri, DCTERMS + "language", f"{_EU}language/{language}")

    def _about(self, w: Writer, iri: str, entry: Entry) -> None:
        """State what holds of every dataset."""
        self._resource(w, iri, "Dataset", entry.title, entry.description)
        # A portal knows the dataset again by this, and by nothing else.
        w.add(iri, DCTERMS + "identifier", ox.Literal(iri))
        w.moment(iri, DCTERMS + "issued", entry.issued)
        w.moment(iri, DCTERMS + "modified", entry.modified)
        w.add(iri, DCTERMS + "creator", self._publisher)
        w.add(iri, DCAT + "contactPoint", f"{self.iri}#contact")
        w.add(iri, DCAT + "landingPage", entry.graph or iri.partition("#")[0])
        w.add(iri, DCAT + "theme", f"{_EU}data-theme/ECON")
        for keyword in (*KEYWORDS, *entry.keywords):
            w.keyword(iri, keyword)
        w.add(iri, DCTERMS + "accessRights", _PUBLIC)
        w.add(iri, DCTERMS + "accrualPeriodicity", f"{_EU}frequency/IRREG")
        self._where_and_when(w, iri)
        if entry.name != "vocabulary":
            w.add(iri, DCTERMS + "conformsTo", ONTOLOGY)
            w.add(iri, DCTERMS + "conformsTo", SHAPES_DOCUMENT)

    def _where_and_when(self, w: Writer, iri: str) -> None:
        w.add(iri, DCTERMS + "spatial", f"{_EU}country/FRA")
        if self.facts.statistics.get("extent"):
            w.add(iri, DCTERMS + "spatial", f"{self.iri}#extent")
        if self.facts.statistics.get("years"):
            w.add(iri, DCTERMS + "temporal", f"{self.iri}#period")

    def _entry(self, w: Writer, entry: Entry) -> None:
        iri = self.dataset(entry.name)
        self._about(w, iri, entry)
        if entry.graph:
            w.add(iri, DCAT + "hasCurrentVersion", entry.graph)
        if entry.source:
            w.add(iri, PROV + "wasDerivedFrom", entry.source)
        if entry.triples:
            w.typed(iri, VOID + "triples", str(entry.triples), "integer")
        if entry.name == EVERYTHING:
            self._whole(w, iri)
        else:
            w.add(iri, DCTERMS + "isPartOf", self.dataset(EVERYTHING))
        for file in entry.files:
            self._distribution(w, iri, entry, file)

    def _whole(self, w: Writer, iri: str) -> None:
        w.add(iri, RDF + "type", VOID + "Dataset")
        w.add(iri, VOID + "sparqlEndpoint", f"{self._base}sparql")
        w.add(iri, VOID + "uriSpace", ox.Literal(f"{self._base}id/"))
        w.add(iri, DCAT + "version", ox.Literal(self.facts.release_id))
        last = self.facts.releases[0].publication if self.facts.releases else None
        if last is not None:
            w.both(iri, _ADMS + "versionNotes", _notes(last.added, last.removed))
        w.add(iri, DCAT + "inSeries", self.dataset("releases"))
        for entry in self.facts.entries[1:]:
            w.add(iri, DCTERMS + "hasPart", self.dataset(entry.name))
            if entry.source:
                w.add(iri, PROV + "wasDerivedFrom", entry.source)
        self._series(w)

    def _series(self, w: Writer) -> None:
        iri = self.dataset("releases")
        w.add(iri, RDF + "type", DCAT + "DatasetSeries")
        w.both(iri, DCTERMS + "title", _SERIES[0])
        w.both(iri, DCTERMS + "description", _SERIES[1])
        w.add(iri, DCTERMS + "publisher", self._publisher)
        w.add(iri, DCAT + "contactPoint", f"{self.iri}#contact")
        w.add(iri, DCTERMS + "accrualPeriodicity", f"{_EU}frequency/IRREG")
        w.moment(iri, DCTERMS + "issued", self.facts.issued)
        w.moment(iri, DCTERMS + "modified", self.facts.modified)
        self._where_and_when(w, iri)

    def _distribution(
        self, w: Writer, dataset: str, entry: Entry, file: File, release: str = "latest"
    ) -> None:
        url = f"{self._base}dumps/{release}/{file.path}"
        distribution, checksum = f"{url}#distribution", f"{url}#checksum"
        coding = f" ({file.coding})" if file.coding else ""
        w.add(dataset, DCAT + "distribution", distribution)
        w.add(distribution, RDF + "type", DCAT + "Distribution")
        w.both(
            distribution,
            DCTERMS + "title",
            (
                f"{entry.title[0]} : {file.format.label}{coding}",
                f"{entry.title[1]}: {file.format.label}{coding}",
            ),
        )
        w.both(
            distribution,
            DCTERMS + "description",
            (
                f"{file.format.label}, avec sa somme de contrôle SHA-256.",
                f"{file.format.label}, with its SHA-256 checksum.",
            ),
        )
        w.add(distribution, DCAT + "accessURL", url)
        w.add(distribution, DCAT + "downloadURL", url)
        w.add(distribution, DCAT + "mediaType", _IANA + file.format.media_type)
        w.add(distribution, DCTERMS + "format", f"{_EU}file-type/{file.format.file_type}")
        if file.coding:
            w.add(distribution, DCAT + "compressFormat", _IANA + CODINGS[file.coding])
        w.add(distribution, DCTERMS + "license", LICENCE)
        w.add(distribution, DCTERMS + "rights", _RIGHTS)
        w.add(distribution, f"{DCTERMS}conformsTo", ONTOLOGY)
        for language in ("FRA", "ENG"):
            w.add(distribution, DCTERMS + "language", f"{_EU}language/{language}")
        w.add(distribution, _AVAILABILITY, _STABLE)
        w.moment(distribution, DCTERMS + "issued", entry.issued)
        w.moment(distribution, DCTERMS + "modified", entry.modified)
        w.typed(distribution, DCAT + "byteSize", str(file.size), "nonNegativeInteger")
        w.add(distribution, SPDX + "checksum", checksum)
        w.add(checksum, RDF + "type", SPDX + "Checksum")
        w.add(checksum, SPDX + "algorithm", SPDX + "checksumAlgorithm_sha256")
        w.typed(checksum, SPDX + "checksumValue", file.sha256, "hexBinary")

    def _service(self, w: Writer, end: str, description: str, title: Texts, about: Texts) -> None:
        iri = self._base + end
        self._resource(w, iri, "DataService", title, about)
        w.add(iri, DCTERMS + "identifier", ox.Literal(iri))
        w.moment(iri, DCTERMS + "issued", self.facts.issued)
        w.add(iri, DCAT + "endpointURL", iri)
        w.add(iri, DCAT + "endpointDescription", self._base + description)
        w.add(iri, DCTERMS + "conformsTo", _PROTOCOLS[end])
        w.add(iri, DCAT + "servesDataset", self.dataset(EVERYTHING))
        w.add(iri, DCAT + "contactPoint", f"{self.iri}#contact")
        w.add(iri, DCAT + "theme", f"{_EU}data-theme/ECON")
        w.add(iri, DCTERMS + "accessRights", _PUBLIC)
        w.add(iri, FOAF + "page", f"{self._base}queries" if end == "sparql" else iri)
        for keyword in KEYWORDS:
            w.keyword(iri, keyword)

    def _shared(self, w: Writer) -> None:
        """State what entries refer to: publisher, contact, theme, licence, place, time."""
        w.add(self._publisher, RDF + "type", FOAF + "Agent")
        w.both(self._publisher, FOAF + "name", ("Projet PTCE-LOD", "PTCE-LOD project"))
        contact = f"{self.iri}#contact"
        # DCAT-AP's shapes ask for the class itself, not for one below it.
        w.add(contact, RDF + "type", _VCARD + "Kind")
        w.add(contact, RDF + "type", _VCARD + "Organization")
        w.both(contact, _VCARD + "fn", ("Projet PTCE-LOD", "PTCE-LOD project"))
        is_mail = self._contact.startswith("mailto:")
        w.add(contact, _VCARD + ("hasEmail" if is_mail else "hasURL"), self._contact or self._base)
        theme = f"{_EU}data-theme/ECON"
        w.both(theme, SKOS + "prefLabel", ("Économie et finances", "Economy and finance"))
        w.add(theme, SKOS + "inScheme", f"{_EU}data-theme")
        name = ox.Literal("Licence Ouverte / Open Licence version 2.0")
        for iri in (LICENCE, _RIGHTS):
            w.add(iri, RDFS + "label", name)
            w.add(iri, DCTERMS + "title", name)
        w.add(LICENCE, DCTERMS + "type", _ATTRIBUTION)
        w.both(_ATTRIBUTION, SKOS + "prefLabel", ("Attribution", "Attribution"))
        w.both(_STABLE, SKOS + "prefLabel", ("Stable", "Stable"))
        w.add(_RIGHTS, DCTERMS + "identifier", ox.Literal("etalab-2.0"))
        self._place_and_time(w)

    def _place_and_time(self, w: Writer) -> None:
        extent, years = self.facts.statistics.get("extent"), self.facts.statistics.get("years")
        if extent:
            west, south, east, north = extent
            ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
            wkt = f"POLYGON(({', '.join(f'{x} {y}' for x, y in ring)}))"
            geo_json = json.dumps({"type": "Polygon", "coordinates": [ring]})
            iri = f"{self.iri}#extent"
            w.add(iri, RDF + "type", DCTERMS + "Location")
            centre = f"POINT({round((west + east) / 2, 4)} {round((south + north) / 2, 4)})"
            for predicate, datatype, text in (
                (DCAT + "bbox", "wktLiteral", wkt),
                (DCAT + "centroid", "wktLiteral", centre),
                (_LOCN + "geometry", "geoJSONLiteral", geo_json),
            ):
                w.add(iri, predicate, ox.Literal(text, datatype=ox.NamedNode(_GEO + datatype)))
        if years:
            iri = f"{self.iri}#period"
            w.add(iri, RDF + "type", DCTERMS + "PeriodOfTime")
            w.typed(iri, DCAT + "startDate", f"{years[0]:04}-01-01", "date")
            w.typed(iri, DCAT + "endDate", f"{years[1]:04}-12-31", "date")


def _notes(added: int, removed: int) -> Texts:
    if not added and not removed:
        return ("Construite à partir des sources.", "Built from the sources.")
    return (f"{added} quads ajoutés, {removed} retirés.", f"{added} quads added, {removed} removed.")
