"""Answer one resource in the representation the client asked for: the same headers and conditions for every kind of resource."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Final
from urllib.parse import urlsplit

import pyoxigraph as ox
from flask import Response, has_request_context, request

from ptce_lod import formats, serialize
from ptce_lod.errors import NotAcceptable, ThingNotFound
from ptce_lod.formats import HTML, N3, RDF_FORMATS, TURTLE, Format
from ptce_lod.iris import AddressSpace
from ptce_lod.licences import Licence
from ptce_lod.web import conditional, context, exported, headers, links
from ptce_lod.web.links import LINKSET, LINKSET_JSON, Link, link
from ptce_lod.web.negotiation import LANGUAGES, negotiate

#: Offers of a document, and of what machines fetch first. The order breaks ties.
HTML_FIRST: Final = (HTML, *RDF_FORMATS)
RDF_FIRST: Final = (*RDF_FORMATS, HTML)
_LINKSETS: Final = (LINKSET, LINKSET_JSON)
#: Extensions of files of a resource; the longer ones first.
EXTENSIONS: Final = {
    f"{LINKSET.extension}.{LINKSET_JSON.extension}": LINKSET_JSON,
    LINKSET.extension: LINKSET,
    **{f.extension: f for f in (*HTML_FIRST, N3)},
}
#: Only of histories (``?history``), where it has the extension for itself.
HISTORY_JSON: Final = Format("json", "JSON", "application/json", "json")
_YEAR: Final = 31_536_000


def _no_links() -> Sequence[Link]:
    return ()


@dataclass(frozen=True)
class Resource:
    """A resource to answer.

    ``address`` is its canonical address without extension, ``query`` follows that of a file (``?page=2``); ``html`` and ``rdf`` make the
    bodies, ``html`` in the language it is given. ``thing`` is the IRI it describes. ``view`` is the query of a view (``?_profile=short``),
    whose canonical address is that without it. ``items`` are links that only the linkset holds: those of a list to its members;
    ``late_links`` are known only with the body, so a 304 does without. ``has_files`` says whether each format has an address; ``others``
    makes the bodies of offers that are neither HTML nor RDF. ``modified`` is when what it says became so (UTC); ``licence`` that of what
    has no thing, unless it is that of the data.
    """

    address: str
    html: Callable[[str], str]
    rdf: Callable[[Format], bytes]
    offers: Sequence[Format] = HTML_FIRST
    query: str = ""
    thing: str = ""
    tag_parts: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    items: Callable[[], Sequence[Link]] = _no_links
    view: str = ""
    late_links: Callable[[], Sequence[Link]] = _no_links
    has_files: bool = True
    others: Mapping[Format, Callable[[], bytes]] = field(default_factory=dict)
    modified: datetime | None = None
    licence: Licence | None = None

    def file(self, format_: Format) -> str:
        """Return the address of the representation in one format."""
        if not self.has_files:
            return f"{self.address}{self.query}"
        return with_extension(self.address, format_) + (self.view or self.query)

    def answers(self) -> tuple[Format, ...]:
        """Return the formats of the offers, then those that only who names them gets."""
        return (*self.offers, *((N3,) if TURTLE in self.offers else ()), *_LINKSETS)

    def _licence(self) -> str:
        """Return the address of the licence: the one it was given, else that of what is said of its thing."""
        found = self.licence or links.licence_of(self.thing, context.settings().addresses)
        return found.iri

    def all_links(self) -> list[Link]:
        """Return the links of the resource, as headers and pages print them."""
        if not self.has_files:
            return [
                link(self.address + self.query, "canonical"),
                link(self._licence(), "license"),
                *self.links,
            ]
        found = links.representation_links(self.address, self.query, self.offers, languages=LANGUAGES)
        if self.thing:
            found += links.thing_links(self.thing, context.settings().addresses)
        return [
            *found,
            link(self._licence(), "license"),
            *self.links,
            *links.linkset_links(self.address, self.query),
        ]


def split_extension(name: str, more: Sequence[Format] = ()) -> tuple[str, Format | None]:
    """Return a last path segment without its extension, and the format that stands for; (name, None) when it is none of ours.

    ``more`` are formats that only this resource has.

    >>> split_extension("pole-sud.ttl")[0], split_extension("0.1.0"), split_extension("poles.linkset.json")[0]
    ('pole-sud', ('0.1.0', None), 'poles')
    """
    if has_request_context() and "history" in request.args and not name.endswith(".linkset.json"):
        stem = name.removesuffix(f".{HISTORY_JSON.extension}")
        if stem and stem != name:
            return stem, HISTORY_JSON
    for extension, format_ in (*EXTENSIONS.items(), *((f.extension, f) for f in more)):
        stem = name.removesuffix(f".{extension}")
        if stem and stem != name:
            return stem, format_
    return name, None


def rule(*stems: str, more: Sequence[Format] = ()) -> str:
    """Return the routing rule of resources with fixed names, ``/{name}`` and ``/{name}.{extension}``; the segment is ``name``.

    ``more`` are formats that only these resources have.
    """
    extensions = (*EXTENSIONS, *(f.extension for f in more))
    names = ", ".join(f"'{stem}{end}'" for stem in stems for end in ("", *(f".{e}" for e in extensions)))
    return f"/<any({names}):name>"


def with_extension(address: str, format_: Format | None) -> str:
    """Return ``address`` with the extension of ``format_``; as it is for None."""
    own = format_.extension if format_ else ""
    extension = next((name for name, f in EXTENSIONS.items() if f is format_), own)
    return f"{address}.{extension}" if extension else address


def answer(resource: Resource, chosen: Format | None = None) -> Response:
    """Return the representation in ``chosen``, an explicit extension, else in what ``Accept`` asks for; 304 when the client holds it.

    The linkset of the resource is a representation, too, but one that only its own address or media type gets.
    """
    if chosen is not None and chosen not in resource.answers():
        raise ThingNotFound(
            f"this resource has no file of the extension .{chosen.extension}",
            hint=f"it has {', '.join(f'.{each.extension}' for each in resource.offers)}",
        )
    format_ = chosen or _negotiated(resource)
    language = context.language() if format_ is HTML else ""
    tag = conditional.entity_tag(
        context.backend().release_id,
        format_.name,
        language,
        *resource.tag_parts,
        resource.view.lstrip("?_"),
        "memento" if context.memento() else "",
    )
    found = _links(resource, format_)
    if conditional.not_modified(tag, resource.modified):
        response = conditional.empty(tag)
    else:
        found += _of_that_day(resource.late_links())
        response = Response(_body(resource, format_, language, found), content_type=_content_type(format_))
        response.set_etag(tag)
    _describe(response, resource, format_, language, found)
    if format_ is HTML and resource.has_files:
        exported.leave(_files(resource))
    return response


def _files(resource: Resource) -> dict[str, Callable[[], bytes]]:
    """Return the extensions of a resource's files but its pages, and what makes each as its own address answers it."""

    def make(format_: Format) -> bytes:
        found = [*_links(resource, format_), *_of_that_day(resource.late_links())]
        body = _body(resource, format_, "", found)
        return body if isinstance(body, bytes) else body.encode()

    answers = resource.answers()
    return {
        extension: partial(make, format_)
        for extension, format_ in EXTENSIONS.items()
        if format_ is not HTML and format_ in answers
    }


