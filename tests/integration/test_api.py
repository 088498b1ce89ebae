"""Programs read the tables over HTTP: from page to page, with what they hold already, and as RDF with the context of its address."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from http.client import HTTPResponse

import pyoxigraph as ox
import pytest
import rdflib

from tests.integration.conftest import Server


def fetch(address: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with urllib.request.urlopen(urllib.request.Request(address, method=method, headers=named)) as response:
        return response, response.read()


def test_links_lead_through_every_page_in_a_stable_order(real_server: Server) -> None:
    def walk() -> tuple[list[str], int]:
        found, address, total = [], f"{real_server.base}api/sources.json?limit=50", 0
        while address:
            response, body = fetch(address)
            page = json.loads(body)
            found += [row["id"] for row in page["items"]]
            total = page["total"]
            following = re.search(r'<([^>]*)>; rel="next"', response.headers["Link"])
            address = following[1] if following else ""
            assert (address or None) == page["next"]
        return found, total

    found, total = walk()
    assert len(found) == len(set(found)) == total > 100
    assert found == sorted(found)
    assert walk() == (found, total)


def test_what_a_client_holds_is_not_sent_again(real_server: Server) -> None:
    for path in (
        "api/poles.json?regions=bretagne",
        "api/poles.csv",
        "api/poles.geojson",
        "openapi.json",
        "api",
    ):
        # The second answer comes from memory.
        first, second = (fetch(real_server.base + path) for _ in range(2))
        assert first[1] == second[1]
        assert first[0].headers["ETag"] == second[0].headers["ETag"]
        head, nothing = fetch(real_server.base + path, "HEAD")
        assert nothing == b""
        assert head.headers["ETag"] == first[0].headers["ETag"]
        assert int(head.headers["Content-Length"]) == len(first[1])
        with pytest.raises(urllib.error.HTTPError, match="304") as told:
            fetch(real_server.base + path, If_None_Match=first[0].headers["ETag"])
        told.value.close()


# rdflib's own reader of JSON-LD calls what rdflib deprecates.
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_rdflib_reads_a_page_with_its_context_and_finds_what_the_release_says(real_server: Server) -> None:
    store = ox.Store()
    dump = real_server.var.published().dumps / "all.nt"
    store.bulk_load(path=str(dump), format=ox.RdfFormat.N_TRIPLES)
    dataset = rdflib.Dataset()
    _response, body = fetch(f"{real_server.base}api/cooperations.json")
    dataset.parse(data=body, format="json-ld")
    found = [quad[:3] for quad in dataset.quads()]
    assert len(found) > 50
    for triple in found:
        assert store.query(f"ASK {{ {' '.join(term.n3() for term in triple)} }}"), triple


def test_a_slip_is_told(real_server: Server) -> None:
    with pytest.raises(urllib.error.HTTPError, match="400") as error:
        fetch(f"{real_server.base}api/poles.json?regoin=bretagne", Accept="application/json")
    with error.value as answer:
        assert answer.headers["Content-Type"] == "application/problem+json"
        told = json.loads(answer.read())["detail"]
    assert "'regoin'" in told
    assert "regions" in told
