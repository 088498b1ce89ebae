"""Whatever a wiki does, a pull is all or the former snapshot, and says what was wrong."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from ptce_lod.errors import PtceError, SourceUnavailable
from ptce_lod.wiki.config import Selection, Site, WikiConfig
from ptce_lod.wiki.pull import Pulled, pull
from ptce_lod.wiki.session import Manners
from ptce_lod.wiki.snapshot import SnapshotFolder
from ptce_lod.wiki.source_folder import read_snapshot
from tests.integration.wiki.faulty import SITE, Answer, Faulty, faulty, reply, wiki_of

QUICK = Manners(pause=0, timeout=2, retries=2, retry_wait=0, patience=2)
NO_NUMBER = (
    b'{"query": {"pages": {"1": {"pageid": "x", "revisions": [{"revid": 1, "timestamp": "", "*": ""}]}}}}'
)
PAGES = {f"P{n}": f"texte {n}" for n in range(1, 46)}


def pulled(
    server: Faulty, folder: Path, *pages: str, manners: Manners = QUICK, allowed: bool = True
) -> Pulled:
    config = WikiConfig("x", {"fr": "x", "en": "x"}, (Site("fr", server.base + "api.php"),))
    hosts = ["127.0.0.1"] if allowed else []
    return pull(
        config, Selection(pages=pages or tuple(PAGES)), SnapshotFolder(folder), manners, private_hosts=hosts
    )


def answer_with(status: int, body: bytes, **headers: str) -> Answer:
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, body


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (answer_with(500, b"oops"), "answered 500"),
        (answer_with(403, b"no"), "answered 403"),
        (answer_with(200, b"<html>Captcha</html>"), "not JSON"),
        (answer_with(200, b""), "not JSON"),
        (answer_with(200, b'{"query": []}'), "does not answer as a MediaWiki"),
        (answer_with(200, b'{"error": {"code": "readapidenied", "info": "You need read permission"}}'), "readapidenied"),
        (answer_with(200, NO_NUMBER), "does not answer as a MediaWiki"),
        (answer_with(200, b"MediaWiki API is not enabled for this site."), "switched off"),
        (answer_with(301, b"", Location="http://127.0.0.2/api.php"), "redirects to http://127.0.0.2"),
        (answer_with(302, b"", Location="https://elsewhere.example/api.php"), "redirects to https://elsewhere.example"),
        (answer_with(503, b"", Retry_After="3600"), "come back in 3600 s"),
        (answer_with(200, b"{}", Content_Length="100"), "cannot be asked"),
        (answer_with(200, b"x" * 2000), "more than 1000 bytes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_fault_in_the_middle_is_told_and_the_former_snapshot_stays(
    tmp_path: Path, answer: Answer, told: str
) -> None:
    good = wiki_of(PAGES)
    with faulty(good) as server:
        before = pulled(server, tmp_path, "P1")
        server.script = lambda asked: answer if "rvprop" in asked else good(asked)
        with pytest.raises(SourceUnavailable) as error:
            pulled(
                server,
                tmp_path,
                "P2",
                manners=replace(QUICK, answer_bytes=1000) if len(answer[2]) == 2000 else QUICK,
            )
    assert told in error.value.message
    now = SnapshotFolder(tmp_path).current()
    assert now is not None
    assert [record.title for record in now.records()] == ["P1"]
    assert now.path == before.snapshot.path


def test_a_wiki_that_is_down_or_silent_is_told(tmp_path: Path) -> None:
    with faulty(wiki_of(PAGES)) as server:
        base = server.base
    with pytest.raises(SourceUnavailable, match="cannot be asked"):
        pulled(Faulty(base, wiki_of(PAGES)), tmp_path)
    ended = threading.Event()

    def silent(_: dict[str, str]) -> Answer:
        ended.wait(20)
        return reply(SITE)

    with faulty(silent) as server:
        with pytest.raises(SourceUnavailable, match="cannot be asked"):
            pulled(server, tmp_path, manners=replace(QUICK, timeout=0.2, retries=1))
        ended.set()


def test_a_pull_that_was_cut_short_goes_on_where_it_stopped(tmp_path: Path) -> None:
    good = wiki_of(PAGES)
    with faulty(good) as server:
        texts = 0

        def breaks(asked: dict[str, str]) -> Answer:
            nonlocal texts
            texts += "rvprop" in asked
            return answer_with(500, b"") if texts > 2 else good(asked)

        server.script = breaks
        with pytest.raises(SourceUnavailable):
            pulled(server, tmp_path)
        assert SnapshotFolder(tmp_path).current() is None
        server.script, before = good, len(server.asked)
        found = pulled(server, tmp_path)
        again = [asked["pageids"].split("|") for asked in server.asked[before:] if "rvprop" in asked]
    assert again == [[str(n) for n in range(41, 46)]]
    assert {r.title: r.text for r in found.snapshot.records()} == PAGES


def test_a_short_failure_is_waited_out(tmp_path: Path) -> None:
    good = wiki_of(PAGES)
    failures = [
        answer_with(500, b""),
        answer_with(503, b"", Retry_After="0"),
        answer_with(429, b"", Retry_After="Mon, 01 Jan 2001 00:00:00 GMT"),
        answer_with(
            200, b'{"error": {"code": "maxlag", "info": "lag"}}', X_Database_Lag="7", Retry_After="0"
        ),
    ]
    with faulty(lambda asked: failures.pop() if failures and "rvprop" in asked else good(asked)) as server:
        found = pulled(server, tmp_path, "P1", "P2", manners=replace(QUICK, retries=4))
        assert all(asked["maxlag"] == "5" for asked in server.asked)
    assert found.counts["pages"] == 2
    assert not failures


def test_lag_without_end_is_told(tmp_path: Path) -> None:
    lag = answer_with(
        200, b'{"error": {"code": "maxlag", "info": "lag"}}', X_Database_Lag="7", Retry_After="0"
    )
    with faulty(lambda _: lag) as server, pytest.raises(SourceUnavailable):
        pulled(server, tmp_path)


def mean_distance(moments: list[float]) -> float:
    """Return the mean time between requests as the server saw them: one may be seen late, all of them cannot."""
    assert len(moments) >= 5
    return (moments[-1] - moments[0]) / (len(moments) - 1)


def test_requests_keep_their_distance_and_say_who_asks(tmp_path: Path) -> None:
    with faulty(wiki_of(PAGES)) as server:
        pulled(server, tmp_path, manners=replace(QUICK, pause=0.1, contact="mailto:a@example.org"))
        assert mean_distance(server.moments) > 0.09
        assert all("ptce-lod/" in agent and "mailto:a@example.org" in agent for agent in server.agents)


ROBOTS = b"User-agent: *\nDisallow: /w/\n\nUser-agent: ptce-lod\nDisallow: /wiki/\nCrawl-delay: 0.1\n"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (answer_with(200, b"User-agent: *\nDisallow: /api.php\n"), "leave /api.php alone"),
        (answer_with(200, b"User-agent: *\nDisallow: /*.php$\nDisallow: /ap*\n"), "leave /api.php alone"),
        (answer_with(200, b"User-agent: ptce-lod\nDisallow: /\n\nUser-agent: *\nAllow: /\n"), "leave /api.php alone"),
        (answer_with(503, b""), "answered 503"),
        (answer_with(301, b"", Location="http://127.0.0.2/robots.txt"), "redirects to"),
    ],
    ids=["all", "wildcards", "us", "out of order", "elsewhere"],
)  # fmt: skip
def test_a_wiki_that_wants_no_programs_is_left_alone(tmp_path: Path, answer: Answer, told: str) -> None:
    with faulty(wiki_of(PAGES)) as server:
        server.documents["/robots.txt"] = answer
        with pytest.raises(SourceUnavailable) as error:
            pulled(server, tmp_path)
        assert server.asked == []
        assert told in error.value.message
        site = Site("fr", server.base + "api.php", robots="ignore")
        found = pull(
            WikiConfig("x", {"fr": "x", "en": "x"}, (site,)),
            Selection(pages=("P1",)),
            SnapshotFolder(tmp_path),
            QUICK,
            private_hosts=["127.0.0.1"],
        )
        assert server.got == ["/robots.txt"], "it is not asked for again"
    assert found.counts["pages"] == 1


def test_the_pace_that_robots_txt_asks_for_is_kept(tmp_path: Path) -> None:
    with faulty(wiki_of(PAGES)) as server:
        server.documents["/robots.txt"] = answer_with(200, ROBOTS)
        pulled(server, tmp_path)
        assert server.got == ["/robots.txt"]
        assert mean_distance(server.moments[1:]) > 0.09


def test_a_private_address_is_not_contacted_unless_allowed(tmp_path: Path) -> None:
    with faulty(wiki_of(PAGES)) as server:
        with pytest.raises(SourceUnavailable, match="private address"):
            pulled(server, tmp_path, allowed=False)
        assert server.asked == []


def test_an_answer_that_goes_on_without_end_is_cut(tmp_path: Path) -> None:
    def endless(asked: dict[str, str]) -> Answer:
        return reply(
            SITE if asked.get("meta", "").startswith("siteinfo") else {}, **{"continue": {"gapcontinue": "x"}}
        )

    with faulty(endless) as server, pytest.raises(SourceUnavailable, match="without end"):
        pulled(server, tmp_path)


def test_the_form_of_continuation_before_1_21_is_understood(tmp_path: Path) -> None:
    good = wiki_of(PAGES)

    def old(asked: dict[str, str]) -> Answer:
        if asked.get("list") == "categorymembers":
            first = "cmcontinue" not in asked
            more = {"query-continue": {"categorymembers": {"cmcontinue": "page|2"}}} if first else {}
            return reply({"categorymembers": [{"title": "P1" if first else "P2"}]}, **more)
        return good(asked)

    config = WikiConfig("x", {"fr": "x", "en": "x"}, (Site("fr", ""),))
    with faulty(old) as server:
        config = replace(config, sites=(Site("fr", server.base + "api.php"),))
        found = pull(
            config, Selection(categories=("C",)), SnapshotFolder(tmp_path), QUICK, private_hosts=["127.0.0.1"]
        )
    assert [record.title for record in found.snapshot.records()] == ["P1", "P2"]


def test_titles_with_control_characters_are_left_out(tmp_path: Path) -> None:
    bad = "P\x00<script>"
    with faulty(wiki_of({"P1": "a", bad: "b"})) as server:
        found = pulled(server, tmp_path, "P1", bad)
    assert [record.title for record in found.snapshot.records()] == ["P1"]
    assert found.missing == [bad]


def test_a_page_of_ten_megabytes_and_broken_ones_do_not_keep_the_others_from_being_read(
    tmp_path: Path,
) -> None:
    pages = {
        "Grande": "x" * 10_000_000,
        "Imbriquée": "{{a|" * 500,
        "Ouverte": "{{a|b=[[c" * 50,
        "Bonne": "ok",
        "Contrôle": "\x00\x01\x1b",
    }
    with faulty(wiki_of(pages)) as server:
        found = pulled(server, tmp_path, *pages)
    config = WikiConfig("x", {"fr": "x", "en": "x"}, (Site("fr", "https://x.example/api.php"),))
    read = read_snapshot(config, found.snapshot)
    assert read.pages == len(pages)
    told = {problem.path.rpartition("/")[2][:3]: problem.message for problem in read.problems}
    assert set(told) == {"Gra", "Con"}
    assert "10000000 characters" in told["Gra"]
    assert "control characters" in told["Con"]


def test_a_damaged_snapshot_is_told(tmp_path: Path) -> None:
    with faulty(wiki_of(PAGES)) as server:
        found = pulled(server, tmp_path, "P1")
        path = found.snapshot.path / "pages.jsonl"
        path.write_text(path.read_text(encoding="utf-8").replace("texte 1", "autre"), encoding="utf-8")
        with pytest.raises(PtceError, match="not the one that was pulled"):
            list(found.snapshot.records())


def test_pages_in_a_list_are_read_too(tmp_path: Path) -> None:
    """MediaWiki 1.39 sends a list instead of an object when some of the titles are missing."""
    good = wiki_of({"P1": "un"})

    def listed(asked: dict[str, str]) -> Answer:
        status, headers, body = good(asked)
        found = json.loads(body)
        if "pages" in found["query"]:
            missing = [] if "rvprop" in asked else [{"ns": 0, "title": "P2", "missing": ""}]
            found["query"]["pages"] = [*missing, *found["query"]["pages"].values()]
        return status, headers, json.dumps(found).encode()

    with faulty(listed) as server:
        done = pulled(server, tmp_path, "P1", "P2")
    assert [(record.title, record.text) for record in done.snapshot.records()] == [("P1", "un")]
    assert done.missing == ["P2"]
