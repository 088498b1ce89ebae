"""axe-core finds nothing on any kind of page: WCAG 2.2 A and AA, and axe's own good practice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.test_reading import PAGES

AXE = (Path(__file__).parent / "vendor/axe-core/axe.min.js").read_text(encoding="utf-8")
#: Two readers who differ in everything; each page is read by one of them, neighbours in the list by different ones.
READERS: tuple[dict[str, Any], ...] = (
    {"locale": "fr", "color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    {"locale": "en", "color_scheme": "dark", "viewport": {"width": 360, "height": 800}},
)
#: ``target-size`` is off: the numbers of sources stand in the text they belong to, which WCAG 2.2, 2.5.8 excepts ("Inline"),
#: and axe sees that in paragraphs, but not in list items and cells.
RUN = """async () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const results = await axe.run(document, { runOnly: tags, rules: { "target-size": { enabled: false } } });
  return { passed: results.passes.length,
           violations: results.violations.map((v) => `${v.impact} ${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(" | ")}`) };
}"""


MORE = ("/no-such-page", "/sparql?format=html&query=SELECT+*+{+%3Fs+a+ptce:Pole+}+LIMIT+3")


@pytest.mark.parametrize(("number", "path"), list(enumerate((*PAGES, *MORE))))
def test_axe_finds_nothing(chromium: Browser, site: str, number: int, path: str) -> None:
    context = chromium.new_context(base_url=site, **READERS[number % 2])
    page = context.new_page()
    page.goto(path)
    page.evaluate(AXE)
    found = page.evaluate(RUN)
    context.close()
    assert found["violations"] == []
    assert found["passed"] >= 10
