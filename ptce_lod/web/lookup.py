"""From the address of a web page to our thing: ``/lookup?url=`` leads there, its files say which things the page is about."""

from __future__ import annotations

import hashlib
import json
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox
from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from ptce_lod.errors import BadRequest, ThingNotFound
from ptce_lod.formats import HTML, JSON, RDF_FORMATS
from ptce_lod.iris import is_absolute_iri
from ptce_lod.namespaces import RDFS
from ptce_lod.page_address import page_key
from ptce_lod.query.found import PageAbout
from ptce_lod.web import context
from ptce_lod.web.identity import see_other
from ptce_lod.web.negotiation import negotiate
from ptce_lod.web.representation import Resource, answer, rule, split_extension, write_rdf

blueprint: Final = Blueprint("lookup", __name__)
_PARAMETERS: Final = ("url", "_mediatype", "lang")
_LABEL: Final = ox.NamedNode(RDFS + "label")


@blueprint.get(rule("lookup", more=(JSON,)))
def lookup(name: str) -> AnyResponse:
    """Send a reader to the thing that a page is about; say in JSON or RDF, where that is preferred, which things and how."""
    _, format_ = split_extension(name, (JSON,))
    url = _read_url()
    found = _found(url)
    if format_ is None and _is_for_a_reader():
        return see_other(_address(found[0].iri))
    base = context.settings().base_iri
    body = {JSON: lambda: _json(url, found)}
    return answer(
        Resource(
            f"{base}lookup",
            lambda _language: "",  # there is no page: a reader is sent on
            lambda chosen: write_rdf(_quads(found), chosen),
            offers=(JSON, *RDF_FORMATS),
            query=f"?url={quote(url, safe='')}",
            tag_parts=("lookup", hashlib.sha256(url.encode()).hexdigest()[:16]),
            others=body,
            modified=context.published_at(),
        ),
        format_,
    )


def _read_url() -> str:
    """Return the address that is asked for; :class:`BadRequest` when there is not one, or another parameter."""
    for name in request.args:
        if name not in _PARAMETERS:
            raise BadRequest(f"{name[:50]} is no parameter here, expected url")
    values = request.args.getlist("url")
    if len(values) != 1 or not values[0].strip():
        raise BadRequest(
            f"url is given {len(values)} times, expected the address of one web page" if values[1:]
            else "url is missing, expected the address of a web page",
            hint="/lookup?url=https%3A%2F%2Fexample.org%2Fwiki%2FPTCE",
        )  # fmt: skip
    return values[0].strip()


def _is_for_a_reader() -> bool:
    return (
        request.args.get("_mediatype") is None
        and negotiate(context.accept(), (HTML, JSON, *RDF_FORMATS)) == HTML
    )


def _found(url: str) -> list[PageAbout]:
    try:
        key = page_key(url)
    except ValueError as error:
        raise BadRequest(
            f"url is {url[:100]!r}: {error}", hint="expected the http(s) address of a web page"
        ) from None
    found = context.backend().pages_about(key)
    if not found:
        raise ThingNotFound(
            f"no page at {url[:200]} is known to be about a thing", hint="/search finds things by name"
        )
    return list(found)


def _address(iri: str) -> str:
    """Return where a thing is found here: concepts have IRIs elsewhere."""
    addresses = context.settings().addresses
    return iri if addresses.parse_thing(iri) is not None else addresses.document(iri) or iri


def _labels(iri: str) -> dict[str, str]:
    labels = {code: context.backend().label(iri, code) for code in ("fr", "en")}
    return {code: label.value for code, label in labels.items() if label is not None}


def _json(url: str, found: list[PageAbout]) -> bytes:
    things = [
        {
            "iri": each.iri,
            "document": context.settings().addresses.document(each.iri) or each.iri,
            "labels": _labels(each.iri),
            "property": each.property,
            "page": each.page,
            "language": each.language,
        }
        for each in found
    ]
    body = {"release": str(context.backend().release_id), "url": url, "things": things}
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()


def _quads(found: list[PageAbout]) -> list[ox.Quad]:
    quads = []
    for each in found:
        thing = ox.NamedNode(each.iri)
        if is_absolute_iri(each.page):
            quads.append(ox.Quad(thing, ox.NamedNode(each.property), ox.NamedNode(each.page)))
        quads += [
            ox.Quad(thing, _LABEL, ox.Literal(text, language=code))
            for code, text in _labels(each.iri).items()
        ]
    return list(dict.fromkeys(quads))
