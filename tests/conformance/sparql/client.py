"""A plain HTTP client of a SPARQL service: it sends what it is told and nothing of its own."""

from __future__ import annotations

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urlsplit

from tests.conformance.sparql.manifests import local_path
from tests.conformance.sparql.read_results import ntriples

#: A request that takes longer has failed, in seconds.
_TIMEOUT: Final = 30
_MEDIA_TYPES: Final = {
    ".ttl": "text/turtle",
    ".nt": "text/turtle",  # so that a base can be set; N-Triples is a part of Turtle
    ".rdf": "application/rdf+xml",
}


@dataclass(frozen=True)
class Endpoints:
    """The addresses of a service. Without a graph store, data are loaded by SPARQL Update."""

    query: str
    update: str
    graph_store: str = ""


@dataclass(frozen=True)
class Response:
    """A status, headers by lower-case name, and a body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass
class Client:
    """Sends requests to ``endpoints`` over connections that it keeps; a context manager that closes them."""

    endpoints: Endpoints
    _connections: dict[str, http.client.HTTPConnection] = field(default_factory=dict)
    #: What the dataset is known to hold: files of the default graph, and graph IRI → file. None once anything else may have changed it.
    _held: tuple[list[str], dict[str, str]] | None = None

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_exception: object) -> None:
        for connection in self._connections.values():
            connection.close()

    def send(
        self, method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Send one request; follow no redirection."""
        if method != "GET" and url != self.endpoints.query:
            self._held = None
        parts = urlsplit(url)
        target = url[len(f"{parts.scheme}://{parts.netloc}") :] or "/"
        connection = self._connections.setdefault(
            parts.netloc, http.client.HTTPConnection(parts.netloc, timeout=_TIMEOUT)
        )
        for is_last in (False, True):
            try:
                connection.request(method, target, body, dict(headers or {}))
                answer = connection.getresponse()
                data = answer.read()
                break
            except (http.client.HTTPException, OSError) as error:
                connection.close()
                # The server may have closed the kept connection meanwhile; a new one tells whether it lives.
                if is_last or not isinstance(error, ConnectionError):
                    raise
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Response(answer.status, found, data)

    def query(self, text: bytes, accept: str) -> Response:
        """POST a query."""
        return self.send(
            "POST",
            self.endpoints.query,
            text,
            {"Content-Type": "application/sparql-query", "Accept": accept},
        )

    def update(self, text: bytes) -> Response:
        """POST an update."""
        self._held = None
        return self.send("POST", self.endpoints.update, text, {"Content-Type": "application/sparql-update"})

    def hold(self, default: list[str], named: dict[str, str]) -> None:
        """Make the dataset consist of these files of a suite. Nothing is sent when it does already: queries change nothing."""
        if self._held == (default, named):
            return
        _expect_success(self.update(b"DROP ALL"), "DROP ALL")
        for number, file in enumerate(default):
            self._load(file, "", add=number > 0)
        for iri, file in named.items():
            self._load(file, iri)
        self._held = (list(default), dict(named))

    def _load(self, file: str, graph: str, *, add: bool = False) -> None:
        """Put a file of a suite into a graph (``""``: the default graph); with ``add``, beside what the graph holds."""
        if not self.endpoints.graph_store:
            self._insert(file, graph)
            return
        body, media_type = _with_base(file)
        which = f"graph={quote(graph, safe='')}" if graph else "default"
        answer = self.send(
            "POST" if add else "PUT",
            f"{self.endpoints.graph_store}?{which}",
            body,
            {"Content-Type": media_type},
        )
        _expect_success(answer, f"loading {file}")

    def _insert(self, file: str, graph: str) -> None:
        triples = ntriples(file)
        block = f"GRAPH <{graph}> {{ {triples} }}" if graph else triples
        _expect_success(self.update(f"INSERT DATA {{ {block} }}".encode()), f"loading {file}")


def _with_base(file: str) -> tuple[bytes, str]:
    """Return a file and its media type; its relative IRIs are read against its own published address, not where it is sent."""
    path = local_path(file)
    data = path.read_bytes()
    media_type = _MEDIA_TYPES[path.suffix]
    if media_type == "text/turtle":
        return f"@base <{file}> .\n".encode() + data, media_type
    return re.sub(rb"<rdf:RDF\b", f'<rdf:RDF xml:base="{file}"'.encode(), data, count=1), media_type


def _expect_success(answer: Response, what: str) -> None:
    assert 200 <= answer.status < 300, f"{what}: {answer.status} {answer.text[:500]}"
