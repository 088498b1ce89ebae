"""What strangers send. After each: a small query answers within a second, and no process, descriptor or temporary file is left behind."""

from __future__ import annotations

import gzip
import http.client
import os
import re
import signal
import socket
import threading
import time
import urllib.parse
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from ptce_lod.release.layout import VarLayout
from tests.integration.conftest import (
    Server,
    free_port,
    kill_if_running,
    open_files,
    process_fields,
    start,
    stop,
    wait_until_ready,
)
from tests.unit.query.small_release import build_small_release

QUERY_TYPE = {"Content-Type": "application/sparql-query"}
FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}
ALL = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o"


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of two workers, one second a query."""
    folder = tmp_path_factory.mktemp("abuse")
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    build_small_release(folder / "var", base_iri=base)
    process = start(
        folder / "var",
        folder / "log",
        port,
        PTCE_QUERY_TIMEOUT_SECONDS="1",
        PTCE_QUERY_MEMORY_BYTES="300_000_000",
        PTCE_QUERY_RESULT_BYTES="2_000_000",
        PTCE_QUERY_RESULT_ROWS="2_000",
        PTCE_QUERIES_PER_CLIENT="1000",
        PTCE_MEMORY_STORE_QUADS="1_000_000",
        TMPDIR=str(folder),
    )
    target = Server(base, port, process, folder / "log", VarLayout(folder / "var"))
    try:
        wait_until_ready(base, process, folder / "log")
        wait_for_memory(target)
        yield target
    finally:
        stop(process)
    log = (folder / "log").read_text(encoding="utf-8", errors="replace")
    assert "Traceback" not in log, log


@pytest.fixture(autouse=True)
def nothing_is_left_behind(target: Server) -> Iterator[None]:
    control(target)
    processes, files, temporary = len(target.children()), open_files(target), temporary_files(target)
    yield
    control(target)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if len(target.children()) <= processes and open_files(target) <= files + 2:
            break
        time.sleep(0.05)
    assert len(target.children()) <= processes, "fewer when the process in memory was killed"
    assert open_files(target) <= files + 2, "descriptors of idle connections may differ by one or two"
    assert temporary_files(target) == temporary


def temporary_files(target: Server) -> int:
    return len([p for p in target.log.parent.iterdir() if p.name not in ("var", "log")])


def control(target: Server) -> None:
    """A small query answers within a second."""
    begun = time.monotonic()
    status, _, _ = send(target, "GET", "/sparql?query=ASK%7B%7D")
    assert status == 200
    assert time.monotonic() - begun < 1


def send(
    target: Server,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[int, Mapping[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=20)
    try:
        connection.request(method, path, body, dict(headers or {}))
        response = connection.getresponse()
        return response.status, response.headers, response.read()  # type: ignore[return-value]
    finally:
        connection.close()


def query(target: Server, text: str) -> tuple[int, Mapping[str, str], bytes]:
    return send(target, "POST", "/sparql", text.encode(), QUERY_TYPE)


BOMBS = {
    "cross product": f"SELECT (COUNT(*) AS ?x) {{ {ALL} }}",
    "paths": "SELECT (COUNT(*) AS ?n) { ?a (<p:p>|!<p:p>)* ?b . ?c (<p:p>|!<p:p>)* ?d . ?e (<p:p>|!<p:p>)* ?f }",
    "order by": f"SELECT * {{ {ALL} }} ORDER BY DESC(CONCAT(STR(?c), STR(?f), STR(?i))) LIMIT 1",
    "group_concat": f"SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?c), STR(?f))) AS ?x) {{ {ALL} }}",
    "regex": f'SELECT * {{ {ALL} FILTER(REGEX(CONCAT(STR(?c), STR(?f), STR(?i), STR(?l), STR(?o)), "^(([a-z])+.)+[A-Z]([a-z])+$")) }}',
    "replace": "SELECT (STRLEN(?z) AS ?n) { BIND('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' AS ?a) "
    + " ".join(f"BIND(REPLACE(?{a}, 'a', ?{a}) AS ?{b})" for a, b in zip("abcdef", "bcdefz", strict=True))
    + " }",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_ends_as_503_with_the_limit_it_passed(target: Server, bomb: str) -> None:
    status, headers, body = query(target, BOMBS[bomb])
    assert status == 503, body
    assert headers["Retry-After"]
    assert headers["Content-Type"] == "application/problem+json"
    assert re.search(rb'"setting": "query_(timeout_seconds|memory_bytes)"', body)
    assert b"/catalog" in body, "it says where the data are otherwise"


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("SELECT * { ?a ?b ?c . ?d ?e ?f }", b"query_result_rows"),
        (
            f'SELECT (CONCAT("{"x" * 1500}", STR(?a), STR(?f)) AS ?x) {{ ?a ?b ?c . ?d ?e ?f }} LIMIT 1999',
            b"query_result_bytes",
        ),
    ],
)
def test_a_result_over_a_limit_is_413_and_no_half_answer(target: Server, text: str, setting: bytes) -> None:
    status, _, body = query(target, text)
    assert status == 413
    assert b'"setting": "' + setting in body


@pytest.mark.parametrize("bracket", ["{", "(", "[", "!"])
def test_ten_thousand_brackets_are_refused(target: Server, bracket: str) -> None:
    status, _, body = query(target, "SELECT * WHERE " + bracket * 10_000)
    assert status == 403
    assert b"nested deeper" in body


def test_a_query_of_five_megabytes_is_413(target: Server) -> None:
    for headers, data in ((QUERY_TYPE, b"#" * 5_000_000), (FORM_TYPE, b"query=" + b"%23" * 1_700_000)):
        status, _, body = send(target, "POST", "/sparql", data, headers)
        assert status == 413
        assert b"query_length_bytes" in body


def test_a_body_over_the_limit_is_413_before_it_is_read(target: Server) -> None:
    with socket.create_connection(("127.0.0.1", target.port), timeout=5) as connection:
        head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 99999999999\r\n\r\n"
        connection.sendall(head)
        answer = connection.recv(4096)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"application/problem+json" in answer


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_compressed_bomb_is_413(target: Server, coding: str) -> None:
    plain = b"#" * 200_000_000
    data = gzip.compress(plain, 1, mtime=0) if coding == "gzip" else zlib.compress(plain, 1)
    status, _, body = send(target, "POST", "/sparql", data, {**QUERY_TYPE, "Content-Encoding": coding})
    assert status == 413
    assert b"body_decompressed_bytes" in body


def test_a_compressed_query_is_read(target: Server) -> None:
    data = gzip.compress(b"ASK {}", mtime=0)
    assert send(target, "POST", "/sparql", data, {**QUERY_TYPE, "Content-Encoding": "gzip"})[0] == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("GET", "/sparql?query=ASK%7B%7D%FF", None, {}, 400),
        ("POST", "/sparql", b"query=ASK%7B%7D%FF", FORM_TYPE, 400),
        ("POST", "/sparql", b"ASK {} # \xff", QUERY_TYPE, 400),
        ("POST", "/sparql", b"ASK { ?s ?p 'a\x00b' }", QUERY_TYPE, None),
        ("GET", "/sparql?query=ASK%7B%7D&format=%00", None, {}, 400),
        ("GET", "/sparql?query=ASK%7B%7D&format=json%0D%0AX-Evil:%201", None, {}, 400),
        ("GET", "/sparql?query=ASK%7B%7D&timeout=1%0D%0A", None, {}, None),
        ("GET", "/sparql?query=ASK%7B%7D&default-graph-uri=a%0D%0Ab", None, {}, 400),
        ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", None, {}, 400),
        ("POST", "/sparql", b"query=ASK%7B%7D&query=ASK%7B%7D", FORM_TYPE, 400),
        ("POST", "/sparql?query=ASK%7B%7D", b"query=ASK%7B%7D", FORM_TYPE, 400),
        ("POST", "/sparql", b"x", {"Content-Type": "text/turtle"}, 415),
        ("POST", "/sparql", b"ASK{}", {**QUERY_TYPE, "Content-Encoding": "br"}, 415),
        ("POST", "/sparql", b"not gzip", {**QUERY_TYPE, "Content-Encoding": "gzip"}, 400),
        (
            "POST",
            "/sparql",
            gzip.compress(b"ASK {}", mtime=0)[:-6],
            {**QUERY_TYPE, "Content-Encoding": "gzip"},
            400,
        ),
        ("PUT", "/sparql", b"ASK{}", QUERY_TYPE, 405),
        ("DELETE", "/sparql", None, {}, 405),
        ("GET", "/sparql?query=ASK%7B%7D&timeout=-1", None, {}, 400),
        ("GET", "/sparql?query=ASK%7B%7D&timeout=1e999", None, {}, 400),
        ("GET", "/sparql?query=" + "%23" * 12_000, None, {}, 414),
        ("GET", "/sparql?" + "a=1&" * 1001, None, {}, 400),
    ],
)
def test_bad_input_has_its_status_and_a_problem_document(
    target: Server,
    method: str,
    path: str,
    body: bytes | None,
    headers: Mapping[str, str],
    status: int | None,
) -> None:
    found, answered, text = send(target, method, path, body, headers)
    if status is None:  # either reading is right, as long as it is an answer
        assert found in (200, 400)
        return
    assert found == status, text
    assert answered["Content-Type"].startswith("application/problem+json")
    assert answered["Access-Control-Allow-Origin"] == "*"
    assert "X-Evil" not in answered


def test_there_is_no_jsonp(target: Server) -> None:
    _, headers, body = send(target, "GET", "/sparql?query=ASK%7B%7D&callback=evil")
    assert headers["Content-Type"].startswith("application/sparql-results+json")
    assert b"evil" not in body


def test_a_head_over_the_limit_is_431_in_json(target: Server) -> None:
    status, headers, _ = send(target, "GET", "/sparql", headers={"X-Long": "x" * 70_000})
    assert status == 431
    assert headers["Content-Type"] == "application/problem+json"


def test_two_hundred_slow_clients_hold_nobody_up(target: Server) -> None:
    with ExitStack() as stack:
        for number in range(200):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", target.port), timeout=10))
            if number % 2:
                connection.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            else:
                connection.sendall(
                    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 6\r\n\r\nAS"
                )
        for _ in range(5):
            control(target)


def test_slow_readers_of_long_answers_hold_nobody_up(target: Server) -> None:
    text = urllib.parse.quote(
        'SELECT (CONCAT(STR(?a), "' + "x" * 700 + '") AS ?x) { ?a ?b ?c . ?d ?e ?f } LIMIT 2000'
    )
    with ExitStack() as stack:
        for _ in range(40):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", target.port))
            stack.callback(connection.close)
            connection.sendall(f"GET /sparql?query={text} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(1.5)  # they have all got the beginning, and read no more
        for _ in range(5):
            control(target)


def test_five_hundred_queries_at_once_are_answered_or_put_off(target: Server) -> None:
    def one(number: int) -> int:
        return query(target, f"SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f FILTER(?a != <x:{number}>) }}")[
            0
        ]

    with ThreadPoolExecutor(100) as threads:
        statuses = Counter(threads.map(one, range(500)))
    assert set(statuses) <= {200, 503}
    assert statuses[200] >= 2
    time.sleep(0.2)


def test_a_worker_killed_from_outside_is_replaced(target: Server) -> None:
    results: list[tuple[int, Mapping[str, str], bytes]] = []
    thread = threading.Thread(target=lambda: results.append(query(target, BOMBS["cross product"])))
    thread.start()
    time.sleep(0.4)
    busy = max(target.children(), key=cpu_ticks)
    os.kill(busy, signal.SIGKILL)
    thread.join()
    assert results[0][0] == 503
    assert b"killed from outside" in results[0][2]


def cpu_ticks(pid: int) -> int:
    fields = process_fields(pid)
    return int(fields[11]) + int(fields[12])


def test_a_client_that_hangs_up_frees_its_worker(target: Server) -> None:
    before = set(target.children())
    data = BOMBS["cross product"].encode()
    for _ in range(2):
        with socket.create_connection(("127.0.0.1", target.port)) as connection:
            head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: {len(data)}\r\n\r\n"
            connection.sendall(head.encode() + data)
            time.sleep(0.15)
    # Both workers were busy with a query that takes a second; they are killed well before its deadline.
    time.sleep(0.5)
    assert set(target.children()) != before
    begun = time.monotonic()
    control(target)
    assert time.monotonic() - begun < 0.5


def test_identical_queries_in_flight_run_once(target: Server) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STRLEN(CONCAT(STR(?a), STR(?f))) > 3) }"
    alone = time.monotonic()
    query(target, text)
    alone = time.monotonic() - alone
    begun = time.monotonic()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: query(target, text), range(8)))
    assert len({body for _, _, body in answers}) == 1
    assert time.monotonic() - begun < 4 * max(alone, 0.2), (
        "eight runs on two workers would take four times as long"
    )


@pytest.mark.parametrize("which", ["workers", "everything"])
def test_idle_processes_killed_from_outside_cost_nobody_an_answer(target: Server, which: str) -> None:
    wait_for_memory(target)
    for pid in target.children():
        if which == "everything" or parent_of(pid) != target.process.pid:
            kill_if_running(pid)
    time.sleep(0.2)
    for _ in range(4):
        control(target)


def wait_for_memory(target: Server) -> None:
    """Wait until the workers in memory have taken over."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if sum(parent_of(pid) not in (0, target.process.pid) for pid in target.children()) == 2:
            return
        time.sleep(0.1)
    pytest.fail("the workers in memory did not take over")


def parent_of(pid: int) -> int:
    return int(process_fields(pid)[1])
