"""Run what a client wrote, an update or RDF, in a forked child with limits: if it kills its process, that process is the child.

The caller is a process of one thread (``process.py``), which is what makes forking safe.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import traceback
from collections.abc import Callable
from typing import Any, Final, NoReturn

import pyoxigraph as ox

from ptce_lod.edit.requests import UpdateRequest
from ptce_lod.errors import BackendUnavailable, LoadRefused, ParseError, Problem, QueryRefused, QueryTimedOut
from ptce_lod.query.confinement import forbid_network, limit_memory
from ptce_lod.query.process import cause_of_death
from ptce_lod.query.scan_update import UpdateScan, scan_update
from ptce_lod.query.worker import failure
from ptce_lod.query.workers import failure_of
from ptce_lod.settings import Settings

_CHUNK: Final = 1 << 20


def fenced(settings: Settings, work: Callable[[], Any], *, seconds: float) -> Any:
    """Return what ``work`` returns (values of JSON) in a child with bounded time and memory and without network.

    Raises what went wrong there as one of our errors: syntax errors with their place, RDF problems, a limit that was passed.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _child(settings, work, writing, seconds)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        data = pipe.read()
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code == -signal.SIGALRM:
        raise QueryTimedOut(f"it took longer than {seconds:g} seconds and was stopped; nothing was changed")
    if code or not data:
        raise BackendUnavailable(
            f"it was stopped, and nothing was changed: {cause_of_death(code, data.decode('utf-8', 'replace'))}"
        )
    reply = json.loads(data)
    if "failure" in reply:
        raise _error(reply, settings)
    return reply["value"]


def judged(settings: Settings, request: UpdateRequest) -> UpdateScan:
    """Look over an update before it is run; raise what :func:`~ptce_lod.query.scan_update.scan_update` raises.

    Of a text with ``LOAD`` that is malformed as well, that is said, where the system lets a parser run without network.
    """
    try:
        return scan_update(request.text, nesting=settings.query_nesting)
    except LoadRefused as refused:
        prefixes = settings.addresses.prefixes() if request.project_prefixes else {}

        def parse() -> None:
            if forbid_network():
                with contextlib.suppress(OSError, RuntimeError):
                    ox.Store().update(request.text, base_iri=settings.base_iri, prefixes=prefixes)

        fenced(settings, parse, seconds=settings.query_timeout_seconds)
        # As the class that the tree of errors has: this one is told across a border between processes.
        raise QueryRefused(refused.message, hint=refused.hint) from None


def _child(settings: Settings, work: Callable[[], Any], writing: int, seconds: float) -> NoReturn:
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process even inside the engine
        signal.setitimer(signal.ITIMER_REAL, seconds)
        os.dup2(writing, 2)  # the last words of a crash go where an answer would
        forbid_network()
        limit_memory(settings.write_memory_bytes)
        try:
            reply: dict[str, Any] = {"value": work()}
        except ParseError as error:
            problems = [vars(problem) for problem in error.problems]
            reply = {"failure": "rdf", "message": error.message, "problems": problems}
        except Exception as error:
            reply = failure(error)
        data = memoryview(json.dumps(reply).encode())
        while data:
            data = data[os.write(writing, data[:_CHUNK]) :]
        os._exit(0)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(70)


def _error(reply: dict[str, Any], settings: Settings) -> Exception:
    if reply["failure"] == "rdf":
        return ParseError(reply["message"], problems=[Problem(**fields) for fields in reply["problems"]])
    return failure_of(reply, settings)
