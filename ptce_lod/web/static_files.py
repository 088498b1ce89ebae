"""The site's own files: styles, scripts, images. Texts leave compressed like any other answer, under a strong entity tag of their bytes."""

from __future__ import annotations

import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from flask import Blueprint, Response

from ptce_lod.errors import ThingNotFound
from ptce_lod.web import conditional, files

blueprint: Final = Blueprint("static", __name__)
FOLDER: Final = Path(__file__).parent / "static"
_CACHE: Final = "public, max-age=3600, stale-while-revalidate=86400"
_CACHE_LOGO: Final = "public, max-age=86400"


class _File(NamedTuple):
    data: bytes
    media_type: str
    tag: str


@blueprint.get("/static/<path:name>")
def static(name: str) -> Response:
    """Answer with a file of the site itself; ThingNotFound when there is none."""
    return _answer(name, _CACHE)


@blueprint.get("/logo")
@blueprint.get("/favicon.ico")
def logo() -> Response:
    """Answer with the logo that the ontology names, ``https://w3id.org/ptce/logo``, and browsers ask for by themselves."""
    return _answer("logo.svg", _CACHE_LOGO)


def _answer(name: str, cache: str) -> Response:
    path = files.below(FOLDER, name)
    if path is None:
        raise ThingNotFound(f"there is no file {name[:200]!r} of the site")
    found = _read(str(path), path.stat().st_mtime_ns)
    if conditional.not_modified(found.tag):
        response = conditional.empty(found.tag)
    else:
        response = Response(found.data, content_type=found.media_type)
        response.set_etag(found.tag)
    response.headers["Cache-Control"] = cache
    return response


@lru_cache(maxsize=64)
def _read(path: str, _changed: int) -> _File:
    """Read a file; one that changed is read again."""
    data = Path(path).read_bytes()
    media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    if media_type.startswith("text/") or media_type == "image/svg+xml":
        media_type += "; charset=utf-8"
    return _File(data, media_type, hashlib.sha256(data).hexdigest()[:32])
