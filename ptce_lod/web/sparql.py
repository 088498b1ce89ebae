"""``/sparql``: the query operation of the SPARQL 1.1 Protocol, the service description, and a form for people."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from ptce_lod import formats
from ptce_lod.errors import BadRequest, NotAcceptable, ThingNotFound
from ptce_lod.formats import HTML, RDF_FORMATS, RESULT_FORMATS, Format
from ptce_lod.query.backend import QueryRequest
from ptce_lod.query.scan import may_vary
from ptce_lod.web import conditional, context, headers, pages, service_description, sparql_page, writing
from ptce_lod.web.bodies import FORM, flag, form_parameters, only, text_body, url_parameters, wrong_type
from ptce_lod.web.links import link
from ptce_lod.web.negotiation import negotiate, rank
from ptce_lod.web.pages.gallery import examples_for
from ptce_lod.web.representation import RDF_FIRST, remember_language, write_rdf
from ptce_lod.web.streaming import stream

blueprint: Final = Blueprint("sparql", __name__)
_QUERY_TYPE: Final = "application/sparql-query"
#: What clients call RDF formats, too; ``xml`` and ``json`` depend on what the query gives, and every Turtle document is Notation3.
_SHORT_NAMES: Final = {formats.RDF_XML.name: "xml", formats.JSON_LD.name: "json", formats.TURTLE.name: "n3"}


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer a query; without one, describe the service, or show the form to people."""
    parameters, text = _read_request()
    if text is None:
        if request.method == "POST":
            raise BadRequest("the request holds no query: send it as the parameter 'query' or as the body")
        return _without_query()
    if not text.strip():
        raise BadRequest("the query is empty")
    names = parameters.getlist("format") or parameters.getlist("output")
    if names == [HTML.name]:
        return sparql_page.answer(_query(text, parameters))
    wanted = _formats(names)
    tag = "" if may_vary(text) else _entity_tag(text, parameters, wanted)
    if tag and conditional.not_modified(tag):
        response = conditional.empty(tag)
    else:
        response = _answer(text, parameters, wanted)
        if tag:
            response.set_etag(tag)
    cacheable = tag and request.method != "POST"
    response.headers["Cache-Control"] = headers.CACHE_CURRENT if cacheable else "no-store"
    response.vary.add("Accept")
    return response


def _read_request() -> tuple[MultiDict[str, str], str | None]:
    """Return the parameters and the query text, which is None when there is none. Source: SPARQL 1.1 Protocol section 2.1."""
    parameters = url_parameters()
    if request.method != "POST":
        return parameters, only(parameters, "query")
    if request.mimetype == _QUERY_TYPE:
        if "query" in parameters:
            raise BadRequest("there are two queries: one in the address and one in the body")
        return parameters, text_body("the query")
    if request.mimetype == FORM:
        parameters.update(form_parameters())
        return parameters, only(parameters, "query")
    raise wrong_type((_QUERY_TYPE, FORM), link="https://www.w3.org/TR/sparql11-protocol/#query-operation")


def _formats(names: Sequence[str]) -> tuple[list[Format], list[Format]]:
    """Return the formats for solutions and for graphs that the client accepts, best first; ``format=`` beats ``Accept``.

    Some clients (SPARQLWrapper) send several names and media types, one of them ours, and call RDF/XML ``xml`` and JSON-LD ``json``.
    """
    asked = [name.strip() for value in names for name in value.split(",") if name.strip()]
    if not asked:
        accept = context.accept()
        return rank(accept, RESULT_FORMATS), rank(accept, RDF_FORMATS)
    solutions = [f for name in asked for f in RESULT_FORMATS if name in (f.name, *f.media_types)]
    graphs = [
        f for name in asked for f in RDF_FORMATS if name in (f.name, _SHORT_NAMES.get(f.name), *f.media_types)
    ]
    if not solutions and not graphs:
        known = ", ".join(f.name for f in (*RESULT_FORMATS, *RDF_FORMATS))
        raise BadRequest(f"format is {asked[0][:50]!r}, expected one of {known}")
    return solutions, graphs


def _query(text: str, parameters: MultiDict[str, str]) -> QueryRequest:
    return QueryRequest(
        text,
        tuple(parameters.getlist("default-graph-uri")),
        tuple(parameters.getlist("named-graph-uri")),
        _timeout(only(parameters, "timeout")),
        project_prefixes=_knows_prefixes(parameters),
        client=context.client(),
    )


def _answer(
    text: str, parameters: MultiDict[str, str], wanted: tuple[Sequence[Format], Sequence[Format]]
) -> Response:
    if not any(wanted):
        raise _not_acceptable()
    query = _query(text, parameters)
    try:
        found = context.backend().query(
            query, select=wanted[0], graph=wanted[1], abandoned=context.abandoned()
        )
    except NotAcceptable as error:
        raise _not_acceptable(error.message) from error
    response = Response(stream(found.body), content_type=found.format.content_type)
    response.call_on_close(found.body.close)
    response.content_length = found.size
    if found.unknown_functions:
        # Legal SPARQL, and most often a slip: who looks for the reason of an empty answer finds it here.
        response.headers["PTCE-Warning"] = headers.field(
            f"there is no function {', '.join(found.unknown_functions)[:500]}"
        )
    name = f"result.{found.format.extension}"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _timeout(text: str | None) -> float | None:
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise BadRequest(f"timeout is {text[:50]!r}, expected a number of seconds above 0")
    return seconds


def _knows_prefixes(parameters: MultiDict[str, str]) -> bool:
    """Say whether our prefixes are known without declaration: unless ``prefixes`` is off."""
    return "prefixes" not in parameters or flag(parameters, "prefixes")


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
    known = "prefixes" if _knows_prefixes(parameters) else ""
    key = "\n".join((text, *graphs, known, *(f.name for found in wanted for f in found[:1])))
    return conditional.entity_tag(
        context.backend().release_id, hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:20]
    )


def _refuse_unknown(slug: str) -> None:
    """Raise :class:`ThingNotFound` for the slug of an example query that is not there; nothing for no slug."""
    known = {example.slug for example in examples_for(context.backend(), context.settings(), "fr")}
    if slug and slug not in known:
        raise ThingNotFound(f"there is no example query {slug[:100]!r}", hint="/queries lists them")


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
    _refuse_unknown(example)
    tag = conditional.entity_tag(backend.release_id, "service", format_.name, language, example)
    if conditional.not_modified(tag):
        response = conditional.empty(tag)
    elif format_ is HTML:
        body: str | bytes = pages.render_sparql_form(settings, backend, example, language)
        response = Response(body, content_type=HTML.content_type)
    else:
        body = write_rdf(
            service_description.quads(
                backend, settings, writing=writing.is_enabled(), union=bool(backend.manifest)
            ),
            format_,
        )
        response = Response(body, content_type=format_.content_type)
    response.set_etag(tag)
    if language:
        response.headers["Content-Language"] = language
        response.vary.add("Cookie")
    response.vary.update(("Accept", "Accept-Language"))
    response.headers["Cache-Control"] = headers.CACHE_CURRENT
    response.headers["Link"] = ", ".join(
        str(link(f"{settings.base_iri}{path}", "describedby", type="text/turtle"))
        for path in ("catalog", ".well-known/void")
    )
    if format_ is HTML:
        remember_language(response)
    return response
