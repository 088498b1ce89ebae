"""Files of the release: dumps, report, statistics, the JSON-LD context; and what problems mean."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Final

from flask import Blueprint, Response, abort, send_file
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as AnyResponse

from ptce_lod import formats
from ptce_lod.errors import NotAcceptable, ReleaseDamaged, ReleaseNotFound, ThingNotFound
from ptce_lod.formats import JSON_LD, TURTLE, Format
from ptce_lod.release.dumps import CODINGS
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.release.verify import damaged
from ptce_lod.web import context, headers, pages, problem_types
from ptce_lod.web.links import link
from ptce_lod.web.negotiation import LANGUAGES, negotiate
from ptce_lod.web.problem_types import TYPES
from ptce_lod.web.representation import Resource, answer, rule, split_extension, write_rdf

blueprint: Final = Blueprint("discovery", __name__)
#: How the metadata of a table is called.
_METADATA: Final = ".csv-metadata.json"


@blueprint.get("/dumps/<release_id>/<path:path>")
def dump(release_id: str, path: str) -> AnyResponse:
    """Answer with a file of dumps: ``latest``, or a release by its id, whose files never change."""
    is_latest = release_id == "latest"
    release = _release() if is_latest else _other_release(release_id)
    found = _dump_file(release, path)
    if found is None:
        raise ThingNotFound(
            f"release {release.release_id} has no dump {path[:200]!r}",
            hint="/catalog lists the dumps there are",
        )
    name = found.relative_to(release.dumps).as_posix()
    listed = _checksums(release.path).get(f"dumps/{name}")
    if listed is None or listed[0] != found.stat().st_size or name in damaged(release):
        raise ReleaseDamaged(
            f"{path!r} of release {release.release_id} is not as it was written, and is not served",
            hint="another format, or an earlier release, may be whole; the operator can run `ptce-lod verify`",
        )
    response = _file(found, _content_type(found.name), str(release.release_id))
    response.headers["Accept-Ranges"] = "bytes"
    # RFC 9530: of the file whatever part of it is sent.
    response.headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(listed[1])).decode()}:"
    moment = context.history().moment(context.history().number_of(release.release_id))
    if moment is not None and moment <= datetime.now(UTC):
        response.last_modified = moment
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{release.release_id}-{name.replace("/", "-")}"'
    )
    if name.endswith(".csv"):
        # CSVW, "Locating Metadata", section 5.2
        target = f"{PurePosixPath(name).name}{_METADATA.removeprefix('.csv')}"
        response.headers["Link"] = f'<{target}>; rel="describedby"; type="application/csvm+json"'
    if not is_latest:
        response.headers["Cache-Control"] = headers.CACHE_FOREVER
    return response


def _dump_file(release: ReleaseLayout, path: str) -> Path | None:
    """Return a file of dumps; ``graphs/{source}.ttl`` is the last snapshot of a source."""
    inside = safe_join(str(release.dumps), path)
    if inside is None:
        return None
    found = Path(inside)
    if not found.is_file() and path.startswith("graphs/") and path.endswith(".ttl"):
        found = max(found.with_suffix("").glob("*.ttl"), default=found)
    return found if found.is_file() else None


def _content_type(name: str) -> str:
    if name.endswith(_METADATA):
        return "application/csvm+json; charset=utf-8"
    plain, _, ending = name.rpartition(".")
    if plain and ending in CODINGS:
        return CODINGS[ending]
    format_ = formats.rdf_format_of_path(name) or formats.TABLE_BY_EXTENSION.get(ending)
    return format_.content_type if format_ else "application/octet-stream"


@lru_cache(maxsize=16)
def _checksums(folder: Path) -> dict[str, tuple[int, str]]:
    """Return path → size and SHA-256 of the files of a release, as its manifest has them."""
    listed = ReleaseLayout(folder).manifest()["files"]
    return {path: (about["bytes"], about["sha256"]) for path, about in listed.items()}


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
