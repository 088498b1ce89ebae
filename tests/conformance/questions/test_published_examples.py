"""Every example query of the real release runs as it is published, answers soon, and is described as other tools expect."""

from __future__ import annotations

import json
import time

import pytest

from ptce_lod.formats import N_TRIPLES, SPARQL_JSON
from ptce_lod.ingest.queries import read_queries
from ptce_lod.query.backend import ExampleQuery, QueryRequest
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from tests.conftest import PROJECT, project_settings

FOLDER = PROJECT / "data" / "queries"
SLUGS = sorted(path.stem for path in FOLDER.glob("*.rq"))
#: Questions to which no source has an answer; each says so in its description. A result here is news: strike the slug and mend the text.
WITHOUT_RESULT = {"dormant-or-closed-poles", "governance-bodies-of-poles", "poles-lacking-place-or-source"}
#: A question whose answer is no.
NO = {"does-the-page-name-an-issuer"}
#: Longest a reader should wait for an example, in seconds.
PATIENCE = 2.0


def example(backend: EmbeddedBackend, slug: str) -> ExampleQuery:
    (found,) = [query for query in backend.examples() if query.slug == slug]
    return found


def answer(backend: EmbeddedBackend, text: str) -> bytes:
    result = backend.query(QueryRequest(text), select=[SPARQL_JSON], graph=[N_TRIPLES])
    with result.body as body:
        data: bytes = body.read()
    return data


@pytest.mark.parametrize("slug", SLUGS)
def test_an_example_answers_soon_and_with_something(backend: EmbeddedBackend, slug: str) -> None:
    query = example(backend, slug)
    backend.start_workers()
    answer(backend, "ASK {}")  # the worker is up
    start = time.monotonic()
    data = answer(backend, query.text)
    assert time.monotonic() - start < PATIENCE
    if query.kind in ("construct", "describe"):
        assert data.count(b" .\n") > 0
    elif query.kind == "ask":
        assert json.loads(data)["boolean"] is (slug not in NO)
    else:
        assert bool(json.loads(data)["results"]["bindings"]) is (slug not in WITHOUT_RESULT)


def test_every_file_is_published_and_nothing_else(backend: EmbeddedBackend) -> None:
    found = {query.slug: query for query in backend.examples()}
    assert sorted(found) == SLUGS
    settings = project_settings(PROJECT / "var")
    for file in read_queries(FOLDER, settings.addresses):
        query = found[file.slug]
        assert query.iri == f"{settings.base_iri}id/query/{file.slug}"
        assert (query.titles, query.descriptions) == (file.titles, file.descriptions)
        assert (query.text, query.kind) == (file.text, file.form)
        assert set(query.keywords) == set(file.keywords["en"])
        assert {k: set(v) for k, v in query.keyword_labels.items()} == {
            k: set(v) for k, v in file.keywords.items()
        }
    assert [query.slug for query in backend.examples()][:2] == ["poles-on-a-map", "poles-by-region"]


def test_the_examples_are_there_in_all_four_forms(backend: EmbeddedBackend) -> None:
    assert {query.kind for query in backend.examples()} == {"select", "ask", "construct", "describe"}


def test_a_tool_that_knows_only_the_endpoint_finds_the_examples(backend: EmbeddedBackend) -> None:
    """The query with which the SIB's editor and chat tools ask an endpoint for its examples."""
    data = answer(
        backend,
        """PREFIX sh: <http://www.w3.org/ns/shacl#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX spex: <https://purl.expasy.org/sparql-examples/ontology#>
        SELECT DISTINCT ?sq ?comment ?query WHERE {
          ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct|spex:describe ?query .
        } ORDER BY ?sq""",
    )
    bindings = json.loads(data)["results"]["bindings"]
    assert len(bindings) == 2 * len(SLUGS)  # a comment in each language
    assert {b["sq"]["value"].rpartition("/")[2] for b in bindings} == set(SLUGS)


@pytest.mark.parametrize(
    "broken",
    [
        "FILTER NOT EXISTS { ?q schema:target ?x }",
        "FILTER NOT EXISTS { ?q sh:prefixes/sh:declare ?x }",
        "FILTER NOT EXISTS { VALUES ?c { sh:SPARQLSelectExecutable sh:SPARQLAskExecutable sh:SPARQLConstructExecutable "
        "spex:SPARQLDescribeExecutable } ?q a ?c }",
        "?q sh:select|sh:ask|sh:construct|spex:describe ?a, ?b FILTER(?a != ?b)",
        r'?q schema:keywords ?w FILTER(!REGEX(STR(?w), "^\\S.*\\S$"))',
        "?q sh:prefixes/sh:declare ?d FILTER(ISBLANK(?d))",
        "?q sh:prefixes/sh:declare ?d "
        "FILTER NOT EXISTS { ?d sh:prefix ?p ; sh:namespace ?n FILTER(DATATYPE(?n) = xsd:anyURI) }",
    ],
)
def test_the_description_keeps_the_rules_of_sparql_examples_utils(
    backend: EmbeddedBackend, broken: str
) -> None:
    data = answer(backend, f"SELECT ?q WHERE {{ ?q a sh:SPARQLExecutable . {broken} }}")
    assert json.loads(data)["results"]["bindings"] == []


def test_the_endpoint_of_the_catalogue_points_at_the_examples(
    published: Settings, backend: EmbeddedBackend
) -> None:
    catalog = create_app(published).test_client().get("/catalog.nt").text
    page = "<http://xmlns.com/foaf/0.1/page> <http://127.0.0.1:8000/queries> ."
    assert f"<http://127.0.0.1:8000/sparql> {page}" in catalog
    assert "queries.json" in backend.manifest["files"]
