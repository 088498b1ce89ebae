"""The network of cooperation: a page with a drawing and tables, node-link JSON, and GraphML for programs that analyse networks."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, request

from ptce_lod.errors import BadRequest, ThingNotFound
from ptce_lod.formats import GRAPHML, HTML, JSON, Format
from ptce_lod.query.backend import Backend
from ptce_lod.release.graphml import graphml
from ptce_lod.release.layout import VarLayout
from ptce_lod.web import context, pages
from ptce_lod.web.filtering import SCHEMES, Filters, Network, filtered
from ptce_lod.web.links import LICENSE, SCHEMA, link
from ptce_lod.web.representation import Resource, answer, rule, split_extension
from ptce_lod.web.searching import read_number

blueprint: Final = Blueprint("network", __name__)
_FILES: Final = (JSON, GRAPHML)
_LENGTH: Final = 100


@blueprint.get(rule("network", more=_FILES))
def network(name: str) -> Response:
    """Answer with the network that the filters leave."""
    _, format_ = split_extension(name, _FILES)
    settings, backend = context.settings(), context.backend()
    filters = _read_filters()
    number = read_number("page", request.args.getlist("page"), 1, 10**6)
    found = filtered(
        _everything(VarLayout(settings.var_dir).release(backend.release_id).network), filters, settings
    )
    query = filters.query()

    def html(language: str) -> str:
        size = settings.page_size
        last = max(1, -(-max(len(found.nodes), len(found.edges)) // size))
        if number > last:
            raise ThingNotFound(f"page {number} of the network does not exist: there are {last}")
        return pages.render_network(backend, settings, found, filters, (number, last), language)

    makers: dict[Format, Callable[[], bytes]] = {
        JSON: lambda: _json(found, filters, backend),
        GRAPHML: lambda: _graphml(found, backend),
    }
    paged = "&".join(part for part in (query, f"page={number}" if number > 1 else "") if part)
    return answer(
        Resource(
            f"{settings.base_iri}network",
            html,
            lambda _format: makers[JSON](),
            offers=(HTML, JSON, GRAPHML),
            query=f"?{paged}" if paged else "",
            tag_parts=("network", query, str(number)),
            links=(link(SCHEMA + "WebPage", "type"),),
            others=makers,
            modified=context.published_at(),
        ),
        format_,
    )


def _read_filters() -> Filters:
    values = {name: request.args.get(name, "") for name in ("pole", *SCHEMES, "year")}
    for name, value in values.items():
        if len(value) > _LENGTH or not value.isprintable():
            raise BadRequest(f"{name} is {value[:50]!r}, expected a value of the form on the page")
    year = values["year"]
    if year and not (len(year) == 4 and year.isascii() and year.isdigit()):
        raise BadRequest(f"year is {year[:50]!r}, expected four digits, such as 2014")
    return Filters(**values)


@lru_cache(maxsize=4)
def _everything(path: Path) -> Network:
    if not path.is_file():  # a release built before there was a network
        return Network([], [])
    found = json.loads(path.read_text(encoding="utf-8"))
    return Network(found["nodes"], found["edges"])


def _json(found: Network, filters: Filters, backend: Backend) -> bytes:
    """Return node-link JSON."""
    body = {
        "release": str(backend.release_id),
        "license": LICENSE,
        "directed": False,
        "multigraph": True,
        "filters": {name: value for name, value in vars(filters).items() if value},
        "nodes": [{**node, **_labels(node["id"], backend)} for node in found.nodes],
        "links": [{**edge, **_labels(edge["what"], backend, "what_")} for edge in found.edges],
    }
    return (json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _labels(iri: str, backend: Backend, prefix: str = "label_") -> dict[str, str]:
    return {f"{prefix}{code}": _name(iri, code, backend) if iri else "" for code in ("fr", "en")}


def _name(iri: str, language: str, backend: Backend) -> str:
    label = backend.label(iri, language)
    return label.value if label else iri


def _graphml(found: Network, backend: Backend) -> bytes:
    return "".join(
        graphml(found.nodes, found.edges, lambda iri, language: _name(iri, language, backend))
    ).encode()
