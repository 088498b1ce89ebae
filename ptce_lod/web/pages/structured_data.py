"""schema.org in the pages, as JSON-LD: what search engines read. Source: schema.org; JSON-LD 1.1 section 7 (data blocks in HTML)."""

from __future__ import annotations

import json
from typing import Any, Final

from ptce_lod import namespaces as ns
from ptce_lod.licences import DATA
from ptce_lod.settings import Settings
from ptce_lod.web.links import licence_of
from ptce_lod.web.pages.i18n import translator
from ptce_lod.web.pages.reading import Reader

#: Class → schema.org type; the first that fits.
_TYPES: Final = (
    (ns.PTCE + "Pole", "Organization"),
    (ns.PTCE + "Initiative", "Organization"),
    (ns.ORG + "Organization", "Organization"),
    (ns.PTCE + "Event", "Event"),
    (ns.IGEO + "Commune", "City"),
    (ns.IGEO + "Departement", "AdministrativeArea"),
    (ns.IGEO + "Region", "AdministrativeArea"),
    (ns.PTCE + "Territory", "Place"),
    (ns.SKOS + "ConceptScheme", "DefinedTermSet"),
    (ns.OWL + "Ontology", "DefinedTermSet"),
    (ns.SKOS + "Concept", "DefinedTerm"),
    (ns.PTCE + "Project", "Project"),
    (ns.PTCE + "Claim", "Claim"),
    (ns.VOID + "Dataset", "Dataset"),
    (ns.DCAT + "Catalog", "DataCatalog"),
    (ns.FOAF + "Document", "CreativeWork"),
)


def script_text(document: dict[str, Any]) -> str:
    """Return JSON that cannot end the script element it stands in, whatever its texts are."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def structured_data(reader: Reader) -> str:
    """Return the thing as schema.org, ready to print into a data block."""
    return script_text(schema_document(reader))


def schema_document(reader: Reader) -> dict[str, Any]:
    """Return the thing as a JSON-LD document in schema.org."""
    iri = reader.iri
    classes = reader.description.types(iri)
    type_ = next((name for class_, name in _TYPES if class_ in classes), "Thing")
    document: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@id": iri,
        "@type": type_,
        "name": reader.label(iri).value,
        "url": reader.settings.addresses.document(iri) or iri,
    }
    if (
        description := reader.text(iri, ns.DCTERMS + "description")
        or reader.text(iri, ns.SKOS + "definition")
    ) is not None:
        document["description"] = description.value
    names = [text.value for text in reader.texts(iri, ns.SKOS + "altLabel")]
    if names:
        document["alternateName"] = names
    if type_ == "Organization":
        _organization(reader, document)
    if type_ == "Event":
        _event(reader, document)
    if type_ in ("Dataset", "DefinedTermSet"):
        document["license"] = licence_of(iri, reader.settings.addresses).iri
    if type_ == "Dataset":
        document.setdefault("description", document["name"])
    return document


def _organization(reader: Reader, document: dict[str, Any]) -> None:
    iri = reader.iri
    territories = reader.iris(iri, ns.PTCE + "territory")
    places = [unit for t in territories for unit in reader.iris(t, ns.PTCE + "coversUnit")] or reader.iris(
        iri, ns.SCHEMA + "location"
    )
    if places:
        document["location"] = [
            {"@type": "Place", "@id": place, "name": reader.label(place).value} for place in places
        ]
    members = reader.iris(iri, ns.ORG + "hasMember")
    if members:
        document["member"] = [
            {"@type": "Organization", "@id": m, "name": reader.label(m).value} for m in members
        ]
    pages = reader.iris(iri, ns.FOAF + "homepage") + reader.iris(iri, ns.FOAF + "page")
    if pages:
        document["sameAs"] = pages


def _event(reader: Reader, document: dict[str, Any]) -> None:
    iri = reader.iri
    if start := reader.date(iri, ns.PTCE + "startDate"):
        document["startDate"] = start
    if place := reader.iri_of(iri, ns.SCHEMA + "location"):
        document["location"] = {"@type": "Place", "@id": place, "name": reader.label(place).value}
    organizers = reader.iris(iri, ns.SCHEMA + "organizer")
    if organizers:
        document["organizer"] = [
            {"@type": "Organization", "@id": o, "name": reader.label(o).value} for o in organizers
        ]


def home_data(settings: Settings, language: str) -> str:
    """Return the site as a schema.org Dataset in a DataCatalog."""
    _ = translator(language)
    base = settings.base_iri
    return script_text(
        {
            "@context": "https://schema.org/",
            "@type": "Dataset",
            "@id": f"{base}dataset/all",
            "name": _("Linked open data on French PTCE"),
            "description": _(
                "A pôle territorial de coopération économique (PTCE) brings together enterprises of the social economy, companies, "
                "local authorities, researchers and trainers of one territory who pool means and cooperate. Here are the facts about "
                "them, each with its sources: to read, to query, to download."
            ),
            "url": base,
            "license": DATA.iri,
            "isAccessibleForFree": True,
            "creator": {"@type": "Organization", "name": "PTCE-LOD project"},
            "includedInDataCatalog": {"@type": "DataCatalog", "@id": f"{base}catalog"},
            "distribution": [
                {
                    "@type": "DataDownload",
                    "encodingFormat": "application/trig",
                    "contentUrl": f"{base}dumps/latest/all.trig",
                },
                {
                    "@type": "DataDownload",
                    "encodingFormat": "application/n-quads",
                    "contentUrl": f"{base}dumps/latest/all.nq",
                },
            ],
        }
    )
