"""Write pages of a MediaWiki (1.27 and later) by its API: log in, read what stands there now, save what was made of just that.

Sources: MediaWiki API:Login, API:Edit, API:Assert, API:Etiquette; Extension:OAuth, owner-only consumers.
"""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from mwclient import errors as mw_errors

from ptce_lod.errors import SourceUnavailable
from ptce_lod.wiki.answers import entries
from ptce_lod.wiki.api import WikiApi, batches
from ptce_lod.wiki.session import Manners

#: Pages whose texts are asked for at once.
_TEXTS: Final = 20
#: Why one page is not written, while others may be → in our words. Others stop the run.
_REFUSALS: Final = {
    "editconflict": "somebody edited it meanwhile",
    "articleexists": "somebody made it meanwhile",
    "missingtitle": "it was deleted meanwhile",
    "pagedeleted": "it was deleted meanwhile",
    "protectedpage": "it is protected",
    "cascadeprotected": "it is protected",
    "protectedtitle": "its title is protected",
    "protectednamespace": "its namespace is protected",
    "protectednamespace-interface": "it belongs to the wiki's interface, which this account may not edit",
    "spamblacklist": "the wiki forbids an address in it",
    "abusefilter-disallowed": "a filter of the wiki forbids it",
    "abusefilter-warning": "a filter of the wiki warns of it",
    "titleblacklist-forbidden": "the wiki forbids its title",
    "contenttoobig": "it would be too long",
    "cantcreate": "this account may not make pages",
    "nocreate-loggedin": "this account may not make pages",
}
#: What stops the run → what to do.
_STOPS: Final = {
    "blocked": "ask an administrator of the wiki",
    "autoblocked": "ask an administrator of the wiki",
    "readonly": "run the same command later: what was written stays as it is",
    "ratelimited": "run the same command later: it goes on where it stopped",
    "assertuserfailed": "the session ended: run the same command again",
    "assertbotfailed": "the account is no bot any more",
    "permissiondenied": "this account may not edit",
    "writeapidenied": "this account may not edit by the API",
    "badtoken": "the session ended: run the same command again",
    "mwoauth-invalid-authorization": "the token is unknown, expired, or withdrawn",
}


class PageRefused(Exception):
    """The wiki does not take this page; the message says why."""


@dataclass(frozen=True)
class Login:
    """Who writes: an account with a bot password, or an access token (OAuth 2, owner only). Never shown."""

    user: str = ""
    password: str = ""
    token: str = ""

    def __repr__(self) -> str:
        return f"Login({self.user or 'token'})"


