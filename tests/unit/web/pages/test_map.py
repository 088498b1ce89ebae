"""A map drawn on the server: points where they belong, overseas beside the mainland, links with names."""

from __future__ import annotations

import re

from ptce_lod.web.pages.map import Point, map_svg

PARIS = Point(48.8534, 2.3488, "Paris", "/doc/unit/paris")
MARSEILLE = Point(43.297, 5.3811, "Marseille", "/doc/unit/marseille")
SAINT_PAUL = Point(-21.0096, 55.2713, "Saint-Paul", "/doc/unit/saint-paul")


def centres(svg: str) -> dict[str, tuple[float, float]]:
    found = re.findall(r'data-label="([^"]*)"><circle class="point" cx="([-\d.]+)" cy="([-\d.]+)"', svg)
    return {label: (float(x), float(y)) for label, x, y in found}


def test_north_is_up_and_east_is_right() -> None:
    points = centres(map_svg([PARIS, MARSEILLE], "France", "fr"))
    assert points["Marseille"][1] > points["Paris"][1]
    assert points["Marseille"][0] > points["Paris"][0]


def test_every_point_lies_inside_the_picture() -> None:
    svg = map_svg([PARIS, MARSEILLE, SAINT_PAUL], "France", "fr")
    box = re.search(r'viewBox="([-\d]+) ([-\d]+) ([-\d]+) ([-\d]+)"', svg)
    assert box is not None
    left, top, width, height = map(float, box.groups())
    for x, y in centres(svg).values():
        assert left <= x <= left + width
        assert top <= y <= top + height


def test_overseas_places_have_their_own_outline_and_name() -> None:
    svg = map_svg([PARIS, SAINT_PAUL], "France", "fr")
    assert svg.count('class="land"') == 2
    assert "La Réunion" in svg
    assert map_svg([SAINT_PAUL], "x", "fr").count('class="land"') == 1


def test_a_point_outside_all_outlines_is_counted_not_drawn() -> None:
    svg = map_svg([PARIS, Point(52.52, 13.4, "Berlin", "/x")], "France", "en")
    assert "Berlin" not in svg
    assert "1 point lies outside the map." in svg


def test_points_of_one_place_do_not_hide_each_other() -> None:
    points = centres(
        map_svg([PARIS, PARIS._replace(label="Second"), PARIS._replace(label="Third")], "x", "fr")
    )
    assert len({(round(x), round(y)) for x, y in points.values()}) == 3


def test_without_a_point_there_is_no_map() -> None:
    assert map_svg([], "x", "fr") == ""
