"""Messages between the server and its workers: a length (4 bytes, big-endian) and that many bytes of JSON.

A reply holds the answer when that is short; else the descriptor of the file with the answer, already unlinked, follows it.
"""

from __future__ import annotations

import base64
import json
import socket
import struct
import tempfile
from collections.abc import Mapping
from typing import IO, Any, Final

#: Answers up to this size travel inside the reply, in bytes.
INLINE_BYTES: Final = 32_768


def send(connection: socket.socket, message: Mapping[str, Any]) -> None:
    """Send one message."""
    data = json.dumps(message).encode()
    connection.sendall(struct.pack(">I", len(data)) + data)


def hand_over(connection: socket.socket, descriptor: int, message: Mapping[str, Any]) -> None:
    """Send an open file or socket, and the message that says what it is for."""
    socket.send_fds(connection, [b"F"], [descriptor])
    send(connection, message)


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


class TooLarge(Exception):
    """The answer passed a limit, named by ``limit``: ``bytes`` or ``rows``."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


class Spool:
    """A file that holds no more than ``limit_bytes`` and, as far as ``row_end`` marks rows, ``limit_rows``; in memory while short."""

    def __init__(self, limit_bytes: int, limit_rows: int = 0) -> None:
        self.file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=INLINE_BYTES)  # noqa: SIM115  # closed by close()
        self.size = 0
        self.row_end = b""
        self._limit_bytes = limit_bytes
        self._limit_rows = limit_rows
        self._rows = 0
        self._tail = b""

    def write(self, data: bytes) -> int:
        """Add ``data``; raise :class:`TooLarge` when that passes a limit."""
        self.size += len(data)
        if self.size > self._limit_bytes:
            raise TooLarge("bytes")
        if self.row_end and self._limit_rows:
            # A mark may lie across two writes: the end of the former is looked at again, too short to hold a whole one.
            self._rows += (self._tail + data).count(self.row_end)
            self._tail = (self._tail + data)[-(len(self.row_end) - 1) :] if len(self.row_end) > 1 else b""
            if self._rows > self._limit_rows:
                raise TooLarge("rows")
        return self.file.write(data)

    def flush(self) -> None:
        """Do what writers expect of a file."""
        self.file.flush()


def send_answer(connection: socket.socket, reply: dict[str, Any], spool: Spool) -> None:
    """Send ``reply`` with what ``spool`` holds, inline or as a file descriptor."""
    if spool.size <= INLINE_BYTES:
        spool.file.seek(0)
        send(connection, {**reply, "body": base64.b64encode(spool.file.read()).decode()})
        return
    spool.file.flush()
    send(connection, {**reply, "file": True})
    socket.send_fds(connection, [b"F"], [spool.file.fileno()])
