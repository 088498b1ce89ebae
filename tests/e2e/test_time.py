"""A reader goes from a page to its history, to the page of another day, and back; every page on the way is accessible."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.test_accessibility import AXE, READERS, RUN
from tests.integration.conftest import free_port, start, stop, wait_until_ready
from tests.unit.query.small_release import BASE, build_small_release

POLE = "/doc/pole/archer"


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server over a release that changed twice."""
    folder = tmp_path_factory.mktemp("lived")
    for extra in (
        "",
        'poleid:archer skos:altLabel "Archer"@fr .',
        'poleid:archer skos:altLabel "Autre"@fr .',
    ):
        build_small_release(folder / "var", extra=extra)
    port = free_port()
    process = start(folder / "var", folder / "log", port, PTCE_BASE_IRI=BASE)
    address = f"http://127.0.0.1:{port}/"
    wait_until_ready(address, process, folder / "log")
    yield address
    stop(process)


@pytest.mark.parametrize("reader", READERS, ids=["fr", "en"])
def test_from_a_page_to_its_past_and_back(chromium: Browser, lived: str, reader: dict[str, object]) -> None:
    context = chromium.new_context(base_url=lived, java_script_enabled=False, **reader)  # type: ignore[arg-type]
    page = context.new_page()
    french = reader["locale"] == "fr"
    page.goto(POLE)
    page.get_by_role("link", name="Historique" if french else "History").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Historique" if french else "History")
    expect(page.get_by_role("heading", level=2)).to_have_count(3)
    expect(page.locator("ins")).to_have_count(2)
    expect(page.locator("del")).to_have_count(1)
    page.locator("section").last.get_by_role("link").click()
    assert "/memento/" in page.url
    warning = page.locator(".warning").first
    expect(warning).to_contain_text("Voici la page telle" if french else "This is the page as it was")
    expect(page.locator("main")).not_to_contain_text("Autre")
    page.get_by_role("link", name="English" if french else "Français").click()
    assert "/memento/" in page.url, "the language changes, the day does not"
    page.locator(".warning a").first.click()
    assert page.url.endswith(POLE)
    expect(page.locator("main")).to_contain_text("Autre")
    context.close()


@pytest.mark.parametrize("reader", READERS, ids=["fr", "en"])
@pytest.mark.parametrize(
    "path", [f"{POLE}?history", f"/timemap/html{POLE}", f"/memento/20010101000000{POLE}"]
)
def test_axe_finds_nothing_on_pages_of_the_past(
    chromium: Browser, lived: str, path: str, reader: dict[str, object]
) -> None:
    context = chromium.new_context(base_url=lived, **reader)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(path)
    page.evaluate(AXE)
    found = page.evaluate(RUN)
    context.close()
    assert found["violations"] == []
