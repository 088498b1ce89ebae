"""An old MediaWiki is read: continuation of several modules, texts without slots, siteinfo that says less."""

from __future__ import annotations

from pathlib import Path

import pytest

from ptce_lod.wiki.config import Selection, Site, WikiConfig
from ptce_lod.wiki.pull import Pulled, pull
from ptce_lod.wiki.snapshot import SnapshotFolder
from tests.integration.wiki.faulty import Faulty, faulty
from tests.integration.wiki.old import OldWiki
from tests.integration.wiki.test_faults import QUICK

TITLES = [f"Pôle {n:02}" for n in range(1, 12)]
WIKI = OldWiki(
    {title: f"texte de {title}" for title in TITLES},
    {title: {"en": f"Cluster {title[-2:]}", "de": f"Bund {title[-2:]}"} for title in TITLES[::2]},
    {"Ancien": "Pôle 03", "Plus ancien": "Pôle 03", "P5": "Pôle 05"},
    {"server": "", "articlepath": "/index.php?title=$1"},
)


def pulled(server: Faulty, folder: Path, selection: Selection, article: str = "") -> Pulled:
    config = WikiConfig("x", {"fr": "x", "en": "x"}, (Site("fr", server.base + "api.php", article),))
    return pull(config, selection, SnapshotFolder(folder), QUICK, private_hosts=["127.0.0.1"])


def test_each_module_of_an_old_wiki_is_continued_to_its_end(tmp_path: Path) -> None:
    with faulty(WIKI) as server:
        selection = Selection(prefixes=("Pôle",), pages=("Ancien", "Absente"))
        found = pulled(server, tmp_path, selection)
        first = len(server.asked)
        again = pulled(server, tmp_path, selection)
        second = server.asked[first:]
    records = {record.title: record for record in found.snapshot.records()}
    assert {title: record.text for title, record in records.items()} == WIKI.texts
    assert {title: record.languages for title, record in records.items() if record.languages} == WIKI.links
    assert [record.revision for record in records.values()] == list(range(101, 112))
    assert records["Pôle 03"].redirects == ("Ancien", "Plus ancien")
    assert records["Pôle 05"].redirects == ("P5",)
    assert records["Pôle 01"].url == f"{server.base}index.php?title=P%C3%B4le_01"
    assert found.missing == ["Absente"]
    assert found.snapshot.about["sites"]["fr"]["generator"] == "MediaWiki 1.19.24"
    assert found.snapshot.about["sites"]["fr"]["licence_url"] == ""
    assert again.counts["fetched"] == 0
    assert not [asked for asked in second if "rvprop" in asked]
    assert first < 20 + len(TITLES) + 1, "no module is asked again for what it told, redirects once a page"


@pytest.mark.parametrize(
    ("general", "url"),
    [
        ({"server": "", "articlepath": "/$1"}, "{base}P%C3%B4le_01"),
        ({"server": "//127.0.0.1", "articlepath": "/wiki/$1"}, "http://127.0.0.1/wiki/P%C3%B4le_01"),
        ({"articlepath": "/wiki/$1"}, "{base}wiki/P%C3%B4le_01"),
        ({}, "https://declared.example/P%C3%B4le_01"),
        ({"server": "http://localhost", "articlepath": "/wiki/$1"}, "https://declared.example/P%C3%B4le_01"),
    ],
)
def test_what_an_old_wiki_says_of_its_pages_is_read(
    tmp_path: Path, general: dict[str, str], url: str
) -> None:
    wiki = OldWiki({"Pôle 01": "un"}, general=general, rights={"url": "", "text": ""})
    with faulty(wiki) as server:
        found = pulled(server, tmp_path, Selection(pages=("Pôle 01",)), "https://declared.example/$1")
    assert [record.url for record in found.snapshot.records()] == [url.format(base=server.base)]
