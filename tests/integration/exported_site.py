"""A small release as an exported site, served by nginx."""

from __future__ import annotations

import html
import http.client
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from ptce_lod.export.site import MARKER, export_site
from ptce_lod.settings import Settings
from tests.unit.query.small_release import BASE

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")


@dataclass
class Answer:
    status: int
    media_type: str
    location: str
    body: bytes


def ask(port: int, path: str, accept: str, **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"Accept": accept, **headers})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return Answer(
        response.status,
        response.headers.get("Content-Type", "").partition(";")[0],
        response.headers.get("Location", ""),
        body,
    )


def headers_of(port: int, path: str, accept: str) -> Message:
    """Return the headers of an answer of nginx."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"Accept": accept})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.headers


def dead_links(port: int, base: str) -> tuple[list[tuple[str, int]], set[str]]:
    """Follow every link of every page of the site ``base``; return the paths that do not answer, with their status, and all paths."""
    host, prefix = base.removesuffix(urlsplit(base).path), urlsplit(base).path
    waiting, seen = [prefix], {prefix}
    dead = []
    while waiting:
        page = waiting.pop()
        answer = ask(port, page, "text/html,*/*;q=0.1")
        if answer.status in (301, 303):
            answer = ask(port, answer.location.removeprefix(host), "text/html,*/*;q=0.1")
        if answer.status not in (200, 410):
            dead.append((page, answer.status))
        if answer.media_type != "text/html":
            continue
        for found in re.findall(r'(?:href|src)="([^"]+)"', answer.body.decode()):
            target = urljoin(page, html.unescape(found).partition("#")[0].removeprefix(host))
            if target.startswith(prefix) and target not in seen and "lang=" not in target:
                seen.add(target)
                waiting.append(target)
    return dead, seen


def export(settings: Settings, target: Path) -> Path:
    done = export_site(settings, target)
    assert done.documents > 50
    assert json.loads((target / MARKER).read_text(encoding="utf-8"))["files"] == done.files
    return target


@contextmanager
def served_by_nginx(exported: Path, port: int) -> Iterator[int]:
    """Serve an export on ``port`` as docs/how-to/static-site.md says."""
    assert NGINX is not None
    folder = exported.parent
    text = (exported / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("listen 127.0.0.1:80;", f"listen 127.0.0.1:{port};").replace(
        "root site;", f"root {exported}/site;"
    )
    paths = "\n".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = folder / "main.conf"
    configuration.write_text(
        # Started by root, its workers would else be somebody who may not read this folder.
        f"{'user root; ' if os.geteuid() == 0 else ''}daemon off; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off;\n{paths}\n{text}\n}}\n",
        encoding="utf-8",
    )
    nginx = subprocess.Popen(
        [NGINX, "-c", str(configuration), "-e", f"{folder}/error.log"], stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 15
        while True:
            try:
                ask(port, urlsplit(BASE).path, "*/*")
                break
            except OSError:
                assert nginx.poll() is None, (folder / "error.log").read_text(encoding="utf-8")
                assert time.monotonic() < deadline
                time.sleep(0.05)
        yield port
    finally:
        nginx.terminate()
        nginx.wait(timeout=10)
