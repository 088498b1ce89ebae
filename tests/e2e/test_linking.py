"""Somebody reviews links in the browser: by keys and by buttons, with a token that is wrong and one that is right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ptce_lod.decisions import read_decisions
from ptce_lod.link.kept import Kept
from tests.e2e.conftest import Watch
from tests.e2e.test_accessibility import AXE, RUN
from tests.integration.conftest import writable_site
from tests.unit.web.test_linking import FOUND, TOKENS

SECRET = "le secret d'Alice, long"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Kept(tmp_path / "var/links/essai").write(FOUND, {})
    return tmp_path


@contextmanager
def opened(folder: Path, chromium: Browser) -> Iterator[Page]:
    with writable_site(folder, TOKENS) as server:
        context = chromium.new_context(base_url=server.base, locale="fr-FR")
        watch = Watch(context, server.base)
        page = context.new_page()
        page.goto("/links?lang=fr")
        yield page
        context.close()
        assert watch.elsewhere == []


def begin(page: Page, token: str) -> None:
    page.get_by_label("Source").fill("essai")
    page.get_by_label("Jeton").fill(token)
    page.get_by_role("button", name="Commencer").click()


def test_links_are_reviewed_by_keys_and_buttons(folder: Path, chromium: Browser) -> None:
    with opened(folder, chromium) as page:
        begin(page, "faux")
        expect(page.locator("#said")).to_contain_text("Échec")
        expect(page.locator("#question")).to_be_hidden()
        begin(page, SECRET)
        expect(page.get_by_role("heading", name="Tétris")).to_be_focused()
        expect(page.locator("#question")).to_contain_text("99 · nom 0,99, commune")
        page.evaluate(AXE)
        assert page.evaluate(RUN)["violations"] == []
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        shown = page.locator(".answers button:visible")
        assert [text.split()[-1] for text in shown.all_text_contents()] == ["y", "n", "u", "p", "s"]
        page.keyboard.press("n")
        expect(page.locator("#thing")).to_have_text("SCIC TETRIS")
        page.get_by_role("button", name="Sur plusieurs choses").click()
        expect(page.get_by_role("heading", name="Domb")).to_be_visible()
        page.keyboard.press("s")
        expect(page.locator("#said")).to_have_text("Il ne reste rien à décider.")
    rows = read_decisions(folder / "links/essai.csv")
    assert [(row.thing, row.decision, row.relation, row.who) for row in rows] == [
        ("actor/scic-tetris", "yes", "page", "alice"),
        ("pole/tetris", "no", "", "alice"),
    ]
