"""The program that forks query workers: holds the release in memory once, and each worker shares its pages.

Run by ``forked.py``. The first message on the socket configures; it is answered when the release is loaded. Each other is
``{"fork": true}``, followed by the worker's socket and its file of errors, ``{"end": pid}``, which kills a worker, or
``{"status": pid}``. Only this process reaps its children, so that a pid it is asked to kill is still that worker's. See
docs/decisions/0012-workers-in-memory.md.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import time
import traceback
from typing import Any, Final

import pyoxigraph as ox

from ptce_lod.query.confinement import die_with, forbid_network
from ptce_lod.query.messages import receive, send
from ptce_lod.query.worker import serve

#: How long a worker that closed its socket may take to end, in seconds.
_STATUS_SECONDS: Final = 1.0
_MERGE: Final = "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"


def main(descriptor: int) -> None:
    """Load the release, then fork workers until the other side closes the socket ``descriptor``."""
    control = socket.socket(fileno=descriptor)
    children: set[int] = set()
    try:
        configuration = receive(control)
        forbid_network()
        store = load(configuration["quads"])
        # What is loaded stays: a collection in a worker would touch, and so copy, the pages of every object.
        gc.collect()
        gc.freeze()
        send(control, {"ready": len(store)})
        while True:
            request = receive(control)
            if "fork" in request:
                pid = _fork(control, configuration, store)
                children.add(pid)
                send(control, {"pid": pid})
            else:
                pid = int(request.get("end", request.get("status", 0)))
                send(control, {"status": _ended(pid, children, kill="end" in request)})
    except (EOFError, OSError):
        return  # the web process is gone
    finally:
        # The workers' sockets are closed too, but a thread that waits for that does not run while the engine computes.
        for pid in tuple(children):
            _ended(pid, children, kill=True)


def load(quads: str) -> ox.Store:
    """Return a store in memory that holds what the release's store does: each quad in its graph, each triple once in the default graph."""
    store = ox.Store()
    store.bulk_load(path=quads, format=ox.RdfFormat.N_QUADS, lenient=True)
    store.update(_MERGE)
    return store


def _fork(control: socket.socket, configuration: dict[str, Any], store: ox.Store) -> int:
    """Start a worker on the two descriptors that follow on ``control``; return its process id."""
    _, descriptors, _, _ = socket.recv_fds(control, 1, 2)
    connection, errors = descriptors
    parent = os.getpid()
    pid = os.fork()
    if pid:
        os.close(connection)
        os.close(errors)
        return pid
    status = 1
    try:
        die_with(parent)  # only the parent can kill this process with certainty
        os.dup2(errors, 2)
        os.close(errors)
        control.close()
        serve(socket.socket(fileno=connection), configuration, store)
        status = 0
    except BaseException:
        traceback.print_exc()  # to its file of errors, where the cause is looked for
    finally:
        os._exit(status)


def _ended(pid: int, children: set[int], *, kill: bool) -> int | None:
    """Return how a worker ended, negative for a signal; None when it runs still, or never was."""
    if pid not in children:
        return None
    if kill:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + _STATUS_SECONDS
    while True:
        found, status = os.waitpid(pid, 0 if kill else os.WNOHANG)
        if found:
            children.discard(pid)
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > deadline:
            return None
        time.sleep(0.005)
