"""From a rule of the routing table to path templates of OpenAPI, which know no optional extension. Source: OpenAPI 3.1.1, section 4.8.8."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from werkzeug.routing import Rule

from ptce_lod.formats import N3, TURTLE, Format
from ptce_lod.web.links import LINKSET, LINKSET_JSON
from ptce_lod.web.openapi.model import Operation, Parameter, Route, choice
from ptce_lod.web.openapi.shared import HISTORY
from ptce_lod.web.representation import HISTORY_JSON, with_extension

#: A variable part of a rule: converter, its arguments, name.
_PART: Final = re.compile(r"<(?:(\w+)(?:\(([^)]*)\))?:)?(\w+)>")
_FIXED_NAMES: Final = re.compile(r"((?:/[\w-]+)*)/<any\(([^)]*)\):(\w+)>")
_FIRST_SEGMENT: Final = re.compile(r"/<any\(([^)]*)\):\w+>(?=/)")
LINKSETS: Final = (LINKSET, LINKSET_JSON)


class Address(NamedTuple):
    """A path template and its parameters; a ``is_file`` one ends in the extension of a format, ``is_history`` ones need ``?history``."""

    path: str
    parameters: tuple[Parameter, ...] = ()
    is_file: bool = False
    is_history: bool = False


def addresses(rule: Rule, route: Route) -> Iterator[Address]:
    """Yield the path templates of one rule."""
    fixed = _FIXED_NAMES.fullmatch(rule.rule)
    if fixed is not None and fixed[3] not in route.path:  # what is declared is a parameter
        yield from _fixed(fixed[1], _values(fixed[2]), route)
        return
    first = _FIRST_SEGMENT.match(rule.rule)
    for name in _values(first[1]) if first else ("",):
        text = f"/{name}{rule.rule[first.end() :]}" if first else rule.rule
        parameters = tuple(_parameter(route, *match.groups()) for match in _PART.finditer(text))
        names = iter(parameters)
        path = _PART.sub(lambda _match, names=names: f"{{{next(names).name}}}", text)  # type: ignore[misc]  # the default binds it
        yield Address(path, parameters)
        if route.has_files and parameters:
            yield Address(f"{path}.{{extension}}", (*parameters, extension(route)), is_file=True)


def _fixed(folder: str, names: list[str], route: Route) -> Iterator[Address]:
    """Yield the addresses of resources with fixed names: ``/{name}`` and ``/{name}.{extension}``; others are of histories.

    ``folder`` is what the rule has before the name, "" or ``/path``.
    """
    stems = [name for name in names if "." not in name]
    for name in stems or names:
        yield Address(f"{folder}/{name}", is_history=not stems)
        if any(each.startswith(f"{name}.") for each in names):
            yield Address(f"{folder}/{name}.{{extension}}", (extension(route),), is_file=True)


def extension(route: Route) -> Parameter:
    """Return the parameter that chooses the format of a file."""
    formats = (
        *route.operations["GET"].formats,
        *(unoffered(route.operations["GET"]) if route.is_resource else ()),
    )
    values = [extension_of(each) for each in formats]
    if HISTORY in route.operations["GET"].parameters and route.path:
        values.append(HISTORY_JSON.extension)
    return Parameter("extension", "Format of the file.", choice(*values), values[0], "path")


def unoffered(operation: Operation) -> tuple[Format, ...]:
    """Return the formats that a resource is answered in, though it does not offer them."""
    return (*((N3,) if TURTLE in operation.formats else ()), *LINKSETS)


def extension_of(format_: Format) -> str:
    """Return the extension of the files of a format, without its dot."""
    return with_extension("", format_).removeprefix(".")


def _parameter(route: Route, converter: str | None, arguments: str | None, name: str) -> Parameter:
    declared = route.path[name]
    if converter == "any" and arguments is not None:
        return replace(declared, schema=choice(*_values(arguments)), place="path")
    if converter == "int":
        return replace(declared, schema={"type": "integer", "minimum": 0}, place="path")
    return replace(declared, place="path")


def _values(arguments: str) -> list[str]:
    return [value.strip().strip("'\"") for value in arguments.split(",")]
