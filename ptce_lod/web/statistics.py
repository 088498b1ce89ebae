"""Statistics of a release: charts with their tables, queries and CSV. The figures were counted when the release was built."""

from __future__ import annotations

import csv
import io
import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response, request

from ptce_lod.errors import BadRequest, ThingNotFound
from ptce_lod.formats import HTML, Format
from ptce_lod.release.layout import ReleaseLayout
from ptce_lod.terms import is_release_id
from ptce_lod.web import conditional, context, files, headers, pages
from ptce_lod.web.links import SCHEMA, link
from ptce_lod.web.representation import Resource, answer, rule, split_extension

blueprint: Final = Blueprint("statistics", __name__)
#: ``/statistics.json`` are the counts of the release, which are something else.
CHARTS: Final = Format("charts", "JSON", "application/json", "charts.json", file_type="JSON")
_FILES: Final = (CHARTS,)
#: Beginnings of a text that a spreadsheet takes for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@blueprint.get(rule("statistics", more=_FILES))
def statistics(name: str) -> Response:
    """Answer with the charts of a release."""
    _, format_ = split_extension(name, _FILES)
    settings = context.settings()
    layout, query = _release()
    found = _charts(layout.charts)

    def data() -> bytes:
        body = {"release": str(layout.release_id), "charts": found}
        return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()

    return answer(
        Resource(
            f"{settings.base_iri}statistics",
            lambda language: pages.render_statistics(
                context.backend(), settings, found, layout.release_id, query, language
            ),
            lambda _format: data(),
            offers=(HTML, CHARTS),
            query=query,
            tag_parts=("statistics", str(layout.release_id)),
            links=(link(SCHEMA + "WebPage", "type"),),
            others={CHARTS: data},
            modified=context.published_at(),
        ),
        format_,
    )


@blueprint.get("/statistics/<name>.csv")
def figures(name: str) -> Response:
    """Answer with the figures of one chart: key, label in both languages, count."""
    layout, _query = _release()
    chart = next((each for each in _charts(layout.charts) if each["name"] == name), None)
    if chart is None:
        raise ThingNotFound(
            f"there is no chart {name[:100]!r}", hint="/statistics shows the charts there are"
        )
    tag = conditional.entity_tag(context.backend().release_id, "csv", name, str(layout.release_id))
    if conditional.not_modified(tag):
        return conditional.empty(tag)
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(("key", "label_fr", "label_en", "count"))
    for row in chart["rows"]:
        labels = (pages.row_label(context.backend(), row, code)[0] for code in ("fr", "en"))
        writer.writerow([*(_inert(text) for text in (row["key"], *labels)), row["count"]])
    response = Response(stream.getvalue(), content_type="text/csv; charset=utf-8; header=present")
    response.set_etag(tag)
    response.headers["Cache-Control"] = headers.CACHE_CURRENT
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _inert(text: str) -> str:
    """Return a text that no spreadsheet carries out (OWASP, "CSV Injection")."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _release() -> tuple[ReleaseLayout, str]:
    """Return the release that is asked for, by default the current one, and the query that names it."""
    asked = request.args.get("release", "")
    if not asked or asked == context.backend().release_id:
        return files.current_release(), ""
    if not is_release_id(asked):
        raise BadRequest(f"release is {asked[:50]!r}, expected the id of a release: 16 hexadecimal digits")
    layout = files.kept_release(asked)
    if not layout.charts.is_file():
        raise ThingNotFound(f"release {asked} was built before there were charts")
    return layout, f"?release={asked}"


@lru_cache(maxsize=8)
def _charts(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found
