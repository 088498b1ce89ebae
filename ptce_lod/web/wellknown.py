"""What programs look for at fixed places: health, robots.txt, sitemaps, llms.txt, security.txt, the catalogue of APIs, profiles.

Sources: RFC 9309 (robots.txt), sitemaps.org protocol 0.9, RFC 9116 (security.txt), RFC 9727 (api-catalog), llmstxt.org.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final
from xml.sax.saxutils import escape

import pyoxigraph as ox
from flask import Blueprint, Response, abort

from ptce_lod import namespaces as ns
from ptce_lod.formats import RDF_FORMATS
from ptce_lod.query.backend import LISTS
from ptce_lod.web import context, exported, headers, links, profiles, published
from ptce_lod.web.links import LINKSET_JSON, link
from ptce_lod.web.pages.text import path_of
from ptce_lod.web.representation import Resource, answer, split_extension, write_rdf

blueprint: Final = Blueprint("wellknown", __name__)
#: Addresses in one sitemap; the protocol allows 50 000.
SITEMAP_URLS: Final = 50_000
#: Things read at a time for a sitemap.
_BATCH: Final = 5000
_TEXT: Final = "text/plain; charset=utf-8"
_XML: Final = "application/xml; charset=utf-8"
_SITEMAPS: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
#: How long security.txt may be relied on; RFC 9116 section 2.5.5 advises less than a year.
_SECURITY_DAYS: Final = 180
#: What costs: queries, searches, writes, former states. Everything else is for everybody. Some readers of robots.txt know no wildcards.
_DISALLOWED: Final = (
    "sparql?query=",
    "sparql?*",
    "search?q=",
    "search?*",
    "search.",
    "suggest?",
    "fragments?",
    "fragments.",
    "reconcile?",
    "reconcile/",
    "update",
    "rdf-graph-store",
    "memento/",
)
#: Lines of llms.txt about what only a server answers.
_SERVED_LINE: Final = re.compile(r"- \[(SPARQL endpoint|Search|Reconciliation)\]")
_PROF: Final = "http://www.w3.org/ns/dx/prof/"


def _answer(body: str, content_type: str) -> Response:
    return Response(body, content_type=content_type, headers={"Cache-Control": headers.CACHE_CURRENT})


@blueprint.get("/healthz")
def health() -> Response:
    """Say that the process answers."""
    return Response("ok\n", content_type=_TEXT, headers={"Cache-Control": "no-store"})


@blueprint.get("/readyz")
def ready() -> Response:
    """Say which release answers; 503 when none does."""
    body = json.dumps({"status": "ready", "release": context.backend().release_id}) + "\n"
    return Response(body, content_type="application/json", headers={"Cache-Control": "no-store"})


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Let crawlers read every document and keep them off what costs: queries and searches."""
    base = context.settings().base_iri
    root = path_of(base, base)
    lines = (
        "User-agent: *",
        *(f"Disallow: {root}{path}" for path in _DISALLOWED),
        f"Allow: {root}",
        f"Sitemap: {base}sitemap.xml",
        "",
    )
    return _answer("\n".join(lines), _TEXT)


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """List every document that a person would read; the sitemaps that do, when there are more than one may hold."""
    base = context.settings().base_iri
    count = -(-_document_count() // SITEMAP_URLS)
    if count <= 1:
        return _sitemap(islice(_documents(), SITEMAP_URLS))
    entries = "".join(f"<sitemap><loc>{base}sitemap-{n}.xml</loc></sitemap>\n" for n in range(1, count + 1))
    return _answer(f'{_HEAD}<sitemapindex xmlns="{_SITEMAPS}">\n{entries}</sitemapindex>\n', _XML)


@blueprint.get("/sitemap-<int:number>.xml")
def part_of_sitemap(number: int) -> Response:
    """List the documents of one of several sitemaps, from 1."""
    begin = (number - 1) * SITEMAP_URLS
    if number < 1 or begin >= _document_count():
        abort(404, f"there is no sitemap {number}")
    return _sitemap(islice(_documents(), begin, begin + SITEMAP_URLS))


_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
#: Pages that are no documents of things.
PAGES: Final = (
    "",
    *LISTS,
    "ns",
    "shapes",
    "catalog",
    "sparql",
    "reconcile",
    "wikis",
    "map",
    "network",
    "timeline",
    "statistics",
    "news",
    "report",
    "problem",
    "api",
)


def _pages() -> tuple[str, ...]:
    """Return the pages of this site: an exported one does without that of the reconciliation service."""
    return tuple(page for page in PAGES if page != "reconcile" or not context.is_exported())


def _document_count() -> int:
    backend = context.backend()
    return (
        len(_pages())
        + len(published.catalog().facts.entries)
        + sum(backend.things(name, limit=1)[0] for name in LISTS)
    )


def _documents() -> Iterator[tuple[str, datetime | None]]:
    """Yield the address of each document, and when it became what it is, as far as that is known."""
    settings, backend = context.settings(), context.backend()
    history, number = context.history(), context.publication()
    for name in _pages():
        yield settings.base_iri + name, history.moment(number)
    catalog = published.catalog()
    for entry in catalog.facts.entries:
        changed = datetime.fromisoformat(entry.modified) if "T" in entry.modified else None
        yield catalog.dataset(entry.name), changed
    for name in LISTS:
        total, offset = 1, 0
        while offset < total:
            total, things = backend.things(name, offset=offset, limit=_BATCH)
            for thing in things:
                address = settings.addresses.document(thing.iri) or thing.iri
                yield address, history.last_changed(thing.iri, number)
            offset += _BATCH


def _sitemap(documents: Iterator[tuple[str, datetime | None]]) -> Response:
    def entry(address: str, changed: datetime | None) -> str:
        when = f"<lastmod>{changed.isoformat().replace('+00:00', 'Z')}</lastmod>" if changed else ""
        return f"<url><loc>{escape(address)}</loc>{when}</url>\n"

    entries = "".join(entry(address, changed) for address, changed in documents)
    return _answer(f'{_HEAD}<urlset xmlns="{_SITEMAPS}">\n{entries}</urlset>\n', _XML)


@blueprint.get("/.well-known/security.txt")
def security() -> Response:
    """Say whom to tell of a weakness."""
    settings = context.settings()
    if not settings.contact:
        abort(404, "the operator of this server has named no contact")
    # To the day: the same text all day long.
    expires = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(
        days=_SECURITY_DAYS
    )
    lines = (
        f"Contact: {settings.contact}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.base_iri}.well-known/security.txt",
        "",
    )
    return _answer("\n".join(lines), _TEXT)


@blueprint.get("/.well-known/api-catalog")
def api_catalog() -> Response:
    """List the services for programs, as a linkset."""
    base = context.settings().base_iri
    contexts = [
        (
            f"{base}.well-known/api-catalog",
            [
                link(f"{base}{path}", "item")
                for path in ("sparql", "reconcile", "catalog", "api", "dumps/latest/all.nq")
                if not exported.is_served(f"{base}{path}")
            ],
        ),
        (
            f"{base}sparql",
            [
                link(f"{base}sparql", "service-desc", type="text/turtle"),
                link(f"{base}sparql", "service-doc", type="text/html"),
                link(f"{base}readyz", "status", type="application/json"),
            ],
        ),
        (
            f"{base}reconcile",
            [
                link(f"{base}reconcile.json", "service-desc", type="application/json"),
                link(f"{base}reconcile.html", "service-doc", type="text/html"),
            ],
        ),
        (
            f"{base}catalog",
            [
                link(f"{base}catalog.ttl", "service-desc", type="text/turtle"),
                link(f"{base}catalog.html", "service-doc", type="text/html"),
            ],
        ),
        (
            f"{base}api",
            [
                link(f"{base}openapi.json", "service-desc", type="application/json"),
                link(f"{base}api.html", "service-doc", type="text/html"),
                link(f"{base}readyz", "status", type="application/json"),
            ],
        ),
    ]
    contexts = [each for each in contexts if not exported.is_served(each[0])]
    if context.is_exported():  # no file says that a server is ready
        contexts = [
            (anchor, [each for each in found if each.relation != "status"]) for anchor, found in contexts
        ]
    body = links.write_linkset(contexts, LINKSET_JSON).decode()
    response = _answer(body, f'{LINKSET_JSON.media_type}; profile="https://www.rfc-editor.org/info/rfc9727"')
    response.headers["Link"] = str(link(f"{base}.well-known/api-catalog", "api-catalog"))
    return response


@blueprint.get("/llms.txt")
def llms() -> Response:
    """Tell language models in a page what this is and where everything stands."""
    settings, backend = context.settings(), context.backend()
    base, things = settings.base_iri, backend.statistics.get("things", {})
    counts = ", ".join(
        f"{things[kind]} {word}"
        for kind, word in (
            ("pole", "poles"),
            ("actor", "actors"),
            ("cooperation", "cooperations"),
            ("event", "events"),
        )
        if things.get(kind)
    )
    example = "" if context.is_exported() else "?regions=bretagne"  # files have no filters
    text = f"""# PTCE, linked open data

> Facts about French "pôles territoriaux de coopération économique" (PTCE): enterprises of the social economy, companies, local
> authorities, researchers and trainers of one territory who pool means and cooperate. Each statement names its source.

Release {backend.release_id}: {counts}. What is not known is absent: nothing is guessed. Data under Licence Ouverte 2.0; name the sources.
Each document is at its address in HTML (French by default, `?lang=en`) and, with `.ttl`, `.jsonld`, `.rdf`, `.nt`, `.trig` or `.nq` behind
it or by `Accept`, in RDF. Cite things by their permanent address, `{base}id/…`.

## Data

- [Everything, N-Quads]({base}dumps/latest/all.nq): one file, with the named graph of each statement
- [Catalogue]({base}catalog.ttl): all datasets and files, DCAT
- [SPARQL endpoint]({base}sparql): `GET {base}sparql?query=…`, results as JSON, CSV, XML or TSV; limits are in its service description
- [Search]({base}search.json?q=archer): `GET {base}search.json?q=…`, names, acronyms, places and codes, with facets
- [Tables]({base}api/poles.json): `GET {base}api/poles.json{example}`, rows with stable keys as JSON, CSV and GeoJSON, by page
- [OpenAPI]({base}openapi.json): every address, parameter, format and error
- [Reconciliation]({base}reconcile.html): names and identifiers of a table to IRIs, `POST {base}reconcile`, Reconciliation Service API 0.2
- [Example queries]({base}queries.html): questions these data answer, ready to run

## Lists

"""
    if context.is_exported():
        text = "".join(line for line in text.splitlines(keepends=True) if not _SERVED_LINE.match(line))
    text += "".join(f"- [{name.capitalize()}]({base}{name}.jsonld)\n" for name in LISTS if name != "queries")
    text += f"""
## Meaning

- [Vocabulary]({base}ns.ttl): classes and properties, with definitions in French and English
- [Concept schemes]({base}concepts.html): the value lists
- [Shapes]({base}shapes.ttl): what conforming data look like

## Optional

- [Validation report]({base}report.ttl)
- [What problems mean]({base}problem.html)
- [Sitemap]({base}sitemap.xml)
"""
    return _answer(text, "text/markdown; charset=utf-8")


@blueprint.get("/profile/<name>")
def profile(name: str) -> Response:
    """Say what a view of a document holds."""
    stem, format_ = split_extension(name)
    found = profiles.PROFILES.get(stem)
    if found is None or "://" in found.iri:
        abort(404, f"there is no profile {stem[:100]!r}")
    address = f"{context.settings().base_iri}profile/{stem}"
    iri = ox.NamedNode(address)
    quads = [ox.Quad(iri, ox.NamedNode(ns.RDF + "type"), ox.NamedNode(_PROF + "Profile"))]
    quads += [
        ox.Quad(iri, ox.NamedNode(ns.DCTERMS + "title"), ox.Literal(title, language=language))
        for language, title in (("fr", found.title_fr), ("en", found.title_en))
    ]
    quads.append(ox.Quad(iri, ox.NamedNode(_PROF + "hasToken"), ox.Literal(found.name)))
    resource = Resource(
        address,
        lambda _: "",
        lambda chosen: write_rdf(quads, chosen),
        offers=RDF_FORMATS,
        tag_parts=("profile", stem),
    )
    return answer(resource, format_)
