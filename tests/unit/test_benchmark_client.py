"""The client of the SPARQL benchmark reads whole answers, and nothing but whole answers."""

from __future__ import annotations

import pytest

from benchmarks.http.client import parse

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
# A chunk whose own bytes look like the end of the body, as the row "0" of a CSV result does.
TRAP = b"6\r\nn\r\n0\r\n\r\n5\r\n\r\n0\r\n\r\n0\r\n\r\n"


def test_an_answer_with_a_length_is_whole_when_all_its_bytes_have_come() -> None:
    data = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nETag: x\r\n\r\nabc"
    assert parse(data[:-1]) is None
    answer = parse(data)
    assert answer is not None
    assert (answer.status, answer.headers["etag"], answer.body) == (200, "x", b"abc")


def test_a_chunked_answer_is_whole_at_its_last_chunk_wherever_it_is_cut() -> None:
    data = CHUNKED + TRAP
    assert [n for n in range(len(data)) if parse(data[:n]) is not None] == []
    answer = parse(data)
    assert answer is not None
    assert answer.body == b"n\r\n0\r\n\r\n0\r\n"


def test_an_answer_without_a_length_ends_with_the_connection() -> None:
    data = b"HTTP/1.1 200 OK\r\n\r\nabc"
    assert parse(data) is None
    answer = parse(data, ended=True)
    assert answer is not None
    assert answer.body == b"abc"


def test_not_modified_has_no_body() -> None:
    answer = parse(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n")
    assert answer is not None
    assert (answer.status, answer.body) == (304, b"")


@pytest.mark.parametrize(
    "data", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", CHUNKED + TRAP[:-1]]
)
def test_a_connection_that_ends_in_the_middle_is_an_error(data: bytes) -> None:
    with pytest.raises(OSError, match="closed the connection"):
        parse(data, ended=True)
