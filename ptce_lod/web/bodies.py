"""Read what a client sends: parameters and bodies, bounded before and after decompression, UTF-8 or refused.

Sources: RFC 9110 section 8.4 (content codings); SPARQL 1.1 Protocol sections 2.1 and 2.2.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qsl

from flask import request
from werkzeug.datastructures import MultiDict

from ptce_lod.errors import BadRequest, BodyTooLarge, UnsupportedMediaType
from ptce_lod.web import context

FORM: Final = "application/x-www-form-urlencoded"
#: Parameters of one request that are read.
_FIELDS: Final = 1000
#: Content coding → ``wbits`` of zlib: 16 more reads the gzip container, 32 more either container.
_CODINGS: Final = {"gzip": 31, "x-gzip": 31, "deflate": 15}


def body() -> bytes:
    """Return the request's body, decompressed.

    Raises :class:`BodyTooLarge` when it passes ``body_bytes`` as sent or ``body_decompressed_bytes`` after,
    :class:`UnsupportedMediaType` for a content coding that is not read here, :class:`BadRequest` for damaged data.
    """
    settings = context.settings()
    limit = settings.body_bytes
    if (request.content_length or 0) > limit:
        raise BodyTooLarge(f"the request body is larger than {limit} bytes", limit="body_bytes")
    data = request.get_data(cache=True)
    coding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if coding in ("", "identity"):
        return data
    if coding not in _CODINGS:
        raise UnsupportedMediaType(
            f"the body is coded as {coding[:50]!r}, expected gzip, deflate or none",
            link="https://www.rfc-editor.org/rfc/rfc9110#section-8.4",
        )
    return _inflated(data, coding, settings.body_decompressed_bytes)


def _inflated(data: bytes, coding: str, limit: int) -> bytes:
    decompressor = zlib.decompressobj(_CODINGS[coding])
    try:
        inflated = decompressor.decompress(data, limit + 1)
    except zlib.error as error:
        raise BadRequest(f"the body is not {coding}: {error}") from error
    if len(inflated) > limit:
        raise BodyTooLarge(
            f"the request body is larger than {limit} bytes after decompression",
            limit="body_decompressed_bytes",
        )
    if not decompressor.eof:
        raise BadRequest(f"the {coding} body ends too early")
    return inflated


def text_body(what: str) -> str:
    """Return the body as text; ``what`` names it in the message when it is not UTF-8."""
    charset = request.mimetype_params.get("charset", "utf-8").strip('"').lower()
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedMediaType(f"{what} is sent as {charset[:30]!r}, expected UTF-8")
    try:
        return body().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRequest(f"{what} is not UTF-8: {error.reason} at byte {error.start}") from error


def url_parameters() -> MultiDict[str, str]:
    """Return the parameters of the address; :class:`BadRequest` when one is not UTF-8."""
    return _parameters(request.query_string)


def form_parameters() -> MultiDict[str, str]:
    """Return the parameters of a form in the body; :class:`BadRequest` when one is not UTF-8."""
    return _parameters(body())


def _parameters(data: bytes) -> MultiDict[str, str]:
    try:
        pairs = parse_qsl(
            data.decode("ascii", "strict") if data.isascii() else data.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_FIELDS,
        )
    except UnicodeDecodeError as error:
        raise BadRequest(f"a parameter is not UTF-8: {error.reason}") from error
    except ValueError as error:
        raise BadRequest(f"there are more than {_FIELDS} parameters") from error
    return MultiDict(pairs)


def only(parameters: MultiDict[str, str], name: str) -> str | None:
    """Return the one value of a parameter, or None; :class:`BadRequest` when it is given more than once."""
    values = parameters.getlist(name)
    if len(values) > 1:
        raise BadRequest(f"there is more than one parameter {name!r}")
    return values[0] if values else None


def flag(parameters: MultiDict[str, str], *names: str) -> bool:
    """Say whether one of the flags is set: present and not ``false``, ``no``, ``off`` or ``0``."""
    return any(
        parameters[name].lower() not in ("false", "no", "off", "0") for name in names if name in parameters
    )


def wrong_type(expected: Iterable[str], link: str = "") -> UnsupportedMediaType:
    """Return the error for a body of a media type that is not among the ``expected``."""
    return UnsupportedMediaType(
        f"the body is {request.mimetype or 'of no stated media type'}, expected {' or '.join(expected)}",
        link=link,
    )
