"""The page that explains every address of the server: the OpenAPI document, drawn for people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from ptce_lod.query.backend import Backend
from ptce_lod.settings import Settings
from ptce_lod.web.pages.environment import render
from ptce_lod.web.pages.i18n import translator

#: Methods that a reader is told of; HEAD and OPTIONS answer everywhere.
_METHODS: Final = ("get", "post", "put", "delete")
_SECURITY: Final = "/.well-known/security.txt"


class _Parameter(NamedTuple):
    name: str
    place: str
    about: str
    values: str


class _Operation(NamedTuple):
    id: str
    method: str
    path: str
    summary: str
    example: str
    parameters: tuple[_Parameter, ...]
    types: tuple[str, ...]
    statuses: tuple[str, ...]
    needs_token: bool


class _Chapter(NamedTuple):
    name: str
    title: str
    about: str
    operations: tuple[_Operation, ...]


def render_reference(
    backend: Backend, settings: Settings, description: Mapping[str, Any], language: str
) -> str:
    """Return the page of an OpenAPI document whose texts are in ``language``."""
    chapters = tuple(_chapter(description, tag) for tag in description["tags"])
    schemas = description["components"]["schemas"]
    rows = {name: schema for name, schema in schemas.items() if f"{name}-page" in schemas}
    return render(
        "reference.html",
        language,
        settings,
        backend,
        section="api",
        about=description["info"]["description"],
        version=description["openapi"],
        chapters=chapters,
        tables=[
            (name, schema["title"], schema["description"], _columns(schema, language))
            for name, schema in rows.items()
        ],
    )


def _chapter(description: Mapping[str, Any], tag: Mapping[str, str]) -> _Chapter:
    title, _, about = tag["description"].partition(". ")
    found = [
        _operation(description, path, item, method)
        for path, item in description["paths"].items()
        for method in _METHODS
        if method in item and tag["name"] in item[method]["tags"]
    ]
    return _Chapter(tag["name"], title, about, tuple(found))


def _operation(description: Mapping[str, Any], path: str, item: Mapping[str, Any], method: str) -> _Operation:
    operation = item[method]
    parameters = [
        _resolved(description, each)
        for each in (*item.get("parameters", ()), *operation.get("parameters", ()))
    ]
    responses = operation["responses"]
    return _Operation(
        operation["operationId"],
        method.upper(),
        path,
        operation["summary"],
        _example(path, parameters) if method == "get" and _is_open(description, path, operation) else "",
        tuple(_Parameter(p["name"], p["in"], p["description"], _values(p["schema"])) for p in parameters),
        tuple(responses.get("200", {}).get("content", ())),
        tuple(status for status in responses if status != "default"),
        "security" in operation,
    )


def _is_open(description: Mapping[str, Any], path: str, operation: Mapping[str, Any]) -> bool:
    """Say whether anybody gets an answer here: not before writing is enabled, nor about a contact that nobody named."""
    if path == _SECURITY:
        return "contact" in description["info"]
    return "200" in operation["responses"] and "writing" not in operation["tags"]


def _resolved(description: Mapping[str, Any], parameter: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = parameter.get("$ref")
    if reference is None:
        return parameter
    found: Mapping[str, Any] = description["components"]["parameters"][reference.rpartition("/")[2]]
    return found


def _example(path: str, parameters: list[Mapping[str, Any]]) -> str:
    """Return the path with the examples of its parameters, and with what its query needs; "" when one of them has no example."""
    examples = {p["name"]: str(p["example"]) for p in parameters if p["in"] == "path" and "example" in p}
    if any(name not in examples for name in re.findall(r"{(\w+)}", path)):
        return ""
    needed = [
        f"{quote(p['name'])}={quote(str(p['example']))}" if "example" in p else quote(p["name"])
        for p in parameters
        if p["in"] == "query" and p.get("required")
    ]
    written = re.sub(r"{(\w+)}", lambda match: quote(examples[match[1]]), path).lstrip("/")
    return f"{written}?{'&'.join(needed)}" if needed else written


def _values(schema: Mapping[str, Any]) -> str:
    """Return what a parameter may be, in signs that need no translation."""
    inner = schema.get("items", schema)
    if "enum" in inner:
        return " | ".join(inner["enum"])
    low, high = inner.get("minimum"), inner.get("maximum")
    if low is not None:
        return f"{low} … {high if high is not None else ''}".strip()
    return str(inner.get("pattern", ""))


def _columns(schema: Mapping[str, Any], language: str) -> list[tuple[str, str, str]]:
    """Return key, kind of value and description of each column of a table."""
    _ = translator(language)
    words = {"string": _("text"), "integer": _("whole number"), "number": _("number"), "array": _("list")}
    found = []
    for name, column in schema["properties"].items():
        kind = column["type"] if isinstance(column["type"], str) else column["type"][0]
        is_iri = "uri" in (column.get("format"), column.get("items", {}).get("format"))
        word = f"{words[kind]}, IRI" if is_iri and kind == "array" else "IRI" if is_iri else words[kind]
        found.append((name, word, column["description"]))
    return found
