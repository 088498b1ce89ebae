"""Web addresses that lead to one page have one key: how a page is found by whatever address a reader copied.

Sources: RFC 3986 section 6 (equivalent addresses); MediaWiki's ``index.php?title=`` and the parameters that only choose a view of a page.
"""

from __future__ import annotations

import unicodedata
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

#: Parameters of MediaWiki that choose a view of the same page, and those that only tell where a reader came from.
_VIEWS: Final = frozenset(
    (
        *("action", "diff", "direction", "mobileaction", "oldid", "printable", "redirect"),
        *("section", "uselang", "useskin", "variant", "veaction"),
    )
)
_TRACKING: Final = ("utm_", "fbclid", "gclid")
_PORTS: Final = {"http": 80, "https": 443}
#: Longest address that is looked at.
LENGTH: Final = 2000


class PageKey(NamedTuple):
    """A page: its host, its path decoded, and, of an address that gives a wiki's page by ``?title=``, the title."""

    host: str
    path: str
    title: str = ""


def page_key(url: str) -> PageKey:
    """Return the key of a page's address; ValueError, which says why, when it is no http(s) address of a page.

    >>> page_key("https://fr.m.wiki.example/wiki/P%C3%B4le#Histoire") == page_key("http://fr.wiki.example/wiki/Pôle")
    True
    >>> page_key("https://wiki.example/index.php?title=Pôle Sud&action=edit").title
    'Pôle_Sud'
    """
    if len(url) > LENGTH:
        raise ValueError(f"it has {len(url)} characters, expected at most {LENGTH}")
    if any(ord(c) < 0x20 or ord(c) == 0x7F for c in url):
        raise ValueError("it holds a control character")
    parts = urlsplit(url.strip())
    if parts.scheme.lower() not in _PORTS:
        raise ValueError("it does not begin with http:// or https://")
    host = _host(parts.hostname or "")
    if not host:
        raise ValueError("it names no host")
    port = parts.port  # ValueError when it is none
    if port is not None and port != _PORTS[parts.scheme.lower()]:
        host += f":{port}"
    pairs = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name not in _VIEWS and not name.startswith(_TRACKING)
    ]
    title = next((value for name, value in pairs if name == "title"), "")
    if title:
        return PageKey(host, _plain(parts.path), _title(title))
    query = urlencode(sorted(pairs))
    return PageKey(host, _plain(parts.path) + (f"?{query}" if query else ""))


def _host(host: str) -> str:
    """Return a host in lower case ASCII, a wiki's mobile host as the plain one."""
    try:
        ascii_host = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise ValueError("its host is no name of a host") from None
    return ".".join(label for label in ascii_host.rstrip(".").split(".") if label != "m")


def _plain(path: str) -> str:
    text = unicodedata.normalize("NFC", unquote(path)).replace(" ", "_")
    return text.rstrip("/") or "/"


def _title(title: str) -> str:
    """Return a title as addresses have it: underscores, a capital first letter."""
    text = unicodedata.normalize("NFC", title).strip().replace(" ", "_")
    return text[:1].upper() + text[1:]
