"""What the server offers to programs, as ``dcat:DataService`` (DCAT 3, section 6.9)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import pyoxigraph as ox

from ptce_lod.namespaces import DCAT, DCTERMS, FOAF
from ptce_lod.release.catalog.shared import contact_iri, state_resource
from ptce_lod.release.catalog.writer import EU, PUBLIC, Writer
from ptce_lod.release.datasets import KEYWORDS, Texts

#: End of the address, what describes it, title, description.
SERVICES: Final[tuple[tuple[str, str, Texts, Texts], ...]] = (
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
        "feed",
        "feed",
        ("Flux des changements des données sur les PTCE", "Stream of changes of the data on PTCE"),
        (
            "Linked Data Event Stream : chaque version de chaque chose publiée ; qui le suit tient les données à jour.",
            "Linked Data Event Stream: every version of everything published; who follows it keeps the data current.",
        ),
    ),
    (
        "catalog/feed",
        "catalog/feed",
        ("Flux des changements de ce catalogue", "Stream of changes of this catalogue"),
        (
            "DCAT-AP Feeds : chaque version du catalogue, de ses jeux de données et services ; qui le suit tient le catalogue à jour.",
            "DCAT-AP Feeds: every version of the catalogue, its datasets and services; who follows it keeps the catalogue current.",
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
    (
        "api",
        "openapi.json",
        ("Tables sur les PTCE pour les programmes", "Tables on PTCE for programs"),
        (
            "Lignes aux clés stables, page par page, avec filtres, en JSON (JSON-LD), CSV et GeoJSON ; décrites en OpenAPI.",
            "Rows with stable keys, page by page, with filters, as JSON (JSON-LD), CSV and GeoJSON; described in OpenAPI.",
        ),
    ),
    (
        "reconcile",
        "reconcile.json",
        ("Rapprochement avec les PTCE", "Reconciliation with PTCE"),
        (
            "Service de réconciliation pour OpenRefine : les noms et identifiants d'un tableau trouvent pôles, acteurs, lieux et concepts.",
            "Reconciliation service for OpenRefine: names and identifiers of a table find poles, actors, places and concepts.",
        ),
    ),
)


#: End of a service's address → the specification of its protocol.
_PROTOCOLS: Final = {
    "sparql": "https://www.w3.org/TR/sparql11-protocol/",
    "fragments": "https://linkeddatafragments.org/specification/triple-pattern-fragments/",
    "doc/": "https://www.rfc-editor.org/rfc/rfc9110#section-12",
    "feed": "https://w3id.org/ldes/specification",
    "catalog/feed": "https://semiceu.github.io/LDES-DCAT-AP-feeds/",
    "search": "https://github.com/dewitt/opensearch",
    "api": "https://spec.openapis.org/oas/v3.1.1",
    "reconcile": "https://reconciliation-api.github.io/specs/0.2/",
}
#: Where people read about a service that has another page than its own address.
_PAGES: Final = {"sparql": "queries", "doc/": "api"}


def state_services(
    w: Writer, base: str, publisher: str, issued: str, dataset: str, only: Collection[str] | None = None
) -> None:
    """State every service, or those whose addresses end as ``only`` says; ``dataset`` is the IRI of what they serve."""
    for end, description, title, about in SERVICES:
        if only is not None and end not in only:
            continue
        iri = base + end
        state_resource(w, iri, "DataService", publisher, title, about)
        w.add(iri, DCTERMS + "identifier", ox.Literal(iri))
        w.moment(iri, DCTERMS + "issued", issued)
        w.add(iri, DCAT + "endpointURL", iri)
        w.add(iri, DCAT + "endpointDescription", base + description)
        w.add(iri, DCTERMS + "conformsTo", _PROTOCOLS[end])
        w.add(iri, DCAT + "servesDataset", dataset)
        w.add(iri, DCAT + "contactPoint", contact_iri(base))
        w.add(iri, DCAT + "theme", f"{EU}data-theme/ECON")
        w.add(iri, DCTERMS + "accessRights", PUBLIC)
        w.add(iri, FOAF + "page", base + _PAGES.get(end, end))
        for keyword in KEYWORDS:
            w.keyword(iri, keyword)
