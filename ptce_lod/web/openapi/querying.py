"""SPARQL, fragments, and writing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ptce_lod.formats import HTML, JSON, RDF_FORMATS, RESULT_FORMATS, TURTLE
from ptce_lod.web.openapi.model import (
    Operation,
    Parameter,
    Route,
    choice,
    get,
    media,
    number,
    resource,
    several,
)
from ptce_lod.web.openapi.shared import DRY_RUN, IF_MATCH, LANG, PAGE
from ptce_lod.web.representation import RDF_FIRST

TAG: Final = "query"
WRITING: Final = "writing"
_FORM: Final = "application/x-www-form-urlencoded"
_TYPES: Final = tuple(each.media_type for each in RDF_FORMATS)
_ANSWERS: Final = (*RESULT_FORMATS, *RDF_FIRST)
_PREFIXES: Final = Parameter(
    "prefixes",
    "Whether the project's prefixes are known without declaration.",
    choice("true", "false"),
    key="prefixes",
)
_QUERY: Final = (
    Parameter(
        "query", "The query; without one, the service description, or the form for people.", example="ASK {}"
    ),
    Parameter("default-graph-uri", "Graphs that are the default graph.", several()),
    Parameter("named-graph-uri", "Graphs that GRAPH may name.", several()),
    Parameter("format", "Name of a format or media type that beats Accept.", example="json"),
    Parameter("timeout", "Shorter deadline, in seconds.", {"type": "number", "exclusiveMinimum": 0}),
    _PREFIXES,
)
_REFUSED: Final = (400, 403, 406, 413, 502, 503)
_WRITES: Final = (400, 401, 403, 409, 412, 413, 415, 422, 503, 507)
_GRAPH: Final = Parameter("graph", "IRI of the graph.", {"type": "string", "format": "uri"})
_DEFAULT: Final = Parameter(
    "default", "Without a value: the default graph.", {"type": "string", "maxLength": 0}
)
_PATCH: Final = media("application/rdf-patch")
_SOURCE: Final = Parameter(
    "source", "Name of the source: a wiki or a table that was matched.", example="solecopedia"
)
_NO_CONTENT: Final = {204: "Carried out; PTCE-Release names the release."}
_WRITTEN: Final = {201: "The graph was made.", **_NO_CONTENT}


def _store(*which: Parameter) -> dict[str, Operation]:
    """Return the operations of the Graph Store Protocol; ``which`` parameters name the graph."""

    def change(summary: str, bodies: tuple[str, ...], others: Mapping[int, str], *problems: int) -> Operation:
        return Operation(
            summary,
            (JSON, TURTLE, _PATCH),
            (*which, DRY_RUN, IF_MATCH),
            (*_WRITES, *problems),
            others,
            bodies,
            needs_token=True,
        )

    return {
        "GET": Operation("The triples of a graph.", RDF_FORMATS, which, (400, 403, 404, 406)),
        "PUT": change("Replace a graph.", _TYPES, _WRITTEN),
        "POST": change(
            "Add triples to a graph; without a graph, to a new one.",
            (*_TYPES, "multipart/form-data"),
            _WRITTEN,
        ),
        "DELETE": change("Remove a graph.", (), _NO_CONTENT, 404),
    }


ROUTES: Final[Mapping[str, Route]] = {
    "sparql.sparql": Route(
        TAG,
        {
            "GET": Operation(
                "Answer a SPARQL 1.1 query; without one, describe the service.",
                _ANSWERS,
                (*_QUERY, Parameter("example", "Name of an example query that the form shows."), LANG),
                problems=(*_REFUSED, 404),
            ),
            "POST": Operation(
                "Answer a query that is sent as a form or as the body.",
                (*RESULT_FORMATS, *RDF_FORMATS, HTML),
                _QUERY[1:],
                problems=(*_REFUSED, 415),
                bodies=("application/sparql-query", _FORM),
            ),
        },
    ),
    "sparql-terms.terms": get(TAG, "Prefixes, classes, properties and concepts that a query may name.", JSON),
    "fragments.fragments": resource(
        TAG,
        "The triples that match a pattern, with their exact number (Triple Pattern Fragments).",
        *RDF_FIRST,
        parameters=(
            Parameter("s", "Subject: an IRI, or a name with one of our prefixes."),
            Parameter("p", "Property: an IRI, or a name with one of our prefixes.", example="rdf:type"),
            Parameter("o", "Object: an IRI, a name with one of our prefixes, or a literal."),
            Parameter("g", "Named graph; without it, the union of all graphs."),
            PAGE,
        ),
        problems=(400, 404),
    ),
    "update.update": Route(
        WRITING,
        {
            "GET": Operation("An update is sent by POST.", problems=(403, 405)),
            "POST": Operation(
                "Carry out a SPARQL 1.1 update.",
                (JSON, TURTLE, _PATCH),
                (
                    Parameter("using-graph-uri", "Graphs that are the default graph of WHERE.", several()),
                    Parameter("using-named-graph-uri", "Graphs that GRAPH may name in WHERE.", several()),
                    _PREFIXES,
                    DRY_RUN,
                    IF_MATCH,
                ),
                problems=_WRITES,
                bodies=("application/sparql-update", _FORM),
                needs_token=True,
            ),
        },
        has_tag=False,
    ),
    "linking.page": resource(
        WRITING,
        "Review, for those who have a token, what the pages of a wiki or the rows of a table may mean.",
        HTML,
    ),
    "linking.questions": Route(
        WRITING,
        {
            "GET": Operation(
                "Entries of a source that have something to decide, the surest first.",
                (JSON,),
                (
                    Parameter("limit", "Most entries.", number(1, 100, 20)),
                    Parameter(
                        "offset",
                        "Entries before the first: those that are passed over for now.",
                        number(0, 10**9 - 1, 0),
                    ),
                ),
                (400, 401, 403, 404),
                needs_token=True,
            )
        },
        {"source": _SOURCE},
        has_tag=False,
    ),
    "linking.decide_one": Route(
        WRITING,
        {
            "POST": Operation(
                "Keep one decision on a proposed link.",
                (JSON,),
                problems=(400, 401, 403, 404, 409, 413, 415),
                bodies=("application/json",),
                needs_token=True,
            )
        },
        {"source": _SOURCE},
        has_tag=False,
    ),
    "graph_store.indirect": Route(WRITING, _store(_GRAPH, _DEFAULT)),
    "graph_store.direct": Route(
        WRITING, _store(), {"name": Parameter("name", "The end of the graph's IRI.", example="mine")}
    ),
}
