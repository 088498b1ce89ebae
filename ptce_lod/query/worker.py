"""The program of a query worker: opens the release read-only and answers one public query at a time, until its socket closes.

Run by ``workers.py`` as a process of its own, so that it can be killed. Imports little: it starts in some 60 ms.

Messages on the socket are a length (4 bytes, big-endian) and that many bytes of JSON. The first configures; each other is a query.
A reply holds the answer when that is short; else the descriptor of the file with the answer, already unlinked, follows it.
"""

from __future__ import annotations

import base64
import errno
import json
import os
import re
import socket
import struct
import sys
import tempfile
import threading
from queue import SimpleQueue
from typing import IO, Any, Final

import pyoxigraph as ox

from ptce_lod.query.confinement import forbid_network, limit_file_size, limit_memory

#: Answers up to this size travel inside the reply, in bytes.
INLINE_BYTES: Final = 32_768
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
_POSITION: Final = re.compile(r"error at (\d+):(\d+): *(.*)", re.DOTALL)
#: How much of the engine's list of expected tokens reaches a reader, in characters.
_MESSAGE_LENGTH: Final = 300


class _Full(Exception):
    """The answer passed its limit."""


class _Spool:
    """A file that holds no more than ``limit`` bytes; stays in memory while short."""

    def __init__(self, limit: int) -> None:
        self.file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=INLINE_BYTES)  # noqa: SIM115
        self.size = 0
        self._limit = limit

    def write(self, data: bytes) -> int:
        self.size += len(data)
        if self.size > self._limit:
            raise _Full
        return self.file.write(data)

    def flush(self) -> None:
        self.file.flush()


def send(connection: socket.socket, message: dict[str, Any]) -> None:
    """Send one message."""
    data = json.dumps(message).encode()
    connection.sendall(struct.pack(">I", len(data)) + data)


def receive(connection: socket.socket) -> dict[str, Any]:
    """Return the next message; EOFError when the other side is gone."""
    (length,) = struct.unpack(">I", _exactly(connection, 4))
    message: dict[str, Any] = json.loads(_exactly(connection, length))
    return message


def _exactly(connection: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = connection.recv(min(length - len(parts), 1 << 20))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


def main(descriptor: int) -> None:
    """Answer queries on the socket ``descriptor`` until the other side closes it."""
    connection = socket.socket(fileno=descriptor)
    configuration = receive(connection)
    limit_file_size(configuration["result_bytes"] + INLINE_BYTES)
    forbid_network()
    store = ox.Store.read_only(configuration["store"])
    limit_memory(configuration["memory_bytes"])
    requests: SimpleQueue[dict[str, Any]] = SimpleQueue()
    threading.Thread(target=_listen, args=(connection, requests), daemon=True).start()
    while True:
        _reply(connection, store, configuration, requests.get())


def _listen(connection: socket.socket, requests: SimpleQueue[dict[str, Any]]) -> None:
    """Pass requests on; when the server is gone, end at once, also in the middle of a query: nobody is left to read the answer."""
    try:
        while True:
            requests.put(receive(connection))
    except (EOFError, OSError):
        os._exit(0)


def _reply(
    connection: socket.socket, store: ox.Store, configuration: dict[str, Any], request: dict[str, Any]
) -> None:
    spool = _Spool(configuration["result_bytes"])
    with spool.file:
        try:
            name = _answer(store, configuration, request, spool)
        except Exception as error:
            send(connection, _failure(error))
            return
        reply: dict[str, Any] = {"format": name, "size": spool.size}
        if not name:
            send(connection, {"failure": "not-acceptable", "message": ""})
        elif spool.size <= INLINE_BYTES:
            spool.file.seek(0)
            reply["body"] = base64.b64encode(spool.file.read()).decode()
            send(connection, reply)
        else:
            spool.file.flush()
            send(connection, reply)
            socket.send_fds(connection, [b"F"], [spool.file.fileno()])


def _answer(store: ox.Store, configuration: dict[str, Any], request: dict[str, Any], spool: _Spool) -> str:
    """Write the answer to ``spool``; return the name of its format, empty when no accepted one fits the kind of query."""
    results = store.query(request["text"], **_dataset(request), **_syntax(configuration))
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
        results.serialize(output, format=_RESULTS[name])
    return str(name)


def _dataset(request: dict[str, Any]) -> dict[str, Any]:
    """Return the dataset: that of the request, else the query's ``FROM``, else the store's, whose default graph merges all others."""
    default, named = request["default_graphs"], request["named_graphs"]
    if default or named:
        return {
            "default_graph": [ox.NamedNode(iri) for iri in default],
            "named_graphs": [ox.NamedNode(iri) for iri in named],
        }
    return {}


def _syntax(configuration: dict[str, Any]) -> dict[str, Any]:
    return {"base_iri": configuration["base_iri"], "prefixes": configuration["prefixes"]}


def _failure(error: Exception) -> dict[str, Any]:
    if isinstance(error, _Full) or (isinstance(error, OSError) and error.errno == errno.EFBIG):
        return {"failure": "too-large", "message": ""}
    if isinstance(error, MemoryError):
        return {"failure": "memory", "message": ""}
    if isinstance(error, SyntaxError):
        match = _POSITION.search(str(error))
        line, column, text = (int(match[1]), int(match[2]), match[3]) if match else (0, 0, str(error))
        text = " ".join(text.replace(", [_]", "").split())
        if len(text) > _MESSAGE_LENGTH:
            text = text[:_MESSAGE_LENGTH].rpartition(",")[0] + " …"
        return {"failure": "malformed", "message": text, "line": line, "column": column}
    return {"failure": "engine", "message": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    main(int(sys.argv[1]))
