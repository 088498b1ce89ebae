"""Debian's MediaWiki with SQLite behind PHP's built-in server, filled through its API with pages as Solecopedia's."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mwclient
import pytest

from tests.integration.conftest import free_port

ROOT = Path("/usr/share/mediawiki")
STARTUP_SECONDS = 60
PASSWORD = "un mot de passe de test"
SETTINGS = """
$wgLanguageCode = "fr"; $wgRightsUrl = "https://creativecommons.org/licenses/by-sa/4.0/"; $wgRightsText = "CC BY-SA 4.0";
$wgJobRunRate = 0; $wgUseDatabaseMessages = false; $wgMainCacheType = CACHE_NONE; $wgRateLimits = [];
wfLoadExtension("ParserFunctions");
$wgUsePathInfo = true; $wgArticlePath = "/index.php/$1"; $wgShowExceptionDetails = true; $wgMaxArticleSize = 16000;
"""
INFOBOX = """{{Infobox PTCE
| identifiant = %(id)s
| nom = %(name)s
| création = %(date)s
| site web = %(site)s
| salariés = %(jobs)s
}}
'''%(name)s''' est un pôle lié à la [[Pôle territorial de coopération économique|démarche PTCE]].

== Histoire ==
Le pôle a été ouvert par ses fondateurs, voir [https://example.org/%(id)s son site].

== Activités ==
=== Filières ===
Divers.

[[Catégorie:PTCE]]
[[Catégorie:Énergie]]
"""


@dataclass
class MediaWiki:
    """A wiki that runs: ``api`` is its address, ``site`` an administrator's session."""

    base: str
    process: subprocess.Popen[bytes]
    site: Any
    folder: Path

    @property
    def api(self) -> str:
        return f"{self.base}api.php"

    def write(self, title: str, text: str) -> None:
        self.site.pages[title].save(text, "test")

    def maintain(self, script: str, *arguments: str) -> None:
        subprocess.run(
            ["php", str(ROOT / "maintenance" / script), *arguments],
            env=environment(self.folder),
            check=True,
            capture_output=True,
        )

    @contextmanager
    def configured(self, php: str) -> Iterator[None]:
        """Run the wiki with more settings for a while."""
        path = self.folder / "LocalSettings.php"
        former = path.read_text(encoding="utf-8")
        path.write_text(f"{former}\n{php}\n", encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(former, encoding="utf-8")

    def dump(self, path: Path) -> None:
        done = subprocess.run(
            ["php", str(ROOT / "maintenance/dumpBackup.php"), "--current", "--quiet"],
            env=environment(self.folder), check=True, capture_output=True,
        )  # fmt: skip
        path.write_bytes(done.stdout)


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "MW_CONFIG_FILE": str(folder / "LocalSettings.php")}


def start(folder: Path, language: str = "fr") -> MediaWiki:
    """Install and start a wiki in ``folder``."""
    if not (ROOT / "api.php").exists():
        pytest.fail("MediaWiki is not installed: scripts/install-test-tools installs it")
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    install = [
        *("php", str(ROOT / "maintenance/install.php"), "--dbtype", "sqlite", "--dbname", "wiki"),
        *(
            "--dbpath",
            str(folder),
            "--confpath",
            str(folder),
            "--server",
            base.rstrip("/"),
            "--scriptpath",
            "",
        ),
        *("--lang", language, "--pass", PASSWORD, "Wiki de test", "Admin"),
    ]
    done = subprocess.run(install, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    with (folder / "LocalSettings.php").open("a", encoding="utf-8") as stream:
        stream.write(SETTINGS.replace('"fr"', f'"{language}"'))
    with (folder / "php.log").open("wb") as log:
        process = subprocess.Popen(
            ["php", "-d", "opcache.revalidate_freq=0", "-S", f"127.0.0.1:{port}", "-t", str(ROOT)],
            env=environment(folder), stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    wait(f"{base}api.php?action=query&format=json", process)
    site = mwclient.Site(f"127.0.0.1:{port}", path="/", scheme="http", retry_timeout=0, max_retries=3)
    site.login("Admin", PASSWORD)
    return MediaWiki(base, process, site, folder)


def wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url):
                return
        except OSError:
            time.sleep(0.05)
    pytest.fail("MediaWiki did not start")


def fill(wiki: MediaWiki) -> None:
    """Write the pages that the tests read."""
    wiki.write(
        "Pôle territorial de coopération économique",
        "Un '''PTCE''' réunit des acteurs.\n\n== Histoire ==\nDepuis 2009.\n\n[[Catégorie:PTCE]]\n[[en:Territorial cluster]]",
    )
    poles = (
        ("Pôle Sud Archer", "pole-sud-archer", "juin 2007", "1 200 salariés"),
        ("Domb'Innov", "domb-innov", "1er mai 2013", "beaucoup"),
        ("Tetris", "tetris", "2014", "12"),
    )
    for name, slug, date, jobs in poles:
        site = f"https://{slug}.example.org/"
        wiki.write(name, INFOBOX % {"id": slug, "name": name, "date": date, "site": site, "jobs": jobs})
    wiki.write("Pôle/Nord : énergie & cie", "Titre avec « / » et « : ».\n[[Catégorie:PTCE]]")
    wiki.write("Archer", "#REDIRECTION [[Pôle Sud Archer]]")
    wiki.write("PTCE", "#REDIRECTION [[Pôle territorial de coopération économique]]")
    wiki.write("Boucle A", "#REDIRECTION [[Boucle B]]")
    wiki.write("Boucle B", "#REDIRECTION [[Boucle A]]")
    wiki.write("Modèle:Boucle", "{{Boucle}}")
    wiki.write("Page à boucle", "{{Boucle}} [[Catégorie:PTCE]]")
    wiki.write("Page à supprimer", "Bientôt [[Catégorie:PTCE]]")
    wiki.write("Page à déplacer", "Ailleurs [[Catégorie:PTCE]]")
    wiki.write("Page à fondre", "Dans une autre [[Catégorie:PTCE]]")
    token = wiki.site.get_token("protect")
    wiki.site.post("protect", title="Pôle Sud Archer", protections="edit=sysop", token=token)


@contextmanager
def with_robot(folder: Path, password: str) -> Iterator[MediaWiki]:
    """Run a wiki in which the account Robot is a bot."""
    running = start(folder)
    try:
        running.maintain("createAndPromote.php", "--bot", "Robot", password)
        yield running
    finally:
        stop(running)


def stop(wiki: MediaWiki) -> None:
    wiki.process.terminate()
    wiki.process.wait(timeout=15)
