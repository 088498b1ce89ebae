"""The one mapping from errors to status and problem document. Source: RFC 9457.

One shape for every route: ``type title status detail`` of the RFC, then ``hint`` (what to do), ``link`` (where the rule is written),
``request`` (the id under which the log holds the whole story), and members of their own such as ``line`` or ``available``.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from ptce_lod import errors, formats, serialize
from ptce_lod.errors import PtceError
from ptce_lod.formats import Format
from ptce_lod.namespaces import SH
from ptce_lod.settings import Settings
from ptce_lod.web.negotiation import negotiate, negotiate_language

PROBLEM_JSON: Final = Format(
    "problem", "Problem", "application/problem+json", "json", also=("application/json",)
)
#: Seconds after which a refused client may try again.
RETRY_AFTER: Final = 10
#: Headers that say what would have been right: RFC 9110 sections 10.2.1 and 14.4.
_TELLING: Final[tuple[str, ...]] = ("Allow", "Content-Range")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Problem:
    """What went wrong, for a person and for a program."""

    status: int
    title: str
    detail: str
    type: str = "about:blank"
    hint: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    def members(self) -> dict[str, Any]:
        """Return the members of the problem document, empty ones left out."""
        own = {
            "type": self.type,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "hint": self.hint,
        }
        return {name: value for name, value in {**own, **self.extra}.items() if value not in ("", (), None)}


#: Error → status, name of its type (its address is {base}problem/{name}), title. The first class that fits counts.
_MAPPING: Final[tuple[tuple[type[PtceError], HTTPStatus, str, str], ...]] = (
    (errors.MalformedQuery, HTTPStatus.BAD_REQUEST, "malformed-query", "The text is not SPARQL 1.1"),
    (
        errors.QueryTooLong,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "query-too-long",
        "The query is too long",
    ),
    (errors.QueryRefused, HTTPStatus.FORBIDDEN, "query-refused", "The query is not allowed here"),
    (
        errors.QueryTimedOut,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "query-timed-out",
        "The query took too long and was stopped",
    ),
    (
        errors.ResultTooLarge,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "result-too-large",
        "The result is too large",
    ),
    (
        errors.UpdateFailed,
        HTTPStatus.CONFLICT,
        "update-failed",
        "The update cannot be carried out on these data",
    ),
    (errors.ClientGone, HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "The query engine cannot answer now"),
    (
        errors.ServiceFailed,
        HTTPStatus.BAD_GATEWAY,
        "service-failed",
        "Another endpoint did not answer",
    ),
    (
        errors.BackendUnavailable,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "unavailable",
        "The query engine cannot answer now",
    ),
    (errors.BadRequest, HTTPStatus.BAD_REQUEST, "bad-request", "The request is malformed"),
    (errors.ParseError, HTTPStatus.BAD_REQUEST, "malformed-rdf", "The body is not the RDF it claims to be"),
    (errors.Unauthorized, HTTPStatus.UNAUTHORIZED, "unauthorized", "A token is needed"),
    (errors.Forbidden, HTTPStatus.FORBIDDEN, "forbidden", "The request is not allowed"),
    (
        errors.BodyTooLarge,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "body-too-large",
        "The request body is too large",
    ),
    (
        errors.DataRejected,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "data-rejected",
        "The data break a shape; nothing was changed",
    ),
    (errors.StorageFull, HTTPStatus.INSUFFICIENT_STORAGE, "storage-full", "There is no room to write"),
    (errors.NotAcceptable, HTTPStatus.NOT_ACCEPTABLE, "not-acceptable", "No acceptable representation"),
    (
        errors.UnsupportedMediaType,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "unsupported-media-type",
        "The media type of the request is not understood",
    ),
    (
        errors.PreconditionFailed,
        HTTPStatus.PRECONDITION_FAILED,
        "precondition-failed",
        "The precondition is false",
    ),
    (errors.ThingNotFound, HTTPStatus.NOT_FOUND, "not-found", "Nothing is known under this address"),
    (errors.ThingGone, HTTPStatus.GONE, "gone", "What was here is retired"),
    (
        errors.ReleaseNotFound,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "nothing-published",
        "Nothing is published yet",
    ),
    (
        errors.ReleaseLocked,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "locked",
        "Another process is writing",
    ),
    (errors.ReleaseError, HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "The release cannot be read"),
)
TYPES: Final = {name: title for _, _, name, title in _MAPPING}


def problem_of(error: Exception, settings: Settings) -> Problem:
    """Return the problem that tells of ``error``; what we did not foresee says nothing of its inside."""
    if isinstance(error, PtceError):
        for class_, status, name, title in _MAPPING:
            if isinstance(error, class_):
                type_ = f"{settings.base_iri}problem/{name}"
                extra = _extra(error, settings)
                return Problem(int(status), title, error.message, type_, error.hint, extra)
    if isinstance(error, HTTPException) and error.code:
        return Problem(error.code, HTTPStatus(error.code).phrase, error.description or "")
    return Problem(
        500,
        "Internal error",
        "Something went wrong here; the log of the server holds the details.",
        hint="tell us the request id",
    )


def _extra(error: PtceError, settings: Settings) -> dict[str, Any]:
    extra: dict[str, Any] = {"link": error.link}
    if isinstance(error, errors.MalformedQuery) and error.line:
        extra |= {"line": error.line, "column": error.column}
    if isinstance(error, errors.NotAcceptable):
        extra["available"] = list(error.available)
    if isinstance(error, errors.SourceError) and error.problems:
        extra["problems"] = [str(problem) for problem in error.problems]
    if isinstance(error, errors.DataRejected):
        extra["report"] = error.report.to_json()
    if isinstance(error, errors.QueryError | errors.BodyTooLarge) and error.limit:
        extra["limit"] = {"setting": error.limit, "value": getattr(settings, error.limit)}
        extra["documentation"] = f"{settings.base_iri}sparql"
        if not isinstance(error, errors.BodyTooLarge):
            extra["alternatives"] = [f"{settings.base_iri}dumps/latest/all.nq", f"{settings.base_iri}catalog"]
    return extra


#: Takes settings, problem and language, returns the page of an error.
RenderProblem = Callable[[Settings, Problem, str], str]


def respond(problem: Problem, settings: Settings, render: RenderProblem) -> Response:
    """Return the problem as HTML or JSON, whichever the client prefers; JSON when it accepts neither."""
    problem = Problem(
        problem.status,
        problem.title,
        problem.detail,
        problem.type,
        problem.hint,
        {**problem.extra, "request": request_id()},
    )
    # A document's own extension decides nothing here: an error is read by whoever asked.
    if negotiate(_accept(), (PROBLEM_JSON, formats.HTML)) is formats.HTML:
        language = negotiate_language(
            request.headers.get("Accept-Language"),
            request.args.get("lang"),
            request.cookies.get("lang"),
            default=settings.default_language,
        )
        body = render(settings, problem, language)
        response = Response(body, problem.status, content_type=formats.HTML.content_type)
        response.headers["Content-Language"] = language
    else:
        text = json.dumps(problem.members(), ensure_ascii=False, indent=2) + "\n"
        response = Response(text, problem.status, content_type=PROBLEM_JSON.media_type)
        response.headers["Content-Language"] = "en"
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(("Accept", "Accept-Language"))
    if problem.status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE):
        response.headers["Retry-After"] = str(RETRY_AFTER)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="ptce-lod"'
    if problem.status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
        response.headers["Accept-Encoding"] = "gzip, deflate, identity"  # RFC 9110 section 12.5.3
    return response


def _report(error: errors.DataRejected) -> Response | None:
    """Return the SHACL report in the RDF format that the client prefers to a problem document, if it does."""
    format_ = negotiate(_accept(), (PROBLEM_JSON, formats.HTML, *formats.RDF_FORMATS))
    if format_ not in formats.RDF_FORMATS:
        return None
    turtle = error.report.to_turtle()
    quads = serialize.parse(turtle, formats.TURTLE)
    body = turtle if format_ is formats.TURTLE else serialize.serialize(quads, format_, {"sh": SH})
    response = Response(body, HTTPStatus.UNPROCESSABLE_ENTITY, content_type=format_.content_type)
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    return response


def _accept() -> str | None:
    return ",".join(request.headers.getlist("Accept")) or None


def request_id() -> str:
    """Return the id of the request being answered, made when first asked for."""
    if "request_id" not in g:
        g.request_id = uuid.uuid4().hex[:16]
    return str(g.request_id)


def init_app(app: Flask, settings: Settings, render: RenderProblem) -> None:
    """Answer every error of ``app`` with a problem document; ``render`` writes it as a page."""

    def handle(error: Exception) -> Response:
        if isinstance(error, errors.DataRejected):
            report = _report(error)
            if report is not None:
                return report
        problem = problem_of(error, settings)
        if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, errors.ClientGone):
            # What a limit stopped is no fault of ours: a line, no alarm.
            expected = isinstance(error, PtceError)
            current_app.logger.log(
                logging.INFO if expected else logging.ERROR,
                "request %s: %s %s: %s",
                request_id(),
                request.method,
                request.path,
                error,
                exc_info=error if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR else None,
            )
        response = respond(problem, settings, render)
        if isinstance(error, HTTPException):
            told = dict(error.get_headers(request.environ))
            response.headers.extend((name, told[name]) for name in _TELLING if name in told)
        return response

    app.register_error_handler(Exception, handle)
