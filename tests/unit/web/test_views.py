"""Views of a document's page: all statements one tab away, what links say of it, related poles."""

from __future__ import annotations

import html
import re
from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from ptce_lod.settings import Settings


def page(real_client: FlaskClient, path: str, language: str = "fr") -> str:
    response = real_client.get(
        f"{path}{'&' if '?' in path else '?'}lang={language}", headers={"Accept": "text/html"}
    )
    assert response.status_code == 200
    return response.text


@pytest.mark.parametrize(
    "path",
    ["/doc/pole/tetris", "/doc/actor/labo-ess", "/concept/activity/insertion", "/graph/poles/2026-11-22"],
)
def test_all_statements_are_one_tab_away(real_client: FlaskClient, path: str) -> None:
    first = page(real_client, path)
    assert '<table class="statements">' not in first
    count = re.search(r'view=statements"[^>]*>[^<]*<span class="count">([\d\u202f]+)<', first)
    assert count is not None
    second = page(real_client, f"{path}?view=statements")
    rows = re.search(r'<table class="statements">.*?<tbody>(.*?)</tbody>', second, re.DOTALL)
    assert rows is not None
    number = int(count[1].replace("\u202f", ""))
    assert rows[1].count("<tr>") == min(number, 600)
    assert len(re.findall(r'aria-current="page"', second)) >= 1


def test_the_canonical_address_is_that_of_the_page(real_client: FlaskClient, published: Settings) -> None:
    response = real_client.get("/doc/pole/tetris?view=statements", headers={"Accept": "text/html"})
    assert f'<{published.base_iri}doc/pole/tetris>; rel="canonical"' in response.headers["Link"]
    other = real_client.get("/doc/pole/tetris", headers={"Accept": "text/html"})
    assert response.headers["ETag"] != other.headers["ETag"]
    wrong = real_client.get("/doc/pole/tetris?view=nonsense", headers={"Accept": "application/problem+json"})
    assert wrong.status_code == 400
    assert "expected statements" in wrong.text


def test_what_a_link_to_a_page_shows(real_client: FlaskClient, published: Settings) -> None:
    for language, locale, kind in (("fr", "fr_FR", "Pôle"), ("en", "en_GB", "Pole")):
        text = page(real_client, "/doc/pole/tetris", language)
        found = dict(re.findall(r'<meta property="(og:[\w:]+)" content="([^"]*)">', text))
        assert found["og:url"] == f"{published.base_iri}id/pole/tetris"
        assert found["og:locale"] == locale
        assert html.unescape(found["og:title"]).startswith("Transition Écologique")
        assert html.unescape(found["og:description"]).startswith(f"{kind}, Grasse")


def test_a_pole_names_its_like(real_client: FlaskClient) -> None:
    text = page(real_client, "/doc/pole/tetris")
    assert "Pôles apparentés" in text
    section = text.partition("Pôles apparentés")[2].partition("</section>")[0]
    links = re.findall(r'href="(/doc/pole/[^"]+)"', section)
    assert 0 < len(links) <= 8
    assert "/doc/pole/tetris" not in links


def test_the_small_timeline_is_in_order(real_client: FlaskClient, published: Settings) -> None:
    from ptce_lod.query.embedded import EmbeddedBackend
    from ptce_lod.release.layout import VarLayout
    from ptce_lod.web.pages.reading import Reader
    from ptce_lod.web.pages.views.pole import pole_view

    backend = EmbeddedBackend(VarLayout(published.var_dir).published(), published)
    _total, poles = backend.things("poles", limit=200)
    longest = 0
    for pole in poles:
        description = backend.describe(pole.iri)
        assert description is not None
        view = pole_view(Reader(description, backend, published, "fr"))
        dates = [moment.sort or "9999" for moment in view.moments]
        assert dates == sorted(dates)
        longest = max(longest, len(dates))
    assert longest >= 2
    backend.close()


@pytest.mark.parametrize(
    ("path", "query"),
    [("/doc/unit/region-bretagne", "region=bretagne"), ("/doc/unit/region-occitanie", "region=occitanie")],
)
def test_a_region_shows_its_poles(real_client: FlaskClient, path: str, query: str) -> None:
    text = page(real_client, path)
    assert f'href="/map?{query}"' in text
    located = [f for f in real_client.get(f"/map.geojson?{query}").get_json()["features"] if f["geometry"]]
    figure = text.partition("<figure data-map>")[2].partition("</figure>")[0]
    assert figure.count("<circle") == len(located) > 0


def test_what_nobody_names_has_its_kind_as_a_name(real_client: FlaskClient) -> None:
    text = page(real_client, "/doc/source/laregion-realis-fr-b5085092f0")
    cited = text[text.index("Cité par") : text.index('<p class="formats">')]
    assert "Énoncé rapporté realis-founded-2013" in cited
    assert "id/claim" not in cited.replace("/doc/claim", "")
    assert "/id/" not in re.sub(r"<[^>]+>", "", cited), "no IRI as a text"


def test_a_siren_leads_to_the_register(
    real_client: FlaskClient, published: Settings, triples: ox.Store
) -> None:
    rows: Any = triples.query(
        "SELECT ?a ?n { ?a <http://www.w3.org/ns/org#identifier> ?n FILTER(DATATYPE(?n) = <https://w3id.org/ptce/datatype/siren>) } LIMIT 1"
    )
    (row,) = list(rows)
    path = row["a"].value.replace(published.base_iri + "id/", "/doc/")
    link = f'<a href="https://annuaire-entreprises.data.gouv.fr/entreprise/{row["n"].value}" rel="external">'
    assert link in page(real_client, path)


def test_members_are_told_by_role_and_circle(real_client: FlaskClient) -> None:
    roles = re.findall(r"<h3>(.*?)</h3>", page(real_client, "/doc/pole/tetris"), re.DOTALL)
    assert roles
    carrier = re.sub(r"<[^>]+>", "", roles[0])
    assert "cercle\u00a0:" in carrier


def test_a_name_is_not_told_twice(real_client: FlaskClient, triples: ox.Store, published: Settings) -> None:
    rows: Any = triples.query(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT ?a ?p { ?a a <http://www.w3.org/ns/org#Organization> ;"
        " skos:prefLabel ?p ; skos:altLabel ?o FILTER(LCASE(STR(?p)) = LCASE(STR(?o)) && LANG(?p) IN ('fr', '')) }"
    )
    for row in list(rows)[:5]:
        text = page(real_client, row["a"].value.replace(published.base_iri + "id/", "/doc/"))
        others = re.search(r"<dt>Autres noms</dt><dd>(.*?)</dd>", text)
        names = re.sub(r"<[^>]+>", "", others.group(1)).split(", ") if others else []
        assert row["p"].value not in names
