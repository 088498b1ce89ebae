"""The page of statistics: each chart drawn as SVG on the server, with its table, its query and its figures to download."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from textwrap import wrap
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode

from ptce_lod.iris import is_absolute_iri
from ptce_lod.numbers import format_number
from ptce_lod.query.backend import Backend
from ptce_lod.settings import Settings
from ptce_lod.web.pages.environment import render
from ptce_lod.web.pages.site import path_to
from ptce_lod.web.pages.text import path_of

_WIDTH, _LABEL, _ROW, _BAR = 640, 230, 26, 16
_HEIGHT: Final = 170
#: Characters of a label beside a bar, and bars that are drawn; the table has the whole of both.
_CHARACTERS, _BARS = 34, 20


class _Row(NamedTuple):
    label: str
    lang: str
    href: str
    number: int


class _Shown(NamedTuple):
    name: str
    title: str
    description: str
    svg: str
    rows: Sequence[_Row]
    query: str
    editor: str
    key_title: str
    drawn: int


def row_label(backend: Backend, row: Mapping[str, Any], language: str) -> tuple[str, str]:
    """Return the label of a row of a chart, and its language when it is not ``language``."""
    if "labels" in row:
        return str(row["labels"][language]), ""
    key = str(row["key"])
    label = backend.label(key, language) if is_absolute_iri(key) else None
    if label is None:
        return key, ""
    return label.value, label.language if label.language not in ("", language) else ""


def render_statistics(
    backend: Backend,
    settings: Settings,
    charts: Sequence[Mapping[str, Any]],
    release_id: str,
    query: str,
    language: str,
) -> str:
    """Return the page; ``query`` names the release in addresses when it is not the current one."""
    shown = []
    for chart in charts:
        rows = [
            _Row(
                *row_label(backend, row, language),
                path_to(row["key"], settings) if settings.addresses.document(str(row["key"])) else "",
                row["count"],
            )
            for row in chart["rows"]
        ]
        title = chart["titles"][language]
        is_years = chart["kind"] == "years"
        svg = _columns(rows, title, language) if is_years else _bars(rows[:_BARS], title, language)
        editor = f"{path_of(settings.base_iri, settings.base_iri)}sparql#{urlencode({'query': chart['query']}, quote_via=quote)}"
        shown.append(
            _Shown(
                chart["name"],
                title,
                chart["descriptions"][language],
                svg,
                rows,
                chart["query"],
                editor,
                "Year" if is_years else "Value",
                len(rows) if is_years else min(len(rows), _BARS),
            )
        )
    return render(
        "statistics.html",
        language,
        settings,
        backend,
        section="statistics",
        page_query=query.lstrip("?"),
        charts=shown,
        shown_release=release_id,
        is_current=not query,
        query=query,
    )


def _bars(rows: Sequence[_Row], title: str, language: str) -> str:
    """Draw horizontal bars, one for each row."""
    most = max((row.number for row in rows), default=1) or 1
    room = _WIDTH - _LABEL - 50
    parts = []
    for place, row in enumerate(rows):
        top = place * _ROW
        width = max(2, round(room * row.number / most))
        lang = f' lang="{escape(row.lang)}"' if row.lang else ""
        parts.append(
            f'<text class="label" text-anchor="end"{lang}>{_lines(row.label, top + 17)}</text>'
            f'<rect class="bar" x="{_LABEL}" y="{top + 5}" width="{width}" height="{_BAR}" rx="2"/>'
            f'<text class="value" x="{_LABEL + width + 6}" y="{top + 17}">{format_number(row.number, language)}</text>'
        )
    return _svg(parts, len(rows) * _ROW + 4, title)


def _lines(label: str, baseline: int) -> str:
    """Return a label in one line, or in two around the same middle."""
    lines = wrap(label, _CHARACTERS, max_lines=2, placeholder=" …") or [""]
    first = baseline - (5 if len(lines) > 1 else 0)
    return "".join(
        f'<tspan x="{_LABEL - 8}" y="{first + 12 * place}">{escape(line)}</tspan>'
        for place, line in enumerate(lines)
    )


def _columns(rows: Sequence[_Row], title: str, language: str) -> str:
    """Draw a column for each year from the first to the last, those without anything too."""
    counts = {int(row.label): row.number for row in rows if row.label.isdigit()}
    if not counts:
        return ""
    years = range(min(counts), max(counts) + 1)
    step = min(60.0, _WIDTH / len(years))
    most = max(counts.values())
    every = 1 if step >= 34 else 2 if step >= 18 else 5
    parts = []
    for place, year in enumerate(years):
        count = counts.get(year, 0)
        height = round((_HEIGHT - 46) * count / most) if count else 0
        left, middle, base = place * step, place * step + step / 2, _HEIGHT - 24
        if count:
            parts.append(
                f'<rect class="bar" x="{left + step * 0.15:.1f}" y="{base - height}" width="{step * 0.7:.1f}" height="{height}" rx="2"/>'
                f'<text class="value" x="{middle:.1f}" y="{base - height - 5}" text-anchor="middle">{format_number(count, language)}</text>'
            )
        if year % every == 0:
            parts.append(
                f'<text class="label" x="{middle:.1f}" y="{_HEIGHT - 6}" text-anchor="middle">{year}</text>'
            )
    parts.append(f'<path class="axis" d="M0 {_HEIGHT - 23.5}H{len(years) * step:.1f}"/>')
    return _svg(parts, _HEIGHT, title)


def _svg(parts: Sequence[str], height: float, title: str) -> str:
    return f'<svg class="chart" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}">{"".join(parts)}</svg>'
