"""``/sparql``: the query operation of the SPARQL 1.1 Protocol, the service description, and a form for people."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from typing import IO, Final

from flask import Blueprint, Response, abort, request
from werkzeug.datastructures import MultiDict
from werkzeug.wsgi import FileWrapper

from ptce_lod import formats
from ptce_lod.errors import NotAcceptable, UnsupportedMediaType
from ptce_lod.formats import HTML, RDF_FORMATS, RESULT_FORMATS, Format
from ptce_lod.query.backend import QueryRequest
from ptce_lod.web import conditional, context, headers, pages, service_description, sparql_page
from ptce_lod.web.negotiation import negotiate, rank
from ptce_lod.web.representation import RDF_FIRST, remember_language, write_rdf

blueprint: Final = Blueprint("sparql", __name__)
_QUERY_TYPE: Final = "application/sparql-query"
_FORM_TYPE: Final = "application/x-www-form-urlencoded"
_METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS")


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer a query; without one, describe the service, or show the form to people."""
    parameters, text = _read_request()
    if text is None:
        if request.method == "POST":
            abort(400, "the request holds no query: send it as the parameter 'query' or as the body")
        return _without_query()
    _refuse_empty(text)
    if parameters.get("format") == HTML.name:
        return sparql_page.answer(_query(text, parameters))
    wanted = _formats(parameters.get("format") or parameters.get("output"))
    tag = _entity_tag(text, parameters, wanted)
    if conditional.not_modified(tag):
        response = conditional.empty(tag)
    else:
        response = _answer(text, parameters, wanted)
        response.set_etag(tag)
    response.headers["Cache-Control"] = headers.CACHE_CURRENT if request.method != "POST" else "no-store"
    response.vary.update(("Accept", "Accept-Language"))
    return response


def _read_request() -> tuple[MultiDict[str, str], str | None]:
    """Return the parameters and the query text, which is None when there is none. Source: SPARQL 1.1 Protocol section 2.1."""
    parameters: MultiDict[str, str] = MultiDict(request.args)
    if request.method != "POST":
        return parameters, _only_query(parameters)
    limit = context.settings().body_bytes
    if (request.content_length or 0) > limit:
        abort(413, f"the request body is larger than {limit} bytes")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("compressed request bodies are not read here")
    if request.mimetype == _QUERY_TYPE:
        if "query" in parameters:
            abort(400, "there are two queries: one in the address and one in the body")
        return parameters, _decode(request.get_data())
    if request.mimetype == _FORM_TYPE:
        parameters.update(request.form)
        return parameters, _only_query(parameters)
    raise UnsupportedMediaType(
        f"the body is {request.mimetype or 'of no stated media type'}, expected {_QUERY_TYPE} or {_FORM_TYPE}",
        link="https://www.w3.org/TR/sparql11-protocol/#query-operation",
    )


def _only_query(parameters: MultiDict[str, str]) -> str | None:
    queries = parameters.getlist("query")
    if len(queries) > 1:
        abort(400, "there is more than one parameter 'query'")
    if queries and "\ufffd" in queries[0] and b"%EF%BF%BD" not in request.query_string.upper():
        abort(400, "the query is not UTF-8")
    return queries[0] if queries else None


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        abort(400, f"the query is not UTF-8: {error.reason} at byte {error.start}")


def _refuse_empty(text: str) -> None:
    limit = context.settings().query_length_bytes
    if len(text) > limit:
        abort(413, f"the query is longer than {limit} bytes")
    if not text.strip():
        abort(400, "the query is empty")


def _formats(name: str | None) -> tuple[list[Format], list[Format]]:
    """Return the formats for solutions and for graphs that the client accepts, best first; ``format=`` beats ``Accept``."""
    if name:
        named = formats.BY_NAME.get(name) or _by_media_type(name)
        if named is None:
            names = ", ".join(f.name for f in (*RESULT_FORMATS, *RDF_FORMATS))
            abort(400, f"format is {name[:50]!r}, expected one of {names}")
        return [f for f in RESULT_FORMATS if f is named], [f for f in RDF_FORMATS if f is named]
    accept = context.accept()
    return rank(accept, RESULT_FORMATS), rank(accept, RDF_FORMATS)


