"""The server in front of the application answers kept things itself, without getting in its own way."""

from __future__ import annotations

from types import SimpleNamespace

from ptce_lod.web.front import Front


class ChannelOfOneRequest:
    """What :meth:`Front._is_answered` needs of a connection; notes what waited when it wrote."""

    total_outbufs_len = 0
    will_close = False

    def __init__(self) -> None:
        self.closed: list[bool] = []
        request = SimpleNamespace(
            error=None, version="1.1", headers={}, body_rcv=None, path="/a", query="", command="GET"
        )
        request.close = lambda: self.closed.append(True)
        self.requests = [request]
        self.written: list[tuple[bytes, int]] = []

    def write_soon(self, data: bytes) -> None:
        self.written.append((data, len(self.requests)))


def test_a_request_is_in_the_list_until_its_answer_is_written() -> None:
    # The loop of waitress sends without the lock when a connection has no request: a thread that wrote then sent the same bytes twice.
    channel = ChannelOfOneRequest()
    front = Front.__new__(Front)
    assert front._is_answered(channel, lambda *_: b"answer")
    assert channel.written == [(b"answer", 1)]
    assert (channel.requests, channel.closed) == ([], [True])


def test_what_is_not_kept_stays_for_a_thread() -> None:
    channel = ChannelOfOneRequest()
    front = Front.__new__(Front)
    assert not front._is_answered(channel, lambda *_: None)
    assert (len(channel.requests), channel.written, channel.closed) == (1, [], [])
