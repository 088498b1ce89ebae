"""An exported site in a browser: search and SPARQL without a server of ours."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Browser

from tests.integration.conftest import exported as exported
from tests.integration.conftest import exported_settings as exported_settings
from tests.integration.conftest import nginx_port as nginx_port
from tests.integration.exported_site import needs_nginx
from tests.unit.query.small_release import BASE

PATH = urlsplit(BASE).path


@needs_nginx
def test_the_browser_searches_and_queries_by_itself(nginx_port: int, chromium: Browser) -> None:
    context = chromium.new_context(locale="fr")
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(f"http://127.0.0.1:{nginx_port}{PATH}search?q=archer")
    page.locator("#search-results a").first.wait_for()
    assert "rcher" in page.locator("#search-results").inner_text()
    page.goto(f"http://127.0.0.1:{nginx_port}{PATH}sparql")
    page.get_by_role("button", name="Lancer la requête").click()
    page.locator("#sparql-result td a").first.wait_for(timeout=20_000)
    assert f"{BASE}id/pole/archer" in page.locator("#sparql-result").inner_text()
    page.goto(f"http://127.0.0.1:{nginx_port}{PATH}sparql?example=first")
    page.wait_for_function("document.getElementById('query').value.includes('ASK {}')")
    page.fill("#query", "ASK { ?x <urn:nothing> ?y }")
    page.get_by_role("button", name="Lancer la requête").click()
    page.get_by_text("Non", exact=True).wait_for()
    page.fill("#query", "SELECT nonsense")
    page.get_by_role("button", name="Lancer la requête").click()
    page.get_by_text("error at 1:").wait_for()
    context.close()
    assert not problems
