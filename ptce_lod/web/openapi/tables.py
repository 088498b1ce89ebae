"""The tables at ``/api/{table}.json`` and the like: an address for each table and format, with its filters and its keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ptce_lod.formats import GEOJSON, JSON, SPARQL_CSV, Format
from ptce_lod.release.tables.declared import Column, Table, declared
from ptce_lod.web.api import LIMIT, MOST
from ptce_lod.web.openapi.addresses import Address
from ptce_lod.web.openapi.model import Operation, Parameter, Route, number, several
from ptce_lod.web.openapi.shared import PAGE

TAG: Final = "tables"
ENDPOINT: Final = "api.rows"
SUMMARY: Final = "Rows of a table, a page at a time, in the order of their ids."
SIZE: Final = Parameter("limit", "Rows on a page.", number(1, MOST, LIMIT), key="limit")
ONE_OF: Final = "Only rows with this value; repeated for alternatives. Accents and capitals do not count."
NAME_TOO: Final = "The last part of an IRI is enough."
YEAR_TOO: Final = "A year finds all of its dates."
TEXTS: Final = (SUMMARY, SIZE.about, ONE_OF, NAME_TOO, YEAR_TOO)
_TYPES: Final[Mapping[str, Mapping[str, Any]]] = {
    "string": {"type": "string"},
    "anyURI": {"type": "string", "format": "uri"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
}


def routes() -> Iterator[tuple[Address, Route]]:
    """Yield each address with what is declared of it."""
    for table in declared():
        filters = tuple(Parameter(c.name, _about(c), several()) for c in table.columns if c.is_filter)
        for format_ in _formats(table):
            schemas = {JSON.media_type: f"{table.name}-page", GEOJSON.media_type: "FeatureCollection"}
            operation = Operation(
                SUMMARY,
                (format_,),
                (*filters, SIZE, PAGE),
                (400, 404),
                titles=table.title,
                schemas={type_: name for type_, name in schemas.items() if type_ == format_.media_type},
            )
            yield (
                Address(f"/api/{table.name}.{format_.extension}", is_file=True),
                Route(TAG, {"GET": operation}),
            )


def _formats(table: Table) -> tuple[Format, ...]:
    return (JSON, *([GEOJSON] if table.is_located else ()), SPARQL_CSV)


def _about(column: Column) -> str:
    """Return English keys of texts, parted by lines; the first line names the column, whose texts are its own."""
    more = NAME_TOO if column.datatype == "anyURI" else YEAR_TOO if column.is_date else ""
    return "\n".join(part for part in (ONE_OF, more) if part)


def schemas(language: str) -> dict[str, Any]:
    """Return the schema of a row and of a page of each table, with the texts of its columns in ``language``."""
    found = {}
    for table in declared():
        found[table.name] = {
            "type": "object",
            "title": table.title[language],
            "description": table.description[language],
            "required": [column.name for column in table.columns],
            "properties": {column.name: _schema(column, language) for column in table.columns},
            "additionalProperties": False,
        }
        found[f"{table.name}-page"] = _page(table.name)
    return found


def _schema(column: Column, language: str) -> dict[str, Any]:
    told = {"title": column.title[language], "description": column.description[language]}
    plain = dict(_TYPES[column.datatype])
    if column.name == "id":
        return {**plain, **told}
    if column.many:
        return {"type": "array", "items": plain, **told}
    return {**plain, "type": [plain["type"], "null"], **told}


def _page(name: str) -> dict[str, Any]:
    address, neighbour = {"type": "string", "format": "uri"}, {"type": ["string", "null"], "format": "uri"}
    count = {"type": "integer", "minimum": 0}
    members: dict[str, Any] = {
        "@context": address,
        "self": address,
        "total": count,
        "page": count,
        "pages": count,
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST},
        "next": neighbour,
        "previous": neighbour,
        "release": {"type": "string"},
        "license": address,
        "items": {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}, "maxItems": MOST},
    }
    return {"type": "object", "required": list(members), "properties": members, "additionalProperties": False}
