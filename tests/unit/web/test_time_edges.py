"""Former states where it is easy to be wrong: what is gone, what never was, clocks, cookies, servers without a past."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ptce_lod.edit.scratch import ScratchDataset
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish import locked, publish
from ptce_lod.release.publish_log import append
from ptce_lod.web.app import create_app
from tests.conftest import project_settings
from tests.unit.query.small_release import BASE, build_small_release
from tests.unit.web.test_memento import ARCHER, DATES, NEU, publish_days

Serve = Callable[[VarLayout], FlaskClient]


@pytest.fixture
def var(tmp_path: Path) -> VarLayout:
    layout = VarLayout(tmp_path / "var")
    publish_days(layout)
    return layout


@pytest.fixture
def serve() -> Iterator[Serve]:
    made: list[Flask] = []

    def start(layout: VarLayout) -> FlaskClient:
        app = create_app(project_settings(layout.path, query_workers=1))
        made.append(app)
        return app.test_client(use_cookies=False)

    yield start
    for app in made:
        app.extensions["ptce-archive"].close()
        app.extensions["ptce-lender"].close()


def test_a_thing_that_is_gone_leads_to_its_past(var: VarLayout, serve: Serve) -> None:
    client = serve(var)
    gone = client.get("/id/pole/neu", headers={"Accept-Datetime": DATES[2]})
    assert (gone.status_code, gone.headers["Location"]) == (303, NEU)
    assert client.get("/id/pole/neu").status_code == 404
    assert client.get("/id/pole/never", headers={"Accept-Datetime": DATES[2]}).status_code == 404
    answer = client.get(NEU)
    assert answer.status_code == 404
    assert f'<{BASE}timemap{NEU}>; rel="timemap"' in answer.headers["Link"]
    assert "timemap" not in client.get("/doc/pole/never").headers.get("Link", "")
    for accept in ("application/json", "text/html", "text/turtle"):
        assert client.get(f"{NEU}?history", headers={"Accept": accept}).status_code == 200
    document = client.get(f"{NEU}?history", headers={"Accept": "application/json"}).json
    assert document is not None
    assert [change["kind"] for change in document["changes"]] == ["removed", "created"]
    assert client.get("/doc/pole/never?history").status_code == 404


def test_a_retirement_is_told_as_one(var: VarLayout, serve: Serve) -> None:
    build_small_release(var.path, extra="poleid:ecrins owl:deprecated true .")
    client = serve(var)
    assert client.get("/doc/pole/ecrins", headers={"Accept": "text/html"}).status_code == 410
    page = client.get("/doc/pole/ecrins?history", headers={"Accept": "text/html", "Accept-Language": "fr"})
    assert page.status_code == 200
    assert "Abandonné" in page.text
    before = client.get("/doc/pole/ecrins", headers={"Accept-Datetime": DATES[0]})
    assert client.get(before.headers["Location"], headers={"Accept": "text/html"}).status_code == 200


def test_an_address_written_otherwise_is_sent_to_the_one_address_first(var: VarLayout, serve: Serve) -> None:
    answer = serve(var).get("/doc/pole/Archer", headers={"Accept-Datetime": DATES[1]})
    assert (answer.status_code, answer.headers["Location"]) == (301, ARCHER)
    assert "Accept-Datetime" in answer.vary


def test_a_memento_that_sets_a_cookie_is_for_one_reader_alone(var: VarLayout, serve: Serve) -> None:
    answer = serve(var).get(f"/memento/20261120120000{ARCHER}.html?lang=en")
    assert "Set-Cookie" in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_the_page_of_a_memento_names_the_original_in_its_head(var: VarLayout, serve: Serve) -> None:
    client = serve(var)
    page = client.get(f"/memento/20261120120000{ARCHER}.html").text
    for relation in ("original", "timegate"):
        assert f'<link rel="{relation}" href="{BASE[:-1]}{ARCHER}.html">' in page
    assert '<meta name="robots" content="noindex">' in page
    linkset = client.get(f"/memento/20261120120000{ARCHER}.linkset.json").json
    assert linkset is not None
    (of_page,) = [c for c in linkset["linkset"] if c["anchor"] == f"{BASE}memento/20261120120000{ARCHER}"]
    assert of_page["original"] == [{"href": f"{BASE[:-1]}{ARCHER}"}]
    assert {m["href"] for m in of_page["memento"]} >= {f"{BASE}memento/20261119120000{ARCHER}"}


def test_what_stands_in_the_log_but_was_never_served_has_no_memento(var: VarLayout, serve: Serve) -> None:
    """A crash between the log and the link: the former release goes on, its dates too."""
    served = var.published().release_id
    new = build_small_release(var.path, extra='poleid:archer skos:altLabel "Neuf"@fr .')
    entries = var.publications.read_text().splitlines()[:-1]
    var.publications.write_text("\n".join(entries) + "\n")
    var.current.unlink()
    var.current.symlink_to(var.release(served).path.relative_to(var.path))
    append(var, new.release_id, {})
    client = serve(var)
    assert client.get(f"{ARCHER}.ttl").headers["Last-Modified"] == DATES[1]
    latest = client.get(ARCHER, headers={"Accept-Datetime": "Wed, 01 Jan 2031 00:00:00 GMT"})
    assert latest.headers["Location"] == f"/memento/20261120120000{ARCHER}"
    listed = client.get("/timemap/json/poles").json
    assert listed is not None
    assert len(listed["mementos"]["list"]) == 4
    with locked(var):
        assert publish(var, new.release_id) is True
    assert "Neuf" in client.get(f"{ARCHER}.ttl").text
    changed = client.get(f"{ARCHER}.ttl", headers={"If-Modified-Since": DATES[1]})
    assert changed.status_code == 200


def test_a_date_in_the_future_is_not_told(var: VarLayout, serve: Serve) -> None:
    entries = [json.loads(line) for line in var.publications.read_text().splitlines()]
    entries[-1]["at"] = "2999-01-01T00:00:00Z"
    var.publications.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    client = serve(var)
    for _ in range(2):
        answer = client.get("/poles.ttl")
        assert "Last-Modified" not in answer.headers
        since = {"If-Modified-Since": "Mon, 23 Nov 2026 00:00:00 GMT"}
        assert client.get("/poles.ttl", headers=since).status_code == 200


def test_dates_move_when_the_same_server_sees_new_publications(var: VarLayout, serve: Serve) -> None:
    client = serve(var)
    before = client.get(f"{ARCHER}.ttl")
    assert before.headers["Last-Modified"] == DATES[1]
    other = client.get("/doc/pole/ecrins.ttl").headers["Last-Modified"]
    build_small_release(var.path, extra='poleid:archer skos:altLabel "Neuf"@fr .')
    since = {"If-Modified-Since": before.headers["Last-Modified"]}
    after = client.get(f"{ARCHER}.ttl", headers=since)
    assert (after.status_code, "Neuf" in after.text) == (200, True)
    assert client.get("/doc/pole/ecrins.ttl").headers["Last-Modified"] == other
    document = client.get(f"{ARCHER}?history", headers={"Accept": "application/json"}).json
    assert document is not None
    assert len(document["changes"]) == 3


def test_a_scratch_dataset_has_no_past(var: VarLayout) -> None:
    """Not even that of a release that is published in the same folder."""
    settings = project_settings(var.path, query_workers=1)
    dataset = ScratchDataset(settings)
    try:
        client = create_app(settings, dataset, dataset).test_client()
        for path in (ARCHER, "/poles", "/catalog"):
            answer = client.get(path, headers={"Accept-Datetime": DATES[1]})
            assert answer.status_code != 302, path
            assert "Last-Modified" not in client.get(path).headers
            assert 'rel="timemap"' not in client.get(path).headers.get("Link", "")
        assert client.get(f"/memento/20261119120000{ARCHER}").status_code == 404
        assert client.get(f"/timemap{ARCHER}").status_code == 404
    finally:
        dataset.close()
