"""Writes on the published dataset, as the web sees them: each is carried out by a process of its own, which may be killed."""

from __future__ import annotations

import threading
import time
from typing import Final

from ptce_lod.edit import transport
from ptce_lod.edit.requests import Author, GraphRequest, Outcome, UpdateRequest
from ptce_lod.errors import BackendUnavailable, QueryTimedOut, ReleaseLocked, ReleaseNotFound
from ptce_lod.query.process import Died, WorkerProcess
from ptce_lod.release.layout import VarLayout
from ptce_lod.settings import Settings

_MODULE: Final = "ptce_lod.edit.process"
#: Writes of one web process that may run or wait at a time.
_QUEUE: Final = 4
#: What a write may take beyond its deadline, which the process itself keeps where it can, in seconds.
_GRACE_SECONDS: Final = 5.0


class PublishedWriter:
    """Carries out writes on the release that is published. Safe to use from many threads and processes: a lock puts them in a row."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._var = VarLayout(settings.var_dir)
        self._places = threading.BoundedSemaphore(_QUEUE)

    def write(
        self,
        request: UpdateRequest | GraphRequest,
        author: Author,
        *,
        dry_run: bool = False,
        if_release: tuple[str, ...] = (),
    ) -> Outcome:
        """Carry out one write; see :class:`~ptce_lod.edit.requests.Writer`."""
        if not self._places.acquire(blocking=False):
            raise ReleaseLocked(f"{_QUEUE} writes are waiting already", hint="try again in a moment")
        try:
            return self._write(request, author, dry_run, if_release)
        finally:
            self._places.release()

    def _write(
        self,
        request: UpdateRequest | GraphRequest,
        author: Author,
        dry_run: bool,
        if_release: tuple[str, ...],
    ) -> Outcome:
        seconds = self._settings.write_timeout_seconds
        deadline = time.monotonic() + seconds + _GRACE_SECONDS
        values = transport.request_to_values(request, author, dry_run=dry_run)
        values["if_release"] = if_release
        process = WorkerProcess(_MODULE, self._settings.to_values())
        try:
            reply, _ = process.ask(values, deadline)
        except TimeoutError as error:
            raise QueryTimedOut(
                f"the write took longer than {seconds:g} seconds and was stopped; nothing was changed",
                limit="write_timeout_seconds",
            ) from error
        except Died as error:
            raise BackendUnavailable(
                f"the write was stopped, and nothing was changed: {error.reason}"
            ) from error
        finally:
            process.close()
        return transport.outcome_from_values(reply)

    def has_graph(self, graph: str) -> bool:
        """Say whether the published release has a graph of that IRI; the default graph ("") is always there."""
        try:
            return not graph or graph in self._var.published().manifest()["graphs"]
        except ReleaseNotFound:
            return False
