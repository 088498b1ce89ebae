"""Read the queries of a batch, of either version of the protocol. What is not understood is refused and named."""

from __future__ import annotations

from typing import Any, Final

from ptce_lod.errors import BadRequest
from ptce_lod.query.candidates import Condition, Reference, Sought, Value
from ptce_lod.query.facts import PROPERTIES
from ptce_lod.web import context
from ptce_lod.web.reconcile.shared import check_batch, id_in, object_of, read_text, read_type, shown

#: Candidates when a query names no limit.
_DEFAULT_LIMIT: Final = 10
#: Conditions of one query, and values of one condition.
_CONDITIONS, _VALUES = 20, 50
_QUERY: Final = {"query": False, "type": False, "limit": False, "properties": False, "type_strict": False}
_DRAFT_QUERY: Final = {"conditions": True, "type": False, "limit": False, "lang": False, "dir": False}
_DRAFT_CONDITION: Final = {
    "matchType": True,
    "propertyValue": True,
    "propertyId": False,
    "required": False,
    "matchQuantifier": False,
    "matchQualifier": False,
    "lang": False,
    "dir": False,
}
#: What an empty cell of a table comes as; pandas writes the last.
_BLANK: Final = ("", "nan")
#: How values may be told to match: as they are, and not only alike.
EXACT: Final = "exact"


def read_batch(value: Any) -> dict[str, Sought]:
    """Return key → query of a batch of version 0.2."""
    if not isinstance(value, dict):
        raise BadRequest(f"queries is {shown(value)}, expected an object of queries by their keys")
    check_batch(len(value), "queries")
    return {key: _query(query, f"query {key[:50]!r}") for key, query in value.items()}


def read_draft_batch(value: Any) -> list[Sought]:
    """Return the queries of a batch of version 1.0."""
    queries = object_of(value, "the body", {"queries": True})["queries"]
    if not isinstance(queries, list):
        raise BadRequest(f"queries is {shown(queries)}, expected an array")
    check_batch(len(queries), "queries")
    return [_draft_query(query, f"query {number}") for number, query in enumerate(queries, start=1)]


def _query(value: Any, what: str) -> Sought:
    query = object_of(value, what, _QUERY)
    conditions = []
    if (text := query.get("query")) is not None:
        if not isinstance(text, str | int | float) or isinstance(text, bool):
            raise BadRequest(f"{what}: query is {shown(text)}, expected a text")
        conditions.append(Condition("", (read_text(text),)))
    properties = query.get("properties") or []
    if not isinstance(properties, list):
        raise BadRequest(f"{what}: properties is {shown(properties)}, expected an array")
    for each in properties:
        if not isinstance(each, dict) or "pid" not in each or "v" not in each:
            raise BadRequest(f"{what}: a property is {shown(each)}, expected an object with pid and v")
        conditions.append(Condition(read_property(each["pid"], what), _values(each["v"], what)))
    types = query.get("type") or []
    types = types if isinstance(types, list) else [types]
    strict = query.get("type_strict", "any")
    if strict not in ("any", "should", "all"):
        raise BadRequest(f"{what}: type_strict is {shown(strict)}, expected any, should or all")
    return _sought(
        conditions,
        (),
        tuple(read_type(each, f"{what}: type") for each in types),
        query,
        what,
        strict == "all",
    )


def _draft_query(value: Any, what: str) -> Sought:
    query = object_of(value, what, _DRAFT_QUERY)
    listed = query["conditions"]
    if not isinstance(listed, list):
        raise BadRequest(f"{what}: conditions is {shown(listed)}, expected an array")
    conditions: list[Condition] = []
    iris: list[str] = []
    for each in listed:
        condition = object_of(each, f"{what}: a condition", _DRAFT_CONDITION)
        values = _values(condition["propertyValue"], what)
        kind = condition["matchType"]
        if kind == "id":
            iris += [value.iri if isinstance(value, Reference) else id_in(str(value)) for value in values]
        elif kind in ("name", "property"):
            id_ = read_property(condition.get("propertyId"), what) if kind == "property" else ""
            conditions.append(_draft_condition(condition, id_, values, what))
        else:
            raise BadRequest(f"{what}: matchType is {shown(kind)}, expected name, id or property")
    types = (read_type(query["type"], f"{what}: type"),) if query.get("type") else ()
    return _sought(conditions, tuple(iris), types, query, what)


def _draft_condition(condition: dict[str, Any], id_: str, values: tuple[Value, ...], what: str) -> Condition:
    quantifier = condition.get("matchQuantifier") or "any"
    if quantifier not in ("any", "all", "none"):
        raise BadRequest(f"{what}: matchQuantifier is {shown(quantifier)}, expected any, all or none")
    qualifier = condition.get("matchQualifier") or ""
    if qualifier not in ("", EXACT):
        raise BadRequest(f"{what}: matchQualifier is {shown(qualifier)}, expected {EXACT} or none")
    required = condition.get("required", False)
    if not isinstance(required, bool):
        raise BadRequest(f"{what}: required is {shown(required)}, expected true or false")
    return Condition(id_, values, quantifier, required, qualifier == EXACT)


def _sought(
    conditions: list[Condition],
    iris: tuple[str, ...],
    types: tuple[str, ...],
    query: dict[str, Any],
    what: str,
    all_types: bool = False,
) -> Sought:
    if not conditions and not iris:
        raise BadRequest(f"{what} asks for nothing: it has neither a name nor a property")
    # A cell without a value says nothing of what its row means.
    conditions = [each for each in conditions if each.values]
    if len(conditions) > _CONDITIONS or len(iris) > _VALUES:
        raise BadRequest(
            f"{what} has {len(conditions)} conditions, expected at most {_CONDITIONS}, and at most {_VALUES} ids"
        )
    most = context.settings().reconcile_candidates
    limit = query.get("limit")
    if limit is None:
        limit = min(_DEFAULT_LIMIT, most)
    is_whole = isinstance(limit, int) or (isinstance(limit, float) and limit.is_integer())
    if isinstance(limit, bool) or not is_whole or limit < 1:
        raise BadRequest(f"{what}: limit is {shown(limit)}, expected a whole number above 0")
    return Sought(tuple(conditions), iris, types, all_types, min(int(limit), most))


def read_property(value: object, what: str) -> str:
    """Return the id of a property; :class:`BadRequest` for one that there is not."""
    if not isinstance(value, str) or value not in PROPERTIES:
        raise BadRequest(f"{what}: the property is {shown(value)}, expected one of {', '.join(PROPERTIES)}")
    return value


def _values(value: Any, what: str) -> tuple[Value, ...]:
    listed = value if isinstance(value, list) else [value]
    if not listed or len(listed) > _VALUES:
        raise BadRequest(f"{what}: a property has {len(listed)} values, expected 1 to {_VALUES}")
    return tuple(found for each in listed if (found := _value(each, what)) not in _BLANK)


def _value(value: Any, what: str) -> Value:
    if value is None:
        return ""
    if isinstance(value, dict):
        if not isinstance(value.get("id"), str):
            raise BadRequest(f"{what}: a value is {shown(value)}, expected an object with an id")
        return Reference(id_in(read_text(value["id"])))
    if isinstance(value, str | int | float):
        return read_text(value)
    raise BadRequest(f"{what}: a value is {shown(value)}, expected a text, a number or an object with an id")
