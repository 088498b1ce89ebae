"""The server as a process: starting, stopping, bombs, and a release published while it runs."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish import publish
from tests.conftest import PROJECT
from tests.integration.conftest import (
    Server,
    environment,
    free_port,
    start,
    stop,
    wait_until_ready,
)
from tests.unit.query.small_release import build_small_release

CROSS_PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?p }"
REGEX = (
    'SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(REGEX(CONCAT(STR(?a), STR(?d), STR(?g)), "(a|aa)+(b|bb)+$")) }'
    " ORDER BY ?a LIMIT 1"
)
PATHS = "SELECT (COUNT(*) AS ?n) { ?a (<p:p>|!<p:p>)* ?b . ?c (<p:p>|!<p:p>)* ?d . ?e (<p:p>|!<p:p>)* ?f }"


def ask(server: Server, query: str) -> tuple[int, dict[str, object]]:
    """Return status and JSON body of a query."""
    address = f"{server.base}sparql?{urllib.parse.urlencode({'query': query})}"
    try:
        with urllib.request.urlopen(address, timeout=20) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        refused = error
    with refused:
        assert refused.headers["Access-Control-Allow-Origin"] == "*"
        assert refused.headers["Content-Type"] == "application/problem+json"
        return refused.code, json.load(refused)


@pytest.mark.parametrize("bomb", [CROSS_PRODUCT, REGEX, PATHS], ids=["cross product", "regex", "paths"])
def test_a_bomb_ends_as_503_and_leaves_the_processor_idle(server: Server, bomb: str) -> None:
    status, problem = ask(server, bomb)
    assert status == 503
    assert "1.5 seconds" in str(problem["detail"])
    assert ask(server, "ASK {}")[0] == 200
    before = server.cpu_seconds()
    time.sleep(0.5)  # the span over which idleness is measured
    assert server.cpu_seconds() - before < 0.2


@pytest.mark.parametrize("depth", [101, 3000, 40_000])
@pytest.mark.parametrize("bracket", ["{", "(", "[", "!"])
def test_deep_nesting_is_refused_and_harms_nobody(server: Server, bracket: str, depth: int) -> None:
    data = f"ASK {{ FILTER {bracket * depth} }}".encode()
    request = urllib.request.Request(
        server.base + "sparql", data, {"Content-Type": "application/sparql-query"}
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    with caught.value as error:
        assert error.code == 403
    assert ask(server, "ASK {}")[0] == 200


def test_other_queries_and_documents_go_on_beside_a_bomb(server: Server) -> None:
    def timed(_: int) -> float:
        begun = time.monotonic()
        assert ask(server, "SELECT * { ?s a ptce:Pole }")[0] == 200
        with urllib.request.urlopen(server.base + "doc/pole/archer.ttl") as response:
            assert response.status == 200
        return time.monotonic() - begun

    with ThreadPoolExecutor(4) as threads:
        bomb = threads.submit(ask, server, CROSS_PRODUCT)
        slowest = max(threads.map(timed, range(12)))
        assert bomb.result()[0] == 503
    assert slowest < 1.4, "nobody waited for the bomb's deadline"


def test_a_damaged_dump_of_any_release_is_named_and_not_served(tmp_path: Path) -> None:
    """Of the published one, of one kept from before, and of one that is published while the server runs."""
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    var, log = VarLayout(tmp_path / "var"), tmp_path / "log"

    def damaged(extra: str, name: str) -> str:
        release = build_small_release(var.path, base_iri=base, extra=extra)
        path = release.dumps / name
        path.write_bytes(path.read_bytes().replace(b"1", b"2", 1))
        return str(release.release_id)

    def wait_for(release_id: str, name: str) -> None:
        line = f"release {release_id}: dumps/{name} is damaged and is not served"
        deadline = time.monotonic() + 10
        while line not in log.read_text() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert line in log.read_text()

    def status(path: str) -> int:
        try:
            with urllib.request.urlopen(base + path) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    kept = damaged("", "all.nt")
    published = damaged("poleid:new a ptce:Pole .", "all.nq.gz")
    process = start(var.path, log, port)
    try:
        wait_until_ready(base, process, log)
        wait_for(kept, "all.nt")
        wait_for(published, "all.nq.gz")
        later = damaged("poleid:newer a ptce:Pole .", "graphs/facts/2026-11-22.ttl")
        assert status("dumps/latest/all.nq") == 200
        wait_for(later, "graphs/facts/2026-11-22.ttl")
        for path, expected in (
            (f"dumps/{kept}/all.nt", 503),
            (f"dumps/{kept}/all.nq", 200),
            (f"dumps/{published}/all.nq.gz", 503),
            (f"dumps/{published}/all.nt", 200),
            ("dumps/latest/graphs/facts.ttl", 503),
            ("dumps/latest/all.nq.gz", 200),
        ):
            assert status(path) == expected, path
        assert log.read_text().count("is damaged") == 3
    finally:
        stop(process)


def test_a_service_call_connects_nowhere(server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        port = listener.getsockname()[1]
        for call in (
            f"SERVICE <http://127.0.0.1:{port}/> {{}}",
            f"SERVICE SILENT <http://127.0.0.1:{port}/> {{}}",
        ):
            assert ask(server, f"ASK {{ {call} }}")[0] == 403
        assert ask(server, f"SELECT * FROM <http://127.0.0.1:{port}/> {{ ?s ?p ?o }}")[0] == 200
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_release_published_meanwhile_is_served_without_an_error(server: Server) -> None:
    def label_count() -> int:
        status, body = ask(server, "SELECT ?p { ?p a ptce:Pole }")
        assert status == 200
        return len(body["results"]["bindings"])  # type: ignore[index,call-overload]

    assert label_count() == 4
    old = server.var.published().release_id
    build_small_release(server.var.path, base_iri=server.base, extra="poleid:new a ptce:Pole .")
    deadline = time.monotonic() + 10
    while label_count() == 4 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert label_count() == 5
    publish(server.var, old)
    while label_count() == 5 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert label_count() == 4


@pytest.mark.parametrize("web_workers", ["1", "2"])
def test_interrupting_the_server_ends_it_and_its_workers(tmp_path: Path, web_workers: str) -> None:
    port = free_port()
    base, log = f"http://127.0.0.1:{port}/", tmp_path / "log"
    build_small_release(tmp_path / "var", base_iri=base)
    process = start(tmp_path / "var", log, port, PTCE_WEB_WORKERS=web_workers)
    wait_until_ready(base, process, log)
    running = Server(base, port, process, log, None)  # type: ignore[arg-type]
    children = running.children()
    assert len(children) >= 2
    assert stop(process) == 0
    told = log.read_text().splitlines()
    assert [line for line in told if line.startswith(f"Serving {base}")]
    assert not [line for line in told if "Traceback" in line or "leaked" in line]
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def test_a_port_in_use_is_named_with_what_to_do(server: Server, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ptce_lod.cli", "serve"],
        cwd=PROJECT,
        env=environment(server.base, server.port, server.var.path),
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode != 0
    assert str(server.port) in done.stderr
    assert "in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_wsgi_object_is_there_for_other_servers(tmp_path: Path) -> None:
    build_small_release(tmp_path / "var")
    code = "import server; c = server.app.test_client(); r = c.get('/doc/pole/archer.ttl'); print(r.status_code, len(r.data))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={**os.environ, "PTCE_VAR_DIR": str(tmp_path / "var")},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.stdout.startswith("200 "), done.stderr
