"""Every prefix of the project, once. Imports nothing of ours.

A deployment adds its own prefixes (``pole:``, ``graph:`` …) under its ``base_iri``: ``iris.AddressSpace.prefixes``.
"""

from __future__ import annotations

from typing import Final

PTCE: Final = "https://w3id.org/ptce/ns#"
ONTOLOGY: Final = "https://w3id.org/ptce/ns"
SCHEME: Final = "https://w3id.org/ptce/scheme/"
CONCEPT: Final = "https://w3id.org/ptce/concept/"
ALIGNMENTS: Final = "https://w3id.org/ptce/alignments"
SHAPES: Final = "https://w3id.org/ptce/shapes#"
SHAPES_DOCUMENT: Final = "https://w3id.org/ptce/shapes"
DATATYPE: Final = "https://w3id.org/ptce/datatype/"
FUNCTION: Final = "https://w3id.org/ptce/function#"

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
ORG: Final = "http://www.w3.org/ns/org#"
PROV: Final = "http://www.w3.org/ns/prov#"
DCTERMS: Final = "http://purl.org/dc/terms/"
FOAF: Final = "http://xmlns.com/foaf/0.1/"
SCHEMA: Final = "https://schema.org/"
SOSA: Final = "http://www.w3.org/ns/sosa/"
GEO: Final = "http://www.opengis.net/ont/geosparql#"
IGEO: Final = "http://rdf.insee.fr/def/geo#"
OA: Final = "http://www.w3.org/ns/oa#"
PAV: Final = "http://purl.org/pav/"
SPDX: Final = "http://spdx.org/rdf/terms#"
DCAT: Final = "http://www.w3.org/ns/dcat#"
VOID: Final = "http://rdfs.org/ns/void#"
SH: Final = "http://www.w3.org/ns/shacl#"
LEGAL: Final = "http://www.w3.org/ns/legal#"
SSSOM: Final = "https://w3id.org/sssom/"
SEMAPV: Final = "https://w3id.org/semapv/vocab/"
SPEX: Final = "https://purl.expasy.org/sparql-examples/ontology#"

FIXED_PREFIXES: Final[dict[str, str]] = {
    "ptce": PTCE,
    "ptcesh": SHAPES,
    "ptcef": FUNCTION,
    "rdf": RDF,
    "rdfs": RDFS,
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "xsd": XSD,
    "owl": OWL,
    "skos": SKOS,
    "org": ORG,
    "prov": PROV,
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "schema": SCHEMA,
    "sosa": SOSA,
    "geof": "http://www.opengis.net/def/function/geosparql/",
    "geo": GEO,
    "igeo": IGEO,
    "legal": LEGAL,
    "oa": OA,
    "pav": PAV,
    "spdx": SPDX,
    "dcat": DCAT,
    "void": VOID,
    "sh": SH,
    "spex": SPEX,
    "sssom": SSSOM,
    "semapv": SEMAPV,
    "vann": "http://purl.org/vocab/vann/",
    "voaf": "http://purl.org/vocommons/voaf#",
    "vs": "http://www.w3.org/2003/06/sw-vocab-status/ns#",
    "bibo": "http://purl.org/ontology/bibo/",
    "adms": "http://www.w3.org/ns/adms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "time": "http://www.w3.org/2006/time#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    # One prefix per scheme: a prefixed name cannot hold a bare "/".
    "scheme": SCHEME,
    "actortype": CONCEPT + "actor-type/",
    "activity": CONCEPT + "activity/",
    "calltype": CONCEPT + "call-type/",
    "ckind": CONCEPT + "claim-kind/",
    "cstatus": CONCEPT + "claim-status/",
    "circle": CONCEPT + "circle/",
    "coop": CONCEPT + "cooperation-type/",
    "doctype": CONCEPT + "document-type/",
    "evtype": CONCEPT + "event-type/",
    "grouping": CONCEPT + "grouping-type/",
    "ind": CONCEPT + "indicator/",
    "need": CONCEPT + "need/",
    "outcome": CONCEPT + "outcome/",
    "prec": CONCEPT + "precision/",
    "projtype": CONCEPT + "project-type/",
    "rectype": CONCEPT + "recognition-type/",
    "restype": CONCEPT + "resource-type/",
    "role": CONCEPT + "role/",
    "scopev": CONCEPT + "scope/",
    "sector": CONCEPT + "sector/",
    "stage": CONCEPT + "stage/",
    "trait": CONCEPT + "trait/",
    "unit": CONCEPT + "unit/",
    "governance": CONCEPT + "governance-mode/",
    "ident": DATATYPE,
}


def expand(name: str) -> str | None:
    """Return the IRI of a prefixed name such as ``skos:prefLabel``, or None when its prefix is not ours."""
    prefix, colon, local = name.partition(":")
    namespace = FIXED_PREFIXES.get(prefix)
    return namespace + local if colon and namespace is not None else None
