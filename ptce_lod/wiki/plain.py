"""Wikitext of a value without its markup: what a reader of the page sees, on one line."""

from __future__ import annotations

import html
import re
from typing import Final

_EMPHASIS: Final = re.compile(r"'{2,}")
_REFERENCE: Final = re.compile(r"<ref\b", re.IGNORECASE)
_COMMENT_END: Final = re.compile("-->")
_TAG_BEGIN: Final = re.compile(r"</?[A-Za-z]")
_TAG_END: Final = re.compile(">")
_REFERENCE_END: Final = re.compile(r"</ref\s*+>", re.IGNORECASE)
#: Longest tag; what is longer is text.
_TAG: Final = 200
#: Tags that a reader sees as a gap: what stands before and after are two words.
_GAP: Final = re.compile(
    r"</?(?:br|hr|p|div|li|ul|ol|dl|dt|dd|table|tr|td|th|h[1-6]|blockquote|center|pre)\b", re.IGNORECASE
)
#: Entities as MediaWiki knows them; without the semicolon they are text, such as &copy= in an address.
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LINK: Final = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")


def plain(wikitext: str) -> str:
    """Return a parameter without comments, references, emphasis and tags, links by their words, entities as what they stand for.

    Tags that break a line, control characters and spaces of any kind become one space. What comes out is text: it may hold ``<`` or
    ``&lt;``, as a text of any other source may.

    >>> plain("'''[[Romans-sur-Isère|Romans]]'''<ref>x</ref> &amp;<br />Isère")
    'Romans & Isère'
    """
    text = _LINK.sub(r"\1", _EMPHASIS.sub("", _without_tags(decoded(wikitext))))
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def decoded(wikitext: str) -> str:
    """Return a text with its entities decoded, once: before tags are looked for, so that none comes out of them.

    >>> decoded("Coop&eacute;ration &amp;lt; ?a=1&copy=2")
    'Coopération &lt; ?a=1&copy=2'
    """
    return _ENTITY.sub(lambda match: html.unescape(match[0]), wikitext)


def _without_tags(text: str) -> str:
    """Return a text without comments, references and tags; what is not closed is text.

    Each ending is looked for once: when there is none after a place, there is none after later ones, so that hostile text takes no
    longer than honest text.
    """
    parts: list[str] = []
    ends = _Endings(text)
    place = 0
    while (begin := text.find("<", place)) >= 0:
        parts.append(text[place:begin])
        end = _end_of_tag(text, begin, ends)
        if not end:
            parts.append("<")
        elif _GAP.match(text, begin):
            parts.append(" ")
        place = end or begin + 1
    return "".join([*parts, text[place:]])


class _Endings:
    """Where the next of each ending is."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._next: dict[re.Pattern[str], re.Match[str] | None] = {}

    def after(self, place: int, ending: re.Pattern[str]) -> int:
        """Return where the first ``ending`` at ``place`` or later ends; 0 when there is none. Places only grow from call to call."""
        known = self._next.get(ending)
        if ending not in self._next or (known is not None and known.start() < place):
            known = self._next[ending] = ending.search(self._text, place)
        return known.end() if known else 0


def _end_of_tag(text: str, begin: int, ends: _Endings) -> int:
    """Return where the comment, reference or tag at ``begin`` ends; 0 when it is none."""
    if text.startswith("<!--", begin):
        if end := ends.after(begin + len("<!--"), _COMMENT_END):
            return end
    elif _REFERENCE.match(text, begin) and (head := ends.after(begin, _TAG_END)):
        if text[head - 2] == "/":
            return head
        if end := ends.after(head, _REFERENCE_END):
            return end
    if not _TAG_BEGIN.match(text, begin):  # a sign of comparison
        return 0
    end = text.find(">", begin + 1, begin + _TAG + 2)
    return end + 1 if end > begin + 1 and "<" not in text[begin + 1 : end] else 0
