"""``/rdf-graph-store``: the SPARQL 1.1 Graph Store HTTP Protocol, with direct and indirect identification of graphs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Final, Literal
from urllib.parse import quote

from flask import Blueprint, Response, request
from werkzeug.exceptions import MethodNotAllowed

from ptce_lod import formats
from ptce_lod.edit.requests import GraphRequest, RdfBody
from ptce_lod.errors import BadRequest, NotAcceptable, PreconditionFailed, ThingNotFound, UnsupportedMediaType
from ptce_lod.formats import RDF_FORMATS, Format
from ptce_lod.iris import is_absolute_iri
from ptce_lod.query.backend import QueryRequest
from ptce_lod.web import conditional, context, headers, writing
from ptce_lod.web.bodies import body, flag, only, url_parameters
from ptce_lod.web.negotiation import negotiate
from ptce_lod.web.streaming import stream

blueprint: Final = Blueprint("graph_store", __name__)
_SCOPE: Final = "graph-store"
_SECTION: Final = "https://www.w3.org/TR/sparql11-http-rdf-update/"
_METHODS: Final = ("GET", "PUT", "POST", "DELETE")
_EVERYTHING: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@blueprint.route("/rdf-graph-store", methods=_METHODS)
def indirect() -> Response:
    """Act on the graph that ``?graph=`` names, or on the default graph; POST to the store itself makes a new graph."""
    writing.writer()
    parameters = url_parameters()
    graph = only(parameters, "graph")
    if "default" in parameters and graph is not None:
        raise BadRequest("there are both ?default and ?graph=: only one graph can be meant", link=_SECTION)
    if graph is None and "default" not in parameters:
        if request.method == "POST":
            return _post_new()
        raise BadRequest("no graph is named: expected ?graph=IRI or ?default", link=_SECTION)
    if graph is not None and not is_absolute_iri(graph):
        raise BadRequest(f"the name of a graph must be an absolute IRI, not {graph!r}", link=_SECTION)
    return _act(graph or "")


@blueprint.route("/rdf-graph-store/<path:name>", methods=_METHODS)
def direct(name: str) -> Response:
    """Act on the graph whose IRI is the address itself, under the base IRI of the settings."""
    writing.writer()
    return _act(f"{context.settings().base_iri}rdf-graph-store/{quote(name, safe='/:@!$&()*+,;=~-._')}")


def _act(graph: str) -> Response:
    actions: dict[str, Callable[[str], Response]] = {"PUT": _put, "POST": _post, "DELETE": _delete}
    action = actions.get(request.method)
    if action is not None:
        writing.author(_SCOPE)
        return action(graph)
    if request.method in ("GET", "HEAD"):
        return _get(graph)
    raise MethodNotAllowed(_METHODS)


def _get(graph: str) -> Response:
    if not writing.writer().has_graph(graph):
        raise ThingNotFound(f"there is no graph {graph}")
    format_ = negotiate(context.accept(), RDF_FORMATS)
    if format_ is None:
        raise NotAcceptable(
            "the graph is not available in any of the accepted media types",
            [f.media_type for f in RDF_FORMATS],
        )
    tag = conditional.entity_tag(context.backend().release_id, "graph", format_.name)
    if conditional.not_modified(tag):
        response = conditional.empty(tag)
    else:
        query = QueryRequest(_EVERYTHING, (graph,) if graph else (), client=context.client())
        answer = context.backend().query(query, select=(), graph=(format_,), abandoned=context.abandoned())
        response = Response(stream(answer.body), content_type=format_.content_type)
        response.call_on_close(answer.body.close)
        response.content_length = answer.size
        response.set_etag(tag)
    response.vary.add("Accept")
    response.headers["Cache-Control"] = headers.CACHE_CURRENT
    return response


def _put(graph: str) -> Response:
    return _write(graph, "put")


def _post(graph: str) -> Response:
    return _write(graph, "post")


def _delete(graph: str) -> Response:
    return _write(graph, "delete")


def _post_new() -> Response:
    """Make a graph with a name of ours: it answers at its own address."""
    writing.author(_SCOPE)
    graph = f"{context.settings().base_iri}rdf-graph-store/{uuid.uuid4()}"
    response = _write(graph, "post")
    if response.status_code in (201, 204):
        response.status_code = 201
        response.headers["Location"] = graph
    return response


def _write(graph: str, action: Literal["put", "post", "delete"]) -> Response:
    if request.headers.get("If-None-Match", "").strip() == "*" and writing.writer().has_graph(graph):
        raise PreconditionFailed(f"the graph {graph or '(default)'} is there already")
    bodies = () if action == "delete" else _bodies(graph, several=action == "post")
    dry_run = flag(url_parameters(), "dry-run")
    outcome = writing.carry_out(GraphRequest(graph, action, bodies), _SCOPE, dry_run=dry_run)
    if dry_run:
        return writing.told(outcome)
    return writing.empty(outcome, 201 if outcome.created and action != "delete" else 204)


def _bodies(graph: str, *, several: bool) -> tuple[RdfBody, ...]:
    """Return the RDF of the request: its body, or each file of a multipart form."""
    base = graph or context.settings().base_iri
    if several and request.mimetype == "multipart/form-data":
        files = [file for _, file in request.files.items(multi=True)]
        if not files:
            raise BadRequest("the form holds no file", link=f"{_SECTION}#http-post")
        return tuple(
            RdfBody(file.read(), _format(file.mimetype or "", file.filename or "").name, base)
            for file in files
        )
    data = body()
    if not data.strip() and not request.mimetype:
        return ()
    return (RdfBody(data, _format(request.mimetype, "").name, base),)


def _format(media_type: str, file_name: str) -> Format:
    """Return the RDF format of a media type, or of a file's extension where the client did not say more than 'bytes'."""
    for format_ in RDF_FORMATS:
        if media_type in format_.media_types:
            return format_
    if media_type in ("", "application/octet-stream") and (by_name := formats.rdf_format_of_path(file_name)):
        return by_name
    raise UnsupportedMediaType(
        f"the body is {media_type or 'of no stated media type'}, expected {', '.join(f.media_type for f in RDF_FORMATS)}",
        link=f"{_SECTION}#http-put",
    )
