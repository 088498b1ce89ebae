"""What the site offers to wikis, taken over by a real MediaWiki and read in a browser."""

from __future__ import annotations

import sqlite3
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.integration.conftest import Server
from tests.integration.conftest import real_server as real_server
from tests.integration.wiki import mediawiki
from tests.integration.wiki.mediawiki import MediaWiki

GADGETS = """
wfLoadExtension("Gadgets"); wfLoadExtension("Cite"); wfLoadExtension("Interwiki"); $wgGroupPermissions["sysop"]["interwiki"] = true;
$wgGroupPermissions["sysop"]["editinterface"] = true; $wgGroupPermissions["sysop"]["editsitejs"] = true;
"""
LIVE = '<span class="ptce-live" data-ptce="%s">what stays</span>'


def piece(server: Server, name: str, language: str = "fr") -> str:
    with urllib.request.urlopen(f"{server.base}wikis/{name}.txt?lang={language}") as answer:
        return str(answer.read().decode())


@pytest.fixture(scope="module")
def equipped(real_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MediaWiki]:
    """A wiki whose administrator pasted everything where the page says that it goes."""
    wiki = mediawiki.start(tmp_path_factory.mktemp("equipped"))
    try:
        with (wiki.folder / "LocalSettings.php").open("a", encoding="utf-8") as stream:
            stream.write(GADGETS)
        with sqlite3.connect(wiki.folder / "wiki.sqlite") as database:
            database.executescript(piece(real_server, "interwiki-sql"))
        for page, name in (
            ("Modèle:PTCE", "infobox-template"),
            ("Modèle:PTCE-lien", "link-template"),
            ("Modèle:PTCE-citation", "citation-template"),
            ("MediaWiki:Smw_import_ptce", "smw-import"),
            ("MediaWiki:Gadgets-definition", "gadget-definition"),
            ("MediaWiki:Gadget-ptce.js", "gadget"),
        ):
            wiki.write(page, piece(real_server, name))
        wiki.write("Modèle:PTCE-link", piece(real_server, "link-template", "en"))
        yield wiki
    finally:
        mediawiki.stop(wiki)


def rendered(wiki: MediaWiki, text: str) -> str:
    parsed = wiki.site.post("parse", text=text, contentmodel="wikitext", prop="text", title="Tetris")
    return str(parsed["parse"]["text"]["*"])


def test_links_lead_to_the_record(equipped: MediaWiki, real_server: Server) -> None:
    record = f'href="{real_server.base}id/pole/tetris"'
    for text in (
        "{{PTCE-lien|pole/tetris|Tetris}}",
        "{{PTCE-link|pole/tetris}}",
        "[[ptce:pole/tetris|Tetris]]",
    ):
        html = rendered(equipped, text)
        assert record in html, html
        assert ">Tetris</a>" in html


def test_a_note_cites_the_record(equipped: MediaWiki, real_server: Server) -> None:
    html = rendered(equipped, "Un fait.<ref>{{PTCE-citation|pole/tetris|Tetris|24 novembre 2026}}</ref>")
    assert f'href="{real_server.base}id/pole/tetris">Tetris</a>, PTCE-LOD' in html
    assert "24 novembre 2026" in html
    assert ">Licence Ouverte 2.0</a>" in html


def test_the_box_shows_what_it_is_given_and_no_empty_rows(equipped: MediaWiki) -> None:
    html = rendered(equipped, "{{PTCE|nom=Tetris|lieu=Grasse|site=https://tetris.example.org/}}")
    assert '<th scope="row">Lieu</th><td>Grasse</td>' in html
    assert 'href="https://tetris.example.org/"' in html
    assert "Secteurs" not in html
    assert "{{" not in html
    assert "<caption>Tetris" in rendered(equipped, "{{PTCE}}")


def test_templates_explain_themselves(equipped: MediaWiki) -> None:
    for name in ("PTCE", "PTCE-lien", "PTCE-link", "PTCE-citation"):
        html = equipped.site.get("parse", page=f"Modèle:{name}", prop="text")["parse"]["text"]["*"]
        assert "<code>" in html
        assert "error" not in html


def test_the_gadget_shows_live_facts_and_leaves_what_it_does_not_know(
    equipped: MediaWiki, real_server: Server, chromium: Browser
) -> None:
    hostile = '" onclick="alert(1)'.replace('"', "&quot;")
    equipped.write(
        "Page vivante",
        " ".join(
            LIVE % target
            for target in ("pole/tetris", "pole/no-such-pole", "actor/tetris", hostile, "pole/../x")
        ),
    )
    context = chromium.new_context(locale="fr")
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if real_server.base in request.url else None)
    with page.expect_response(lambda response: response.url.endswith("?id=no-such-pole")):
        page.goto(f"{equipped.base}index.php/Page_vivante")
    link = page.locator(".ptce-live a")
    link.wait_for(timeout=20_000)
    assert link.get_attribute("href") == f"{real_server.base}id/pole/tetris"
    box = page.locator(".ptce-live").first
    assert "Lieu" in box.inner_text()
    assert [each.inner_text() for each in page.locator(".ptce-live").all()[1:]] == ["what stays"] * 4
    assert sorted(asked) == [
        f"{real_server.base}api/poles.json?id={slug}" for slug in ("no-such-pole", "tetris")
    ]
    link.click()
    page.wait_for_url(f"{real_server.base}doc/pole/tetris")
    context.close()


def test_a_name_with_markup_stays_a_text(equipped: MediaWiki, real_server: Server, chromium: Browser) -> None:
    equipped.write("Page vivante", LIVE % "pole/tetris")
    context = chromium.new_context(locale="en")
    page = context.new_page()
    name = "<img src=x onerror=alert(1)>"
    item = {"id": f"{real_server.base}id/pole/tetris", "name": name, "place": "<b>x</b>"}
    page.route(
        "**/api/poles.json*",
        lambda route: route.fulfill(json={"items": [item]}, headers={"Access-Control-Allow-Origin": "*"}),
    )
    page.goto(f"{equipped.base}index.php/Page_vivante")
    page.locator(".ptce-live a").wait_for(timeout=20_000)
    assert page.locator(".ptce-live a").inner_text() == name
    assert page.locator(".ptce-live img, .ptce-live b").count() == 0
    context.close()


def test_without_scripts_or_without_our_server_the_page_stays_as_it_is(
    equipped: MediaWiki, chromium: Browser
) -> None:
    equipped.write("Page vivante", LIVE % "pole/tetris")
    address = f"{equipped.base}index.php/Page_vivante"
    for scripts in (False, True):
        context = chromium.new_context(java_script_enabled=scripts)
        page = context.new_page()
        page.route("**/api/poles.json*", lambda route: route.abort())
        if scripts:
            with page.expect_event("requestfailed", lambda request: "/api/poles.json" in request.url):
                page.goto(address)
        else:
            page.goto(address)
        assert page.locator(".ptce-live").inner_text() == "what stays"
        context.close()
