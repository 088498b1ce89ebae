"""One thing, one address: variants of an address lead to it, and nowhere else."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

BASE = "http://127.0.0.1:8000/"


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/id/pole/Archer", "/id/pole/archer"),
        ("/id/pole/archer/", "/id/pole/archer"),
        ("/%5Cevil.example/", "/%5Cevil.example"),
        ("/id/Pole/archer", "/id/pole/archer"),
        ("/doc/pole/" + quote(unicodedata.normalize("NFC", "Écrins")), "/doc/pole/ecrins"),
        ("/doc/pole/" + quote(unicodedata.normalize("NFD", "écrins")), "/doc/pole/ecrins"),
        ("/doc/pole/" + quote("Écrins") + ".ttl", "/doc/pole/ecrins.ttl"),
        ("/doc/pole/archer%2F", "/doc/pole/archer"),
        ("/doc/unit/commune%2Fromans", "/doc/unit/commune-romans"),
        ("/doc/unit/commune%20romans", "/doc/unit/commune-romans"),
        ("/doc/unit/commune+romans.jsonld", "/doc/unit/commune-romans.jsonld"),
        ("/doc/unit/commune'romans", "/doc/unit/commune-romans"),
        ("/doc/pole/Renamed.ttl", "/doc/pole/archer.ttl"),
        ("/poles/", "/poles"),
        ("/poles/?page=2", "/poles?page=2"),
        ("/ns/", "/ns"),
        ("/catalog/", "/catalog"),
        ("/doc/pole/archer.ttl/", "/doc/pole/archer.ttl"),
        ("/doc/pole/Archer/", "/doc/pole/Archer"),
        ("/concept/stage/Emerging", "/concept/stage/emerging"),
        ("/scheme/Stage.ttl", "/scheme/stage.ttl"),
        ("/id/concept/stage/emerging", "/concept/stage/emerging"),
        ("/id/concept/stage/Emerging", "/concept/stage/emerging"),
    ],
)
def test_a_variant_leads_to_the_one_address(client: FlaskClient, path: str, target: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["Location"]) == (301, target)
    assert response.headers["Location"].isascii()


@pytest.mark.parametrize("path", ["/doc/pole/%61rcher", "/doc/%70ole/archer"])
def test_needless_percent_encoding_names_the_same_document(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "text/turtle"})
    assert response.status_code == 200
    assert response.headers["Content-Location"] == BASE + "doc/pole/archer.ttl"


@pytest.mark.parametrize(
    "path",
    [
        "/id/pole//evil.example/",
        "/id/pole/..%2F..%2Fsparql",
        "/doc/pole/%E9crins",
        "/id/pole/" + "a" * 5000,
        "//evil.example/%2F..",
        "/id/pole/%F0%9F%92%A9",
        "/id/concept/stage/none",
        "/id/concept/stage",
        "/id/concept//evil.example/x",
        "/id/concept/%C2%9F/x",
    ],
)
def test_nobody_is_sent_to_what_is_not_there(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code in (301, 404)
    location = response.headers.get("Location", "/")
    assert location.startswith("/")
    assert not location.startswith("//"), "a path of ours, never another host"


def test_host_headers_change_nothing(client: FlaskClient) -> None:
    headers = {
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "gopher",
        "X-Forwarded-Prefix": "/evil",
        "Forwarded": "host=evil.example;proto=gopher",
        "X-Original-URL": "/evil",
    }
    for path in (
        "/",
        "/doc/pole/archer",
        "/poles",
        "/catalog",
        "/id/pole/archer",
        "/sparql",
        "/nothing",
        "/ns",
    ):
        plain, forged = client.get(path), client.get(path, headers=headers)
        assert b"evil" not in forged.data
        assert "evil" not in str(forged.headers)
        assert "gopher" not in str(forged.headers)
        if plain.status_code < 400:
            assert plain.data == forged.data
