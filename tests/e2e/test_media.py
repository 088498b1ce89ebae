"""Every kind of page on a phone, in the dark, on paper and by keyboard alone; pictures of it are kept in ``var/screenshots``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import PROJECT
from tests.e2e.test_reading import PAGES

FOLDER = PROJECT / "var/screenshots"
#: Height in pixels up to which a whole page is drawn: the vocabulary would take a minute.
TALLEST = 8000
#: Presses of Tab that are followed.
STEPS = 12
#: Brightness of the page's background, 0 to 255.
BRIGHTNESS = """(() => {
  const color = getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).map(Number);
  return color.length > 3 && color[3] === 0 ? 255 : (color[0] + color[1] + color[2]) / 3;
})()"""
FOCUSED = """(() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const box = element.getBoundingClientRect(), style = getComputedStyle(element);
  return {
    name: element.outerHTML.slice(0, 90), outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0,
    shadow: style.boxShadow !== 'none', inside: box.bottom > 0 && box.top < innerHeight, wide: box.width > 0 && box.height > 0,
  };
})()"""


def picture(page: Page, kind: str, path: str) -> None:
    name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "home"
    target = FOLDER / kind
    target.mkdir(parents=True, exist_ok=True)
    is_short = page.evaluate("document.documentElement.scrollHeight") < TALLEST
    page.screenshot(path=target / f"{name}.png", full_page=is_short)
    assert Path(target / f"{name}.png").stat().st_size > 1000


@pytest.mark.parametrize("path", PAGES)
def test_a_page_in_the_dark_on_a_phone_and_on_paper(chromium: Browser, site: str, path: str) -> None:
    context = chromium.new_context(base_url=site, locale="fr", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(path, wait_until="networkidle")
    assert page.evaluate(BRIGHTNESS) > 200
    picture(page, "light", path)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(BRIGHTNESS) < 60
    picture(page, "dark", path)
    page.emulate_media(media="print", color_scheme="light")
    assert page.evaluate(BRIGHTNESS) > 240
    assert not page.locator("header.site form").first.is_visible(), "a form is of no use on paper"
    assert page.locator("h1").first.is_visible()
    picture(page, "print", path)
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, "phone", path)
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_the_keyboard_is_seen_where_it_is(chromium: Browser, site: str, path: str) -> None:
    context = chromium.new_context(base_url=site, locale="en", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(path, wait_until="networkidle")
    seen = []
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        assert focused is not None, f"the focus is nowhere after {seen}"
        assert focused["outline"] or focused["shadow"], focused
        assert focused["inside"], focused
        assert focused["wide"], focused
        seen.append(focused["name"])
    assert len(set(seen)) > STEPS // 2, seen
    context.close()
