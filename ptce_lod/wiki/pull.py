"""Pull pages into a snapshot: all of it, or the former one stays. What moved, merged or was deleted since is followed.

A page keeps its number when it is moved: that is how it is known again.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlsplit

from ptce_lod.errors import SourceUnavailable
from ptce_lod.wiki import rdf
from ptce_lod.wiki.answers import PageInfo, PageText
from ptce_lod.wiki.api import WikiApi, address_of
from ptce_lod.wiki.config import Selection, Site, WikiConfig
from ptce_lod.wiki.session import Manners
from ptce_lod.wiki.snapshot import DELETED, MERGED, PRESENT, Entry, Key, PageRecord, Snapshot, SnapshotFolder
from ptce_lod.wiki.trust import clean

#: Told (step, done, total).
Listener = Callable[[str, int, int], None]
_CHARACTERS: Final = frozenset("#<>[]|{}")
#: Titles of pages that are not there, told in an error.
_TOLD: Final = 10


@dataclass
class Pulled:
    """What a pull did: numbers of pages by what became of them, and what was selected and is not there.

    ``missing`` are titles that the wiki does not have, ``empty`` says in words which categories and prefixes have no page.
    """

    snapshot: Snapshot
    counts: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)


@dataclass
class Work:
    """A pull in progress: what the former snapshot and the pull before it was cut short had, and what is known now. Texts stay on the disk.

    ``asked`` counts the texts that the wiki was asked for, ``fetched`` those that came.
    """

    folder: SnapshotFolder
    former: dict[Key, Entry]
    resumed: dict[Key, Entry]
    listener: Listener
    entries: dict[Key, Entry] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    asked: int = 0
    fetched: int = 0

    def known(self, key: Key, revision: int) -> Entry | None:
        """Return a page whose text of ``revision`` is here already."""
        for place in (self.resumed, self.former):
            entry = place.get(key)
            if entry is not None and entry.page.state == PRESENT and entry.page.revision == revision:
                return entry
        return None

    def keep(self, record: PageRecord) -> None:
        """Note what a page is now, and write it down."""
        self.entries[record.key] = self.folder.keep(record)

    def note_empty(self, what: str, name: str, found: Collection[object]) -> None:
        """Note a category or prefix that no page has: it may be a slip."""
        if not found:
            self.empty.append(f"the {what} {name!r} has no page")

    def nothing_found(self) -> str:
        """Return, in words, what was selected and is not there."""
        told = [*self.empty, *(f"there is no page {title!r}" for title in self.missing)]
        more = [f"and {len(told) - _TOLD} more"] if len(told) > _TOLD else []
        return "; ".join(["no page of what was selected is there", *told[:_TOLD], *more])

    def renew(self, entry: Entry, record: PageRecord) -> None:
        """Note that a page's text and facts are still those of ``entry``, and the rest what ``record`` says."""
        if entry.is_of(record):
            self.entries[record.key] = entry
        else:
            known = entry.load()
            self.keep(replace(record, text=known.text, rdf=known.rdf))


def pull(
    config: WikiConfig,
    selection: Selection,
    folder: SnapshotFolder,
    manners: Manners,
    *,
    private_hosts: Iterable[str] = (),
    listener: Listener = lambda step, done, total: None,
) -> Pulled:
    """Pull the selected pages of the first site, and the pages in the languages of the other sites that they link to."""
    if not selection:
        raise SourceUnavailable(
            "nothing is selected", hint="name a --category, --prefix, --page or --list, or write [pull]"
        )
    with folder.locked():
        return _pull(
            config, selection, begin(folder, config, asdict(selection), listener), manners, set(private_hosts)
        )


