"""What is answered from memory, before a request becomes an environment, is what the application would answer."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator

import pytest

from tests.integration.conftest import Server

PATH = "/doc/pole/archer"
Answer = tuple[int, dict[str, str], bytes]


@pytest.fixture
def connection(server: Server) -> Iterator[http.client.HTTPConnection]:
    made = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    yield made
    made.close()


def ask(connection: http.client.HTTPConnection, method: str, path: str, **headers: str) -> Answer:
    connection.request(
        method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    response = connection.getresponse()
    return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()


def same(one: Answer, other: Answer) -> None:
    for headers in (one[1], other[1]):
        assert headers.pop("x-request-id")
        assert headers.pop("date")
    assert one == other


@pytest.mark.parametrize("accept", ["text/turtle", "text/html", "application/ld+json"])
@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
def test_the_second_answer_is_the_first(
    connection: http.client.HTTPConnection, accept: str, coding: str
) -> None:
    headers = {"Accept": accept, "Accept_Encoding": coding, "Accept_Language": "en"}
    made = ask(connection, "GET", PATH, **headers)
    kept = ask(connection, "GET", PATH, **headers)
    head = ask(connection, "HEAD", PATH, **headers)
    assert head[2] == b""
    tag = kept[1]["etag"]
    held = ask(connection, "GET", PATH, If_None_Match=tag, **headers)
    assert (held[0], held[1]["etag"], held[2]) == (304, tag, b"")
    assert "content-length" not in held[1]
    assert {"vary", "cache-control", "content-location"} <= set(held[1])
    assert {k: v for k, v in head[1].items() if k not in ("date", "x-request-id")} == {
        k: v for k, v in kept[1].items() if k not in ("date", "x-request-id")
    }
    same(made, kept)


def test_a_kept_answer_waits_for_the_end_of_the_one_before(connection: http.client.HTTPConnection) -> None:
    """The second request arrives while the thread that made the first answer is still about to leave it.

    That thread wrote the kept answer while the loop, which saw no request under way, was writing, too: bytes were lost.
    """
    for number in range(700):
        address = f"{PATH}?number={number}"
        made = ask(connection, "GET", address, Accept="text/html")
        same(made, ask(connection, "GET", address, Accept="text/html"))
        assert ask(connection, "HEAD", address, Accept="text/html")[2] == b""


def test_answers_come_in_the_order_of_the_requests(server: Server) -> None:
    """Kept and new answers, and errors, on one connection whose client does not wait."""
    paths = [PATH, "/nothing", PATH, "/doc/actor/acme", PATH, "/poles?page=x", PATH, "/healthz"] * 3
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(b"".join(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for path in paths))
        for path in paths:
            response = http.client.HTTPResponse(client)
            response.fp = _Unbuffered(client)  # type: ignore[assignment]
            response.begin()
            body = response.read()
            expected = {"/nothing": 404, "/poles?page=x": 400}.get(path, 200)
            assert response.status == expected, path
            if path == PATH:
                assert b"Archer" in body


class _Unbuffered:
    """Reads no more than asked: the next response belongs to the next reader."""

    def __init__(self, client: socket.socket) -> None:
        self._client = client

    def readline(self, limit: int = -1) -> bytes:
        line = b""
        while not line.endswith(b"\n"):
            line += self._client.recv(1)
        return line

    def read(self, size: int = -1) -> bytes:
        data = b""
        while len(data) < size:
            data += self._client.recv(size - len(data))
        return data

    def readinto(self, buffer: bytearray) -> int:
        return self._client.recv_into(buffer)

    def flush(self) -> None: ...

    def close(self) -> None: ...


def test_who_reads_nothing_holds_up_nobody(server: Server, connection: http.client.HTTPConnection) -> None:
    ask(connection, "GET", "/ns.html")
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as greedy:
        greedy.sendall(b"GET /ns.html HTTP/1.1\r\nHost: x\r\n\r\n" * 200)
        for _ in range(20):
            assert ask(connection, "GET", PATH)[0] == 200


def test_an_old_client_is_answered_and_the_connection_closed(server: Server) -> None:
    for _ in range(2):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
            client.sendall(f"GET {PATH} HTTP/1.0\r\n\r\n".encode())
            data = b""
            while chunk := client.recv(65_536):
                data += chunk
            assert data.startswith(b"HTTP/1.0 200")
