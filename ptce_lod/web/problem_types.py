"""The types of problems: which error has which status, name, title and explanation. Source: RFC 9457 section 4.

Each type's IRI, ``{base}problem/{name}``, leads to what is written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import pyoxigraph as ox

from ptce_lod import errors
from ptce_lod import namespaces as ns
from ptce_lod.errors import PtceError

HYDRA: Final = "http://www.w3.org/ns/hydra/core#"
#: The documentation that ships with the project, where clients read it.
DOCUMENTATION: Final = "problem"


@dataclass(frozen=True)
class ProblemType:
    """A type: ``name`` ends its IRI, ``title`` and ``about`` are English keys of the message catalogue, ``link`` is the rule behind it."""

    name: str
    status: HTTPStatus
    title: str
    about: str
    link: str = ""


_RFC: Final = "https://www.rfc-editor.org/rfc/"
_SPARQL: Final = "https://www.w3.org/TR/sparql11-"

MALFORMED_QUERY: Final = ProblemType(
    "malformed-query",
    HTTPStatus.BAD_REQUEST,
    "The text is not SPARQL 1.1",
    "The text cannot be read as SPARQL 1.1; line and column say where reading stopped.",
    _SPARQL + "query/#sparqlGrammar",
)
QUERY_TOO_LONG: Final = ProblemType(
    "query-too-long",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "The query is too long",
    "A query has a greatest length, and brackets in it a greatest depth. Shorter queries, several of them, or a dump give the same answer.",
)
QUERY_REFUSED: Final = ProblemType(
    "query-refused",
    HTTPStatus.FORBIDDEN,
    "The query is not allowed here",
    "The server calls no other server on behalf of a query: SERVICE and LOAD are refused, unless its operator allows an endpoint.",
)
QUERY_TIMED_OUT: Final = ProblemType(
    "query-timed-out",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "The query took too long and was stopped",
    "Each query has a deadline. A narrower pattern or LIMIT may meet it; dumps hold everything.",
)
RESULT_TOO_LARGE: Final = ProblemType(
    "result-too-large",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "The result is too large",
    "A result has a greatest size. LIMIT and OFFSET cut it into parts; dumps hold everything.",
)
UPDATE_FAILED: Final = ProblemType(
    "update-failed",
    HTTPStatus.CONFLICT,
    "The update cannot be carried out on these data",
    "The update is well formed, but a graph that it needs is missing, or one that it makes is there.",
    _SPARQL + "update/",
)
ALREADY_LINKED: Final = ProblemType(
    "already-linked",
    HTTPStatus.CONFLICT,
    "It is linked to another thing already",
    "A page about one thing, an item or an exact match is linked to one thing only. Somebody takes the other decision back first.",
)
SERVICE_FAILED: Final = ProblemType(
    "service-failed",
    HTTPStatus.BAD_GATEWAY,
    "Another endpoint did not answer",
    "The query calls an allowed endpoint elsewhere, which failed or answered too much.",
)
UNAVAILABLE: Final = ProblemType(
    "unavailable",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "The query engine cannot answer now",
    "The engine is busy, was stopped, or is out of memory. Retry-After says when to try again.",
)
BAD_REQUEST: Final = ProblemType(
    "bad-request",
    HTTPStatus.BAD_REQUEST,
    "The request is malformed",
    "A parameter or a header has a value that is not understood; the detail names it and says what is expected.",
)
MALFORMED_RDF: Final = ProblemType(
    "malformed-rdf",
    HTTPStatus.BAD_REQUEST,
    "The body is not the RDF it claims to be",
    "The body cannot be read in the syntax that Content-Type names.",
)
UNAUTHORIZED: Final = ProblemType(
    "unauthorized",
    HTTPStatus.UNAUTHORIZED,
    "A token is needed",
    "Writing needs a token: Authorization: Bearer, with one that the operator gave out.",
    _RFC + "rfc6750",
)
FORBIDDEN: Final = ProblemType(
    "forbidden",
    HTTPStatus.FORBIDDEN,
    "The request is not allowed",
    "Nobody may do this here, or the token does not allow it.",
)
BODY_TOO_LARGE: Final = ProblemType(
    "body-too-large",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "The request body is too large",
    "A body has a greatest size as it is sent and after decompression; the detail gives both.",
)
DATA_REJECTED: Final = ProblemType(
    "data-rejected",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "The data break a shape; nothing was changed",
    "What is written is validated by the shapes first; the report says which focus node breaks which shape.",
    "https://www.w3.org/TR/shacl/#validation-report",
)
STORAGE_FULL: Final = ProblemType(
    "storage-full",
    HTTPStatus.INSUFFICIENT_STORAGE,
    "There is no room to write",
    "The disk of the server is full; what was published is untouched.",
)
NOT_ACCEPTABLE: Final = ProblemType(
    "not-acceptable",
    HTTPStatus.NOT_ACCEPTABLE,
    "No acceptable representation",
    "None of the media types in Accept is available; the links lead to those that are.",
    _RFC + "rfc9110#section-12.5.1",
)
UNSUPPORTED_MEDIA_TYPE: Final = ProblemType(
    "unsupported-media-type",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "The media type of the request is not understood",
    "Content-Type or Content-Encoding names what is not read here; the detail lists what is.",
    _RFC + "rfc9110#section-15.5.16",
)
PRECONDITION_FAILED: Final = ProblemType(
    "precondition-failed",
    HTTPStatus.PRECONDITION_FAILED,
    "The precondition is false",
    "The data changed since they were read: If-Match names another state. Read again, then write.",
    _RFC + "rfc9110#section-13",
)
NOT_FOUND: Final = ProblemType(
    "not-found",
    HTTPStatus.NOT_FOUND,
    "Nothing is known under this address",
    "The address names nothing that is published, and nothing that was.",
)
GONE: Final = ProblemType(
    "gone",
    HTTPStatus.GONE,
    "What was here is retired",
    "The thing was published once and is retired: in RDF its address gives what is left of it. Or the release is not kept, "
    "or the graph is that of a former snapshot.",
)
METHOD_NOT_ALLOWED: Final = ProblemType(
    "method-not-allowed",
    HTTPStatus.METHOD_NOT_ALLOWED,
    "The method is not allowed here",
    "The resource is there, but takes other methods: Allow lists them.",
    _RFC + "rfc9110#section-15.5.6",
)
URI_TOO_LONG: Final = ProblemType(
    "uri-too-long",
    HTTPStatus.REQUEST_URI_TOO_LONG,
    "The address is too long",
    "Long queries are sent by POST.",
    _SPARQL + "protocol/#query-operation",
)
RANGE_NOT_SATISFIABLE: Final = ProblemType(
    "range-not-satisfiable",
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
    "The range is beyond the end of the file",
    "Content-Range says how long the file is.",
    _RFC + "rfc9110#section-14",
)
NOTHING_PUBLISHED: Final = ProblemType(
    "nothing-published",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Nothing is published yet",
    "The server runs, but no release is published.",
)
LOCKED: Final = ProblemType(
    "locked",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Another process is writing",
    "One write happens at a time; Retry-After says when to try again.",
)
RELEASE_UNREADABLE: Final = ProblemType(
    "release-unreadable",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "The release cannot be read",
    "The published files are damaged or of another version; the operator has to publish again.",
)
INTERNAL_ERROR: Final = ProblemType(
    "internal-error",
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "Internal error",
    "A mistake of the server; its log holds the details under the request's id.",
)

#: Error → type. The first class that fits counts.
OF_ERROR: Final[tuple[tuple[type[PtceError], ProblemType], ...]] = (
    (errors.MalformedQuery, MALFORMED_QUERY),
    (errors.QueryTooLong, QUERY_TOO_LONG),
    (errors.QueryRefused, QUERY_REFUSED),
    (errors.QueryTimedOut, QUERY_TIMED_OUT),
    (errors.ResultTooLarge, RESULT_TOO_LARGE),
    (errors.UpdateFailed, UPDATE_FAILED),
    (errors.ClientGone, UNAVAILABLE),
    (errors.ServiceFailed, SERVICE_FAILED),
    (errors.BackendUnavailable, UNAVAILABLE),
    (errors.BadRequest, BAD_REQUEST),
    (errors.AlreadyLinked, ALREADY_LINKED),
    (errors.ParseError, MALFORMED_RDF),
    (errors.Unauthorized, UNAUTHORIZED),
    (errors.Forbidden, FORBIDDEN),
    (errors.BodyTooLarge, BODY_TOO_LARGE),
    (errors.DataRejected, DATA_REJECTED),
    (errors.StorageFull, STORAGE_FULL),
    (errors.NotAcceptable, NOT_ACCEPTABLE),
    (errors.UnsupportedMediaType, UNSUPPORTED_MEDIA_TYPE),
    (errors.PreconditionFailed, PRECONDITION_FAILED),
    (errors.ThingNotFound, NOT_FOUND),
    (errors.ThingGone, GONE),
    (errors.ReleaseNotFound, NOTHING_PUBLISHED),
    (errors.ReleaseLocked, LOCKED),
    (errors.ReleaseError, RELEASE_UNREADABLE),
)
#: Status → type, of what the framework refuses by itself.
OF_STATUS: Final = {
    int(one.status): one
    for one in (
        BAD_REQUEST,
        NOT_FOUND,
        METHOD_NOT_ALLOWED,
        BODY_TOO_LARGE,
        URI_TOO_LONG,
        UNSUPPORTED_MEDIA_TYPE,
        RANGE_NOT_SATISFIABLE,
        PRECONDITION_FAILED,
        FORBIDDEN,
    )
}
TYPES: Final = {
    one.name: one
    for one in (
        *dict.fromkeys(kind for _, kind in OF_ERROR),
        METHOD_NOT_ALLOWED,
        URI_TOO_LONG,
        RANGE_NOT_SATISFIABLE,
        INTERNAL_ERROR,
    )
}


def of_error(error: Exception) -> ProblemType:
    """Return the type of an error of ours; :data:`INTERNAL_ERROR` for any other."""
    return next((kind for class_, kind in OF_ERROR if isinstance(error, class_)), INTERNAL_ERROR)


def quads(kind: ProblemType, base_iri: str, texts: dict[str, tuple[str, str]]) -> list[ox.Quad]:
    """Return what is said of a type as RDF. ``texts``: language → (title, explanation)."""
    iri = ox.NamedNode(f"{base_iri}problem/{kind.name}")
    found = [
        ox.Quad(iri, ox.NamedNode(ns.RDF + "type"), ox.NamedNode(ns.RDFS + "Class")),
        ox.Quad(iri, ox.NamedNode(ns.RDFS + "subClassOf"), ox.NamedNode(HYDRA + "Error")),
        ox.Quad(iri, ox.NamedNode(HYDRA + "statusCode"), ox.Literal(int(kind.status))),
    ]
    for language, (title, about) in texts.items():
        found.append(ox.Quad(iri, ox.NamedNode(ns.RDFS + "label"), ox.Literal(title, language=language)))
        found.append(ox.Quad(iri, ox.NamedNode(ns.RDFS + "comment"), ox.Literal(about, language=language)))
    if kind.link:
        found.append(ox.Quad(iri, ox.NamedNode(ns.RDFS + "seeAlso"), ox.NamedNode(kind.link)))
    return found
