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
        """Answer a request; the prefix without its slash leads to the home page."""
        path = environ.get("PATH_INFO", "")
        if self._prefix and path == self._prefix and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            query = environ.get("QUERY_STRING", "")
            target = f"{path}/?{query}" if query else f"{path}/"
            start_response(
                "301 Moved Permanently",
                [("Location", target), ("Content-Length", "0"), ("Access-Control-Allow-Origin", "*")],
            )
            return []
        environ["PATH_INFO"] = self.strip(path)
        return self._app(environ, start_response)

    def strip(self, path: str) -> str:
        """Return ``path`` without the prefix, which a proxy may have left on it."""
        if self._prefix and path.startswith(self._prefix + "/"):
            return path[len(self._prefix) :]
        return path
