"""The HTTP server in front of the application: waitress, which reads requests and writes answers without a thread for each client.

A slow client costs a socket and no thread, whether it sends slowly or reads slowly; the application's threads see whole requests only.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask

#: How long a client may take to send the head of a request, and the whole of it, in seconds.
HEAD_SECONDS: Final = 30
REQUEST_SECONDS: Final = 300
#: Bytes that may wait for a client who sends requests without reading answers, until its next request waits too.
_PIPELINED_BYTES: Final = 1_000_000
#: Takes method, path, query and header fields (CGI names) of a request, returns the whole response or None.
Shortcut = Callable[[str, str, str, Mapping[str, str]], bytes | None]
_HINTS: Final = {
    413: "the setting body_bytes bounds a request body; send less at a time",
    431: "the setting header_bytes bounds address and headers together; send a long query by POST",
}


class ProblemTask(ErrorTask):  # type: ignore[misc] # waitress has no types
    """Answers what never reached the application, such as a malformed head, with a problem document (RFC 9457)."""

    def execute(self) -> None:
        """Write the answer."""
        error = self.request.error
        status = int(error.code)
        title = HTTPStatus(status).phrase
        problem = {"type": "about:blank", "title": title, "status": status, "detail": str(error.body)}
        if status in _HINTS:
            problem["hint"] = _HINTS[status]
        body = (json.dumps(problem) + "\n").encode()
        self.status = f"{status} {title}"
        self.response_headers += [
            ("Content-Type", "application/problem+json"),
            ("Access-Control-Allow-Origin", "*"),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):  # type: ignore[misc]  # the library is untyped
    """A connection that is closed when a request takes too long to arrive."""

    error_task_class = ProblemTask
    _began = 0.0

    def received(self, data: bytes) -> bool:
        """Take what has arrived."""
        if self.request is None:
            self._began = time.monotonic()
        more = bool(super().received(data))
        return more

    def is_late(self, now: float) -> bool:
        """Say whether the request that is arriving has taken too long; ``now`` is monotonic, in seconds."""
        request = self.request
        if request is None or self.requests:
            return False
        return now - self._began > (REQUEST_SECONDS if request.headers_finished else HEAD_SECONDS)


class Front(TcpWSGIServer):  # type: ignore[misc]  # the library is untyped
    """The listening server of one process."""

    channel_class = Channel
    shortcut: Shortcut | None = None

    def add_task(self, channel: Channel) -> None:
        """Answer the request that ``channel`` has read whole: at once if :attr:`shortcut` can, else by a thread.

        Waitress calls this with the channel's lock of requests held.
        """
        while self.shortcut is not None and self._is_answered(channel, self.shortcut):
            if not channel.requests:
                return
        super().add_task(channel)

    def _is_answered(self, channel: Channel, shortcut: Shortcut) -> bool:
        request = channel.requests[0]
        fields = request.headers
        if (
            request.error
            or request.version != "1.1"
            or "CONNECTION" in fields
            or request.body_rcv is not None
        ):
            return False
        if channel.total_outbufs_len > _PIPELINED_BYTES:
            return False  # writing more might wait for the client, and nobody may wait here
        path = "/" + request.path.lstrip("/")
        message = shortcut(request.command, path, request.query, fields)
        if message is None:
            return False
        try:
            # While a request is in the list, the loop writes to its client only under the lock. A thread that has just answered another
            # one comes here, too: without it, both would send the same bytes.
            channel.write_soon(message)
        except ClientDisconnected:
            channel.will_close = True
        channel.requests.pop(0)
        request.close()
        return True

    def maintenance(self, now: float) -> None:
        """Close connections that are idle, or late with their request."""
        super().maintenance(now)
        moment = time.monotonic()
        for channel in self.active_channels.values():
            if channel.is_late(moment):
                channel.will_close = True


def make_front(
    application: Any, listening: Any, shortcut: Shortcut | None = None, **adjustments: Any
) -> Front:
    """Return a server on an open listening socket; ``shortcut`` answers what it can by itself, ``adjustments`` are waitress's."""
    from waitress.adjustments import Adjustments
    from waitress.task import ThreadedTaskDispatcher

    adjusted = Adjustments(
        sockets=[listening],
        ident=None,
        asyncore_use_poll=True,
        channel_timeout=HEAD_SECONDS,
        cleanup_interval=5,
        # One request is read ahead: that is how a client that hangs up is noticed.
        channel_request_lookahead=1,
        connection_limit=1000,
        log_socket_errors=False,
        clear_untrusted_proxy_headers=False,
        **adjustments,
    )
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(adjusted.threads)
    sockinfo = (listening.family, listening.type, listening.proto, listening.getsockname())
    front = Front(
        application,
        map={},
        dispatcher=dispatcher,
        adj=adjusted,
        sockinfo=sockinfo,
        bind_socket=False,
        _sock=listening,
    )
    front.shortcut = shortcut
    return front
