"""The page of the map of poles: filters, the drawn map, and the same poles as a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from ptce_lod.query.backend import Backend, ThingSummary
from ptce_lod.query.found import SearchAnswer
from ptce_lod.settings import Settings
from ptce_lod.web.pages.environment import render
from ptce_lod.web.pages.i18n import translator
from ptce_lod.web.pages.links import Option, as_french_sorts
from ptce_lod.web.pages.map import Point, map_svg, thinned
from ptce_lod.web.pages.search import FACET_TITLES, value_label
from ptce_lod.web.pages.site import label_of, path_to
from ptce_lod.web.pages.text import path_of
from ptce_lod.web.searching import Search

#: Facets that the form has, in its order.
_FACETS: Final = ("region", "department", "sector", "stage", "recognition", "year")


class _Select(NamedTuple):
    name: str
    title: str
    options: Sequence[Option]


class _Row(NamedTuple):
    href: str
    label: str
    lang: str
    acronym: str
    place: str
    region: str
    is_located: bool


def render_map(
    backend: Backend, settings: Settings, asked: Search, found: SearchAnswer, language: str
) -> str:
    """Return the page of the map; ``found`` holds every pole that the filters leave."""
    _ = translator(language)
    address = path_of(f"{settings.base_iri}map", settings.base_iri)
    rest = {name: values for name, values in asked.filters.items() if name != "type"}
    query, size = Search(asked.text, rest).query(), settings.page_size
    things = [hit.thing for hit in found.hits]
    begin = (asked.page - 1) * size
    points = _points(things, settings, language)
    return render(
        "map.html",
        language,
        settings,
        backend,
        section="map",
        page_query=Search(asked.text, rest, asked.page).query(),
        text=asked.text,
        selects=[_select(name, found, rest, backend, language) for name in _FACETS],
        is_filtered=bool(query),
        total=found.total,
        located=sum("latitude" in thing.detail for thing in things),
        map=map_svg(points, _("Municipalities of the poles"), language),
        rows=[_row(thing, settings, language) for thing in things[begin : begin + size]],
        page=asked.page,
        last=max(1, -(-found.total // size)),
        address=address,
        pages_address=f"{address}?{query}{'&' if query else ''}",
        geojson=f"{address}.geojson{'?' if query else ''}{query}",
        tiles=settings.map_tiles_url,
        tiles_attribution=settings.map_tiles_attribution,
    )


def _select(name: str, found: SearchAnswer, chosen: object, backend: Backend, language: str) -> _Select:
    options = []
    for value in found.facets.get(name, ()):
        label, lang = value_label(name, value, backend, language)
        options.append(Option(value.value, label, lang, value.number, value.chosen))
    if name != "year":
        options = as_french_sorts(options)
    return _Select(name, translator(language)(FACET_TITLES[name]), options)


def _row(thing: ThingSummary, settings: Settings, language: str) -> _Row:
    label, lang = label_of(thing, language)
    detail = thing.detail
    place = ", ".join(str(detail[key]) for key in ("place", "departement") if key in detail)
    acronym = str(detail.get("acronym", ""))
    return _Row(
        path_to(thing.iri, settings),
        label,
        lang,
        acronym if acronym != label else "",
        place,
        str(detail.get("region", "")),
        "latitude" in detail,
    )


def _points(things: Sequence[ThingSummary], settings: Settings, language: str) -> list[Point]:
    return thinned(
        [
            Point(
                thing.detail["latitude"],
                thing.detail["longitude"],
                label_of(thing, language)[0],
                path_to(thing.iri, settings),
            )
            for thing in things
            if "latitude" in thing.detail and "longitude" in thing.detail
        ],
        "#list",
        language,
    )
