"""Pull from a MediaWiki on this machine, beside bare requests for the same texts: ``python -m benchmarks.wiki_live [PAGES]``.

The wiki is the tests' (Debian's package, PHP's built-in server, SQLite). Each pull is a process of its own, whose peak memory is printed;
a fifth of the pages is pulled as well, since memory must not grow with them.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import requests

from benchmarks.wiki import HEAD, PAGE, WORDS
from ptce_lod.wiki.config import Selection, Site, WikiConfig
from ptce_lod.wiki.pull import pull
from ptce_lod.wiki.session import Manners
from ptce_lod.wiki.snapshot import SnapshotFolder

if TYPE_CHECKING:
    from tests.integration.wiki.mediawiki import MediaWiki

#: Characters of a page.
_LENGTH: Final = 50_000
#: As many pages and texts in one request as a pull asks for.
_INFOS: Final = 50
_TEXTS: Final = 20


def main(pages: int) -> None:
    """Fill a wiki, ask it, and print a table."""
    from tests.integration.wiki import mediawiki  # here: a pull's memory is not that of the tests' libraries

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wiki = mediawiki.start(folder)
        try:
            _fill(wiki, folder, pages)
            print(
                f"{pages} pages of {_LENGTH} characters\n\n| what | seconds | of them its own | peak MiB |\n|---|--:|--:|--:|",
                flush=True,
            )
            for prefix, number in (("Pôle 0", pages // 5), ("Pôle", pages)):
                bare = [_bare(wiki.api, prefix, number)]
                pulled = subprocess.run(
                    [sys.executable, "-m", "benchmarks.wiki_live", wiki.api, prefix, str(folder / prefix)],
                    check=True,
                    stdout=subprocess.PIPE,
                )
                told = json.loads(pulled.stdout)
                assert told["pages"] == number, told
                bare.append(_bare(wiki.api, prefix, number))
                print(
                    f"| bare requests for {number} texts, before and after | {bare[0]:.1f} · {bare[1]:.1f} | | |"
                )
                print(
                    f"| pull of {number} pages | {told['seconds']:.1f} | {told['own']:.1f} | {told['mib']:.0f} |",
                    flush=True,
                )
        finally:
            mediawiki.stop(wiki)


def _fill(wiki: MediaWiki, folder: Path, pages: int) -> None:
    """Write the pages by a dump; the first fifth has titles that begin with "Pôle 0"."""
    text = PAGE.format(n=1, m=2, day=3, year=4, words=" ".join(WORDS))
    text += (" ".join(WORDS) + "\n") * (_LENGTH // len(" ".join(WORDS)))
    path = folder / "pages.xml"
    with path.open("w", encoding="utf-8") as stream:
        stream.write(HEAD.replace("<mediawiki>", '<mediawiki version="0.11" xml:lang="fr">'))
        for number in range(pages):
            title = f"Pôle {0 if number < pages // 5 else 1} {number}"
            body = f"{number} {text}"[:_LENGTH]
            stream.write(
                f"<page><title>{title}</title><ns>0</ns><id>{number + 1}</id><revision><id>{number + 1}</id>"
                f"<timestamp>2020-01-01T00:00:00Z</timestamp><contributor><ip>127.0.0.1</ip></contributor>"
                f'<model>wikitext</model><format>text/x-wiki</format><text xml:space="preserve">{body}</text></revision></page>\n'
            )
        stream.write("</mediawiki>")
    wiki.maintain("importDump.php", "--quiet", str(path))


def _bare(api: str, prefix: str, expected: int) -> float:
    """Ask what a pull asks, as plainly as can be: titles, what is known of them, texts; return the seconds."""
    begin = time.perf_counter()
    with requests.Session() as session:
        titles: list[str] = []
        more: dict[str, str] = {"continue": ""}
        while more:
            answer = session.post(
                api,
                {
                    "action": "query",
                    "format": "json",
                    "list": "allpages",
                    "apprefix": prefix,
                    "aplimit": "max",
                    **more,
                },
            ).json()
            titles += [entry["title"] for entry in answer["query"]["allpages"]]
            more = answer.get("continue", {})
        for start in range(0, len(titles), _INFOS):
            names = "|".join(titles[start : start + _INFOS])
            wanted = {"prop": "info|langlinks", "inprop": "protection", "lllimit": "max", "redirects": "1"}
            assert session.post(api, {"action": "query", "format": "json", "titles": names, **wanted}).ok
        length = 0
        for start in range(0, len(titles), _TEXTS):
            wanted = {"prop": "revisions", "rvprop": "ids|timestamp|content", "rvslots": "main"}
            names = "|".join(titles[start : start + _TEXTS])
            length += len(
                session.post(api, {"action": "query", "format": "json", "titles": names, **wanted}).content
            )
    assert len(titles) == expected
    assert length > expected * _LENGTH
    return time.perf_counter() - begin


def _pull(api: str, prefix: str, folder: Path) -> None:
    """Pull, and print what it took."""
    site = Site("fr", api, robots="ignore")
    config = WikiConfig("live", {"fr": "x", "en": "x"}, (site,))
    begin, own = time.perf_counter(), time.process_time()
    found = pull(
        config,
        Selection(prefixes=(prefix,)),
        SnapshotFolder(folder),
        Manners(pause=0),
        private_hosts=["127.0.0.1"],
    )
    seconds, own = time.perf_counter() - begin, time.process_time() - own
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"pages": found.counts["pages"], "seconds": seconds, "own": own, "mib": memory}))


if __name__ == "__main__":
    if len(sys.argv) == 4:
        _pull(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
