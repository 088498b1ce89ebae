"""The map in a browser: by keyboard, on a phone, without JavaScript, and with filters that do not load the page anew."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect


def test_filters_change_map_list_and_address_together(page: Page, language: str) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto("/map")
    expect(page.locator("#map")).to_have_attribute("data-ready", "true")
    before = page.locator("#list tbody tr").count()
    page.evaluate("window.kept = true")
    page.select_option("#filter-region", "bretagne")
    expect(page.locator("#summary")).to_contain_text("8")
    expect(page.locator("#list tbody tr")).to_have_count(8)
    assert before > 8
    assert page.evaluate("window.kept") is True, "the page was not loaded anew"
    assert page.url.endswith("/map?region=bretagne")
    expect(page.locator("#map .pole-point, #map .pole-cluster")).to_have_count(1)
    page.reload()
    expect(page.locator("#filter-region")).to_have_value("bretagne")
    host = page.url.split("/")[2]
    assert {url.split("/")[2] for url in requests if not url.startswith("data:")} == {host}


def test_a_pole_is_reached_by_keyboard(page: Page, language: str) -> None:
    page.goto("/map?q=tetris")
    expect(page.locator("#map")).to_have_attribute("data-ready", "true")
    point = page.locator("#map .pole-point")
    expect(point).to_have_count(1)
    assert point.get_attribute("aria-label")
    point.focus()
    page.keyboard.press("Enter")
    link = page.locator(".leaflet-popup a[href*='/doc/pole/']")
    expect(link).to_be_visible()
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/doc/pole/**")


def test_without_javascript_drawing_form_and_list_do_the_same(chromium: Browser, site: str) -> None:
    context = chromium.new_context(base_url=site, java_script_enabled=False, locale="fr")
    page = context.new_page()
    page.goto("/map")
    assert page.locator("#map svg a").count() > 30
    page.select_option("#filter-region", "bretagne")
    page.get_by_role("button", name="Filtrer").click()
    assert "region=bretagne" in page.url
    assert page.locator("#list tbody tr").count() == 8
    context.close()
