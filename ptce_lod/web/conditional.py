"""Entity tags and conditional requests. Source: RFC 9110 sections 8.8.3 and 13.

A release never changes, so a tag made of release, software version and representation is strong without looking at the bytes, and equal in
every process and on every replica. The precondition is judged before the body is made.
"""

from __future__ import annotations

from flask import Response, request
from werkzeug.http import parse_etags

from ptce_lod import __version__
from ptce_lod.terms import ReleaseId


def entity_tag(release: ReleaseId, *representation: str) -> str:
    """Return the opaque tag, unquoted, of one representation: ``representation`` tells it from others at the same address."""
    return "-".join((release, __version__, *(part for part in representation if part)))


def not_modified(tag: str) -> bool:
    """Say whether the client already holds the representation ``tag`` (``If-None-Match``, weak comparison)."""
    header = request.headers.get("If-None-Match")
    if header is None or request.method not in ("GET", "HEAD"):
        return False
    tags = parse_etags(header)
    return tags.star_tag or tags.contains_weak(tag)


def empty(tag: str) -> Response:
    """Return the 304 to which the caller adds the headers that a 200 would have had."""
    response = Response(status=304)
    response.set_etag(tag)
    return response
