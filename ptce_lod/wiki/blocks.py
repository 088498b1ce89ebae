"""Blocks of a wiki page that are kept up to date: what stands between two comments, and nothing else of the page.

A person who wants a block writes ``<!-- ptce-lod infobox pole/tetris --><!-- /ptce-lod -->``. Whoever fills it adds the checksum of what
was written, so that what a person changes inside is seen the next time.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

#: Said of a block that was filled, left, or could not be filled.
UNCHANGED, FILLED, EDITED, OVERWRITTEN, UNKNOWN = (
    "unchanged",
    "filled",
    "edited by hand",
    "overwritten",
    "unknown",
)
_END: Final = "<!-- /ptce-lod -->"
_BEGIN: Final = re.compile(
    r"<!--\s*ptce-lod\s+(?P<wanted>[^<>]*?)\s*(?:sha256:(?P<digest>[0-9a-f]{16})\s*)?-->"
)
_CLOSE: Final = re.compile(r"<!--\s*/ptce-lod\s*-->")
#: What is shown as it is written: a page may explain blocks.
_SHOWN: Final = re.compile(
    r"<(nowiki|pre|syntaxhighlight|source)\b[^>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)


@dataclass(frozen=True)
class Block:
    """A block as it stands: what is wanted there, and where its inside begins and ends. ``begin`` and ``end`` hold the comments, too."""

    wanted: str
    digest: str
    begin: int
    inside: tuple[int, int]
    end: int


@dataclass
class Renewed:
    """A page's text with its blocks filled, and what became of each: what was wanted → one of the words above, or why not."""

    text: str
    outcomes: list[tuple[str, str]] = field(default_factory=list)


def digest_of(inside: str) -> str:
    """Return the checksum that a filled block carries: 16 digits of the SHA-256 of its inside in UTF-8."""
    return hashlib.sha256(inside.encode()).hexdigest()[:16]


def written(wanted: str, wikitext: str) -> str:
    """Return a filled block."""
    inside = f"\n{wikitext}\n"
    return f"<!-- ptce-lod {wanted} sha256:{digest_of(inside)} -->{inside}{_END}"


def empty(wanted: str) -> str:
    """Return a block to be filled."""
    return f"<!-- ptce-lod {wanted} -->{_END}"


def blocks(text: str) -> list[Block]:
    """Return the blocks of a page; ValueError when a comment of ours is not closed, or closes nothing."""
    shown = [match.span() for match in _SHOWN.finditer(text)]
    marks = [
        match
        for pattern in (_BEGIN, _CLOSE)
        for match in pattern.finditer(text)
        if not any(begin <= match.start() < end for begin, end in shown)
    ]
    found: list[Block] = []
    opened: re.Match[str] | None = None
    for mark in sorted(marks, key=lambda each: each.start()):
        if (mark.re is _BEGIN) is (opened is not None):
            line = text.count("\n", 0, mark.start()) + 1
            raise ValueError(
                f"line {line}: {mark[0]} {'stands inside another block' if opened else 'closes no block'}"
            )
        if opened is None:
            opened = mark
            continue
        inside = (opened.end(), mark.start())
        found.append(Block(opened["wanted"], opened["digest"] or "", opened.start(), inside, mark.end()))
        opened = None
    if opened is not None:
        raise ValueError(
            f"line {text.count(chr(10), 0, opened.start()) + 1}: {opened[0]} is not closed by {_END}"
        )
    return found


def renew(text: str, fill: Callable[[str], str | None], *, overwrite: bool = False) -> Renewed:
    """Fill the blocks of a page by ``fill``, which returns wikitext for what is wanted, or None when it knows of no such thing.

    A block whose inside a person changed is left, unless ``overwrite``. ValueError as from :func:`blocks`.
    """
    parts: list[str] = []
    outcomes: list[tuple[str, str]] = []
    place = 0
    for block in blocks(text):
        outcome, replacement = _renewed(text, block, fill(block.wanted), overwrite=overwrite)
        outcomes.append((block.wanted, outcome))
        if replacement is not None:
            parts += [text[place : block.begin], replacement]
            place = block.end
    return Renewed("".join([*parts, text[place:]]), outcomes)


def _renewed(text: str, block: Block, wikitext: str | None, *, overwrite: bool) -> tuple[str, str | None]:
    """Return what becomes of a block, and what takes its place; None leaves it."""
    inside = text[slice(*block.inside)]
    if wikitext is None:
        return UNKNOWN, None
    replacement = written(block.wanted, wikitext)
    if replacement == text[block.begin : block.end]:
        return UNCHANGED, None
    is_ours = digest_of(inside) == block.digest if block.digest else not inside.strip()
    if is_ours or inside == f"\n{wikitext}\n":
        return FILLED, replacement
    return (OVERWRITTEN, replacement) if overwrite else (EDITED, None)
