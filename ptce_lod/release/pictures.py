"""Draw a picture of each pole, 1200 × 630, for who shows a link to its page: name, place, point on the outline of France.

Drawn when a release is built, kept in one ZIP file without compression. Equal poles give equal bytes with one version of Pillow; a picture
that an earlier release holds of the same facts is taken over, so that a write costs only what it changes.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

import PIL
import pyoxigraph as ox
from PIL import Image, ImageDraw, ImageFont

from ptce_lod.iris import AddressSpace
from ptce_lod.release.search_details import select, text_of

WIDTH: Final = 1200
HEIGHT: Final = 630
#: Name of the picture of everything that has none of its own.
DEFAULT: Final = "default.png"
#: Raised when the same facts are drawn differently.
_DRAWING: Final = 1
_FONTS: Final = Path(__file__).parent / "fonts"
#: The outline that the pages' maps draw: data of the package, not code of the web room.
_OUTLINE: Final = Path(__file__).parent.parent / "web" / "static" / "map" / "outline.json"
_PAPER, _INK, _SOFT = (253, 253, 251), (23, 33, 31), (74, 90, 86)
_ACCENT, _LAND, _SHORE, _MARK = (11, 107, 91), (223, 231, 227), (157, 177, 170), (255, 209, 102)
_MARGIN: Final = 64
#: Right edge of the text, and the box of the map: left, top, width, height.
_TEXT_RIGHT: Final = 700
_MAP: Final = (740, 75, 400, 480)
_NAME_SIZES: Final = (62, 54, 46, 40, 34)
_NAME_HEIGHT: Final = 300
#: Colours that the palette gives to smooth edges between each pair of inks.
_STEPS: Final = 24
#: Poles that are drawn, a hundredth of a second each; of more, the others have the picture of everything.
_MOST: Final = 2000
_KIND: Final = "Pôle territorial de coopération économique"
_SITE: Final = "PTCE · données liées ouvertes"
_QUERY: Final = """SELECT DISTINCT ?pole ?name ?place ?area ?wkt WHERE {
  ?pole a ptce:Pole ; skos:prefLabel ?name
  OPTIONAL {
    ?pole ptce:territory/ptce:coversUnit ?unit . ?unit skos:prefLabel ?place FILTER(LANG(?place) = "fr")
    OPTIONAL { ?unit geo:hasDefaultGeometry/geo:asWKT ?wkt }
  }
  OPTIONAL {
    ?pole ptce:territory/geo:sfIntersects ?part . ?part skos:prefLabel ?area FILTER(LANG(?area) = "fr")
  }
} ORDER BY ?pole ?name ?place ?area"""
_POINT: Final = re.compile(r"POINT *\(([-0-9.]+) ([-0-9.]+)\)")

Spot = tuple[float, float]


class Facts(NamedTuple):
    """What a picture says: name, places from the smallest to the largest, (longitude, latitude) or None."""

    name: str
    places: tuple[str, ...] = ()
    spot: Spot | None = None
    kind: str = _KIND

    def fingerprint(self) -> bytes:
        """Return what tells pictures apart that must be drawn anew."""
        return hashlib.sha256(repr((_DRAWING, PIL.__version__, tuple(self))).encode()).hexdigest().encode()


def write_pictures(path: Path, store: ox.Store, addresses: AddressSpace, earlier: Path | None) -> None:
    """Write the pictures of all poles of ``store``, and that of all else, into a new ZIP file; ``earlier`` is that of another release."""
    wanted = {DEFAULT: Facts("Pôles territoriaux de coopération économique", kind="")}
    prefix = addresses.base_iri + "id/"
    for iri, facts in islice(_facts(store), _MOST):
        if iri.startswith(prefix):
            wanted[f"{iri.removeprefix(prefix)}.png"] = facts
    kept = _kept(earlier)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, facts in sorted(wanted.items()):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.comment = facts.fingerprint()
            archive.writestr(entry, kept.get(entry.comment) or draw(facts))


def draw(facts: Facts) -> bytes:
    """Return the picture as PNG."""
    area = _area_of(facts.spot)
    image = _ground(area).copy()
    pen = ImageDraw.Draw(image)
    if facts.spot is not None and area is not None:
        spot = _placed(area, *facts.spot)
        for radius, colour in ((17, _PAPER), (14, _ACCENT), (5, _MARK)):
            pen.circle(spot, radius, fill=colour)
    pen.text((_MARGIN, 72), facts.kind, font=_font(24, bold=False), fill=_ACCENT)
    font, lines = _fitted(facts.name)
    y = 118.0
    for line in lines:
        pen.text((_MARGIN, y), line, font=font, fill=_INK)
        y += font.size * 1.2
    if facts.places:
        y += 16
        for line in _wrapped(_where(facts.places), _font(30, bold=False), _TEXT_RIGHT - _MARGIN)[:3]:
            pen.text((_MARGIN, y), line, font=_font(30, bold=False), fill=_SOFT)
            y += 40
    out = io.BytesIO()
    image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(out, "PNG", optimize=False)
    return out.getvalue()


def _facts(store: ox.Store) -> Iterator[tuple[str, Facts]]:
    """Yield (pole, facts), the poles in order."""
    rows: dict[str, dict[str, dict[str, None]]] = {}
    for row in select(store, _QUERY):
        found = rows.setdefault(text_of(row["pole"]), {"name": {}, "place": {}, "area": {}, "wkt": {}})
        for key, values in found.items():
            if (value := row[key]) is not None:
                values[text_of(value)] = None
    for pole, found in rows.items():
        # A pole over several municipalities has no one point.
        point = _POINT.search(next(iter(found["wkt"]))) if len(found["wkt"]) == 1 else None
        spot = (float(point[1]), float(point[2])) if point else None
        places = (*list(found["place"])[:2], *list(found["area"])[:2])
        yield pole, Facts(next(iter(found["name"])), places, spot)


def _kept(earlier: Path | None) -> Mapping[bytes, bytes]:
    """Return fingerprint → picture of an earlier file; nothing when there is none, or it cannot be read: then all is drawn anew."""
    if earlier is None or not earlier.is_file():
        return {}
    try:
        with zipfile.ZipFile(earlier) as archive:
            return {entry.comment: archive.read(entry) for entry in archive.infolist()}
    except (OSError, zipfile.BadZipFile):
        return {}


def _where(places: tuple[str, ...]) -> str:
    first, *rest = dict.fromkeys(places)
    return f"{first} ({', '.join(rest)})" if rest else first


@cache
def _font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    # The basic layout is part of Pillow; the other is a library of the machine.
    return ImageFont.truetype(str(_FONTS / name), size, layout_engine=ImageFont.Layout.BASIC)


def _fitted(name: str) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """Return the largest size in which the name fits, and its lines; a name that never fits is cut."""
    for size in _NAME_SIZES:
        font = _font(size, bold=True)
        lines = _wrapped(name, font, _TEXT_RIGHT - _MARGIN)
        if len(lines) * size * 1.2 <= _NAME_HEIGHT:
            return font, lines
    most = int(_NAME_HEIGHT / (font.size * 1.2))
    return font, [*lines[: most - 1], f"{lines[most - 1][:-1].rstrip()}…"]


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Return ``text`` in lines that fit; no-break spaces hold, a word that is too long is broken."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".lstrip()
        if font.getlength(longer) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if font.getlength(lines[-1] + letter) > width:
                lines.append("")
            lines[-1] += letter
    return lines


@cache
def _areas() -> dict[str, list[list[Spot]]]:
    """Return the name of each part of France → the rings of its outline."""
    document = json.loads(_OUTLINE.read_text(encoding="utf-8"))
    return {
        feature["id"]: [[(x, y) for x, y in polygon[0]] for polygon in feature["geometry"]["coordinates"]]
        for feature in document["features"]
    }


@cache
def _bounds(area: str) -> tuple[float, float, float, float]:
    spots = [spot for ring in _areas()[area] for spot in ring]
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    return min(xs), min(ys), max(xs), max(ys)


def _area_of(spot: Spot | None) -> str | None:
    """Return the part of France that holds a point; the mainland without a point, None for a point outside."""
    if spot is None:
        return "metropole"
    for area in _areas():
        west, south, east, north = _bounds(area)
        if west - 0.3 <= spot[0] <= east + 0.3 and south - 0.3 <= spot[1] <= north + 0.3:
            return area
    return None


def _placed(area: str, longitude: float, latitude: float) -> Spot:
    """Return where a point lies on the picture: the area fills the box of the map as far as its shape lets it."""
    west, south, east, north = _bounds(area)
    left, top, width, height = _MAP
    shrink = math.cos(math.radians((south + north) / 2))
    wide, tall = (east - west) * shrink, north - south
    scale = min(width / wide, height / tall)
    x = left + (width - wide * scale) / 2 + (longitude - west) * shrink * scale
    return x, top + (height - tall * scale) / 2 + (north - latitude) * scale


@cache
def _ground(area: str | None) -> Image.Image:
    """Return what all pictures of one part of France share; drawn four times as large, for smooth edges."""
    times = 4
    image = Image.new("RGB", (WIDTH * times, HEIGHT * times), _PAPER)
    pen = ImageDraw.Draw(image)
    for ring in _areas()[area] if area else ():
        corners = [(x * times, y * times) for x, y in (_placed(area or "", *spot) for spot in ring)]
        pen.polygon(corners, fill=_LAND, outline=_SHORE, width=times)
    pen.rectangle((0, 0, WIDTH * times, 14 * times), fill=_ACCENT)
    image = image.resize((WIDTH, HEIGHT), Image.Resampling.BOX)
    ImageDraw.Draw(image).text((_MARGIN, HEIGHT - 84), _SITE, font=_font(26, bold=True), fill=_ACCENT)
    return image


@cache
def _palette() -> Image.Image:
    """Return the colours of all pictures: inks on paper and on land, with what smooth edges need between them."""
    on_paper = tuple((ink, _PAPER) for ink in (_INK, _SOFT, _ACCENT, _LAND, _SHORE))
    colours: list[int] = []
    for one, other in (*on_paper, (_SHORE, _LAND), (_ACCENT, _MARK)):
        for step in range(_STEPS):
            part = step / (_STEPS - 1)
            colours.extend(round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    image = Image.new("P", (1, 1))
    image.putpalette(colours)
    return image
