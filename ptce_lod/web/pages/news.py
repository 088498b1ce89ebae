"""The page of news: what each publication brought, in numbers and names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from ptce_lod.numbers import format_number
from ptce_lod.query.backend import Backend
from ptce_lod.settings import Settings
from ptce_lod.web.pages.environment import render
from ptce_lod.web.pages.i18n import number_translator, translator
from ptce_lod.web.pages.past import WORDS
from ptce_lod.web.pages.site import path_to
from ptce_lod.web.pages.text import format_moment

#: What became of a thing → how many of them, in words.
COUNTS: Final = {
    "created": ("{n} thing new", "{n} things new"),
    "changed": ("{n} thing changed", "{n} things changed"),
    "retired": ("{n} thing retired", "{n} things retired"),
    "removed": ("{n} thing removed", "{n} things removed"),
}


class News(NamedTuple):
    """One publication: how many things it touched, by kind ("created", "changed", "retired", "removed"), and which, as far as named.

    ``is_kept``: the files of its release are there.
    """

    number: int
    moment: datetime
    release_id: str
    counts: Mapping[str, int]
    touched: Sequence[tuple[str, str]]
    more: int
    is_kept: bool


class _Thing(NamedTuple):
    label: str
    lang: str
    href: str
    kind: str


class _Shown(NamedTuple):
    news: News
    title: str
    things: Sequence[_Thing]


def news_title(each: News, language: str) -> str:
    """Return a publication in a line: its moment, and how much it brought."""
    count = number_translator(language)
    parts = [
        count(singular, plural, each.counts[kind])
        for kind, (singular, plural) in COUNTS.items()
        if each.counts.get(kind)
    ]
    said = ", ".join(parts)
    moment = format_moment(each.moment, language)
    return f"{moment}\u00a0: {said}" if said and language == "fr" else f"{moment}: {said}" if said else moment


def news_summary(each: News, backend: Backend, settings: Settings, language: str) -> str:
    """Return the names of what a publication touched; of one that names nothing, why. Never empty."""
    names = [_label(iri, backend, settings, language)[0] for iri, _kind in each.touched]
    _ = translator(language)
    if not names:
        return (
            _("The whole was published; what changed was not recorded.")
            if each.number
            else _("The first publication.")
        )
    more = [_("and {n} more").format(n=format_number(each.more, language))] if each.more else []
    return ", ".join([*names, *more])


def _label(iri: str, backend: Backend, settings: Settings, language: str) -> tuple[str, str]:
    """Return (name, its language if it is another); of what has no name any more, or never had one, the end of its address."""
    label = backend.label(iri, language)
    if label is None:
        base = settings.base_iri
        return iri.removeprefix(f"{base}id/").removeprefix(base), ""
    return label.value, label.language if label.language not in ("", language) else ""


def render_news(
    backend: Backend, settings: Settings, here: Sequence[News], page: tuple[int, int], language: str
) -> str:
    """Return a page of news."""
    shown = [
        _Shown(
            each,
            news_title(each, language),
            [
                # What is gone has no page to lead to.
                _Thing(
                    *_label(iri, backend, settings, language),
                    path_to(iri, settings) if backend.fate(iri).known else "",
                    translator(language)(WORDS[kind]),
                )
                for iri, kind in each.touched
            ],
        )
        for each in here
    ]
    return render(
        "news.html",
        language,
        settings,
        backend,
        page_query=f"page={page[0]}" if page[0] > 1 else "",
        items=shown,
        page=page[0],
        last=page[1],
    )
