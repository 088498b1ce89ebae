"""Tables for programs: ``/api/{table}.json``, ``.geojson`` and ``.csv``, by page, with filters by what stands in columns.

Rows were collected when the release was built; their keys are the columns of the tables among the dumps. The JSON is JSON-LD by the
context at ``/api/context.jsonld``, which says what columns mean that relate a thing to another. Sources: JSON-LD 1.1, RFC 7946, RFC 4180.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, request

from ptce_lod.errors import BadRequest, ThingNotFound
from ptce_lod.formats import GEOJSON, JSON_LD, SPARQL_CSV
from ptce_lod.query.found import RowPage
from ptce_lod.release.datasets import LICENCE_OF
from ptce_lod.release.tables.declared import SEPARATOR, Column, Table, declared
from ptce_lod.web import conditional, context, headers
from ptce_lod.web.searching import read_number

blueprint: Final = Blueprint("api", __name__)
TABLES: Final = {table.name: table for table in declared()}
#: Rows on a page unless the client says otherwise, and at most; values of all filters, characters of one.
LIMIT, MOST, VALUES, LENGTH = 100, 1000, 30, 500
_PAGING: Final = ("page", "limit")
#: Every column that can be filtered by, with its table.
_FILTERED: Final = tuple(
    (table.name, c.name) for table in TABLES.values() for c in table.columns if c.is_filter
)
#: A date as precise as its source; values that a message names when one is wrong.
_DATE: Final = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_EXAMPLES: Final = 12
_JSON_TYPE: Final = "application/json; charset=utf-8"


@dataclass(frozen=True)
class _Asked:
    """What a request asks for."""

    table: Table
    extension: str
    filters: Mapping[str, tuple[str, ...]]
    page: int
    limit: int

    def address(self, page: int) -> str:
        """Return the one address of a page of the same rows."""
        pairs = [(name, value) for name, values in self.filters.items() for value in values]
        pairs += [("limit", str(self.limit))] if self.limit != LIMIT else []
        pairs += [("page", str(page))] if page > 1 else []
        query = urlencode(pairs, safe="/:", quote_via=quote)
        path = f"{context.settings().base_iri}api/{self.table.name}.{self.extension}"
        return f"{path}?{query}" if query else path


@blueprint.get("/api/context.jsonld")
def json_ld_context() -> Response:
    """Answer with the JSON-LD context of the pages."""
    return _answer(("context",), JSON_LD.content_type, lambda: _written({"@context": _context()}))


@blueprint.get("/api/<name>.<extension>")
def rows(name: str, extension: str) -> Response:
    """Answer with a page of the rows of a table."""
    table = TABLES.get(name)
    if table is None:
        raise ThingNotFound(f"there is no table {name[:100]!r}", hint=f"there are {', '.join(TABLES)}")
    if extension not in _WRITERS:
        there = [each for each in _WRITERS if each != "geojson" or table.is_located]
        raise ThingNotFound(
            f"the table {name} has no file of the extension .{extension[:20]}",
            hint=f"it has {', '.join(f'/api/{name}.{each}' for each in there)}",
        )
    if extension == "geojson" and not table.is_located:
        raise ThingNotFound(
            f"the table {name} has no positions", hint=f"/api/{name}.json and .csv hold its rows"
        )
    asked = _Asked(
        table,
        extension,
        _read_filters(table),
        read_number("page", request.args.getlist("page"), 1, 10**9 - 1),
        read_number("limit", request.args.getlist("limit"), LIMIT, MOST),
    )
    offset = (asked.page - 1) * asked.limit
    found = context.backend().rows(name, asked.filters, offset=offset, limit=asked.limit)
    last = max(1, -(-found.total // asked.limit))
    if asked.page > last:
        raise ThingNotFound(f"page {asked.page} of {name} does not exist: there are {last}")
    make, content_type = _WRITERS[extension]
    response = _answer((asked.address(asked.page),), content_type, lambda: make(asked, found, last))
    around = {"prev": asked.page - 1, "next": asked.page + 1, "first": 1, "last": last}
    links = [
        f'<{asked.address(page)}>; rel="{relation}"'
        for relation, page in around.items()
        if 1 <= page <= last and last > 1
    ]
    if extension == "json":
        context_address = f"{context.settings().base_iri}api/context.jsonld"
        links.append(
            f'<{context_address}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
        )
    links.append(f'<{LICENCE_OF[table.dataset].iri}>; rel="license"')
    response.headers["Link"] = ", ".join(links)
    return response


def _read_filters(table: Table) -> dict[str, tuple[str, ...]]:
    names = [column.name for column in table.columns if column.is_filter]
    for name in request.args:
        if name not in names and name not in _PAGING:
            expected = ", ".join((*_PAGING, *names))
            raise BadRequest(f"{name[:50]!r} is no parameter of {table.name}, expected one of {expected}")
    found = {name: tuple(sorted({v for v in request.args.getlist(name) if v})) for name in names}
    filters = {name: values for name, values in found.items() if values}
    if sum(len(values) for values in filters.values()) > VALUES:
        raise BadRequest(f"more than {VALUES} values of filters, expected fewer")
    for name, values in filters.items():
        if any(len(value) > LENGTH or not value.isprintable() for value in values):
            raise BadRequest(
                f"{name} has a value of more than {LENGTH} characters, or one that is not printable"
            )
    _check_values(table, filters)
    return filters


def _check_values(table: Table, filters: Mapping[str, tuple[str, ...]]) -> None:
    """Raise :class:`BadRequest` for a value that no column of any table has: a slip, unlike one that no row of this table has."""
    backend = context.backend()

    def has(name: str, column: str, value: str) -> bool:
        return backend.rows(name, {column: (value,)}, limit=0).total > 0

    for column in (each for each in table.columns if each.name in filters):
        for value in filters[column.name]:
            is_known = (column.is_date and _DATE.fullmatch(value) is not None) or has(
                table.name, column.name, value
            )
            if not is_known and not any(has(*place, value) for place in _FILTERED):
                everything = backend.rows(table.name, {}, limit=MOST).rows
                if everything:
                    shown = ", ".join(_examples(everything, column)) or "no value: no row has any"
                    raise BadRequest(
                        f"{column.name} is {value[:50]!r}, which nothing here has; expected such as {shown}"
                    )


def _examples(found: Sequence[Mapping[str, Any]], column: Column) -> list[str]:
    """Return some values of a column, as a filter takes them."""
    cells = (row[column.name] for row in found)
    values = {value for cell in cells for value in (cell if isinstance(cell, list) else (cell,)) if value}
    is_iri = column.datatype == "anyURI"
    return sorted({str(value).rpartition("/")[2] if is_iri else str(value) for value in values})[:_EXAMPLES]


def _answer(parts: tuple[str, ...], content_type: str, make: Callable[[], bytes]) -> Response:
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    tag = conditional.entity_tag(context.backend().release_id, "api", digest)
    if conditional.not_modified(tag, context.published_at()):
        response = conditional.empty(tag)
    else:
        response = Response(make(), content_type=content_type)
        response.set_etag(tag)
    response.last_modified = context.published_at()
    response.headers["Cache-Control"] = headers.CACHE_CURRENT
    return response


def _json(asked: _Asked, found: RowPage, last: int) -> bytes:
    here = asked.page
    return _written(
        {
            "@context": f"{context.settings().base_iri}api/context.jsonld",
            "self": asked.address(here),
            "total": found.total,
            "page": here,
            "pages": last,
            "limit": asked.limit,
            "next": asked.address(here + 1) if here < last else None,
            "previous": asked.address(here - 1) if here > 1 else None,
            "release": str(context.backend().release_id),
            "license": LICENCE_OF[asked.table.dataset].iri,
            "items": list(found.rows),
        }
    )


def _geojson(asked: _Asked, found: RowPage, last: int) -> bytes:
    features = [
        {
            "type": "Feature",
            "id": row["id"],
            "geometry": None
            if row["latitude"] is None or row["longitude"] is None
            else {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]},
            "properties": {
                name: value for name, value in row.items() if name not in ("latitude", "longitude")
            },
        }
        for row in found.rows
    ]
    more = {
        "total": found.total,
        "page": asked.page,
        "pages": last,
        "license": LICENCE_OF[asked.table.dataset].iri,
    }
    return _written({"type": "FeatureCollection", **more, "features": features})


def _csv(asked: _Asked, found: RowPage, last: int) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)
    names = [column.name for column in asked.table.columns]
    writer.writerow(names)
    for row in found.rows:
        cells = (row[name] for name in names)
        writer.writerow(
            "" if cell is None else SEPARATOR.join(cell) if isinstance(cell, list) else cell for cell in cells
        )
    return stream.getvalue().encode()


def _context() -> dict[str, Any]:
    """Return the terms: a column whose values are IRIs and whose property relates the thing to them; every other key says nothing."""
    terms: dict[str, Any] = {}
    for table in TABLES.values():
        for column in table.columns:
            if column.predicate and column.datatype == "anyURI":
                known = terms.setdefault(column.name, {"@id": column.predicate, "@type": "@id"})
                if known["@id"] != column.predicate:
                    raise ValueError(
                        f"{table.name}.toml: {column.name} means something else in another table"
                    )
    return {"@version": 1.1, "id": "@id", "items": {"@id": "@graph", "@container": "@set"}, **terms}


def _written(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


_WRITERS: Final[Mapping[str, tuple[Callable[[_Asked, RowPage, int], bytes], str]]] = {
    "json": (_json, _JSON_TYPE),
    "geojson": (_geojson, GEOJSON.content_type),
    "csv": (_csv, SPARQL_CSV.content_type),
}
