"""Bring the blocks of a wiki's pages up to date: what would change, as a diff; and, when that is wanted, the change itself.

A page is read just before it is written, and saved only over what was read: what somebody writes in between is never lost. A second run
finds nothing to do; one that was cut short goes on, since what is written already does not change.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ptce_lod.wiki.blocks import EDITED, FILLED, OVERWRITTEN, UNKNOWN, empty, renew
from ptce_lod.wiki.editor import CurrentPage, PageRefused, WikiEditor
from ptce_lod.wiki.snapshot import PRESENT, PageRecord

#: What became of a page.
WRITTEN, WOULD_CHANGE, UNCHANGED = "written", "would change", "unchanged"
REFUSED, LEFT, BROKEN, MISSING = "refused", "left", "broken", "missing"
#: Outcome of a block → what a person should know of it.
_DETAILS: Final = {
    EDITED: "{!r} was changed by hand inside the block",
    OVERWRITTEN: "what was changed by hand inside {!r} is replaced",
    UNKNOWN: "nothing is known of {!r}",
}
#: Part of every block: pages without it are not asked for.
_MARK: Final = "ptce-lod"
#: What a block of a page that somebody named may want.
_EXAMPLE: Final = "infobox pole/SLUG"
#: Told (step, done, total).
Listener = Callable[[str, int, int], None]
Fill = Callable[[str], str | None]
#: Returns what a block could want instead of what nothing is known of.
Hint = Callable[[str], str]


@dataclass(frozen=True)
class PageOutcome:
    """What became of one page, or would: ``detail`` says why, or what else a person should know; ``diff`` what changes."""

    title: str
    state: str
    detail: str = ""
    diff: str = ""
    revision: int = 0


@dataclass(frozen=True)
class Plan:
    """What to look at: titles of pages, and pages to be made, title → what their block wants. ``inserted``: title → block for its top.

    ``asked``: those of the titles that somebody named, who should know when they have no block.
    """

    titles: Sequence[str]
    made: Mapping[str, str] = field(default_factory=dict)
    inserted: Mapping[str, str] = field(default_factory=dict)
    asked: Collection[str] = ()


def candidates(records: Iterable[PageRecord], site: str) -> list[str]:
    """Return the titles of the pages of a snapshot that may have blocks."""
    return [
        record.title
        for record in records
        if record.site == site and record.state == PRESENT and _MARK in record.text
    ]


def push(
    editor: WikiEditor,
    plan: Plan,
    fill: Fill,
    summary: str,
    *,
    apply: bool = False,
    overwrite: bool = False,
    listener: Listener = lambda step, done, total: None,
    hint: Hint = lambda wanted: "",
) -> list[PageOutcome]:
    """Fill the blocks of the planned pages; only with ``apply`` is anything written. ``hint`` says more of a block that is not filled.

    :class:`~ptce_lod.errors.SourceUnavailable` when the wiki takes nothing more; what was written until then stays.
    """
    # A template comes before the pages that call it.
    titles = list(dict.fromkeys((*plan.made, *plan.titles, *plan.inserted)))
    outcomes = []
    for number, page in enumerate(editor.current(titles), start=1):
        outcome, text = _planned(page, plan, fill, hint, overwrite=overwrite)
        if apply and text is not None:
            outcome = _saved(editor, page, text, summary, outcome)
        outcomes.append(outcome)
        listener("pages", number, len(titles))
    return outcomes


def _planned(
    page: CurrentPage, plan: Plan, fill: Fill, hint: Hint, *, overwrite: bool
) -> tuple[PageOutcome, str | None]:
    """Return what would become of a page, and its new text; None when it stays as it is."""
    text = page.text
    if text is None:
        return PageOutcome(page.title, REFUSED, "the wiki hides its text"), None
    if not page.revision:
        if page.title not in plan.made:
            return PageOutcome(page.title, MISSING, "there is no such page"), None
        text = empty(plan.made[page.title]) + "\n"
    try:
        renewed = renew(text, fill, overwrite=overwrite)
        if not renewed.outcomes and page.title in plan.inserted:
            if page.is_redirect:
                return PageOutcome(page.title, LEFT, "it is a redirect by now: pull again"), None
            renewed = renew(f"{empty(plan.inserted[page.title])}\n{text}", fill)
    except ValueError as error:
        return PageOutcome(page.title, BROKEN, str(error)), None
    if not renewed.outcomes and (page.title in plan.made or page.title in plan.asked):
        return PageOutcome(page.title, LEFT, _blockless(page, plan.made.get(page.title, _EXAMPLE))), None
    details = [
        ": ".join(
            filter(None, (_DETAILS[outcome].format(wanted), hint(wanted) if outcome == UNKNOWN else ""))
        )
        for wanted, outcome in renewed.outcomes
        if outcome in _DETAILS
    ]
    if not any(outcome in (FILLED, OVERWRITTEN) for _, outcome in renewed.outcomes):
        return PageOutcome(page.title, LEFT if details else UNCHANGED, "; ".join(details)), None
    diff = difference(page, renewed.text)
    return PageOutcome(page.title, WOULD_CHANGE, "; ".join(details), diff), renewed.text


def _blockless(page: CurrentPage, wanted: str) -> str:
    """Return what a person should know of a page that has no block: how to write one."""
    if page.is_redirect:
        return "it is a redirect: name the page where it leads"
    return f"it has no block of ours: write {empty(wanted)} where it should stand"


def _saved(
    editor: WikiEditor, page: CurrentPage, text: str, summary: str, planned: PageOutcome
) -> PageOutcome:
    try:
        saved = editor.save(page, text, summary)
    except PageRefused as error:
        return PageOutcome(page.title, REFUSED, str(error), planned.diff)
    merged = (
        ["the wiki merged it with an edit made meanwhile: look at its history"] if saved.is_merged else []
    )
    detail = "; ".join([*([planned.detail] if planned.detail else []), *merged])
    return PageOutcome(
        page.title, WRITTEN if saved.revision else UNCHANGED, detail, planned.diff, saved.revision
    )


def difference(page: CurrentPage, text: str) -> str:
    """Return the change of a page as a unified diff."""
    lines = difflib.unified_diff(
        (page.text or "").splitlines(),
        text.splitlines(),
        f"{page.title} (revision {page.revision})" if page.revision else "/dev/null",
        page.title,
        lineterm="",
    )
    return "\n".join(lines)
