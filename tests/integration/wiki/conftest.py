"""One wiki for all tests that only read it, and one mapping for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ptce_lod.settings import Settings
from tests.integration.wiki import mediawiki
from tests.integration.wiki.mediawiki import MediaWiki

MAPPING = """
[title]
fr = "Wiki de test"
en = "Test wiki"
[[site]]
language = "fr"
api = "{base}api.php"
article = "{base}index.php/$1"
[pull]
categories = ["Catégorie:PTCE"]
[things]
"Pôle territorial de coopération économique" = "concept/grouping-type/ptce"
[[template]]
names = ["Infobox PTCE"]
thing = "pole/{{identifiant}}"
[[template.field]]
parameters = ["date de création", "création"]
predicate = "ptce:startDate"
parser = "date"
[[template.field]]
parameters = ["site web"]
predicate = "foaf:page"
parser = "url"
[[template.field]]
parameters = ["salariés"]
predicate = "schema:numberOfEmployees"
parser = "integer"
[[section]]
titles = ["Histoire"]
kind = "origin"
text = {{ fr = "La page « {{title}} » raconte l'origine.", en = "The page “{{title}}” tells of the origin." }}
"""


@pytest.fixture(scope="session")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MediaWiki]:
    running = mediawiki.start(tmp_path_factory.mktemp("mediawiki"))
    try:
        mediawiki.fill(running)
        yield running
    finally:
        mediawiki.stop(running)


@pytest.fixture
def own_wiki(tmp_path: Path) -> Iterator[MediaWiki]:
    """A wiki for the tests that change it."""
    folder = tmp_path / "mediawiki"
    folder.mkdir()
    running = mediawiki.start(folder)
    try:
        mediawiki.fill(running)
        yield running
    finally:
        mediawiki.stop(running)


@pytest.fixture
def wiki_settings(tmp_path: Path) -> Settings:
    return Settings(
        var_dir=tmp_path / "var",
        data_dir=tmp_path / "sources",
        wiki_dir=tmp_path / "wiki",
        wiki_pause_seconds=0,
        wiki_timeout_seconds=30,
        wiki_private_hosts="127.0.0.1",
    )


def write_mapping(settings: Settings, base: str, name: str = "test") -> None:
    folder = settings.wiki_dir / "mappings"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.toml").write_text(MAPPING.format(base=base), encoding="utf-8")
