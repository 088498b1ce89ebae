"""What harvesters fetch: catalogue, dumps, report, VoID; and what problems mean."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, abort, send_file
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as AnyResponse

from ptce_lod import formats, serialize
from ptce_lod.errors import NotAcceptable, ReleaseNotFound, ThingNotFound
from ptce_lod.formats import JSON_LD, TURTLE, Format
from ptce_lod.query.backend import Description
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.web import context, headers, pages, problem_types
from ptce_lod.web.identity import see_other
from ptce_lod.web.links import SCHEMA, link
from ptce_lod.web.negotiation import LANGUAGES, negotiate
from ptce_lod.web.problem_types import TYPES
from ptce_lod.web.representation import RDF_FIRST, Resource, answer, rule, split_extension, write_rdf

blueprint: Final = Blueprint("discovery", __name__)


@blueprint.get(rule("catalog"))
def catalog(name: str) -> Response:
    """Answer with the catalogue, RDF first and without a redirect: harvesters follow none."""
    _, format_ = split_extension(name)
    settings, backend = context.settings(), context.backend()
    iri = f"{settings.base_iri}catalog"
    path = _release().catalog

    def html(language: str) -> str:
        quads = list(serialize.parse(path.read_bytes(), TURTLE))
        return pages.render_document(backend, settings, iri, Description(iri, quads), language)

    def rdf(chosen: Format) -> bytes:
        data = path.read_bytes()
        return data if chosen is TURTLE else write_rdf(serialize.parse(data, TURTLE), chosen)

    base = settings.base_iri
    more = (
        link(iri, "cite-as"),
        link(SCHEMA + "DataCatalog", "type"),
        link(settings.addresses.thing("agent", "project"), "author"),
        *(
            link(f"{base}dumps/latest/all.{f.extension}", "item", type=f.media_type)
            for f in (formats.N_QUADS, formats.TRIG)
        ),
    )
    return answer(
        Resource(iri, html, rdf, offers=RDF_FIRST, links=more, modified=context.published_at()),
        format_,
    )


@blueprint.get("/dataset/<name>")
@blueprint.get("/.well-known/void", defaults={"name": "void"})
def dataset(name: str) -> AnyResponse:
    """Send a client to the catalogue, which describes every dataset."""
    return see_other(f"{context.settings().base_iri}catalog")


@blueprint.get("/dumps/<release_id>/<path:path>")
def dump(release_id: str, path: str) -> AnyResponse:
    """Answer with a file of dumps: ``latest``, or a release by its id, whose files never change."""
    release = _release() if release_id == "latest" else _other_release(release_id)
    found = safe_join(str(release.dumps), path)
    if found is None or not Path(found).is_file():
        raise ThingNotFound(
            f"release {release.release_id} has no dump {path!r}", hint="/catalog lists the dumps there are"
        )
    format_ = formats.rdf_format_of_path(found)
    content_type = format_.content_type if format_ else "application/octet-stream"
    response = _file(Path(found), content_type, str(release.release_id))
    response.headers["Accept-Ranges"] = "bytes"
    name = f"{release.release_id}-{path.replace('/', '-')}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if release_id != "latest":
        response.headers["Cache-Control"] = headers.CACHE_FOREVER
    return response


def _other_release(release_id: str) -> ReleaseLayout:
    try:
        return VarLayout(context.settings().var_dir).release(release_id)
    except ReleaseNotFound as error:
        raise ThingNotFound(error.message, hint="/dumps/latest/ holds the current dumps") from error


def _release() -> ReleaseLayout:
    """Return the folder of the release that answers this request, whatever is published meanwhile."""
    return VarLayout(context.settings().var_dir).release(context.backend().release_id)


def _file(path: Path, content_type: str, release: str) -> Response:
    """Return a file with a strong entity tag; honors conditions and byte ranges."""
    response = send_file(
        path.resolve(),
        mimetype=content_type.partition(";")[0],
        conditional=True,
        etag=f"{release}-{path.stat().st_size:x}{path.suffix}",
        last_modified=None,
    )
    # The file's time is when it was written here: another replica's differs.
    response.headers.pop("Last-Modified", None)
    response.headers["Content-Type"] = content_type
    response.headers["Cache-Control"] = headers.CACHE_CURRENT
    return response


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
    files = {each: f"{context.settings().base_iri}report.{each.extension}" for each in offers}
    if format_ is None:
        raise NotAcceptable(
            "the report is not available in any of the accepted media types",
            [each.media_type for each in offers],
            alternates=[(files[each], each.media_type) for each in offers],
        )
    response = report() if format_ is TURTLE else report_page()
    response.headers["Content-Location"] = files[format_]
    response.vary.update(("Accept", "Accept-Language"))
    return response


@blueprint.get("/report.html")
def report_page() -> Response:
    """Answer with the validation report for people."""
    release = _release()
    response = _file(release.report_page, formats.HTML.content_type, str(release.release_id))
    # The report is one file that stands alone: its style, known by its hash, is the only one of its kind that may be used.
    response.headers["Content-Security-Policy"] = headers.POLICY + _style_source(release.report_page)
    response.headers["Link"] = str(
        link(f"{context.settings().base_iri}report.ttl", "alternate", type=TURTLE.media_type)
    )
    return response


@blueprint.get("/report.ttl")
def report() -> Response:
    """Answer with the SHACL validation report."""
    release = _release()
    return _file(release.report, TURTLE.content_type, str(release.release_id))


@blueprint.get("/statistics.json")
def statistics() -> Response:
    """Answer with the counts of the release."""
    release = _release()
    return _file(release.statistics, "application/json", str(release.release_id))


@blueprint.get("/context.jsonld")
def json_ld_context() -> Response:
    """Answer with the JSON-LD context of the vocabulary."""
    path = context.settings().ontology_dir / "context.jsonld"
    if not path.is_file():
        abort(404, "this deployment has no JSON-LD context")
    return _file(path, JSON_LD.content_type, str(context.backend().release_id))


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
