"""The network in a browser: drawn without a complaint, searched by keyboard, equal tables without JavaScript."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect


def test_the_network_is_drawn_and_a_node_is_found_by_keyboard(page: Page, language: str) -> None:
    said: list[str] = []
    hosts: set[str] = set()
    page.on(
        "console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto("/network")
    expect(page.locator("#network")).to_have_attribute("data-ready", "428")
    assert page.locator("#network canvas").count() > 0
    box = page.get_by_label({"fr": "Trouver dans le dessin", "en": "Find in the drawing"}[language])
    box.focus()
    page.keyboard.type("Archer")
    page.keyboard.press("Enter")
    card = page.locator("#node")
    expect(card).to_contain_text("Archer")
    link = card.get_by_role("link")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/doc/**")
    assert said == []
    assert len(hosts) == 1


def test_without_javascript_the_tables_and_filters_are_there(chromium: Browser, site: str) -> None:
    context = chromium.new_context(base_url=site, java_script_enabled=False, locale="fr")
    page = context.new_page()
    page.goto("/network")
    expect(page.locator("#network")).to_be_hidden()
    page.select_option("#filter-pole", "tetris")
    page.get_by_role("button", name="Filtrer").click()
    assert "pole=tetris" in page.url
    assert page.locator("section[aria-labelledby=nodes-title] tbody tr").count() > 5
    context.close()
