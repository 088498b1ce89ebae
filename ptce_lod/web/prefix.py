"""Serve under the path of ``base_iri``, whether or not the proxy in front strips it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class PathPrefix:
    """WSGI layer that moves ``prefix`` from ``PATH_INFO`` to ``SCRIPT_NAME``."""

    def __init__(self, app: WSGIApplication, prefix: str) -> None:
        self._app = app
        self._prefix = prefix.rstrip("/")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        environ["PATH_INFO"] = self.strip(environ.get("PATH_INFO", ""))
        return self._app(environ, start_response)

    def strip(self, path: str) -> str:
        """Return ``path`` without the prefix, which a proxy may have left on it."""
        if self._prefix and path.startswith(self._prefix + "/"):
            return path[len(self._prefix) :]
        return path
