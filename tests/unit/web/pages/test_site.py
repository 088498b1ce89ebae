"""What belongs to the site itself: files, the logo that the ontology names, search."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app


@pytest.fixture(scope="module")
def client(published: Settings) -> FlaskClient:
    return create_app(published).test_client()


def test_the_logo_of_the_ontology_is_served(client: FlaskClient) -> None:
    with client.get("/logo") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")


@pytest.mark.parametrize(
    "path", ["/static/../pages/site.py", "/static/..%2Fpages%2Fsite.py", "/static/nothing.css"]
)
def test_only_files_of_the_site_are_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_style_and_scripts_say_their_charset(client: FlaskClient) -> None:
    for path, expected in (
        ("css/site.css", "text/css; charset=utf-8"),
        ("js/site.js", "text/javascript; charset=utf-8"),
    ):
        with client.get(f"/static/{path}") as answer:
            assert answer.headers["Content-Type"] == expected


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "²"])
def test_a_senseless_page_of_a_search_is_the_first(client: FlaskClient, page: str) -> None:
    assert client.get("/search", query_string={"q": "archer", "page": page}).status_code == 200


@pytest.mark.parametrize("text", ["", '"', "NEAR(", "a" * 5000, "é\x00x", "archer OR *"])
def test_a_search_never_fails_on_what_is_typed(client: FlaskClient, text: str) -> None:
    assert client.get("/search", query_string={"q": text}).status_code == 200


def test_the_report_has_one_charset(client: FlaskClient) -> None:
    with client.get("/report") as answer:
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
