"""Identifiers as keys that compare: addresses, SIREN numbers, INSEE codes, titles of wiki pages. Imports of ours only how texts fold.

The index (release room) and the questions to it (query room) must write a key alike, so it is done here, once. A key is
``{kind}:{value}``: ``url:archer.fr/pole-sud``, ``siren:200039857``, ``insee:26281``, ``title:pole territorial``, ``joined:polesudarcher``.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from ptce_lod.folding import letters, words

URL, SIREN, INSEE, TITLE = "url", "siren", "insee", "title"
_WEB: Final = re.compile(r"(?:https?://|//|www\.)[^\s/?#]+\.[^\s]*", re.IGNORECASE)
#: An address as people write it, without anything in front: "archer.fr", "archer.fr/pole-sud". Names may look so, too: "Coop.eskemm".
_BARE: Final = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,24}(?:/\S*)?", re.IGNORECASE)
_SIREN: Final = re.compile(r"(?:FR\s?\d\d\s?)?(\d{3}\s?\d{3}\s?\d{3})(?:\s?\d{5})?", re.IGNORECASE)
#: Municipalities, departments and regions, Corsica and overseas included.
_INSEE: Final = re.compile(r"(?:\d{2}|2[AB])(?:\d{3})?|9[78]\d", re.IGNORECASE)
#: Paths below which wikis have their pages; the rest of the path is the title.
_WIKI: Final = re.compile(r"/(?:wiki|w/index\.php)(?:/[a-z]{2,3})?/([^/].*)")
#: Names of fewer letters are found by their words.
_SHORTEST_JOINED: Final = 5
#: Longer texts are no identifiers.
_LONGEST: Final = 2000


def url_key(text: str) -> str:
    """Return the key of an address, "" when it is none: without scheme, ``www.``, fragment and last slash, escapes undone.

    >>> url_key("https://www.Archer.fr/p%C3%B4le-sud/#top"), url_key("archer.fr"), url_key("M. Archer")
    ('url:archer.fr/pôle-sud', 'url:archer.fr', '')
    """
    text = text.strip()
    if len(text) > _LONGEST or not (_WEB.fullmatch(text) or _BARE.fullmatch(text)):
        return ""
    try:
        parts = urlsplit(text if "//" in text else f"//{text}")
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        return ""
    path = unicodedata.normalize("NFC", unquote(parts.path)).rstrip("/")
    return f"{URL}:{host}{port}{path}{'?' + unquote(parts.query) if parts.query else ''}" if host else ""


def siren_key(text: str) -> str:
    """Return the key of a SIREN number, of the organisation of a SIRET or of a French VAT number; "" for another text.

    >>> siren_key("200 039 857"), siren_key("20003985700012"), siren_key("2000")
    ('siren:200039857', 'siren:200039857', '')
    """
    match = _SIREN.fullmatch(text.strip())
    return f"{SIREN}:{''.join(match[1].split())}" if match and text.isascii() else ""


def insee_key(text: str) -> str:
    """Return the key of an INSEE code of a municipality, department or region; "" for another text.

    >>> insee_key("2a004"), insee_key("974"), insee_key("2026281")
    ('insee:2A004', 'insee:974', '')
    """
    text = text.strip()
    return f"{INSEE}:{text.upper()}" if text.isascii() and _INSEE.fullmatch(text) else ""


def title_key(text: str) -> str:
    """Return the key of the title of a wiki page; "" for a text without words.

    >>> title_key("Pôle_territorial (PTCE)")
    'title:pole territorial ptce'
    """
    found = words(text[:_LONGEST])
    return f"{TITLE}:{' '.join(found)}" if found else ""


def joined_key(text: str) -> str:
    """Return the key of a name whatever the spaces in it; "" for one that is too short to be told from a word.

    >>> joined_key("L’Atelier 26"), joined_key("Latelier26"), joined_key("Ain")
    ('joined:latelier26', 'joined:latelier26', '')
    """
    found = letters(text[:_LONGEST])
    return f"joined:{found}" if len(found) >= _SHORTEST_JOINED else ""


def wiki_title(address: str) -> str:
    """Return the title of the wiki page at ``address``, "" when it is no such address.

    >>> wiki_title("https://solecopedia.org/wiki/fr/P%C3%B4le_Sud"), wiki_title("https://example.org/index.php?title=P%C3%B4le")
    ('Pôle Sud', 'Pôle')
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if match := _WIKI.fullmatch(parts.path):
        return unquote(match[1]).replace("_", " ")
    titles = parse_qs(parts.query).get("title", [""]) if parts.path.endswith("/index.php") else [""]
    return titles[0].replace("_", " ")


def keys_of(text: str) -> list[str]:
    """Return the keys that ``text`` may be meant as.

    >>> keys_of("26281"), keys_of("Bou'Sol")
    (['insee:26281', 'title:26281'], ['title:bou sol'])
    """
    made = (url_key(text), siren_key(text), insee_key(text), title_key(text))
    # The title of a page is not looked for when its whole address is there.
    return [made[0]] if made[0] and _WEB.fullmatch(text.strip()) else [key for key in made if key]
