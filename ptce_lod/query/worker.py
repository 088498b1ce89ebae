"""The program of a query worker: opens the release read-only and answers one public query at a time, until its socket closes.

Run by ``workers.py`` as a process of its own, so that it can be killed. Imports little: it starts in some 60 ms. The first message on
the socket configures; each other is a query.
"""

from __future__ import annotations

import errno
import os
import re
import select
import socket
import sys
import threading
from typing import Any, Final

import pyoxigraph as ox

from ptce_lod.query.confinement import forbid_network, limit_file_size, limit_memory
from ptce_lod.query.functions import Functions, text_functions
from ptce_lod.query.messages import INLINE_BYTES, Spool, TooLarge, receive, send, send_answer

_RESULTS: Final = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_GRAPHS: Final = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
#: What ends a solution in each syntax, or parts it from the next.
_ROW_ENDS: Final = {"json": b"},{", "xml": b"</result>", "csv": b"\r\n", "tsv": b"\n"}
_POSITION: Final = re.compile(r"error at (\d+):(\d+): *(.*)", re.DOTALL)
_UNKNOWN_FUNCTION: Final = re.compile(r"custom function <([^>]*)> is not supported")
#: Names of functions that nobody has in one query.
_UNKNOWN: Final = 50
#: How much of the engine's list of expected tokens reaches a reader, in characters.
_MESSAGE_LENGTH: Final = 300


def main(descriptor: int) -> None:
    """Answer queries on the socket ``descriptor`` until the other side closes it."""
    connection = socket.socket(fileno=descriptor)
    configuration = receive(connection)
    forbid_network()
    serve(connection, configuration, ox.Store.read_only(configuration["store"]))


def serve(connection: socket.socket, configuration: dict[str, Any], store: ox.Store) -> None:
    """Answer queries on ``connection`` from ``store`` until the other side closes it, under the limits of ``configuration``."""
    limit_file_size(configuration["result_bytes"] + INLINE_BYTES)
    functions = text_functions(configuration["search_index"])
    limit_memory(configuration["memory_bytes"])
    threading.Thread(target=end_with, args=(connection,), daemon=True).start()
    while True:
        try:
            request = receive(connection)
        except (EOFError, OSError):
            return
        reply(connection, store, configuration, functions, request)


def end_with(connection: socket.socket) -> None:
    """End this process when the other side closes ``connection``, also in the middle of a query: nobody is left to read the answer."""
    poll = select.poll()
    poll.register(connection, 0)  # no event but the hang-up, which is always told
    while not poll.poll():
        pass
    os._exit(0)


def reply(
    connection: socket.socket,
    store: ox.Store,
    configuration: dict[str, Any],
    functions: Functions,
    request: dict[str, Any],
) -> None:
    """Answer one query on ``connection``: with the result, or with what went wrong."""
    spool = Spool(configuration["result_bytes"], configuration["result_rows"])
    with spool.file:
        try:
            unknown: list[str] = []
            name = _answer(store, configuration, functions, request, spool, unknown)
        except Exception as error:
            send(connection, failure(error))
            return
        if not name:
            send(connection, {"failure": "not-acceptable", "message": ""})
            return
        send_answer(connection, {"format": name, "size": spool.size, "unknown": unknown}, spool)


def _answer(
    store: ox.Store,
    configuration: dict[str, Any],
    functions: Functions,
    request: dict[str, Any],
    spool: Spool,
    unknown: list[str],
) -> str:
    """Write the answer to ``spool``; return the name of its format, empty when no accepted one fits the kind of query.

    Functions that nobody has are added to ``unknown``.
    """
    functions.clear()
    results = _evaluated(store, configuration, functions, request, unknown)
    output: Any = spool
    if isinstance(results, ox.QueryTriples):
        if not request["graph"]:
            return ""
        name = request["graph"][0]
        results.serialize(output, format=_GRAPHS[name])
    else:
        if not request["select"]:
            return ""
        name = request["select"][0]
        spool.row_end = _ROW_ENDS[name]
        results.serialize(output, format=_RESULTS[name])
    return str(name)


def _evaluated(
    store: ox.Store,
    configuration: dict[str, Any],
    functions: Functions,
    request: dict[str, Any],
    unknown: list[str],
) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """Evaluate the query. A call of a function that nobody has is an error of that expression alone: SPARQL 1.1 sections 17.3 and 17.6."""
    table = dict(functions.table)
    while True:
        try:
            return store.query(
                request["text"],
                **_dataset(request),
                **syntax(configuration, request),
                custom_functions=table,
            )
        except RuntimeError as error:
            found = _UNKNOWN_FUNCTION.search(str(error))
            if not found or len(unknown) >= _UNKNOWN:
                raise
            unknown.append(found[1])
            table[ox.NamedNode(found[1])] = _no_value


def _no_value(*_: Any) -> None:
    return None


def _dataset(request: dict[str, Any]) -> dict[str, Any]:
    """Return the dataset: that of the request, else the query's ``FROM``, else the store's, whose default graph merges all others."""
    default, named = request["default_graphs"], request["named_graphs"]
    if default or named:
        return {
            "default_graph": [ox.NamedNode(iri) for iri in default],
            "named_graphs": [ox.NamedNode(iri) for iri in named],
        }
    return {}


def syntax(configuration: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """Return base IRI and prefixes known without declaration."""
    prefixes = configuration["prefixes"] if request.get("prefixes", True) else {}
    return {"base_iri": configuration["base_iri"], "prefixes": prefixes}


def failure(error: Exception) -> dict[str, Any]:
    """Return the message that tells of ``error``: its kind, and line and column of a syntax error."""
    if isinstance(error, TooLarge):
        return {"failure": "too-large", "limit": error.limit, "message": ""}
    if isinstance(error, OSError) and error.errno == errno.EFBIG:
        return {"failure": "too-large", "limit": "bytes", "message": ""}
    if isinstance(error, MemoryError):
        return {"failure": "memory", "message": ""}
    if isinstance(error, SyntaxError):
        match = _POSITION.search(str(error))
        line, column, text = (int(match[1]), int(match[2]), match[3]) if match else (0, 0, str(error))
        text = " ".join(text.replace(", [_]", "").split())
        if len(text) > _MESSAGE_LENGTH:
            text = text[:_MESSAGE_LENGTH].rpartition(",")[0] + " …"
        return {"failure": "malformed", "message": text, "line": line, "column": column}
    if "The graph <" in str(error) or _UNKNOWN_FUNCTION.search(str(error)):
        return {"failure": "failed", "message": str(error)}
    return {"failure": "engine", "message": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    main(int(sys.argv[1]))
