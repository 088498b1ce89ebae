"""Workers that share a release in memory answer as those on disk do, and can be killed as they can."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from ptce_lod import formats
from ptce_lod.errors import BackendUnavailable, ClientGone, PtceError, QueryTimedOut
from ptce_lod.query.backend import QueryRequest
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.query.forked import ForkedWorker
from ptce_lod.query.forkserver import load
from ptce_lod.query.scan import Scan
from ptce_lod.query.workers import WorkerPool
from ptce_lod.release.layout import ReleaseLayout
from ptce_lod.settings import Settings
from tests.unit.query.small_release import BASE

BOMB = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
FACTS = f"<{BASE}graph/facts/2026-11-22>"
PAGES = f"<{BASE}graph/pages/2026-11-22>"
MALFORMED = "SELECT BNODE"
QUERIES = [
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
    f"SELECT * FROM {FACTS} {{ ?s a ptce:Pole }} ORDER BY ?s",
    f"SELECT * FROM NAMED {FACTS} {{ GRAPH ?g {{ ?s a ptce:Pole }} }} ORDER BY ?s",
    "SELECT * { poleid:archer ?p ?o } ORDER BY ?p ?o",
    "SELECT ?s (ptcef:score(?s, 'ecrins') AS ?score) { ?s a ptce:Pole } ORDER BY ?s",
    "SELECT ?s { ?s skos:prefLabel ?l FILTER(REGEX(?l, 'p.le', 'i')) } ORDER BY ?s",
    "SELECT (<https://example.org/none>(1) AS ?x) {}",
    "SELECT ?s { ?s (ptce:territory/ptce:coversUnit)+ ?u } ORDER BY ?s",
    "ASK { ?s ptce:nothing ?o }",
    "DESCRIBE poleid:archer",
    "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c }",
    "CONSTRUCT { [] ptce:of ?s } WHERE { ?s a ptce:Pole }",
    "SELECT ?b (COUNT(*) AS ?n) { ?s ?p [] BIND(ISBLANK(BNODE()) AS ?b) } GROUP BY ?b",
    f"DESCRIBE poleid:archer FROM {FACTS}",
    "SELECT ?s ?l { ?s skos:prefLabel ?l FILTER(ptcef:matches(?l, 'pole') && ptcef:fold(?l) != 'x') } ORDER BY ?s",
    "SELECT ?t { ?s ?p ?o FILTER(ISNUMERIC(?o)) BIND(CONCAT(STR(?o), STR(DATATYPE(?o))) AS ?t) } ORDER BY ?t",
    MALFORMED,
]


linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Say whether a process runs; one that nobody has reaped yet counts as left behind."""
    return Path(f"/proc/{pid}").exists() if Path("/proc").is_dir() else _answers(pid)