def _by_media_type(name: str) -> Format | None:
    return next((f for f in (*RESULT_FORMATS, *RDF_FORMATS) if name in f.media_types), None)


def _query(text: str, parameters: MultiDict[str, str]) -> QueryRequest:
    return QueryRequest(
        text,
        tuple(parameters.getlist("default-graph-uri")),
        tuple(parameters.getlist("named-graph-uri")),
        _timeout(parameters.get("timeout")),
    )


def _answer(
    text: str, parameters: MultiDict[str, str], wanted: tuple[Sequence[Format], Sequence[Format]]
) -> Response:
    if not any(wanted):
        raise _not_acceptable()
    query = _query(text, parameters)
    try:
        found = context.backend().query(query, select=wanted[0], graph=wanted[1])
    except NotAcceptable as error:
        raise _not_acceptable(error.message) from error
    response = Response(_stream(found.body), content_type=found.format.content_type)
    response.call_on_close(found.body.close)
    response.content_length = found.size
    name = f"result.{found.format.extension}"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _stream(body: IO[bytes]) -> Iterator[bytes]:
    return iter(FileWrapper(body, 65_536))


def _timeout(text: str | None) -> float | None:
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        abort(400, f"timeout is {text[:50]!r}, expected a number of seconds above 0")
    return seconds


def _not_acceptable(
    message: str = "the result is not available in any of the accepted media types",
) -> NotAcceptable:
    available = [f.media_type for f in (*RESULT_FORMATS, *RDF_FORMATS)]
    return NotAcceptable(
        message, available, hint="SELECT and ASK give solutions, CONSTRUCT and DESCRIBE give a graph"
    )


def _entity_tag(
    text: str, parameters: MultiDict[str, str], wanted: tuple[Sequence[Format], Sequence[Format]]
) -> str:
    """Return a tag of release, query, dataset and format: the answer to one query in one release is always the same."""
    graphs = (*parameters.getlist("default-graph-uri"), "|", *parameters.getlist("named-graph-uri"))
    key = "\n".join((text, *graphs, *(f.name for found in wanted for f in found[:1])))
    return conditional.entity_tag(
        context.backend().release_id, hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:20]
    )


def _without_query() -> Response:
    """Describe the service in RDF, or show the form to who prefers HTML."""
    settings, backend = context.settings(), context.backend()
    format_ = negotiate(context.accept(), RDF_FIRST)
    if format_ is None:
        raise NotAcceptable(
            "the service description is not available in any of the accepted media types",
            [f.media_type for f in RDF_FIRST],
        )
    language = context.language() if format_ is HTML else ""
    example = request.args.get("example", "") if format_ is HTML else ""
    shown = hashlib.sha256(example.encode("utf-8", "surrogatepass")).hexdigest()[:20] if example else ""
    tag = conditional.entity_tag(backend.release_id, "service", format_.name, language, shown)
    if conditional.not_modified(tag):
        response = conditional.empty(tag)
    elif format_ is HTML:
        body: str | bytes = pages.render_sparql_form(settings, backend, example, language)
        response = Response(body, content_type=HTML.content_type)
    else:
        body = write_rdf(service_description.quads(backend, settings), format_)
        response = Response(body, content_type=format_.content_type)
    response.set_etag(tag)
    if language:
        response.headers["Content-Language"] = language
        response.vary.add("Cookie")
    response.vary.update(("Accept", "Accept-Language"))
    response.headers["Cache-Control"] = headers.CACHE_CURRENT
    response.headers["Link"] = headers.link(f"{settings.base_iri}catalog", "describedby", type="text/turtle")
    if format_ is HTML:
        remember_language(response)
    return response