def read_login(path: Path) -> Login:
    """Read ``user`` and ``password``, or ``token``, from a TOML file that its owner alone may read; else :class:`SourceUnavailable`."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SourceUnavailable(f"{path}: others may read it", hint=f"chmod 600 {path}")
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SourceUnavailable(
            f"{path}: cannot be read ({type(error).__name__})"
        ) from None  # never its content
    known = {name: value for name, value in found.items() if isinstance(value, str) and value}
    if known.keys() not in ({"user", "password"}, {"token"}) or len(known) < len(found):
        raise SourceUnavailable(f"{path}: expected user and password, or token, each a text")
    return Login(**known)


@dataclass(frozen=True)
class CurrentPage:
    """A page as it stands now; ``revision`` is 0 and ``text`` empty when there is none, ``text`` None when the wiki hides it."""

    title: str
    revision: int = 0
    timestamp: str = ""
    text: str | None = ""
    is_redirect: bool = False


@dataclass(frozen=True)
class Saved:
    """A page that was saved: its new revision, 0 when nothing changed, and whether the wiki put it over an edit that we had not read.

    MediaWiki merges edits of different lines by itself; and edits within one second are the same to it.
    """

    revision: int
    is_merged: bool = False


class WikiEditor(WikiApi):
    """One wiki, to be written to. Reads without an account; :meth:`login` comes before :meth:`save`."""

    def __init__(
        self, url: str, manners: Manners, *, private_allowed: bool = False, heeds_robots: bool = True
    ) -> None:
        super().__init__(url, manners, private_allowed=private_allowed, heeds_robots=heeds_robots)
        self._token = ""
        self._assertion: dict[str, str] = {}

    def login(self, login: Login) -> str:
        """Log in; return the account's name. A bot edits as one; :class:`SourceUnavailable` when the wiki does not let it."""
        with self._told():
            if login.token:
                self._session.headers["Authorization"] = f"Bearer {login.token}"
            else:
                self._pass(login)
            user = self._site.api("query", meta="userinfo", uiprop="rights|blockinfo")["query"]["userinfo"]
            if "anon" in user:
                raise SourceUnavailable(f"{self.url}: the login is not accepted")
            if "blockid" in user:
                raise SourceUnavailable(
                    f"{self.url}: the account {user['name']} is blocked", hint=_STOPS["blocked"]
                )
            is_bot = "bot" in user.get("rights", ())
            self._assertion = {"assert": "bot", "bot": "1"} if is_bot else {"assert": "user"}
            self._fetch_token()
            return str(user["name"])

    def _pass(self, login: Login) -> None:
        token = self._site.api("query", meta="tokens", type="login")["query"]["tokens"]["logintoken"]
        answer = self._site.api("login", "POST", lgname=login.user, lgpassword=login.password, lgtoken=token)[
            "login"
        ]
        if answer["result"] != "Success":
            reason = str(answer.get("reason", ""))[:200]
            raise SourceUnavailable(
                f"{self.url}: the login is not accepted: {answer['result']} {reason}".strip()
            )

    def _fetch_token(self) -> None:
        self._token = self._site.api("query", meta="tokens", type="csrf")["query"]["tokens"]["csrftoken"]

    def current(self, titles: Iterable[str]) -> Iterator[CurrentPage]:
        """Yield pages as they stand now, redirects not followed; also those that there are not."""
        seen: set[str] = set()
        for batch in batches(titles, _TEXTS):
            found: dict[str, CurrentPage] = {}
            leads: dict[str, str] = {}
            for answer in self._parts(
                titles="|".join(batch), prop="revisions|info", rvprop="ids|timestamp|content", rvslots="main"
            ):
                with self._told():
                    leads |= {each["from"]: each["to"] for each in answer.get("normalized", ())}
                    for page in entries(answer):
                        found[page["title"]] = _current(page)
            for title in batch:
                page_title = leads.get(title, title)
                # Known by the title that was asked for: two spellings of one are one page, which comes once.
                if page_title not in seen:
                    seen.add(page_title)
                    yield replace(found.get(page_title, CurrentPage(title)), title=title)

    def save(self, page: CurrentPage, text: str, summary: str) -> Saved:
        """Save ``text``, which was made of ``page``.

        :class:`PageRefused` when this page is not taken, :class:`SourceUnavailable` when there is no use in going on.
        """
        about: dict[str, Any] = {"createonly": "1"}
        if page.revision:
            about = {"nocreate": "1", "baserevid": page.revision, "basetimestamp": page.timestamp}
        for attempt in (1, 2):
            try:
                answer = self._edit(
                    title=page.title,
                    text=text,
                    summary=summary,
                    minor="1" if page.revision else None,
                    **about,
                )
                break
            except mw_errors.APIError as error:
                if error.code == "badtoken" and attempt == 1:
                    with self._told():
                        self._fetch_token()
                    continue
                self._refuse(error)
        if answer.get("result") != "Success":
            if "captcha" in answer:
                raise SourceUnavailable(
                    f"{self.url}: the wiki asks to solve a captcha", hint="ask an administrator to spare bots"
                )
            raise PageRefused(
                str(answer.get("info") or answer.get("code") or "the wiki does not say why")[:200]
            )
        revision = int(answer.get("newrevid", 0))
        return Saved(revision, bool(revision) and int(answer.get("oldrevid", page.revision)) != page.revision)

    def _edit(self, **parameters: Any) -> dict[str, Any]:
        given = {name: value for name, value in parameters.items() if value is not None}
        with self._told(passing=mw_errors.APIError):
            answer = self._site.api(
                "edit", "POST", token=self._token, maxlag=self._manners.max_lag, **self._assertion, **given
            )["edit"]
            if not isinstance(answer, dict):
                raise TypeError("edit is no object")
            return answer

    def _refuse(self, error: mw_errors.APIError) -> None:
        code = str(error.code)
        if code in _REFUSALS:
            raise PageRefused(_REFUSALS[code]) from None
        raise SourceUnavailable(
            f"{self.url}: the wiki refuses: {code}: {str(error.info)[:200]}", hint=_STOPS.get(code, "")
        ) from error


def _current(page: dict[str, Any]) -> CurrentPage:
    revision = next(iter(page.get("revisions", ())), None)
    if revision is None:
        return CurrentPage(str(page["title"]))
    text = revision.get("slots", {}).get("main", revision).get("*")
    return CurrentPage(
        str(page["title"]),
        int(revision["revid"]),
        str(revision["timestamp"]),
        None if text is None else str(text),
        "redirect" in page,
    )
