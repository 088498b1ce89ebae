"""Parts that several kinds of page show: participations, cooperations, figures, claims, recognitions, points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ptce_lod import namespaces as ns
from ptce_lod.collation import sort_key
from ptce_lod.web.pages.map import Point
from ptce_lod.web.pages.reading import Reader, Ref, Text

#: Roles in the order a reader asks for them: who carries, who began, who takes part, who helps.
ROLES: Final = (
    "support-structure",
    "animator",
    "founding-network",
    "founding-member",
    "later-partner",
    "member",
    "partner",
    "supporter",
    "funder",
    "host",
    "researcher",
    "observer",
    "associated-person",
)


@dataclass(frozen=True)
class Participation:
    """One participation, seen from either side: ``other`` is the member or the grouping."""

    other: Ref
    kind: Ref | None
    role: Ref | None
    circle: Ref | None
    since: str
    until: str
    sources: tuple[int, ...]


@dataclass(frozen=True)
class RoleGroup:
    """Participations in one role, of one circle."""

    role: Ref | None
    circle: Ref | None
    participations: tuple[Participation, ...]


@dataclass(frozen=True)
class Cooperation:
    """One cooperation, as a row."""

    ref: Ref
    types: tuple[Ref, ...]
    parties: tuple[Ref, ...]
    poles: tuple[Ref, ...]
    start: str
    end: str
    sources: tuple[int, ...]


@dataclass(frozen=True)
class Figure:
    """One observation: a number never stands without what it counts, for whom, when and how precisely."""

    indicator: Ref
    value: str
    unit: Ref | None
    scope: Ref | None
    period: str
    precision: Ref | None
    notes: tuple[Text, ...]
    sources: tuple[int, ...]


@dataclass(frozen=True)
class Claim:
    """Something a source says, kept as its own."""

    ref: Ref
    kind: Ref | None
    status: Ref | None
    text: Text
    date: str
    by: Ref | None
    about: tuple[Ref, ...]
    contradicts: tuple[Ref, ...]
    sources: tuple[int, ...]


@dataclass(frozen=True)
class Recognition:
    """A dated recognition; ``of`` is who was recognised."""

    kind: Ref | None
    of: Ref | None
    call: Ref | None
    by: tuple[Ref, ...]
    date: str
    sources: tuple[int, ...]


def _code(ref: Ref | None) -> str:
    return ref.iri.rsplit("/", 1)[-1] if ref else ""


def _first(reader: Reader, subject: str, predicate: str) -> Ref | None:
    iri = reader.iri_of(subject, predicate)
    return reader.ref(iri) if iri else None


def other_names(reader: Reader) -> tuple[Text, ...]:
    """Return the names of the thing beside that which the page has as its title."""
    title = reader.label(reader.iri).value.casefold()
    return tuple(
        text for text in reader.texts(reader.iri, ns.SKOS + "altLabel") if text.value.casefold() != title
    )


def participations(reader: Reader, side: str, other: str) -> tuple[RoleGroup, ...]:
    """Return participations that point at the thing by ``side``, grouped by role and circle; ``other`` leads to the other side."""
    groups: dict[tuple[str, str], list[Participation]] = {}
    for node in reader.pointing(side):
        partner = reader.iri_of(node, other)
        if not partner:
            continue
        role, circle = (_first(reader, node, p) for p in (ns.ORG + "role", ns.PTCE + "circle"))
        groups.setdefault((_code(role), _code(circle)), []).append(
            Participation(
                other=reader.ref(partner),
                kind=_first(reader, partner, ns.PTCE + "actorType"),
                role=role,
                circle=circle,
                since=reader.date(node, ns.PTCE + "startDate"),
                until=reader.date(node, ns.PTCE + "endDate"),
                sources=reader.sources(node),
            )
        )

    def place(codes: tuple[str, str]) -> tuple[int, str, str]:
        return (ROLES.index(codes[0]) if codes[0] in ROLES else len(ROLES), *codes)

    return tuple(
        RoleGroup(
            groups[codes][0].role,
            groups[codes][0].circle,
            tuple(sorted(groups[codes], key=lambda p: sort_key(p.other.label.value))),
        )
        for codes in sorted(groups, key=place)
    )


def cooperation(reader: Reader, iri: str) -> Cooperation:
    """Return one cooperation."""
    return Cooperation(
        ref=reader.ref(iri),
        types=tuple(reader.refs(iri, ns.PTCE + "cooperationType")),
        parties=tuple(reader.refs(iri, ns.PTCE + "party")),
        poles=tuple(reader.refs(iri, ns.PTCE + "withinPole")),
        start=reader.date(iri, ns.PTCE + "startDate"),
        end=reader.date(iri, ns.PTCE + "endDate"),
        sources=reader.sources(iri),
    )


def cooperations(reader: Reader, predicate: str) -> tuple[Cooperation, ...]:
    """Return the cooperations that point at the thing by ``predicate``, newest first."""
    found = [cooperation(reader, iri) for iri in reader.pointing(predicate)]
    return tuple(sorted(found, key=lambda c: (c.start or "0", c.ref.label.value), reverse=True))


def figures(reader: Reader, subject: str | None = None) -> tuple[Figure, ...]:
    """Return the observations of the thing, by indicator and then period."""
    found = []
    for node in reader.pointing(ns.SOSA + "hasFeatureOfInterest", subject):
        indicator = _first(reader, node, ns.PTCE + "indicator")
        if indicator is None:
            continue
        found.append(
            Figure(
                indicator=indicator,
                value=reader.literal(node, ns.SOSA + "hasSimpleResult"),
                unit=_first(reader, node, ns.PTCE + "unit"),
                scope=_first(reader, node, ns.PTCE + "scope"),
                period=reader.date(node, ns.PTCE + "referencePeriod"),
                precision=_first(reader, node, ns.PTCE + "precision"),
                notes=tuple(reader.texts(node, ns.SKOS + "note")[:1]),
                sources=reader.sources(node),
            )
        )
    return tuple(sorted(found, key=lambda f: (f.indicator.label.value, f.period, f.value)))


def claim(reader: Reader, iri: str) -> Claim:
    """Return one claim; its sources are those it cites and those its evidence lies in."""
    cited = {
        page
        for node in reader.iris(iri, ns.PTCE + "evidence")
        for page in reader.iris(node, ns.OA + "hasSource")
    }
    return Claim(
        ref=reader.ref(iri),
        kind=_first(reader, iri, ns.PTCE + "claimKind"),
        status=_first(reader, iri, ns.PTCE + "claimStatus"),
        text=reader.text(iri, ns.DCTERMS + "description") or Text("", ""),
        date=reader.date(iri, ns.PTCE + "startDate"),
        by=_first(reader, iri, ns.PROV + "wasAttributedTo"),
        about=tuple(
            reader.ref(thing)
            for predicate in ("claimSubject", "claimObject")
            for thing in reader.iris(iri, ns.PTCE + predicate)
            if thing != reader.iri
        ),
        contradicts=tuple(reader.refs(iri, ns.PTCE + "contradicts")),
        sources=reader.cite(cited) or reader.sources(iri),
    )


def claims(reader: Reader) -> tuple[Claim, ...]:
    """Return the claims about the thing, oldest date first."""
    about = {
        *reader.pointing(ns.PTCE + "claimSubject"),
        *reader.pointing(ns.PTCE + "claimObject"),
        *reader.pointing(ns.PTCE + "compares"),
    }
    return tuple(
        sorted((claim(reader, iri) for iri in about), key=lambda c: (_code(c.kind), c.date, c.ref.iri))
    )


def recognitions(reader: Reader, predicate: str) -> tuple[Recognition, ...]:
    """Return the recognitions that point at the thing by ``predicate``, oldest first."""
    found = [
        Recognition(
            kind=_first(reader, node, ns.PTCE + "recognitionType"),
            of=_first(reader, node, ns.PTCE + "recognises"),
            call=_first(reader, node, ns.PTCE + "underCall"),
            by=tuple(reader.refs(node, ns.PTCE + "grantedBy")),
            date=reader.date(node, ns.PTCE + "startDate"),
            sources=reader.sources(node),
        )
        for node in reader.pointing(predicate)
    ]
    return tuple(sorted(found, key=lambda r: (r.date or "9999", r.of.label.value if r.of else "")))


def point_of(reader: Reader, unit: str) -> Point | None:
    """Return the point of an administrative unit whose geometry the description holds, or None."""
    geometry = reader.iri_of(unit, ns.GEO + "hasDefaultGeometry")
    wkt = reader.literal(geometry, ns.GEO + "asWKT") if geometry else ""
    head, _, rest = wkt.partition("(")
    if not head.strip().upper().endswith("POINT"):
        return None
    try:
        longitude, latitude = (float(part) for part in rest.rstrip(") ").split())
    except ValueError:
        return None
    ref = reader.ref(unit)
    return Point(latitude, longitude, ref.label.value, ref.href)
