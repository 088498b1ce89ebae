"""What the pages of a snapshot say, as triples of Turtle with relative IRIs: pages, whose page it is, facts, claims with evidence.

Never a sentence of a page: values of parameters, titles, and places in the text. A page that nobody linked to a thing says nothing
of things. Source: vocabulary decisions D7 (evidence is offsets into a hashed snapshot) and section 6 (links to pages).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from ptce_lod.errors import Problem
from ptce_lod.iris import is_absolute_iri, slugify, source_slug
from ptce_lod.link_policy import RELATIONS, usual_relation, wrong_link
from ptce_lod.namespaces import CONCEPT, DCTERMS, FOAF, OA, OWL, PAV, PTCE, RDF, RDFS, SCHEMA, SPDX, XSD
from ptce_lod.terms import literal_term
from ptce_lod.wiki.about import About, Decided, Known
from ptce_lod.wiki.api import address_of
from ptce_lod.wiki.config import WikiConfig
from ptce_lod.wiki.contents import Contents
from ptce_lod.wiki.field_terms import iri, of_parameter, of_rdf, thing_term
from ptce_lod.wiki.prefixes import Prefixes
from ptce_lod.wiki.rdf import WIKIBASE, read_facts
from ptce_lod.wiki.snapshot import MERGED, PRESENT, PageRecord
from ptce_lod.wiki.wikitext import PageContent, normal_title

_LANGUAGES: Final = {
    "fr": "FRA",
    "en": "ENG",
    "es": "SPA",
    "de": "DEU",
    "it": "ITA",
    "pt": "POR",
    "ca": "CAT",
    "nl": "NLD",
}
_AUTHORITY: Final = "http://publications.europa.eu/resource/authority/language/"
_SHA256: Final = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
#: Addresses out of one page: spam has more.
_ADDRESSES: Final = 100


@dataclass
class Read:
    """What was read of all pages: lines of Turtle, and what could not be read, in words for who edits the wiki.

    ``unmatched`` are the titles of ``[things]`` that no page has.
    """

    lines: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    pages: int = 0
    things: set[str] = field(default_factory=set)
    unmatched: list[str] = field(default_factory=list)

    def say(self, subject: str, predicate: str, object_: str) -> None:
        """Add a triple; terms as Turtle writes them."""
        self.lines.add(f"{subject} <{predicate}> {object_} .")


class Reader:
    """Reads the pages of one snapshot. Things are known before texts: a link may lead to a page that comes later.

    ``known`` says which things there are, ``taken`` which names other sources gave to their records of pages.
    """

    def __init__(
        self,
        config: WikiConfig,
        retrieved: str,
        licences: Mapping[str, str],
        articles: Mapping[str, str],
        prefixes: Mapping[str, Prefixes] = MappingProxyType({}),
        known: Known | None = None,
        taken: Collection[str] = (),
    ) -> None:
        self._config = config
        self._taken = taken
        self._retrieved = retrieved
        self._licences = licences
        self._articles = articles
        self._categories = {normal_title(rule.title): rule for rule in config.categories}
        self._properties = {name: rule for rule in config.rdf.fields for name in rule.parameters}
        self._sections = {title.lower(): rule for rule in config.sections for title in rule.titles}
        self._noted: set[Problem] = set()
        self._contents = Contents(prefixes, self._problem)
        self._about = About(config, self._contents, self._problem, known)
        self.read = Read()

    def know(self, records: Iterable[PageRecord], decided: Decided = MappingProxyType({})) -> None:
        """Learn which page is about which thing, before any page is read."""
        self._about.know(records, decided)
        self.read.unmatched = self._about.unmatched()

    def thing_of(self, record: PageRecord) -> str:
        """Return the thing that a page is about, such as ``pole/tetris``; "" when nobody said so. :meth:`know` was called before."""
        return self._about.thing_of(record)

    def _problem(self, record: PageRecord, place: str, message: str) -> None:
        problem = Problem(record.url, field=place, message=message)
        if problem not in self._noted:
            self._noted.add(problem)
            self.read.problems.append(problem)

    def page(self, record: PageRecord) -> None:
        """Add what one page says."""
        source = self._node(record.url)
        if record.state != PRESENT:
            self._gone(record, source)
            return
        self.read.pages += 1
        self._describe(record, source)
        thing = self.thing_of(record)
        if thing:
            self.read.things.add(thing)
            self._linked(record, source, thing)
        content = self._contents.taken(record)
        if content is not None:
            self._links(record, source, thing, content)
            if thing:
                self._facts(record, source, thing, content)
                self._claims(record, source, thing, content)
        if thing and record.rdf:
            self._facts_in_rdf(record, source, thing, record.rdf)

    def _node(self, url: str) -> str:
        """Return the name of a page's record: by its address alone, unless another source has that for its own reading of the page."""
        node = f"source/{source_slug(url)}"
        return f"{node}-{self._config.wiki_id}" if node in self._taken else node

    def _linked(self, record: PageRecord, source: str, thing: str) -> None:
        """Say whose page it is; an item of a Wikibase is the thing elsewhere, and its page is about the item."""
        self.read.say(iri(source), FOAF + "primaryTopic", thing_term(thing))
        if self._config.rdf.source == WIKIBASE and record.rdf:
            relation, item = usual_relation("entity", thing), read_facts(record.rdf).subject
            if relation and not wrong_link(relation, thing, item):
                self.read.say(thing_term(thing), RELATIONS[relation], iri(item))
        else:
            self.read.say(thing_term(thing), FOAF + "isPrimaryTopicOf", iri(record.url))

    def _gone(self, record: PageRecord, source: str) -> None:
        """Say that a page is no more, and which one took its place."""
        say = self.read.say
        say(iri(source), RDF + "type", iri(FOAF + "Document"))
        say(iri(source), DCTERMS + "title", literal_term(record.title, language=record.site))
        say(iri(source), SCHEMA + "url", iri(record.url))
        say(iri(source), OWL + "deprecated", literal_term("true", datatype=XSD + "boolean"))
        target = self._about.addresses.get((record.site, record.into)) if record.state == MERGED else None
        if target:
            say(iri(source), DCTERMS + "isReplacedBy", iri(self._node(target)))

    def _describe(self, record: PageRecord, source: str) -> None:
        say, me = self.read.say, iri(source)
        for kind in (FOAF + "Document", PTCE + "Source"):
            say(me, RDF + "type", iri(kind))
        say(me, DCTERMS + "title", literal_term(record.title, language=record.site))
        for predicate in (SCHEMA + "url", PAV + "retrievedFrom"):
            say(me, predicate, iri(record.url))
        say(me, PAV + "retrievedOn", literal_term(self._retrieved, datatype=XSD + "dateTime"))
        say(me, PAV + "version", literal_term(str(record.revision)))
        if record.timestamp:
            say(me, DCTERMS + "modified", literal_term(record.timestamp, datatype=XSD + "dateTime"))
        say(me, DCTERMS + "isPartOf", iri(f"source/wiki-{self._config.wiki_id}"))
        say(me, SCHEMA + "inLanguage", literal_term(record.site))
        if record.site in _LANGUAGES:
            say(me, DCTERMS + "language", iri(_AUTHORITY + _LANGUAGES[record.site]))
        licence = self._licences.get(record.site, "")
        if licence:
            say(me, DCTERMS + "license", iri(licence))
        self._checksum(record, source)
        for name in record.redirects + record.moved_from:
            self._former(record, name, source)

    def _former(self, record: PageRecord, name: str, source: str) -> None:
        """Say that another address leads to the page: a redirect, or where it was before."""
        url = address_of(self._articles.get(record.site, ""), name)
        if url and url != record.url:
            say, former = self.read.say, iri(self._node(url))
            say(former, RDF + "type", iri(FOAF + "Document"))
            say(former, DCTERMS + "title", literal_term(name, language=record.site))
            say(former, SCHEMA + "url", iri(url))
            say(former, DCTERMS + "isReplacedBy", iri(source))

    def _checksum(self, record: PageRecord, source: str) -> None:
        say = self.read.say
        checksum, extent = iri(source + "#checksum"), iri(source + "#extent")
        say(iri(source), SPDX + "checksum", checksum)
        say(checksum, RDF + "type", iri(SPDX + "Checksum"))
        say(checksum, SPDX + "algorithm", iri(_SHA256))
        say(checksum, SPDX + "checksumValue", literal_term(record.sha256, datatype=XSD + "hexBinary"))
        say(iri(source), DCTERMS + "extent", extent)
        say(extent, RDF + "type", iri(DCTERMS + "SizeOrDuration"))
        say(extent, RDF + "value", literal_term(str(len(record.text)), datatype=XSD + "integer"))
        for language, word in (("fr", "caractères Unicode"), ("en", "Unicode characters")):
            say(extent, RDFS + "label", literal_term(f"{len(record.text)} {word}", language=language))

    def _links(self, record: PageRecord, source: str, thing: str, content: PageContent) -> None:
        for title in content.links:
            mentioned = self._about.things.get((record.site, title), "")
            if mentioned and mentioned != thing:
                self.read.say(iri(source), SCHEMA + "mentions", thing_term(mentioned))
        for name in content.categories:
            rule = self._categories.get(name)
            if rule is not None:
                self.read.say(iri(source), DCTERMS + "subject", iri(rule.concept))
                if thing:
                    self.read.say(thing_term(thing), rule.predicate, iri(rule.concept))
        addresses = [
            a for a in content.addresses if a.startswith(("http://", "https://")) and is_absolute_iri(a)
        ]
        if len(addresses) > _ADDRESSES:
            self._problem(
                record,
                "",
                f"has {len(addresses)} outside addresses, more than {_ADDRESSES}: none is published",
            )
            return
        for address in addresses:
            self.read.say(iri(source), DCTERMS + "references", iri(address))

    def _facts(self, record: PageRecord, source: str, thing: str, content: PageContent) -> None:
        for use, rule, own in self._about.boxes(record, content, thing):
            for each in rule.fields:
                filled = (
                    (n, use.parameters[n.lower()]) for n in each.parameters if n.lower() in use.parameters
                )
                name, parameter = next(((n, p) for n, p in filled if p.value), ("", None))
                if parameter is None:
                    continue
                try:
                    value = of_parameter(each, parameter.value, record.site, self._about.things)
                except ValueError as error:
                    self._problem(record, name, str(error))
                    continue
                self.read.things.add(own)
                self.read.say(thing_term(own), each.predicate, value)
                self.read.say(thing_term(own), DCTERMS + "source", iri(source))

    def _facts_in_rdf(self, record: PageRecord, source: str, thing: str, lines: str) -> None:
        for name, value in read_facts(lines).pairs:
            rule = self._properties.get(name)
            if rule is None:
                continue
            try:
                self.read.say(
                    thing_term(thing), rule.predicate, of_rdf(rule, value, record.site, self._about.pages)
                )
                self.read.say(thing_term(thing), DCTERMS + "source", iri(source))
            except ValueError as error:
                self._problem(record, name, str(error))

    def _claims(self, record: PageRecord, source: str, thing: str, content: PageContent) -> None:
        for number, section in enumerate(content.sections, start=1):
            rule = self._sections.get(section.title.lower())
            if rule is None:
                continue
            say = self.read.say
            slug = slugify(f"{self._config.wiki_id}-{record.site}-{record.page_id}-{number}")
            claim, evidence = iri(f"claim/{slug}"), f"evidence/{slug}"
            say(claim, RDF + "type", iri(PTCE + "Claim"))
            say(claim, PTCE + "claimKind", iri(f"{CONCEPT}claim-kind/{rule.kind}"))
            say(claim, PTCE + "claimStatus", iri(CONCEPT + "claim-status/reported"))
            say(claim, PTCE + "claimSubject", thing_term(thing))
            for language, text in rule.text.items():
                words = text.replace("{title}", record.title)
                say(claim, DCTERMS + "description", literal_term(words, language=language))
            say(claim, DCTERMS + "source", iri(source))
            say(claim, PTCE + "evidence", iri(evidence))
            say(iri(evidence), RDF + "type", iri(OA + "SpecificResource"))
            say(iri(evidence), OA + "hasSource", iri(source))
            say(iri(evidence), OA + "hasSelector", iri(evidence + "#selector"))
            selector = iri(evidence + "#selector")
            say(selector, RDF + "type", iri(OA + "TextPositionSelector"))
            for name, place in (("start", section.start), ("end", section.end)):
                say(selector, OA + name, literal_term(str(place), datatype=XSD + "nonNegativeInteger"))
