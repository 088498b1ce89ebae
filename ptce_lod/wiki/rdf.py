"""What wikis say in RDF: ``Special:ExportRDF`` of Semantic MediaWiki, ``Special:EntityData`` of Wikibase, cut down to a page's own facts.

A snapshot keeps these facts as N-Triples, so that they can be read again by a changed mapping. Sources: Semantic MediaWiki, Help:RDF
export; Wikibase, RDF dump format (its times have a precision, which the plain value does not show, so only those with it are kept).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

import pyoxigraph as ox

from ptce_lod import formats
from ptce_lod.namespaces import RDF, RDFS, SKOS, XSD
from ptce_lod.page_address import PageKey, page_key
from ptce_lod.parse import read_rdf
from ptce_lod.wiki.api import address_of
from ptce_lod.wiki.values import Parser, Value, parse_date, parse_value

SEMANTIC_MEDIAWIKI: Final = "semantic-mediawiki"
WIKIBASE: Final = "wikibase"
SOURCES: Final = (SEMANTIC_MEDIAWIKI, WIKIBASE)
#: Names of an item, the first its main one.
NAMES: Final = (RDFS + "label", SKOS + "altLabel")
#: Pages of wikis about an item, as they are kept; Wikibase says it the other way round.
SITELINK: Final = "http://schema.org/subjectOf"
_ABOUT: Final = "http://schema.org/about"
_SWIVT: Final = "http://semantic-mediawiki.org/swivt/1.0#"
#: Languages of which the names of an item are kept.
_LANGUAGES: Final = ("fr", "en", "mul")
_STATED: Final = re.compile(r"(.*/prop/)(P\d+)")
_GREGORIAN: Final = "/Q1985727"
#: Precision of a time → length of its lexical form, datatype. Coarser ones are no dates of ours.
_PRECISIONS: Final = {"9": (4, "gYear"), "10": (7, "gYearMonth"), "11": (10, "date")}
_LONGEST: Final = 1000
#: What a triple may have in its places.
_Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class Facts(NamedTuple):
    """What is said of a page's subject: its IRI, and (property, value)."""

    subject: str
    pairs: tuple[tuple[str, ox.NamedNode | ox.Literal], ...]

    def names(self, language: str) -> tuple[str, ...]:
        """Return the names of an item, those in ``language`` first."""
        found = [
            (term.language != language, NAMES.index(name), term.value)
            for name, term in self.pairs
            if name in NAMES and isinstance(term, ox.Literal)
        ]
        return tuple(dict.fromkeys(name for *_, name in sorted(found)))

    def sitelinks(self) -> tuple[str, ...]:
        """Return the addresses of the pages of wikis about an item."""
        return tuple(value.value for name, value in self.pairs if name == SITELINK)


def document_address(source: str, article: str, title: str) -> str:
    """Return where a page's RDF is; ``article`` is the address of a page with ``$1`` for its title.

    >>> document_address("wikibase", "https://base.example/wiki/$1", "Item:Q42")
    'https://base.example/wiki/Special:EntityData/Q42.nt'
    """
    if source == WIKIBASE:
        return address_of(article, f"Special:EntityData/{title.rpartition(':')[2]}.nt")
    address = address_of(article, f"Special:ExportRDF/{title}")
    return f"{address}{'&' if '?' in address else '?'}syntax=turtle"


def own_facts(data: bytes, source: str, document: str, page: str) -> str:
    """Return what a document says of the subject of ``page`` as sorted N-Triples, "" when that is nothing.

    ``document`` is the document's address, ``page`` the page's. :class:`ParseError` when it is no RDF.
    """
    format_ = formats.N_TRIPLES if source == WIKIBASE else formats.TURTLE
    content = read_rdf(data, format_, path=document, base_iri=document, judge=False)
    content.raise_if_problems()
    graph = _Graph(content.quads)
    said = _of_item(graph, document) if source == WIKIBASE else _of_page(graph, page)
    return "".join(sorted({f"{triple} .\n" for triple in said}))


def read_facts(lines: str) -> Facts:
    """Return what :func:`own_facts` kept."""
    pairs: list[tuple[str, ox.NamedNode | ox.Literal]] = []
    subject = ""
    for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
            subject = quad.subject.value
            pairs.append((quad.predicate.value, quad.object))
    return Facts(subject, tuple(pairs))


