"""Answer one resource in the representation the client asked for: the same headers and conditions for every kind of resource."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

import pyoxigraph as ox
from flask import Response, request

from ptce_lod import formats, serialize
from ptce_lod.errors import NotAcceptable
from ptce_lod.formats import HTML, RDF_FORMATS, Format
from ptce_lod.iris import AddressSpace
from ptce_lod.web import conditional, context, headers
from ptce_lod.web.negotiation import LANGUAGES, negotiate

#: Offers of a document, and of what machines fetch first. The order breaks ties.
HTML_FIRST: Final = (HTML, *RDF_FORMATS)
RDF_FIRST: Final = (*RDF_FORMATS, HTML)
_BY_EXTENSION: Final = {f.extension: f for f in HTML_FIRST}
_YEAR: Final = 31_536_000


@dataclass(frozen=True)
class Resource:
    """A resource to answer.

    ``address`` is its canonical address without extension, ``query`` follows that of a file (``?page=2``); ``html`` and ``rdf`` make the
    bodies, ``html`` in the language it is given.
    """

    address: str
    html: Callable[[str], str]
    rdf: Callable[[Format], bytes]
    offers: Sequence[Format] = HTML_FIRST
    query: str = ""
    thing: str = ""
    tag_parts: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    def file(self, format_: Format) -> str:
        """Return the address of the representation in one format."""
        return f"{self.address}.{format_.extension}{self.query}"


def split_extension(name: str) -> tuple[str, Format | None]:
    """Return a last path segment without its extension, and the format that stands for; (name, None) when it is none of ours.

    >>> split_extension("pole-sud.ttl")[0], split_extension("0.1.0")
    ('pole-sud', ('0.1.0', None))
    """
    stem, dot, extension = name.rpartition(".")
    format_ = _BY_EXTENSION.get(extension)
    return (stem, format_) if dot and stem and format_ is not None else (name, None)


def answer(resource: Resource, chosen: Format | None = None) -> Response:
    """Return the representation in ``chosen``, an explicit extension, else in what ``Accept`` asks for; 304 when the client holds it."""
    format_ = chosen or negotiate(context.accept(), resource.offers)
    if format_ is None:
        raise NotAcceptable(
            "this resource is not available in any of the accepted media types",
            [f.media_type for f in resource.offers],
            hint="ask for one of the available types, or add the file's extension to the address",
            link="https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1",
        )
    language = context.language() if format_ is HTML else ""
    tag = conditional.entity_tag(context.backend().release_id, format_.name, language, *resource.tag_parts)
    if conditional.not_modified(tag):
        response = conditional.empty(tag)
    else:
        body = resource.html(language) if format_ is HTML else resource.rdf(format_)
        response = Response(body, content_type=format_.content_type)
        response.set_etag(tag)
    _describe(response, resource, format_, language)
    return response


def _describe(response: Response, resource: Resource, format_: Format, language: str) -> None:
    response.headers["Content-Location"] = resource.file(format_)
    response.headers["Cache-Control"] = headers.CACHE_CURRENT
    response.headers["Content-Language"] = language or ", ".join(LANGUAGES)
    links = [headers.link(resource.address + resource.query, "canonical")]
    for offer in resource.offers:
        links.append(headers.link(resource.file(offer), "alternate", type=offer.media_type))
    links.append(headers.link(resource.file(formats.TURTLE), "describedby", type=formats.TURTLE.media_type))
    if resource.thing:
        links.append(headers.link(resource.thing, "cite-as"))
    links += [headers.link(headers.LICENSE, "license"), *resource.links]
    response.headers["Link"] = ", ".join(links)
    response.vary.update(("Accept", "Accept-Language"))
    if format_ is HTML:
        response.vary.add("Cookie")
        remember_language(response)


def remember_language(response: Response) -> None:
    """Keep the language a reader chose by ``?lang=`` in a cookie; such a response is for that reader alone."""
    chosen = request.args.get("lang")
    if chosen in LANGUAGES:
        path = urlsplit(context.settings().base_iri).path
        response.set_cookie("lang", chosen, max_age=_YEAR, path=path, samesite="Lax", httponly=True)
        response.headers["Cache-Control"] = "private, no-cache"


def write_rdf(quads: Iterable[ox.Quad], format_: Format) -> bytes:
    """Return quads in an RDF format with our prefixes, those that occur."""
    if format_ is formats.JSON_LD:
        # Readers of one graph (rdflib's Graph, search engines) see nothing of JSON-LD's named graphs; TriG and N-Quads tell them.
        quads = [ox.Quad(*triple) for triple in dict.fromkeys(quad.triple for quad in quads)]
    return serialize.serialize(quads, format_, _prefixes(context.settings().addresses))


@lru_cache(maxsize=4)
def _prefixes(addresses: AddressSpace) -> dict[str, str]:
    return addresses.prefixes()
