"""SERVICE for allowed endpoints: against a real endpoint on this machine, and against ones that misbehave."""

from __future__ import annotations

import http.server
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest

from ptce_lod.errors import QueryRefused, ServiceFailed, SettingsError
from ptce_lod.query.federation import Endpoint, Federation, call, read_endpoints

BASE = "http://127.0.0.1:8000/"


class _Handler(http.server.BaseHTTPRequestHandler):
    """A small SPARQL endpoint over Oxigraph, or whatever ``answer`` of its server says."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        query = parse_qs(body)["query"][0]
        self.server.asked.append(query)  # type: ignore[attr-defined]
        status, headers, data = self.server.answer(query)  # type: ignore[attr-defined]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST

    def log_message(self, *_: object) -> None:
        pass


STORE = ox.Store()
STORE.update(
    'INSERT DATA { <x:a> <x:name> "Éa \\"q\\"\\n"@fr , 1.50 . <x:b> <x:name> "b" . <x:c> <x:knows> [ <x:name> "?" ] }'
)


def real(query: str) -> tuple[int, dict[str, str], bytes]:
    results = STORE.query(query)
    assert isinstance(results, ox.QuerySolutions)
    data = results.serialize(format=ox.QueryResultsFormat.JSON) or b""
    return 200, {"Content-Type": "application/sparql-results+json"}, data


@contextmanager
def endpoint(answer: object = real) -> Iterator[tuple[Endpoint, list[str]]]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.answer, server.asked = answer, []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield Endpoint("http", "127.0.0.1", server.server_address[1], "/sparql"), server.asked  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def federation(*allowed: Endpoint, limit: int = 100_000, seconds: float = 5) -> Federation:
    return Federation(allowed, seconds, limit, BASE, {"foaf": "http://xmlns.com/foaf/0.1/", "x": "x:"})


def address(of: Endpoint) -> str:
    return f"<http://127.0.0.1:{of.port}/sparql>"


def rows(text: str) -> list[dict[str, str]]:
    results = ox.Store().query(text)
    assert isinstance(results, ox.QuerySolutions)
    names = [variable.value for variable in results.variables]
    return [{n: str(s[n]) for n in names if s[n] is not None} for s in results]


def test_the_solutions_of_an_allowed_endpoint_are_joined() -> None:
    with endpoint() as (there, asked):
        text = f"PREFIX e: <x:> SELECT * {{ VALUES ?s {{ e:a }} SERVICE {address(there)} {{ ?s e:name ?name }} }}"
        found = rows(federation(there).resolved(text))
    assert {row["name"] for row in found} == {
        '"Éa \\"q\\"\\n"@fr',
        '"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>',
    }
    assert "PREFIX e: <x:>" in asked[0]


def test_project_prefixes_are_declared_for_the_endpoint() -> None:
    with endpoint() as (there, asked):
        rows(federation(there).resolved(f"SELECT * {{ SERVICE {address(there)} {{ ?s x:name ?n }} }}"))
    assert "PREFIX x: <x:>" in asked[0]


def test_blank_nodes_of_an_endpoint_get_names_and_unbound_stays_unbound() -> None:
    with endpoint() as (there, _):
        text = f"SELECT * {{ SERVICE {address(there)} {{ <x:c> <x:knows> ?who OPTIONAL {{ ?who <x:age> ?age }} }} }}"
        (row,) = rows(federation(there).resolved(text))
    assert row["who"].startswith(f"<{BASE}.well-known/genid/")
    assert "age" not in row


@pytest.mark.parametrize("where", ["FILTER EXISTS", "FILTER NOT EXISTS", "OPTIONAL", "MINUS", ""])
def test_a_call_may_stand_wherever_a_group_may(where: str) -> None:
    with endpoint() as (there, asked):
        text = f"SELECT ?s {{ VALUES ?s {{ <x:a> <x:z> }} {where} {{ SERVICE {address(there)} {{ ?s <x:name> ?n }} }} }}"
        federation(there).resolved(text)
        assert len(asked) == 1


@pytest.mark.parametrize(
    "call_",
    [
        "SERVICE <http://other.example/sparql> { ?s ?p ?o }",
        "SERVICE SILENT <http://other.example/sparql> { ?s ?p ?o }",
        "SERVICE ?where { ?s ?p ?o }",
        "SERVICE x:name { ?s ?p ?o }",
        "SERVICE @@ { SERVICE <http://other.example/> { ?s ?p ?o } }",
        "SERVICE <http://127.0.0.1:1/sparql> { ?s ?p ?o }",
        "SERVICE <https://127.0.0.1/sparql> { ?s ?p ?o }",
        "SERVICE <http://user@127.0.0.1/sparql> { ?s ?p ?o }",
        "SERVICE <http://127.0.0.1:99999/sparql> { ?s ?p ?o }",
    ],
)
def test_every_other_call_is_refused_and_nothing_is_asked(call_: str) -> None:
    with endpoint() as (there, asked):
        with pytest.raises(QueryRefused, match="line 1, column"):
            federation(there).resolved(f"SELECT * {{ {call_.replace('@@', address(there))} }}")
        assert not asked


def test_the_word_in_a_literal_or_comment_is_no_call() -> None:
    text = 'SELECT * { ?s ?p "SERVICE <http://x> {}" } # SERVICE <http://x> {}'
    assert federation(Endpoint("http", "x", 80, "/")).resolved(text) == text


def test_a_redirect_is_not_followed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        target = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with (
            endpoint(lambda _: (302, {"Location": target}, b"")) as (there, _),
            pytest.raises(ServiceFailed, match="answered 302"),
        ):
            federation(there).resolved(f"SELECT * {{ SERVICE {address(there)} {{ ?s ?p ?o }} }}")
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize(
    "document",
    [
        b"not JSON",
        b"[]",
        b'{"head": {"vars": ["a b"]}, "results": {"bindings": []}}',
        b'{"head": {"vars": ["a"]}, "results": {"bindings": [{"a": {"type": "uri", "value": "x:> } DROP"}}]}}',
        b'{"head": {"vars": ["a"]}, "results": {"bindings": [{"a": {"type": "literal", "value": "", "xml:lang": "fr } x"}}]}}',
        b"[" * 100_000,
    ],
)
def test_an_answer_that_is_none_fails_the_query(document: bytes) -> None:
    with endpoint(lambda _: (200, {}, document)) as (there, _):
        text = f"SELECT * {{ SERVICE {address(there)} {{ ?s ?p ?o }} }}"
        with pytest.raises(ServiceFailed, match="not SPARQL JSON"):
            federation(there).resolved(text)
        silent = federation(there).resolved(text.replace("SERVICE", "SERVICE SILENT"))
        assert len(rows(silent)) == 1, "SILENT: one solution that binds nothing"


def test_a_long_or_slow_answer_is_cut_off() -> None:
    with (
        endpoint(lambda _: (200, {}, b" " * 2000)) as (there, _),
        pytest.raises(ServiceFailed, match="more than 1000"),
    ):
        federation(there, limit=1000).resolved(f"SELECT * {{ SERVICE {address(there)} {{ ?s ?p ?o }} }}")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        there = Endpoint("http", "127.0.0.1", silent.getsockname()[1], "/")
        with pytest.raises(ServiceFailed, match="cannot be asked"):
            call(there, "ASK {}", 0.2, 1000)


def test_a_name_that_leads_to_a_private_address_is_not_called() -> None:
    with pytest.raises(QueryRefused, match="private address"):
        call(Endpoint("http", "localhost", 9, "/"), "ASK {}", 1, 1000)


def test_no_rows_and_no_variables_are_what_they_mean() -> None:
    answers = {
        "none": {"head": {"vars": ["s"]}, "results": {"bindings": []}},
        "no variables": {"head": {"vars": []}, "results": {"bindings": [{}]}},
        "nothing": {"head": {"vars": []}, "results": {"bindings": []}},
    }
    counts = {}
    for name, document in answers.items():
        data = json.dumps(document).encode()
        with endpoint(lambda _, data=data: (200, {}, data)) as (there, _):
            text = federation(there).resolved(f"SELECT * {{ SERVICE {address(there)} {{ ?s ?p ?o }} }}")
        counts[name] = len(rows(text))
    assert counts == {"none": 0, "no variables": 1, "nothing": 0}


def test_the_setting_is_read_and_checked() -> None:
    found = read_endpoints("https://query.wikidata.org/sparql, http://127.0.0.1:81/")
    assert found == (
        Endpoint("https", "query.wikidata.org", 443, "/sparql"),
        Endpoint("http", "127.0.0.1", 81, "/"),
    )
    assert read_endpoints("") == ()
    for wrong in ("ftp://x/", "file:///etc/passwd", "http:///x", "https://x/?query=", "http://x:y/"):
        with pytest.raises(SettingsError, match="no http"):
            read_endpoints(wrong)
