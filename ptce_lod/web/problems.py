"""The one mapping from errors to status and problem document. Source: RFC 9457.

One shape for every route, in JSON, HTML or RDF: ``type title status detail instance`` of the RFC, then ``hint`` (what to do), ``link``
(where the rule is written), ``documentation``, ``request`` (the id under which the log holds the whole story), and members of their own
such as ``line`` or ``available``.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Final

import pyoxigraph as ox
from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from ptce_lod import errors, formats, serialize
from ptce_lod.errors import PtceError
from ptce_lod.formats import Format
from ptce_lod.iris import is_absolute_iri
from ptce_lod.namespaces import RDF, RDFS, SH
from ptce_lod.settings import Settings
from ptce_lod.web import problem_types
from ptce_lod.web.links import link
from ptce_lod.web.negotiation import negotiate, negotiate_language
from ptce_lod.web.problem_types import ProblemType

PROBLEM_JSON: Final = Format(
    "problem", "Problem", "application/problem+json", "json", also=("application/json",)
)
#: What a problem is told in.
OFFERS: Final = (PROBLEM_JSON, formats.HTML, *formats.RDF_FORMATS)
#: Seconds after which a refused client may try again.
RETRY_AFTER: Final = 10
#: Headers that say what would have been right: RFC 9110 sections 10.2.1 and 14.4.
_TELLING: Final[tuple[str, ...]] = ("Allow", "Content-Range")
_TYPE: Final = ox.NamedNode(RDF + "type")
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

    def quads(self) -> list[ox.Quad]:
        """Return the problem as RDF: a Hydra error, which its type's class refines."""
        me = ox.NamedNode(
            str(self.extra.get("instance") or f"urn:ptce:request:{self.extra.get('request', '')}")
        )
        found = [
            ox.Quad(me, _TYPE, ox.NamedNode(problem_types.HYDRA + "Error")),
            ox.Quad(me, ox.NamedNode(problem_types.HYDRA + "statusCode"), ox.Literal(self.status)),
            ox.Quad(me, ox.NamedNode(problem_types.HYDRA + "title"), ox.Literal(self.title, language="en")),
        ]
        if self.type != "about:blank":
            found.append(ox.Quad(me, _TYPE, ox.NamedNode(self.type)))
        told = [self.detail, *([f"→ {self.hint}"] if self.hint else []), *self._further()]
        description = ox.NamedNode(problem_types.HYDRA + "description")
        found.append(ox.Quad(me, description, ox.Literal("\n".join(told), language="en")))
        for name in ("documentation", "link"):
            target = self.extra.get(name)
            if isinstance(target, str) and is_absolute_iri(target):
                found.append(ox.Quad(me, ox.NamedNode(RDFS + "seeAlso"), ox.NamedNode(target)))
        return found

    def _further(self) -> list[str]:
        """Return the members of its own as lines of text."""
        names = ("line", "column", "limit", "available", "alternatives", "problems")
        return [f"{name}: {json.dumps(self.extra[name])}" for name in names if self.extra.get(name)]


def problem_of(error: Exception, settings: Settings) -> Problem:
    """Return the problem that tells of ``error``; what we did not foresee says nothing of its inside."""

    def problem(kind: ProblemType, detail: str, hint: str, extra: Mapping[str, Any]) -> Problem:
        type_ = f"{settings.base_iri}problem/{kind.name}"
        more = {"documentation": type_, **extra}
        return Problem(int(kind.status), kind.title, detail, type_, hint, more)

    if isinstance(error, PtceError):
        kind = problem_types.of_error(error)
        if kind is not problem_types.INTERNAL_ERROR:
            return problem(kind, error.message, error.hint, _extra(error, settings))
    if isinstance(error, HTTPException) and error.code:
        known = problem_types.OF_STATUS.get(error.code)
        if known is not None:
            return problem(known, error.description or "", "", {})
        if error.code < HTTPStatus.INTERNAL_SERVER_ERROR:
            return Problem(error.code, HTTPStatus(error.code).phrase, error.description or "")
    detail = "Something went wrong here; the log of the server holds the details."
    return problem(problem_types.INTERNAL_ERROR, detail, "tell us the request id", {})


def _extra(error: PtceError, settings: Settings) -> dict[str, Any]:
    extra: dict[str, Any] = {"link": error.link}
    if isinstance(error, errors.MalformedQuery) and error.line:
        extra |= {"line": error.line, "column": error.column}
    if isinstance(error, errors.NotAcceptable):
        extra["available"] = list(error.available)
        extra["alternates"] = [{"href": href, "type": type_} for href, type_ in error.alternates] or None
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
    """Return the problem as JSON, as a page or in RDF, whichever the client prefers; as JSON when it accepts none of them."""
    extra = {**problem.extra, "request": request_id()}
    if problem.type != "about:blank":
        extra["instance"] = f"{problem.type}#{request_id()}"
    problem = replace(problem, extra=extra)
    # A document's own extension decides nothing here: an error is read by whoever asked.
    format_ = negotiate(_accept(), OFFERS) or PROBLEM_JSON
    language = "en"
    if format_ is formats.HTML:
        language = negotiate_language(
            request.headers.get("Accept-Language"),
            request.args.get("lang"),
            request.cookies.get("lang"),
            default=settings.default_language,
        )
        body: str | bytes = render(settings, problem, language)
        content_type = format_.content_type
    elif format_ is PROBLEM_JSON:
        body = json.dumps(problem.members(), ensure_ascii=False, indent=2) + "\n"
        content_type = format_.media_type
    else:
        body = serialize.serialize(problem.quads(), format_, {"hydra": problem_types.HYDRA, "rdfs": RDFS})
        content_type = format_.content_type
    response = Response(body, problem.status, content_type=content_type)
    response.headers["Content-Language"] = language
    _link(response, problem)
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(("Accept", "Accept-Language"))
    if problem.status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE):
        response.headers["Retry-After"] = str(RETRY_AFTER)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="ptce-lod"'
    if problem.status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
        response.headers["Accept-Encoding"] = "gzip, deflate, identity"  # RFC 9110 section 12.5.3
    return response


def _link(response: Response, problem: Problem) -> None:
    """Lead to the explanation of the problem, and to what would have been acceptable."""
    if problem.type != "about:blank":
        response.headers.add("Link", str(link(problem.type, "describedby")))
    for each in problem.extra.get("alternates") or ():
        response.headers.add("Link", str(link(each["href"], "alternate", type=each["type"])))


def _report(error: errors.DataRejected) -> Response | None:
    """Return the SHACL report in the RDF format that the client prefers to a problem document, if it does."""
    format_ = negotiate(_accept(), OFFERS)
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
