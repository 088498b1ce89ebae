"""A project of one source that conforms to the shapes: builds, validates and publishes in a second."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ptce_lod import pipeline
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.release.publish import locked, publish
from ptce_lod.settings import Settings
from tests.conftest import PROJECT, project_settings

FACTS = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ptce: <https://w3id.org/ptce/ns#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix igeo: <http://rdf.insee.fr/def/geo#> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<unit/commune-26281> a igeo:Commune , dcterms:Location ; skos:prefLabel "Romans-sur-Isère"@fr ; igeo:codeINSEE "26281"^^xsd:token ;
  geo:hasDefaultGeometry <unit/commune-26281#point> .
<unit/commune-26281#point> a geo:Geometry ; geo:asWKT "POINT(5.0500 45.0400)"^^geo:wktLiteral .
<territory/un> a ptce:Territory , dcterms:Location ; skos:prefLabel "Pays de l'Un"@fr ; ptce:coversUnit <unit/commune-26281> .
<agent/project> a foaf:Organization ; foaf:name "Essai"@fr .
<pole/un> a ptce:Pole ; skos:prefLabel "Pôle Un"@fr ; ptce:territory <territory/un> ; dcterms:source <source/tiny> .
<pole/deux> a ptce:Pole ; skos:prefLabel "Pôle Deux"@fr ; dcterms:source <source/tiny> .
"""
ABOUT = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix pav: <http://purl.org/pav/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix ptce: <https://w3id.org/ptce/ns#> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<> a ptce:Source ; dcterms:title "Essai"@fr , "Trial"@en ; dcterms:description "Pour les tests."@fr , "For tests."@en ;
  pav:retrievedOn "2026-11-22T00:00:00Z"^^xsd:dateTime ; pav:retrievedFrom <https://example.org/tiny> ;
  prov:wasAttributedTo <../agent/project> ; dcterms:publisher <../agent/project> ;
  dcterms:provenance <#provenance> ;
  dcterms:language <http://publications.europa.eu/resource/authority/language/FRA> ;
  dcterms:license <https://www.etalab.gouv.fr/licence-ouverte-open-licence/> ; spdx:checksum <#checksum> .
<#provenance> a dcterms:ProvenanceStatement ; dcterms:description "Inventé."@fr , "Invented."@en .
<#checksum> a spdx:Checksum ; spdx:algorithm spdx:checksumAlgorithm_sha256 ; spdx:checksumValue "CHECKSUM"^^xsd:hexBinary .
"""


def tiny_settings(folder: Path, **changes: object) -> Settings:
    """Write the source below ``folder``; return settings that build it into ``folder/var``."""
    source = folder / "sources" / "tiny"
    source.mkdir(parents=True, exist_ok=True)
    (source / "facts.ttl").write_text(FACTS, encoding="utf-8")
    digest = hashlib.sha256(FACTS.encode()).hexdigest()
    (source / "source.ttl").write_text(ABOUT.replace("CHECKSUM", digest), encoding="utf-8")
    return project_settings(folder / "var", data_dir=folder / "sources", **changes)


def publish_tiny(settings: Settings) -> ReleaseLayout:
    """Build, validate and publish the tiny project; return its release."""
    result = pipeline.build(settings)
    var = VarLayout(settings.var_dir)
    with locked(var):
        publish(var, result.layout.release_id)
    return result.layout


__all__ = ["PROJECT", "publish_tiny", "tiny_settings"]
