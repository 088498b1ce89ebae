"""Sentences with links in them: what a page says of a constraint, a domain or an example, before it is HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

_SLOT: Final = re.compile(r"\{(\w+)\}")


class Piece(NamedTuple):
    """A run of text: linked when it has an ``href``, in the language ``lang`` when that is not the page's, set as code when ``code``."""

    text: str
    href: str = ""
    lang: str = ""
    code: bool = False


Words = tuple[Piece, ...]


def plain(text: str) -> Words:
    """Return a text as words."""
    return (Piece(text),) if text else ()


def fill(template: str, **slots: Words | str | int) -> Words:
    """Return ``template`` with words in its ``{slots}``.

    >>> read(fill("a value of {path}", path=(Piece("ptce:stage", href="#stage"),)))
    'a value of ptce:stage'
    """
    found: list[Piece] = []
    for number, part in enumerate(_SLOT.split(template)):
        if number % 2 == 0:
            found.extend(plain(part))
        else:
            value = slots[part]
            found.extend(value if isinstance(value, tuple) else plain(str(value)))
    return tuple(found)


def join(parts: Iterable[Words], between: str) -> Words:
    """Return ``parts`` one after the other with ``between`` between them."""
    found: list[Piece] = []
    for number, part in enumerate(parts):
        if number:
            found.append(Piece(between))
        found.extend(part)
    return tuple(found)


def read(words: Words) -> str:
    """Return what words say, without links."""
    return "".join(piece.text for piece in words)
