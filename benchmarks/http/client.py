"""A client that costs little: one thread, plain sockets kept alive, each with one request at a time.

It shares the machine with the server it measures, so its own processor time is part of the result of every run.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote


class TimedOut(Exception):
    """An answer did not come in time."""


@dataclass(frozen=True)
class Answer:
    """One response."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Run:
    """What one run gave; times in seconds."""

    times: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    seconds: float = 0.0
    client_seconds: float = 0.0


def request(port: int, path: str, query: str, accept: str, more: str = "") -> bytes:
    """Return the bytes of a GET; ``more`` are further header lines, each with its end."""
    return (
        f"GET {path}?query={quote(query, safe='')} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: {accept}\r\n{more}\r\n"
    ).encode()


class Connection:
    """A connection to ``port``, opened again when the server has closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None
        self._data = bytearray()
        self.began = 0.0

    def send(self, message: bytes) -> None:
        """Send a request."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port))
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._data.clear()
        self.began = time.perf_counter()
        self._socket.sendall(message)

    def fileno(self) -> int:
        """Return the descriptor to wait for."""
        assert self._socket is not None
        return self._socket.fileno()

    def receive(self) -> Answer | None:
        """Take what has arrived; return the answer once it is whole."""
        assert self._socket is not None
        part = self._socket.recv(1 << 18)
        self._data += part
        answer = parse(bytes(self._data), ended=not part)
        if answer is not None and (not part or answer.headers.get("connection", "").lower() == "close"):
            self.close()
        return answer

    def close(self) -> None:
        """Close the socket."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def ask(self, message: bytes, seconds: float) -> Answer:
        """Send a request and return its answer; :class:`TimedOut` after ``seconds``."""
        self.send(message)
        poll = select.poll()
        poll.register(self.fileno(), select.POLLIN)
        while True:
            left = self.began + seconds - time.perf_counter()
            if left <= 0 or not poll.poll(left * 1000):
                self.close()
                raise TimedOut
            answer = self.receive()
            if answer is not None:
                return answer


def parse(data: bytes, *, ended: bool = False) -> Answer | None:
    """Return the answer that ``data`` holds, None while it is not whole; OSError when the connection ended before that."""
    head, found, rest = data.partition(b"\r\n\r\n")
    if not found:
        if ended:
            raise OSError("the server closed the connection before it answered")
        return None
    lines = head.decode("latin-1").split("\r\n")
    status = int(lines[0].split(" ", 2)[1])
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    if status in (204, 304):
        return Answer(status, headers, b"")
    if "content-length" in headers:
        length = int(headers["content-length"])
        body: bytes | None = rest if len(rest) >= length else None
    elif headers.get("transfer-encoding", "").lower() == "chunked":
        body = _unchunked(rest)
    else:
        body = rest if ended else None
    if body is None:
        if ended:
            raise OSError("the server closed the connection in the middle of an answer")
        return None
    return Answer(status, headers, body)


def _unchunked(data: bytes) -> bytes | None:
    """Return the body of a chunked message, None while its last chunk is missing. Source: RFC 9112 section 7.1."""
    if not data.endswith(b"0\r\n\r\n"):
        return None
    parts: list[bytes] = []
    position = 0
    while True:
        end = data.find(b"\r\n", position)
        if end < 0:
            return None
        size = int(data[position:end].split(b";")[0], 16)
        if size == 0:
            return b"".join(parts)
        if end + 2 + size > len(data):
            return None
        parts.append(data[end + 2 : end + 2 + size])
        position = end + 2 + size + 2


def run(
    port: int, messages: Iterator[bytes], clients: int, seconds: float, requests: int, patience: float
) -> Run:
    """Let ``clients`` ask one message after the other, until ``seconds`` are over or ``requests`` were sent.

    Answers that are on their way then are waited for; :class:`TimedOut` when one takes longer than ``patience``.
    """
    done = Run()
    poll = select.poll()
    connections = [Connection(port) for _ in range(clients)]
    by_descriptor: dict[int, Connection] = {}
    cpu = time.process_time()
    began = time.perf_counter()
    sent = 0

    def ask(connection: Connection) -> None:
        nonlocal sent
        connection.send(next(messages))
        sent += 1
        descriptor = connection.fileno()
        by_descriptor[descriptor] = connection
        poll.register(descriptor, select.POLLIN)

    try:
        for connection in connections:
            ask(connection)
        while by_descriptor:
            ready = poll.poll(patience * 1000)
            now = time.perf_counter()
            if not ready or now - min(c.began for c in by_descriptor.values()) > patience:
                raise TimedOut
            for descriptor, _ in ready:
                connection = by_descriptor[descriptor]
                answer = connection.receive()
                if answer is None:
                    continue
                now = time.perf_counter()
                done.times.append(now - connection.began)
                done.statuses[answer.status] = done.statuses.get(answer.status, 0) + 1
                del by_descriptor[descriptor]
                poll.unregister(descriptor)
                if sent < requests and now - began < seconds:
                    ask(connection)
        done.seconds = time.perf_counter() - began
        done.client_seconds = time.process_time() - cpu
        return done
    finally:
        for connection in connections:
            connection.close()
