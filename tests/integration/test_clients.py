"""Programs that we did not write read the site over HTTP."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.parse
import urllib.request

import pandas
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, N3, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

from tests.integration.conftest import Server

LABEL = rdflib.Literal("Pôle Sud Archer", lang="fr")
TABLE = (
    "PREFIX ptce: <https://w3id.org/ptce/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    "SELECT ?pole ?name { ?pole a ptce:Pole ; skos:prefLabel ?name } ORDER BY ?name"
)
COUNT = "SELECT (COUNT(?p) AS ?n) { ?p a <https://w3id.org/ptce/ns#Pole> }"


def archer(server: Server) -> rdflib.URIRef:
    return rdflib.URIRef(f"{server.base}id/pole/archer")


# rdflib's JSON-LD parser uses classes that rdflib deprecates.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning", "ignore:Dataset:DeprecationWarning")
@pytest.mark.parametrize("format_", [None, "turtle", "xml", "json-ld", "nt"])
def test_rdflib_follows_the_iri_of_a_thing(server: Server, format_: str | None) -> None:
    graph = rdflib.Graph().parse(str(archer(server)), format=format_)
    assert (archer(server), rdflib.SKOS.prefLabel, LABEL) in graph


@pytest.mark.parametrize(
    "path", ["ns", "scheme/stage", "concept/stage/emerging", "poles", "catalog", "sparql"]
)
def test_rdflib_reads_every_kind_of_document(server: Server, path: str) -> None:
    assert len(rdflib.Graph().parse(server.base + path)) > 3


@pytest.mark.skipif(shutil.which("rapper") is None, reason="rapper (raptor2-utils) is not installed")
def test_rapper_follows_the_iri_of_a_thing(server: Server) -> None:
    done = subprocess.run(
        ["rapper", "-q", "-g", str(archer(server))], capture_output=True, text=True, check=True
    )
    assert '"P\\u00F4le Sud Archer"@fr' in done.stdout or "Pôle Sud Archer" in done.stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_follows_the_redirect(server: Server) -> None:
    command = ["curl", "-sSL", "-H", "Accept: application/n-triples", "-w", "%{http_code} %{num_redirects}"]
    done = subprocess.run([*command, str(archer(server))], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("200 1")
    assert '"Pôle Sud Archer"@fr' in done.stdout


@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper_queries(server: Server, method: str) -> None:
    client = SPARQLWrapper(server.base + "sparql")
    client.setMethod(method)
    client.setQuery(COUNT)
    client.setReturnFormat(JSON)
    assert client.queryAndConvert()["results"]["bindings"][0]["n"]["value"] == "4"
    client.setReturnFormat(XML)
    assert "4" in client.queryAndConvert().toxml()
    client.setReturnFormat(CSV)
    assert client.queryAndConvert().split() == [b"n", b"4"]


def test_sparqlwrapper_constructs(server: Server) -> None:
    client = SPARQLWrapper(server.base + "sparql")
    client.setQuery(f"DESCRIBE <{archer(server)}>")
    client.setReturnFormat("turtle")
    graph = rdflib.Graph().parse(data=client.queryAndConvert(), format="turtle")
    assert (archer(server), rdflib.SKOS.prefLabel, LABEL) in graph


@pytest.mark.filterwarnings("ignore:Sending Accept header:RuntimeWarning")
@pytest.mark.parametrize(
    ("query", "format_", "media_type"),
    [
        (COUNT, XML, "application/sparql-results+xml"),
        (COUNT, JSON, "application/sparql-results+json"),
        (COUNT, CSV, "text/csv"),
        (COUNT, TSV, "text/tab-separated-values"),
        ("ASK {}", XML, "application/sparql-results+xml"),
        ("DESCRIBE <{base}id/pole/archer>", XML, "application/rdf+xml"),
        ("CONSTRUCT WHERE { ?s a ?o }", XML, "application/rdf+xml"),
        ("CONSTRUCT WHERE { ?s a ?o }", RDFXML, "application/rdf+xml"),
        ("CONSTRUCT WHERE { ?s a ?o }", TURTLE, "text/turtle"),
        ("CONSTRUCT WHERE { ?s a ?o }", N3, "text/turtle"),
        ("CONSTRUCT WHERE { ?s a ?o }", JSONLD, "application/ld+json"),
        ("CONSTRUCT WHERE { ?s a ?o }", JSON, "application/ld+json"),
    ],
)
def test_sparqlwrapper_gets_the_format_that_it_names(
    server: Server, query: str, format_: str, media_type: str
) -> None:
    """It writes the format into the address, up to six times under three names, and calls RDF/XML ``xml``, its default."""
    client = SPARQLWrapper(server.base + "sparql")
    client.setReturnFormat(format_)
    client.setQuery(query.replace("{base}", server.base))
    assert client.query().info()["content-type"] == f"{media_type}; charset=utf-8"


def test_rdflib_s_store_queries(server: Server) -> None:
    store = SPARQLStore(server.base + "sparql")
    graph = rdflib.Graph(store)
    assert int(next(iter(graph.query(COUNT)))[0]) == 4  # type: ignore[index]


def test_a_large_body_arrives_whole(server: Server) -> None:
    with urllib.request.urlopen(server.base + "dumps/latest/all.nq") as response:
        data = response.read()
    assert len(data) == int(response.headers["Content-Length"])
    with urllib.request.urlopen(server.base + "statistics.json") as response:
        assert data.count(b"\n") == json.load(response)["quads"]


@pytest.mark.parametrize("accept", ["text/csv", "text/tab-separated-values"])
def test_pandas_reads_a_result_as_a_table(server: Server, accept: str) -> None:
    address = f"{server.base}sparql?{urllib.parse.urlencode({'query': TABLE})}"
    separator = "," if accept == "text/csv" else "\t"
    table = pandas.read_csv(
        address, sep=separator, storage_options={"Accept": accept, "User-Agent": "pandas"}
    )
    assert len(table) == 4
    assert list(table.columns) == (["pole", "name"] if accept == "text/csv" else ["?pole", "?name"])
    assert any("Écrins" in name for name in table.iloc[:, 1])


def test_pandas_reads_the_file_format_by_its_name(server: Server) -> None:
    address = f"{server.base}sparql?{urllib.parse.urlencode({'query': TABLE, 'format': 'csv'})}"
    assert len(pandas.read_csv(address)) == 4
