"""What every document page has around its view: title, kind, address, formats, sources, all statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from ptce_lod import formats
from ptce_lod import namespaces as ns
from ptce_lod.web.pages.i18n import translator
from ptce_lod.web.pages.reading import Footnote, Reader, Ref, Text, shortened
from ptce_lod.web.pages.text import path_of

#: Statements shown on a page; the RDF holds them all.
_STATEMENTS: Final = 600

KINDS: Final[dict[str, str]] = {
    ns.PTCE + "Pole": "Pole",
    ns.PTCE + "Initiative": "Initiative",
    ns.PTCE + "GovernanceBody": "Governance body",
    ns.PTCE + "Cooperation": "Cooperation",
    ns.PTCE + "Event": "Event",
    ns.PTCE + "Call": "Call",
    ns.PTCE + "Participation": "Participation",
    ns.PTCE + "Recognition": "Recognition",
    ns.PTCE + "StagePeriod": "Stage period",
    ns.PTCE + "IndicatorObservation": "Figure",
    ns.PTCE + "Comparison": "Comparison",
    ns.PTCE + "Claim": "Reported claim",
    ns.PTCE + "Territory": "Project territory",
    ns.PTCE + "Project": "Project",
    ns.PTCE + "Cohort": "Cohort",
    ns.PTCE + "Source": "Snapshot of a source",
    ns.IGEO + "Commune": "Municipality",
    ns.IGEO + "Departement": "Department",
    ns.IGEO + "Region": "Region",
    ns.SKOS + "ConceptScheme": "Concept scheme",
    ns.SKOS + "Concept": "Concept",
    ns.OA + "SpecificResource": "Evidence",
    ns.ORG + "Organization": "Actor",
    ns.FOAF + "Document": "Document",
    ns.FOAF + "Agent": "Agent",
    ns.VOID + "Dataset": "Named graph",
    ns.DCAT + "Catalog": "Catalogue",
}


@dataclass(frozen=True)
class Statement:
    """One quad for the table of all statements; ``value`` is a link or a text."""

    subject: Ref
    property: str
    property_href: str
    value: Ref | None
    text: Text | None
    graphs: tuple[Ref, ...]


@dataclass(frozen=True)
class Frame:
    """The frame of a document page."""

    iri: str
    title: Text
    kind: str
    formats: tuple[tuple[str, str, str], ...]
    footnotes: tuple[Footnote, ...]
    statements: tuple[Statement, ...]
    omitted: int
    graphs: tuple[Ref, ...]


def frame(reader: Reader) -> Frame:
    """Return the frame of a page whose view has been built already: its footnotes are those the view cites."""
    _ = translator(reader.language)
    classes = reader.description.types(reader.iri)
    kind = next((_(name) for class_, name in KINDS.items() if class_ in classes), "")
    address = reader.settings.addresses.document(reader.iri) or reader.iri
    local = path_of(address, reader.settings.base_iri)
    statements, omitted = _statements(reader)
    return Frame(
        iri=reader.iri,
        title=reader.label(reader.iri),
        kind=kind,
        formats=tuple((f.label, f"{local}.{f.extension}", f.media_type) for f in formats.RDF_FORMATS),
        footnotes=tuple(reader.footnotes()),
        statements=statements,
        omitted=omitted,
        graphs=tuple(reader.ref(graph) for graph in _graphs(reader)),
    )


def _graphs(reader: Reader) -> list[str]:
    me = ox.NamedNode(reader.iri)
    return sorted(
        {
            quad.graph_name.value
            for quad in reader.description.quads
            if quad.subject == me and isinstance(quad.graph_name, ox.NamedNode)
        }
    )


def _statements(reader: Reader) -> tuple[tuple[Statement, ...], int]:
    """Return the statements about the thing, then those that point at it, and how many are left out."""
    me = ox.NamedNode(reader.iri)
    grouped: dict[ox.Triple, list[str]] = {}
    for quad in reader.description.quads:
        if me in (quad.subject, quad.object):
            graphs = grouped.setdefault(quad.triple, [])
            if isinstance(quad.graph_name, ox.NamedNode):
                graphs.append(quad.graph_name.value)
    ordered = sorted(grouped.items(), key=lambda item: item[0].subject != me)
    shown = [_statement(reader, triple, graphs) for triple, graphs in ordered[:_STATEMENTS]]
    return tuple(shown), len(ordered) - len(shown)


def _statement(reader: Reader, triple: ox.Triple, graphs: list[str]) -> Statement:
    value = triple.object
    predicate = triple.predicate.value
    address = reader.settings.addresses.document(predicate)
    literal = Text(value.value, value.language or "") if isinstance(value, ox.Literal) else None
    return Statement(
        subject=reader.ref(
            triple.subject.value if isinstance(triple.subject, ox.NamedNode) else str(triple.subject)
        ),
        property=shortened(predicate),
        property_href=path_of(address, reader.settings.base_iri) if address else predicate,
        value=reader.ref(value.value) if isinstance(value, ox.NamedNode) else None,
        text=literal,
        graphs=tuple(reader.ref(graph) for graph in sorted(set(graphs))),
    )
