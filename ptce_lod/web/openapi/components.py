"""What many operations refer to: problems, headers, answers without a body, the shapes of JSON. Source: OpenAPI 3.1.1, section 4.8.7."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from ptce_lod.formats import HTML, RDF_FORMATS
from ptce_lod.web import problem_types
from ptce_lod.web.problems import PROBLEM_JSON

Translate = Callable[[str], str]
#: Header of answers → what it says.
HEADERS: Final[Mapping[str, str]] = {
    "ETag": "Entity tag: strong, the same in every replica.",
    "Cache-Control": "How long the answer may be kept.",
    "Link": "Typed links: other formats, neighbouring pages, licence (RFC 8288).",
    "X-Request-Id": "Id of the request, which the log holds, too.",
}
NO_TYPE: Final = "The request failed; the problem document says why."
NOT_MODIFIED: Final = "The client holds the current answer."
HEAD: Final = "The headers that GET has, without a body."
OPTIONS: Final = "The methods in Allow, and what pages of other sites may do (CORS)."
BEARER: Final = "A token that the operator of the server gave out."
TEXTS: Final = (*HEADERS.values(), NO_TYPE, NOT_MODIFIED, HEAD, OPTIONS, BEARER)

_IRI: Final = {"type": "string", "format": "uri"}
_TEXT: Final = {"type": "string"}
_COUNT: Final = {"type": "integer", "minimum": 0}
_LABELS: Final = {"type": "object", "required": ["fr", "en"], "properties": {"fr": _TEXT, "en": _TEXT}}

SCHEMAS: Final[Mapping[str, Mapping[str, Any]]] = {
    "Problem": {
        "type": "object",
        "description": "RFC 9457",
        "required": ["type", "title", "status", "detail", "request"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": _TEXT,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": _TEXT,
            "instance": _IRI,
            "hint": _TEXT,
            "link": _IRI,
            "documentation": _IRI,
            "request": _TEXT,
            "line": _COUNT,
            "column": _COUNT,
            "limit": {"type": "object"},
            "available": {"type": "array", "items": _TEXT},
            "alternates": {"type": "array", "items": {"type": "object"}},
            "alternatives": {"type": "array", "items": _IRI},
            "problems": {"type": "array", "items": _TEXT},
            "report": {"type": "object"},
        },
    },
    "FeatureCollection": {
        "type": "object",
        "description": "RFC 7946",
        "required": ["type", "features"],
        "properties": {
            "type": {"const": "FeatureCollection"},
            "features": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["type", "id", "geometry", "properties"],
                    "properties": {
                        "type": {"const": "Feature"},
                        "id": _IRI,
                        "geometry": {"type": ["object", "null"]},
                        "properties": {"type": "object"},
                    },
                },
            },
        },
    },
    "Search": {
        "type": "object",
        "required": [
            "query",
            "filters",
            "reading",
            "total",
            "page",
            "pages",
            "size",
            "results",
            "facets",
            "links",
        ],
        "properties": {
            "query": _TEXT,
            "filters": {"type": "object", "additionalProperties": {"type": "array", "items": _TEXT}},
            "reading": {"enum": ["exact", "corrected", "relaxed"]},
            "total": _COUNT,
            "page": _COUNT,
            "pages": _COUNT,
            "size": _COUNT,
            "results": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["id", "document", "type", "label", "score"],
                    "properties": {
                        "id": _IRI,
                        "document": _IRI,
                        "type": _TEXT,
                        "label": _LABELS,
                        "score": {"type": "number", "minimum": 0, "maximum": 1},
                    },
                },
            },
            "facets": {"type": "object"},
            "links": {"type": "object", "additionalProperties": _IRI},
        },
    },
    "Suggestions": {
        "type": "array",
        "description": "OpenSearch Suggestions",
        "prefixItems": [_TEXT, *([{"type": "array", "items": _TEXT}] * 3)],
        "minItems": 4,
        "maxItems": 4,
    },
}


def problem_responses(_: Translate) -> dict[str, Any]:
    """Return the answers that are problem documents: one for each status that a type of problem has, and ``Problem`` for any."""
    titles: dict[int, list[str]] = {}
    for kind in problem_types.TYPES.values():
        titles.setdefault(int(kind.status), []).append(_(kind.title))
    found = {name_of(status): _problem("; ".join(told)) for status, told in titles.items()}
    return found | {"Problem": _problem(_(NO_TYPE))}


def name_of(status: int) -> str:
    """Return the name of the answer that is a problem with a status, such as ``NotFound``."""
    return HTTPStatus(status).name.title().replace("_", "")


def _problem(description: str) -> dict[str, Any]:
    content: dict[str, Any] = {
        PROBLEM_JSON.media_type: {"schema": {"$ref": "#/components/schemas/Problem"}},
        **{each.media_type: {"schema": _TEXT} for each in (HTML, *RDF_FORMATS)},
    }
    return {"description": description, "headers": header_references("X-Request-Id"), "content": content}


def other_responses(_: Translate) -> dict[str, Any]:
    """Return the answers that have no body."""
    told = {"NotModified": NOT_MODIFIED, "Head": HEAD, "Options": OPTIONS}
    return {
        name: {"description": _(text), "headers": header_references("X-Request-Id")}
        for name, text in told.items()
    }


def headers(_: Translate) -> dict[str, Any]:
    """Return the headers that answers have."""
    return {name: {"description": _(text), "schema": _TEXT} for name, text in HEADERS.items()}


def header_references(*names: str) -> dict[str, Any]:
    """Return headers by reference."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def security(_: Translate) -> dict[str, Any]:
    """Return how a client says who it is."""
    return {"token": {"type": "http", "scheme": "bearer", "description": _(BEARER)}}
