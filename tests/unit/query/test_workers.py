from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from ptce_lod import formats
from ptce_lod.errors import (
    BackendUnavailable,
    MalformedQuery,
    NotAcceptable,
    QueryTimedOut,
    ResultTooLarge,
)
from ptce_lod.query.backend import QueryAnswer, QueryRequest
from ptce_lod.query.scan import Scan
from ptce_lod.query.workers import WorkerPool
from ptce_lod.release.layout import ReleaseLayout
from ptce_lod.settings import Settings
from tests.unit.query.small_release import BASE

BOMB = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"


@pytest.fixture(scope="module")
def pool(small: ReleaseLayout, small_settings: Settings) -> Iterator[WorkerPool]:
    pool = WorkerPool(small.store, small_settings)
    yield pool
    pool.close()


def run(pool: WorkerPool, text: str, *, has_from: bool = False, **more: object) -> QueryAnswer:
    """Run without the scan: what the worker does by itself."""
    return pool.run(
        QueryRequest(text, **more),  # type: ignore[arg-type]
        Scan(has_from),
        select=formats.RESULT_FORMATS,
        graph=formats.RDF_FORMATS,
    )


def count(pool: WorkerPool, pattern: str, **more: object) -> int:
    with run(pool, f"SELECT (COUNT(*) AS ?n) {pattern}", **more).body as body:  # type: ignore[arg-type]
        return int(json.load(body)["results"]["bindings"][0]["n"]["value"])


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_default_graph_is_the_union_and_project_prefixes_are_known(pool: WorkerPool) -> None:
    assert count(pool, "{ ?pole a ptce:Pole }") == 4
    assert count(pool, "{ GRAPH ?g { poleid:archer a ptce:Pole } }") == 1
    assert count(pool, "{ <id/pole/archer> a ptce:Pole }") == 1


def test_a_dataset_clause_replaces_the_union(pool: WorkerPool) -> None:
    pages = f"<{BASE}graph/pages/2026-11-22>"
    assert count(pool, f"FROM {pages} {{ ?pole a ptce:Pole }}", has_from=True) == 0
    assert count(pool, f"FROM {pages} {{ ?page a foaf:Document }}", has_from=True) == 1


def test_the_request_s_dataset_wins(pool: WorkerPool) -> None:
    facts, pages = f"{BASE}graph/facts/2026-11-22", f"{BASE}graph/pages/2026-11-22"
    assert count(pool, "{ ?pole a ptce:Pole }", default_graphs=(pages,)) == 0
    assert count(pool, "{ GRAPH ?g { ?pole a ptce:Pole } }", named_graphs=(facts,)) == 4
    assert count(pool, "{ ?pole a ptce:Pole }", named_graphs=(facts,)) == 0


def test_each_kind_of_query_gets_the_best_format_that_can_hold_it(pool: WorkerPool) -> None:
    assert run(pool, "ASK { }").format is formats.SPARQL_JSON
    assert run(pool, "DESCRIBE poleid:archer").format is formats.TURTLE
    with pytest.raises(NotAcceptable):
        pool.run(QueryRequest("ASK {}"), Scan(False), select=(), graph=(formats.TURTLE,))


@pytest.mark.parametrize("format_", formats.RESULT_FORMATS)
def test_every_result_format_is_written(pool: WorkerPool, format_: formats.Format) -> None:
    answer = pool.run(QueryRequest("SELECT ?s { ?s a ptce:Pole }"), Scan(False), select=(format_,), graph=())
    with answer.body as body:
        assert len(body.read()) == answer.size > 0
    assert answer.format is format_


def test_a_long_answer_arrives_whole(pool: WorkerPool) -> None:
    answer = run(pool, "SELECT ?s { ?s ?p ?o . ?a ?b ?c } LIMIT 800")
    with answer.body as body:
        data = body.read()
    assert len(data) == answer.size > 32_768
    assert len(json.loads(data)["results"]["bindings"]) == 800


def test_a_syntax_error_says_line_and_column(pool: WorkerPool) -> None:
    with pytest.raises(MalformedQuery, match="line 3, column 1: expected") as caught:
        run(pool, "SELECT * {\n ?s ?p \n")
    assert (caught.value.line, caught.value.column) == (3, 1)
    assert len(caught.value.message) < 500


def test_a_result_over_the_limit_is_no_answer(pool: WorkerPool) -> None:
    with pytest.raises(ResultTooLarge, match="200000 bytes"):
        run(pool, "SELECT * { ?a ?b ?c . ?d ?e ?f }")


def test_a_query_past_its_deadline_is_killed_and_the_pool_recovers(pool: WorkerPool) -> None:
    (before,) = pool.pids()
    with pytest.raises(QueryTimedOut, match=r"longer than 0\.3 seconds"):
        run(pool, BOMB, timeout_seconds=0.3)
    assert not is_alive(before)
    assert count(pool, "{ ?pole a ptce:Pole }") == 4


