"""Ask a MediaWiki by its API (1.19 and later): who it is, lists of titles, what became of pages, their texts. mwclient speaks, we read.

Sources: MediaWiki API:Query, API:Continue, API:Etiquette. Answers are continued until they end, in the form before 1.21 too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Any, Final, TypeVar
from urllib.parse import quote, urljoin, urlsplit

import mwclient
import requests
from mwclient import errors as mw_errors

from ptce_lod.errors import SourceUnavailable
from ptce_lod.wiki import robots, trust
from ptce_lod.wiki.answers import (
    PageInfo,
    PageText,
    WikiInfo,
    end_of,
    entries,
    merge,
    names,
    older,
    texts,
)
from ptce_lod.wiki.prefixes import CATEGORY, TEMPLATE
from ptce_lod.wiki.session import Manners, WikiSession

#: Titles, and texts, asked for at once: the API allows 50.
_BATCH: Final = 50
_TEXTS: Final = 20
#: Parts of one answer; a wiki that continues without end is cut.
_PARTS: Final = 10_000
_SLOTS_SINCE: Final = (1, 32)
_REDIRECTS_SINCE: Final = (1, 24)
#: Namespace of articles: what is moved into it leaves redirects in others.
_ARTICLES: Final = "0"
_T = TypeVar("_T")


class WikiApi:
    """One wiki. Every method raises :class:`SourceUnavailable` when the wiki does not answer as a MediaWiki should."""

    def __init__(
        self, url: str, manners: Manners, *, private_allowed: bool = False, heeds_robots: bool = True
    ) -> None:
        parts = urlsplit(url)
        self.url = url
        self._manners = manners
        self._session = WikiSession(url, manners, private_allowed=private_allowed)
        self._site = mwclient.Site(
            parts.netloc,
            path=parts.path.removesuffix("api.php"),
            scheme=parts.scheme,
            pool=self._session,
            do_init=False,
            max_retries=manners.retries,
            retry_timeout=manners.retry_wait,
            connection_options={"timeout": manners.timeout},
        )
        try:
            with self._told():
                self._rules = robots.heed(self._session, url, manners.timeout) if heeds_robots else None
            self._meet()
        except BaseException:
            self.close()
            raise

    def _meet(self) -> None:
        """Ask the wiki who it is."""
        with self._told():
            answer = self._ask(meta="siteinfo", siprop="general|rightsinfo|namespaces|namespacealiases")
            self.info = self._read_info(answer["query"])
            self._version = mwclient.Site.version_tuple_from_generator(self.info.generator)

    def _read_info(self, query: dict[str, Any]) -> WikiInfo:
        general, rights = query["general"], query.get("rightsinfo") or {}
        article = urljoin(self.url, f"{general.get('server', '')}{general.get('articlepath', '')}")
        licence = urljoin(self.url, url) if (url := str(rights.get("url") or "")) else ""
        return WikiInfo(
            str(general["sitename"]),
            str(general["generator"]),
            article,
            licence if trust.is_web_address(licence) else "",
            str(rights.get("text") or ""),
            {number: names(query, number) for number in (TEMPLATE, CATEGORY)},
        )

    def settle_article(self, declared: str = "") -> None:
        """Make sure of ``info.article``: what the wiki says when that is an address of pages on its host, or on that of ``declared``.

        Else it is ``declared``, what the mapping says; :class:`SourceUnavailable` when the mapping says nothing.
        """
        told = self.info.article
        wrong = trust.wrong_article(told)
        hosts = {trust.host_of(self.url), trust.host_of(declared)}
        if not wrong and trust.host_of(told) not in hosts:
            wrong = f"is {told[:100]!r}, on another host than {self.url}"
        if wrong and not declared:
            raise SourceUnavailable(
                f"{self.url}: the address of pages that the wiki tells {wrong}",
                hint='if you know where its pages are, write article = "https://…/$1" in its [[site]]',
            )
        self.info = replace(self.info, article=declared if wrong else told)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def category(self, title: str) -> Iterator[str]:
        """Yield the titles of a category's pages; ``title`` may have the prefix in the wiki's language or none."""
        name = title if ":" in title else f"Category:{title}"
        yield from self._list("categorymembers", "cm", cmtitle=name, cmtype="page")

    def beginning(self, prefix: str) -> Iterator[str]:
        """Yield the titles of articles that begin with ``prefix``."""
        yield from self._list("allpages", "ap", apprefix=prefix, apfilterredir="nonredirects")

    def _list(self, name: str, short: str, **parameters: str) -> Iterator[str]:
        for query in self._parts(list=name, **{f"{short}limit": "max"}, **parameters):
            with self._told():
                titles = [str(entry["title"]) for entry in query.get(name, ())]
            yield from titles

    def titled(self, titles: Iterable[str]) -> Iterator[PageInfo]:
        """Yield what the wiki knows of titles, normalised and redirects followed; each page once a batch, unknown ones too."""
        for batch in batches(titles, _BATCH):
            yield from self._infos(titles="|".join(batch))

    def numbered(self, page_ids: Iterable[int]) -> Iterator[PageInfo]:
        """Yield what became of pages by their numbers, redirects not followed: one that is a redirect has its target in ``redirects``."""
        for batch in batches(page_ids, _BATCH):
            yield from self._infos(follow=False, pageids="|".join(map(str, batch)))

    def _infos(self, *, follow: bool = True, **which: str) -> Iterator[PageInfo]:
        pages: dict[str, PageInfo] = {}
        leads: dict[str, str] = {}
        more = {"redirects": "1"} if follow else {}
        props = "info|langlinks"
        if follow and self._tells_redirects:
            props += "|redirects"
            more |= {"rdlimit": "max", "rdprop": "title", "rdnamespace": _ARTICLES, "rdshow": "!fragment"}
        others: set[str] = set()
        for query in self._parts(prop=props, inprop="protection", lllimit="max", **which, **more):
            with self._told():
                others.update(str(entry["title"]) for entry in query.get("interwiki", ()))
                for entry in (*query.get("normalized", ()), *query.get("redirects", ())):
                    leads[entry["from"]] = entry["to"]
                for entry in entries(query):
                    key = str(entry.get("pageid") or entry.get("title", ""))
                    merge(pages.setdefault(key, PageInfo(str(entry.get("title", "")))), entry)
        if not (pages or leads or others):
            raise SourceUnavailable(f"{self.url}: the wiki says nothing of the pages that it was asked for")
        for title in leads:
            target = end_of(title, leads)
            for page in pages.values():
                if page.title == target and title != target:
                    page.redirects.append(title)
        if follow and not self._tells_redirects:
            for page in filter(lambda each: each.exists, pages.values()):
                page.redirects += self._redirects_to(page.title)
        yield from pages.values()
        ends = {page.title for page in pages.values()}
        for title in which["titles"].split("|") if follow else ():
            if end_of(title, leads) not in ends:  # redirects in a circle, pages of other wikis
                yield PageInfo(title)

    @property
    def _tells_redirects(self) -> bool:
        """Whether the wiki tells the redirects of many pages in one answer."""
        return bool(self._version >= _REDIRECTS_SINCE)

    def _redirects_to(self, title: str) -> Iterator[str]:
        """Yield the redirects to one page, those into a section too: what an old wiki cannot tell of many."""
        yield from self._list(
            "backlinks", "bl", bltitle=title, blfilterredir="redirects", blnamespace=_ARTICLES
        )

    def redirect_target(self, title: str) -> str:
        """Return the title that a redirect leads to; "" when it is none, or leads in a circle."""
        for query in self._parts(titles=title, redirects="1"):
            leads = {entry["from"]: entry["to"] for entry in query.get("redirects", ())}
            return end_of(title, leads) if title in leads else ""
        return ""

    def texts(self, page_ids: Iterable[int]) -> Iterator[tuple[int, PageText]]:
        """Yield (page number, latest text); pages that vanished in between are left out.

        :class:`SourceUnavailable` when the wiki says nothing at all of a page.
        """
        slots = {"rvslots": "main"} if self._version >= _SLOTS_SINCE else {}
        for batch in batches(page_ids, _TEXTS):
            wanted = "|".join(map(str, batch))
            silent = set(batch)
            for query in self._parts(
                prop="revisions", rvprop="ids|timestamp|content", pageids=wanted, **slots
            ):
                with self._told():
                    silent.difference_update(trust.number(page["pageid"]) for page in entries(query))
                    found = list(texts(query))
                yield from found
            if silent:
                raise SourceUnavailable(
                    f"{self.url}: the wiki says nothing of {len(silent)} of {len(batch)} texts that it was asked for"
                )

    def document(self, address: str) -> bytes | None:
        """Return the body of a document of this wiki; None when there is none (404)."""
        if urlsplit(address).netloc != urlsplit(self.url).netloc:
            raise SourceUnavailable(
                f"{address}: is on another host than {self.url}", hint="write the API's address on that host"
            )
        robots.check(self._rules, address)
        with self._told():
            response = self._session.get(address, timeout=self._manners.timeout)
            if response.status_code == requests.codes.not_found:
                return None
            body = response.content
        if not response.ok:
            raise SourceUnavailable(f"{address}: answered {response.status_code}")
        return body

    def _ask(self, **parameters: Any) -> dict[str, Any]:
        """Return the answer to one query."""
        answer = trust.clean(self._site.api("query", maxlag=self._manners.max_lag, **parameters))
        if not isinstance(answer, dict):
            raise TypeError("the answer is no object")
        return answer

    def _parts(self, **parameters: str) -> Iterator[dict[str, Any]]:
        """Yield the parts of the answer to a query."""
        more: dict[str, Any] = {"continue": ""}
        for _ in range(_PARTS):
            with self._told():
                answer = self._ask(**{**parameters, **more})
                query = answer["query"]  # every query asks for something
                if not isinstance(query, dict):
                    raise TypeError("query is no object")
                following = answer.get("continue") or older(answer.get("query-continue", {}), parameters)
            yield query
            if not following:
                return
            if following == more:
                break
            more = dict(following)
        raise SourceUnavailable(f"{self.url}: the answer goes on without end")

    @contextmanager
    def _told(self, *, passing: type[Exception] | tuple[()] = ()) -> Iterator[None]:
        """Tell in our words what can go wrong between a wiki and us; errors of ``passing`` are left to the caller."""
        try:
            yield
        except passing:
            raise
        except mw_errors.InvalidResponse as error:
            raise SourceUnavailable(
                f"{self.url}: the answer is not JSON: {error.response_text[:60]!r}",
                hint="is this the address of its api.php?",
            ) from error
        except mw_errors.APIDisabledError as error:
            raise SourceUnavailable(f"{self.url}: the wiki's API is switched off") from error
        except mw_errors.APIError as error:
            raise SourceUnavailable(
                f"{self.url}: the wiki refuses: {error.code}: {str(error.info)[:200]}"
            ) from error
        except mw_errors.MwClientError as error:
            raise SourceUnavailable(f"{self.url}: {type(error).__name__}: {str(error)[:200]}") from error
        except requests.exceptions.HTTPError as error:
            raise SourceUnavailable(
                f"{self.url}: answered {error.response.status_code if error.response is not None else error}"
            ) from error
        except (requests.exceptions.InvalidHeader, requests.exceptions.InvalidURL) as error:
            raise SourceUnavailable(
                f"{self.url}: cannot be asked ({type(error).__name__})",
                hint="are the address, the token and the setting contact on one line each?",
            ) from None
        except requests.exceptions.RequestException as error:
            raise SourceUnavailable(f"{self.url}: cannot be asked ({type(error).__name__})") from error
        except UnicodeEncodeError:  # what cannot be sent may be a secret
            raise SourceUnavailable(
                f"{self.url}: a token, the setting contact or a selection holds characters that HTTP cannot carry",
                hint="a token and the setting contact are plain ASCII",
            ) from None
        except RecursionError as error:
            raise SourceUnavailable(f"{self.url}: the answer nests deeper than any of a MediaWiki") from error
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise SourceUnavailable(f"{self.url}: does not answer as a MediaWiki does ({error})") from error


def batches(values: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Yield ``values`` in lists of at most ``size``."""
    iterator = iter(values)
    while batch := list(islice(iterator, size)):
        yield batch


def address_of(article: str, title: str) -> str:
    """Return a page's address as browsers show it: ``$1`` becomes the title, in UTF-8 and percent-encoded.

    >>> address_of("https://wiki.example/wiki/$1", "Pôle : nord/sud")
    'https://wiki.example/wiki/P%C3%B4le_:_nord/sud'
    """
    return article.replace("$1", quote(title.replace(" ", "_"), safe="/:@!$*(),;~-._"))
