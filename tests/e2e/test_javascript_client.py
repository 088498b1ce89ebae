"""A JavaScript client that we did not write, in a page of another origin: queries, and what it hears of a query that fails."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page

VENDOR = Path(__file__).parent / "vendor" / "d3-sparql"
PAGE = b'<!DOCTYPE html><html lang="en"><title>Another site</title><script src="/d3-sparql.min.js"></script></html>'


class _Site(http.server.SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(PAGE)
        else:
            super().do_GET()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def elsewhere(chromium: Browser) -> Iterator[Page]:
    """A page of another origin, with the client loaded."""
    handler = partial(_Site, directory=str(VENDOR))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        context = chromium.new_context()
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.server_address[1]}/")
        yield page
        context.close()
        server.shutdown()
        thread.join()


@pytest.mark.browser
def test_it_queries_across_origins(elsewhere: Page, site: str) -> None:
    query = (
        "PREFIX ptce: <https://w3id.org/ptce/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        "SELECT ?pole ?name { ?pole a ptce:Pole ; skos:prefLabel ?name } ORDER BY ?name LIMIT 5"
    )
    rows = elsewhere.evaluate("([endpoint, query]) => d3.sparql(endpoint, query)", [f"{site}sparql", query])
    assert len(rows) == 5
    assert all(row["name"] and "/id/pole/" in row["pole"] for row in rows)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "parameters", "status"),
    [
        ("SELECT * {", {}, 400),
        ("ASK { SERVICE <http://x/> {} }", {}, 403),
        ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", {"timeout": "0.3"}, 503),
    ],
)
def test_a_refused_query_is_told_across_origins(
    elsewhere: Page, site: str, query: str, parameters: dict[str, str], status: int
) -> None:
    address = f"{site}sparql?{urlencode({'query': query, **parameters})}"
    told = elsewhere.evaluate(
        """async address => {
            const response = await fetch(address, { headers: { Accept: "application/sparql-results+json" } });
            return { status: response.status, retry: response.headers.get("Retry-After"), problem: await response.json() };
        }""",
        address,
    )
    assert told["status"] == status
    assert told["problem"]["detail"]
    assert (told["retry"] is not None) is (status == 503)


@pytest.mark.browser
def test_a_preflight_lets_a_post_with_its_own_type_through(elsewhere: Page, site: str) -> None:
    answer = elsewhere.evaluate(
        """async endpoint => {
            const response = await fetch(endpoint, {
                method: "POST", body: "ASK {}",
                headers: { "Content-Type": "application/sparql-query", Accept: "application/sparql-results+json" },
            });
            return [response.status, (await response.json()).boolean, response.headers.get("ETag") !== null];
        }""",
        f"{site}sparql",
    )
    assert answer == [200, True, True]
