"""Nothing moves under the reader's finger while a page loads (Web Vitals: cumulative layout shift)."""

from __future__ import annotations

from typing import Any

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


_SHIFTED = 0.005
"""More than this on a load is seen: a line of text that moves by its own height on a phone gives about 0.005."""
_GOOD = 0.1
"""What Web Vitals calls good, for any load."""
_LOADS = 3


@pytest.mark.parametrize("path", PAGES)
def test_a_page_does_not_shift_while_it_loads(chromium: Browser, site: str, path: str) -> None:
    """A page that moves does so at each load.

    On a busy machine a browser also paints a line that it has read by half, once in a while and elsewhere each time. That is no fault of
    the page, so one load of three without it is enough.
    """
    seen = []
    for _ in range(_LOADS):
        shifts = _shifts(chromium, site, path)
        seen.append(shifts)
        total = sum(shift[0] for shift in shifts)
        assert total < _GOOD, shifts
        if total < _SHIFTED:
            return
    pytest.fail(f"{path} shifts at each of {_LOADS} loads: {seen}")


def test_a_page_that_shifts_is_seen(chromium: Browser, site: str) -> None:
    """The measure itself: a block put above the text after the first paint."""
    late = """
    addEventListener('load', () => setTimeout(() => {
      const late = document.createElement('p');
      late.style.height = '9px';
      document.querySelector('main').before(late);
    }, 200));
    """
    assert sum(shift[0] for shift in _shifts(chromium, site, "/", late)) > _SHIFTED


def _shifts(chromium: Browser, site: str, path: str, script: str = "") -> list[list[Any]]:
    """Each shift of a load on a slow phone: its value, then the starts of what moved."""
    context = chromium.new_context(base_url=site, locale="fr", viewport={"width": 390, "height": 844})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(_OBSERVE + script)
    page.goto(path, wait_until="networkidle")
    shifts: list[list[Any]] = page.evaluate("shifts")
    context.close()
    return shifts
