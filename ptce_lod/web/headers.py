"""Headers that every response carries, and those that tell a client where to go next. Sources: RFC 8288, RFC 9110, Fetch (CORS)."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from flask import Flask, Response, request

from ptce_lod.web.problems import request_id

#: What a shared cache may do with the current state, with a version that never changes, and with nothing at all.
CACHE_CURRENT: Final = "public, max-age=60, stale-while-revalidate=3600, stale-if-error=86400"
CACHE_FOREVER: Final = "public, max-age=31536000, immutable"
_EXPOSED: Final = (
    "Link, ETag, Retry-After, Content-Location, Content-Disposition, Content-Language, "
    "Content-Range, Accept-Ranges, Last-Modified, Memento-Datetime, Repr-Digest, PTCE-Release, PTCE-Warning, X-Request-Id"
)
#: No script but our own files, nothing from elsewhere, no framing.
POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def field(text: str) -> str:
    """Return ``text`` as the value of a header field: one line of visible ASCII, other characters percent-encoded."""
    return quote(text, safe=" !#$&'()*+,-./:;<=>?@[]^_`{|}~\"")


def init_app(app: Flask) -> None:
    """Add to every response of ``app`` what protects readers and lets pages of other sites read us."""

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Access-Control-Allow-Origin", "*")
        headers.setdefault("Access-Control-Expose-Headers", _EXPOSED)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Content-Security-Policy", POLICY)
        headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        headers["X-Request-Id"] = request_id()
        if request.method == "OPTIONS":
            headers.setdefault("Access-Control-Allow-Methods", headers.get("Allow", "GET, HEAD, OPTIONS"))
            headers.setdefault(
                "Access-Control-Allow-Headers",
                "Accept, Accept-Datetime, Accept-Language, Authorization, Cache-Control, Content-Type, "
                "If-Match, If-Modified-Since, If-None-Match, If-Range, Prefer, Range",
            )
            headers.setdefault("Access-Control-Max-Age", "86400")
        return response
