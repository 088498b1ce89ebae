"""Pull pages from a dump file into a snapshot, as from a wiki: selection, redirects, and what became of former pages."""

from __future__ import annotations

import hashlib
import re
import time
from collections import defaultdict
from pathlib import Path

from ptce_lod.errors import SourceUnavailable
from ptce_lod.wiki.answers import WikiInfo, end_of
from ptce_lod.wiki.api import address_of
from ptce_lod.wiki.config import Selection, Site, WikiConfig
from ptce_lod.wiki.dump import Dump, DumpPage
from ptce_lod.wiki.prefixes import CATEGORY, TEMPLATE
from ptce_lod.wiki.pull import Listener, Pulled, Work, begin, finish, gone, is_title, moved_from
from ptce_lod.wiki.snapshot import DELETED, MERGED, PageRecord, SnapshotFolder

_CATEGORY_NAMESPACE = 14


def pull_dump(
    config: WikiConfig,
    selection: Selection,
    folder: SnapshotFolder,
    path: Path,
    *,
    listener: Listener = lambda step, done, total: None,
) -> Pulled:
    """Take the selected pages of a dump of the first site; every article when nothing is selected."""
    site = config.sites[0]
    if not site.article:
        raise SourceUnavailable(
            f"the mapping of {config.wiki_id} does not say where pages are",
            hint='write article = "https://…/$1" in its [[site]]',
        )
    dump = Dump(path)
    with folder.locked():
        # A dump is read from its beginning: what an earlier reading left is of no use, so no request is the same.
        request = {"dump": str(path), "begun": time.time_ns()}
        return _pull(config, selection, dump, begin(folder, config, request, listener))


def _pull(config: WikiConfig, selection: Selection, dump: Dump, work: Work) -> Pulled:
    site = config.sites[0]
    # Read once before the pages: a redirect may come after the page that it leads to.
    redirects: dict[str, str] = {}
    of_articles: list[str] = []
    for page in dump.pages():
        if page.redirect:
            redirects[page.title] = page.redirect
            if page.namespace == 0 and is_title(page.title):
                of_articles.append(page.title)
    leading: defaultdict[str, list[str]] = defaultdict(list)
    for title in sorted(of_articles):
        leading[end_of(title, redirects)].append(title)
    wanted = _Wanted(selection, redirects, dump)
    present: set[int] = set()
    for number, page in enumerate(dump.pages(), start=1):
        work.listener("read dump", number, 0)
        if not page.page_id:  # it could not be known again
            work.missing.append(page.title)
        elif not page.redirect:
            present.add(page.page_id)
            if page.namespace == 0 and is_title(page.title) and wanted.has(page):
                work.keep(_record(site, page, tuple(leading.get(page.title, ())), work))
                work.fetched += 1
    work.missing += wanted.unseen()
    for what, name in wanted.empty():
        work.note_empty(what, name, ())
    _follow(site, present, redirects, work)
    said = dump.info.namespaces
    names = {number: [said[int(number)]] for number in (TEMPLATE, CATEGORY) if said.get(int(number))}
    info = WikiInfo(dump.info.name, dump.info.generator, site.article, namespaces=names)
    return finish(
        work, {site.language: {**vars(info), "dump": dump.path.name, "sha256": _digest(dump.path)}}, config
    )


class _Wanted:
    """Which pages of a dump are selected."""

    def __init__(self, selection: Selection, redirects: dict[str, str], dump: Dump) -> None:
        self._selection = selection
        self._dump = dump
        self.asked = {end_of(_normal(title), redirects): _normal(title) for title in selection.pages}
        self._seen: set[str] = set()
        self._prefixes = set(selection.prefixes)
        self._categories = {_category_key(title): title for title in selection.categories}
        self._pattern: re.Pattern[str] | None = None

    def has(self, page: DumpPage) -> bool:
        """Say whether a page is wanted."""
        wanted = not self._selection
        if page.title in self.asked:
            self._seen.add(page.title)
            wanted = True
        for prefix in self._selection.prefixes:
            if page.title.startswith(prefix):
                self._prefixes.discard(prefix)
                wanted = True
        for match in self._memberships().finditer(page.text) if self._selection.categories else ():
            self._categories.pop(_category_key(match[1]), None)
            wanted = True
        return wanted

    def _memberships(self) -> re.Pattern[str]:
        """Return what finds the categories in a text: by the wiki's word for category, or the English one."""
        if self._pattern is None:
            words = {"category", self._dump.info.namespaces.get(_CATEGORY_NAMESPACE, "Category").lower()}
            any_name = "|".join(re.escape(name).replace("\\ ", "[ _]+") for name in self._categories)
            any_word = "|".join(map(re.escape, words))
            self._pattern = re.compile(
                rf"\[\[\s*(?:{any_word})\s*:\s*({any_name})\s*(?:\||\]\])", re.IGNORECASE
            )
        return self._pattern

    def empty(self) -> list[tuple[str, str]]:
        """Return ("category" or "prefix", its name) of those that no page has."""
        left = [("category", title) for title in self._categories.values()]
        return left + [("prefix", prefix) for prefix in self._selection.prefixes if prefix in self._prefixes]

    def unseen(self) -> list[str]:
        """Return the titles asked for that the dump does not have."""
        return [title for target, title in self.asked.items() if target not in self._seen]


def _category_key(title: str) -> str:
    """Return a category's name without the word before it, small and capital letters alike, as texts are searched for it."""
    return _normal(title.partition(":")[2] or title).lower()


def _normal(title: str) -> str:
    """Return a title as MediaWiki normalises it: spaces, a capital first letter."""
    text = " ".join(title.replace("_", " ").split())
    return text[:1].upper() + text[1:]


def _record(site: Site, page: DumpPage, redirects: tuple[str, ...], work: Work) -> PageRecord:
    return PageRecord(
        site.language,
        page.page_id,
        page.title,
        address_of(site.article, page.title),
        page.revision,
        page.timestamp,
        page.text,
        redirects,
        moved_from=moved_from(work.former.get((site.language, page.page_id)), page.title),
    )


def _follow(site: Site, present: set[int], redirects: dict[str, str], work: Work) -> None:
    for entry in work.former.values():
        record = entry.page
        if record.site != site.language or record.key in work.entries or record.page_id in present:
            continue
        target = end_of(record.title, redirects)
        work.keep(gone(record, MERGED, target) if target != record.title else gone(record, DELETED))


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
