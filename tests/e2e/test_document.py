"""The source of a statement at hand: by keyboard, pointer and finger; without JavaScript its number leads to it."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect


def test_a_source_is_shown_on_focus_and_goes_with_escape(page: Page, language: str) -> None:
    page.goto("/doc/pole/tetris")
    mark = page.locator("sup a").first
    card = page.get_by_role("tooltip")
    expect(card).to_be_hidden()
    mark.focus()
    expect(card).to_be_visible()
    number = (mark.text_content() or "").strip()
    title = page.locator(f"#source-{number} a").first.text_content() or ""
    expect(card).to_contain_text(title)
    expect(mark).to_have_attribute("aria-describedby", "source-card")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_the_pointer_can_go_into_the_card(page: Page, language: str) -> None:
    page.goto("/doc/pole/tetris")
    mark = page.locator("sup a").first
    mark.hover()
    card = page.get_by_role("tooltip")
    expect(card).to_be_visible()
    card.hover()
    page.wait_for_timeout(500)
    expect(card).to_be_visible()
    page.mouse.move(5, 5)
    expect(card).to_be_hidden()


def test_tabs_lead_to_all_statements_and_back(page: Page, language: str) -> None:
    page.goto("/doc/pole/tetris")
    page.get_by_role("link", name={"fr": "Toutes les déclarations", "en": "All statements"}[language]).click()
    expect(page.locator("table.statements")).to_be_visible()
    page.get_by_role("link", name={"fr": "La page", "en": "The page"}[language], exact=True).click()
    expect(page.locator("table.statements")).to_have_count(0)


def test_a_tap_shows_the_source_first_and_without_javascript_the_number_leads_to_it(
    chromium: Browser, site: str
) -> None:
    phone = chromium.new_context(base_url=site, has_touch=True, viewport={"width": 390, "height": 800})
    page = phone.new_page()
    page.goto("/doc/pole/tetris")
    page.locator("sup a").first.tap()
    expect(page.get_by_role("tooltip")).to_be_visible()
    assert "#source" not in page.url
    phone.close()
    plain = chromium.new_context(base_url=site, java_script_enabled=False)
    page = plain.new_page()
    page.goto("/doc/pole/tetris")
    page.locator("sup a").first.click()
    assert "#source-" in page.url
    plain.close()
