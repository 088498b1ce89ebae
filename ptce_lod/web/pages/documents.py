"""Pages about one thing: the view that its class asks for, in the frame that all documents share; and the vocabulary as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from ptce_lod import namespaces as ns
from ptce_lod.query.backend import Backend, Description
from ptce_lod.settings import Settings
from ptce_lod.web.pages.cards import citation
from ptce_lod.web.pages.citation import reuse
from ptce_lod.web.pages.environment import render
from ptce_lod.web.pages.i18n import translator
from ptce_lod.web.pages.kinds import view_of
from ptce_lod.web.pages.reading import Reader, Ref, Text
from ptce_lod.web.pages.structured_data import schema_document, structured_data
from ptce_lod.web.pages.views.frame import frame

_TYPES: Final = (
    ("classes", "Classes", (ns.OWL + "Class",)),
    ("object-properties", "Object properties", (ns.OWL + "ObjectProperty",)),
    ("datatype-properties", "Datatype properties", (ns.OWL + "DatatypeProperty",)),
    ("datatypes", "Datatypes", (ns.RDFS + "Datatype",)),
)
_RELATIONS: Final = (
    (ns.RDFS + "subClassOf", "Subclass of"),
    (ns.RDFS + "subPropertyOf", "Subproperty of"),
    (ns.RDFS + "domain", "Domain"),
    (ns.RDFS + "range", "Range"),
    (ns.OWL + "inverseOf", "Inverse of"),
)
_STATUS: Final = "http://www.w3.org/2003/06/sw-vocab-status/ns#term_status"
_EXAMPLES: Final = ("http://purl.org/vocab/vann/example", ns.SKOS + "example")


def render_document(
    backend: Backend, settings: Settings, iri: str, description: Description, language: str
) -> str:
    """Return the page of any described resource."""
    reader = Reader(description, backend, settings, language)
    view, template = view_of(reader)
    page = frame(reader)
    return render(
        f"document/{template}",
        language,
        settings,
        backend,
        view=view,
        page=page,
        page_query=f"page={page.page}" if page.page > 1 else "",
        reader=reader,
        json_ld=structured_data(reader),
        reuse=reuse(citation(reader), settings),
    )


def schema_of(
    backend: Backend, settings: Settings, description: Description, language: str
) -> dict[str, Any]:
    """Return any described resource as a JSON-LD document in schema.org: what its page says to search engines."""
    return schema_document(Reader(description, backend, settings, language))


@dataclass(frozen=True)
class Term:
    """One term of the vocabulary, as its documentation shows it; ``uses`` counts statements of the release."""

    name: str
    label: Text
    comment: Text
    relations: tuple[tuple[str, tuple[Ref, ...]], ...]
    example: Text | None
    uses: int
    status: str


@dataclass(frozen=True)
class Group:
    """Terms of one kind."""

    id: str
    title: str
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Vocabulary:
    """The vocabulary's page."""

    title: Text
    abstract: Text
    version: str
    modified: str
    groups: tuple[Group, ...]


def render_vocabulary(backend: Backend, settings: Settings, language: str) -> str:
    """Return the documentation of the vocabulary; the anchor of each term is its fragment."""
    description = backend.describe(ns.ONTOLOGY) or Description(ns.ONTOLOGY, ())
    reader = Reader(description, backend, settings, language)
    _ = translator(language)
    empty = Text("", "")
    vocabulary = Vocabulary(
        title=reader.text(ns.ONTOLOGY, ns.DCTERMS + "title") or Text("PTCE", ""),
        abstract=reader.text(ns.ONTOLOGY, ns.DCTERMS + "abstract") or empty,
        version=str(backend.manifest.get("vocabulary_version", "")),
        modified=reader.date(ns.ONTOLOGY, ns.DCTERMS + "modified"),
        groups=tuple(
            Group(
                id_, _(title), tuple(_term(reader, iri, backend, language) for iri in _terms(reader, types))
            )
            for id_, title, types in _TYPES
        ),
    )
    return render("vocabulary.html", language, settings, backend, section="ns", vocabulary=vocabulary)


def _terms(reader: Reader, types: tuple[str, ...]) -> list[str]:
    found = {iri for type_ in types for iri in reader.description.subjects(ns.RDF + "type", type_)}
    return sorted(iri for iri in found if iri.startswith((ns.PTCE, ns.DATATYPE)))


def _term(reader: Reader, iri: str, backend: Backend, language: str) -> Term:
    _ = translator(language)
    relations = tuple(
        (_(heading), tuple(reader.ref(other) for other in others))
        for predicate, heading in _RELATIONS
        if (others := [o for o in reader.iris(iri, predicate) if not o.startswith("_:")])
    )
    statistics = backend.statistics
    uses = statistics.get("classes", {}).get(iri) or statistics.get("properties", {}).get(iri) or 0
    return Term(
        name=iri.removeprefix(ns.PTCE).removeprefix(ns.DATATYPE),
        label=reader.text(iri, ns.RDFS + "label") or Text(iri, ""),
        comment=reader.text(iri, ns.RDFS + "comment") or Text("", ""),
        relations=relations,
        example=next((text for p in _EXAMPLES if (text := reader.text(iri, p))), None),
        uses=uses,
        status=str(next((getattr(v, "value", "") for v in reader.values(iri, _STATUS)), "")),
    )
