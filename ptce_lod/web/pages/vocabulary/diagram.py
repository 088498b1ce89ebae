"""The class diagram: boxes and arrows placed by hand, checked by a test against the ontology, written as SVG by the template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ptce_lod import namespaces as ns
from ptce_lod.web.pages.reading import Text, shortened
from ptce_lod.web.pages.vocabulary.names import Names, is_ours, local_name

SUBCLASS: Final = ns.RDFS + "subClassOf"
WIDTH: Final = 140
HEIGHT: Final = 44
_PITCH: Final = 66
_TOP: Final = 8
#: Left edge of each column; the gaps beside the middle one hold the longest names.
_COLUMNS: Final = (4, 224, 516, 808, 1028)

#: Class → (column, row, rows it spans).
LAYOUT: Final[dict[str, tuple[int, int, int]]] = {
    ns.FOAF + "Agent": (0, 1, 3),
    ns.PTCE + "Project": (0, 5, 1),
    ns.PTCE + "Comparison": (0, 6, 1),
    ns.PTCE + "Source": (0, 7, 1),
    ns.PTCE + "GovernanceBody": (1, 0, 1),
    ns.PTCE + "Participation": (1, 1, 1),
    ns.PTCE + "Cooperation": (1, 2, 1),
    ns.PTCE + "PooledResource": (1, 3, 1),
    ns.PTCE + "IndicatorObservation": (1, 4, 1),
    ns.PTCE + "Cohort": (1, 5, 1),
    ns.PTCE + "Claim": (1, 6, 1),
    ns.OA + "SpecificResource": (1, 7, 1),
    ns.PTCE + "Pole": (2, 0, 7),
    ns.PTCE + "Territory": (3, 0, 1),
    ns.PTCE + "StagePeriod": (3, 1, 1),
    ns.ORG + "FormalOrganization": (3, 2, 1),
    ns.PTCE + "Recognition": (3, 3, 1),
    ns.PTCE + "Application": (3, 4, 1),
    ns.PTCE + "Event": (3, 5, 1),
    ns.DCTERMS + "Location": (4, 0, 1),
    ns.PTCE + "Call": (4, 3, 2),
    ns.PTCE + "Initiative": (4, 5, 1),
}
#: (class, property, class): each is allowed by domain and range in the ontology, or, for properties from elsewhere, by the shapes.
ARROWS: Final = (
    (ns.PTCE + "Participation", ns.ORG + "member", ns.FOAF + "Agent"),
    (ns.PTCE + "Cooperation", ns.PTCE + "party", ns.FOAF + "Agent"),
    (ns.PTCE + "PooledResource", ns.PTCE + "usedBy", ns.FOAF + "Agent"),
    (ns.PTCE + "Project", ns.PTCE + "involves", ns.PTCE + "Cohort"),
    (ns.PTCE + "Comparison", SUBCLASS, ns.PTCE + "Claim"),
    (ns.PTCE + "Participation", ns.PTCE + "college", ns.PTCE + "GovernanceBody"),
    (ns.PTCE + "GovernanceBody", ns.ORG + "subOrganizationOf", ns.PTCE + "Pole"),
    (ns.PTCE + "Participation", ns.ORG + "organization", ns.PTCE + "Pole"),
    (ns.PTCE + "Cooperation", ns.PTCE + "withinPole", ns.PTCE + "Pole"),
    (ns.PTCE + "PooledResource", ns.PTCE + "pooledIn", ns.PTCE + "Pole"),
    (ns.PTCE + "IndicatorObservation", ns.SOSA + "hasFeatureOfInterest", ns.PTCE + "Pole"),
    (ns.PTCE + "Cohort", ns.PROV + "hadMember", ns.PTCE + "Pole"),
    (ns.PTCE + "Claim", ns.PTCE + "claimSubject", ns.PTCE + "Pole"),
    (ns.PTCE + "Claim", ns.PTCE + "evidence", ns.OA + "SpecificResource"),
    (ns.OA + "SpecificResource", ns.OA + "hasSource", ns.PTCE + "Source"),
    (ns.PTCE + "Pole", ns.PTCE + "territory", ns.PTCE + "Territory"),
    (ns.PTCE + "Pole", ns.PTCE + "hasStagePeriod", ns.PTCE + "StagePeriod"),
    (ns.PTCE + "Pole", ns.PTCE + "supportStructure", ns.ORG + "FormalOrganization"),
    (ns.PTCE + "Recognition", ns.PTCE + "recognises", ns.PTCE + "Pole"),
    (ns.PTCE + "Application", ns.PTCE + "forPole", ns.PTCE + "Pole"),
    (ns.PTCE + "Event", ns.PTCE + "relatesTo", ns.PTCE + "Pole"),
    (ns.PTCE + "Territory", ns.PTCE + "coversUnit", ns.DCTERMS + "Location"),
    (ns.PTCE + "Recognition", ns.PTCE + "underCall", ns.PTCE + "Call"),
    (ns.PTCE + "Application", ns.PTCE + "toCall", ns.PTCE + "Call"),
    (ns.PTCE + "Event", ns.PTCE + "relatesTo", ns.PTCE + "Initiative"),
)


@dataclass(frozen=True)
class Box:
    """A class at its place; ``label`` is empty for a class from elsewhere that has none."""

    x: int
    y: int
    height: int
    label: Text
    name: str
    href: str
    is_ours: bool

    @property
    def middle(self) -> tuple[int, int]:
        """Where its text is centred."""
        return self.x + WIDTH // 2, self.y + self.height // 2


@dataclass(frozen=True)
class Arrow:
    """A property between two boxes: a line with a name near its middle. ``words`` say it without a picture: (class, property, class)."""

    x1: int
    y1: int
    x2: int
    y2: int
    name: str
    href: str
    text_x: int
    text_y: int
    is_vertical: bool
    is_subclass: bool
    words: tuple[str, str, str]


@dataclass(frozen=True)
class Diagram:
    """Boxes and arrows, and the size of the drawing; ``legend`` is its free corner."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    legend: tuple[int, int]


