"""The query editor: completion, views of the result, problems, sharing, keyboard, axe-core, and the form without JavaScript."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import Watch
from tests.e2e.test_accessibility import AXE, READERS, RUN

POLES = "SELECT ?pole ?name WHERE { ?pole a ptce:Pole ; skos:prefLabel ?name }"
PLACES = POLES.replace(
    "?name }", "?name ; ptce:territory/ptce:coversUnit/geo:hasDefaultGeometry/geo:asWKT ?where }"
).replace("?name WHERE", "?name ?where WHERE")
CALLS = "SELECT ?call (COUNT(*) AS ?n) { ?r ptce:underCall ?call } GROUP BY ?call ORDER BY DESC(?n)"
PARTIES = (
    "CONSTRUCT { ?c ptce:party ?p ; skos:prefLabel ?name } WHERE { ?c ptce:party ?p ; skos:prefLabel ?name }"
)


def ready(page: Page, address: str = "/sparql") -> Page:
    page.goto(address)
    page.wait_for_selector("html.editor-ready")
    return page


def run(page: Page, query: str) -> Locator:
    """Put the query into the editor as a shared link does, run it, return the result once it is there."""
    page.evaluate("query => { location.hash = 'query=' + encodeURIComponent(query) }", query)
    first = re.split(r"\s", query)[0]
    expect(page.locator(".CodeMirror-code")).to_contain_text(first)
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.locator("[data-do=run]").click()
    result = page.locator("#sparql-result")
    expect(result.locator(".yasr_results > *").first).to_be_visible()
    return result


@pytest.fixture
def english(chromium: Browser, site: str) -> Iterator[Page]:
    """A page in English; fails when it asked another host or wrote an error."""
    context = chromium.new_context(locale="en", base_url=site)
    watch = Watch(context, site)
    yield context.new_page()
    context.close()
    assert watch.elsewhere == []
    assert watch.errors == []


def test_an_answer_is_a_table_with_prefixed_names_and_links(page: Page, language: str) -> None:
    result = run(ready(page), POLES)
    expect(result.locator("tbody tr")).to_have_count(95)
    link = result.locator("tbody a").first
    assert (link.text_content() or "").startswith("poleid:")
    assert (link.get_attribute("href") or "").startswith("/id/pole/")
    expect(page.locator("#sparql-status")).to_contain_text(
        {"fr": "95 résultats", "en": "95 results"}[language]
    )
    result.locator("thead button", has_text="name").click()
    expect(result.locator("tbody tr").first).to_contain_text("AG2I")
    result.locator("input[type=search]").fill("archer")
    expect(result.locator("tbody tr")).to_have_count(1)


def test_solutions_are_downloaded_as_csv(english: Page) -> None:
    result = run(ready(english), POLES + " ORDER BY ?pole LIMIT 2")
    with english.expect_download() as download:
        result.locator(".yasr_downloadIcon").click()
    lines = download.value.path().read_text(encoding="utf-8").split("\n")
    assert download.value.suggested_filename == "result.csv"
    assert lines[0].strip() == "pole,name"
    assert re.match(r"http://.+/id/pole/[\w-]+,.+", lines[1])
    assert len(lines) == 4


def test_geometry_is_shown_on_a_map(english: Page) -> None:
    result = run(ready(english), PLACES)
    result.get_by_role("button", name="Map").click()
    markers = result.locator(".places path.leaflet-interactive")
    expect(markers.first).to_be_attached()
    assert markers.count() == 43
    # points of one town lie on each other: the click reaches the one on top
    markers.first.click(force=True)
    expect(result.locator(".leaflet-popup-content a").first).to_have_attribute(
        "href", re.compile(r"^/id/pole/")
    )


def test_numbers_are_shown_as_a_chart(english: Page) -> None:
    result = run(ready(english), CALLS)
    result.get_by_role("button", name="Chart").click()
    bars = result.locator(".chart rect.bar")
    expect(bars.first).to_be_visible()
    widths = [float(bar.get_attribute("width") or 0) for bar in bars.all()]
    assert len(widths) > 3
    assert widths == sorted(widths, reverse=True)
    result.get_by_label("Kind").select_option("line")
    expect(result.locator(".chart circle.dot")).to_have_count(len(widths))
    assert result.get_by_role("button", name="Map").count() == 0


def test_a_graph_is_shown_as_a_network(english: Page) -> None:
    result = run(ready(english), PARTIES + " LIMIT 30")
    result.get_by_role("button", name="Network").click()
    expect(result.locator(".network .node").first).to_be_visible()
    assert result.locator(".network .link").count() == 30
    assert result.locator(".network a[href^='/id/cooperation/']").count() > 3
    result.get_by_role("button", name="Raw").click()
    expect(result.locator("pre")).to_contain_text("<https://w3id.org/ptce/ns#party>")


def test_classes_properties_and_concepts_are_completed_with_labels(page: Page, language: str) -> None:
    ready(page, f"/sparql#query={quote('SELECT * { ?s }')}")
    page.wait_for_selector("html.terms-ready")
    page.locator(".CodeMirror").click()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type(" a ptce:Po")
    active = page.locator(".CodeMirror-hint-active")
    expect(active).to_have_text({"fr": "ptce:Pole pôle", "en": "ptce:Pole pole"}[language])
    page.keyboard.press("Enter")
    page.keyboard.type(" ; ptce:terr")
    expect(active).to_contain_text("ptce:territory")
    page.keyboard.press("Enter")
    expect(page.locator(".CodeMirror-code")).to_contain_text("?s a ptce:Pole ; ptce:territory")


def test_a_problem_is_told_and_its_place_is_marked(chromium: Browser, site: str) -> None:
    # without the watch: Chromium writes every 400 to the console
    context = chromium.new_context(locale="fr", base_url=site)
    page = context.new_page()
    result = run(ready(page), "SELECT ?s WHERE {\n  ?s a ptce:Pole\n} LIMIT nothing")
    expect(result.locator(".problem")).to_contain_text("SPARQL 1.1")
    expect(result.locator(".problem strong")).to_have_attribute("lang", "fr")
    expect(page.locator(".CodeMirror .wrong-line")).to_have_count(1)
    assert page.locator(".gutterErrorBar, .CodeMirror-gutter-elt [title]").count() > 0
    result.get_by_role("button", name=re.compile("ligne")).click()
    assert page.evaluate("document.activeElement.closest('.CodeMirror') !== null")
    context.close()


def test_by_keyboard_a_query_runs_and_the_editor_is_left(english: Page) -> None:
    ready(english, f"/sparql#query={quote('ASK { ?pole a ptce:Pole }')}")
    english.locator(".CodeMirror").click()
    english.keyboard.press("Control+Enter")
    expect(english.locator("#sparql-result .answer")).to_have_text("Yes")
    english.keyboard.press("Tab")
    assert english.evaluate("document.activeElement.closest('.CodeMirror') !== null")
    english.keyboard.press("Escape")
    english.keyboard.press("Tab")
    expect(english.locator("[data-do=run]")).to_be_focused()
    english.keyboard.press("Shift+Tab")
    assert english.evaluate("document.activeElement.closest('.CodeMirror') !== null")


def test_a_link_to_a_query_is_copied_and_sends_nothing(chromium: Browser, site: str) -> None:
    context = chromium.new_context(locale="en", base_url=site)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = ready(context.new_page(), f"/sparql#query={quote(POLES)}")
    page.locator("[data-do=share]").click()
    expect(page.locator("[data-do=share]")).to_have_text("Copied")
    link = page.evaluate("navigator.clipboard.readText()")
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.method + " " + request.url))
    other = ready(context.new_page(), link)
    expect(other.locator(".CodeMirror-code")).to_contain_text("?pole a ptce:Pole")
    assert not [address for address in asked if "query" in address.partition("#")[0]]
    assert not [address for address in asked if address.startswith("POST")]
    context.close()


def test_an_example_runs_at_a_click(page: Page) -> None:
    ready(page).locator(".gallery a[data-example]").first.click()
    expect(page.locator("#sparql-result tbody tr").first).to_be_visible()
    assert "#query=" in page.url


@pytest.mark.parametrize(
    ("reader", "view", "query"), [(0, "map", PLACES), (1, "table", POLES), (1, "network", PARTIES)]
)
def test_axe_finds_nothing_in_the_views(
    chromium: Browser, site: str, reader: int, view: str, query: str
) -> None:
    context = chromium.new_context(base_url=site, **READERS[reader])
    page = context.new_page()
    result = run(ready(page), query)
    button = result.locator(f".select_{view}")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("document.documentElement.scrollWidth") <= READERS[reader]["viewport"]["width"]
    page.evaluate(AXE)
    assert page.evaluate(RUN)["violations"] == []
    context.close()


def test_without_javascript_the_form_answers_with_a_page(chromium: Browser, site: str) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="en", base_url=site)
    page = context.new_page()
    page.goto("/sparql")
    page.locator(".gallery a[data-example]").first.click()
    page.wait_for_url("**/sparql?example=*")
    page.locator("form.query button:visible").click()
    expect(page.locator("table.solutions tbody tr").first).to_be_visible()
    assert "SELECT" in page.locator("#query").input_value()
    page.locator("main").get_by_role("link", name="SPARQL JSON").click()
    assert json.loads(page.locator("body").inner_text())["head"]["vars"]
    context.close()
