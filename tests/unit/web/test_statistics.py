"""Statistics: every figure equals an independent count of the dump, in the page, in CSV and in JSON."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.charts import KINDS, declared
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish import prune
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from ptce_lod.web.pages.statistics import _bars, _columns, _Row
from ptce_lod.web.statistics import _inert
from tests.unit.query.small_release import build_small_release


def test_charts_are_declared_in_both_languages() -> None:
    assert len(declared()) >= 12
    for chart in declared():
        assert chart.kind in KINDS
        assert chart.titles.keys() == chart.descriptions.keys() == {"fr", "en"}
    assert len({chart.order for chart in declared()}) == len(declared())


def test_the_query_that_is_shown_gives_the_figures_that_are_shown(
    real_client: FlaskClient, triples: ox.Store
) -> None:
    body = real_client.get("/statistics", headers={"Accept": "application/json"}).get_json()
    assert [chart["name"] for chart in body["charts"]] == [chart.name for chart in declared()]
    for chart in body["charts"]:
        rows = {(row["key"], row["count"]) for row in chart["rows"]}
        assert rows, chart["name"]
        found = triples.query(chart["query"])
        assert {(s["key"].value, int(s["count"].value)) for s in found} == rows, chart["name"]  # type: ignore[union-attr]


def test_figures_are_what_a_loop_counts(real_client: FlaskClient, triples: ox.Store) -> None:
    ptce = "https://w3id.org/ptce/ns#"
    charts = {
        c["name"]: c
        for c in real_client.get("/statistics", headers={"Accept": "application/json"}).get_json()["charts"]
    }
    sector = ox.NamedNode(ptce + "sector")
    kind, pole = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), ox.NamedNode(ptce + "Pole")
    poles = {quad.subject for quad in triples.quads_for_pattern(None, kind, pole)}
    counted: dict[str, set[object]] = {}
    for quad in triples.quads_for_pattern(None, sector, None):
        if quad.subject in poles:
            counted.setdefault(quad.object.value, set()).add(quad.subject)  # type: ignore[union-attr]
    assert {row["key"]: row["count"] for row in charts["poles-by-sector"]["rows"]} == {
        k: len(v) for k, v in counted.items()
    }
    known = {row["key"]: row["count"] for row in charts["completeness"]["rows"]}
    assert known["pole"] == len(poles)
    assert all(0 < count <= len(poles) for count in known.values())


def test_csv_says_the_same_in_both_languages(real_client: FlaskClient, backend: EmbeddedBackend) -> None:
    for chart in real_client.get("/statistics", headers={"Accept": "application/json"}).get_json()["charts"]:
        response = real_client.get(f"/statistics/{chart['name']}.csv")
        assert response.status_code == 200
        rows = list(csv.DictReader(io.StringIO(response.text)))
        assert [(row["key"].lstrip("'"), int(row["count"])) for row in rows] == [
            (r["key"], r["count"]) for r in chart["rows"]
        ]
        assert all(row["label_fr"] and row["label_en"] for row in rows)
    again = real_client.get(
        "/statistics/poles-by-region.csv",
        headers={"If-None-Match": real_client.get("/statistics/poles-by-region.csv").headers["ETag"]},
    )
    assert again.status_code == 304
    assert real_client.get("/statistics/nothing.csv").status_code == 404


@pytest.mark.parametrize(
    ("text", "inert"), [("=1+1", "'=1+1"), ("@x", "'@x"), ("-2", "'-2"), ("Lyon", "Lyon")]
)
def test_formulas_are_texts(text: str, inert: str) -> None:
    assert _inert(text) == inert


def test_the_page_has_each_chart_with_table_query_and_download(real_client: FlaskClient) -> None:
    for language, word in (("fr", "Pôles par région"), ("en", "Poles by region")):
        page = real_client.get(f"/statistics?lang={language}", headers={"Accept": "text/html"}).text
        assert word in page
        assert page.count('<svg class="chart"') == len(declared())
        for chart in declared():
            assert f'href="/statistics/{chart.name}.csv"' in page
        assert 'href="/sparql#query=PREFIX' in page
        assert 'style="' not in page


def test_earlier_releases(tmp_path: Path, published: Settings) -> None:
    var = VarLayout(tmp_path / "var")
    first = build_small_release(var.path)
    second = build_small_release(var.path, extra='poleid:new a ptce:Pole ; skos:prefLabel "Nouveau"@fr .')
    real_client = create_app(replace(published, var_dir=var.path)).test_client()

    def poles(query: str = "") -> int:
        body = real_client.get(f"/statistics{query}", headers={"Accept": "application/json"}).get_json()
        (chart,) = [c for c in body["charts"] if c["name"] == "completeness"]
        return next(row["count"] for row in chart["rows"] if row["key"] == "pole")  # type: ignore[no-any-return]

    assert poles() == poles(f"?release={first.release_id}") + 1
    page = real_client.get(f"/statistics?release={first.release_id}&lang=fr", headers={"Accept": "text/html"})
    assert "antérieure" in page.text
    assert (
        real_client.get(
            f"/statistics?release={second.release_id}", headers={"Accept": "text/html"}
        ).status_code
        == 200
    )
    prune(var, 1)
    assert real_client.get(f"/statistics?release={first.release_id}").status_code == 410
    assert real_client.get("/statistics?release=0123456789abcdef").status_code == 410
    wrong = real_client.get("/statistics?release=../../etc", headers={"Accept": "application/json"})
    assert wrong.status_code == 400
    assert "16 hexadecimal digits" in wrong.get_json()["detail"]


def test_hostile_labels_are_inert_in_drawings() -> None:
    rows = [_Row('<script>alert(1)</script>"', "fr", "", 3), _Row("x" * 100_000, '"><b>', "", 1)]
    drawn = _bars(rows, '"><script>', "fr")
    assert "<script>" not in drawn
    assert "<b>" not in drawn
    assert len(drawn) < 2_000
    years = _columns([_Row("2013", "", "", 2), _Row("2016", "", "", 1), _Row("<i>", "", "", 9)], "t", "fr")
    assert re.findall(r">(20\d\d)<", years) == ["2013", "2014", "2015", "2016"]
