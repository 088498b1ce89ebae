"""What a request needs of the application: the settings, and the backend of the release published now, lent for the request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Protocol, cast, runtime_checkable

from flask import Flask, current_app, g, request

from ptce_lod.query.backend import Backend
from ptce_lod.settings import Settings
from ptce_lod.web.negotiation import negotiate_language


@runtime_checkable
class Lender(Protocol):
    """Lends a backend for one request: ``query.follower.ReleaseFollower``, or :class:`One`."""

    def lease(self) -> AbstractContextManager[Backend]:
        """Lend the backend."""
        ...


class One:
    """Lends always the same backend."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @contextmanager
    def lease(self) -> Iterator[Backend]:
        """Lend the backend."""
        yield self._backend


def init_app(app: Flask, settings: Settings, lender: Lender) -> None:
    """Give the requests of ``app`` their settings and backend."""
    app.extensions["ptce-settings"] = settings
    app.extensions["ptce-lender"] = lender

    @app.teardown_request
    def give_back(_: BaseException | None) -> None:
        leases = g.pop("leases", None)
        if leases is not None:
            leases.close()


def settings() -> Settings:
    """Return the settings of this application."""
    return cast("Settings", current_app.extensions["ptce-settings"])


def backend() -> Backend:
    """Return the backend; the same one throughout a request, whatever is published meanwhile."""
    if "backend" not in g:
        g.leases = ExitStack()
        lender = cast("Lender", current_app.extensions["ptce-lender"])
        g.backend = g.leases.enter_context(lender.lease())
    return cast("Backend", g.backend)


def accept() -> str | None:
    """Return ``Accept``, several header lines joined, or None."""
    return ",".join(request.headers.getlist("Accept")) or None


def language() -> str:
    """Return the language the reader wants, ``fr`` or ``en``."""
    return negotiate_language(
        ",".join(request.headers.getlist("Accept-Language")),
        request.args.get("lang"),
        request.cookies.get("lang"),
        default=settings().default_language,
    )