def _links(resource: Resource, format_: Format) -> list[Link]:
    """Return the links of a representation. A file has no headers: of an exported one that shows none, only what leads to further pages."""
    if context.is_exported():
        shows_some = format_ is HTML or format_ in _LINKSETS
        return _answered(resource.all_links()) if shows_some else list(resource.links)
    return _of_that_day(resource.all_links()) + _time_links(resource, format_)


#: Links of a memento that lead to the same state in other formats and on other pages.
_OF_ITS_STATE: Final = frozenset(
    {"alternate", "describedby", "linkset", "first", "last", "next", "prev", "version-history"}
)


def _of_that_day(found: Sequence[Link]) -> list[Link]:
    """Return links as a memento has them; as they are for a current document."""
    if context.memento() is None:
        return list(found)
    return [
        replace(each, target=_at(each.target)) if each.relation in _OF_ITS_STATE else each for each in found
    ]


#: Links that only a server answers: former states of a document.
_OF_OTHER_STATES: Final = frozenset({"memento", "original", "timegate", "timemap", "version-history"})


def _answered(found: list[Link]) -> list[Link]:
    """Return links without those that an exported site has no files for: other states, views by ``_profile``, services."""
    base = context.settings().base_iri
    return [
        each
        for each in found
        if _OF_OTHER_STATES.isdisjoint(each.relation.split())
        and "_profile=" not in each.target
        and not exported.is_of_service(each.target, base)
    ]


