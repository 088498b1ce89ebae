from __future__ import annotations

import io
import tempfile
import threading
import time
from collections.abc import Callable

import pytest

from ptce_lod.errors import ClientGone, QueryTimedOut
from ptce_lod.formats import SPARQL_JSON
from ptce_lod.query.answers import FinishedAnswer, Flights
from ptce_lod.query.backend import QueryAnswer
from ptce_lod.query.messages import Spool, TooLarge


def finished(data: bytes = b"answer") -> FinishedAnswer:
    return FinishedAnswer(SPARQL_JSON, io.BytesIO(data), len(data))


def never() -> bool:
    return False


def test_readers_of_one_file_read_it_each_from_its_start() -> None:
    data = b"0123456789" * 50_000
    file = tempfile.TemporaryFile()  # noqa: SIM115 # closed by the answer
    file.write(data)
    answer = FinishedAnswer(SPARQL_JSON, file, len(data))
    one, other = answer.open(), answer.open()
    answer.close()
    assert one.body.read(15) == data[:15]
    assert other.body.read() == data
    assert one.body.read() == data[15:]
    one.body.close()
    other.body.close()


def test_identical_queries_run_once_and_each_gets_the_whole_answer() -> None:
    flights, runs, go = Flights(), [0], threading.Event()

    def slow(_: Callable[[], bool]) -> FinishedAnswer:
        runs[0] += 1
        go.wait(5)
        return finished()

    answers: list[bytes] = []

    def ask() -> None:
        with flights.run("key", slow, never).body as body:
            answers.append(body.read())

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    while flights.joined < 4:
        time.sleep(0.01)
    go.set()
    for thread in threads:
        thread.join()
    assert (runs, answers) == ([1], [b"answer"] * 5)
    flights.run("key", slow, never).body.close()
    assert runs == [2], "once landed, a query runs anew"


def test_all_who_wait_hear_of_the_failure() -> None:
    flights, go = Flights(), threading.Event()

    def fail(_: Callable[[], bool]) -> FinishedAnswer:
        go.wait(5)
        raise QueryTimedOut("too long")

    errors: list[Exception] = []

    def ask() -> None:
        try:
            flights.run("key", fail, never)
        except QueryTimedOut as error:
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    while flights.joined < 2:
        time.sleep(0.01)
    go.set()
    for thread in threads:
        thread.join()
    assert len(errors) == 3


def test_a_run_goes_on_while_anybody_waits_for_it() -> None:
    flights = Flights()
    gone, second_waits, results = threading.Event(), threading.Event(), list[str]()

    def run(everybody_left: Callable[[], bool]) -> FinishedAnswer:
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline:
            if everybody_left():
                raise ClientGone("nobody")
            time.sleep(0.01)
        return finished()

    def first() -> None:
        flights.run("key", run, gone.is_set).body.close()
        results.append("first")

    def second() -> None:
        second_waits.set()
        with flights.run("key", run, never).body as body:
            results.append(body.read().decode())

    leader = threading.Thread(target=first)
    leader.start()
    time.sleep(0.05)
    follower = threading.Thread(target=second)
    follower.start()
    second_waits.wait()
    while not flights.joined:
        time.sleep(0.01)
    gone.set()
    leader.join()
    follower.join()
    assert "answer" in results


def test_a_run_that_nobody_waits_for_is_told_so() -> None:
    flights, gone = Flights(), threading.Event()

    def run(everybody_left: Callable[[], bool]) -> FinishedAnswer:
        gone.set()
        assert everybody_left()
        raise ClientGone("nobody")

    with pytest.raises(ClientGone):
        flights.run("key", run, gone.is_set)


def test_one_who_joined_and_left_does_not_wait() -> None:
    flights, go = Flights(), threading.Event()

    def slow(_: Callable[[], bool]) -> FinishedAnswer:
        go.wait(5)
        return finished()

    leader = threading.Thread(target=lambda: flights.run("key", slow, never).body.close())
    leader.start()
    time.sleep(0.05)
    with pytest.raises(ClientGone):
        flights.run("key", slow, lambda: True)
    go.set()
    leader.join()


@pytest.mark.parametrize(
    ("row_end", "parts", "rows"),
    [
        (b"\r\n", [b"a\r", b"\nb\r\n"], 2),
        (b"},{", [b"{}", b",", b"{}"], 1),
        (b"</result>", [b"<result></res", b"ult><result></result>"], 2),
        (b"\n", [b"a\n", b"b\n", b"c\n"], 3),
    ],
)
def test_rows_are_counted_across_writes(row_end: bytes, parts: list[bytes], rows: int) -> None:
    for limit in (rows, rows - 1):
        spool = Spool(1000, limit)
        spool.row_end = row_end
        with spool.file:
            if limit == rows or not limit:
                for part in parts:
                    spool.write(part)
            else:
                with pytest.raises(TooLarge, match="rows"):
                    [spool.write(part) for part in parts]


def test_bytes_are_counted() -> None:
    spool = Spool(10)
    with spool.file:
        spool.write(b"0123456789")
        with pytest.raises(TooLarge, match="bytes"):
            spool.write(b"x")


def test_an_answer_tells_of_functions_that_nobody_has() -> None:
    answer = FinishedAnswer(SPARQL_JSON, io.BytesIO(b"x"), 1, ("http://x/f",)).open()
    assert isinstance(answer, QueryAnswer)
    assert answer.unknown_functions == ("http://x/f",)
