"""Comunica, in a page of another origin, answers a query the same way whatever it is given: endpoint, fragments, a document, a dump."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.integration.conftest import Server
from tests.integration.conftest import real_server as real_server

BUNDLE = Path(__file__).parent / "vendor/comunica/comunica.min.js"
PREFIXES = "PREFIX ptce: <https://w3id.org/ptce/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
#: Name → query; those whose name begins with "one" are about what a document describes.
QUERIES = {
    "one pole": "SELECT ?name ?sector { <{base}id/pole/tetris> skos:prefLabel ?name ; ptce:sector ?sector }",
    "one pole, with what it may have": (
        "SELECT ?p ?o { <{base}id/pole/tetris> ?p ?o FILTER (isLiteral(?o)) OPTIONAL { ?o skos:prefLabel ?none } }"
    ),
    "join": (
        "SELECT ?name ?place { ?pole a ptce:Pole ; skos:prefLabel ?name ; ptce:sector <https://w3id.org/ptce/concept/activity/mobilite> "
        "OPTIONAL { ?pole ptce:territory/skos:prefLabel ?place } }"
    ),
    "count": "SELECT (COUNT(DISTINCT ?pole) AS ?n) { ?pole a ptce:Pole }",
}
RUN = """async ([query, sources]) => {
  const rows = await (await new Comunica.QueryEngine().queryBindings(query, { sources })).toArray();
  return rows.map(row => Object.fromEntries([...row].map(([name, term]) => [name.value, [term.value, term.language || ""]])));
}"""


@pytest.fixture(scope="module")
def comunica(chromium: Browser) -> Iterator[Page]:
    """A page of no origin, so that every request crosses origins."""
    context = chromium.new_context()
    page = context.new_page()
    page.set_content('<!DOCTYPE html><html lang="en"><title>Another site</title></html>')
    page.add_script_tag(path=BUNDLE)
    yield page
    context.close()


def asked(server: Server, query: str) -> list[str]:
    """Return the endpoint's own answer, comparable."""
    request = urllib.request.Request(
        f"{server.base}sparql?{urllib.parse.urlencode({'query': query})}",
        headers={"Accept": "application/sparql-results+json"},
    )
    with urllib.request.urlopen(request) as answer:
        rows = json.load(answer)["results"]["bindings"]
    return comparable(
        {name: [term["value"], term.get("xml:lang", "")] for name, term in row.items()} for row in rows
    )


def comparable(rows: object) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for row in rows)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "source", ["sparql", "fragments", "dumps/latest/all.nt", "dumps/latest/poles.ttl", "id/pole/tetris"]
)
@pytest.mark.parametrize("name", QUERIES)
def test_the_answer_is_the_same_from_every_source(
    comunica: Page, real_server: Server, name: str, source: str
) -> None:
    if source.startswith("id/") and not name.startswith("one"):
        pytest.skip("a document describes one thing")
    if source.endswith("poles.ttl") and name == "join":
        pytest.skip("places are in another dataset")
    query = PREFIXES + QUERIES[name].replace("{base}", real_server.base)
    rows = comunica.evaluate(RUN, [query, [f"{real_server.base}{source}"]])
    assert rows
    assert comparable(rows) == asked(real_server, query)


def test_sources_are_queried_together(comunica: Page, real_server: Server) -> None:
    query = (
        f"{PREFIXES} SELECT ?label {{ <{real_server.base}id/pole/tetris> ptce:sector/skos:prefLabel ?label }}"
    )
    sources = [f"{real_server.base}doc/pole/tetris.ttl", f"{real_server.base}fragments"]
    rows = comunica.evaluate(RUN, [query, sources])
    assert set(comparable(rows)) == set(asked(real_server, query))
