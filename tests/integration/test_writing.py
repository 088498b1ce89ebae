"""Writing over HTTP: tokens, what an accepted write shows to whom, and what a refused one leaves as it was."""

from __future__ import annotations

import http.client
import json
import os
import resource
import signal
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore

from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish_log import publications
from tests.integration.conftest import (
    ENDED,
    Server,
    environment,
    free_port,
    start,
    stop,
    wait_until_ready,
    writable_site,
)
from tests.tiny_project import publish_tiny, tiny_settings

TOKENS = """
[[token]]
name = "alice"
secret = "alice's secret"
scopes = ["update", "graph-store"]
[[token]]
name = "bob"
secret = "bob's secret"
scopes = ["graph-store"]
"""
ALICE = {"Authorization": "Bearer alice's secret"}
BOB = {"Authorization": "Bearer bob's secret"}
UPDATE = {"Content-Type": "application/sparql-update"}
ALT = "<http://www.w3.org/2004/02/skos/core#altLabel>"
INSERT = b'INSERT DATA { poleid:un skos:altLabel "Un, autrement"@fr }'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of two processes over a release of real shape, with two tokens."""
    with writable_site(tmp_path_factory.mktemp("writing"), TOKENS) as served:
        yield served
    assert "secret" not in served.log.read_text(encoding="utf-8", errors="replace")


def send(
    site: Server, method: str, path: str, body: bytes | None = None, *headers: Mapping[str, str]
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    try:
        connection.request(method, path, body, {k: v for part in headers for k, v in part.items()})
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def published(site: Server) -> str:
    return site.var.published().release_id


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/update", {}, 401),
        ("/update", {"Authorization": "Bearer wrong"}, 401),
        ("/update", {"Authorization": "Basic YWxpY2U6c2VjcmV0"}, 401),
        ("/update", {"Authorization": "Bearer"}, 401),
        ("/update", BOB, 403),
        ("/update?access_token=alice%27s%20secret", {}, 401),
        ("/rdf-graph-store?default", {}, 401),
    ],
)
def test_without_the_right_token_nothing_is_written(
    site: Server, path: str, headers: Mapping[str, str], status: int
) -> None:
    before = published(site)
    kind = UPDATE if path.startswith("/update") else {"Content-Type": "text/turtle"}
    found, answered, body = send(site, "POST", path, INSERT, kind, headers)
    assert found == status
    assert answered["Content-Type"] == "application/problem+json"
    assert b"secret" not in body
    assert (answered["WWW-Authenticate"] or "").startswith("Bearer") is (status == 401)
    assert published(site) == before


def test_an_update_is_seen_by_every_process_at_once_and_can_be_undone(site: Server) -> None:
    question = "/sparql?query=" + "ASK%20%7B%3Fs%20skos:altLabel%20%22Un,%20autrement%22@fr%7D"
    status, headers, body = send(site, "POST", "/update", INSERT, UPDATE, ALICE)
    assert status == 200
    outcome = json.loads(body)
    assert (outcome["added"], outcome["removed"], outcome["conforms"]) == (1, 0, True)
    assert headers["PTCE-Release"] == outcome["release"] == published(site)
    answers = [json.loads(send(site, "GET", question)[2])["boolean"] for _ in range(12)]
    assert all(answers), "whichever process answers"
    entry = publications(site.var)[-1]
    assert (entry.by, entry.added) == ("alice", 1)
    undo = INSERT.replace(b"INSERT", b"DELETE")
    assert send(site, "POST", "/update", undo, UPDATE, ALICE)[0] == 200
    answers = [json.loads(send(site, "GET", question)[2])["boolean"] for _ in range(12)]
    assert not any(answers)


# rdflib's JSON-LD parser uses a class that rdflib deprecates.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/problem+json"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
    ],
)
def test_a_violation_is_422_with_the_report_in_the_negotiated_format(
    site: Server, accept: str, media_type: str
) -> None:
    before = published(site)
    breaking = b"DELETE WHERE { poleid:deux skos:prefLabel ?name }"
    status, headers, body = send(site, "POST", "/update", breaking, UPDATE, ALICE, {"Accept": accept})
    assert status == 422
    assert headers["Content-Type"].startswith(media_type)
    if media_type == "application/problem+json":
        assert json.loads(body)["report"]["conforms"] is False
    else:
        graph = rdflib.Graph().parse(data=body, format="turtle" if media_type == "text/turtle" else "json-ld")
        focus = rdflib.URIRef(f"{site.base}id/pole/deux")
        assert (None, rdflib.SH.focusNode, focus) in graph
    assert published(site) == before


def test_a_dry_run_tells_and_changes_nothing(site: Server) -> None:
    before = published(site)
    status, _, body = send(site, "POST", "/update?dry-run", INSERT, UPDATE, ALICE)
    told = json.loads(body)
    assert (status, told["dry-run"], told["conforms"], told["added"]) == (200, True, True, 1)
    assert f'A <{site.base}id/pole/un> {ALT} "Un, autrement"@fr' in told["patch"]
    _, headers, patch = send(
        site, "POST", "/update?dry-run", INSERT, UPDATE, ALICE, {"Accept": "application/rdf-patch"}
    )
    assert headers["Content-Type"].startswith("application/rdf-patch")
    assert patch.decode() == told["patch"]
    assert published(site) == before


def test_the_graph_store_answers_by_the_protocol(site: Server) -> None:
    address = f"/rdf-graph-store?graph={site.base}graph/mine/1"
    turtle = {"Content-Type": "text/turtle"}
    body = f'<{site.base}id/pole/un> {ALT} "A"@fr .'.encode()
    assert send(site, "GET", address)[0] == 404
    assert send(site, "PUT", address, body, turtle, BOB)[0] == 201
    status, headers, got = send(site, "GET", address, None, {"Accept": "application/n-triples"})
    assert (status, got.decode().strip()) == (200, body.decode())
    head = send(site, "HEAD", address, None, {"Accept": "application/n-triples"})
    assert (head[0], head[1]["ETag"], head[2]) == (200, headers["ETag"], b"")
    more = body.replace(b'"A"', b'"B"')
    assert send(site, "POST", address, more, turtle, BOB, {"If-Match": '"0123456789abcdef-x"'})[0] == 412
    assert send(site, "POST", address, more, turtle, BOB, {"If-Match": headers["ETag"]})[0] == 204
    assert send(site, "PUT", address, body, turtle, BOB, {"If-None-Match": "*"})[0] == 412
    assert send(site, "GET", address)[2].count(b"@fr") == 2
    assert send(site, "DELETE", address, None, BOB)[0] == 204
    assert send(site, "GET", address)[0] == 404
    assert send(site, "DELETE", address, None, BOB)[0] == 404


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("PUT", "/rdf-graph-store", {"Content-Type": "text/turtle"}, 400),
        ("PUT", "/rdf-graph-store?graph=relative", {"Content-Type": "text/turtle"}, 400),
        ("PUT", "/rdf-graph-store?default&graph=http://g", {"Content-Type": "text/turtle"}, 400),
        ("PUT", "/rdf-graph-store?graph=http://g", {"Content-Type": "application/zip"}, 415),
        ("PUT", "/rdf-graph-store?graph=http://g", {"Content-Type": "text/turtle"}, 400),
        ("PUT", "/rdf-graph-store?default", {"Content-Type": "application/n-triples"}, 403),
        ("DELETE", "/rdf-graph-store?default", {}, 403),
        ("PATCH", "/rdf-graph-store?default", {}, 405),
        ("GET", "/update", {}, 405),
        ("POST", "/update", {"Content-Type": "text/plain"}, 415),
    ],
)
def test_what_is_not_the_protocol_has_its_status(
    site: Server, method: str, path: str, headers: Mapping[str, str], status: int
) -> None:
    before = published(site)
    found, answered, _ = send(site, method, path, b"<a> <b ", headers, ALICE)
    assert found == status
    assert answered["Content-Type"] == "application/problem+json"
    assert published(site) == before


# rdflib's own store opens a dataset it deprecates.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_rdflib_s_update_store_writes(site: Server) -> None:
    store = SPARQLUpdateStore(
        f"{site.base}sparql", f"{site.base}update", context_aware=False, headers=dict(ALICE)
    )
    graph = rdflib.Graph(store)
    triple = (
        rdflib.URIRef(f"{site.base}id/pole/un"),
        rdflib.SKOS.altLabel,
        rdflib.Literal("par rdflib", lang="fr"),
    )
    graph.add(triple)
    assert triple in graph
    graph.remove(triple)
    assert triple not in graph


def test_a_full_disk_is_507_and_the_old_release_goes_on(tmp_path: Path) -> None:
    port = free_port()
    base, log = f"http://127.0.0.1:{port}/", tmp_path / "log"
    settings = replace(tiny_settings(tmp_path), base_iri=base, port=port)
    publish_tiny(settings)
    (tmp_path / "tokens.toml").write_text(TOKENS, encoding="utf-8")
    changes = {
        "PTCE_DATA_DIR": str(settings.data_dir),
        "PTCE_TOKENS_FILE": str(tmp_path / "tokens.toml"),
    }
    process = start(tmp_path / "var", log, port, **changes)
    site = Server(base, port, process, log, VarLayout(tmp_path / "var"))
    try:
        wait_until_ready(base, process, log)
        # A file system without room, for this process and its children: no file may grow beyond 20 kB.
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (20_000, 20_000))
        before = published(site)
        status, headers, body = send(site, "POST", "/update", INSERT, UPDATE, ALICE)
        assert status == 507, body
        assert headers["Retry-After"]
        assert b"nothing was changed" in body
        assert published(site) == before
        assert not list(site.var.path.glob("candidate-*"))
        assert send(site, "GET", "/sparql?query=ASK%7B%7D")[0] == 200
        assert send(site, "GET", "/doc/pole/un.ttl")[0] == 200
    finally:
        stop(process)
    assert "Traceback" not in log.read_text(encoding="utf-8")


def test_a_write_killed_from_outside_changes_nothing_and_the_next_one_succeeds(site: Server) -> None:
    import threading

    before = published(site)
    answers: list[int] = []
    thread = threading.Thread(
        target=lambda: answers.append(send(site, "POST", "/update", INSERT, UPDATE, ALICE)[0])
    )
    thread.start()
    deadline = time.monotonic() + 10
    writer = None
    while writer is None and time.monotonic() < deadline:
        time.sleep(0.02)
        for pid in site.children():
            try:
                if b"ptce_lod.edit.process" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    writer = pid
            except ENDED:
                continue
    assert writer is not None
    time.sleep(0.4)
    os.kill(writer, signal.SIGKILL)
    thread.join()
    assert answers == [503]
    assert published(site) == before
    assert send(site, "POST", "/update?dry-run", INSERT, UPDATE, ALICE)[0] == 200
    assert not list(site.var.path.glob("candidate-*"))


def test_the_environment_of_a_server_names_the_file_of_tokens_or_it_does_not_start(tmp_path: Path) -> None:
    import subprocess
    import sys

    settings = tiny_settings(tmp_path)
    publish_tiny(settings)
    done = subprocess.run(
        [sys.executable, "-m", "ptce_lod.cli", "serve"],
        env={
            **environment(settings.base_iri, free_port(), tmp_path / "var"),
            "PTCE_TOKENS_FILE": "none.toml",
        },
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode != 0
    assert "none.toml: cannot be read" in done.stderr


def test_the_scratch_dataset_takes_everything_and_tells_it(scratch: Server) -> None:
    assert (
        send(
            scratch,
            "POST",
            "/update",
            b"INSERT DATA { <x:a> <x:b> 'c' . GRAPH <x:g> { <x:a> <x:b> 1 } }",
            UPDATE,
        )[0]
        == 200
    )
    count = "/sparql?format=csv&query=SELECT%20(COUNT(*)%20AS%20%3Fn)%20%7B%3Fs%20%3Fp%20%3Fo%7D"
    assert send(scratch, "GET", count)[2] == b"n\r\n1\r\n", "the default graph is a graph of its own"
    description = rdflib.Graph().parse(data=send(scratch, "GET", "/sparql")[2], format="turtle")
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    assert (None, sd.supportedLanguage, sd.SPARQL11Update) in description
    assert (None, sd.feature, sd.UnionDefaultGraph) not in description
    assert (None, sd.name, rdflib.URIRef("x:g")) in description


def test_a_bomb_in_the_scratch_dataset_leaves_it_whole(scratch: Server) -> None:
    rows = " ".join(f"<x:{n}> <x:p> {n} ." for n in range(300))
    assert send(scratch, "PUT", "/rdf-graph-store?graph=x:h", rows.encode(), {"Content-Type": "text/turtle"})[
        0
    ] in (201, 204)
    bomb = b"SELECT (COUNT(*) AS ?n) FROM <x:h> { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    query = {"Content-Type": "application/sparql-query"}
    begun = time.monotonic()
    assert send(scratch, "POST", "/sparql?timeout=0.5", bomb, query)[0] == 503
    assert time.monotonic() - begun < 3
    nested = b"INSERT { ?s ?p ?o } WHERE " + b"{" * 3000
    assert send(scratch, "POST", "/update", nested, UPDATE)[0] == 403
    assert send(scratch, "POST", "/update", b"LOAD <http://127.0.0.1:9/>", UPDATE)[0] == 403
    size = send(scratch, "GET", "/rdf-graph-store?graph=x:h", None, {"Accept": "application/n-triples"})[2]
    assert len(list(ox.parse(size, format=ox.RdfFormat.N_TRIPLES))) == 300
