"""The program that holds a scratch dataset in memory. Queries run in forked children, which see the dataset as it was and may be killed.

One message at a time comes over the socket, preceded by the descriptor of the socket that wants the reply. This process has one thread
and parses nothing that has not been parsed before in a child: a text that kills the parser kills the child.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import threading
from typing import Any, Final, NoReturn

import pyoxigraph as ox

from ptce_lod import formats
from ptce_lod.edit import transport
from ptce_lod.edit.fence import fenced, judged
from ptce_lod.edit.requests import GraphRequest, RdfBody, UpdateRequest
from ptce_lod.errors import ParseError, PtceError, QueryRefused, ThingNotFound
from ptce_lod.parse import read_rdf
from ptce_lod.query.confinement import forbid_network, limit_file_size, limit_memory
from ptce_lod.query.functions import text_functions
from ptce_lod.query.messages import INLINE_BYTES, receive, send
from ptce_lod.query.scan_update import operations, with_dataset
from ptce_lod.query.worker import end_with, reply
from ptce_lod.settings import Settings

#: How often children that have ended are let go, in seconds.
_REAP_SECONDS: Final = 1.0


def main(descriptor: int) -> None:
    """Serve the dataset on the socket ``descriptor`` until the other side closes it."""
    connection = socket.socket(fileno=descriptor)
    configuration = receive(connection)
    confined = forbid_network()
    _Scratch(Settings.from_values(configuration["settings"]), configuration, confined).serve(connection)


class _Scratch:
    def __init__(self, settings: Settings, configuration: dict[str, Any], confined: bool) -> None:
        self._settings = settings
        self._configuration = configuration
        self._confined = confined
        self._store = ox.Store()

    def serve(self, connection: socket.socket) -> None:
        poll = select.poll()
        poll.register(connection, select.POLLIN)
        while True:
            if poll.poll(_REAP_SECONDS * 1000):
                try:
                    _, descriptors, _, _ = socket.recv_fds(connection, 1, 1)
                    message = receive(connection)
                except (EOFError, OSError):
                    return
                with socket.socket(fileno=descriptors[0]) as client:
                    self._handle(message, client, connection)
            _reap()

    def _handle(self, message: dict[str, Any], client: socket.socket, connection: socket.socket) -> None:
        try:
            if message["operation"] == "query":
                if not os.fork():
                    connection.close()
                    self._answer(message, client)
            elif message["operation"] == "graphs":
                send(client, {"graphs": self._graphs()})
            else:
                request, _, dry_run = transport.request_from_values(message)
                send(client, self._write(request, dry_run))
        except OSError:
            pass  # who asked is gone

    def _answer(self, message: dict[str, Any], client: socket.socket) -> NoReturn:
        """Answer a query in this child, which ends when it is done, too slow, or nobody waits any more."""
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, message["seconds"] + 1)
            limit_file_size(self._configuration["result_bytes"] + INLINE_BYTES)
            limit_memory(self._configuration["memory_bytes"])
            threading.Thread(target=end_with, args=(client,), daemon=True).start()
            reply(client, self._store, self._configuration, text_functions(""), message)
        finally:
            os._exit(0)

    def _graphs(self) -> dict[str, int]:
        return {
            graph.value: sum(1 for _ in self._store.quads_for_pattern(None, None, None, graph))
            for graph in self._store.named_graphs()
            if isinstance(graph, ox.NamedNode)
        }

    def _write(self, request: UpdateRequest | GraphRequest, dry_run: bool) -> dict[str, Any]:
        try:
            if isinstance(request, UpdateRequest):
                created = False
                self._update(request, dry_run)
            else:
                created = self._write_graph(request, dry_run)
        except PtceError as error:
            return transport.error_to_values(error)
        return {"created": created}

    def _update(self, request: UpdateRequest, dry_run: bool) -> None:
        scan = judged(self._settings, request)
        if scan.loads_silently and not self._confined:
            raise QueryRefused("LOAD SILENT is not allowed: this server makes no outgoing requests")
        text = with_dataset(request.text, request.using, request.using_named)
        prefixes = self._configuration["prefixes"] if request.project_prefixes else {}

        def update() -> None:
            for part in operations(text, prefixes, self._settings.base_iri):
                self._store.update(part.text, base_iri=part.base_iri, prefixes=part.prefixes)

        fenced(self._settings, update, seconds=self._settings.write_timeout_seconds)
        if not dry_run:
            update()

    def _write_graph(self, request: GraphRequest, dry_run: bool) -> bool:
        graph = ox.NamedNode(request.graph) if request.graph else ox.DefaultGraph()
        created = isinstance(graph, ox.NamedNode) and not self._store.contains_named_graph(graph)
        if request.action == "delete" and created:
            raise ThingNotFound(f"there is no graph {request.graph}")
        parts = [self._parsed(body) for body in request.bodies]
        if dry_run:
            return created
        if request.action == "delete" and isinstance(graph, ox.NamedNode):
            self._store.remove_graph(graph)
            return False
        if request.action in ("put", "delete"):
            self._store.clear_graph(graph)
        if isinstance(graph, ox.NamedNode):
            self._store.add_graph(graph)
        for part in parts:  # one by one: blank nodes of two bodies are never the same
            self._store.load(part, format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
        return created

    def _parsed(self, body: RdfBody) -> str:
        """Return the triples of a body in N-Triples, parsed in a child."""

        def work() -> str:
            format_ = formats.BY_NAME[body.format]
            content = read_rdf(body.data, format_, path="body", base_iri=body.base_iri, judge=False)
            content.raise_if_problems()
            if not all(isinstance(quad.graph_name, ox.DefaultGraph) for quad in content.quads):
                raise ParseError("the body holds named graphs, expected one graph: the address names it")
            triples = (quad.triple for quad in content.quads)
            return (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()

        text: str = fenced(self._settings, work, seconds=self._settings.write_timeout_seconds)
        return text


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
