"""Content codings: answers leave compressed when the client asks for it. Sources: RFC 9110 sections 8.4 and 12.5.3, RFC 8878 (zstd).

A compressed answer is a representation of its own, so it has an entity tag of its own: that of the plain one with the coding's name
behind it.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from http import HTTPStatus
from typing import Final, Protocol

import brotli
import zstandard
from flask import Flask, Response, g, request

from ptce_lod.web.negotiation import weighted

#: Codings, best first: ties go to what makes text smallest.
CODINGS: Final = ("br", "zstd", "gzip")
#: Smaller bodies gain nothing that is worth a coding, in bytes.
_SMALLEST: Final = 860
#: Larger bodies are compressed as they are sent, in bytes.
_LARGEST_AT_ONCE: Final = 1_000_000
#: Levels that cost about as much time as making the text: about 0.1 ms for a document.
_BROTLI_LEVEL: Final = 5
_ZSTD_LEVEL: Final = 6
_GZIP_LEVEL: Final = 6
_TEXTUAL: Final = re.compile(
    r"text/.*|application/(?:.*\+(?:json|xml)|json|xml|javascript|trig|n-triples|n-quads|linkset|link-format|ld\+json)|image/svg\+xml"
)
#: Statuses without a body, or with a part of one.
_NEVER: Final = (HTTPStatus.NO_CONTENT, HTTPStatus.PARTIAL_CONTENT)
_CODED_TAG: Final = re.compile(rf'-(?:{"|".join(CODINGS)})"')


class _Compressor(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


class _Brotli:
    """Brotli's stream under the names that the others use."""

    def __init__(self) -> None:
        self._stream = brotli.Compressor(mode=brotli.MODE_TEXT, quality=_BROTLI_LEVEL)

    def compress(self, data: bytes) -> bytes:
        return bytes(self._stream.process(data))

    def flush(self) -> bytes:
        return bytes(self._stream.finish())


_AT_ONCE: Final[dict[str, Callable[[bytes], bytes]]] = {
    "br": lambda data: bytes(brotli.compress(data, mode=brotli.MODE_TEXT, quality=_BROTLI_LEVEL)),
    "zstd": lambda data: zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(data),
    # no time in the header: the same answer is the same bytes
    "gzip": lambda data: gzip.compress(data, _GZIP_LEVEL, mtime=0),
}
_STREAMS: Final[dict[str, Callable[[], _Compressor]]] = {
    "br": _Brotli,
    "zstd": lambda: zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compressobj(),
    "gzip": lambda: zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, 31),
}


@lru_cache(maxsize=256)
def choose(header: str | None) -> str:
    """Return the coding to use for a client that sent ``header`` as ``Accept-Encoding``; "" for none.

    >>> choose("gzip, deflate, br"), choose("gzip;q=1, br;q=0.5"), choose("identity"), choose(None), choose("br;q=0, *")
    ('br', 'gzip', '', '', 'zstd')
    """
    if not header:
        return ""
    qualities: dict[str, float] = {}
    for name, quality in weighted(header.lower()):
        coding = "gzip" if name == "x-gzip" else name
        qualities[coding] = max(quality, qualities.get(coding, 0.0))
    others = qualities.get("*", 0.0)
    best = max(CODINGS, key=lambda coding: qualities.get(coding, others))
    quality = qualities.get(best, others)
    return best if quality > 0 and quality >= qualities.get("identity", others) else ""


def encode(response: Response) -> Response:
    """Compress the body of ``response`` as the request asks, unless it is small, no text, or a part of a file."""
    if response.status_code == HTTPStatus.NOT_MODIFIED:
        response.vary.add("Accept-Encoding")
        if coding := g.get("held_coding", ""):
            _rename(response, coding)
        return response
    if not _TEXTUAL.fullmatch(response.mimetype or "") or response.headers.get("Content-Encoding"):
        return response
    if response.headers.get("Accept-Ranges") == "bytes" or response.status_code in _NEVER:
        return response
    response.vary.add("Accept-Encoding")
    coding = choose(request.headers.get("Accept-Encoding"))
    length = response.content_length
    if not coding or (length is not None and length < _SMALLEST):
        return response
    response.direct_passthrough = False
    if response.is_streamed and (length is None or length > _LARGEST_AT_ONCE):
        response.response = _compressed(response.response, _STREAMS[coding]())
        del response.headers["Content-Length"]
    else:
        data = response.get_data()
        if len(data) < _SMALLEST:
            return response
        response.set_data(_AT_ONCE[coding](data))
    response.headers["Content-Encoding"] = coding
    _rename(response, coding)
    return response


def _rename(response: Response, coding: str) -> None:
    """Give the entity tag the coding's name."""
    tag, is_weak = response.get_etag()
    if tag:
        response.set_etag(f"{tag}-{coding}", weak=bool(is_weak))


def read_tags() -> None:
    """Take the coding's name off the entity tags in the request's conditions, so that views compare tags of plain answers.

    ``If-None-Match`` only for the coding that this answer would have: another coding is another representation. ``If-Match`` speaks of
    the state that a write replaces, which every coding shows.
    """
    environ = request.environ
    coding = choose(environ.get("HTTP_ACCEPT_ENCODING"))
    held = environ.get("HTTP_IF_NONE_MATCH", "")
    if coding and f'-{coding}"' in held:
        environ["HTTP_IF_NONE_MATCH"] = held.replace(f'-{coding}"', '"')
        g.held_coding = coding
    if "HTTP_IF_MATCH" in environ:
        environ["HTTP_IF_MATCH"] = _CODED_TAG.sub('"', environ["HTTP_IF_MATCH"])


def _compressed(parts: Iterable[bytes | str], compressor: _Compressor) -> Iterator[bytes]:
    try:
        for part in parts:
            if data := compressor.compress(part if isinstance(part, bytes) else part.encode()):
                yield data
        yield compressor.flush()
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()


def init_app(app: Flask) -> None:
    """Compress the answers of ``app``."""
    app.before_request(read_tags)
    app.after_request(encode)
