"""Blocks of a wiki page that are kept up to date: what stands between two comments, and nothing else of the page.

A person who wants a block writes ``<!-- ptce-lod infobox pole/tetris --><!-- /ptce-lod -->``. Whoever fills it adds the checksum of what
was written, so that what a person changes inside is seen the next time.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from ptce_lod.wiki.wanted import split_wanted

#: Said of a block that was filled, left, or could not be filled.
UNCHANGED, FILLED, EDITED, OVERWRITTEN, UNKNOWN = (
    "unchanged",
    "filled",
    "edited by hand",
    "overwritten",
    "unknown",
)
_END: Final = "<!-- /ptce-lod -->"
_NAME: Final = "ptce-lod"
#: Kind of block → what stands before and after its wikitext. What is written into a sentence, as a link is, or copied into one, as a
#: template's text is, has no line breaks; text that goes on behind a box would be shown as code if a line break and its space began a line.
_BREAKS: Final = {"link": ("", ""), "template": ("", ""), "infobox": ("\n", "")}
#: Lists begin and end lines.
_OTHER_BREAKS: Final = ("\n", "\n")
# Each pattern reads a character once or twice, whatever the text: a page may be hostile.
_COMMENT: Final = re.compile(r"<!--([^<>]*+)>")
_DIGEST: Final = re.compile(r"sha256:([0-9a-f]{16})")
#: Elements that show what is inside as it is written: a page may explain blocks.
_SHOWN_BEGIN: Final = re.compile(r"<(nowiki|pre|syntaxhighlight|source)\b", re.IGNORECASE)
_SHOWN_END: Final = re.compile(r"</(nowiki|pre|syntaxhighlight|source)\s*+>", re.IGNORECASE)


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
    before, after = _BREAKS.get(split_wanted(wanted)[0], _OTHER_BREAKS)
    inside = f"{before}{wikitext}{after}"
    return f"<!-- ptce-lod {wanted} sha256:{digest_of(inside)} -->{inside}{_END}"


def empty(wanted: str) -> str:
    """Return a block to be filled."""
    return f"<!-- ptce-lod {wanted} -->{_END}"


@dataclass(frozen=True)
class _Mark:
    """A comment of ours: where it is, and what it wants; None when it closes a block."""

    begin: int
    end: int
    wanted: str | None
    digest: str = ""


def blocks(text: str) -> list[Block]:
    """Return the blocks of a page; ValueError when a comment of ours is not closed, or closes nothing."""
    found: list[Block] = []
    opened: _Mark | None = None
    for mark in _marks(text):
        if (mark.wanted is None) is (opened is None):
            fault = "stands inside another block" if opened else "closes no block"
            raise ValueError(f"line {_line(text, mark)}: {text[mark.begin : mark.end]} {fault}")
        if opened is None:
            opened = mark
            continue
        inside = (opened.end, mark.begin)
        found.append(Block(opened.wanted or "", opened.digest, opened.begin, inside, mark.end))
        opened = None
    if opened is not None:
        raise ValueError(
            f"line {_line(text, opened)}: {text[opened.begin : opened.end]} is not closed by {_END}"
        )
    return found


def _line(text: str, mark: _Mark) -> int:
    return text.count("\n", 0, mark.begin) + 1


def _marks(text: str) -> Iterator[_Mark]:
    """Yield the comments of ours in the order of the text, but for those that are only shown."""
    shown = _shown(text)
    number = 0
    for comment in _COMMENT.finditer(text):
        while number < len(shown) and shown[number][1] <= comment.start():
            number += 1
        is_shown = number < len(shown) and shown[number][0] <= comment.start()
        body = comment[1]
        if is_shown or not body.endswith("--"):
            continue
        body = body[:-2]
        if body.strip() == f"/{_NAME}":
            yield _Mark(comment.start(), comment.end(), None)
        else:
            before, name, rest = body.partition(_NAME)
            if name and not before.strip() and rest[:1].isspace():
                words = rest.split()
                digest = _DIGEST.fullmatch(words[-1]) if words else None
                wanted = rest.strip().removesuffix(digest[0] if digest else "").rstrip()
                yield _Mark(comment.start(), comment.end(), wanted, digest[1] if digest else "")


def _shown(text: str) -> list[tuple[int, int]]:
    """Return the places whose wikitext is only shown, in the order of the text; they do not overlap."""
    ends: dict[str, list[re.Match[str]]] = {}
    for match in _SHOWN_END.finditer(text):
        ends.setdefault(match[1].lower(), []).append(match)
    starts = {name: [match.start() for match in matches] for name, matches in ends.items()}
    found: list[tuple[int, int]] = []
    place = head_end = 0
    for match in _SHOWN_BEGIN.finditer(text):
        if match.start() < place:
            continue
        if head_end <= match.end():
            head_end = text.find(">", match.end()) + 1
        if not head_end:
            break
        name = match[1].lower()
        number = bisect_left(starts.get(name, []), head_end)
        if text[head_end - 2] != "/" and number < len(starts.get(name, ())):
            place = ends[name][number].end()
            found.append((match.start(), place))
    return found


def without_blocks(text: str) -> str:
    """Return a page's text with spaces for its blocks, so that every place in the rest, and every line, stays where it was.

    ValueError as from :func:`blocks`: what is ours cannot be told from what is not.
    """
    parts: list[str] = []
    place = 0
    for block in blocks(text):
        gap = "\n".join(" " * len(line) for line in text[block.begin : block.end].split("\n"))
        parts += [text[place : block.begin], gap]
        place = block.end
    return "".join([*parts, text[place:]])


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
    if is_ours or inside.strip() == wikitext.strip():
        return FILLED, replacement
    return (OVERWRITTEN, replacement) if overwrite else (EDITED, None)
