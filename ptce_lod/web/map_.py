"""The map of poles at ``/map``: a page with filters and the same as a list, and GeoJSON (RFC 7946) for maps of others."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from ptce_lod.errors import ThingNotFound
from ptce_lod.formats import GEOJSON, HTML
from ptce_lod.query.backend import Backend, ThingSummary
from ptce_lod.query.found import SearchAnswer
from ptce_lod.settings import Settings
from ptce_lod.web import context, headers, pages
from ptce_lod.web.links import LICENSE, SCHEMA, link
from ptce_lod.web.representation import Resource, answer, rule, split_extension
from ptce_lod.web.searching import Search, read_search

blueprint: Final = Blueprint("map", __name__)
_FILES: Final = (GEOJSON,)
#: Poles that one map shows at most; more than France has.
_MOST: Final = 20_000
#: Answers that are kept: page and data of one map ask for the same, one after the other.
_KEPT: Final = 4
_FOUND: dict[tuple[object, ...], SearchAnswer] = {}


@blueprint.get(rule("map", more=_FILES))
def map_(name: str) -> Response:
    """Answer with the poles that the filters leave."""
    _, format_ = split_extension(name, _FILES)
    settings = context.settings()
    asked = read_search({**request.args.to_dict(flat=False), "type": ["pole"], "kind": []})
    found = _Found(context.backend(), settings, asked)
    query = shown_query(asked)
    response = answer(
        Resource(
            f"{settings.base_iri}map",
            found.html,
            lambda _format: found.geojson(),
            offers=(HTML, GEOJSON),
            query=f"?{query}" if query else "",
            tag_parts=("map", asked.tag()),
            links=(link(SCHEMA + "CollectionPage", "type"),),
            others={GEOJSON: found.geojson},
            modified=context.published_at(),
        ),
        format_,
    )
    if settings.map_tiles_url and response.mimetype == HTML.media_type:
        response.headers["Content-Security-Policy"] = _with_tiles(settings.map_tiles_url)
    return response


def shown_query(asked: Search) -> str:
    """Return the query of the address of a map: that of the search for poles without saying that they are poles."""
    rest = {name: values for name, values in asked.filters.items() if name != "type"}
    return Search(asked.text, rest, asked.page).query()


def _with_tiles(address: str) -> str:
    """Return the policy of a page that may show the tiles of one host."""
    parts = urlsplit(address.replace("{s}", "*"))
    return headers.POLICY.replace(
        "img-src 'self' data:", f"img-src 'self' data: {parts.scheme}://{parts.netloc}"
    )


@dataclass(frozen=True)
class _Found:
    """The poles of one map, looked up when a representation asks for them."""

    backend: Backend
    settings: Settings
    asked: Search

    @cached_property
    def everything(self) -> SearchAnswer:
        """All poles that the filters leave."""
        key = (self.settings.var_dir, self.backend.release_id, self.asked.at(1).query())
        found = _FOUND.get(key)
        if found is None:
            found = self.backend.search(self.asked.text, self.asked.filters, limit=_MOST)
            if len(_FOUND) >= _KEPT:
                _FOUND.clear()
            _FOUND[key] = found
        return found

    def html(self, language: str) -> str:
        """Return the page for people; :class:`ThingNotFound` for a page of the list behind the last."""
        size, number = self.settings.page_size, self.asked.page
        last = max(1, -(-self.everything.total // size))
        if number > last:
            raise ThingNotFound(f"page {number} of this list does not exist: there are {last}")
        return pages.render_map(self.backend, self.settings, self.asked, self.everything, language)

    def geojson(self) -> bytes:
        """Return the poles as a collection of features; one whose place is not known has no geometry (RFC 7946, section 3.2)."""
        body = {
            "type": "FeatureCollection",
            "title": "PTCE",
            "license": LICENSE,
            "release": str(self.backend.release_id),
            "precision": "municipality",
            "features": [self._feature(hit.thing) for hit in self.everything.hits],
        }
        return (json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n").encode()

    def _feature(self, thing: ThingSummary) -> dict[str, Any]:
        detail = thing.detail
        point = (
            [detail["longitude"], detail["latitude"]] if {"longitude", "latitude"} <= detail.keys() else None
        )
        names = {"departement": "department", "date": "since"}
        kept = (
            "acronym",
            "place",
            "departement",
            "region",
            "stage",
            "sectors",
            "members",
            "date",
            "recognitions",
        )
        return {
            "type": "Feature",
            "id": thing.iri,
            "geometry": {"type": "Point", "coordinates": point} if point else None,
            "properties": {
                "document": self.settings.addresses.document(thing.iri) or thing.iri,
                "label_fr": thing.label_fr,
                "label_en": thing.label_en,
                **{names.get(key, key): detail[key] for key in kept if key in detail},
            },
        }