def _pull(
    config: WikiConfig, selection: Selection, work: Work, manners: Manners, private_hosts: set[str]
) -> Pulled:
    titles: list[str] | None = None
    about: dict[str, Any] = {}
    for site in config.sites:
        if not site.api:
            continue
        is_private = urlsplit(site.api).hostname in private_hosts
        api = WikiApi(site.api, manners, private_allowed=is_private, heeds_robots=site.robots != "ignore")
        try:
            api.settle_article(site.article)
            wanted = list(_selected(api, selection, work)) if titles is None else titles
            _pull_site(api, site, wanted, work)
            if config.rdf.source:
                _fetch_facts(api, site, config.rdf.source, work)
        finally:
            api.close()
        about[site.language] = {**asdict(api.info), "api": site.api}
        titles = None
        following = next((s for s in config.sites[config.sites.index(site) + 1 :] if s.api), None)
        if following is not None:
            titles = _linked(work, following.language)
    return finish(work, about, config)


def begin(folder: SnapshotFolder, config: WikiConfig, selection: dict[str, Any], listener: Listener) -> Work:
    """Open a pull: see what the former snapshot has, and what an interrupted pull of the same left. The folder is locked."""
    snapshot = folder.current()
    request = {
        "wiki": config.wiki_id,
        "api": [site.api for site in config.sites],
        "rdf": config.rdf.source,
        **selection,
    }
    return Work(folder, snapshot.index() if snapshot else {}, folder.resume(request), listener)


def _selected(api: WikiApi, selection: Selection, work: Work) -> Iterator[str]:
    """Yield the titles that are selected; what has none is noted."""
    for category in selection.categories:
        try:
            found = list(api.category(category))
        except SourceUnavailable as error:  # the wiki does not say which name it refuses
            raise SourceUnavailable(
                f"{error.message} (asked for the category {category!r})", hint=error.hint
            ) from error
        yield from found
        work.note_empty("category", category, found)
    for prefix in selection.prefixes:
        yield from (found := list(api.beginning(prefix)))
        work.note_empty("prefix", prefix, found)
    yield from selection.pages


def _linked(work: Work, language: str) -> list[str]:
    return sorted({title for e in work.entries.values() if (title := e.page.languages.get(language))})


def is_title(title: str) -> bool:
    """Say whether a page can have such a title; control characters never come from an honest wiki."""
    return title.isprintable() and 0 < len(title.encode()) <= 255 and _CHARACTERS.isdisjoint(title)


def _pull_site(api: WikiApi, site: Site, titles: list[str], work: Work) -> None:
    wanted = list(dict.fromkeys(titles))
    work.missing += [title for title in wanted if not is_title(title)]
    found: dict[int, PageInfo] = {}
    for number, page in enumerate(api.titled(title for title in wanted if is_title(title)), start=1):
        work.listener(f"find {site.language}", number, len(wanted))
        if page.exists and is_title(page.title):
            known = found.setdefault(page.page_id, page)
            if known is not page:
                known.redirects += page.redirects
        else:
            work.missing.append(page.title)
    _fetch(api, site, found, work)
    _follow(api, site, found, work)


def _fetch(api: WikiApi, site: Site, found: dict[int, PageInfo], work: Work) -> None:
    """Fetch the texts that are not here yet, and keep each as it comes."""
    wanted = []
    for page_id, page in found.items():
        known = work.known((site.language, page_id), page.revision)
        if known is None:
            wanted.append(page_id)
        else:
            was = known.page
            work.renew(known, _record(api, site, page, PageText(was.revision, was.timestamp, ""), work))
    work.asked += len(wanted)
    for page_id, text in api.texts(wanted):
        work.keep(_record(api, site, found[page_id], text, work))
        work.fetched += 1
        work.listener(f"fetch {site.language}", work.fetched, len(wanted))
    work.missing += [found[i].title for i in wanted if (site.language, i) not in work.entries]


