"""A small real release, written by the release room: enough of every kind of thing to describe, list, search and query."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from ptce_lod.iris import AddressSpace
from ptce_lod.release.build import Candidate, Meta, Report
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.release.publish import publish
from ptce_lod.terms import QuadLine

BASE = "http://127.0.0.1:8000/"
_PREFIXES = "\n".join(
    f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in AddressSpace(BASE).prefixes().items()
)
DATA = """
<https://w3id.org/ptce/ns> a owl:Ontology ; owl:versionIRI <https://w3id.org/ptce/ns/0.1.0> ; dcterms:title "PTCE"@fr .
ptce:Pole a owl:Class ; rdfs:label "pôle"@fr , "pole"@en ; rdfs:isDefinedBy <https://w3id.org/ptce/ns> .
@@vocabulary
<https://w3id.org/ptce/scheme/stage> a skos:ConceptScheme ; skos:prefLabel "étapes"@fr , "stages"@en .
stage:emerging a skos:Concept ; skos:inScheme <https://w3id.org/ptce/scheme/stage> ; skos:prefLabel "en émergence"@fr , "emerging"@en .
role:member a skos:Concept ; skos:prefLabel "membre"@fr , "member"@en .
@@schemes
ptcesh:PoleShape a sh:NodeShape ; sh:targetClass ptce:Pole .
@@shapes
poleid:archer a ptce:Pole ; skos:prefLabel "Pôle Sud Archer"@fr ; dcterms:source sourceid:page ;
  ptce:territory territoryid:archer ; ptce:hasStagePeriod stageperiodid:archer-1 .
poleid:ecrins a ptce:Pole ; skos:prefLabel "Pôle des Écrins"@fr ; dcterms:source sourceid:page .
poleid:old a ptce:Pole ; skos:prefLabel "Ancien"@fr ; owl:deprecated true .
poleid:renamed a ptce:Pole ; skos:prefLabel "Renommé"@fr ; owl:deprecated true ; dcterms:isReplacedBy poleid:archer .
territoryid:archer a ptce:Territory ; skos:prefLabel "Territoire d'Archer"@fr ; ptce:coversUnit unitid:commune-romans .
unitid:commune-romans a igeo:Commune , dcterms:Location ; skos:prefLabel "Romans-sur-Isère"@fr ;
  geo:hasDefaultGeometry <http://127.0.0.1:8000/id/unit/commune-romans#point> .
<http://127.0.0.1:8000/id/unit/commune-romans#point> a geo:Geometry ; geo:asWKT "POINT(5.05 45.04)"^^geo:wktLiteral .
stageperiodid:archer-1 a ptce:StagePeriod ; ptce:stage stage:emerging ; ptce:referencePeriod "2014"^^xsd:gYear .
actorid:acme a org:Organization ; foaf:name "ACME <script>alert(1)</script>" .
participationid:archer-acme a ptce:Participation ; org:organization poleid:archer ; org:member actorid:acme ; org:role role:member ;
  dcterms:source sourceid:page .
claimid:one a ptce:Claim ; ptce:claimSubject poleid:archer ; ptce:evidence evidenceid:one .
evidenceid:one a oa:SpecificResource ; oa:hasSource sourceid:page ; oa:hasSelector <http://127.0.0.1:8000/id/evidence/one#selector> .
<http://127.0.0.1:8000/id/evidence/one#selector> a oa:TextPositionSelector ; oa:start 1 ; oa:end 5 .
cooperationid:shared a ptce:Cooperation ; skos:prefLabel "Locaux partagés"@fr ; ptce:party poleid:archer , actorid:acme .
eventid:day a ptce:Event ; skos:prefLabel "Journée"@fr ; ptce:relatesTo poleid:archer .
@@facts
sourceid:page a foaf:Document ; dcterms:title "Une page" ;
  schema:url <https://example.org/page> ;
  dcterms:issued "2014-05"^^xsd:gYearMonth .
@@pages
queryid:poles a sh:SPARQLExecutable , sh:SPARQLSelectExecutable ; rdfs:label "Les pôles"@fr , "The poles"@en ;
  rdfs:comment "Tous."@fr , "All of them."@en ; schema:keywords "pôle"@fr , "pole"@en ;
  sh:select "PREFIX ptce: <https://w3id.org/ptce/ns#>\\nSELECT ?pole WHERE { ?pole a ptce:Pole }" ;
  sh:prefixes <http://127.0.0.1:8000/queries#prefixes> .
queryid:first a sh:SPARQLExecutable , sh:SPARQLAskExecutable ; rdfs:label "D'abord"@fr , "First"@en ; sh:ask "ASK {}" ; sh:order 1 .
<http://127.0.0.1:8000/queries#prefixes> sh:declare <http://127.0.0.1:8000/queries#prefix-ptce> .
<http://127.0.0.1:8000/queries#prefix-ptce> a sh:PrefixDeclaration ; sh:prefix "ptce" .
@@queries
graphid:x prov:wasDerivedFrom sourceid:page ; dcterms:title "Faits"@fr .
@@catalog
"""


def lines(extra: str = "") -> list[QuadLine]:
    """Return the quads of the small release; ``extra`` is Turtle of one more graph, ``more``."""
    found: list[QuadLine] = []
    parts = [(extra, "more")] if extra else []
    turtle = ""
    for line in DATA.splitlines():
        if line.startswith("@@"):
            parts.append((turtle, line[2:]))
            turtle = ""
        else:
            turtle += line + "\n"
    for text, name in parts:
        version = "0.1.0" if name in ("vocabulary", "schemes", "shapes") else "2026-11-22"
        graph = f"<{BASE}graph/{name}/{version}>"
        text = text.replace("graphid:x", f"<{BASE}graph/facts/2026-11-22>")
        for quad in ox.parse(f"{_PREFIXES}\n{text}", format=ox.RdfFormat.TURTLE):
            found.append(QuadLine(f"{quad.triple} {graph} ."))
    return found


def _replaced(text: str, replacing: tuple[str, str]) -> str:
    return text.replace(*replacing) if replacing[0] else text


def build_small_release(
    var_dir: Path,
    *,
    base_iri: str = BASE,
    extra: str = "",
    quads: Iterable[str] = (),
    replacing: tuple[str, str] = ("", ""),
) -> ReleaseLayout:
    """Write and publish the small release below ``var_dir``; its IRIs start with ``base_iri``.

    ``extra`` is Turtle for the graph of facts, ``quads`` are lines of N-Quads in any graph; ``replacing`` is a text in lines and
    what stands for it, such as the date of a snapshot.
    """
    var = VarLayout(var_dir)
    var.path.mkdir(parents=True, exist_ok=True)
    with Candidate(var, AddressSpace(base_iri)) as candidate:
        candidate.extend(
            QuadLine(_replaced(line, replacing).replace(BASE, base_iri)) for line in lines(extra)
        )
        candidate.extend(map(QuadLine, quads))
        candidate.sort()
        facts = _replaced(f"<{BASE}graph/facts/2026-11-22>", replacing)[1:-1].replace(BASE, base_iri)
        meta = Meta("2026-11-22", "0.1.0", (), {facts: {"fr": "Faits", "en": "Facts"}})
        report = Report(b"", "<!DOCTYPE html><title>Rapport</title>", {"violations": 0})
        layout, _ = candidate.finish(meta, report)
    publish(var, layout.release_id)
    return layout
