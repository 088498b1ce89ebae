"""Results of a search, and news, as Atom feeds. Sources: RFC 4287; OpenSearch 1.1 (response elements and description document)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

ATOM_NS = "http://www.w3.org/2005/Atom"
OPENSEARCH_NS = "http://a9.com/-/spec/opensearch/1.1/"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True)
class Entry:
    """One entry: ``id`` is the thing's IRI, ``address`` that of its document, ``categories`` (term, label).

    ``updated`` is RFC 3339; "" for the feed's own.
    """

    id: str
    address: str
    title: str
    summary: str
    categories: Sequence[tuple[str, str]]
    updated: str = ""


@dataclass(frozen=True)
class Feed:
    """A feed of one page of results; ``updated`` is the date of the data, as nothing is newer.

    ``links``: (relation, address, media type).
    """

    id: str
    title: str
    subtitle: str
    language: str
    updated: str
    author: str
    rights: str
    links: Sequence[tuple[str, str, str]]
    text: str
    total: int
    start: int
    size: int


def write_feed(feed: Feed, entries: Iterable[Entry]) -> bytes:
    """Return the feed as XML."""
    lines = [
        f'<feed xmlns="{ATOM_NS}" xmlns:opensearch="{OPENSEARCH_NS}" xml:lang={quoteattr(feed.language)}>',
        _element("id", feed.id),
        _element("title", feed.title),
        _element("subtitle", feed.subtitle),
        _element("updated", feed.updated),
        f"<author>{_element('name', feed.author)}</author>",
        _element("rights", feed.rights),
        *(
            _empty("link", {"rel": relation, "href": address, "type": media_type})
            for relation, address, media_type in feed.links
        ),
        _element("opensearch:totalResults", str(feed.total)),
        _element("opensearch:startIndex", str(feed.start)),
        _element("opensearch:itemsPerPage", str(feed.size)),
        *([_empty("opensearch:Query", {"role": "request", "searchTerms": feed.text})] if feed.text else []),
    ]
    for entry in entries:
        lines += [
            "<entry>",
            _element("id", entry.id),
            _element("title", entry.title),
            _element("updated", entry.updated or feed.updated),
            _empty("link", {"rel": "alternate", "href": entry.address, "type": "text/html"}),
            *(_empty("category", {"term": term, "label": label}) for term, label in entry.categories),
            _element("summary", entry.summary),
            "</entry>",
        ]
    return (_HEAD + "\n".join([*lines, "</feed>"]) + "\n").encode()


def write_description(
    name: str, about: str, language: str, image: str, templates: Sequence[tuple[str, str]]
) -> bytes:
    """Return an OpenSearch description document. ``templates``: (media type, address with ``{searchTerms}``)."""
    lines = [
        f'<OpenSearchDescription xmlns="{OPENSEARCH_NS}">',
        _element("ShortName", name[:16]),
        _element("Description", about),
        _element("InputEncoding", "UTF-8"),
        _element("OutputEncoding", "UTF-8"),
        _element("Language", language),
        f'<Image width="16" height="16" type="image/svg+xml">{escape(image)}</Image>',
        *(_empty("Url", {"type": media_type, "template": template}) for media_type, template in templates),
        _empty("Query", {"role": "example", "searchTerms": "archer"}),
        "</OpenSearchDescription>",
    ]
    return (_HEAD + "\n".join(lines) + "\n").encode()


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def _empty(name: str, attributes: Mapping[str, str]) -> str:
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items() if value)
    return f"<{name}{written}/>"
