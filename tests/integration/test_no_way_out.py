"""No request leaves the server: seen from outside, by a listener that counts connections and by strace that counts opens."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.integration.conftest import Server
from tests.integration.test_writing import send

QUERY = {"Content-Type": "application/sparql-query"}
UPDATE = {"Content-Type": "application/sparql-update"}
TURTLE = {"Content-Type": "text/turtle"}
JSON_LD = {"Content-Type": "application/ld+json"}
XML = {"Content-Type": "application/rdf+xml"}


@contextmanager
def listener() -> Iterator[tuple[str, list[int]]]:
    """Give an address, and a list with one entry for each connection made to it so far."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        seen: list[int] = []
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", seen
        while True:
            try:
                connection, _ = server.accept()
            except TimeoutError:
                break
            seen.append(1)
            connection.close()


def queries(there: str) -> list[str]:
    return [
        f"ASK {{ SERVICE <{there}> {{ ?s ?p ?o }} }}",
        f"ASK {{ SERVICE SILENT <{there}> {{ ?s ?p ?o }} }}",
        f"ASK {{ VALUES ?x {{ <{there}> }} SERVICE ?x {{ ?s ?p ?o }} }}",
        f"ASK {{ FILTER EXISTS {{ {{ SERVICE <{there}> {{ }} }} }} }}",
        rf"ASK {{ \u0053ERVICE <{there}> {{ }} }}",
        f"PREFIX x: <{there}> ASK {{ SERVICEx:y {{ }} }}",
        f"ASK {{ FILTER(?a<?b) SERVICE<{there}>{{}} }}",
        f"SELECT * FROM <{there}> {{ ?s ?p ?o }}",
        f"SELECT * FROM NAMED <{there}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        f"DESCRIBE <{there}>",
    ]


def writes(there: str) -> list[tuple[str, str, bytes, dict[str, str]]]:
    updates = [
        f"LOAD <{there}>",
        f"LOAD SILENT <{there}>",
        f"LOAD SILENT <{there}> INTO GRAPH <x:g>",
        "LOAD <file:///etc/passwd>",
        "LOAD SILENT <file:///etc/passwd>",
        f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{there}> {{ ?s ?p ?o }} }}",
        f"INSERT {{ ?s ?p ?o }} USING <{there}> WHERE {{ ?s ?p ?o }}",
    ]
    entities = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{there}">]><r>&x;</r>'
    context = f'{{"@context": "{there}", "@id": "x:a", "x:p": 1}}'
    graph = "/rdf-graph-store?graph=x:out"
    return [
        *(("POST", "/update", text.encode(), UPDATE) for text in updates),
        ("PUT", graph, context.encode(), JSON_LD),
        ("PUT", graph, f'{{"@context": {{"@import": "{there}"}}, "@id": "x:a", "x:p": 1}}'.encode(), JSON_LD),
        ("PUT", graph, entities.encode(), XML),
        ("PUT", graph, f"@base <{there}> . <> <p> <o> .".encode(), TURTLE),
        ("PUT", f"/rdf-graph-store?graph={urllib.parse.quote(there)}", b"<x:a> <x:b> <x:c> .", TURTLE),
        ("GET", f"/sparql?query=ASK%7B%7D&default-graph-uri={urllib.parse.quote(there)}", b"", {}),
    ]


def test_nothing_that_is_sent_makes_a_connection(scratch: Server) -> None:
    with listener() as (there, seen):
        for text in queries(there):
            status, _, body = send(scratch, "POST", "/sparql", text.encode(), QUERY)
            expected = (403,) if "ERVICE" in text else (200, 403)
            assert status in expected, (text, body)
        for method, path, data, headers in writes(there):
            status, _, body = send(scratch, method, path, data, headers)
            assert status in (200, 201, 204, 400, 403, 404), (data, body)
            if data.startswith(b"LOAD <"):
                assert status == 403
                assert b"no outgoing requests" in body
    assert not seen


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")
def test_a_worker_could_not_connect_if_the_first_wall_fell() -> None:
    """The engine itself is asked to call out, in a process confined as a worker is."""
    with listener() as (there, seen):
        program = (
            "import sys; from ptce_lod.query.confinement import forbid_network; import pyoxigraph as ox\n"
            "assert forbid_network()\n"
            "try: list(ox.Store().query(sys.argv[1]))\n"
            "except Exception as error: print(type(error).__name__)\n"
            "try: ox.Store().update(sys.argv[2])\n"
            "except Exception as error: print(type(error).__name__)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", program, f"ASK {{ SERVICE <{there}> {{ ?s ?p ?o }} }}", f"LOAD <{there}>"],
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert len(done.stdout.split()) == 2, done.stderr
    assert not seen


@pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace is not installed (scripts/install-test-tools)"
)
def test_strace_sees_no_connection_and_no_file_of_the_client_s_choice(
    scratch: Server, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    pids = [scratch.process.pid, *scratch.children()]
    command = ["strace", "-f", "-q", "-e", "trace=connect,openat,open,socket,execve", "-o", str(trace)]
    for pid in pids:
        command += ["-p", str(pid)]
    complaints = (tmp_path / "complaints").open("w+")
    tracer = subprocess.Popen(command, stderr=complaints)
    try:
        time.sleep(0.5)
        if tracer.poll() is not None:
            pytest.skip(f"strace may not attach here: {(tmp_path / 'complaints').read_text()}")
        with listener() as (there, seen):
            for text in queries(there):
                send(scratch, "POST", "/sparql", text.encode(), QUERY)
            for method, path, data, headers in writes(there):
                send(scratch, method, path, data, headers)
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(timeout=10)
        complaints.close()
    lines = trace.read_text(encoding="utf-8", errors="replace").splitlines()
    assert not seen
    assert not [line for line in lines if re.search(r"\b(connect|execve)\(", line) and "= 0" in line]
    assert not [line for line in lines if "AF_INET" in line and re.search(r"= [0-9]+$", line)], (
        "no socket was given"
    )
    assert not [line for line in lines if "passwd" in line]
