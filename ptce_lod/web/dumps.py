"""Dumps: the files of a release, and what files there are. Nothing is made during a request, and nothing damaged is sent."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Final

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from ptce_lod import formats
from ptce_lod.errors import ReleaseDamaged, ThingNotFound
from ptce_lod.release.dumps import CODINGS
from ptce_lod.release.layout import ReleaseLayout
from ptce_lod.release.verify import is_whole, listed
from ptce_lod.web import context, files, headers, pages
from ptce_lod.web.identity import see_other
from ptce_lod.web.negotiation import negotiate
from ptce_lod.web.representation import Resource, answer

blueprint: Final = Blueprint("dumps", __name__)
#: How the metadata of a table is called.
_METADATA: Final = ".csv-metadata.json"


@blueprint.get("/dumps/<release_id>")
def listing(release_id: str) -> AnyResponse:
    """Answer with what dumps a release has; who wants RDF is sent to the dataset, which describes them."""
    settings = context.settings()
    release = _release(release_id)
    chosen = negotiate(context.accept(), (formats.HTML, *formats.RDF_ANSWERS))
    if chosen is not None and chosen is not formats.HTML:
        return see_other(f"{settings.base_iri}dataset/{'all' if release_id == 'latest' else 'releases'}")
    found = {
        name.removeprefix("dumps/"): about
        for name, about in listed(release.path).items()
        if name.startswith("dumps/")
    }

    def html(language: str) -> str:
        return pages.render_dumps(context.backend(), settings, release_id, found, language)

    def nothing(_format: formats.Format) -> bytes:
        raise NotImplementedError  # no RDF is offered

    return answer(
        Resource(
            f"{settings.base_iri}dumps/{release_id}",
            html,
            nothing,
            offers=(formats.HTML,),
            tag_parts=("dumps", release_id, str(release.release_id)),
            has_files=False,
        )
    )


@blueprint.get("/dumps/<release_id>/<path:path>")
def dump(release_id: str, path: str) -> AnyResponse:
    """Answer with a file of dumps: ``latest``, or a release by its id, whose files never change."""
    release = _release(release_id)
    name = _name(release, path)
    if f"dumps/{name}" not in listed(release.path):
        raise ThingNotFound(
            f"release {release.release_id} has no dump {path[:200]!r}",
            hint=f"{context.settings().base_iri}dumps/{release_id} lists the dumps there are",
        )
    found = files.below(release.dumps, name)
    if found is None or not is_whole(release, name):
        raise ReleaseDamaged(
            f"{path[:200]!r} of release {release.release_id} is not as it was written, and is not served",
            hint="another format, or an earlier release, may be whole; the operator can run `ptce-lod verify`",
        )
    response = files.send(found, _content_type(found.name), files.tag(release.release_id, found))
    response.headers["Accept-Ranges"] = "bytes"
    # RFC 9530: of the file whatever part of it is sent.
    _size, checksum = listed(release.path)[f"dumps/{name}"]
    response.headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(checksum)).decode()}:"
    history = context.history()
    # A release does not change by being published again, the latest does: what was there before may have been another.
    number = history.number_of if release_id == "latest" else history.first_of
    moment = history.moment(number(release.release_id))
    if moment is not None and moment <= datetime.now(UTC):
        response.last_modified = moment
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{release.release_id}-{name.replace("/", "-")}"'
    )
    if name.endswith(".csv"):
        # CSVW, "Locating Metadata", section 5.2
        target = f"{PurePosixPath(name).name}{_METADATA.removeprefix('.csv')}"
        response.headers["Link"] = f'<{target}>; rel="describedby"; type="application/csvm+json"'
    if release_id != "latest":
        response.headers["Cache-Control"] = headers.CACHE_FOREVER
    return response


def _release(release_id: str) -> ReleaseLayout:
    return files.current_release() if release_id == "latest" else files.kept_release(release_id)


def _name(release: ReleaseLayout, path: str) -> str:
    """Return the name of a dump as the manifest lists it; ``graphs/{source}.ttl`` is the last snapshot of a source."""
    if path.startswith("graphs/") and path.endswith(".ttl"):
        folder = f"dumps/{path.removesuffix('.ttl')}/"
        snapshots = [name for name in listed(release.path) if name.startswith(folder)]
        return max(snapshots).removeprefix("dumps/") if snapshots else path
    return path


def _content_type(name: str) -> str:
    if name.endswith(_METADATA):
        return "application/csvm+json; charset=utf-8"
    plain, _, ending = name.rpartition(".")
    if plain and ending in CODINGS:
        return CODINGS[ending]
    format_ = formats.rdf_format_of_path(name) or formats.TABLE_BY_EXTENSION.get(ending)
    return format_.content_type if format_ else "application/octet-stream"
