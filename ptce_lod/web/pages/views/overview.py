"""The page of anything that has no page of its own kind: facts in a stated order, then what points at it.

One table says which properties a reader is shown under which name; properties that are not in it stand under "All statements".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from ptce_lod import namespaces as ns
from ptce_lod.collation import sort_key
from ptce_lod.web.pages.i18n import translator
from ptce_lod.web.pages.reading import Reader, Ref, Text
from ptce_lod.web.pages.text import path_of
from ptce_lod.web.pages.views import parts
from ptce_lod.web.pages.views.places import map_of, map_query
from ptce_lod.web.pages.views.query import Query, query_of

#: Properties whose values are web pages about the thing: they are shown together, under the first.
_WEB_PAGES: Final = (ns.FOAF + "page", ns.FOAF + "isPrimaryTopicOf")
#: Property → name shown, in the order shown.
FACTS: Final[tuple[tuple[str, str], ...]] = (
    (ns.PTCE + "actorType", "Kind"),
    (ns.PTCE + "eventType", "Kind"),
    (ns.PTCE + "callType", "Kind"),
    (ns.PTCE + "projectType", "Kind"),
    (ns.PTCE + "documentType", "Kind"),
    (ns.PTCE + "cooperationType", "Kind"),
    (ns.PTCE + "claimKind", "Kind"),
    (ns.PTCE + "recognitionType", "Kind"),
    (ns.PTCE + "claimStatus", "Status"),
    (ns.PTCE + "recognises", "Recognises"),
    (ns.PTCE + "underCall", "Under the call"),
    (ns.PTCE + "stage", "Stage"),
    (ns.ORG + "member", "Member"),
    (ns.ORG + "organization", "Grouping"),
    (ns.ORG + "role", "Role"),
    (ns.PTCE + "circle", "Circle"),
    (ns.PTCE + "startDate", "Date"),
    (ns.PTCE + "endDate", "Until"),
    (ns.PTCE + "referencePeriod", "Period"),
    (ns.PTCE + "editionNumber", "Edition"),
    (ns.SCHEMA + "location", "Place"),
    (ns.SCHEMA + "organizer", "Organised by"),
    (ns.PTCE + "issuedBy", "Issued by"),
    (ns.PTCE + "party", "Parties"),
    (ns.PTCE + "withinPole", "Pole"),
    (ns.PTCE + "commissionedBy", "Commissioned by"),
    (ns.PTCE + "supportedBy", "With the support of"),
    (ns.PTCE + "promotes", "Promotes"),
    (ns.PTCE + "objective", "Objective"),
    (ns.PTCE + "relatesTo", "Relates to"),
    (ns.SCHEMA + "about", "About"),
    (ns.PTCE + "claimSubject", "About"),
    (ns.PTCE + "claimObject", "Other thing named"),
    (ns.PTCE + "compares", "Compares"),
    (ns.PTCE + "commonTrait", "They share"),
    (ns.PTCE + "distinguishingTrait", "They differ in"),
    (ns.PTCE + "memberCategory", "Kinds of members"),
    (ns.PTCE + "contradicts", "Contradicts"),
    (ns.PROV + "wasAttributedTo", "According to"),
    (ns.PTCE + "evidence", "Evidence"),
    (ns.OA + "hasSource", "Source"),
    (ns.PROV + "hadMember", "Members known"),
    (ns.SOSA + "hasFeatureOfInterest", "Of"),
    (ns.PTCE + "indicator", "Indicator"),
    (ns.SOSA + "hasSimpleResult", "Value"),
    (ns.PTCE + "unit", "Unit"),
    (ns.PTCE + "scope", "Scope"),
    (ns.PTCE + "precision", "Precision"),
    (ns.IGEO + "codeINSEE", "INSEE code"),
    (ns.IGEO + "subdivisionDe", "Part of"),
    (ns.PTCE + "coversUnit", "Covers"),
    (ns.GEO + "sfIntersects", "Touches"),
    (ns.ORG + "identifier", "SIREN"),
    (ns.FOAF + "homepage", "Website"),
    (ns.FOAF + "page", "Web pages"),
    ("http://purl.org/dc/elements/1.1/publisher", "Publisher"),
    (ns.DCTERMS + "publisher", "Publisher"),
    (ns.DCTERMS + "issued", "Published"),
    (ns.DCTERMS + "modified", "Modified"),
    (ns.SCHEMA + "url", "Address"),
    (ns.DCTERMS + "rights", "Licence"),
    (ns.DCTERMS + "license", "Licence"),
    (ns.PAV + "retrievedFrom", "Retrieved from"),
    (ns.PAV + "retrievedOn", "Retrieved"),
    (ns.PAV + "importedOn", "Imported"),
    (ns.PROV + "wasDerivedFrom", "Derived from"),
    (ns.VOID + "triples", "Triples"),
    (ns.DCAT + "dataset", "Datasets"),
    (ns.DCAT + "service", "Services"),
    (ns.SKOS + "notation", "Code"),
    (ns.SKOS + "inScheme", "Scheme"),
    (ns.SKOS + "broader", "Broader"),
    (ns.SKOS + "narrower", "Narrower"),
    (ns.SKOS + "related", "Related"),
    (ns.SKOS + "exactMatch", "Same as"),
    (ns.SKOS + "closeMatch", "Close to"),
    (ns.SKOS + "broadMatch", "Part of the wider"),
    (ns.SCHEMA + "sameAs", "Same as"),
    (ns.SKOS + "note", "Note"),
    (ns.DCTERMS + "isPartOf", "Part of"),
    (ns.SCHEMA + "keywords", "Keywords"),
)
#: Texts that open the page.
_DESCRIPTIONS: Final = (
    ns.SKOS + "definition",
    ns.DCTERMS + "description",
    ns.DCTERMS + "abstract",
    ns.RDFS + "comment",
)
#: Links that point here, under the name shown.
_INCOMING: Final[tuple[tuple[str, str], ...]] = (
    (ns.PTCE + "issuedBy", "Calls issued"),
    (ns.SCHEMA + "organizer", "Events organised"),
    (ns.SCHEMA + "location", "Here"),
    (ns.IGEO + "subdivisionDe", "Subdivisions"),
    (ns.DCTERMS + "spatial", "Poles here"),
    (ns.PTCE + "territory", "Poles"),
    (ns.PTCE + "sector", "Poles in this sector"),
    (ns.PTCE + "supportStructure", "Carries"),
    (ns.PTCE + "relatesTo", "Related"),
    (ns.SCHEMA + "about", "Events about it"),
    (ns.PTCE + "actorType", "Actors of this kind"),
    (ns.PTCE + "eventType", "Events of this kind"),
    (ns.PTCE + "callType", "Calls of this kind"),
    (ns.PTCE + "cooperationType", "Cooperations of this kind"),
    (ns.DCTERMS + "isPartOf", "Parts"),
    (ns.DCTERMS + "source", "Cited by"),
    (ns.SKOS + "broader", "Narrower"),
    (ns.PROV + "wasDerivedFrom", "Graphs derived from it"),
)


#: What the State publishes of an enterprise, by its SIREN.
_COMPANIES: Final = "https://annuaire-entreprises.data.gouv.fr/entreprise/"
_NO_TEXT: Final = Text("", "")


@dataclass(frozen=True)
class Value:
    """One value of a fact; exactly one of the first five is filled. ``href`` is where a code leads."""

    ref: Ref | None = None
    text: Text = _NO_TEXT
    date: str = ""
    number: str = ""
    code: str = ""
    href: str = ""


@dataclass(frozen=True)
class Fact:
    """A name and its values; ``long`` when they are sentences."""

    label: str
    values: tuple[Value, ...]
    long: bool = False


@dataclass(frozen=True)
class Incoming:
    """Things that point here by one property; ``partial`` when there are more than the description holds."""

    label: str
    refs: tuple[Ref, ...]
    partial: bool = False


@dataclass(frozen=True)
class Branch:
    """A concept and those below it."""

    ref: Ref
    definition: Text | None
    narrower: tuple[Branch, ...]


@dataclass(frozen=True)
class Overview:
    """What the page shows; empty parts are left out. ``map_query`` is that of the map with the poles of a region or a department."""

    descriptions: tuple[Text, ...]
    facts: tuple[Fact, ...]
    completeness: tuple[int, int] | None
    map: str
    map_query: str
    figures: tuple[parts.Figure, ...]
    recognitions: tuple[parts.Recognition, ...]
    groupings: tuple[parts.RoleGroup, ...]
    members: tuple[parts.RoleGroup, ...]
    cooperations: tuple[parts.Cooperation, ...]
    claims: tuple[parts.Claim, ...]
    reviews: tuple[parts.Claim, ...]
    tree: tuple[Branch, ...]
    incoming: tuple[Incoming, ...]
    downloads: tuple[tuple[str, str], ...]
    query: Query | None
    sources: tuple[int, ...]


def overview(reader: Reader) -> Overview:
    """Build the view of what ``reader`` reads."""
    iri = reader.iri
    sources = reader.sources(iri)
    claims = parts.claims(reader)
    figures = parts.figures(reader)
    recognitions = parts.recognitions(reader, ns.PTCE + "underCall")
    reviews = tuple(c for c in claims if c.kind and c.kind.iri.endswith("/possible-duplicate"))
    return Overview(
        descriptions=tuple(text for p in _DESCRIPTIONS if (text := reader.text(iri, p)) is not None),
        facts=_facts(reader),
        completeness=_completeness(reader, figures),
        map=map_of(reader),
        map_query=map_query(reader),
        figures=figures,
        recognitions=recognitions,
        groupings=parts.participations(reader, ns.ORG + "member", ns.ORG + "organization"),
        members=parts.participations(reader, ns.ORG + "organization", ns.ORG + "member"),
        cooperations=parts.cooperations(reader, ns.PTCE + "party"),
        claims=tuple(c for c in claims if c not in reviews),
        reviews=reviews,
        tree=_tree(reader),
        incoming=_incoming(reader),
        downloads=_downloads(reader),
        query=query_of(reader),
        sources=sources,
    )


def _facts(reader: Reader) -> tuple[Fact, ...]:
    _ = translator(reader.language)
    names = [Value(text=text) for text in parts.other_names(reader)]
    facts: dict[str, list[Value]] = {_("Other names"): names} if names else {}
    for predicate, name in FACTS:
        values = _values(reader, predicate)
        if values:
            facts.setdefault(_(name), []).extend(values)
    return tuple(
        Fact(label, tuple(values), long=any(len(v.text.value) > 60 for v in values))
        for label, values in facts.items()
    )


def _values(reader: Reader, predicate: str) -> list[Value]:
    """Return the values to show: links, and of texts those in the reader's language where there are any."""
    pages = predicate == _WEB_PAGES[0]
    values = reader.values(reader.iri, predicate)
    if not values and not pages:  # of most properties, a thing has none
        return []
    refs = reader.pages(reader.iri, *_WEB_PAGES) if pages else reader.refs(reader.iri, predicate)
    found = [Value(ref=ref) for ref in refs]
    literals = [v for v in values if isinstance(v, ox.Literal)]
    tagged = {v.language for v in literals if v.language}
    for literal in sorted(literals, key=lambda v: v.value):
        if literal.language and reader.language in tagged and literal.language != reader.language:
            continue
        found.append(_value(reader, literal))
    return found


