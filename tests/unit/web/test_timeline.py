"""The timeline over the real data: every dated event, at the precision of its source, with its sources."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.timeline import KINDS
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from ptce_lod.web.pages.timeline import render_timeline

PTCE = "https://w3id.org/ptce/ns#"


@pytest.fixture(scope="module")
def client(published: Settings) -> FlaskClient:
    return create_app(published).test_client(use_cookies=False)


def test_every_dated_event_is_there_as_its_source_dates_it(client: FlaskClient, published: Settings) -> None:
    store = ox.Store()
    release = VarLayout(published.var_dir).published()
    store.bulk_load(path=str(release.dumps / "all.nt"), format=ox.RdfFormat.N_TRIPLES)
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    dates, sources = {}, {}
    for quad in store.quads_for_pattern(None, kind, ox.NamedNode(PTCE + "Event")):
        for each in store.quads_for_pattern(quad.subject, ox.NamedNode(PTCE + "startDate"), None):
            dates[quad.subject.value] = each.object.value  # type: ignore[union-attr]
        sources[quad.subject.value] = {  # type: ignore[union-attr]
            q.object.value  # type: ignore[union-attr]
            for q in store.quads_for_pattern(
                quad.subject, ox.NamedNode("http://purl.org/dc/terms/source"), None
            )
        }
    found = client.get("/timeline.json").get_json()["entries"]
    events = {e["iri"]: e for e in found if e["kind"] == "event"}
    assert {iri: e["date"] for iri, e in events.items()} == dates
    assert {iri: set(e["sources"]) for iri, e in events.items()} == {iri: sources[iri] for iri in dates}
    assert [e["sort"] for e in found] == sorted(e["sort"] for e in found)
    recognised = sum(len(e["about"]) for e in found if e["kind"] == "recognition")
    assert recognised >= 50


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_are_filtered_and_have_one_address(client: FlaskClient, kind: str) -> None:
    found = client.get(f"/timeline.json?kind={kind}").get_json()["entries"]
    assert found
    assert {e["kind"] for e in found} == {kind}
    response = client.get("/timeline?kind=call&kind=event", headers={"Accept": "text/html"})
    assert 'timeline?kind=event&kind=call>; rel="canonical"' in response.headers["Link"]


def test_the_page_groups_by_year_and_speaks_both_languages(client: FlaskClient) -> None:
    page = client.get("/timeline?lang=fr", headers={"Accept": "text/html"}).text
    years = re.findall(r'<h2 id="y(\d{4})">', page)
    assert years == sorted(years)
    assert {"2011", "2013", "2014"} <= set(years)
    for year in years:
        assert f'href="#y{year}"' in page
    assert "juillet 2013" in page
    assert "July 2013" in client.get("/timeline?lang=en", headers={"Accept": "text/html"}).text
    assert len(page.encode()) < 200_000


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("kind=war", 400, "expected one of event, call"),
        ("page=0", 400, "page is '0'"),
        ("page=9", 404, "does not exist"),
    ],
)
def test_what_is_wrong_is_said(client: FlaskClient, query: str, status: int, said: str) -> None:
    response = client.get(f"/timeline?{query}", headers={"Accept": "application/json"})
    assert response.status_code == status
    assert said in response.get_json()["detail"]


def test_ten_thousand_entries_fill_several_small_pages(published: Settings, backend: EmbeddedBackend) -> None:
    entry = {
        "kind": "event",
        "date": "2014",
        "sort": "2014-01-01",
        "iri": "http://e/x",
        "type": "",
        "places": [],
        "sources": [],
    }
    about = [f"http://e/{n}" for n in range(5000)]
    with create_app(published).test_request_context("/timeline"):
        page = render_timeline(
            backend, published, [{**entry, "about": about}] * 300, dict.fromkeys(KINDS, 1), (), (1, 34), "fr"
        )
    assert len(page.encode()) < 500_000
    assert "et 4\u202f988 de plus" in page
