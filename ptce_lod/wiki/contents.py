"""What the pages of a snapshot hold, each read once while there is room for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ptce_lod.wiki.blocks import without_blocks
from ptce_lod.wiki.prefixes import USUAL, Prefixes
from ptce_lod.wiki.snapshot import Key, PageRecord
from ptce_lod.wiki.wikitext import PageContent, read_wikitext

#: Told (page, parameter or "", what is wrong), in words for who edits the wiki.
Tell = Callable[[PageRecord, str, str], None]
#: Characters of the texts whose contents are kept between two readings of the pages; others are read twice.
_HELD: Final = 50_000_000


def read_own_words(text: str, prefixes: Prefixes = USUAL) -> PageContent:
    """Return what a page holds without our own blocks, which say what we know already; places are those in the whole text.

    ValueError when it cannot be read, or a block of ours is not closed.
    """
    return read_wikitext(without_blocks(text), prefixes)


class Contents:
    """Reads texts by the words of their wiki (language → ``prefixes``); what cannot be read is told."""

    def __init__(self, prefixes: Mapping[str, Prefixes], tell: Tell) -> None:
        self._prefixes = prefixes
        self._tell = tell
        self._read: dict[Key, PageContent] = {}
        self._held = 0

    def of(self, record: PageRecord) -> PageContent | None:
        """Return what a page holds, and keep it while there is room; None when it cannot be read."""
        found = self._read.get(record.key)
        if found is None:
            try:
                found = read_own_words(record.text, self._prefixes.get(record.site, USUAL))
            except ValueError as error:
                self._tell(record, "", str(error))
                return None
            if self._held + len(record.text) <= _HELD:
                self._read[record.key] = found
                self._held += len(record.text)
        return found

    def taken(self, record: PageRecord) -> PageContent | None:
        """Return what a page holds, for the last time: its room is free again."""
        found = self.of(record)
        if self._read.pop(record.key, None) is not None:
            self._held -= len(record.text)
        return found
