"""Make the pictures of the README from a running server: python scripts/screenshots.py [http://127.0.0.1:8000/]."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
SHOTS = (
    ("home.png", "", 1200, 900),
    ("pole.png", "doc/pole/pole-sud-archer", 1200, 1000),
    ("pole-phone.png", "doc/pole/pole-sud-archer", 390, 844),
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)


def main(base: str) -> None:
    """Write the pictures."""
    IMAGES.mkdir(exist_ok=True)
    browser_path = (
        shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    )
    if browser_path is None:
        sys.exit("no Chromium: scripts/install-test-tools installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=list(ARGUMENTS))
        for name, path, width, height in SHOTS:
            page = browser.new_page(viewport={"width": width, "height": height}, locale="fr-FR")
            response = page.goto(base + path, wait_until="networkidle")
            if response is None or not response.ok:
                sys.exit(f"{base}{path} answers {response.status if response else 'nothing'}")
            page.screenshot(path=IMAGES / name)
            page.close()
        browser.close()
    print(f"{len(SHOTS)} pictures in {IMAGES}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000/")
