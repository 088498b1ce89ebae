"""The scan of strangers' queries: it always ends, and what it lets pass opens no connection."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ptce_lod.errors import QueryRefused
from ptce_lod.query.scan import scan

_PIECES = [
    *"{}()[]<>?.;,#'\"!^\n \\",
    "<<",
    "'''",
    '"""',
    "?x",
    "?x<",
    "FILTER(",
    "1",
    ")",
    "SERVICE",
    "service",
    "SILENT",
    "\\u0053ERVICE",
    "{}",
    "{?s ?p ?o}",
    "ex:",
    "ex:a",
    ":a",
    "@en",
    "a",
    "true",
    "BIND(1 AS ?y)",
    "VALUES ?x {1}",
    "GRAPH ?g",
    "OPTIONAL",
    "#>\n",
    "'b>' )",
]


@given(st.text(max_size=400))
def test_any_text_is_judged(text: str) -> None:
    with contextlib.suppress(QueryRefused):
        scan(text, length_bytes=1000, nesting=20)


@given(st.lists(st.sampled_from(["<", "'", '"', "#", ">", "a", "\n", "\\"]), max_size=3000).map("".join))
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_ambiguous_texts_are_judged_in_bounded_work(text: str) -> None:
    with contextlib.suppress(QueryRefused):
        scan("SERVICE" + text, length_bytes=100_000, nesting=100)


class Listener:
    """Accepts and closes connections, and counts them."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}/"
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                self.connections += 1
                connection.close()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("http://s"), ox.NamedNode("http://p"), ox.Literal("b")))
    return store


def ask(store: ox.Store, text: str) -> None:
    with contextlib.suppress(SyntaxError, OSError, RuntimeError):
        store.query(text).serialize(format=ox.QueryResultsFormat.CSV)


def test_the_listener_would_notice(store: ox.Store, listener: Listener) -> None:
    before = listener.connections
    ask(store, f"SELECT * {{ SERVICE <{listener.url}> {{ ?s ?p ?o }} }}")
    assert listener.connections > before


@given(soup=st.lists(st.sampled_from([*_PIECES, "<URL>", "<URL#'>"]), min_size=1, max_size=12))
@settings(max_examples=300, deadline=None)
def test_what_passes_opens_no_connection(store: ox.Store, listener: Listener, soup: list[str]) -> None:
    body = "".join(soup).replace("URL", listener.url)
    text = f"PREFIX ex: <{listener.url}> PREFIX : <{listener.url}> SELECT * {{ ?s ?p ?o . {body} }}"
    try:
        scan(text, length_bytes=10_000, nesting=100)
    except QueryRefused:
        return
    before = listener.connections
    ask(store, text)
    assert listener.connections == before