def test_a_client_cannot_lengthen_the_deadline(small: ReleaseLayout, small_settings: Settings) -> None:
    pool = WorkerPool(small.store, replace(small_settings, query_timeout_seconds=0.5))
    try:
        with pytest.raises(QueryTimedOut, match=r"0\.5 seconds"):
            run(pool, BOMB, timeout_seconds=1000)
    finally:
        pool.close()


def test_a_memory_bomb_kills_only_its_worker(small: ReleaseLayout, small_settings: Settings) -> None:
    pool = WorkerPool(small.store, replace(small_settings, query_memory_bytes=200_000_000))
    doubling = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}, ?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(16))
    try:
        with pytest.raises(BackendUnavailable, match="more memory"):
            run(pool, f"SELECT (STRLEN(?x16) AS ?n) {{ BIND('{'a' * 64}' AS ?x0) {doubling} }}")
        assert count(pool, "{ ?pole a ptce:Pole }") == 4
    finally:
        pool.close()


def test_a_query_too_deep_for_the_engine_kills_only_its_worker(pool: WorkerPool) -> None:
    with pytest.raises(BackendUnavailable, match="nested too deeply"):
        run(pool, "ASK { FILTER(" + "(" * 20_000 + "1" + ")" * 20_000 + ") }")
    assert count(pool, "{ ?pole a ptce:Pole }") == 4


def test_a_worker_killed_from_outside_is_replaced(pool: WorkerPool) -> None:
    (pid,) = pool.pids()
    with ThreadPoolExecutor(1) as threads:
        future = threads.submit(run, pool, BOMB)
        while pool._idle:  # an idle worker that is killed costs nobody an answer: this one has to be at work
            time.sleep(0.001)
        time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(BackendUnavailable):
            future.result()
    assert count(pool, "{ ?pole a ptce:Pole }") == 4


def test_a_full_queue_is_refused_at_once(small: ReleaseLayout, small_settings: Settings) -> None:
    settings = replace(small_settings, query_queue_length=0, query_timeout_seconds=2)
    pool = WorkerPool(small.store, settings)
    started = threading.Event()

    def bomb() -> None:
        started.set()
        with pytest.raises(QueryTimedOut):
            run(pool, BOMB)

    try:
        with ThreadPoolExecutor(1) as threads:
            future = threads.submit(bomb)
            started.wait()
            refused = False
            for _ in range(100):
                try:
                    run(pool, "ASK {}")
                except BackendUnavailable as error:
                    refused = "queue is full" in error.message
                    break
            assert refused
            future.result()
    finally:
        pool.close()


def test_many_threads_share_the_workers(small: ReleaseLayout, small_settings: Settings) -> None:
    pool = WorkerPool(small.store, replace(small_settings, query_workers=2, query_queue_length=100))
    try:
        with ThreadPoolExecutor(12) as threads:
            counts = list(threads.map(lambda _: count(pool, "{ ?pole a ptce:Pole }"), range(60)))
    finally:
        pool.close()
    assert counts == [4] * 60


def test_closing_ends_the_children_also_in_the_middle_of_a_query(
    small: ReleaseLayout, small_settings: Settings
) -> None:
    pool = WorkerPool(small.store, small_settings)
    pids = pool.pids()
    with ThreadPoolExecutor(1) as threads:
        future = threads.submit(run, pool, BOMB)
        while not future.running():
            pass
        pool.close()
        with pytest.raises(BackendUnavailable):
            future.result()
    assert not any(is_alive(pid) for pid in pids)


@pytest.mark.skipif(sys.platform != "linux", reason="the second wall, seccomp, exists on Linux only")
def test_a_worker_makes_no_connection_even_when_the_scan_is_passed_by(pool: WorkerPool) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.2)
    port = listener.getsockname()[1]
    with listener:
        with pytest.raises(BackendUnavailable):
            run(pool, f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}")
        run(pool, f"SELECT * FROM <http://127.0.0.1:{port}/> {{ ?s ?p ?o }}", has_from=True)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_an_orphan_ends_by_itself(small: ReleaseLayout, small_settings: Settings) -> None:
    """A worker in the middle of a query ends when its server is gone, whatever ended the server."""
    pool = WorkerPool(small.store, small_settings)
    (pid,) = pool.pids()
    worker = next(iter(pool._all))
    with ThreadPoolExecutor(1) as threads:
        future = threads.submit(run, pool, BOMB)
        while not future.running():
            pass
        worker._connection.shutdown(socket.SHUT_RDWR)
        deadline = time.monotonic() + 5
        while worker._process.poll() is None and time.monotonic() < deadline:
            pass
        assert worker._process.poll() == 0
        with pytest.raises(BackendUnavailable):
            future.result()
    pool.close()
    assert not is_alive(pid)