def _value(reader: Reader, literal: ox.Literal) -> Value:
    datatype = literal.datatype.value
    if datatype in (ns.XSD + "date", ns.XSD + "gYear", ns.XSD + "gYearMonth"):
        return Value(date=literal.value)
    if datatype == ns.XSD + "dateTime":
        return Value(date=literal.value[:10])
    if datatype in (ns.XSD + "integer", ns.XSD + "decimal"):
        return Value(number=literal.value)
    if datatype == ns.DATATYPE + "siren":
        return Value(code=literal.value, href=f"{_COMPANIES}{literal.value}")
    if datatype in (ns.XSD + "token", ns.XSD + "hexBinary"):
        return Value(code=literal.value)
    tag = literal.language or ""
    return Value(text=Text(literal.value, "" if tag in (reader.language, "") else tag))


def _completeness(reader: Reader, figures: tuple[parts.Figure, ...]) -> tuple[int, int] | None:
    """Return how many laureates of a call are recorded, and how many there are by its own figure."""
    for call in reader.backend.statistics.get("calls", ()):
        if call["iri"] == reader.iri and call.get("laureates"):
            return call["recorded"], call["laureates"]
    return None


def _incoming(reader: Reader) -> tuple[Incoming, ...]:
    _ = translator(reader.language)
    groups = []
    for predicate, name in _INCOMING:
        subjects = [s for s in reader.pointing(predicate) if "#" not in s or s.startswith(ns.PTCE)]
        if subjects:
            refs = sorted((reader.ref(s) for s in subjects), key=lambda r: sort_key(r.label.value))
            groups.append(Incoming(_(name), tuple(refs)))
    if reader.description.page > 1 and (rest := _other_links(reader, groups)):
        groups.append(Incoming(_("Other links"), rest))
    return tuple(groups)


