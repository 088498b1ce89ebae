"""What was pushed into a real MediaWiki, as its readers see it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import PROJECT
from tests.integration.wiki.mediawiki import MediaWiki
from tests.integration.wiki.test_push import Project
from tests.integration.wiki.test_push import own_wiki as own_wiki
from tests.integration.wiki.test_push import project as project

#: Pictures for who wants to see.
FOLDER = PROJECT / "var/screenshots/wiki"


@pytest.fixture
def reader(own_wiki: MediaWiki, project: Project, chromium: Browser) -> Iterator[Page]:
    project.pull()
    project.apply()
    page = chromium.new_page(viewport={"width": 1200, "height": 900})
    yield page
    page.close()


def opened(page: Page, wiki: MediaWiki, title: str) -> str:
    page.goto(f"{wiki.base}index.php/{title}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / f"{title}.png", full_page=True)
    return page.locator("#mw-content-text").inner_text()


@pytest.mark.browser
def test_a_box_stands_beside_the_words_of_people(reader: Page, own_wiki: MediaWiki, tmp_path: Path) -> None:
    text = opened(reader, own_wiki, "Tetris")
    assert "Tetris, du texte." in text
    assert "ptce-lod" not in text
    assert "{{" not in text
    assert "<!--" not in text
    box = reader.locator("#mw-content-text table").first
    expect(box).to_be_visible()
    assert {"Lieu", "Région"} <= set(box.locator("th[scope=row]").all_inner_texts())
    place, words = box.bounding_box(), reader.locator("#mw-content-text p").first.bounding_box()
    assert place is not None
    assert words is not None
    assert place["x"] > words["x"], "at the side"
    assert place["width"] < 500
    assert box.locator("a[href='http://127.0.0.1:8000/id/pole/tetris']").count() == 1
    assert reader.locator(".error, .mw-parser-output .scribunto-error").count() == 0


@pytest.mark.browser
def test_the_list_has_the_regions_in_order_and_leads_to_the_wiki_s_own_pages(
    reader: Page, own_wiki: MediaWiki
) -> None:
    text = opened(reader, own_wiki, "Liste_des_PTCE")
    assert "ptce-lod" not in text
    regions = reader.locator("#mw-content-text p > b").all_inner_texts()
    assert {"Bretagne", "Occitanie"} <= set(regions)
    assert regions.index("Bretagne") < regions.index("Occitanie")
    reader.get_by_role("link", name="Transition Écologique Territoriale").first.click()
    expect(reader.locator("#firstHeading")).to_have_text("Tetris")


@pytest.mark.browser
def test_the_timeline_goes_by_date(reader: Page, own_wiki: MediaWiki) -> None:
    text = opened(reader, own_wiki, "Chronologie_des_PTCE")
    years = [int(word) for word in text.split() if word.isdigit() and len(word) == 4]
    assert len(years) > 20
    assert years[0] < years[-1]
    assert "ptce-lod" not in text
