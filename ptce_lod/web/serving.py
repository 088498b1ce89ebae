"""Serve the site: settings to processes. One process serves by itself; of several, a parent starts again what ends."""

from __future__ import annotations

import contextlib
import errno
import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any, Final

from flask import Flask

from ptce_lod.edit.scratch import ScratchDataset
from ptce_lod.errors import PtceError, SettingsError
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.verify import check_dumps
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app, open_follower
from ptce_lod.web.front import make_front

_log = logging.getLogger(__name__)
#: Connections that may wait to be accepted.
_BACKLOG: Final = 1024
#: How long a process may take to end in order, in seconds.
_GRACE_SECONDS: Final = 8.0
#: What a process that could not start waits before it is started again, in seconds.
_RESTART_SECONDS: Final = 1.0


def serve(settings: Settings, *, quiet: bool = False, scratch: bool = False) -> None:
    """Serve the published release, or a scratch dataset, until interrupted. Prints the address once it listens, unless ``quiet``.

    Raises :class:`SettingsError` when the port cannot be listened on, the file of tokens is wrong or the release is of another address,
    :class:`~ptce_lod.errors.ReleaseNotFound` when nothing is published.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    if not scratch:
        _check_base_iri(settings)
    listening = _listen(settings)

    def run(ready: Callable[[], None]) -> None:
        _run_one(settings, listening, scratch, ready)

    def announce() -> None:
        if not quiet:
            what = "an empty scratch dataset at " if scratch else ""
            print(f"Serving {what}{settings.base_iri} (Ctrl-C stops)", file=sys.stderr, flush=True)

    signal.signal(signal.SIGTERM, _stop)
    with listening, contextlib.suppress(KeyboardInterrupt, SystemExit):
        if scratch or settings.web_workers == 1:
            run(announce)
        else:
            create_app(settings, _Nothing())  # a wrong file of tokens is told once, before anything starts
            announce()
            _Supervisor(run, settings.web_workers).run()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


class _Nothing:
    """Lends nothing: for an application that is only made to see whether it can be."""

    def lease(self) -> Any:
        raise NotImplementedError


def _check_base_iri(settings: Settings) -> None:
    """Refuse a release whose IRIs are of another address: every link in it would lead elsewhere."""
    built_for = VarLayout(settings.var_dir).published().manifest()["base_iri"]
    if built_for != settings.base_iri:
        raise SettingsError(
            f"the published release was built for {built_for}, but base_iri is {settings.base_iri}",
            hint=f"build again (`make release`), or serve it under its own IRIs with PTCE_BASE_IRI={built_for}",
        )


def _listen(settings: Settings) -> socket.socket:
    """Return a listening socket, so that the message is ours when there can be none, and comes before anything is started."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        where = f"{settings.host} port {settings.port}"
        if error.errno == errno.EADDRINUSE:
            raise SettingsError(
                f"{where} is in use by another program",
                hint="stop that program, or choose another port: `make serve PORT=8001` or `ptce-lod serve --port 8001`",
            ) from error
        raise SettingsError(
            f"cannot listen on {where}: {error.strerror}",
            hint="choose a port from 1024 and an address of this machine",
        ) from error
    return listening


def _run_one(settings: Settings, listening: socket.socket, scratch: bool, ready: Callable[[], None]) -> None:
    """Serve in this process until SystemExit or KeyboardInterrupt."""
    app, close = _scratch_app(settings) if scratch else _release_app(settings)
    # What is loaded by now stays for good: the garbage collector need not look at it again and again. With its default thresholds it
    # ran several times in each document (a tenth of the time of a page).
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    front = make_front(
        app,
        listening,
        app.extensions.get("ptce-shortcut"),
        # Threads that wait for a query worker must not keep documents from being answered.
        threads=settings.web_threads + settings.query_workers + settings.query_queue_length,
        max_request_header_size=settings.header_bytes,
        max_request_body_size=settings.body_bytes,
        # An answer is handed over as a whole, so that a slow reader keeps no thread; beyond a megabyte it lies in a file.
        outbuf_high_watermark=max(settings.query_result_bytes, 16_777_216) + 65_536,
    )
    try:
        ready()
        front.run()
    finally:
        close()
        front.close()


def _release_app(settings: Settings) -> tuple[Flask, Callable[[], None]]:
    """Return the application, with the release open and the query workers started, and what closes them."""
    follower = open_follower(settings, lambda: _check_dumps(settings))
    app = create_app(settings, follower)
    try:
        with follower.lease() as backend:
            backend.start_workers()
    except Exception as error:
        app.logger.warning("not ready: %s", error)
    return app, follower.close


def _check_dumps(settings: Settings) -> None:
    """Look beside the requests whether the dumps of all releases are as they were written: at the start, and for each new release."""

    def check() -> None:
        try:
            check_dumps(VarLayout(settings.var_dir))
        except (PtceError, OSError) as error:
            _log.warning("dumps are not checked: %s", error)

    threading.Thread(target=check, name="dumps", daemon=True).start()


def _scratch_app(settings: Settings) -> tuple[Flask, Callable[[], None]]:
    dataset = ScratchDataset(settings)
    return create_app(settings, dataset, dataset), dataset.close


class _Supervisor:
    """Keeps ``count`` child processes that run ``run``, until this process is told to stop."""

    def __init__(self, run: Callable[[Callable[[], None]], None], count: int) -> None:
        self._run = run
        self._count = count
        self._children: set[int] = set()
        # Children hold the reading end: when this process is gone, however it went, they see the end and stop.
        self._reading, self._writing = os.pipe()

    def run(self) -> None:
        """Start the children, and again each that ends."""
        try:
            for _ in range(self._count):
                self._start()
            while True:
                ended, status = os.wait()
                if ended in self._children:
                    self._children.discard(ended)
                    code = os.waitstatus_to_exitcode(status)
                    _log.warning("web process %d ended (%d), starting another", ended, code)
                    time.sleep(_RESTART_SECONDS)
                    self._start()
        finally:
            self._stop_all()

    def _start(self) -> None:
        child = os.fork()
        if child:
            self._children.add(child)
            return
        code = 1
        try:
            signal.signal(signal.SIGTERM, _stop)
            os.close(self._writing)
            threading.Thread(target=self._end_with_parent, daemon=True).start()
            self._run(lambda: None)
            code = 0
        except (KeyboardInterrupt, SystemExit):
            code = 0
        except BaseException:
            _log.exception("a web process failed")
        finally:
            logging.shutdown()
            os._exit(code)

    def _end_with_parent(self) -> None:
        os.read(self._reading, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    def _stop_all(self) -> None:
        for child in self._children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGTERM)
        deadline = time.monotonic() + _GRACE_SECONDS
        while self._children and time.monotonic() < deadline:
            for child in list(self._children):
                if os.waitpid(child, os.WNOHANG)[0]:
                    self._children.discard(child)
            time.sleep(0.02)
        for child in self._children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
