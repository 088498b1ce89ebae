from __future__ import annotations

import gzip

import brotli
import pytest
import zstandard
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from ptce_lod.web.coding import CODINGS, choose

DOCUMENT = "/doc/pole/archer.ttl"
DECODE = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        (None, ""),
        ("", ""),
        ("identity", ""),
        ("gzip, deflate, br, zstd", "br"),  # Chrome, Firefox
        ("gzip, deflate", "gzip"),  # requests without brotli, wget
        ("x-gzip", "gzip"),
        ("gzip;q=1.0, br;q=0.9", "gzip"),
        ("br;q=0", ""),
        ("br;q=0, *", "zstd"),
        ("*", "br"),
        ("*;q=0", ""),
        ("GZIP", "gzip"),
        ("gzip;q=0.5, identity", ""),
        ("gzip;q=0.5, identity;q=0.2", "gzip"),
        ("gzip;q=nonsense", ""),
        (", ,gzip;;q=1,", "gzip"),
        ("compress, exi", ""),
    ],
)
def test_the_coding_is_what_the_header_prefers(header: str | None, coding: str) -> None:
    assert choose(header) == coding


@given(st.text(max_size=60))
def test_no_header_breaks_the_choice(header: str) -> None:
    assert choose(header) in ("", *CODINGS)


@pytest.mark.parametrize("coding", CODINGS)
def test_a_document_is_compressed_and_says_so(client: FlaskClient, coding: str) -> None:
    plain = client.get(DOCUMENT)
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    coded = client.get(DOCUMENT, headers={"Accept-Encoding": coding})
    assert coded.headers["Content-Encoding"] == coding
    assert DECODE[coding](coded.data) == plain.data
    assert len(coded.data) == coded.content_length < len(plain.data)
    assert coded.headers["ETag"] == plain.headers["ETag"][:-1] + f'-{coding}"'
    assert "Accept-Encoding" in coded.headers["Vary"]


@pytest.mark.parametrize("coding", CODINGS)
def test_a_client_that_holds_the_compressed_document_is_told_so(client: FlaskClient, coding: str) -> None:
    tag = client.get(DOCUMENT, headers={"Accept-Encoding": coding}).headers["ETag"]
    again = client.get(DOCUMENT, headers={"Accept-Encoding": coding, "If-None-Match": tag})
    assert (again.status_code, again.headers["ETag"]) == (304, tag)
    assert "Accept-Encoding" in again.headers["Vary"]
    other = client.get(DOCUMENT, headers={"If-None-Match": tag})
    assert other.status_code == 200, "who asks for plain text holds another representation"


def test_head_has_the_headers_of_get(client: FlaskClient) -> None:
    headers = {"Accept-Encoding": "br"}
    get, head = client.get(DOCUMENT, headers=headers), client.head(DOCUMENT, headers=headers)
    for name in ("Content-Length", "Content-Encoding", "ETag", "Vary", "Content-Type"):
        assert get.headers[name] == head.headers[name]


@pytest.mark.parametrize("coding", CODINGS)
def test_the_result_of_a_query_is_compressed_whatever_its_size(
    client: FlaskClient, coding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ptce_lod.web.coding._LARGEST_AT_ONCE", 20_000)
    for limit in (1, 60, 2000):
        query = f"SELECT ?p {{ ?s ?p ?o . ?a ?b ?c }} LIMIT {limit}"
        plain = client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})
        coded = client.post(
            "/sparql", data={"query": query}, headers={"Accept": "text/csv", "Accept-Encoding": coding}
        )
        assert plain.status_code == coded.status_code == 200
        data = coded.data
        if "Content-Encoding" in coded.headers:
            data = DECODE[coding](data)
        else:
            assert len(data) < 860
        assert len(data) == len(plain.data)


def test_errors_are_compressed_too(client: FlaskClient) -> None:
    answer = client.get(
        "/doc/pole/nothing-of-that-name", headers={"Accept": "text/html", "Accept-Encoding": "gzip"}
    )
    assert answer.status_code == 404
    assert b"<h1" in gzip.decompress(answer.data)


def test_files_of_dumps_are_sent_as_they_are_so_that_parts_can_be_asked_for(client: FlaskClient) -> None:
    whole = client.get("/dumps/latest/all.nq", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in whole.headers
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = client.get("/dumps/latest/all.nq", headers={"Range": "bytes=10-19", "Accept-Encoding": "gzip"})
    assert part.status_code == 206
    assert part.data == whole.data[10:20]
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole.data)}"
    tag = whole.headers["ETag"]
    same = client.get("/dumps/latest/all.nq", headers={"Range": "bytes=-5", "If-Range": tag})
    assert (same.status_code, same.data) == (206, whole.data[-5:])
    changed = client.get("/dumps/latest/all.nq", headers={"Range": "bytes=-5", "If-Range": '"other"'})
    assert (changed.status_code, changed.data) == (200, whole.data)
    beyond = client.get("/dumps/latest/all.nq", headers={"Range": f"bytes={len(whole.data)}-"})
    assert beyond.status_code == 416
    assert beyond.headers["Content-Range"] == f"bytes */{len(whole.data)}"
