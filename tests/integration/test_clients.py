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
from SPARQLWrapper import CSV, JSON, POST, XML, SPARQLWrapper

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
