"""The page of a pole: who it is, where, since when, recognised by whom, who takes part, what they do, which figures, which doubts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ptce_lod import namespaces as ns
from ptce_lod.web.pages.map import map_svg
from ptce_lod.web.pages.reading import Reader, Ref, Text
from ptce_lod.web.pages.views import parts

_PAGES: Final = (ns.FOAF + "page", ns.FOAF + "isPrimaryTopicOf", ns.SCHEMA + "sameAs")


@dataclass(frozen=True)
class Stage:
    """A stage, held since ``start`` or attested at ``attested``."""

    stage: Ref
    start: str
    end: str
    attested: str
    sources: tuple[int, ...]


@dataclass(frozen=True)
class Moment:
    """One entry of the pole's small timeline; exactly one of the last three is there. ``sort`` orders entries, undated ones last."""

    sort: str
    origin: parts.Claim | None = None
    recognition: parts.Recognition | None = None
    stage: Stage | None = None


@dataclass(frozen=True)
class Related:
    """A pole that has something in common with this one, and what: shared sectors and members by name, and the place in words."""

    ref: Ref
    place: str
    shared: tuple[Ref, ...]


@dataclass(frozen=True)
class PoleView:
    """What the page of a pole shows. ``map`` is an SVG, empty when no point is known."""

    other_names: tuple[Text, ...]
    places: tuple[Ref, ...]
    areas: tuple[Ref, ...]
    map: str
    place_sources: tuple[int, ...]
    support_structures: tuple[Ref, ...]
    sectors: tuple[Ref, ...]
    moments: tuple[Moment, ...]
    related: tuple[Related, ...]
    stages: tuple[Stage, ...]
    recognitions: tuple[parts.Recognition, ...]
    origins: tuple[parts.Claim, ...]
    reviews: tuple[parts.Claim, ...]
    reported: tuple[parts.Claim, ...]
    roles: tuple[parts.RoleGroup, ...]
    cooperations: tuple[parts.Cooperation, ...]
    figures: tuple[parts.Figure, ...]
    pages: tuple[Ref, ...]
    notes: tuple[Text, ...]
    sources: tuple[int, ...]


def pole_view(reader: Reader) -> PoleView:
    """Build the view of the pole that ``reader`` reads."""
    iri = reader.iri
    sources = reader.sources(iri)
    claims = parts.claims(reader)
    by_kind = {
        name: tuple(c for c in claims if c.kind and c.kind.iri.endswith(f"/{name}"))
        for name in ("origin", "possible-duplicate")
    }
    told = {c.ref.iri for found in by_kind.values() for c in found}
    territories = reader.iris(iri, ns.PTCE + "territory")
    covered = [unit for territory in territories for unit in reader.iris(territory, ns.PTCE + "coversUnit")]
    points = [point for unit in covered if (point := parts.point_of(reader, unit)) is not None]
    areas = [ref for territory in territories for ref in reader.refs(territory, ns.GEO + "sfIntersects")]
    stages = _stages(reader)
    recognitions = parts.recognitions(reader, ns.PTCE + "recognises")
    return PoleView(
        other_names=parts.other_names(reader),
        places=tuple(reader.ref(unit) for unit in covered),
        areas=tuple(areas),
        map=map_svg(points, reader.label(iri).value, reader.language) if points else "",
        place_sources=reader.sources(*territories),
        support_structures=tuple(reader.refs(iri, ns.PTCE + "supportStructure")),
        sectors=tuple(reader.refs(iri, ns.PTCE + "sector")),
        moments=_moments(by_kind["origin"], recognitions, stages),
        related=_related(reader),
        stages=stages,
        recognitions=recognitions,
        origins=by_kind["origin"],
        reviews=by_kind["possible-duplicate"],
        reported=tuple(c for c in claims if c.ref.iri not in told),
        roles=parts.participations(reader, ns.ORG + "organization", ns.ORG + "member"),
        cooperations=parts.cooperations(reader, ns.PTCE + "withinPole"),
        figures=parts.figures(reader),
        pages=tuple(reader.pages(iri, *_PAGES)),
        notes=tuple(reader.texts(iri, ns.SKOS + "note")),
        sources=sources,
    )


def _stages(reader: Reader) -> tuple[Stage, ...]:
    found = [
        Stage(
            stage=reader.ref(stage),
            start=reader.date(node, ns.PTCE + "startDate"),
            end=reader.date(node, ns.PTCE + "endDate"),
            attested=reader.date(node, ns.PTCE + "referencePeriod"),
            sources=reader.sources(node),
        )
        for node in reader.iris(reader.iri, ns.PTCE + "hasStagePeriod")
        if (stage := reader.iri_of(node, ns.PTCE + "stage"))
    ]
    return tuple(sorted(found, key=lambda s: (s.start or s.attested, s.stage.iri)))


def _moments(
    origins: Sequence[parts.Claim], recognitions: Sequence[parts.Recognition], stages: Sequence[Stage]
) -> tuple[Moment, ...]:
    found = [Moment(claim.date, origin=claim) for claim in origins]
    found += [Moment(each.date, recognition=each) for each in recognitions]
    found += [Moment(stage.start or stage.attested, stage=stage) for stage in stages]
    return tuple(sorted(found, key=lambda moment: moment.sort or "9999"))


def _related(reader: Reader) -> tuple[Related, ...]:
    return tuple(
        Related(reader.ref(other.iri), other.place, tuple(reader.ref(iri) for iri in other.shared))
        for other in reader.backend.related(reader.iri)
    )
