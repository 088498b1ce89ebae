"""Files of the release: report, statistics, the JSON-LD context; and what problems mean."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, abort

from ptce_lod import formats
from ptce_lod.errors import NotAcceptable
from ptce_lod.formats import JSON_LD, TURTLE, Format
from ptce_lod.web import context, files, headers, pages, problem_types
from ptce_lod.web.links import link
from ptce_lod.web.negotiation import LANGUAGES, negotiate
from ptce_lod.web.problem_types import TYPES
from ptce_lod.web.representation import Resource, answer, rule, split_extension, write_rdf

blueprint: Final = Blueprint("discovery", __name__)


@lru_cache(maxsize=4)
def _style_source(path: Path) -> str:
    """Return a directive that allows the style element of a page by its SHA-256 (CSP Level 3, section 2.3.1)."""
    style = path.read_text(encoding="utf-8").partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"; style-src 'self' 'sha256-{digest}'"


@blueprint.get("/report")
def negotiated_report() -> Response:
    """Answer with the validation report, as a page or in Turtle."""
    offers = (formats.HTML, TURTLE)
    format_ = negotiate(context.accept(), offers)
    addresses = {each: f"{context.settings().base_iri}report.{each.extension}" for each in offers}
    if format_ is None:
        raise NotAcceptable(
            "the report is not available in any of the accepted media types",
            [each.media_type for each in offers],
            alternates=[(addresses[each], each.media_type) for each in offers],
        )
    response = report() if format_ is TURTLE else report_page()
    response.headers["Content-Location"] = addresses[format_]
    response.vary.update(("Accept", "Accept-Language"))
    return response


@blueprint.get("/report.html")
def report_page() -> Response:
    """Answer with the validation report for people."""
    release = files.current_release()
    response = files.send(
        release.report_page, formats.HTML.content_type, files.tag(release.release_id, release.report_page)
    )
    # The report is one file that stands alone: its style, known by its hash, is the only one of its kind that may be used.
    response.headers["Content-Security-Policy"] = headers.POLICY + _style_source(release.report_page)
    response.headers["Link"] = str(
        link(f"{context.settings().base_iri}report.ttl", "alternate", type=TURTLE.media_type)
    )
    return response


@blueprint.get("/report.ttl")
def report() -> Response:
    """Answer with the SHACL validation report."""
    release = files.current_release()
    return files.send(release.report, TURTLE.content_type, files.tag(release.release_id, release.report))


@blueprint.get("/statistics.json")
def statistics() -> Response:
    """Answer with the counts of the release."""
    release = files.current_release()
    return files.send(
        release.statistics, "application/json", files.tag(release.release_id, release.statistics)
    )


@blueprint.get("/context.jsonld")
def json_ld_context() -> Response:
    """Answer with the JSON-LD context of the vocabulary."""
    path = context.settings().ontology_dir / "context.jsonld"
    if not path.is_file():
        abort(404, "this deployment has no JSON-LD context")
    return files.send(path, JSON_LD.content_type, files.tag(context.backend().release_id, path))


@blueprint.get(rule("problem"))
def problems(name: str) -> Response:
    """Say what the types of problems mean."""
    return _problem_types("", split_extension(name)[1])


@blueprint.get("/problem/<name>")
def problem_type(name: str) -> Response:
    """Say what a type of problem means."""
    return _problem_types(*split_extension(name))


def _problem_types(stem: str, format_: Format | None) -> Response:
    kinds = list(TYPES.values()) if not stem else [TYPES[stem]] if stem in TYPES else []
    if not kinds:
        abort(404, f"there is no type of problem {stem[:100]!r}")
    settings, backend = context.settings(), context.backend()

    def rdf(chosen: Format) -> bytes:
        texts = {code: pages.texts(code) for code in LANGUAGES}
        return write_rdf(
            (
                quad
                for kind in kinds
                for quad in problem_types.quads(
                    kind,
                    settings.base_iri,
                    {code: (_(kind.title), _(kind.about)) for code, _ in texts.items()},
                )
            ),
            chosen,
        )

    def html(language: str) -> str:
        return pages.render_problem_types(settings, backend, kinds, language)

    address = f"{settings.base_iri}problem/{stem}" if stem else f"{settings.base_iri}problem"
    return answer(Resource(address, html, rdf, tag_parts=("problem", stem)), format_)