def draw(names: Names) -> Diagram:
    """Return the diagram with labels in the language of a page."""
    boxes = {iri: _box(iri, names) for iri in LAYOUT}
    arrows = tuple(_arrow(boxes[a], property_, boxes[b], names) for a, property_, b in ARROWS)
    rows = max(row + span for _, row, span in LAYOUT.values())
    height = _TOP * 2 + rows * _PITCH - (_PITCH - HEIGHT)
    return Diagram(
        _COLUMNS[-1] + WIDTH + 4, height, tuple(boxes.values()), arrows, (_COLUMNS[3], _TOP + 6 * _PITCH + 14)
    )


def _box(iri: str, names: Names) -> Box:
    column, row, span = LAYOUT[iri]
    ours = is_ours(iri)
    return Box(
        x=_COLUMNS[column],
        y=_TOP + row * _PITCH,
        height=HEIGHT + (span - 1) * _PITCH,
        label=names.reader.label(iri) if ours else Text("", ""),
        name=local_name(iri) if ours else shortened(iri),
        href=names.href(iri),
        is_ours=ours,
    )


def _arrow(start: Box, property_: str, end: Box, names: Names) -> Arrow:
    is_vertical = start.x == end.x
    if is_vertical:
        down = start.y < end.y
        x1 = x2 = start.x + WIDTH // 2
        y1, y2 = (start.y + start.height, end.y) if down else (start.y, end.y + end.height)
        text_x, text_y = x1 + 8, (y1 + y2) // 2 + 4
    else:
        right = start.x < end.x
        x1, x2 = (start.x + WIDTH, end.x) if right else (start.x, end.x + WIDTH)
        # The smaller box says at which height the line runs.
        y1 = y2 = min(start, end, key=lambda box: box.height).middle[1]
        text_x, text_y = (x1 + x2) // 2, y1 - 6
    is_subclass = property_ == SUBCLASS
    ours = is_ours(property_)
    name = "" if is_subclass else local_name(property_) if ours else shortened(property_)
    said = (start.label.value or start.name, name, end.label.value or end.name)
    href = names.href(property_) if ours else ""
    return Arrow(x1, y1, x2, y2, name, href, text_x, text_y, is_vertical, is_subclass, said)