def _other_links(reader: Reader, groups: list[Incoming]) -> tuple[Ref, ...]:
    """Return what points here by properties that have no name of their own: a further page shows all of its links."""
    told, me = {ref.iri for group in groups for ref in group.refs}, ox.NamedNode(reader.iri)
    found = {
        quad.subject.value
        for quad in reader.description.quads
        if quad.object == me and isinstance(quad.subject, ox.NamedNode)
    }
    refs = (reader.ref(iri) for iri in found - told)
    return tuple(sorted(refs, key=lambda ref: (sort_key(ref.label.value), ref.iri)))


def _downloads(reader: Reader) -> tuple[tuple[str, str], ...]:
    """Return (name, path) of the dumps of a named graph, or of all that the catalogue lists; empty for anything else."""
    base = reader.settings.base_iri
    graphs = f"{base}graph/"
    files = reader.backend.manifest.get("files", {})
    if reader.iri.startswith(graphs):
        wanted = [f"dumps/graphs/{reader.iri.removeprefix(graphs)}.ttl"]
    elif reader.iri == f"{base}catalog":
        wanted = [name for name in files if name.startswith("dumps/")]
    else:
        return ()
    return tuple(
        (name.removeprefix("dumps/"), path_of(f"{base}dumps/latest/{name.removeprefix('dumps/')}", base))
        for name in wanted
        if name in files
    )


def _tree(reader: Reader) -> tuple[Branch, ...]:
    """Return the concepts of a scheme as a tree; empty for anything else."""
    concepts = set(reader.pointing(ns.SKOS + "inScheme"))
    below: dict[str, list[str]] = {}
    for concept in concepts:
        parents = [p for p in reader.iris(concept, ns.SKOS + "broader") if p in concepts] or [""]
        for parent in parents:
            below.setdefault(parent, []).append(concept)

    def branches(parent: str, seen: frozenset[str]) -> tuple[Branch, ...]:
        found = [
            Branch(
                reader.ref(concept),
                reader.text(concept, ns.SKOS + "definition"),
                branches(concept, seen | {concept}),
            )
            for concept in below.get(parent, ())
            if concept not in seen
        ]
        return tuple(sorted(found, key=lambda b: sort_key(b.ref.label.value)))

    return branches("", frozenset())
