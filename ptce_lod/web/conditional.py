"""Entity tags and conditional requests. Source: RFC 9110 sections 8.8.3 and 13.

A release never changes, so a tag made of release, software version and representation is strong without looking at the bytes, and equal in
every process and on every replica. The precondition is judged before the body is made.
"""

from __future__ import annotations

from datetime import datetime

from flask import Response, request
from werkzeug.http import parse_date, parse_etags

from ptce_lod import __version__
from ptce_lod.terms import ReleaseId


def entity_tag(release: ReleaseId, *representation: str) -> str:
    """Return the opaque tag, unquoted, of one representation: ``representation`` tells it from others at the same address."""
    return "-".join((release, __version__, *(part for part in representation if part)))


def not_modified(tag: str, modified: datetime | None = None) -> bool:
    """Say whether the client already holds the representation ``tag``, last modified at ``modified``.

    ``If-None-Match`` by weak comparison; only without it ``If-Modified-Since``: RFC 9110 section 13.2.2.
    """
    if request.method not in ("GET", "HEAD"):
        return False
    return is_held(
        tag, modified, request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")
    )


def is_held(tag: str, modified: datetime | None, if_none_match: str | None, since: str | None) -> bool:
    """Say whether the conditions of a request name a representation."""
    if if_none_match is not None:
        tags = parse_etags(if_none_match)
        return tags.star_tag or tags.contains_weak(tag)
    if since is None or modified is None:
        return False
    moment = parse_date(since)
    return moment is not None and modified <= moment


def empty(tag: str) -> Response:
    """Return the 304 to which the caller adds the headers that a 200 would have had."""
    response = Response(status=304)
    response.set_etag(tag)
    return response
