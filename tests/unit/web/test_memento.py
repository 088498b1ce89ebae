"""Documents as they were (RFC 7089), what changed when, and dates that clients can rely on."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import rdflib
from flask import Flask
from flask.testing import FlaskClient

from ptce_lod.release.layout import VarLayout
from ptce_lod.web import archive
from ptce_lod.web.app import create_app
from tests.conftest import project_settings
from tests.unit.query.small_release import BASE, build_small_release

ARCHER, ECRINS, NEU = "/doc/pole/archer", "/doc/pole/ecrins", "/doc/pole/neu"
#: Day → what is published on it beside the small release.
DAYS = {
    "2026-11-19": "",
    "2026-11-20": 'poleid:archer skos:altLabel "Archer"@fr .',
    "2026-11-21": 'poleid:archer skos:altLabel "Archer"@fr . poleid:neu a ptce:Pole ; skos:prefLabel "Neu"@fr .',
    "2026-11-22": 'poleid:archer skos:altLabel "Archer"@fr . eventid:day rdfs:comment "le soir"@fr .',
}
DATES = [
    "Thu, 19 Nov 2026 12:00:00 GMT",
    "Fri, 20 Nov 2026 12:00:00 GMT",
    "Sat, 21 Nov 2026 12:00:00 GMT",
    "Sun, 22 Nov 2026 12:00:00 GMT",
]


def publish_days(var: VarLayout) -> None:
    for extra in DAYS.values():
        build_small_release(var.path, extra=extra)
    date_publications(var)


def date_publications(var: VarLayout) -> None:
    """Say of each publication so far that it was on its day, at noon."""
    entries = [json.loads(line) for line in var.publications.read_text().splitlines()]
    for entry, day in zip(entries, DAYS, strict=False):
        entry["at"] = f"{day}T12:00:00Z"
    var.publications.write_text("".join(json.dumps(entry) + "\n" for entry in entries))


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> VarLayout:
    layout = VarLayout(tmp_path_factory.mktemp("days") / "var")
    publish_days(layout)
    return layout


@pytest.fixture(scope="module")
def site(var: VarLayout) -> Iterator[Flask]:
    app = create_app(project_settings(var.path, query_workers=1))
    yield app
    app.extensions["ptce-archive"].close()
    app.extensions["ptce-lender"].close()


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    return site.test_client(use_cookies=False)


def typed(header: str) -> dict[str, str]:
    return {relation: m[1] for m in re.finditer(r'<([^>]*)>; rel="([^"]*)"', header) for relation in [m[2]]}


def at(client: FlaskClient, path: str, when: str, **headers: str) -> tuple[int, str]:
    response = client.get(path, headers={"Accept-Datetime": when, **headers})
    return response.status_code, response.headers.get("Location", "")


def test_last_modified_is_that_of_the_thing(client: FlaskClient) -> None:
    for path, date in (
        (ARCHER, DATES[1]),
        (ECRINS, DATES[0]),
        ("/doc/event/day", DATES[3]),
        ("/poles", DATES[3]),
    ):
        for accept in ("text/turtle", "text/html"):
            assert client.get(path, headers={"Accept": accept}).headers["Last-Modified"] == date, path


def test_a_client_with_the_date_only_is_told_that_nothing_changed(client: FlaskClient) -> None:
    for _ in range(2):  # made, then kept
        assert client.get(ARCHER, headers={"If-Modified-Since": DATES[1]}).status_code == 304
        assert client.get(ARCHER, headers={"If-Modified-Since": DATES[3]}).status_code == 304
        assert client.get(ARCHER, headers={"If-Modified-Since": DATES[0]}).status_code == 200
        assert client.get(ARCHER, headers={"If-Modified-Since": "yesterday"}).status_code == 200
        both = {"If-Modified-Since": DATES[3], "If-None-Match": '"another"'}
        assert client.get(ARCHER, headers=both).status_code == 200, "the tag decides alone"
        assert client.head(ARCHER, headers={"If-Modified-Since": DATES[1]}).status_code == 304


def test_the_sitemap_has_the_dates_of_documents(client: FlaskClient) -> None:
    text = client.get("/sitemap.xml").text
    assert f"<loc>{BASE}doc/pole/archer</loc><lastmod>2026-11-20T12:00:00Z</lastmod>" in text
    assert f"<loc>{BASE}doc/pole/ecrins</loc><lastmod>2026-11-19T12:00:00Z</lastmod>" in text


@pytest.mark.parametrize(
    ("when", "stamp"),
    [
        ("Mon, 01 Jan 2001 00:00:00 GMT", "20261119120000"),
        (DATES[0], "20261119120000"),
        ("Fri, 20 Nov 2026 11:59:59 GMT", "20261119120000"),
        (DATES[1], "20261120120000"),
        ("Wed, 01 Jan 2031 00:00:00 GMT", "20261120120000"),
    ],
)
def test_a_document_sends_to_how_it_was(client: FlaskClient, when: str, stamp: str) -> None:
    response = client.get(ARCHER, headers={"Accept-Datetime": when})
    assert (response.status_code, response.headers["Location"]) == (302, f"/memento/{stamp}{ARCHER}")
    assert "Accept-Datetime" in response.vary
    links = response.headers["Link"]
    assert f'<{BASE[:-1]}{ARCHER}>; rel="original"' in links
    assert f'<{BASE[:-1]}{ARCHER}>; rel="timegate"' in links
    assert f'<{BASE}timemap{ARCHER}>; rel="timemap"' in links
    assert 'rel="first' in links
    assert client.get(f"{ARCHER}.ttl?_profile=short", headers={"Accept-Datetime": when}).headers[
        "Location"
    ] == (f"/memento/{stamp}{ARCHER}.ttl?_profile=short")


def test_a_date_that_is_none_is_told(client: FlaskClient) -> None:
    response = client.get(ARCHER, headers={"Accept-Datetime": "last week"})
    assert response.status_code == 400
    assert "expected a date such as" in response.text


def test_a_memento_says_what_was_said_that_day(tmp_path: Path) -> None:
    """Byte for byte, in every RDF format, whatever has been published since."""
    layout = VarLayout(tmp_path / "var")
    build_small_release(layout.path)
    date_publications(layout)
    settings = project_settings(layout.path, query_workers=1)
    paths = [f"{ARCHER}.{e}" for e in ("ttl", "nt", "nq", "jsonld", "rdf", "trig")] + [
        "/poles.ttl",
        "/ns.nt",
        "/scheme/stage.ttl",
        "/catalog.ttl",
    ]
    app = create_app(settings)
    then = {path: app.test_client().get(path).data for path in paths}
    app.extensions["ptce-lender"].close()
    shutil.rmtree(layout.path)
    publish_days(layout)
    app = create_app(settings)
    client = app.test_client()
    for path in paths:
        location = at(client, path, DATES[0])[1]
        response = client.get(location)
        assert response.status_code == 200, location
        assert response.data == then[path], path
        assert response.headers["Memento-Datetime"] == DATES[0]
        again = client.get(location, headers={"If-None-Match": response.headers["ETag"]})
        assert (again.status_code, again.headers["Memento-Datetime"]) == (304, DATES[0])
    app.extensions["ptce-archive"].close()
    app.extensions["ptce-lender"].close()


def test_a_memento_leads_to_its_neighbours_and_to_today(client: FlaskClient) -> None:
    response = client.get(
        f"/memento/20261119120000{ARCHER}", headers={"Accept": "text/html", "Accept-Language": "en"}
    )
    links = response.headers["Link"]
    for relation, target in (
        ("original", f"{BASE[:-1]}{ARCHER}"),
        ("timegate", f"{BASE[:-1]}{ARCHER}"),
        ("canonical", f"{BASE[:-1]}{ARCHER}"),
        ("timemap", f"{BASE}timemap{ARCHER}"),
        ("first memento", f"{BASE}memento/20261119120000{ARCHER}"),
        ("next last memento", f"{BASE}memento/20261120120000{ARCHER}"),
        ("alternate", f"{BASE}memento/20261119120000{ARCHER}.ttl"),
    ):
        assert f'<{target}>; rel="{relation}"' in links, relation
    assert response.headers["Content-Location"] == f"{BASE}memento/20261119120000{ARCHER}.html"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "This is the page as it was from 19 November 2026 12:00 UTC on." in response.text
    assert "Archer</strong>" not in response.text
    assert "This is the page as it was" not in client.get(ARCHER, headers={"Accept": "text/html"}).text
    tags = {
        client.get(p, headers={"Accept": "text/html"}).headers["ETag"]
        for p in (ARCHER, f"/memento/20261120120000{ARCHER}")
    }
    assert len(tags) == 2


def test_a_moment_between_leads_to_the_state_it_fell_into(client: FlaskClient) -> None:
    response = client.get(f"/memento/20261121000000{ARCHER}.ttl")
    assert (response.status_code, response.headers["Location"]) == (
        302,
        f"/memento/20261120120000{ARCHER}.ttl",
    )


def test_what_is_gone_is_still_found_as_it_was_and_what_was_not_is_not(client: FlaskClient) -> None:
    assert client.get(NEU).status_code == 404
    assert at(client, NEU, DATES[2]) == (302, f"/memento/20261121120000{NEU}")
    response = client.get(f"/memento/20261121120000{NEU}", headers={"Accept": "text/turtle"})
    assert response.status_code == 200
    assert "Neu" in response.text
    assert client.get("/doc/pole/never", headers={"Accept-Datetime": DATES[1]}).status_code == 404
    for path in ("/sparql", "/memento/20261121120000/poles", "/id/pole/archer", "/nothing", "/timemap/poles"):
        assert client.get(f"/memento/20261121120000{path}").status_code == 404, path
    assert client.get(f"/memento/tomorrow{ARCHER}").status_code == 404
    assert client.get(f"/memento/99999999999999{ARCHER}").status_code == 404


def test_a_thing_sends_to_its_document_also_when_asked_for_another_day(client: FlaskClient) -> None:
    assert at(client, "/id/pole/archer", DATES[0]) == (303, ARCHER)


def test_a_redirect_within_a_memento_stays_in_it(client: FlaskClient) -> None:
    response = client.get("/memento/20261119120000/doc/pole/renamed")
    assert response.status_code == 301
    assert response.headers["Location"] == f"/memento/20261119120000{ARCHER}"


@pytest.mark.parametrize(
    ("path", "count"), [(ARCHER, 2), (ECRINS, 1), (NEU, 1), ("/poles", 4), ("/catalog", 4), ("/ns", 1)]
)
def test_a_time_map_lists_the_states(client: FlaskClient, path: str, count: int) -> None:
    as_json = client.get(f"/timemap/json{path}").json
    assert as_json is not None
    listed = [entry["uri"] for entry in as_json["mementos"]["list"]]
    assert len(listed) == count
    as_links = client.get(f"/timemap/link{path}")
    assert as_links.content_type == "application/link-format"
    found = re.findall(
        r'<([^>]*)>; rel="(?:first |last |first last )?memento"; datetime="([^"]*)"', as_links.text
    )
    assert [address for address, _ in found] == listed
    assert f'<{BASE[:-1]}{path}>; rel="original"' in as_links.text
    assert 'rel="self"' in as_links.text
    page = client.get(f"/timemap/html{path}", headers={"Accept-Language": "en"}).text
    for address, moment in found:
        answer = client.get(address.removeprefix(BASE[:-1]), headers={"Accept": "text/turtle"})
        assert (answer.status_code, answer.headers["Memento-Datetime"]) == (200, moment)
        assert f'href="{address.removeprefix(BASE[:-1])}"' in page


def test_a_time_map_is_negotiated(client: FlaskClient) -> None:
    for accept, type_ in (
        ("application/json", "application/json"),
        ("text/html", "text/html"),
        ("*/*", "application/link-format"),
    ):
        assert client.get(f"/timemap{ARCHER}", headers={"Accept": accept}).mimetype == type_
    assert client.get("/timemap/nothing/here").status_code == 404
    assert client.get("/timemap/doc/pole/never").status_code == 404


def test_the_history_says_what_changed(client: FlaskClient) -> None:
    document = client.get(f"{ARCHER}?history", headers={"Accept": "application/json"}).json
    assert document is not None
    assert document["thing"] == BASE + "id/pole/archer"
    latest, first = document["changes"]
    assert (latest["kind"], latest["added"], latest["removed"]) == ("changed", 1, 0)
    assert latest["memento"] == f"{BASE}memento/20261120120000{ARCHER}"
    (added,) = latest["statements"]["added"]
    assert '"Archer"@fr' in added
    assert first["kind"] == "first"
    page = client.get(f"{ARCHER}?history", headers={"Accept": "text/html", "Accept-Language": "fr"}).text
    for part in ("Historique", "20 novembre 2026", "+1 −0", "Archer", "<ins>"):
        assert part in page
    graph = rdflib.Graph().parse(data=client.get(f"{ARCHER}?history", headers={"Accept": "text/turtle"}).data)
    versions = set(graph.objects(rdflib.URIRef(BASE[:-1] + ARCHER), rdflib.DCTERMS.hasVersion))  # type: ignore[attr-defined]
    assert len(versions) == 2
    assert f'<{BASE[:-1]}{ARCHER}?history>; rel="version-history"' in client.get(ARCHER).headers["Link"]
    assert 'href="/doc/pole/archer?history"' in client.get(f"{ARCHER}.html").text


@pytest.mark.parametrize(
    "path", [ARCHER, "/graph/facts/2026-11-22", "/concept/stage/emerging", "/ns", "/shapes"]
)
def test_every_file_of_a_history_that_is_linked_is_there(client: FlaskClient, path: str) -> None:
    """The file in JSON was a 404; that of a graph was the history of another graph, with a file of its own, and so without end."""
    page = client.get(f"{path}?history", headers={"Accept": "text/html"})
    files = re.findall(rf'<({re.escape(BASE[:-1] + path)}\.[^>]*)>; rel="alternate"', page.headers["Link"])
    assert any(".json?" in each for each in files)
    for each in files:
        answer = client.get(each.removeprefix(BASE[:-1]))
        assert answer.status_code == 200, each
        assert answer.headers["Content-Location"] == each
    assert client.get(f"{path}.json").status_code == 404
    assert client.get(f"{path}.json.json?history").status_code == 404


def test_what_is_not_there_has_no_history(client: FlaskClient) -> None:
    for path in ("/graph/no/no", "/concept/stage/none", "/scheme/none", "/doc/pole/nowhere"):
        assert client.get(f"{path}?history").status_code == 404, path


def test_a_release_that_is_pruned_or_unreadable_is_no_memento(tmp_path: Path) -> None:
    layout = VarLayout(tmp_path / "var")
    publish_days(layout)
    log = [json.loads(line)["release"] for line in layout.publications.read_text().splitlines()]
    shutil.rmtree(layout.releases / log[0])
    (layout.releases / log[1] / "search.sqlite").write_bytes(b"no database")
    app = create_app(project_settings(layout.path, query_workers=1))
    client = app.test_client()
    listed = client.get(f"/timemap/json{ECRINS}").json
    assert listed is not None
    (only,) = listed["mementos"]["list"]
    assert only["datetime"] == "2026-11-19T12:00:00Z", "a later release shows the state, too"
    for path in (ECRINS, ARCHER):
        location = at(client, path, DATES[0])[1]
        assert client.get(location, headers={"Accept": "text/turtle"}).status_code in (200, 404)
    assert client.get(f"/memento/20261119120000{NEU}").status_code == 302
    app.extensions["ptce-archive"].close()
    app.extensions["ptce-lender"].close()


def test_few_former_releases_stay_open(
    site: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "OPEN", 1)
    for day in ("19", "20", "21", "22"):
        assert client.get(f"/memento/202611{day}120000/poles.ttl").status_code == 200
    assert len(site.extensions["ptce-archive"]._open) <= 1


@pytest.mark.parametrize("path", [ARCHER, "/poles", "/ns", "/catalog", "/doc/pole/nothing"])
def test_every_answer_of_a_document_says_that_it_depends_on_the_day(client: FlaskClient, path: str) -> None:
    assert "Accept-Datetime" in client.get(path).vary


def test_odd_paths_of_mementos_do_no_harm(client: FlaskClient) -> None:
    for path in (
        "//evil.example/",
        "/../sparql",
        "/" + quote("doc/pole/archer?x=1#y"),
        "/%00",
        "/doc/pole/" + "a" * 3000,
    ):
        response = client.get(f"/memento/20261119120000{path}")
        assert response.status_code in (301, 302, 404)
        assert not response.headers.get("Location", "/").startswith("//")
