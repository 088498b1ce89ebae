"""What a hostile or broken wiki says of itself reaches neither the data nor the user as a defect of ours."""

from __future__ import annotations

import os
import ssl
import subprocess
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from ptce_lod import formats
from ptce_lod.cli.output import exit_code
from ptce_lod.errors import ReleaseLocked, SourceUnavailable
from ptce_lod.parse import read_rdf
from ptce_lod.wiki.api import WikiApi
from ptce_lod.wiki.config import Selection, Site, WikiConfig
from ptce_lod.wiki.editor import Login, WikiEditor
from ptce_lod.wiki.pull import Pulled, pull
from ptce_lod.wiki.session import Manners
from ptce_lod.wiki.snapshot import SnapshotFolder
from ptce_lod.wiki.source_folder import read_snapshot, write_source
from tests.integration.wiki.faulty import SITE, Answer, Faulty, Script, faulty, reply, wiki_of
from tests.integration.wiki.test_faults import QUICK


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


def nested(depth: int) -> Answer:
    return 200, {}, b'{"query": ' + b"[" * depth + b"]" * depth + b"}"


def test_a_text_with_half_a_character_is_pulled_with_a_sign_in_its_place(tmp_path: Path) -> None:
    with faulty(wiki_of({"P1": "un \ud800 deux", "P2": "trois"})) as server:
        found = pulled(server, tmp_path, "P1", "P2", "P\udfff")
    assert [record.text for record in found.snapshot.records()] == ["un \ufffd deux", "trois"]


def test_an_answer_that_nests_without_end_is_told(tmp_path: Path) -> None:
    with faulty(lambda _: nested(100_000)) as server, pytest.raises(SourceUnavailable, match="nests deeper"):
        pulled(server, tmp_path, "P1")


@pytest.mark.parametrize("token", ["clé-п", "two\nlines"])
def test_a_token_that_http_cannot_carry_is_told_and_not_shown(token: str) -> None:
    with faulty(wiki_of({})) as server:
        editor = WikiEditor(server.base + "api.php", QUICK, private_allowed=True)
        with pytest.raises(SourceUnavailable, match=r"token.* cannot carry|InvalidHeader") as told:
            editor.login(Login(token=token))
        editor.close()
    assert "token" in told.value.message + told.value.hint
    assert token not in f"{told.value.message} {told.value.hint} {told.value.__cause__}"


def test_a_contact_that_http_cannot_carry_is_told(tmp_path: Path) -> None:
    with faulty(wiki_of({})) as server, pytest.raises(SourceUnavailable, match="setting contact"):
        WikiApi(server.base + "api.php", replace(QUICK, contact="Łódź"), private_allowed=True)


def test_a_password_of_any_characters_is_sent(tmp_path: Path) -> None:
    good = wiki_of({})

    def login(asked: dict[str, str]) -> Answer:
        if asked["action"] == "login":
            return 200, {}, b'{"login": {"result": "Failed", "reason": "wrong"}}'
        if asked.get("type") == "login":
            return reply({"tokens": {"logintoken": "t"}})
        return good(asked)

    with faulty(login) as server:
        editor = WikiEditor(server.base + "api.php", QUICK, private_allowed=True)
        with pytest.raises(SourceUnavailable, match="not accepted: Failed wrong"):
            editor.login(Login("Łódź", "пароль"))
        editor.close()
        assert server.asked[-1]["lgpassword"] == "пароль"


def test_a_second_pull_of_a_wiki_is_refused_while_one_runs(tmp_path: Path) -> None:
    good = wiki_of({"P1": "un"})
    told: list[ReleaseLocked] = []

    def meanwhile(asked: dict[str, str]) -> Answer:
        if "rvprop" in asked and not told:
            with pytest.raises(ReleaseLocked) as error:
                pulled(server, tmp_path, "P1")
            told.append(error.value)
        return good(asked)

    with faulty(meanwhile) as server:
        found = pulled(server, tmp_path, "P1")
    assert f"another process ({os.getpid()}) is pulling this wiki" in told[0].message
    assert exit_code(told[0]) == 5
    assert found.counts["pages"] == 1


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """Return what serves with a certificate of its own, for ``name``, and the certificate."""
    key, pem = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=test", "-addext",
         f"subjectAltName={name}", "-keyout", str(key), "-out", str(pem)],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    return context, pem


@pytest.mark.parametrize("robots", ["", "ignore"])
@pytest.mark.parametrize(
    ("name", "trusted", "told"),
    [
        ("IP:127.0.0.1", False, "self-signed certificate"),
        ("DNS:other.example", True, "certificate is not valid for '127.0.0.1'"),
        ("IP:127.0.0.1", True, ""),
    ],
)
def test_a_certificate_that_is_not_valid_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, trusted: bool, told: str, robots: str
) -> None:
    context, pem = certificate(tmp_path, name)
    if trusted:
        monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(pem))
    waits = watch_waits(monkeypatch)
    with faulty(wiki_of({"P1": "un"}), context) as server:
        site = Site("fr", server.base + "api.php", robots=robots)
        config = WikiConfig("x", {"fr": "x", "en": "x"}, (site,))

        def ask() -> Pulled:
            return pull(
                config,
                Selection(pages=("P1",)),
                SnapshotFolder(tmp_path / "w"),
                replace(QUICK, retry_wait=60),
                private_hosts=["127.0.0.1"],
            )

        if told:
            with pytest.raises(SourceUnavailable, match="certificate is not valid for this host") as error:
                ask()
            assert told in error.value.message
            assert "renew its certificate" in error.value.hint
            assert server.asked == []
        else:
            assert ask().counts["pages"] == 1
    assert waits == []


