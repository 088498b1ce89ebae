"""Statements in the order in which they are made, and the class of every node of an outside vocabulary.

Source: DCAT-AP 3.0.1, ranges of its properties.
"""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

from ptce_lod.namespaces import DCAT, DCTERMS, FOAF, RDF, SKOS, SPDX, XSD
from ptce_lod.release.datasets import Texts

LICENCE: Final = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
RIGHTS: Final = "https://spdx.org/licenses/etalab-2.0.html"
EU: Final = "http://publications.europa.eu/resource/authority/"
IANA: Final = "https://www.iana.org/assignments/media-types/"
VCARD: Final = "http://www.w3.org/2006/vcard/ns#"
LOCN: Final = "http://www.w3.org/ns/locn#"
ADMS: Final = "http://www.w3.org/ns/adms#"
GEO: Final = "http://www.opengis.net/ont/geosparql#"
AVAILABILITY: Final = "http://data.europa.eu/r5r/availability"
STABLE: Final = f"{EU}planned-availability/STABLE"
ATTRIBUTION: Final = "http://purl.org/adms/licencetype/Attribution"
PUBLIC: Final = f"{EU}access-right/PUBLIC"

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
    AVAILABILITY: SKOS + "Concept",
    SPDX + "algorithm": SPDX + "ChecksumAlgorithm",
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
