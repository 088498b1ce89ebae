"""Put the description together: the routing table says what there is, the declarations what it means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from werkzeug.routing import Rule

from ptce_lod import __version__
from ptce_lod.formats import HTML, Format
from ptce_lod.licences import DATA
from ptce_lod.settings import Settings
from ptce_lod.web.openapi import (
    components,
    finding,
    harvesting,
    machines,
    querying,
    reconciling,
    shared,
    tables,
    things,
)
from ptce_lod.web.openapi.addresses import Address, addresses, unoffered
from ptce_lod.web.openapi.components import Translate
from ptce_lod.web.openapi.model import Operation, Parameter, Route
from ptce_lod.web.representation import HISTORY_JSON

VERSION: Final = "3.1.1"
ROUTES: Final[Mapping[str, Route]] = {
    **things.ROUTES,
    **finding.ROUTES,
    **querying.ROUTES,
    **harvesting.ROUTES,
    **reconciling.ROUTES,
    **machines.ROUTES,
}
TITLE: Final = "Linked open data on French PTCE"
ABOUT: Final = (
    "Every address of this server. What answers GET answers HEAD and OPTIONS, too, and pages of other sites may read it (CORS). "
    "Errors are problem documents (RFC 9457). Nothing needs a key, except writing."
)
#: Chapter → title and description, in the order of the document.
TAGS: Final[Mapping[str, tuple[str, str]]] = {
    "tables": ("Tables", "Rows with stable keys for programs that know no RDF; their JSON is JSON-LD, too."),
    "lists": ("Lists and search", "Things by kind, and what is found for a text."),
    "things": (
        "Things and vocabulary",
        "Each thing has an address that lasts, and a document in every format.",
    ),
    "query": ("Queries", "SPARQL 1.1, and triples by pattern."),
    "reconciliation": (
        "Reconciliation",
        "Names and identifiers of a table find things here (Reconciliation Service API 0.2 and the draft of 1.0).",
    ),
    "views": ("Views", "Map, network, timeline, statistics and news, with their data."),
    "harvest": ("Catalogue, downloads, changes", "For who copies the data and keeps the copy current."),
    "past": ("Former states", "Documents as they were."),
    "writing": ("Writing", "For who has a token, on servers where writing is enabled."),
    "server": ("About the server", "What programs look for at fixed places."),
}
ANSWER: Final = "What was asked for."


def texts() -> Iterator[str]:
    """Yield every text of the description that has a translation."""
    yield from (TITLE, ABOUT, ANSWER, *components.TEXTS, *tables.TEXTS)
    for pair in TAGS.values():
        yield from pair
    for parameter in (
        shared.LANG,
        shared.MEDIA_TYPE,
        shared.IF_NONE_MATCH,
        shared.ACCEPT_DATETIME,
        shared.RANGE,
    ):
        yield parameter.about
    yield "Format of the file."
    for route in ROUTES.values():
        yield from (parameter.about for parameter in route.path.values())
        for operation in route.operations.values():
            yield from (operation.summary, *operation.others.values())
            yield from (parameter.about for parameter in operation.parameters)


@dataclass(frozen=True)
class Document:
    """Writes the description of a deployment with texts in one language, which ``translate`` gives for English keys.

    ``examples`` are values that depend on what is published, by the name of the parameter.
    """

    settings: Settings
    language: str
    translate: Translate
    examples: Mapping[str, str] = field(default_factory=dict)

    def write(self, rules: Iterable[Rule]) -> dict[str, Any]:
        """Return the description of ``rules``."""
        kept: dict[str, Parameter] = {}
        paths: dict[str, Any] = {}
        for address, route in sorted(described(rules), key=lambda pair: pair[0].path):
            paths[address.path] = {**paths.get(address.path, {}), **self._path(address, route, kept)}
        _ = self.translate
        return {
            "openapi": VERSION,
            "info": {
                "title": _(TITLE),
                "version": __version__,
                "description": _(ABOUT),
                "license": {"name": DATA.short, "url": DATA.iri},
                **self._contact(),
            },
            "servers": [{"url": self.settings.base_iri.rstrip("/")}],
            "externalDocs": {"url": f"{self.settings.base_iri}api"},
            "tags": [
                {"name": name, "description": f"{_(title)}. {_(about)}"}
                for name, (title, about) in TAGS.items()
            ],
            "paths": paths,
            "components": {
                "schemas": {**components.SCHEMAS, **tables.schemas(self.language)},
                "parameters": {key: self._parameter(each) for key, each in sorted(kept.items())},
                "responses": {**components.problem_responses(_), **components.other_responses(_)},
                "headers": components.headers(_),
                "securitySchemes": components.security(_),
            },
        }

    def _contact(self) -> dict[str, Any]:
        contact = self.settings.contact
        if not contact:
            return {}
        mail = contact.removeprefix("mailto:")
        return {"contact": {"email": mail} if mail != contact else {"url": contact}}

    def _path(self, address: Address, route: Route, kept: dict[str, Parameter]) -> dict[str, Any]:
        item: dict[str, Any] = {
            method.lower(): self._operation(address, route, method, operation, kept)
            for method, operation in route.operations.items()
        }
        own = {"tags": [route.tag]}
        failed = {"default": _reference("responses", "Problem")}
        if "GET" in route.operations:
            item["head"] = {
                **own,
                "operationId": _name("head", address.path),
                "responses": {"200": _reference("responses", "Head"), **failed},
            }
        item["options"] = {
            **own,
            "operationId": _name("options", address.path),
            "responses": {"200": _reference("responses", "Options"), **failed},
        }
        if address.parameters:
            item["parameters"] = [self._parameter(each) for each in address.parameters]
        return item

    def _operation(
        self, address: Address, route: Route, method: str, operation: Operation, kept: dict[str, Parameter]
    ) -> dict[str, Any]:
        is_read = method == "GET" and bool(operation.formats)
        if address.is_history:
            asked = replace(shared.HISTORY, is_required=True, key="")
            operation = replace(operation, formats=(HISTORY_JSON,), parameters=(asked,))
        parameters = [*operation.parameters, *(_more(route, address, operation) if is_read else ())]
        kept.update({each.key: each for each in parameters if each.key})
        found: dict[str, Any] = {
            "tags": [route.tag],
            "operationId": _name(method.lower(), address.path),
            "summary": " – ".join(
                part
                for part in (operation.titles.get(self.language), self.translate(operation.summary))
                if part
            ),
            "responses": self._responses(route, address, operation, is_read=is_read),
        }
        if parameters:
            found["parameters"] = [
                _reference("parameters", each.key) if each.key else self._parameter(each)
                for each in parameters
            ]
        if operation.bodies:
            found["requestBody"] = {
                "content": {type_: {"schema": _body(type_)} for type_ in operation.bodies}
            }
        if operation.needs_token:
            found["security"] = [{"token": []}]
        return found

    def _responses(
        self, route: Route, address: Address, operation: Operation, *, is_read: bool
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if operation.formats:
            names = ["Cache-Control", "X-Request-Id", *(["ETag"] if is_read and route.has_tag else ())]
            names += ["Link"] if route.is_resource or (route.tag == tables.TAG and address.is_file) else []
            formats = _formats(route, address, operation)
            found["200"] = {
                "description": self.translate(ANSWER),
                "headers": components.header_references(*names),
                "content": {each.media_type: {"schema": _content(each, operation)} for each in formats},
            }
        for status, text in operation.others.items():
            found[str(status)] = {"description": self.translate(text)}
        if is_read and route.has_tag:
            found["304"] = _reference("responses", "NotModified")
        problems = {*operation.problems, *([406] if route.is_resource and not address.is_file else ())}
        found |= {str(each): _reference("responses", components.name_of(each)) for each in sorted(problems)}
        return {**found, "default": _reference("responses", "Problem")}

    def _parameter(self, parameter: Parameter) -> dict[str, Any]:
        found: dict[str, Any] = {
            "name": parameter.name,
            "in": parameter.place,
            "description": " ".join(self.translate(line) for line in parameter.about.split("\n")),
            "schema": dict(parameter.schema),
        }
        if parameter.place == "path" or parameter.is_required:
            found["required"] = True
        if example := self.examples.get(parameter.name, parameter.example):
            found["example"] = int(example) if parameter.schema.get("type") == "integer" else example
        return found


def described(rules: Iterable[Rule]) -> Iterator[tuple[Address, Route]]:
    """Yield each address of the routing table with what is declared of it; KeyError for an endpoint of which nothing is."""
    for rule in rules:
        if rule.endpoint == tables.ENDPOINT:
            yield from tables.routes()
        else:
            route = ROUTES[rule.endpoint]
            yield from ((address, route) for address in addresses(rule, route))


def _formats(route: Route, address: Address, operation: Operation) -> tuple[Format, ...]:
    """Return the formats that an address answers in."""
    if not route.is_resource or address.is_history:
        return operation.formats
    enum = address.parameters[-1].schema["enum"] if address.is_file else ()
    history = (
        (HISTORY_JSON,) if HISTORY_JSON.extension in enum and shared.HISTORY in operation.parameters else ()
    )
    return (*operation.formats, *unoffered(operation), *history)


def _more(route: Route, address: Address, operation: Operation) -> Iterator[Parameter]:
    """Yield the parameters of everything that is answered in the same way."""
    known = {each.name for each in operation.parameters}
    if route.is_resource:
        if HTML in operation.formats and "lang" not in known:
            yield shared.LANG
        if not address.is_file:
            yield shared.MEDIA_TYPE
    if route.has_tag:
        yield shared.IF_NONE_MATCH
    if route.has_past:
        yield shared.ACCEPT_DATETIME


def _reference(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def _name(method: str, path: str) -> str:
    return f"{method}_{re.sub('[^A-Za-z0-9]+', '_', path).strip('_') or 'home'}"


def _content(format_: Format, operation: Operation) -> dict[str, Any]:
    name = operation.schemas.get(format_.media_type)
    if name:
        return _reference("schemas", name)
    return {} if format_.media_type.endswith("json") else {"type": "string"}


def _body(type_: str) -> dict[str, Any]:
    return {"type": "object"} if "form" in type_ else {"type": "string"}


def document(
    settings: Settings,
    rules: Iterable[Rule],
    language: str,
    translate: Translate,
    examples: Mapping[str, str],
) -> dict[str, Any]:
    """Return the OpenAPI description of what ``rules`` route, with texts in ``language`` and ``examples`` by name of parameter."""
    return Document(settings, language, translate, examples).write(rules)
