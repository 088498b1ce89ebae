"""One child process that may be killed at any moment, and the socket to it."""

from __future__ import annotations

import base64
import io
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final

from ptce_lod.errors import ClientGone
from ptce_lod.query import messages

_PACKAGE_ROOT: Final = str(Path(__file__).resolve().parents[2])
_PROGRAM: Final = "import importlib, sys; sys.path.insert(0, sys.argv[3]); importlib.import_module(sys.argv[2]).main(int(sys.argv[1]))"
#: How often a waiting thread asks whether its client is still there, in seconds.
ABANDONED_CHECK_SECONDS: Final = 0.2
#: How long a process that does nothing else may take to reply, in seconds.
CALL_SECONDS: Final = 10.0


class Died(Exception):
    """The process ended before it replied; ``reason`` is in words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def never() -> bool:
    """Say that somebody waits: the default of ``abandoned`` parameters."""
    return False


class Worker(ABC):
    """A process at the other end of a socket, that may be killed at any moment. ``errors`` holds what it wrote to standard error."""

    def __init__(self, connection: socket.socket, errors: IO[bytes]) -> None:
        self._connection = connection
        self._errors = errors

    @property
    @abstractmethod
    def pid(self) -> int:
        """Process id."""

    @property
    @abstractmethod
    def is_alive(self) -> bool:
        """Say whether the process still runs."""

    @abstractmethod
    def _exit_status(self) -> int | None:
        """Return how the process ended, as ``Popen.wait`` tells; None when it runs a second later."""

    @abstractmethod
    def _kill(self) -> None:
        """End the process and wait for its end."""

    def ask(
        self, request: Mapping[str, Any], deadline: float, abandoned: Callable[[], bool] = never
    ) -> tuple[dict[str, Any], IO[bytes] | None]:
        """Return the reply and the file with the answer.

        Raises TimeoutError at ``deadline`` (monotonic seconds), :class:`Died`, or :class:`ClientGone` once ``abandoned()`` is true. After
        any of these the process is in an unknown state and must be closed.
        """
        try:
            self._connection.settimeout(max(deadline - time.monotonic(), 0.001))
            messages.send(self._connection, dict(request))
            wait_readable(self._connection, deadline, abandoned)
            return read_reply(self._connection, deadline)
        except TimeoutError:
            raise
        except (EOFError, OSError, IndexError) as error:
            raise Died(self._last_words()) from error

    def _last_words(self) -> str:
        status = self._exit_status()
        if status is None:
            return "the engine closed its connection"
        try:
            self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - 2000))
            said = self._errors.read().decode("utf-8", "replace")
        except ValueError:  # another thread closed it
            return "the server is stopping"
        return cause_of_death(status, said)

    def close(self) -> None:
        """Kill the process and those it started, wait for its end, close the files."""
        self._kill()
        self._connection.close()
        self._errors.close()


class WorkerProcess(Worker):
    """A child that runs ``module.main(descriptor)``; its first message is ``configuration``."""

    def __init__(self, module: str, configuration: Mapping[str, Any]) -> None:
        ours, theirs = socket.socketpair()
        super().__init__(ours, tempfile.TemporaryFile())  # noqa: SIM115 # read after the process died
        with theirs:
            # A session of its own: Ctrl-C in a terminal reaches the server, which ends its workers in order.
            self._process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM, str(theirs.fileno()), module, _PACKAGE_ROOT],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                start_new_session=True,
            )
        messages.send(ours, dict(configuration))

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Say whether the process still runs."""
        return self._process.poll() is None

    def hand_over(self, reply_to: socket.socket, message: Mapping[str, Any]) -> None:
        """Send a message whose reply is to go to another socket; :class:`Died` when the process is gone."""
        self._connection.settimeout(None)
        try:
            messages.hand_over(self._connection, reply_to.fileno(), message)
        except OSError as error:
            raise Died(self._last_words()) from error

    def next_message(self) -> dict[str, Any]:
        """Return what the process says unasked, once it says it; :class:`Died` when the process is gone."""
        self._connection.settimeout(None)
        try:
            return messages.receive(self._connection)
        except (EOFError, OSError) as error:
            raise Died(self._last_words()) from error

    def call(self, message: Mapping[str, Any], descriptors: Sequence[int] = ()) -> dict[str, Any]:
        """Send a message, with open files if any, and return the reply to it.

        :class:`Died` when the process is gone or says nothing for :data:`CALL_SECONDS`; then it must be closed.
        """
        self._connection.settimeout(CALL_SECONDS)
        try:
            messages.send(self._connection, message)
            if descriptors:
                socket.send_fds(self._connection, [b"F"], list(descriptors))
            return messages.receive(self._connection)
        except (EOFError, OSError) as error:
            raise Died(self._last_words()) from error

    def _exit_status(self) -> int | None:
        try:
            return self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return None

    def _kill(self) -> None:
        kill_session(self._process)


def kill_session(process: subprocess.Popen[bytes]) -> None:
    """Kill a child that leads a session of its own, with its children, and wait for it."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            process.kill()
    process.wait()


def wait_readable(connection: socket.socket, deadline: float, abandoned: Callable[[], bool]) -> None:
    """Wait until ``connection`` has something to read; TimeoutError at ``deadline``, :class:`ClientGone` when nobody waits."""
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if poll.poll(min(left, ABANDONED_CHECK_SECONDS) * 1000):
            return
        if abandoned():
            raise ClientGone("the client hung up")


def read_reply(connection: socket.socket, deadline: float) -> tuple[dict[str, Any], IO[bytes] | None]:
    """Read a reply that has begun to arrive, with the body it carries or the file that follows it."""
    connection.settimeout(max(deadline - time.monotonic(), 0.001))
    reply = messages.receive(connection)
    if "body" in reply:
        return reply, io.BytesIO(base64.b64decode(reply["body"]))
    if not reply.get("file"):
        return reply, None
    _, descriptors, _, _ = socket.recv_fds(connection, 1, 1)
    body = os.fdopen(descriptors[0], "rb")
    body.seek(0)  # the offset is shared with the worker, which has written to the end
    return reply, body


def cause_of_death(status: int, said: str) -> str:
    """Return in words why a process ended: ``status`` as ``Popen.wait`` gives it, ``said`` the end of its standard error."""
    if "overflowed its stack" in said or status == -signal.SIGSEGV:
        return "the text is nested too deeply for the engine"
    if "memory allocation" in said or "MemoryError" in said or status == -signal.SIGABRT:
        return "it needed more memory than one query may use"
    if status == -signal.SIGKILL:
        return "the engine was killed from outside, perhaps for want of memory"
    return f"the engine ended unexpectedly (status {status}): {said.strip()[-300:]}"
