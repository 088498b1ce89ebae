from __future__ import annotations

from flask.testing import FlaskClient

from ptce_lod import namespaces as ns
from tests.unit.query.small_release import BASE


def test_terms_of_the_release_have_labels_and_uses(client: FlaskClient) -> None:
    response = client.get("/sparql/terms.json")
    assert response.mimetype == "application/json"
    found = response.get_json()
    pole = next(term for term in found["classes"] if term["iri"] == ns.PTCE + "Pole")
    assert pole == {"iri": ns.PTCE + "Pole", "fr": "pôle", "en": "pole", "uses": 4}
    assert ns.DCTERMS + "source" in [term["iri"] for term in found["properties"]]
    assert found["prefixes"]["ptce"] == ns.PTCE
    assert found["prefixes"]["poleid"] == f"{BASE}id/pole/"
    emerging = next(term for term in found["concepts"] if term["iri"].endswith("/stage/emerging"))
    assert (emerging["fr"], emerging["en"]) == ("en émergence", "emerging")


def test_a_term_without_label_in_a_language_has_none_there(client: FlaskClient) -> None:
    found = client.get("/sparql/terms.json").get_json()
    territory = next(term for term in found["classes"] if term["iri"] == ns.PTCE + "Territory")
    assert "fr" not in territory
    assert "en" not in territory


def test_terms_are_cached_by_release(client: FlaskClient) -> None:
    first = client.get("/sparql/terms.json")
    again = client.get("/sparql/terms.json", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "max-age" in again.headers["Cache-Control"]
