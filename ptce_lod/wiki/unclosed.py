"""Refuse wikitext on which a parser would spend minutes: what is opened and never closed is read anew to the end, once for each.

The text is scanned once. Estimates are meant to be too high rather than too low: an ending that stands inside a comment, an element
whose text is shown as it is, or the head of a tag closes only what was opened there.
Source: mwparserfromhell, which tries each opening up to the end of the text before it takes it as plain text.
"""

from __future__ import annotations

import re
from typing import Final

#: Markers of lists, each of which becomes a tag: some seconds.
_MARKERS: Final = 50_000
_LIST: Final = re.compile(r"^[*#:;]+", re.MULTILINE)
#: Characters that may be read in vain: some seconds.
_CHARACTERS: Final = 5_000_000
#: Braces, brackets and tags that may be open at one place; a template counts for two.
_DEPTH: Final = 2_500
#: A head of a tag is read more slowly: it may have attributes.
_HEAD: Final = 4
#: Times that a tag may be counted at most: its head, without its quotation marks, and what it holds.
_TAG: Final = 2 * _HEAD + 2
_TOKEN: Final = re.compile(
    r"""(?m:^[ \t:*]*(?P<table>\{\|))
    | (?m:^[ \t]*(?P<table_end>\|\})(?!\}))
    | (?P<comment><!--) | <(?P<slash>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9]*)
    | (?P<braces>\{\{+) | (?P<braces_end>\}\}+)
    | (?P<link>\[\[) | (?P<link_end>\]\])
    | (?P<address>\[(?=//|[a-zA-Z]+:)) | (?P<address_end>\]) | (?P<line>\n)""",
    re.VERBOSE,
)
#: What an ending tag has after its name.
_ENDED: Final = re.compile(r"\s*+>")
#: Elements that need no end.
_SINGLE: Final = frozenset(["br", "hr", "wbr", "meta", "link", "img", "li", "dt", "dd", "th", "td", "tr"])
#: Elements whose inside a parser leaves as it is.
_SHOWN: Final = frozenset(
    (
        *("categorytree", "ce", "chem", "gallery", "graph", "hiero", "imagemap", "inputbox", "math"),
        *("nowiki", "pre", "score", "section", "source", "syntaxhighlight", "templatedata", "timeline"),
    )
)


def check(text: str) -> None:
    """Raise ValueError, in words for who edits the wiki, when too much is not closed, nests too deep or is only lists of lists."""
    if len(text) > _MARKERS and sum(len(found[0]) for found in _LIST.finditer(text)) > _MARKERS:
        raise ValueError(f"the wikitext has more than {_MARKERS} markers of lists at the beginnings of lines")
    most = text.count("{") // 2 + text.count("[") + text.count("<") * _TAG
    if most * len(text) > _CHARACTERS or most > _DEPTH:  # else no scan could find too much
        _Scan(text).run()


class _Scan:
    """One pass over a text: a stack of what is open, and what those that nothing closes will cost."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[tuple[str, int]] = []
        #: Kind → where on the stack it is open.
        self._places: dict[str, list[int]] = {}
        #: Regions whose endings close only what was opened there: (where it ends, height of the stack at its beginning).
        self._regions: list[tuple[int, int]] = []
        self._endings: dict[str, int] = {}
        self._spent = 0

    def run(self) -> None:
        for token in _TOKEN.finditer(self._text):
            place = token.start()
            while self._regions and self._regions[-1][0] <= place:
                self._drop(self._regions.pop()[1])
            kind = token.lastgroup or ""
            if kind == "comment":
                self._region(place, self._find("-->", place))
            elif kind == "tag":
                self._tag(token)
            elif kind == "line":
                while self._open and self._open[-1][0] == "address" and len(self._open) > self._base:
                    self._spend(place - self._pop())
            elif kind.endswith("_end"):
                for _ in range(len(token[kind]) if kind == "braces_end" else 1):
                    self._close(kind.removesuffix("_end"))
            else:
                for _ in range(len(token[kind]) if kind == "braces" else 1):
                    self._push(kind, place)
        self._drop(0)

    @property
    def _base(self) -> int:
        return self._regions[-1][1] if self._regions else 0

    def _find(self, ending: str, place: int) -> int:
        """Return where the next ``ending``, a pattern, begins, the length of the text when there is none. Each is looked for once."""
        known = self._endings.get(ending, -1)
        if known < place:
            found = re.compile(ending, re.IGNORECASE).search(self._text, place)
            known = self._endings[ending] = found.start() if found else len(self._text)
        return known

    def _region(self, place: int, end: int) -> None:
        """Begin a region that ends at ``end``; one that does not end is none."""
        if end >= len(self._text):
            self._spend(end - place, place)
        elif not self._regions or end <= self._regions[-1][0]:
            self._regions.append((end, len(self._open)))

    def _tag(self, token: re.Match[str]) -> None:
        name, place = token["tag"].lower(), token.start()
        if token["slash"]:
            if _ENDED.match(self._text, token.end()):
                self._close(f"<{name}>")
            return
        end = self._find(">", place)
        if end >= len(self._text):
            self._spend((end - place) * _HEAD, place)
            return
        head = self._text[token.end() : end]
        self._spend(len(head), place)
        if head.count('"') % 2 or head.count("'") % 2 or "<" in head:
            self._spend((len(self._text) - place) * _HEAD, place)
        is_single = head.endswith("/") or name in _SINGLE
        if name in _SHOWN and not is_single:
            self._region(place, self._find(rf"</{name}\s*+>", end))
        else:
            if not is_single:
                self._push(f"<{name}>", place)
            self._region(place, end)

    def _push(self, kind: str, place: int) -> None:
        self._places.setdefault(kind, []).append(len(self._open))
        self._open.append((kind, place))
        if len(self._open) > _DEPTH:
            raise ValueError(f"the wikitext nests too deep in line {self._line(place)}")

    def _pop(self) -> int:
        """Take the last that was opened; return its place."""
        kind, place = self._open.pop()
        self._places[kind].pop()
        return place

    def _close(self, kind: str) -> None:
        places = self._places.get(kind)
        if places and places[-1] >= self._base:
            self._drop(places[-1] + 1)
            self._pop()

    def _drop(self, height: int) -> None:
        """Take what is open above a height of the stack: nothing closes it."""
        while len(self._open) > height:
            is_half = self._open[-1][0] == "braces"
            place = self._pop()
            self._spend((len(self._text) - place) // (2 if is_half else 1), place)

    def _spend(self, characters: int, place: int = 0) -> None:
        self._spent += characters
        if self._spent > _CHARACTERS:
            raise ValueError(
                f"the wikitext has too much that is not closed, such as in line {self._line(place)}"
            )

    def _line(self, place: int) -> int:
        return self._text.count("\n", 0, place) + 1
