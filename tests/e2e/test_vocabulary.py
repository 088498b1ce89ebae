"""The vocabulary and the shapes as readers meet them: wide and narrow, light and dark, on paper, with and without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.test_accessibility import AXE, READERS, RUN


@pytest.mark.parametrize("reader", READERS, ids=["wide-light-fr", "narrow-dark-en"])
@pytest.mark.parametrize("path", ["/ns", "/shapes"])
def test_axe_finds_nothing(chromium: Browser, site: str, path: str, reader: dict[str, Any]) -> None:
    context = chromium.new_context(base_url=site, **reader)
    page = context.new_page()
    page.goto(path)
    page.evaluate(AXE)
    found = page.evaluate(RUN)
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert found["violations"] == []
    assert wide <= reader["viewport"]["width"]


def test_the_diagram_scrolls_in_its_own_box_and_leads_to_a_class(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("/ns")
    box = page.locator(".drawing")
    assert box.evaluate("e => e.scrollWidth > e.clientWidth")
    box.locator("a[href='#Participation']").first.click()
    page.wait_for_url("**/ns#Participation")
    expect(page.locator("#Participation h3")).to_be_in_viewport()


def test_no_text_of_the_diagram_leaves_its_box(page: Page) -> None:
    page.goto("/ns")
    outside = page.evaluate(
        """() => [...document.querySelectorAll(".diagram a")].flatMap((link) => {
          const rect = link.querySelector("rect")?.getBBox();
          return rect ? [...link.querySelectorAll("text")].filter((text) => {
            const own = text.getBBox();
            return own.x < rect.x || own.x + own.width > rect.x + rect.width;
          }).map((text) => text.textContent) : [];
        })"""
    )
    assert outside == []


def test_the_contents_stay_in_sight_on_a_wide_screen(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/ns#territory")
    expect(page.locator("#territory h3")).to_be_in_viewport()
    expect(page.locator("#filter")).to_be_in_viewport()


def test_typing_filters_the_terms_with_accents_folded(page: Page, language: str) -> None:
    page.goto("/ns")
    page.fill("#filter", "pole")
    expect(page.locator("section#Pole")).to_be_visible()
    expect(page.locator("section#amount")).to_be_hidden()
    expect(page.locator("[data-term=amount]")).to_be_hidden()
    assert page.locator("#filter-status").inner_text().strip()[-1].isdigit()
    page.fill("#filter", "zzz")
    expect(page.locator("#filter-status")).to_have_text(
        "Aucun terme ne correspond." if language == "fr" else "No term matches."
    )
    page.fill("#filter", "")
    expect(page.locator("section#amount")).to_be_visible()


def test_a_link_to_a_hidden_term_shows_all_again(page: Page) -> None:
    page.goto("/ns")
    page.fill("#filter", "stage")
    page.evaluate("location.hash = '#amount'")
    expect(page.locator("section#amount")).to_be_visible()


def test_the_address_of_a_term_can_be_copied(chromium: Browser, site: str) -> None:
    context = chromium.new_context(base_url=site, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/ns")
    page.locator("#Pole button.copy").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    context.close()
    assert copied == "https://w3id.org/ptce/ns#Pole"


def test_without_javascript_the_filter_asks_the_server(chromium: Browser, site: str) -> None:
    context = chromium.new_context(base_url=site, java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto("/ns")
    assert page.locator("button.copy:visible").count() == 0
    page.fill("#filter", "laureate")
    page.press("#filter", "Enter")
    page.wait_for_url("**filter=laureate**")
    shown = page.locator("section.term").count()
    whole = page.locator("a", has_text="All terms")
    expect(whole).to_be_visible()
    whole.click()
    every = page.locator("section.term").count()
    context.close()
    assert shown < every


def test_paper_shows_what_the_screen_folds_away(page: Page) -> None:
    page.goto("/ns")
    example = page.locator("#Pole .example pre")
    expect(example).to_be_hidden()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(example).to_be_visible()
    expect(page.locator("nav.contents")).to_be_hidden()
    expect(page.locator(".drawing svg")).to_be_visible()
    assert page.locator(".drawing svg").evaluate("e => e.getBoundingClientRect().width") <= page.evaluate(
        "document.documentElement.clientWidth"
    )


def test_a_constraint_leads_to_its_shape(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto("/ns#startDate")
    page.locator("#startDate .constraints summary").click()
    page.locator("#startDate .constraints a[href*='/shapes#']").first.click()
    page.wait_for_url("**/shapes#*")
    anchor = page.evaluate("location.hash.slice(1)")
    assert page.locator(f"[id='{anchor}']").count() == 1


def test_rules_are_read_across_the_whole_width_of_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("/shapes")
    cell = page.locator("table.rules tbody th").first
    assert cell.evaluate("e => e.getBoundingClientRect().width") > 300
