"""The site's own files: compressed, conditional, nothing beside them."""

from __future__ import annotations

import gzip

import pytest
from flask.testing import FlaskClient

from ptce_lod.web.static_files import FOLDER


def test_a_script_leaves_compressed_under_a_tag_of_its_bytes(client: FlaskClient) -> None:
    data = (FOLDER / "vendor/leaflet/leaflet.js").read_bytes()
    plain = client.get("/static/vendor/leaflet/leaflet.js")
    coded = client.get("/static/vendor/leaflet/leaflet.js", headers={"Accept-Encoding": "gzip"})
    assert plain.data == data
    assert gzip.decompress(coded.data) == data
    assert coded.headers["ETag"] != plain.headers["ETag"]
    assert coded.headers["Content-Type"] == "text/javascript; charset=utf-8"
    held = {"If-None-Match": coded.headers["ETag"], "Accept-Encoding": "gzip"}
    assert client.get("/static/vendor/leaflet/leaflet.js", headers=held).status_code == 304


@pytest.mark.parametrize(
    "name", ["no.css", "../app.py", "%2e%2e/app.py", "css", "..%2fapp.py", "css/../../app.py"]
)
def test_nothing_beside_them_is_served(client: FlaskClient, name: str) -> None:
    response = client.get(f"/static/{name}", headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert b"Flask" not in response.data
    assert response.mimetype == "application/problem+json"


def test_images_and_the_logo(client: FlaskClient) -> None:
    image = client.get("/static/vendor/leaflet/images/marker-icon.png")
    assert image.headers["Content-Type"] == "image/png"
    assert "Content-Encoding" not in image.headers
    for path in ("/logo", "/favicon.ico"):
        assert client.get(path).headers["Content-Type"] == "image/svg+xml; charset=utf-8"