class _Graph:
    """Triples by subject and property."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._all = ox.Dataset(quads)

    def subjects(self, predicate: str) -> Iterator[tuple[ox.NamedNode, _Term]]:
        """Yield (subject, object) of a property."""
        for quad in self._all.quads_for_predicate(ox.NamedNode(predicate)):
            if isinstance(quad.subject, ox.NamedNode):
                yield quad.subject, quad.object

    def of(self, subject: ox.NamedNode) -> Iterator[tuple[str, _Term]]:
        """Yield (property, value) of a subject."""
        for quad in self._all.quads_for_subject(subject):
            yield quad.predicate.value, quad.object

    def values(self, subject: _Term, end: str) -> list[_Term]:
        """Return the values of the properties of a subject whose IRIs end so."""
        return (
            [o for p, o in self.of(subject) if p.endswith(end)] if isinstance(subject, ox.NamedNode) else []
        )


def _of_page(graph: _Graph, page: str) -> Iterator[ox.Triple]:
    """Yield the properties of a page of Semantic MediaWiki; other pages are named by their addresses."""
    pages = {s.value: o.value for s, o in graph.subjects(_SWIVT + "page") if isinstance(o, ox.NamedNode)}
    wanted = page_key(page)
    for subject in (ox.NamedNode(s) for s, address in pages.items() if _key(address) == wanted and _key(s)):
        for predicate, value in graph.of(subject):
            if predicate.startswith((_SWIVT, RDF, RDFS)):
                continue
            if isinstance(value, ox.NamedNode):
                value = ox.NamedNode(pages.get(value.value, value.value))
            if isinstance(value, ox.NamedNode) or _is_short(value):
                yield ox.Triple(subject, ox.NamedNode(predicate), value)


def _key(address: str) -> PageKey | None:
    try:
        return page_key(address)
    except ValueError:
        return None


def _of_item(graph: _Graph, document: str) -> Iterator[ox.Triple]:
    """Yield names and best values of an item of a Wikibase. An item that was merged is described under its new number."""
    about = [(s, o) for s, o in graph.subjects(_ABOUT) if isinstance(o, ox.NamedNode) and _key(o.value)]
    described = [o for s, o in about if "/Special:EntityData/" in s.value] or [o for _, o in about]
    wanted = "/" + document.rpartition("/")[2].removesuffix(".nt")
    items = [item for item in described if item.value.endswith(wanted)] or described[:1]
    for item in items[:1]:
        pages = [s for s, o in about if o == item and "/Special:EntityData/" not in s.value]
        yield from (ox.Triple(item, ox.NamedNode(SITELINK), page) for page in pages)
        for predicate, value in graph.of(item):
            stated = _STATED.fullmatch(predicate)
            if stated is not None:
                property_ = ox.NamedNode(f"{stated[1]}direct/{stated[2]}")
                for time in _times(graph, value, f"{stated[1]}statement/value/{stated[2]}"):
                    yield ox.Triple(item, property_, time)
            elif _is_kept(predicate, value):
                yield ox.Triple(item, ox.NamedNode(predicate), value)


def _is_kept(predicate: str, value: _Term) -> bool:
    """Say whether a property of an item is kept: a direct one, or a name in a language that we read."""
    if predicate in NAMES:
        return isinstance(value, ox.Literal) and value.language in _LANGUAGES and _is_short(value)
    return "/prop/direct/" in predicate and (isinstance(value, ox.NamedNode) or _is_short(value))


def _is_short(value: _Term) -> bool:
    """Say whether a value is a literal that is kept: no long text, and no time whose precision is not known."""
    return (
        isinstance(value, ox.Literal)
        and len(value.value) <= _LONGEST
        and not (value.datatype.value == XSD + "dateTime" and value.value.endswith("T00:00:00Z"))
    )


def _times(graph: _Graph, statement: _Term, property_: str) -> Iterator[ox.Literal]:
    """Yield the times of a best statement at the precision they have."""
    if not any(
        isinstance(o, ox.NamedNode) and o.value.endswith("#BestRank")
        for o in graph.values(statement, "#type")
    ):
        return
    for node in graph.values(statement, property_):
        text, precision, calendar = (
            next((str(getattr(o, "value", "")) for o in graph.values(node, f"#time{name}")), "")
            for name in ("Value", "Precision", "CalendarModel")
        )
        length, datatype = _PRECISIONS.get(precision, (0, ""))
        if datatype and calendar.endswith(_GREGORIAN) and re.fullmatch(r"\d{4}-\d\d-\d\dT.*", text):
            yield ox.Literal(text[:length], datatype=ox.NamedNode(XSD + datatype))


def read_value(term: ox.NamedNode | ox.Literal, parser: Parser) -> Value:
    """Return a term as a value of a ``parser`` that knows no pages or concepts; ValueError, in words, when it is none."""
    if parser == "url":
        return parse_value(term.value, "url", "")
    if isinstance(term, ox.NamedNode):
        raise ValueError(f"{term.value[:60]!r} is an address, expected a {parser}")
    if parser == "date":
        return parse_date(_day(term))
    if parser in ("integer", "decimal"):
        try:
            number = Decimal(term.value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) >= Decimal(10) ** 30:
            raise ValueError(f"{term.value[:60]!r} is no number")
        if parser == "integer" and number != number.to_integral_value():
            raise ValueError(f"{term.value[:60]} is no whole number")
        return Value(f"{number:f}".removeprefix("+"), XSD + parser)
    text = " ".join("".join(c if c.isprintable() else " " for c in term.value).split())
    if not text:
        raise ValueError("is empty")
    return Value(text)


def _day(term: ox.Literal) -> str:
    """Return a date without its time zone, which a day of an event does not have."""
    if term.datatype.value == XSD + "dateTime":
        return datetime.datetime.fromisoformat(term.value.replace("Z", "+00:00")).date().isoformat()
    return term.value.removesuffix("Z")
