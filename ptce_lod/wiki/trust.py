"""What a wiki or a dump says is checked before it is used: addresses of pages, moments, numbers, characters.

Sources: RFC 3987 (IRIs, as the RDF parser reads them); XML Schema 1.1 Part 2, ``xsd:dateTime``; Unicode 15 D71 (surrogates).
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from ptce_lod.iris import is_absolute_iri
from ptce_lod.lexical import wrong_lexical_form
from ptce_lod.namespaces import XSD

_TITLE: Final = "$1"
#: Digits of the longest number that a database of a wiki can hold: 64 bits.
_DIGITS: Final = 19


def is_web_address(text: str) -> bool:
    """Say whether ``text`` is an http(s) IRI with a host that every reader of RDF takes.

    >>> is_web_address("https://wiki.example/wiki/P%C3%B4le"), is_web_address("https://wiki.example/> <x")
    (True, False)
    """
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and not parts.username and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and has_host and is_absolute_iri(text)


def wrong_article(article: str) -> str:
    """Return what is wrong with the address of a wiki's pages, "" when nothing is.

    >>> wrong_article("https://wiki.example/wiki/$1")
    ''
    """
    if article.count(_TITLE) != 1:
        return f"is {article[:100]!r}, expected an address with one $1 for the title"
    if not is_web_address(article.replace(_TITLE, "x")):
        return f"is {article[:100]!r}, expected an http(s) address"
    if _TITLE in article.partition("//")[2].partition("/")[0]:
        return f"is {article[:100]!r}, expected $1 after the host"
    return ""


def host_of(address: str) -> str:
    """Return the host of an address, "" when it has none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def moment(text: Any) -> str:
    """Return a timestamp, "" when it is none.

    >>> moment("2020-01-01T00:00:00Z"), moment("hier")
    ('2020-01-01T00:00:00Z', '')
    """
    found = str(text)
    return "" if wrong_lexical_form(found, XSD + "dateTime") else found


def number(value: Any) -> int:
    """Return a number of a page or revision; ValueError when it is none."""
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise ValueError(f"{text[:60]!r} is no number of a page or revision")
    return int(text)


def clean(value: Any) -> Any:
    """Return JSON with each lone surrogate, which no encoding can write, as U+FFFD: places in texts stay what they were.

    Works without recursion: how deep an answer nests is the wiki's word.
    """
    holder = [value]
    todo: list[Any] = [holder]
    while todo:
        part = todo.pop()
        for key, each in list(part.items() if isinstance(part, dict) else enumerate(part)):
            if isinstance(each, str):
                part[key] = _encodable(each)
            elif isinstance(each, dict | list):
                todo.append(each)
        if isinstance(part, dict):
            for key in [key for key in part if _encodable(key) != key]:
                part[_encodable(key)] = part.pop(key)
    return holder[0]


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text
