"""A person reads: a pole, a link, a search, a query, a download; by keyboard, on a phone, without JavaScript, in French and English."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

POLE = "/doc/pole/pole-sud-archer"
PAGES = (
    "/",
    "/poles",
    "/poles?page=2",
    "/actors",
    "/cooperations",
    "/events",
    "/calls",
    "/territories",
    "/sources",
    "/concepts",
    "/queries",
    "/ns",
    "/shapes",
    "/sparql",
    "/search?q=archer",
    "/catalog.html",
    "/dataset/poles.html",
    "/dataset/releases.html",
    "/fragments.html?o=ptce:Pole",
    "/reconcile.html",
    "/reconcile.html?name=Le+P%C3%A9riscope",
    "/links",
    "/wikis",
    "/feed.html",
    "/feed/1.html",
    "/catalog/feed.html",
    "/catalog/feed/1.html",
    "/news",
    "/api",
    "/network?pole=tetris",
    "/statistics",
    "/timeline",
    "/map",
    "/map?region=bretagne",
    POLE,
    "/doc/pole/tetris?view=statements",
    "/doc/pole/domb-innov",
    "/doc/actor/labo-ess",
    "/doc/cooperation/solilab",
    "/doc/event/journee-nationale-1",
    "/doc/call/aap-2013",
    "/doc/unit/region-bretagne",
    "/doc/unit/commune-grasse-alpes-maritimes",
    "/doc/territory/tetris",
    "/doc/source/poles",
    "/doc/claim/adepes-guide",
    "/doc/initiative/demarche-ptce",
    "/doc/cohort/witness-poles-2011",
    "/scheme/stage",
    "/concept/activity/insertion",
    "/graph/poles/2026-11-22",
    "/doc/query/poles-near-a-town",
    "/sparql?example=cooperation-network",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_kind_of_page_has_one_heading_a_language_and_no_sideways_scrolling(
    page: Page, path: str, language: str
) -> None:
    # WCAG 2.2, 1.4.10: 1280 pixels at 400 %.
    page.set_viewport_size({"width": 320, "height": 800})
    response = page.goto(path)
    assert response is not None
    assert response.status == 200
    assert page.locator("h1").count() == 1
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert page.title().strip(" –PTCE")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for tag in ("main", "header", "footer"):
        assert page.locator(f"body > {tag}").count() == 1
    for image in page.locator("img").all():
        assert image.get_attribute("alt") is not None
    unnamed = page.evaluate(
        "[...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea')].filter(e => "
        "!(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length || e.querySelector('title'))).map(e => e.outerHTML)"
    )
    assert unnamed == []


def test_a_pole_is_read_and_leads_on(page: Page, language: str) -> None:
    page.goto(POLE)
    expect(page.locator("h1")).to_have_text("Pôle Sud Archer")
    words = {
        "fr": (
            "10 janvier 2014",
            "Groupe Archer",
            "organisations membres",
            "Sources",
            "Rapporté, non compté",
        ),
        "en": (
            "10 January 2014",
            "Groupe Archer",
            "member organisations",
            "Sources",
            "Reported, not counted",
        ),
    }
    for word in words[language]:
        expect(page.locator("main")).to_contain_text(word)
    page.get_by_role("link", name="Groupe Archer").first.click()
    expect(page).to_have_url(re.compile(r"/doc/actor/groupe-archer$"))
    expect(page.locator("h1")).to_contain_text("Groupe Archer")


def test_a_number_leads_to_its_source(page: Page) -> None:
    page.goto(POLE)
    mark = page.locator("sup a").first
    target = mark.get_attribute("href")
    assert target is not None
    mark.click()
    expect(page.locator(target)).to_be_in_viewport()
    assert page.locator(target).get_by_role("link").count() >= 1


def test_what_is_doubtful_is_said_openly(page: Page, language: str) -> None:
    page.goto("/doc/pole/domb-innov")
    expect(page.locator(".warning")).to_contain_text(
        {"fr": "un seul pôle", "en": "one pole"}[language], ignore_case=True
    )
    expect(page.locator(".timeline")).to_contain_text("2009")
    expect(page.locator(".timeline")).to_contain_text("2011")


def test_a_name_is_found_without_its_accents(page: Page) -> None:
    page.goto("/")
    page.locator("#q").fill("ecossol")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Les Écossolies").first.click()
    expect(page).to_have_url(re.compile(r"/doc/pole/ecossolies$"))


def test_nothing_found_says_what_to_do(page: Page) -> None:
    page.goto("/search?q=zzzzqqq")
    expect(page.locator("main")).to_contain_text("zzzzqqq")
    assert page.locator(".results").count() == 0


def test_the_validation_report_is_styled_and_refused_nothing(page: Page) -> None:
    page.goto("/report")
    assert page.locator("main h1").count() == 1
    assert page.evaluate("getComputedStyle(document.body).maxWidth") == "1120px"


def test_a_file_is_downloaded(page: Page) -> None:
    page.goto("/")
    with page.expect_download() as download:
        page.get_by_role("link", name="N-Quads").click()
    assert download.value.suggested_filename.endswith("all.nq")
    assert download.value.path().stat().st_size > 1_000_000


def test_the_language_chosen_stays(page: Page, language: str) -> None:
    other = {"fr": "en", "en": "fr"}[language]
    page.goto(POLE)
    page.locator(f"nav.language a[lang={other}]").click()
    expect(page.locator("html")).to_have_attribute("lang", other)
    page.goto("/poles")
    expect(page.locator("html")).to_have_attribute("lang", other)


def test_the_keyboard_reaches_the_content_first(page: Page) -> None:
    page.goto(POLE)
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


def test_the_map_marks_the_municipality(page: Page) -> None:
    page.goto(POLE)
    expect(page.locator(".leaflet-container path.leaflet-interactive")).to_have_count(1)


def test_places_overseas_stay_in_sight(page: Page) -> None:
    page.goto("/poles")
    page.wait_for_load_state("networkidle")
    expect(page.locator("figure[data-map] svg")).to_contain_text("La Réunion")
    page.locator("figure[data-map] a[data-label='EcoPAL']").click()
    expect(page).to_have_url(re.compile(r"/doc/pole/ecopal$"))


@pytest.mark.parametrize("language", ["fr"], indirect=True)
def test_everything_is_there_without_javascript(chromium: Browser, site: str, language: str) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="fr", base_url=site)
    page = context.new_page()
    page.goto(POLE)
    assert page.locator("figure[data-map] svg .point").count() == 1
    page.locator("figure[data-map] svg a").click()
    expect(page).to_have_url(re.compile(r"/doc/unit/commune-romans-sur-isere-drome$"))
    page.goto("/sparql")
    page.locator("#format").select_option("csv")
    with page.expect_download() as download:
        page.locator("form.query button:visible").click()
    assert download.value.path().read_text(encoding="utf-8").startswith("pole,name,")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", POLE, "/poles", "/sparql"])
def test_text_stands_out_from_its_background(chromium: Browser, site: str, scheme: str, path: str) -> None:
    """WCAG 2.2, 1.4.3: contrast of at least 4.5 to 1, computed for every element with text of its own."""
    context = chromium.new_context(color_scheme=scheme, locale="en", base_url=site)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(path)
    faint = page.evaluate(CONTRAST)
    context.close()
    assert faint == []


CONTRAST = """() => {
  const parse = (text) => { const n = text.match(/[\\d.]+/g).map(Number); return { rgb: n.slice(0, 3), a: n.length > 3 ? n[3] : 1 }; };
  const channel = (c) => { c /= 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  const luminance = (rgb) => 0.2126 * channel(rgb[0]) + 0.7152 * channel(rgb[1]) + 0.0722 * channel(rgb[2]);
  const background = (element) => {
    for (let e = element; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.a > 0.9) return c.rgb; }
    return [255, 255, 255];
  };
  const faint = [];
  for (const element of document.body.querySelectorAll("*")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || element.closest("svg, .hidden, .leaflet-container, .skip, meter") || !element.checkVisibility()) continue;
    const a = luminance(parse(getComputedStyle(element).color).rgb), b = luminance(background(element));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.push(`${element.tagName} ${element.className} ${ratio.toFixed(2)}: ${element.textContent.trim().slice(0, 40)}`);
  }
  return faint;
}"""
