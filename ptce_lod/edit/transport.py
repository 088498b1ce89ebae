"""Writes, their outcomes and their errors as values of JSON: what travels between the server and the process that writes."""

from __future__ import annotations

import base64
from typing import Any, Final

from ptce_lod import errors
from ptce_lod.edit.requests import Author, GraphRequest, Outcome, RdfBody, UpdateRequest
from ptce_lod.errors import DataRejected, PtceError, SourceError
from ptce_lod.validate.report import ValidationReport
from ptce_lod.validate.report_values import report_from_values, report_to_values

_FIELDS: Final = ("line", "column", "limit", "available")


def request_to_values(
    request: UpdateRequest | GraphRequest, author: Author, *, dry_run: bool
) -> dict[str, Any]:
    """Return a write as values."""
    values: dict[str, Any] = {"by": author.name, "graphs": author.graphs, "dry_run": dry_run}
    if isinstance(request, UpdateRequest):
        return {**values, "update": vars(request)}
    bodies = [{**vars(body), "data": base64.b64encode(body.data).decode()} for body in request.bodies]
    return {**values, "graph": {**vars(request), "bodies": bodies}}


def request_from_values(values: dict[str, Any]) -> tuple[UpdateRequest | GraphRequest, Author, bool]:
    """Return write, author and whether it is a dry run."""
    author = Author(values["by"], tuple(values["graphs"]))
    if "update" in values:
        fields = values["update"]
        update = UpdateRequest(
            fields["text"], tuple(fields["using"]), tuple(fields["using_named"]), fields["project_prefixes"]
        )
        return update, author, values["dry_run"]
    graph = values["graph"]
    bodies = tuple(RdfBody(**{**body, "data": base64.b64decode(body["data"])}) for body in graph["bodies"])
    return GraphRequest(graph["graph"], graph["action"], bodies), author, values["dry_run"]


def outcome_to_values(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as values."""
    report = None if outcome.report is None else report_to_values(outcome.report)
    return {"outcome": {**vars(outcome), "report": report}}


def error_to_values(error: PtceError) -> dict[str, Any]:
    """Return one of our errors as values."""
    values: dict[str, Any] = {
        "error": type(error).__name__,
        "message": error.message,
        "hint": error.hint,
        "link": error.link,
        "more": {name: value for name in _FIELDS if (value := getattr(error, name, None))},
    }
    if isinstance(error, SourceError):
        values["more"]["problems"] = [vars(problem) for problem in error.problems]
    if isinstance(error, DataRejected) and isinstance(error.report, ValidationReport):
        values["report"] = report_to_values(error.report)
    return values


def outcome_from_values(values: dict[str, Any]) -> Outcome:
    """Return the outcome, or raise the error, that the values tell of."""
    if "outcome" in values:
        fields = values["outcome"]
        report = None if fields["report"] is None else report_from_values(fields["report"])
        return Outcome(**{**fields, "report": report})
    class_ = getattr(errors, values["error"])
    more = dict(values["more"])
    if "problems" in more:
        more["problems"] = [errors.Problem(**fields) for fields in more["problems"]]
    if "report" in values:
        raise DataRejected(values["message"], report_from_values(values["report"]), hint=values["hint"])
    error: PtceError = class_(values["message"], hint=values["hint"], link=values["link"], **more)
    raise error