def watch_waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Note the seconds that anybody means to wait, and do not wait."""
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", lambda seconds: waits.append(seconds) if seconds else None)
    return waits


@pytest.mark.parametrize("allowed", [True, False])
@pytest.mark.parametrize("robots", ["", "ignore"])
def test_a_name_that_nobody_knows_is_told_without_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, robots: str, allowed: bool
) -> None:
    waits = watch_waits(monkeypatch)
    site = Site("fr", "https://wiki.invalid/api.php", robots=robots)
    config = WikiConfig("x", {"fr": "x", "en": "x"}, (site,))
    hosts = ["wiki.invalid"] if allowed else []
    with pytest.raises(SourceUnavailable, match="no host of this name is known"):
        pull(config, Selection(pages=("P",)), SnapshotFolder(tmp_path), Manners(), private_hosts=hosts)
    assert waits == []


def test_a_refused_connection_is_told_without_waiting_unless_the_wiki_answered_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = watch_waits(monkeypatch)
    with faulty(wiki_of({})) as server:
        api = WikiApi(server.base + "api.php", Manners(pause=0, timeout=5, retries=2), private_allowed=True)
    with pytest.raises(SourceUnavailable, match="refuses the connection"):
        WikiApi(server.base + "api.php", Manners(pause=0), private_allowed=True, heeds_robots=False)
    assert waits == []
    with pytest.raises(SourceUnavailable, match="cannot be asked"):
        list(api.titled(["P"]))
    api.close()
    assert waits == [10.0], "it may have been restarted"


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b'{"query": {}}', b'{"query": {"pages": {}}}', b'{"query": {"pages": []}}']
)
@pytest.mark.parametrize("part", ["texts", "titles"])
def test_an_answer_that_says_nothing_does_not_take_the_place_of_what_was_pulled(
    tmp_path: Path, body: bytes, part: str
) -> None:
    good = wiki_of({"P1": "un", "P2": "deux"})
    with faulty(good) as server:
        before = pulled(server, tmp_path, "P1")
        server.script = lambda asked: (
            (200, {}, body) if ("rvprop" in asked) == (part == "texts") and ("rvprop" in asked or "titles" in asked) else good(asked)
        )  # fmt: skip
        with pytest.raises(SourceUnavailable, match=r"says nothing|does not answer as a MediaWiki"):
            pulled(server, tmp_path, "P2")
    now = SnapshotFolder(tmp_path).current()
    assert now is not None
    assert now.path == before.snapshot.path


def test_a_pull_of_which_no_text_comes_leaves_the_former(tmp_path: Path) -> None:
    good = wiki_of({"P1": "un", "P2": "deux", "P3": "trois"})

    def hidden(asked: dict[str, str]) -> Answer:
        if "rvprop" not in asked:
            return good(asked)
        shown = "2" in asked["pageids"].split("|") and text
        pages = {n: {"pageid": int(n), "missing": ""} for n in asked["pageids"].split("|")}
        revision = {"revid": 7, "timestamp": "2020-01-01T00:00:00Z", "*": text}
        return reply({"pages": pages | ({"2": {"pageid": 2, "revisions": [revision]}} if shown else {})})

    with faulty(good) as server:
        before = pulled(server, tmp_path, "P1")
        server.script, text = hidden, ""
        with pytest.raises(SourceUnavailable, match="of 2 texts that the wiki was asked for not one came"):
            pulled(server, tmp_path, "P2", "P3")
        now = SnapshotFolder(tmp_path).current()
        assert now is not None
        assert now.path == before.snapshot.path
        text = "deux"
        found = pulled(server, tmp_path, "P2", "P3")
    assert found.missing == ["P3"]


def test_the_line_that_was_being_written_is_written_anew(tmp_path: Path) -> None:
    good = wiki_of({f"P{n}": f"texte {n}" for n in range(1, 31)})
    with faulty(good) as server:
        server.script = lambda asked: (500, {}, b"") if "21" in asked.get("pageids", "") else good(asked)
        with pytest.raises(SourceUnavailable):
            pulled(server, tmp_path, *(f"P{n}" for n in range(1, 31)))
        fetched = tmp_path / "partial/pages.jsonl"
        fetched.write_bytes(fetched.read_bytes()[:-20])
        server.script = good
        found = pulled(server, tmp_path, *(f"P{n}" for n in range(1, 31)))
    assert [record.text for record in found.snapshot.records()] == [f"texte {n}" for n in range(1, 31)]


def test_memory_does_not_grow_with_the_texts(tmp_path: Path) -> None:
    numbers = range(1, 301)
    good = wiki_of({f"P{n}": "" for n in numbers})

    def long(asked: dict[str, str]) -> Answer:
        if "rvprop" not in asked:
            return good(asked)
        revision = {"revid": 7, "timestamp": "2020-01-01T00:00:00Z"}
        pages = {
            n: {"pageid": int(n), "revisions": [{**revision, "*": n * (100_000 // len(n))}]}
            for n in asked["pageids"].split("|")
        }
        return reply({"pages": pages})

    with faulty(long) as server:
        tracemalloc.start()
        found = pulled(server, tmp_path, *(f"P{n}" for n in numbers))
        _, first = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        again = pulled(server, tmp_path, *(f"P{n}" for n in numbers))
        _, second = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        read = read_snapshot(configured(server), again.snapshot)
        _, third = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (found.counts["fetched"], again.counts["fetched"], read.pages) == (300, 0, 300)
    texts = 300 * 100_000
    assert first < texts * 2 / 3, "twenty texts at once, in the server and here"
    assert second < texts / 6
    assert third < texts / 6, (first, second, third)
