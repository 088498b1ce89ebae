"""/map and /map.geojson over the real data: what the filters leave, in three forms that agree."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from ptce_lod.errors import SettingsError
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.query.found import Hit, SearchAnswer, ThingSummary
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from ptce_lod.web.pages.map_page import render_map
from ptce_lod.web.searching import Search


@pytest.fixture(scope="module")
def client(published: Settings) -> FlaskClient:
    return create_app(published).test_client(use_cookies=False)


def features(client: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    response = client.get(f"/map.geojson{query}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/geo+json; charset=utf-8"
    found = json.loads(response.data)
    assert found["type"] == "FeatureCollection"
    return found["features"]  # type: ignore[no-any-return]


def test_every_pole_is_there_and_positions_are_those_of_the_data(
    client: FlaskClient, backend: EmbeddedBackend
) -> None:
    total, poles = backend.things("poles", limit=10_000)
    found = features(client)
    assert len(found) == total
    places = {s.iri: (s.detail.get("longitude"), s.detail.get("latitude")) for s in poles}
    for feature in found:
        assert feature["type"] == "Feature"
        point = feature["geometry"]
        expected = places[feature["id"]]
        assert point is None if expected[0] is None else tuple(point["coordinates"]) == expected
    assert any(feature["geometry"] is None for feature in found), "nothing is guessed"
    assert {"label_fr", "label_en", "document"} <= found[0]["properties"].keys()


@pytest.mark.parametrize("name", ["region", "department", "sector", "stage", "recognition", "year"])
def test_each_filter_leaves_what_it_counts_and_page_and_data_agree(client: FlaskClient, name: str) -> None:
    page = client.get("/map?lang=fr", headers={"Accept": "text/html"}).text
    select = re.search(rf'<select id="filter-{name}".*?</select>', page, re.DOTALL)
    assert select is not None
    options = re.findall(r'<option value="([^"]+)"[^>]*>([^<]*) \((\d+)\)</option>', select[0])
    assert options, page
    for value, _label, count in options[:4]:
        found = features(client, f"?{name}={value}")
        assert len(found) == int(count)
        filtered = client.get(f"/map?{name}={value}&lang=fr", headers={"Accept": "text/html"}).text
        assert re.search(rf'id="summary"[^>]*>{count} pôles?\b', filtered)
        listed = re.findall(r'<th scope="row"><a href="(/doc/pole/[^"]+)"', filtered)
        assert set(listed) <= {feature["properties"]["document"].partition("8000")[2] for feature in found}


def test_filters_narrow_each_other(client: FlaskClient) -> None:
    regions = Counter(f["properties"].get("region") for f in features(client))
    (region, count), *_ = [(r, n) for r, n in regions.most_common() if r]
    slug = next(
        value
        for value, label in re.findall(
            r'<option value="([^"]+)"[^>]*>([^<]*) \(\d+\)</option>',
            client.get("/map?lang=fr", headers={"Accept": "text/html"}).text,
        )
        if label == region
    )
    years = {
        r["date"][:4]
        for f in features(client, f"?region={slug}")
        for r in f["properties"].get("recognitions", ())
        if "date" in r
    }
    for year in sorted(years)[:2]:
        both = features(client, f"?region={slug}&year={year}")
        assert 0 < len(both) <= count
        assert {f["properties"]["region"] for f in both} == {region}


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("page=0", 400, "page is '0'"),
        ("page=99", 404, "does not exist"),
        ("region=" + "x" * 101, 400, "region is"),
        ("q=" + "x" * 501, 400, "q has 501 characters"),
    ],
)
def test_what_is_wrong_is_said(client: FlaskClient, query: str, status: int, said: str) -> None:
    response = client.get(f"/map.html?{query}", headers={"Accept": "application/json"})
    assert response.status_code == status
    assert said in response.text


def test_nothing_found_is_said_and_hostile_text_is_inert(client: FlaskClient) -> None:
    page = client.get(
        "/map?region=nowhere&q=%3Cscript%3Ealert(1)%3C/script%3E&lang=en", headers={"Accept": "text/html"}
    )
    assert page.status_code == 200
    assert "No pole has all of this" in page.text
    assert "<script>alert" not in page.text


def test_negotiation_and_caching(client: FlaskClient) -> None:
    data = client.get("/map", headers={"Accept": "application/geo+json"})
    assert data.mimetype == "application/geo+json"
    assert client.get("/map", headers={"Accept": "text/turtle"}).status_code == 406
    again = client.get("/map.geojson", headers={"If-None-Match": data.headers["ETag"]})
    assert again.status_code == 304


def test_tiles_only_when_the_operator_says_so(published: Settings) -> None:
    plain = create_app(published).test_client().get("/map", headers={"Accept": "text/html"})
    assert "data-tiles" not in plain.text
    address = "https://tiles.example.org/{z}/{x}/{y}.png"
    tiled = replace(published, map_tiles_url=address, map_tiles_attribution="© <b>someone</b>")
    page = create_app(tiled).test_client().get("/map", headers={"Accept": "text/html"})
    assert "img-src 'self' data: https://tiles.example.org;" in page.headers["Content-Security-Policy"]
    assert f'data-tiles="{address}"' in page.text
    assert "<b>someone" not in page.text
    for wrong in ("http://a/{z}/{x}/{y}", "https://a/{z}/{x}"):
        with pytest.raises(SettingsError, match="map_tiles_url"):
            replace(published, map_tiles_url=wrong)


def test_ten_thousand_poles_are_a_small_page(published: Settings, backend: EmbeddedBackend) -> None:
    hits = [
        Hit(
            ThingSummary(
                f"{published.base_iri}id/pole/p-{n}",
                "pole",
                f"p-{n}",
                f"Pôle {n}",
                f"Pôle {n}",
                {
                    "latitude": 43 + n % 97 / 20,
                    "longitude": -1 + n % 89 / 15,
                    "place": "Lieu",
                    "region": "Région",
                },
            ),
            1.0,
            None,
        )
        for n in range(10_000)
    ]
    app = create_app(published)
    with app.test_request_context("/map"):
        page = render_map(
            backend, published, Search("", {"type": ("pole",)}), SearchAnswer(10_000, hits), "fr"
        )
    assert len(page.encode()) < 200_000
    assert "10\u202f000 pôles" in page
