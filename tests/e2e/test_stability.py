"""Nothing moves under the reader's finger while a page loads (Web Vitals: cumulative layout shift)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.e2e.test_reading import PAGES

_OBSERVE = """
window.shifts = [];
new PerformanceObserver(list => {
  for (const entry of list.getEntries())
    shifts.push([entry.value, ...entry.sources.map(s => s.node && (s.node.outerHTML || s.node.textContent || '').slice(0, 80))]);
}).observe({type: 'layout-shift', buffered: true});
"""


@pytest.mark.parametrize("path", PAGES)
def test_a_page_does_not_shift_while_it_loads(chromium: Browser, site: str, path: str) -> None:
    context = chromium.new_context(base_url=site, locale="fr", viewport={"width": 390, "height": 844})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(_OBSERVE)
    page.goto(path, wait_until="networkidle")
    shifts = page.evaluate("shifts")
    context.close()
    assert sum(shift[0] for shift in shifts) < 0.005, shifts
