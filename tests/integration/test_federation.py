"""A server whose operator allows one endpoint: SERVICE joins its solutions, over HTTP, and everything else stays refused."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Iterator

import pytest

from tests.integration.conftest import Server, free_port, start, stop, wait_until_ready
from tests.integration.test_writing import UPDATE, send
from tests.unit.query.small_release import build_small_release


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, scratch_server: Server) -> Iterator[Server]:
    from ptce_lod.release.layout import VarLayout

    folder = tmp_path_factory.mktemp("federation")
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    build_small_release(folder / "var", base_iri=base)
    process = start(
        folder / "var",
        folder / "log",
        port,
        PTCE_SERVICE_ENDPOINTS=f"{scratch_server.base}sparql http://127.0.0.1:9/none",
    )
    wait_until_ready(base, process, folder / "log")
    data = f'INSERT DATA {{ <{base}id/pole/archer> <http://example.org/nick> "Archie"@en }}'
    assert send(scratch_server, "POST", "/update", data.encode(), UPDATE)[0] == 200
    yield Server(base, port, process, folder / "log", VarLayout(folder / "var"))
    stop(process)
    assert "Traceback" not in (folder / "log").read_text(encoding="utf-8")


def ask(site: Server, query: str) -> tuple[int, object]:
    status, headers, body = send(site, "GET", f"/sparql?{urllib.parse.urlencode({'query': query})}")
    if status == 200:
        assert "ETag" not in headers, "what another endpoint says may change"
        assert headers["Cache-Control"] == "no-store"
    return status, json.loads(body)


def test_the_solutions_of_the_other_endpoint_are_joined(site: Server, scratch_server: Server) -> None:
    status, answer = ask(
        site,
        f"""SELECT ?name ?nick {{ ?pole a ptce:Pole ; skos:prefLabel ?name
            SERVICE <{scratch_server.base}sparql> {{ ?pole <http://example.org/nick> ?nick }} }}""",
    )
    assert status == 200
    assert isinstance(answer, dict)
    assert [(r["name"]["value"], r["nick"]["value"]) for r in answer["results"]["bindings"]] == [
        ("Pôle Sud Archer", "Archie")
    ]


def test_an_endpoint_that_does_not_answer_is_502_and_silent_is_one_empty_solution(site: Server) -> None:
    status, problem = ask(site, "SELECT * { SERVICE <http://127.0.0.1:9/none> { ?s ?p ?o } }")
    assert status == 502
    assert isinstance(problem, dict)
    assert problem["type"].endswith("/problem/service-failed")
    status, answer = ask(site, "SELECT * { SERVICE SILENT <http://127.0.0.1:9/none> { ?s ?p ?o } }")
    assert status == 200
    assert isinstance(answer, dict)
    assert len(answer["results"]["bindings"]) == 1


@pytest.mark.parametrize(
    "call",
    ["SERVICE <http://127.0.0.1:9/other> {}", "SERVICE ?x {}", "SERVICE <https://example.org/sparql> {}"],
)
def test_every_other_endpoint_stays_refused(site: Server, call: str) -> None:
    assert ask(site, f"ASK {{ VALUES ?x {{ <http://127.0.0.1:9/none> }} {call} }}")[0] == 403