def _time_links(resource: Resource, format_: Format) -> list[Link]:
    """Return the links to other states: of the address that was asked for; in a linkset of the resource that it speaks of."""
    moment, base = context.memento(), context.settings().base_iri
    asked = moment.original.removeprefix(base) if moment is not None else request.path
    return context.time_links(resource.address.removeprefix(base) if format_ in _LINKSETS else asked)


def _at(address: str) -> str:
    """Return the address of one of our documents in the state that answers: that of a memento, or its own."""
    moment, base = context.memento(), context.settings().base_iri
    return address if moment is None else moment.root + address.removeprefix(base)


def _negotiated(resource: Resource) -> Format:
    accept = request.args.get("_mediatype") or context.accept()
    # A linkset is about the resource, and says nothing of what that says: after everything else.
    format_ = negotiate(accept, resource.answers())
    if format_ is None:
        raise NotAcceptable(
            "this resource is not available in any of the accepted media types",
            [f.media_type for f in resource.offers],
            hint="ask for one of the available types, or add the file's extension to the address",
            link="https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1",
            alternates=[(resource.file(f), f.media_type) for f in resource.offers],
        )
    return format_


def _body(resource: Resource, format_: Format, language: str, found: Sequence[Link]) -> str | bytes:
    if format_ is HTML:
        context.offer_links([each for each in found if "datetime" not in dict(each.attributes)])
        return resource.html(language)
    if format_ in _LINKSETS:
        held = [*found, *resource.items()]
        return links.write_linkset(
            links.anchored_links(_at(resource.address), resource.query, resource.offers, held), format_
        )
    return resource.others.get(format_, lambda: resource.rdf(format_))()


def _content_type(format_: Format) -> str:
    # RFC 9264 section 6: a linkset is UTF-8, and its media types have no charset parameter.
    return format_.media_type if format_ in _LINKSETS else format_.content_type


def _describe(
    response: Response, resource: Resource, format_: Format, language: str, found: Sequence[Link]
) -> None:
    response.headers["Content-Location"] = _at(resource.file(format_))
    response.headers["Content-Language"] = language or ", ".join(LANGUAGES)
    # Never in the future (RFC 9110 section 8.8.2.1): publications in quick succession are dated a second apart.
    if resource.modified is not None and resource.modified <= datetime.now(UTC):
        response.last_modified = resource.modified
    back = [link(resource.address + resource.query, "describes")] if format_ is not HTML else []
    response.headers["Link"] = links.header([*found, *back])
    if context.is_exported():  # a file is cached and varied as who serves it says
        return
    response.headers["Cache-Control"] = headers.CACHE_CURRENT
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


def in_language(response: Response, language: str) -> Response:
    """Return ``response`` with the headers of a text that exists in both languages and was chosen by ``context.language()``."""
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = headers.CACHE_CURRENT
    response.vary.update(("Accept-Language", "Cookie"))
    remember_language(response)
    return response


def write_rdf(quads: Iterable[ox.Quad], format_: Format) -> bytes:
    """Return quads in an RDF format with our prefixes, those that occur.

    Whoever reads one graph finds every triple in the default graph: readers of JSON-LD, which has no other here, and of TriG and N-Quads
    (Comunica asks for these first), where named graphs say once more from which source each triple comes.
    """
    if format_.holds_named_graphs:
        found = list(quads)
        default = ox.DefaultGraph()
        if all(quad.graph_name == default for quad in found):
            quads = dict.fromkeys(found)
        else:
            everything = [ox.Quad(*triple) for triple in dict.fromkeys(quad.triple for quad in found)]
            named = () if format_ is formats.JSON_LD else (q for q in found if q.graph_name != default)
            quads = [*everything, *named]
    return serialize.serialize(quads, format_, _prefixes(context.settings().addresses))


@lru_cache(maxsize=4)
def _prefixes(addresses: AddressSpace) -> dict[str, str]:
    return addresses.prefixes()
