"""News: each publication once, newest first, with what it touched; Atom as its specification has it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from ptce_lod.release.layout import VarLayout
from ptce_lod.release.publish import prune, rollback
from ptce_lod.settings import Settings
from ptce_lod.web import news
from ptce_lod.web.app import create_app
from tests.tiny_project import publish_tiny, tiny_settings
from tests.unit.query.small_release import BASE, build_small_release

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def client(tmp_path: Path, published: Settings) -> FlaskClient:
    var = VarLayout(tmp_path / "var")
    build_small_release(var.path)
    hostile = 'actorid:new a org:Organization ; skos:prefLabel "<script>alert(1)</script>"@fr .'
    build_small_release(var.path, extra=hostile)
    rollback(var)
    return create_app(replace(published, var_dir=var.path)).test_client()


def test_atom_is_what_readers_expect(client: FlaskClient) -> None:
    response = client.get("/news.atom")
    assert response.headers["Content-Type"].startswith("application/atom+xml; charset=utf-8")
    feed = ElementTree.fromstring(response.data)
    entries = feed.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert ids == [f"{BASE}news?lang=fr#publication-{n}" for n in (2, 1, 0)]
    moments = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
    assert moments == sorted(moments, reverse=True)
    assert all(moment.endswith("Z") for moment in moments)
    assert feed.findtext(f"{ATOM}updated") == moments[0]
    assert "1 chose nouvelle" in (entries[1].findtext(f"{ATOM}title") or "")
    (own,) = [each for each in feed.findall(f"{ATOM}link") if each.get("rel") == "self"]
    assert own.get("href") == f"{BASE}news.atom"
    english = ElementTree.fromstring(client.get("/news.atom?lang=en").data)
    ours = {each.get("id") for each in feed.iter()} | set(ids)
    theirs = {entry.findtext(f"{ATOM}id") for entry in english.findall(f"{ATOM}entry")}
    assert theirs.isdisjoint(ours), "a reader that follows both languages keeps both"
    assert "1 thing new" in (english.findall(f"{ATOM}entry")[1].findtext(f"{ATOM}title") or "")


def test_the_page_names_what_was_touched_and_hostile_names_are_inert(client: FlaskClient) -> None:
    for language, word in (("fr", "Nouveautés"), ("en", "News")):
        page = client.get(f"/news?lang={language}", headers={"Accept": "text/html"}).text
        assert word in page
        assert page.count('<section aria-labelledby="publication-') == 3
        assert "<script>alert" not in page
        assert f'href="/news.atom?lang={language}"' in page
        for word in ("created", "changed", "removed"):
            assert f'<span class="kind">{word}</span>' not in page
        assert 'href="/doc/actor/new">http' not in page, "what is gone has no page to lead to"
    assert client.get("/news?page=2").status_code == 404
    assert client.get("/news?page=x").status_code == 400


def test_it_changes_with_a_publication(client: FlaskClient) -> None:
    tag = client.get("/news.atom").headers["ETag"]
    assert client.get("/news.atom", headers={"If-None-Match": tag}).status_code == 304
    build_small_release(
        client.application.extensions["ptce-settings"].var_dir, extra='poleid:archer skos:note "neu"@fr .'
    )
    assert client.get("/news.atom", headers={"If-None-Match": tag}).status_code == 200


def test_graphs_are_no_things(client: FlaskClient) -> None:
    page = client.get("/news?lang=en", headers={"Accept": "text/html"}).text
    assert "/graph/" not in page


def test_only_what_has_a_page_and_a_name_is_told(tmp_path: Path) -> None:
    settings = tiny_settings(tmp_path)
    publish_tiny(settings)
    source = settings.data_dir / "tiny"
    facts = source / "facts.ttl"
    before = hashlib.sha256(facts.read_bytes()).hexdigest()
    facts.write_text(facts.read_text().replace("Pôle Un", "Pôle Nouveau"))
    about = (source / "source.ttl").read_text()
    after = hashlib.sha256(facts.read_bytes()).hexdigest()
    (source / "source.ttl").write_text(about.replace(before, after).replace("2026-11-22T", "2026-11-29T"))
    publish_tiny(settings)
    client = create_app(settings).test_client()
    feed = ElementTree.fromstring(client.get("/news.atom?lang=en").data)
    entry = feed.findall(f"{ATOM}entry")[0]
    said = (entry.findtext(f"{ATOM}summary") or "").split(", ")
    assert sorted(said) == ["Pôle Nouveau", "Trial"], "the pole, and the source with its new date"
    assert "2 things changed" in (entry.findtext(f"{ATOM}title") or "")
    page = client.get("/news?lang=en", headers={"Accept": "text/html"}).text
    assert "checksum" not in page
    assert "prov#" not in page


def test_the_files_of_a_release_that_was_removed_are_no_link(client: FlaskClient) -> None:
    var = VarLayout(client.application.extensions["ptce-settings"].var_dir)
    before = client.get("/news", headers={"Accept": "text/html"}).text
    removed = prune(var, keep=0)
    assert removed
    for name in ("current", "removed"):
        ids = [var.published().release_id] if name == "current" else removed
        for release_id in ids:
            link = f'href="/dumps/{release_id}/all.nq"'
            assert link in before
            page = client.get("/news?lang=en", headers={"Accept": "text/html"}).text
            assert (link in page) is (name == "current")


def test_a_feed_of_several_pages_is_walked_by_its_links(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "_PAGE", 2)
    found, path = [], "/news.atom"
    while path:
        feed = ElementTree.fromstring(client.get(path).data)
        found += [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
        after = [each.get("href", "") for each in feed.findall(f"{ATOM}link") if each.get("rel") == "next"]
        path = after[0].removeprefix(BASE.rstrip("/")) if after else ""
    assert found == [f"{BASE}news?lang=fr#publication-{n}" for n in (2, 1, 0)]
