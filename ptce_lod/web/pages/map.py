"""A map drawn on the server as SVG: points on the outline of France, overseas départements beside it. No tiles, no JavaScript.

Plate carrée, longitudes scaled by the cosine of the middle latitude: right enough at this size. ``static/js/map.js`` turns the figure into
a Leaflet map over the same outline.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Final, NamedTuple

from ptce_lod.web.pages.i18n import number_translator, translator

OUTLINE: Final = Path(__file__).parent.parent / "static" / "map" / "outline.json"
_WIDTH: Final = 400.0
_INSET: Final = 76.0
#: Points that a drawing shows one by one.
DRAWN: Final = 400
_NAMES: Final = {
    "guadeloupe": "Guadeloupe",
    "martinique": "Martinique",
    "guyane": "Guyane",
    "la-reunion": "La Réunion",
    "mayotte": "Mayotte",
}


class Point(NamedTuple):
    """A place to mark, in degrees WGS 84, with its name and the page it leads to."""

    latitude: float
    longitude: float
    label: str
    href: str


@dataclass(frozen=True)
class _Area:
    """One piece of the outline with its frame: west, south, east, north."""

    name: str
    rings: tuple[tuple[tuple[float, float], ...], ...]
    bounds: tuple[float, float, float, float]

    def holds(self, point: Point) -> bool:
        west, south, east, north = self.bounds
        return west - 0.3 <= point.longitude <= east + 0.3 and south - 0.3 <= point.latitude <= north + 0.3


@cache
def _areas() -> tuple[_Area, ...]:
    document = json.loads(OUTLINE.read_text(encoding="utf-8"))
    areas = []
    for feature in document["features"]:
        rings = tuple(tuple((x, y) for x, y in polygon[0]) for polygon in feature["geometry"]["coordinates"])
        xs = [x for ring in rings for x, _ in ring]
        ys = [y for ring in rings for _, y in ring]
        areas.append(_Area(feature["id"], rings, (min(xs), min(ys), max(xs), max(ys))))
    return tuple(areas)


class _Projection:
    """Degrees of one area → the box at (left, top) of ``width``; ``height`` follows."""

    def __init__(self, area: _Area, left: float, top: float, width: float) -> None:
        self.west, south, east, self.north = area.bounds
        self.shrink = math.cos(math.radians((south + self.north) / 2))
        self.scale = width / ((east - self.west) * self.shrink)
        self.left, self.top = left, top
        self.height = (self.north - south) * self.scale

    def __call__(self, longitude: float, latitude: float) -> tuple[float, float]:
        x = self.left + (longitude - self.west) * self.shrink * self.scale
        return x, self.top + (self.north - latitude) * self.scale


@cache
def _path(name: str, left: float, top: float, width: float) -> tuple[str, float]:
    """Return the path of an area in its box, and the box's height."""
    area = next(area for area in _areas() if area.name == name)
    project = _Projection(area, left, top, width)
    parts = []
    for ring in area.rings:
        points = (project(x, y) for x, y in ring)
        parts.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z")
    return f'<path class="land" d="{"".join(parts)}"/>', project.height


def thinned(points: Sequence[Point], target: str, language: str) -> list[Point]:
    """Return the points to draw; of many, one for each half degree, which says how many poles it stands for and leads to ``target``."""
    if len(points) <= DRAWN:
        return list(points)
    cells = Counter((round(point.latitude * 2) / 2, round(point.longitude * 2) / 2) for point in points)
    count = number_translator(language)
    return [
        Point(latitude, longitude, count("{n} pole", "{n} poles", number), target)
        for (latitude, longitude), number in sorted(cells.items())
    ]


def map_svg(points: Sequence[Point], title: str, language: str) -> str:
    """Return a figure with a map of ``points``; every point is a link with its name. Text is escaped; safe to print as it is.

    An area is drawn when a point lies in it; points outside all areas are left out and counted in the caption.
    """
    _ = translator(language)
    areas = _areas()
    placed = [(point, next((area for area in areas if area.holds(point)), None)) for point in points]
    present = [area for area in areas if any(found is area for _point, found in placed)]
    if not present:
        return ""
    body: list[str] = []
    boxes: dict[str, _Projection] = {}
    height = 0.0
    overseas = [area for area in present if area.name != "metropole"]
    if len(overseas) < len(present):
        main = present[0]
        path, height = _path(main.name, 0.0, 0.0, _WIDTH)
        boxes[main.name] = _Projection(main, 0.0, 0.0, _WIDTH)
        body.append(path)
    alone = not boxes and len(overseas) == 1
    left, tallest = 4.0, 0.0
    for area in overseas:
        width = _WIDTH * 0.7 if alone else _INSET
        top = height + 14.0
        path, tall = _path(area.name, left, top, width)
        boxes[area.name] = _Projection(area, left, top, width)
        body.append(path)
        name = escape(_NAMES[area.name])
        body.append(
            f'<text class="place" x="{left:.0f}" y="{top - 3:.0f}" font-size="9" fill="currentColor">{name}</text>'
        )
        left += width + 10
        tallest = max(tallest, tall)
    if overseas:
        height += tallest + 20
    met: Counter[tuple[float, float]] = Counter()
    for point, home in placed:
        if home is not None:
            place = (point.latitude, point.longitude)
            body.append(_marker(point, boxes[home.name], small=len(points) > 1, nth=met[place]))
            met[place] += 1
    outside = sum(area is None for _point, area in placed)
    caption = _("Position of the municipality, not of an address. Outline: Natural Earth.")
    more = (
        " "
        + number_translator(language)(
            "{n} point lies outside the map.", "{n} points lie outside the map.", outside
        )
        if outside
        else ""
    )
    return (
        f'<figure data-map><svg viewBox="-6 -6 {_WIDTH + 12:.0f} {height + 12:.0f}" role="group" aria-label="{escape(title)}">'
        f"{''.join(body)}</svg><figcaption>{escape(caption + more)}</figcaption></figure>"
    )


def _marker(point: Point, project: _Projection, *, small: bool, nth: int) -> str:
    """Draw a point; the second and later ones of one place stand around it, so that none hides another."""
    x, y = project(point.longitude, point.latitude)
    if nth:
        angle = nth * math.pi / 3
        x, y = x + 8 * math.cos(angle), y + 8 * math.sin(angle)
    label, radius = escape(point.label), 4 if small else 6
    return (
        f'<a href="{escape(point.href)}" data-lat="{point.latitude}" data-lon="{point.longitude}" data-label="{label}">'
        f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="{radius}"><title>{label}</title></circle></a>'
    )
