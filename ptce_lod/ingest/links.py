"""Tables of decisions as sources: each becomes a named graph of links, with who decided, when, how and how surely.

A link is a triple of our thing (``ptce_lod.link_policy``) and an ``owl:Axiom`` about it with the slots of SSSOM, as that standard writes
mappings in RDF. Of a page it belongs to the page's own record, else to the table. Source: SSSOM 1.0, "RDF/XML" and "OWL axioms".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ptce_lod import formats
from ptce_lod.decisions import BY_SCORE, Decision, raise_conflicts, read_lines, tables
from ptce_lod.ingest.source import Source, file_sha256
from ptce_lod.iris import AddressSpace, source_slug
from ptce_lod.licences import DATA
from ptce_lod.link_policy import PAGES, PRIMARY_TOPIC, RELATIONS
from ptce_lod.namespaces import CONCEPT, DCTERMS, FOAF, OWL, RDF, RDFS, SCHEMA, SEMAPV, SSSOM, XSD
from ptce_lod.parse import read_rdf
from ptce_lod.terms import QuadLine, iri_term, literal_term, quad_line

_ABOUT: Final = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix pav: <http://purl.org/pav/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix ptce: <https://w3id.org/ptce/ns#> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<> a ptce:Source ;
    dcterms:title "Liens : {name}"@fr , "Links: {name}"@en ;
    dcterms:description "Liens entre nos choses et ce qu'une autre source en dit, chacun décidé par quelqu'un ou par un score."@fr ,
        "Links between our things and what another source says of them, each decided by somebody or by a score."@en ;
    dcterms:provenance <#provenance> ;
    pav:retrievedFrom <../../doc/source/{id}> ;
    pav:retrievedOn "{date}T00:00:00Z"^^xsd:dateTime ;
    prov:wasAttributedTo <../agent/project> ;
    dcterms:publisher <../agent/project> ;
    dcterms:license <{licence}> ;
    spdx:checksum <#checksum> .

<#provenance> a dcterms:ProvenanceStatement ;
    dcterms:description "Décisions du projet sur des paires proposées par comparaison des noms, lieux, sites et identifiants."@fr ,
        "Decisions of the project on pairs proposed by comparing names, places, sites and identifiers."@en .

<#checksum> a spdx:Checksum ;
    spdx:algorithm spdx:checksumAlgorithm_sha256 ;
    spdx:checksumValue "{sha256}"^^xsd:hexBinary .
"""


@dataclass(frozen=True)
class LinkTable(Source):
    """A table of decisions that has been read, and the links it publishes."""

    links: tuple[Decision, ...] = ()


def collect(folder: Path, addresses: AddressSpace) -> list[LinkTable]:
    """Read every table of ``folder`` that publishes a link, none when there is no such folder.

    :class:`~ptce_lod.errors.SourceError` for what is wrong in them, and for links that contradict each other, with file and line.
    """
    rows = {path: read_lines(path) for path in tables(folder).values()}
    raise_conflicts(rows)
    opened = []
    for path, found in rows.items():
        links = tuple(decision for _, decision in found if decision.is_published)
        if links:
            opened.append(_table(path, links, addresses))
    return opened


def _table(path: Path, links: tuple[Decision, ...], addresses: AddressSpace) -> LinkTable:
    source_id = f"links-{path.stem}"
    date, checksum = max(decision.when for decision in links), file_sha256(path)
    iri = addresses.thing("source", source_id)
    turtle = _ABOUT.format(name=path.stem, id=source_id, date=date, licence=DATA.iri, sha256=checksum)
    about = read_rdf(turtle.encode(), formats.TURTLE, path=str(path), base_iri=iri)
    graph = addresses.graph(source_id, date)
    return LinkTable(
        source_id, path.parent, path, date, iri, graph, checksum, tuple(about.quads), links=links
    )


def quads(table: LinkTable, addresses: AddressSpace) -> Iterator[QuadLine]:
    """Yield the links of a table and what is known of each."""
    for decision in table.links:
        lines = dict.fromkeys(_link(decision, table, addresses))
        yield from (quad_line(*line, iri_term(table.graph_name)) for line in lines)


def _link(decision: Decision, table: LinkTable, addresses: AddressSpace) -> Iterator[tuple[str, str, str]]:
    type_, _, slug = decision.thing.partition("/")
    thing = iri_term(CONCEPT + slug if type_ == "concept" else addresses.thing(type_, slug))
    property_, target = iri_term(RELATIONS[decision.relation]), iri_term(decision.target)
    yield thing, property_, target
    name = hashlib.sha256(f"{decision.relation} {decision.thing} {decision.target}".encode()).hexdigest()[:10]
    if decision.relation in PAGES:
        record = addresses.thing("source", source_slug(decision.target))
        yield from _record(decision, iri_term(record), thing)
        node = iri_term(f"{record}#link-{name}")
        yield iri_term(record), iri_term(DCTERMS + "provenance"), node
    else:
        node = iri_term(f"{table.iri}#link-{name}")
        yield iri_term(table.iri), iri_term(DCTERMS + "hasPart"), node
    yield node, iri_term(OWL + "annotatedSource"), thing
    yield node, iri_term(OWL + "annotatedProperty"), property_
    yield node, iri_term(OWL + "annotatedTarget"), target
    yield from ((node, iri_term(predicate), value) for predicate, value in _provenance(decision, table))


def _record(decision: Decision, record: str, thing: str) -> Iterator[tuple[str, str, str]]:
    """Yield what a page's own record says: what it is, and what it is about."""
    yield record, iri_term(RDF + "type"), iri_term(FOAF + "Document")
    yield record, iri_term(DCTERMS + "title"), literal_term(decision.name, language=decision.language)
    yield record, iri_term(SCHEMA + "url"), iri_term(decision.target)
    about = FOAF + "primaryTopic" if decision.relation == PRIMARY_TOPIC else SCHEMA + "about"
    yield record, iri_term(about), thing


def _provenance(decision: Decision, table: LinkTable) -> Iterator[tuple[str, str]]:
    is_by_score = decision.how == BY_SCORE
    justification = SEMAPV + ("LexicalMatching" if is_by_score else "ManualMappingCuration")
    yield RDF + "type", iri_term(OWL + "Axiom")
    yield SSSOM + "mapping_justification", iri_term(justification)
    yield SSSOM + ("author_label" if is_by_score else "reviewer_label"), literal_term(decision.who)
    yield SSSOM + "mapping_date", literal_term(decision.when, datatype=XSD + "date")
    confidence = f"{float(decision.score) / 100:g}"
    yield SSSOM + "confidence", literal_term(confidence, datatype=XSD + "decimal")
    yield DCTERMS + "source", iri_term(table.iri)
    if decision.reasons:
        yield RDFS + "comment", literal_term(decision.reasons)
