"""Serve the site with gunicorn, started from here so that settings stay in one place."""

from __future__ import annotations

import errno
import gc
import socket
import sys
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from ptce_lod.errors import SettingsError
from ptce_lod.release.layout import VarLayout
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app, open_follower


def serve(settings: Settings, *, quiet: bool = False) -> None:
    """Serve the published release until interrupted. Prints the address once it listens, unless ``quiet``.

    Raises :class:`SettingsError` when the port cannot be listened on or the release is of another address,
    :class:`~ptce_lod.errors.ReleaseNotFound` when nothing is published.
    """
    _check_base_iri(settings)
    _check_port(settings)
    _Server(settings, quiet).run()


def _check_base_iri(settings: Settings) -> None:
    """Refuse a release whose IRIs are of another address: every link in it would lead elsewhere."""
    built_for = VarLayout(settings.var_dir).published().manifest()["base_iri"]
    if built_for != settings.base_iri:
        raise SettingsError(
            f"the published release was built for {built_for}, but base_iri is {settings.base_iri}",
            hint=f"build again (`make release`), or serve it under its own IRIs with PTCE_BASE_IRI={built_for}",
        )


def _check_port(settings: Settings) -> None:
    """Try the port, so that the message is ours and comes before anything is started."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
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


class _Server(BaseApplication):  # type: ignore[misc] # gunicorn has no types
    """Gunicorn with our settings: threads in few processes, each opening the release after it was forked."""

    def __init__(self, settings: Settings, quiet: bool) -> None:
        self._settings = settings
        self._quiet = quiet
        self._app: Flask | None = None
        super().__init__()

    def load_config(self) -> None:
        settings = self._settings
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        values: dict[str, Any] = {
            "bind": f"{host}:{settings.port}",
            "workers": settings.web_workers,
            "worker_class": "gthread",
            # Threads that wait for a query worker must not keep documents from being answered.
            "threads": settings.web_threads + settings.query_workers + settings.query_queue_length,
            # A query may take its whole deadline; the thread beats for its process meanwhile.
            "timeout": 60,
            "graceful_timeout": 5,
            "keepalive": 5,
            "limit_request_line": 8190,
            "loglevel": "warning",
            "proc_name": "ptce-lod",
            "when_ready": self._when_ready,
            "post_worker_init": self._open_release,
            "worker_exit": self._close_release,
            "control_socket_disable": True,
        }
        for name, value in values.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        follower = open_follower(self._settings)
        app = create_app(self._settings, follower)
        app.extensions["ptce-follower"] = follower
        self._app = app
        return app

    def _when_ready(self, _: Any) -> None:
        if not self._quiet:
            print(f"Serving {self._settings.base_iri} (Ctrl-C stops)", file=sys.stderr, flush=True)

    def _open_release(self, _: Any) -> None:
        """Open the release and start the query workers before the first request.

        What is loaded by now stays for good: the garbage collector need not look at it again and again. With its default thresholds it
        ran several times in each document (a tenth of the time of a page).
        """
        if self._app is None:
            return
        follower = self._app.extensions["ptce-follower"]
        try:
            with follower.lease() as backend:
                backend.start_workers()
        except Exception as error:
            self._app.logger.warning("not ready: %s", error)
        gc.collect()
        gc.freeze()
        gc.set_threshold(100_000, 50, 100)

    def _close_release(self, _: Any, __: Any) -> None:
        if self._app is not None:
            self._app.extensions["ptce-follower"].close()
