"""What every document page has around its view: title, kind, address, formats, sources, all statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from ptce_lod import formats
from ptce_lod import namespaces as ns
from ptce_lod.web.pages.i18n import translator
from ptce_lod.web.pages.reading import Footnote, Reader, Ref, Text
from ptce_lod.web.pages.text import path_of
from ptce_lod.web.pages.views.statements import Statements, count, statements

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
    ns.SH + "SPARQLExecutable": "Example query",
}


@dataclass(frozen=True)
class Frame:
    """The frame of a document page. ``statements`` is the table of all of them where it is shown, ``statement_count`` their number."""

    iri: str
    title: Text
    kind: str
    formats: tuple[tuple[str, str, str], ...]
    footnotes: tuple[Footnote, ...]
    statements: Statements | None
    statement_count: int
    graphs: tuple[Ref, ...]
    links: int
    page: int
    last_page: int
    address: str


def kind_of(reader: Reader) -> str:
    """Return what the thing is, in a word of the reader's language; "" for a class without one."""
    classes = reader.description.types(reader.iri)
    return next(
        (translator(reader.language)(name) for class_, name in KINDS.items() if class_ in classes), ""
    )


def frame(reader: Reader, *, with_statements: bool) -> Frame:
    """Return the frame of a page whose view has been built already: its footnotes are those the view cites."""
    table = statements(reader) if with_statements else None
    address = reader.settings.addresses.document(reader.iri) or reader.iri
    local = path_of(address, reader.settings.base_iri)
    return Frame(
        iri=reader.iri,
        title=reader.label(reader.iri),
        kind=kind_of(reader),
        formats=tuple((f.label, f"{local}.{f.extension}", f.media_type) for f in formats.RDF_FORMATS),
        footnotes=tuple(reader.footnotes()),
        statements=table,
        statement_count=table.total if table else count(reader),
        graphs=tuple(reader.ref(graph) for graph in _graphs(reader)),
        links=reader.description.links,
        page=reader.description.page,
        last_page=reader.description.last_page,
        address=local,
    )


def _graphs(reader: Reader) -> list[str]:
    """Return the graphs that state something about the thing, or point at it: members and figures have graphs of their own."""
    me = ox.NamedNode(reader.iri)
    return sorted(
        {
            graph_name.value
            for subject, _predicate, object_, graph_name in reader.description.quads
            if (subject == me or object_ == me) and isinstance(graph_name, ox.NamedNode)
        }
    )
