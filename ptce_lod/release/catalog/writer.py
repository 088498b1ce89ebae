"""Statements in the order in which they are made, and the class of every node of an outside vocabulary.

Source: DCAT-AP 3.0.1, ranges of its properties.
"""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

from ptce_lod.namespaces import DCAT, DCTERMS, FOAF, RDF, SKOS, SPDX, XSD
from ptce_lod.release.datasets import Texts

EU: Final = "http://publications.europa.eu/resource/authority/"
IANA: Final = "https://www.iana.org/assignments/media-types/"
VCARD: Final = "http://www.w3.org/2006/vcard/ns#"
LOCN: Final = "http://www.w3.org/ns/locn#"
ADMS: Final = "http://www.w3.org/ns/adms#"
GEO: Final = "http://www.opengis.net/ont/geosparql#"
AVAILABILITY: Final = "http://data.europa.eu/r5r/availability"
STABLE: Final = f"{EU}planned-availability/STABLE"
ATTRIBUTION: Final = "http://purl.org/adms/licencetype/Attribution"
PUBLISHER_TYPE: Final = "http://purl.org/adms/publishertype/"
#: Where a value of ADMS lies → its list.
ADMS_SCHEMES: Final = {
    f"http://purl.org/adms/{name}": f"http://purl.org/adms/{name}/1.0"
    for name in ("licencetype", "publishertype")
}
PUBLIC: Final = f"{EU}access-right/PUBLIC"

#: Property → class of its values (DCAT-AP 3.0.1, ranges), stated where a validator has not loaded the other vocabulary.
_RANGES: Final = {
    DCTERMS + "license": DCTERMS + "LicenseDocument",
    DCTERMS + "rights": DCTERMS + "RightsStatement",
    DCTERMS + "accessRights": DCTERMS + "RightsStatement",
    DCTERMS + "language": DCTERMS + "LinguisticSystem",
    DCTERMS + "accrualPeriodicity": DCTERMS + "Frequency",
    DCTERMS + "spatial": DCTERMS + "Location",
    DCTERMS + "temporal": DCTERMS + "PeriodOfTime",
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
        self._typed: dict[tuple[str, str], None] = {}
        self._nodes: dict[str, ox.NamedNode] = {}

    def add(self, subject: str, predicate: str, object_: str | ox.Literal) -> None:
        """State one triple; a text is an IRI."""
        if isinstance(object_, ox.Literal):
            node: ox.NamedNode | ox.Literal = object_
        else:
            node = self._node(object_)
            if (class_ := _RANGES.get(predicate)) is not None:
                self._typed[object_, class_] = None
        # Without its fourth argument a quad is in the default graph, too, and made in a tenth of the time.
        self.quads.append(ox.Quad(self._node(subject), self._node(predicate), node))

    def has_value(self, iri: str, class_: str) -> bool:
        """Say whether ``iri`` was stated as a value whose class is ``class_``."""
        return (iri, class_) in self._typed

    def _node(self, iri: str) -> ox.NamedNode:
        """Return the node of an IRI, made once: most are written many times."""
        node = self._nodes.get(iri)
        if node is None:
            node = self._nodes[iri] = ox.NamedNode(iri)
        return node

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
        """State the class of every node of an outside vocabulary, and the list that it is of."""
        for iri, class_ in self._typed:
            self.add(iri, RDF + "type", class_)
        for iri in dict.fromkeys(iri for iri, _ in self._typed):
            scheme = _scheme(iri)
            if scheme:
                self.add(iri, SKOS + "inScheme", scheme)


def _scheme(iri: str) -> str:
    """Return the list that a value is of, "" for what is of none: the lists of the EU's authority, and those of ADMS."""
    if iri.startswith(EU):
        return iri.rpartition("/")[0] if "/" in iri[len(EU) :] else ""
    return ADMS_SCHEMES.get(iri.rpartition("/")[0], "")
