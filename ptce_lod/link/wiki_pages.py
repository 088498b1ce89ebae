"""Pages of a pulled wiki as entries: titles, redirects, what declared templates and categories say, pages in other languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from ptce_lod.decisions import Decision
from ptce_lod.link.entries import Entry
from ptce_lod.link_policy import PRIMARY_TOPIC, Kind
from ptce_lod.namespaces import CONCEPT, DCTERMS, FOAF, ORG, SCHEMA
from ptce_lod.wiki.about import Known
from ptce_lod.wiki.config import WikiConfig
from ptce_lod.wiki.contents import read_own_words
from ptce_lod.wiki.plain import plain
from ptce_lod.wiki.prefixes import USUAL, Prefixes, prefixes_of
from ptce_lod.wiki.rdf import WIKIBASE, read_facts
from ptce_lod.wiki.snapshot import PRESENT, PageRecord, Snapshot
from ptce_lod.wiki.statements import Reader
from ptce_lod.wiki.wikitext import PageContent, normal_title

#: Property of a declared template field → what it tells of the page's thing.
_FACT_OF: Final = {
    FOAF + "page": "website",
    FOAF + "homepage": "website",
    DCTERMS + "spatial": "place",
    SCHEMA + "location": "place",
    ORG + "identifier": "identifier",
}
#: Links of one page that are looked at: spam has more.
_ADDRESSES: Final = 100

#: (language, normalised title) → things.
_Translations = Mapping[tuple[str, str], set[str]]


def page_entries(
    config: WikiConfig, snapshot: Snapshot, decided: Iterable[Decision] = (), known: Known | None = None
) -> Iterator[Entry]:
    """Yield the pages of a snapshot of which the mapping names no thing; ``decided`` are decisions on pages of this wiki.

    ``known`` says which things there are: a page that names another is an entry as well.
    A page whose text cannot be read is an entry by its title alone.
    """
    prefixes = {site: prefixes_of(about) for site, about in snapshot.about["sites"].items()}
    reader = Reader(config, "", {}, {}, prefixes, known)
    reader.know(snapshot.records())
    translations = _translations(snapshot, decided)
    for record in snapshot.records():
        if record.state == PRESENT and not reader.thing_of(record):
            yield _entry(config, record, translations, prefixes.get(record.site, USUAL))


def entry_key(record: PageRecord) -> str:
    """Return what names a page in the table of decisions: it stays when the page is moved."""
    return f"{record.site}:{record.page_id}"


def _translations(snapshot: Snapshot, decided: Iterable[Decision]) -> _Translations:
    about = {d.entry: d.thing for d in decided if d.is_published and d.relation == PRIMARY_TOPIC}
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for record in snapshot.records() if about else ():
        if thing := about.get(entry_key(record)):
            for language, title in record.languages.items():
                found[language, normal_title(title)].add(thing)
    return found


def _entry(config: WikiConfig, record: PageRecord, translations: _Translations, prefixes: Prefixes) -> Entry:
    try:
        content = read_own_words(record.text, prefixes)
    except ValueError:
        content = PageContent()
    facts = {name: tuple(values) for name, values in _facts(config, content).items()}
    names: tuple[str, ...] = (record.title, *record.redirects, *record.moved_from)
    kind: Kind = "page"
    target = record.url
    if config.rdf.source == WIKIBASE and record.rdf:
        item = read_facts(record.rdf)
        names, kind, target = item.names(record.site) or names, "entity", item.subject
        facts["page"] = item.sitelinks()
    return Entry(
        entry_key(record),
        names[0],
        kind,
        target,
        record.site,
        tuple(dict.fromkeys(names[1:])),
        facts,
        content.addresses[:_ADDRESSES],
        tuple(sorted(translations.get((record.site, normal_title(record.title)), ()))),
    )


def _facts(config: WikiConfig, content: PageContent) -> dict[str, list[str]]:
    """Return what the declared templates and categories say."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for use in content.templates:
        rules = [rule for rule in config.templates if use.name in map(normal_title, rule.names)]
        for field in (field for rule in rules for field in rule.fields if field.predicate in _FACT_OF):
            filled = (use.parameters.get(name.lower()) for name in field.parameters)
            if value := next((plain(each.value) for each in filled if each and each.value), ""):
                found[_FACT_OF[field.predicate]].append(value)
    declared = {normal_title(rule.title): rule.concept for rule in config.categories}
    for category in content.categories:
        if category in declared:
            found["category"].append("concept/" + declared[category].removeprefix(CONCEPT))
    return found