def _answers(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def pool(small: ReleaseLayout, small_settings: Settings) -> Iterator[WorkerPool]:
    made = WorkerPool(small.store, small_settings, small.search_index, small.dumps / "all.nq")
    yield made
    made.close()


@pytest.fixture
def forked(pool: WorkerPool) -> WorkerPool:
    until(lambda: {type(worker) for worker in tuple(pool._all)} == {ForkedWorker})
    return pool


def run(pool: WorkerPool, text: str, **more: object) -> tuple[str, bytes, tuple[str, ...]]:
    request = QueryRequest(text, **more)  # type: ignore[arg-type]
    select, graph = formats.RESULT_FORMATS, (formats.N_QUADS,)
    try:
        answer = pool.run(request, Scan("FROM" in text), select=select, graph=graph)
    except PtceError as error:
        return type(error).__name__, error.message.encode(), ()
    with answer.body as body:
        data = body.read()
    if answer.format is formats.N_QUADS:
        data = b"\n".join(sorted(re.sub(rb"_:\w+", b"_:b", line) for line in data.splitlines()))
    return answer.format.name, data, answer.unknown_functions


def test_both_kinds_of_worker_give_the_same_answers(
    small: ReleaseLayout, small_settings: Settings, forked: WorkerPool
) -> None:
    on_disk = WorkerPool(small.store, small_settings, small.search_index)
    try:
        for text in QUERIES:
            found = run(forked, text)
            assert found == run(on_disk, text), text
            assert (found[0] == "MalformedQuery") == (text == MALFORMED), text
        for dataset in (
            {"default_graphs": (FACTS[1:-1],)},
            {"named_graphs": (FACTS[1:-1],)},
            {"default_graphs": (FACTS[1:-1],), "named_graphs": (PAGES[1:-1],)},
        ):
            for text in QUERIES[:3]:
                assert run(forked, text, **dataset) == run(on_disk, text, **dataset), (text, dataset)
    finally:
        on_disk.close()


def test_the_store_in_memory_holds_what_the_one_on_disk_does(small: ReleaseLayout) -> None:
    disk = ox.Store.read_only(str(small.store))
    assert set(load(str(small.dumps / "all.nq"))) == set(disk)


def test_queries_are_answered_before_the_release_is_in_memory(pool: WorkerPool) -> None:
    assert b'"n"' in run(pool, QUERIES[0])[1]


def test_a_deadline_kills_the_worker_and_the_next_query_is_answered(forked: WorkerPool) -> None:
    before = forked.pids()
    with pytest.raises(QueryTimedOut):
        forked.run(
            QueryRequest(BOMB, timeout_seconds=0.2), Scan(False), select=formats.RESULT_FORMATS, graph=()
        )
    assert b'"n"' in run(forked, QUERIES[0])[1]
    (gone,) = set(before) - set(forked.pids())
    assert not is_alive(gone), "no zombie either"


def test_a_client_that_hangs_up_frees_its_worker(forked: WorkerPool) -> None:
    began = time.monotonic()
    with pytest.raises(ClientGone):
        forked.run(
            QueryRequest(BOMB), Scan(False), select=formats.RESULT_FORMATS, graph=(), abandoned=lambda: True
        )
    assert time.monotonic() - began < 2


def test_too_much_memory_ends_one_query(small: ReleaseLayout, small_settings: Settings) -> None:
    settings = replace(small_settings, query_memory_bytes=300_000_000, query_timeout_seconds=20)
    pool = WorkerPool(small.store, settings, None, small.dumps / "all.nq")
    try:
        until(lambda: pool.is_in_memory)
        text = (
            "SELECT ?x { BIND('x' AS ?a) "
            + "".join(
                f"BIND(CONCAT(?{c}, ?{c}, ?{c}, ?{c}, ?{c}, ?{c}, ?{c}, ?{c}) AS ?{d}) "
                for c, d in zip("abcdefghijkl", "bcdefghijklm", strict=True)
            )
            + "BIND(STRLEN(?m) AS ?x) }"
        )
        kind, message, _ = run(pool, text)
        assert kind == BackendUnavailable.__name__
        assert b"memory" in message
        assert b'"n"' in run(pool, QUERIES[0])[1]
    finally:
        pool.close()


def test_a_busy_worker_killed_from_outside_is_told_and_replaced(forked: WorkerPool) -> None:
    told: list[tuple[str, bytes, tuple[str, ...]]] = []
    thread = threading.Thread(target=lambda: told.append(run(forked, BOMB)))
    thread.start()
    time.sleep(0.3)
    for pid in forked.pids():
        os.kill(pid, signal.SIGKILL)
    thread.join()
    assert told[0][0] == BackendUnavailable.__name__
    assert b"killed from outside" in told[0][1]
    assert b'"n"' in run(forked, QUERIES[0])[1]


def test_without_its_server_queries_are_answered_from_disk(forked: WorkerPool) -> None:
    server = forked._fork_server
    assert server is not None
    os.kill(server.pid, signal.SIGKILL)
    for pid in forked.pids():
        os.kill(pid, signal.SIGKILL)
    until(lambda: not any(worker.is_alive for worker in forked._all))
    for _ in range(4):
        assert b'"n"' in run(forked, QUERIES[0])[1]
    assert not forked.is_in_memory


def busy(pool: WorkerPool) -> tuple[threading.Thread, list[str], int]:
    """Start a query that never ends; return its thread, what it was told once it has ended, and the worker's process id."""
    told: list[str] = []

    def ask() -> None:
        try:
            pool.run(QueryRequest(BOMB), Scan(False), select=formats.RESULT_FORMATS, graph=())
        except PtceError as error:
            told.append(error.message)

    (pid,) = pool.pids()
    before = ticks(pid)
    thread = threading.Thread(target=ask)
    thread.start()
    until(lambda: ticks(pid) > before + 5)
    return thread, told, pid


def ticks(pid: int) -> int:
    """Return the processor time of a process, in hundredths of a second."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


@linux
def test_the_end_of_the_server_ends_a_busy_worker_too(forked: WorkerPool) -> None:
    """Nobody else could kill it with certainty, and the engine hears of nothing while it computes."""
    thread, told, pid = busy(forked)
    assert forked._fork_server is not None
    os.kill(forked._fork_server.pid, signal.SIGKILL)
    until(lambda: not is_alive(pid), 30)
    thread.join()
    assert "query was stopped" in told[0]
    assert b'"n"' in run(forked, QUERIES[0])[1]


@linux
def test_nothing_outlives_whoever_started_it(small: ReleaseLayout, small_settings: Settings) -> None:
    """As when the web process is killed: only the sockets tell its children."""
    pool = WorkerPool(small.store, small_settings, None, small.dumps / "all.nq")
    try:
        until(lambda: pool.is_in_memory and type(next(iter(pool._all), None)) is ForkedWorker)
        thread, _, pid = busy(pool)
        server = pool._fork_server
        assert server is not None
        server._process._connection.shutdown(socket.SHUT_RDWR)
        until(lambda: not is_alive(pid) and not server._process.is_alive, 30)
        thread.join()
    finally:
        pool.close()


@linux
def test_the_server_has_one_thread_when_it_forks(forked: WorkerPool) -> None:
    """A fork copies the thread that forks; a lock held by another would stay locked."""
    assert forked._fork_server is not None
    assert len(list(Path(f"/proc/{forked._fork_server.pid}/task").iterdir())) == 1


def test_the_change_of_workers_leaves_no_moment_without_one(
    small: ReleaseLayout, small_settings: Settings
) -> None:
    """With a queue of no length a query that finds no worker is refused."""
    settings = replace(small_settings, query_queue_length=0)
    pool = WorkerPool(small.store, settings, None, small.dumps / "all.nq")
    try:
        while not (pool.is_in_memory and type(next(iter(pool._all), None)) is ForkedWorker):
            assert b'"n"' in run(pool, QUERIES[0])[1]
        assert len(pool.pids()) == settings.query_workers
    finally:
        pool.close()


def test_closing_leaves_no_process(small: ReleaseLayout, small_settings: Settings) -> None:
    for wait in (True, False):
        pool = WorkerPool(small.store, small_settings, None, small.dumps / "all.nq")
        if wait:
            until(lambda pool=pool: pool.is_in_memory)  # type: ignore[misc]
        assert pool._fork_server is not None
        pids = [*pool.pids(), pool._fork_server.pid]
        pool.close()
        until(lambda pids=pids: not any(map(is_alive, pids)), 30)  # type: ignore[misc]


def test_a_dump_that_cannot_be_read_leaves_the_workers_on_disk(
    small: ReleaseLayout, small_settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "all.nq").write_text("no quads\n")
    pool = WorkerPool(small.store, small_settings, None, tmp_path / "all.nq")
    try:
        until(lambda: "cannot be held in memory" in caplog.text)
        assert b'"n"' in run(pool, QUERIES[0])[1]
        assert not pool.is_in_memory
    finally:
        pool.close()


@pytest.mark.parametrize(("limit", "in_memory"), [(0, False), (3, False), (1_000_000, True)])
def test_the_setting_says_which_releases_are_held(
    small: ReleaseLayout, small_settings: Settings, limit: int, in_memory: bool
) -> None:
    backend = EmbeddedBackend(small, replace(small_settings, memory_store_quads=limit))
    try:
        backend.start_workers()
        assert backend._pool is not None
        assert (backend._pool._fork_server is not None) == in_memory
        request = QueryRequest(QUERIES[0])
        with backend.query(request, select=formats.RESULT_FORMATS, graph=()).body as body:
            assert json.load(body)["results"]["bindings"]
    finally:
        backend.close()
