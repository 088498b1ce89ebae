"""Files of releases: which release is asked for, and how a file of it is sent."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from flask import Response, request, send_file
from werkzeug.security import safe_join

from ptce_lod.errors import ReleaseNotFound, ThingGone, ThingNotFound
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.terms import is_release_id
from ptce_lod.web import context, headers

#: One range of bytes: RFC 9110 section 14.1.1.
_RANGE: Final = re.compile(
    r"bytes=[ \t]*(?:(?P<first>[0-9]{1,18})-(?P<last>[0-9]{0,18})|-[0-9]{1,18})", re.IGNORECASE
)


def current_release() -> ReleaseLayout:
    """Return the folder of the release that answers this request, whatever is published meanwhile."""
    return VarLayout(context.settings().var_dir).release(context.backend().release_id)


def kept_release(release_id: str) -> ReleaseLayout:
    """Return the folder of a release.

    Raises :class:`ThingNotFound` for what is no id, :class:`ThingGone` for one that is not kept, whether it was removed or never there.
    """
    try:
        return VarLayout(context.settings().var_dir).release(release_id)
    except ReleaseNotFound as error:
        raise not_kept(release_id) from error


def not_kept(release_id: str) -> ThingNotFound | ThingGone:
    """Return the error for a release that there is not, which names the published one."""
    base, current = context.settings().base_iri, context.backend().release_id
    hint = f"{base}dumps/{current}/all.nq holds it; {base}dataset/releases lists the releases that were published"
    if not is_release_id(release_id):
        return ThingNotFound(
            f"{release_id[:50]!r} is no id of a release, expected latest or 16 hexadecimal digits", hint=hint
        )
    was_published = any(each.release_id == release_id for each in context.history().publications)
    what = "was removed" if was_published else "is not kept here"
    return ThingGone(f"release {release_id} {what}; the latest is {current}", hint=hint)


def below(folder: Path, name: str) -> Path | None:
    """Return the file ``name`` below ``folder``; None when there is none, also for a name that leaves it or that no system has."""
    inside = safe_join(str(folder), name)
    try:
        return Path(inside) if inside is not None and Path(inside).is_file() else None
    except OSError:  # a name that is too long
        return None


def tag(release_id: str, path: Path) -> str:
    """Return the entity tag of a file of a release: equal in every process and replica."""
    return f"{release_id}-{path.stat().st_size:x}{path.suffix}"


def send(path: Path, content_type: str, tag: str) -> Response:
    """Return a file with the strong entity tag ``tag``; honors conditions, and a range of bytes.

    A ``Range`` that is malformed, of another unit or of several parts counts as none (RFC 9110 section 14.2).
    """
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if asked is None or (asked["last"] and int(asked["first"]) > int(asked["last"])):
        request.environ.pop("HTTP_RANGE", None)
    response = send_file(
        path.resolve(),
        mimetype=content_type.partition(";")[0],
        conditional=True,
        etag=tag,
        last_modified=None,
    )
    # The file's time is when it was written here: another replica's differs.
    response.headers.pop("Last-Modified", None)
    response.headers["Content-Type"] = content_type
    response.headers["Cache-Control"] = headers.CACHE_CURRENT
    return response
