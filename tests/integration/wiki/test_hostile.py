"""What a hostile or broken wiki says of itself reaches neither the data nor the user as a defect of ours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ptce_lod.errors import SourceUnavailable
from ptce_lod.wiki.config import Selection, Site, WikiConfig
from ptce_lod.wiki.pull import Pulled, pull
from ptce_lod.wiki.snapshot import SnapshotFolder
from ptce_lod.wiki.source_folder import read_snapshot, write_source
from tests.integration.wiki.faulty import SITE, Answer, Faulty, Script, faulty, reply, wiki_of
from tests.integration.wiki.test_faults import QUICK

Changed = Callable[[dict[str, Any]], None]


def with_site(script: Script, rights: dict[str, Any] | None = None, **general: Any) -> Script:
    """Return a script whose siteinfo says other things; what is None it does not say."""
    told = {name: value for name, value in {**SITE["general"], **general}.items() if value is not None}

    def answer(asked: dict[str, str]) -> Answer:
        if asked.get("meta", "").startswith("siteinfo"):
            return reply({"general": told} if rights is None else {"general": told, "rightsinfo": rights})
        return script(asked)

    return answer


def configured(server: Faulty, article: str = "") -> WikiConfig:
    return WikiConfig(
        "x", {"fr": "x", "en": "x"}, (Site("fr", server.base + "api.php", article, robots="ignore"),)
    )


def pulled(server: Faulty, folder: Path, *pages: str, article: str = "") -> Pulled:
    return pull(
        configured(server, article),
        Selection(pages=pages),
        SnapshotFolder(folder),
        QUICK,
        private_hosts=["127.0.0.1"],
    )


@pytest.mark.parametrize(
    "general",
    [
        {"articlepath": "/wiki/$1> <http://evil.example/p> <http://evil.example/o"},
        {"server": "javascript:alert(1)//", "articlepath": "$1"},
        {"articlepath": "/wiki/"},
        {"articlepath": "/$1/$1"},
        {"articlepath": None},
        {"articlepath": ["/wiki/$1"]},
        {"server": "https://elsewhere.example"},
        {"server": "//elsewhere.example"},
        {"server": "http://[::1"},
        {"server": "https://$1.example", "articlepath": "/"},
    ],
    ids=lambda general: " ".join(str(value)[:20] for value in general.values()),
)
def test_an_address_of_pages_that_is_none_is_refused_unless_the_mapping_says_another(
    tmp_path: Path, general: dict[str, Any]
) -> None:
    with faulty(with_site(wiki_of({"P1": "un"}), **general)) as server:
        with pytest.raises(SourceUnavailable, match=r"address of pages|does not answer as a MediaWiki"):
            pulled(server, tmp_path, "P1")
        assert SnapshotFolder(tmp_path).current() is None
        if general.get("server") == "http://[::1":
            return  # no part of such an answer is believed
        article = "https://wiki.example/p/$1"
        found = pulled(server, tmp_path, "P1", article=article)
        assert [record.url for record in found.snapshot.records()] == ["https://wiki.example/p/P1"]


def test_pages_may_be_on_a_host_that_the_mapping_names(tmp_path: Path) -> None:
    with faulty(with_site(wiki_of({"P1": "un"}), server="https://elsewhere.example")) as server:
        found = pulled(server, tmp_path, "P1", article="https://elsewhere.example/other/$1")
    assert [record.url for record in found.snapshot.records()] == ["https://elsewhere.example/wiki/P1"]


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://l.example/> <x", ""),
        ("javascript:x", ""),
        ("//l.example/by", "http://l.example/by"),
        (None, ""),
        (["x"], ""),
    ],
)
def test_a_licence_that_is_no_address_is_left_out(tmp_path: Path, url: Any, kept: str) -> None:
    text = '") <http://evil.example/p> ' + "(" * 300
    script = with_site(wiki_of({"P1": "un"}), {"url": url, "text": text})
    with faulty(script) as server:
        found = pulled(server, tmp_path / "w", "P1")
        config = configured(server)
    assert found.snapshot.about["sites"]["fr"]["licence_url"] == kept
    folder = write_source(config, found.snapshot, read_snapshot(config, found.snapshot), tmp_path / "s")
    assert_read(folder)


def assert_read(folder: Path) -> None:
    """The files are read as a build reads them."""
    from ptce_lod import formats
    from ptce_lod.parse import read_rdf

    for path in folder.glob("*.ttl"):
        content = read_rdf(path.read_bytes(), formats.TURTLE, path=str(path), base_iri="https://x.example/")
        assert not content.problems
        assert not [q for q in content.quads if "evil" in q.predicate.value]


@pytest.mark.parametrize("moment", ["hier", None, 7, "2020-13-01T00:00:00Z"])
def test_a_bad_moment_of_a_page_is_left_out(tmp_path: Path, moment: Any) -> None:
    good = wiki_of({"P1": "un"})

    def dated(asked: dict[str, str]) -> Answer:
        if "rvprop" not in asked:
            return good(asked)
        revision = {"revid": 7, "timestamp": moment, "*": "un"}
        return reply({"pages": {"1": {"pageid": 1, "title": "P1", "revisions": [revision]}}})

    with faulty(dated) as server:
        found = pulled(server, tmp_path / "w", "P1")
        config = configured(server)
    assert [record.timestamp for record in found.snapshot.records()] == [""]
    folder = write_source(config, found.snapshot, read_snapshot(config, found.snapshot), tmp_path / "s")
    assert_read(folder)
