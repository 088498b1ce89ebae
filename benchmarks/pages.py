"""``python -m benchmarks.pages``: what a reader waits for, page by page, in Chromium with a processor four times slower.

Serves the project's own data, or with ``--var`` a release that is there already, without the byte cache. Columns: median and worst time of
the server for the HTML (ms), bytes over the wire with all that the page loads (kB), largest contentful paint (ms) and layout shift.
"""

from __future__ import annotations

import argparse
import http.client
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from benchmarks.http.processes import end, free_port, start, wait_for_port

#: Kinds of pages; all are there in the project's data.
PATHS: Final = (
    "",
    "poles",
    "doc/pole/tetris",
    "doc/actor/ville-de-strasbourg",
    "concepts",
    "ns",
    "shapes",
    "search?q=pôle+alimentation",
    "timeline",
    "statistics",
    "news",
    "catalog",
    "queries",
    "map",
    "network",
    "sparql",
)
_SLOWDOWN: Final = 4
_REQUESTS: Final = 25
#: Reads what the browser measured so far; buffered entries are those from before the observer.
_OBSERVE: Final = """
window.measured = {paint: 0, shift: 0};
new PerformanceObserver(list => { for (const e of list.getEntries()) measured.paint = e.startTime; })
  .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) measured.shift += e.value; })
  .observe({type: 'layout-shift', buffered: true});
"""


class Row(NamedTuple):
    """What one page took: milliseconds, kilobytes, and the layout shift's score (Web Vitals: below 0.1 is good)."""

    path: str
    median: float
    worst: float
    html: float
    weight: float
    paint: float
    shift: float


def server_times(base: str, path: str, count: int = _REQUESTS) -> tuple[float, float, float]:
    """Return median and greatest time in milliseconds of ``count`` requests for the HTML, and its kilobytes."""
    found, parts = [], urlsplit(base)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    size = 0
    for _ in range(count):
        began = time.perf_counter()
        connection.request(
            "GET", f"{parts.path}{path}".replace("ô", "%C3%B4"), headers={"Accept": "text/html"}
        )
        response = connection.getresponse()
        size = len(response.read())
        found.append(1000 * (time.perf_counter() - began))
        if response.status != 200:
            raise RuntimeError(f"{path} was answered with {response.status}")
    connection.close()
    # The first request of a page compiles its template.
    return statistics.median(found), max(found[1:]), size / 1000


def in_browser(browser: Browser, address: str) -> tuple[float, float, float]:
    """Return kilobytes loaded, largest contentful paint in milliseconds and layout shift of a page opened for the first time."""
    context = browser.new_context(locale="fr", viewport={"width": 390, "height": 844})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWDOWN})
    weights: list[float] = []
    session.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    page.add_init_script(_OBSERVE)
    page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(500)
    measured = page.evaluate("measured")
    context.close()
    return sum(weights) / 1000, measured["paint"], measured["shift"]


def measure(base: str, paths: Sequence[str]) -> list[Row]:
    """Measure each path below ``base``."""
    rows = []
    with sync_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for path in paths:
            print(f"/{path}", file=sys.stderr, flush=True)
            median, worst, html = server_times(base, path)
            weight, paint, shift = in_browser(browser, base + path)
            rows.append(Row("/" + path, median, worst, html, weight, paint, shift))
        browser.close()
    return rows


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a table in Markdown."""
    lines = [
        "| page | server, median ms | worst ms | HTML kB | loaded kB | largest paint, ms | layout shift |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| `{r.path}` | {r.median:.1f} | {r.worst:.1f} | {r.html:.0f} | {r.weight:.0f} | {r.paint:.0f} | {r.shift:.3f} |"
        for r in rows
    ]
    return "\n".join(lines)


def main() -> None:
    """Read the options, serve and measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument(
        "--var", type=Path, help="a folder with a published release (default: build the project's data)"
    )
    parser.add_argument("--base-iri", help="the base IRI of the release in --var")
    parser.add_argument("paths", nargs="*", default=PATHS, help="paths without the first slash")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-pages-") as folder:
        port = free_port()
        base = f"http://127.0.0.1:{port}/"
        environment = {
            "PTCE_VAR_DIR": str(options.var or Path(folder) / "var"),
            "PTCE_BASE_IRI": options.base_iri or base,
            "PTCE_CACHE_BYTES": "0",
            "PTCE_PORT": str(port),
        }
        command, log = [sys.executable, "-m", "ptce_lod.cli"], Path(folder) / "log"
        if options.var is None and start([*command, "build", "--publish"], log, environment).wait():
            raise SystemExit(log.read_text(encoding="utf-8"))
        server = start([*command, "serve"], log, environment)
        try:
            wait_for_port(server, port, log, 60)
            print(table(measure(base, options.paths)))
        finally:
            end(server)


if __name__ == "__main__":
    main()
