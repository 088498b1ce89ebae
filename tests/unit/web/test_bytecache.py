from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from ptce_lod.web.bytecache import ByteCache


class Application:
    """Counts its calls; answers by path."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        self.calls += 1
        path, body = environ["PATH_INFO"], b"x" * 100
        headers = [
            ("Content-Length", str(len(body))),
            ("ETag", '"r1-tag"'),
            ("Cache-Control", "public, max-age=60"),
            ("Vary", "Accept"),
            ("X-Request-Id", str(self.calls)),
        ]
        if path == "/private":
            headers[2] = ("Cache-Control", "private")
        if path == "/untagged":
            del headers[1]
        if path == "/cookie":
            headers.append(("Set-Cookie", "lang=fr"))
        if path == "/large":
            body = b"x" * 100_000
            headers[0] = ("Content-Length", str(len(body)))
        start_response("404 NOT FOUND" if path == "/missing" else "200 OK", headers)
        return [body[:10], body[10:]]


class Lender:
    def __init__(self) -> None:
        self.release_id = "r1"

    @contextmanager
    def lease(self) -> Iterator[Any]:
        yield SimpleNamespace(release_id=self.release_id)


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
def lender() -> Lender:
    return Lender()


@pytest.fixture
def client(application: Application, lender: Lender) -> Client:
    return Client(ByteCache(application, lender, 400_000), use_cookies=False)


def get(client: Client, path: str, **headers: str) -> TestResponse:
    return client.get(
        path, headers={name.replace("_", "-"): value for name, value in headers.items()}, buffered=True
    )


def test_a_second_request_does_not_reach_the_application(client: Client, application: Application) -> None:
    first, second = get(client, "/a"), get(client, "/a")
    assert application.calls == 1
    assert first.data == second.data
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.headers["X-Request-Id"] != first.headers["X-Request-Id"]


@pytest.mark.parametrize("name", ["Accept", "Accept_Language", "Accept_Encoding", "Cookie"])
def test_what_an_answer_depends_on_tells_requests_apart(
    client: Client, application: Application, name: str
) -> None:
    get(client, "/a", **{name: "one=1"})
    get(client, "/a", **{name: "two=2"})
    assert application.calls == 2


def test_another_query_or_release_is_another_answer(
    client: Client, application: Application, lender: Lender
) -> None:
    get(client, "/a?x=1")
    get(client, "/a?x=2")
    lender.release_id = "r2"
    get(client, "/a?x=1")
    assert application.calls == 3


@pytest.mark.parametrize("path", ["/private", "/untagged", "/cookie", "/missing", "/large"])
def test_what_is_not_for_everybody_is_not_kept(client: Client, application: Application, path: str) -> None:
    get(client, path)
    get(client, path)
    assert application.calls == 2


@pytest.mark.parametrize("name", ["Range", "Authorization"])
def test_some_requests_go_through(client: Client, application: Application, name: str) -> None:
    get(client, "/a")
    get(client, "/a", **{name: "x"})
    assert application.calls == 2


def test_a_client_that_holds_it_is_told_so(client: Client, application: Application) -> None:
    get(client, "/a")
    answer = get(client, "/a", If_None_Match='W/"r1-tag"')
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == '"r1-tag"'
    assert answer.headers["Vary"] == "Accept"
    assert "Content-Length" not in answer.headers
    assert get(client, "/a", If_None_Match='"other"').status_code == 200
    assert application.calls == 1


def test_head_is_answered_from_a_kept_get(client: Client, application: Application) -> None:
    get(client, "/a")
    answer = client.head("/a")
    assert (answer.status_code, answer.data, answer.headers["Content-Length"]) == (200, b"", "100")
    assert application.calls == 1


def test_post_is_never_kept(client: Client, application: Application) -> None:
    client.post("/a")
    client.post("/a")
    assert application.calls == 2


def test_the_oldest_go_when_the_memory_is_full(client: Client, application: Application) -> None:
    for number in range(200):
        get(client, f"/a?{number}")
    assert application.calls == 200
    get(client, "/a?199")
    assert application.calls == 200
    get(client, "/a?0")
    assert application.calls == 201