def _fetch_facts(api: WikiApi, site: Site, source: str, work: Work) -> None:
    """Ask for the RDF of the pages whose facts are not here yet, and keep each as it comes."""
    wanted = [
        e
        for e in work.entries.values()
        if e.page.site == site.language and e.page.state == PRESENT and not e.has_facts
    ]
    for number, entry in enumerate(wanted, start=1):
        address = rdf.document_address(source, api.info.article, entry.page.title)
        data = api.document(address)
        facts = "" if data is None else rdf.own_facts(data, source, address, entry.page.url)
        work.keep(replace(entry.load(), rdf=facts))
        work.listener(f"read RDF {site.language}", number, len(wanted))


def _record(api: WikiApi, site: Site, page: PageInfo, text: PageText, work: Work) -> PageRecord:
    return PageRecord(
        site.language,
        page.page_id,
        page.title,
        address_of(api.info.article, page.title),
        text.revision,
        text.timestamp,
        text.text,
        tuple(sorted({title for title in page.redirects if is_title(title) and title != page.title})),
        dict(sorted(page.languages.items())),
        page.protected,
        moved_from=moved_from(work.former.get((site.language, page.page_id)), page.title),
    )


def moved_from(entry: Entry | None, title: str) -> tuple[str, ...]:
    """Return the former titles of a page that is now called ``title``, the latest last."""
    if entry is None:
        return ()
    former = entry.page
    names = [*former.moved_from, *([former.title] if former.title != title else [])]
    return tuple(name for name in dict.fromkeys(names) if name != title)


def _follow(api: WikiApi, site: Site, found: dict[int, PageInfo], work: Work) -> None:
    """Find what became of the pages of the former snapshot that are not among those found now."""
    lost = [
        e.page for e in work.former.values() if e.page.site == site.language and e.page.page_id not in found
    ]
    states = {page.page_id: page for page in api.numbered(r.page_id for r in lost) if page.exists}
    for record in lost:
        page = states.get(record.page_id)
        if page is None:
            work.keep(gone(record, DELETED))
        elif page.redirects:
            target = api.redirect_target(page.title)
            work.keep(gone(record, MERGED, target) if target else gone(record, DELETED))
        # else: it is still there, but no longer selected


def gone(record: PageRecord, state: str, into: str = "") -> PageRecord:
    """Return the record of a page that is no longer there: its text is not kept."""
    return replace(record, text="", state=state, into=into, languages={}, redirects=())


def finish(work: Work, sites: dict[str, Any], config: WikiConfig) -> Pulled:
    """Write the snapshot; :class:`SourceUnavailable`, and the former one stays, when it would hold no page."""
    ordered = [work.entries[key] for key in sorted(work.entries)]
    present = sum(entry.page.state == PRESENT for entry in ordered)
    if work.asked and not present:
        raise SourceUnavailable(
            f"{config.wiki_id}: of {work.asked} texts that the wiki was asked for not one came",
            hint="are the pages hidden, or is the wiki out of order? The former snapshot stays",
        )
    if not present:
        raise SourceUnavailable(
            f"{config.wiki_id}: {work.nothing_found()}",
            hint="write titles as the wiki has them, no addresses. The former snapshot stays; when its pages are gone for good, "
            f"remove the source's folder, wiki-{config.wiki_id}",
        )
    now = datetime.datetime.now(datetime.UTC)
    about = {
        "wiki": config.wiki_id,
        "retrieved": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "sites": sites,
        "missing": clean(work.missing),
    }
    snapshot = work.folder.finish(now.strftime("%Y%m%dT%H%M%S.%fZ"), ordered, about)
    counts = {
        "pages": present,
        "fetched": work.fetched,
        "moved": sum(e.page.state == PRESENT and _moved_now(e.page, work) for e in ordered),
        "merged": sum(_became(e.page, MERGED, work) for e in ordered),
        "deleted": sum(_became(e.page, DELETED, work) for e in ordered),
    }
    return Pulled(snapshot, counts, work.missing, work.empty)


def _became(record: PageRecord, state: str, work: Work) -> bool:
    return record.state == state and work.former[record.key].page.state != state


def _moved_now(record: PageRecord, work: Work) -> bool:
    former = work.former.get(record.key)
    return former is not None and former.page.title != record.title
