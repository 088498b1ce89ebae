"""Which page of a snapshot is about which thing: declared by the mapping, decided in a review, told by a template, or by a translation.

A thing that is known nowhere is told and not believed: a slip in a wiki would make a thing that has no name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from ptce_lod.link_policy import is_thing
from ptce_lod.page_address import PageKey, page_key
from ptce_lod.wiki.config import Template, WikiConfig
from ptce_lod.wiki.contents import Contents, Tell
from ptce_lod.wiki.plain import plain
from ptce_lod.wiki.rdf import read_facts
from ptce_lod.wiki.snapshot import PRESENT, PageRecord
from ptce_lod.wiki.wikitext import PageContent, TemplateUse, normal_title

#: (language, number of a page) → the thing that it is about, by the decision of a person.
Decided = Mapping[tuple[str, int], str]
#: Says whether a thing, such as ``pole/tetris``, is described somewhere.
Known = Callable[[str], bool]
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("’ʼ‘", "'"))
_BRACED: Final = re.compile(r"\{([^{}]+)\}")


class About:
    """Things by page. ``known`` says which things there are; without it, all that are written as things are.

    ``things`` maps (language, normalised title) → thing, ``pages`` the key of a page's address → thing, ``addresses`` (language, title)
    → address of the page.
    """

    def __init__(
        self, config: WikiConfig, contents: Contents, tell: Tell, known: Known | None = None
    ) -> None:
        self._config = config
        self._contents = contents
        self._tell = tell
        self._known = known
        self._templates = {normal_title(name): t for t in config.templates for name in t.names}
        self._declared = {normal_title(page): page for page in config.things}
        self._declared |= {_alike(page): page for page in config.things if _alike(page) not in self._declared}
        self._unmatched = dict.fromkeys(config.things)
        self.things: dict[tuple[str, str], str] = {}
        self.addresses: dict[tuple[str, str], str] = {}
        self.pages: dict[PageKey, str] = {}

    def know(self, records: Iterable[PageRecord], decided: Decided = MappingProxyType({})) -> None:
        """Learn which page is about which thing; what a person said counts before what a template tells."""
        linked: list[tuple[Mapping[str, str], str]] = []  # no record: its text stays on the disk
        for record in records:
            self.addresses[record.site, record.title] = record.url
            if record.state != PRESENT:
                continue
            thing = self._said(record, decided) or self._told(record)
            names = (record.title, *record.redirects, *record.moved_from)
            for name in names if thing else ():
                self.things[record.site, normal_title(name)] = thing
            for name in record.redirects:
                self.addresses.setdefault((record.site, name), record.url)
            if thing:
                linked.append((record.languages, thing))
                self.pages[page_key(record.url)] = thing
                if record.rdf:
                    self.pages[page_key(read_facts(record.rdf).subject)] = thing
        for languages, thing in linked:
            for language, title in languages.items():
                self.things.setdefault((language, normal_title(title)), thing)

    def unmatched(self) -> list[str]:
        """Return the titles that the mapping gives a thing and that no page has, in the order of the mapping."""
        return list(self._unmatched)

    def thing_of(self, record: PageRecord) -> str:
        """Return the thing that a page is about; "" when nobody said so."""
        return self.things.get((record.site, normal_title(record.title)), "")

    def named(self, record: PageRecord, rule: Template, use: TemplateUse) -> str | None:
        """Return the thing that a template names; None when it names none, "" for one that is told to be none."""
        values = {name: plain(p.value) for name, p in use.parameters.items()}
        names = [match[1].lower() for match in _BRACED.finditer(rule.thing)]
        if not rule.thing or not all(values.get(name) for name in names):
            return None
        thing = _BRACED.sub(lambda match: values[match[1].lower()], rule.thing)
        where = f"{rule.thing} of the mapping {self._config.wiki_id}"
        return thing if self._is_one(record, where, thing) else ""

    def boxes(
        self, record: PageRecord, content: PageContent, thing: str
    ) -> Iterator[tuple[TemplateUse, Template, str]]:
        """Yield (template, its rule, the thing that its values are of) of a page about ``thing``.

        A template that may name a thing speaks of the one that it names; one that names none speaks of the page's, when it is the first
        and no other names that. Else it is told: its values may be of anything.
        """
        uses = [(use, rule) for use in content.templates if (rule := self._templates.get(use.name))]
        named = [self.named(record, rule, use) for use, rule in uses]
        is_first = True
        for (use, rule), own in zip(uses, named, strict=True):
            if not rule.thing:
                yield use, rule, thing
            elif own:
                yield use, rule, own
            elif own is None and is_first and thing not in named:
                yield use, rule, thing
            elif own is None:
                message = f"a template {use.name} beside others names no thing: its values are left out"
                self._tell(record, f"{rule.thing} of the mapping {self._config.wiki_id}", message)
            is_first = is_first and not rule.thing

    def _said(self, record: PageRecord, decided: Decided) -> str:
        """Return the thing that the mapping, or else a decision, gives a page; "" when it is none."""
        names = [normal_title(n) for n in (record.title, *record.redirects, *record.moved_from)]
        written = (*names, *map(_alike, names))
        page = next((self._declared[name] for name in written if name in self._declared), None)
        if page is not None:
            self._unmatched.pop(page, None)
            where = f"things.{page} of the mapping {self._config.wiki_id}"
            return thing if self._is_one(record, where, thing := self._config.things[page]) else ""
        thing = decided.get(record.key, "")
        where = f"a decision on {self._config.wiki_id}"
        return thing if thing and self._is_one(record, where, thing) else ""

    def _told(self, record: PageRecord) -> str:
        """Return the thing that one of the page's templates names; "" when none does. Cheap for pages without such a template."""
        if not any(t.thing for t in self._config.templates) or "{{" not in record.text:
            return ""
        content = self._contents.of(record)
        for use in content.templates if content else ():
            rule = self._templates.get(use.name)
            if rule is not None and (thing := self.named(record, rule, use)):
                return thing
        return ""

    def _is_one(self, record: PageRecord, where: str, thing: str) -> bool:
        """Say whether a thing is one that is known; tell when it is not."""
        if not is_thing(thing):
            self._tell(record, where, f"names {thing[:60]!r}, which is no thing")
            return False
        if self._known is not None and not self._known(thing):
            self._tell(
                record,
                where,
                f"names {thing[:60]!r}, which no source describes: nothing is said of it; correct the name, or add the thing",
            )
            return False
        return True


def _alike(title: str) -> str:
    """Return a title with plain apostrophes: people and wikis write them in several ways."""
    return normal_title(title).translate(_APOSTROPHES)
