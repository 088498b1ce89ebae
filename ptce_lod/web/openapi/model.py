"""What is declared of an endpoint: texts are English keys of the message catalogue. Source: OpenAPI Specification 3.1.1, section 4.8."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ptce_lod.formats import Format

Schema = Mapping[str, Any]
TEXT: Final[Schema] = {"type": "string"}


def choice(*values: str) -> Schema:
    """Return the schema of a text that is one of ``values``."""
    return {"type": "string", "enum": list(values)}


def number(low: int = 1, high: int | None = None, default: int | None = None) -> Schema:
    """Return the schema of a whole number."""
    found: dict[str, Any] = {"type": "integer", "minimum": low}
    found |= {"maximum": high} if high is not None else {}
    return found | ({"default": default} if default is not None else {})


def several(of: Schema = TEXT) -> Schema:
    """Return the schema of a parameter that may be repeated."""
    return {"type": "array", "items": dict(of)}


@dataclass(frozen=True)
class Parameter:
    """A parameter of an address, its query or a header. One with a ``key`` stands once in the document, under that name."""

    name: str
    about: str
    schema: Schema = field(default_factory=lambda: TEXT)
    example: str = ""
    place: str = "query"
    is_required: bool = False
    key: str = ""


@dataclass(frozen=True)
class Operation:
    """What one method does. ``formats`` are those of the 200, the first one by default; none when there is no 200.

    ``problems`` are statuses of problem documents, ``others`` statuses without a body of interest → what they mean, ``bodies`` the media
    types that a request may have, ``schemas`` media type → name of a schema. ``titles`` say by language what it is about, where many
    operations have one summary.
    """

    summary: str
    formats: tuple[Format, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    problems: tuple[int, ...] = ()
    others: Mapping[int, str] = field(default_factory=dict)
    bodies: tuple[str, ...] = ()
    schemas: Mapping[str, str] = field(default_factory=dict)
    needs_token: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Route:
    """An endpoint: ``tag`` is its chapter, ``path`` maps arguments of its rule to parameters, ``operations`` methods to what they do.

    ``has_files``: each format has an address, too, with its extension. ``is_resource``: ``representation.answer`` answers, so there
    are link sets, ``_mediatype`` and languages. ``has_tag``: answers to GET have an entity tag. ``has_past``: there are mementos.
    """

    tag: str
    operations: Mapping[str, Operation]
    path: Mapping[str, Parameter] = field(default_factory=dict)
    has_files: bool = False
    is_resource: bool = False
    has_tag: bool = True
    has_past: bool = False


def media(type_: str) -> Format:
    """Return a format that is nothing but its media type."""
    return Format(type_, type_, type_, "")


def get(tag: str, summary: str, *formats: Format, **more: Any) -> Route:
    """Return a route that is only read; ``more`` are members of the route or of its operation."""
    own = {name: more.pop(name) for name in tuple(more) if name in Route.__dataclass_fields__}
    return Route(tag, {"GET": Operation(summary, formats, **more)}, **own)


def resource(tag: str, summary: str, *formats: Format, **more: Any) -> Route:
    """Return a route that ``representation.answer`` answers, at one address and at one for each format."""
    return get(tag, summary, *formats, is_resource=True, **{"has_files": True, **more})
