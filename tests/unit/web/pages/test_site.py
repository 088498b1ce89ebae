"""What belongs to the site itself: files, the logo that the ontology names."""

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


def test_the_report_has_one_charset(client: FlaskClient) -> None:
    with client.get("/report") as answer:
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
