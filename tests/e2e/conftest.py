"""The published real data, served by a real process, read in a real Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from ptce_lod.settings import Settings
from tests.integration.conftest import free_port, start, stop, wait_until_ready

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def site(published: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server over the real data. Its IRIs have another port: the pages' links must work all the same."""
    log = tmp_path_factory.mktemp("site") / "log"
    port = free_port()
    process = start(
        published.var_dir, log, port, PTCE_BASE_IRI=published.base_iri, PTCE_QUERY_TIMEOUT_SECONDS="10"
    )
    address = f"http://127.0.0.1:{port}/"
    wait_until_ready(address, process, log)
    yield address
    stop(process)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next(
        (p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None
    )
    if path is None:
        pytest.fail("no Chromium: scripts/install-test-tools installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


class Watch:
    """Notes what a page should not do: errors in the console, requests to other hosts."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.errors: list[str] = []
        self.elsewhere: list[str] = []
        self._site = site
        context.on("console", self._console)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self._site, "data:", "blob:")):
            self.elsewhere.append(request.url)


@pytest.fixture(params=["fr", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(chromium: Browser, site: str, language: str) -> Iterator[Page]:
    """A page in each language; fails when it asked another host or wrote an error."""
    context = chromium.new_context(locale=language, base_url=site)
    watch = Watch(context, site)
    yield context.new_page()
    context.close()
    assert watch.elsewhere == []
    assert watch.errors == []
