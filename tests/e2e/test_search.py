"""A person searches: suggestions by keyboard and by finger, facets, typos; without JavaScript; on a phone; in French and English."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.test_accessibility import AXE, READERS, RUN
from tests.e2e.test_reading import CONTRAST


def test_suggestions_are_chosen_by_keyboard(page: Page, language: str) -> None:
    page.goto("/poles")
    box = page.get_by_role("combobox")
    box.focus()
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("ecosso")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("Les Écossolies")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("form.search [role=status]")).to_contain_text(
        {"fr": "flèches", "en": "arrow keys"}[language]
    )
    assert box.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowDown")
    chosen = box.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{chosen}")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(box).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/doc/pole/ecossolies$"))


def test_escape_closes_and_enter_searches_what_was_typed(page: Page) -> None:
    page.goto("/")
    page.locator("#q").press_sequentially("archer")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.locator("#q")).to_have_value("archer")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=archer$"))
    expect(page.locator(".results mark").first).to_have_text("Archer")


def test_a_suggestion_is_chosen_with_the_pointer(page: Page) -> None:
    page.goto("/")
    page.locator("#q").press_sequentially("sud arch")
    page.get_by_role("option", name="Pôle Sud Archer").first.click()
    expect(page).to_have_url(re.compile(r"/doc/pole/pole-sud-archer$"))


def test_leaving_the_box_closes_the_list(page: Page) -> None:
    page.goto("/")
    page.locator("#q").press_sequentially("archer")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_a_late_answer_does_not_replace_a_newer_one(page: Page) -> None:
    def answer(route: Route) -> None:
        late = "q=ar&" in route.request.url
        if late:
            page.wait_for_timeout(50)
        route.fulfill(json=["", ["late" if late else "new"], [""], ["/"]])

    page.route("**/suggest?*", answer)
    page.goto("/")
    page.locator("#q").fill("ar")
    page.wait_for_timeout(150)
    page.locator("#q").fill("archer")
    expect(page.get_by_role("option")).to_have_text("new")
    page.wait_for_timeout(300)
    expect(page.get_by_role("option")).to_have_text("new")


def test_names_that_hold_markup_stay_text(page: Page) -> None:
    page.route(
        "**/suggest?*",
        lambda route: route.fulfill(json=["", ["<img src=x onerror=alert(1)>"], ["<b>"], ["/"]]),
    )
    page.goto("/")
    page.locator("#q").press_sequentially("ab")
    expect(page.get_by_role("option")).to_contain_text("<img src=x")
    assert page.locator(".suggestions img, .suggestions b").count() == 0


def test_results_are_narrowed_and_widened(page: Page, language: str) -> None:
    page.goto("/search?q=insertion")
    facets = page.get_by_role("navigation", name={"fr": "Affiner", "en": "Narrow"}[language])
    link = facets.get_by_role("link", name=re.compile({"fr": "^Acteur ", "en": "^Actor "}[language]))
    number = int(re.sub(r"\D", "", link.inner_text()))
    link.click()
    expect(page).to_have_url(re.compile(r"/search\?q=insertion&type=actor$"))
    assert page.locator(".results > li").count() == number
    page.locator(".chip").click()
    expect(page).to_have_url(re.compile(r"/search\?q=insertion$"))


def test_a_typo_is_forgiven_and_told(page: Page, language: str) -> None:
    page.goto("/search?q=ecosolies+nante")
    expect(page.locator(".results a").first).to_contain_text("Écossolies")
    expect(page.locator(".note")).to_contain_text(
        {"fr": "Voici les résultats", "en": "These are results"}[language]
    )


def test_everything_works_without_javascript(chromium: Browser, site: str) -> None:
    context = chromium.new_context(
        java_script_enabled=False, locale="fr", base_url=site, viewport={"width": 360, "height": 800}
    )
    page = context.new_page()
    page.goto("/")
    page.locator("#q").fill("acrher")
    page.locator("form.search button").click()
    expect(page.locator(".results a").first).to_contain_text("Archer")
    page.get_by_role("link", name="Affiner les résultats").click()
    page.locator("#facets").get_by_role("link", name=re.compile("^Pôle")).click()
    expect(page.locator(".results > li")).to_have_count(1)
    page.get_by_role("link", name=re.compile("Retirer")).click()
    assert page.locator(".results > li").count() > 1
    context.close()


@pytest.mark.parametrize(
    "path", ["/search?q=insertion", "/search?q=archr&region=bretagne", "/search", "/search?q=pole&page=2"]
)
def test_nothing_sticks_out_on_a_phone(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.locator("#q").fill("")
    page.locator("#q").press_sequentially("economie")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    # WCAG 2.2, 2.5.8: targets of at least 24 by 24 pixels.
    small = page.evaluate(
        "[...document.querySelectorAll('.facets a, .chip, .suggestions li')].filter(e => e.checkVisibility())"
        ".map(e => e.getBoundingClientRect()).filter(r => r.height < 24 || r.width < 24).length"
    )
    assert small == 0


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: str(reader["locale"]))
@pytest.mark.parametrize(
    "path", ["/search?q=insertion&type=pole", "/search?q=archr", "/search?q=zzzqq", "/search"]
)
def test_axe_finds_nothing(chromium: Browser, site: str, reader: dict[str, Any], path: str) -> None:
    context = chromium.new_context(base_url=site, **reader)
    page = context.new_page()
    page.goto(path)
    page.locator("#q").fill("")
    page.locator("#q").press_sequentially("eco")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.evaluate(AXE)
    found = page.evaluate(RUN)
    faint = page.evaluate(CONTRAST)
    context.close()
    assert found["violations"] == []
    assert faint == []
