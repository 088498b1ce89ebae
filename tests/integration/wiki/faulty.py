"""A server that answers as no MediaWiki should, on loopback, in a thread. Each test scripts its answers."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

#: Takes the parameters of a request; returns status, headers and body.
Answer = tuple[int, dict[str, str], bytes]
Script = Callable[[dict[str, str]], Answer]


def reply(query: dict[str, Any], **more: Any) -> Answer:
    """Return an answer of the API."""
    return 200, {"Content-Type": "application/json"}, json.dumps({"query": query, **more}).encode()


SITE = {
    "general": {"sitename": "X", "generator": "MediaWiki 1.39.0", "server": "", "articlepath": "/wiki/$1"},
    "rightsinfo": {"url": "", "text": ""},
}


def wiki_of(pages: dict[str, str]) -> Script:
    """Return a script that answers as a small wiki of these pages, numbered from 1."""
    numbers = {title: number for number, title in enumerate(pages, start=1)}

    def answer(asked: dict[str, str]) -> Answer:
        if asked.get("meta", "").startswith("siteinfo"):
            return reply(SITE)
        if "rvprop" in asked:
            wanted = [t for t, n in numbers.items() if str(n) in asked["pageids"].split("|")]
            revision = {"revid": 7, "timestamp": "2020-01-01T00:00:00Z"}
            return reply(
                {
                    "pages": {
                        str(numbers[t]): {
                            "pageid": numbers[t],
                            "title": t,
                            "revisions": [{**revision, "*": pages[t]}],
                        }
                        for t in wanted
                    }
                }
            )
        found: dict[str, Any] = {}
        for title in filter(None, asked.get("titles", "").split("|")):
            number = numbers.get(title)
            missing = {"title": title, "missing": ""}
            found[str(number or -1 - len(found))] = (
                {"pageid": number, "title": title, "lastrevid": 7} if number else missing
            )
        for number_text in filter(None, asked.get("pageids", "").split("|")):
            known = next((t for t, n in numbers.items() if str(n) == number_text), None)
            here = {"pageid": int(number_text), "title": known, "lastrevid": 7}
            found[number_text] = here if known else {"pageid": int(number_text), "missing": ""}
        return reply({"pages": found})

    return answer


@dataclass
class Faulty:
    """A server: ``script`` answers, ``asked`` holds what was asked and ``agents`` who asked, ``moments`` when.

    ``documents`` are the answers to GET by path; others are 404.
    """

    base: str
    script: Script
    documents: dict[str, Answer] = field(default_factory=dict)
    got: list[str] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)


@contextmanager
def faulty(script: Script, tls: ssl.SSLContext | None = None) -> Iterator[Faulty]:
    """Run a server that answers by ``script``, over ``tls`` when that is given."""
    holder: list[Faulty] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            form = parse_qs(self.rfile.read(length).decode(), keep_blank_values=True)
            self._answer({name: values[0] for name, values in form.items()})

        def do_GET(self) -> None:
            holder[0].got.append(self.path)
            self._send(*holder[0].documents.get(self.path, (404, {}, b"")))

        def _answer(self, asked: dict[str, str]) -> None:
            holder[0].asked.append(asked)
            holder[0].authorizations.append(self.headers.get("Authorization", ""))
            self._send(*holder[0].script(asked))

        def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
            here = holder[0]
            here.agents.append(self.headers.get("User-Agent", ""))
            here.moments.append(time.monotonic())
            try:
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                pass

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    scheme = "http" if tls is None else "https"
    holder.append(Faulty(f"{scheme}://127.0.0.1:{server.server_port}/", script))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield holder[0]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
