"""A server that answers as MediaWiki 1.19 does, with answers cut so short that each of its modules must be continued.

Sources: API:Raw query continue; ApiQueryInfo, ApiQueryLangLinks, ApiQueryRevisions and ApiQueryAllpages of MediaWiki 1.19.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.integration.wiki.faulty import Answer, reply

#: Pages that a module tells in one answer.
_INFOS, _LINKS, _TEXTS, _TITLES = 3, 2, 2, 4


@dataclass
class OldWiki:
    """Pages by title, numbered from 1, with their texts and translations; ``general`` is what siteinfo says, ``rights`` as well."""

    texts: dict[str, str]
    links: dict[str, dict[str, str]] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    general: dict[str, Any] = field(default_factory=dict)
    rights: dict[str, str] | None = None

    def __post_init__(self) -> None:
        self._numbers = {title: number for number, title in enumerate(self.texts, start=1)}

    def __call__(self, asked: dict[str, str]) -> Answer:
        """Answer a request; parameters of later versions are not known."""
        unknown = {"rvslots", "formatversion", "rdlimit"} & asked.keys()
        assert not unknown, unknown
        assert "redirects" not in asked.get("prop", "").split("|")
        if asked.get("meta", "").startswith("siteinfo"):
            general = {"sitename": "X", "generator": "MediaWiki 1.19.24", "base": "http://x/", **self.general}
            more = {} if self.rights is None else {"rightsinfo": self.rights}
            return reply({"general": general, **more, "userinfo": {"id": 0}})
        if asked.get("list") == "allpages":
            return self._all(asked)
        if asked.get("list") == "backlinks":
            return self._backlinks(asked)
        return self._pages(asked)

    def _all(self, asked: dict[str, str]) -> Answer:
        start = asked.get("apfrom", asked["apprefix"])
        found = sorted(t for t in self.texts if t.startswith(asked["apprefix"]) and t >= start)
        more = {"query-continue": {"allpages": {"apfrom": found[_TITLES]}}} if found[_TITLES:] else {}
        return reply({"allpages": [{"ns": 0, "title": title} for title in found[:_TITLES]]}, **more)

    def _backlinks(self, asked: dict[str, str]) -> Answer:
        """Tell one redirect an answer."""
        assert asked["blfilterredir"] == "redirects"
        start = asked.get("blcontinue", "")
        found = sorted(t for t, target in self.redirects.items() if target == asked["bltitle"] and t >= start)
        more = {"query-continue": {"backlinks": {"blcontinue": found[1]}}} if found[1:] else {}
        return reply({"backlinks": [{"ns": 0, "title": title} for title in found[:1]]}, **more)

    def _pages(self, asked: dict[str, str]) -> Answer:
        titles = asked["titles"].split("|") if "titles" in asked else []
        leads = [{"from": title, "to": self.redirects[title]} for title in titles if title in self.redirects]
        titles = [self.redirects.get(title, title) for title in titles]
        wanted = {self._numbers.get(title, 0): title for title in titles}
        names = {number: title for title, number in self._numbers.items()}
        for number in filter(None, asked.get("pageids", "").split("|")):
            wanted[int(number)] = names.get(int(number), "")
        missing = [title for number, title in wanted.items() if title not in self._numbers]
        numbers = sorted(number for number, title in wanted.items() if title in self._numbers)
        pages: dict[str, dict[str, Any]] = {
            str(n): {"pageid": n, "ns": 0, "title": wanted[n]} for n in numbers
        }
        pages |= {str(-1 - n): {"ns": 0, "title": title, "missing": ""} for n, title in enumerate(missing)}
        following: dict[str, dict[str, str]] = {}
        for module in asked.get("prop", "").split("|"):
            if module == "info":
                here, rest = self._cut(numbers, asked.get("incontinue", "0"), _INFOS)
                for n in here:
                    pages[str(n)] |= {"touched": "2012-01-01T00:00:00Z", "lastrevid": 100 + n, "counter": 1}
                following |= {"info": {"incontinue": str(rest[0])}} if rest else {}
            elif module == "langlinks":
                linked = [n for n in numbers if wanted[n] in self.links]
                here, rest = self._cut(linked, asked.get("llcontinue", "0|"), _LINKS)
                for n in here:
                    links = self.links[wanted[n]].items()
                    pages[str(n)]["langlinks"] = [{"lang": lang, "*": title} for lang, title in links]
                following |= {"langlinks": {"llcontinue": f"{rest[0]}|en"}} if rest else {}
            elif module == "revisions":
                here, rest = self._cut(numbers, asked.get("rvcontinue", "0|"), _TEXTS)
                for n in here:
                    revision = {
                        "revid": 100 + n,
                        "parentid": 0,
                        "timestamp": "2012-01-01T00:00:00Z",
                        "*": self.texts[wanted[n]],
                    }
                    pages[str(n)]["revisions"] = [revision]
                following |= {"revisions": {"rvcontinue": f"{rest[0]}|{100 + rest[0]}"}} if rest else {}
        about = {"redirects": leads} if leads else {}
        more = {"query-continue": following} if following else {}
        return reply({**about, "pages": pages, "userinfo": {"id": 0}}, **more)

    @staticmethod
    def _cut(numbers: list[int], since: str, most: int) -> tuple[list[int], list[int]]:
        """Return the pages told now, and the rest."""
        left = [n for n in numbers if n >= int(since.partition("|")[0])]
        return left[:most], left[most:]
