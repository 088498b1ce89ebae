"""Read a dump of made-up pages as Solecopedia's, from the file to the source folder: ``python -m benchmarks.wiki [PAGES]``.

Prints seconds for each step and the most memory that was used.
"""

from __future__ import annotations

import bz2
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from ptce_lod.wiki.config import read_config
from ptce_lod.wiki.pull_dump import pull_dump
from ptce_lod.wiki.snapshot import SnapshotFolder
from ptce_lod.wiki.source_folder import read_snapshot, write_source

PROJECT = Path(__file__).resolve().parent.parent
WORDS = (
    "pôle",
    "coopération",
    "économique",
    "acteurs",
    "filière",
    "énergie",
    "ressources",
    "association",
    "commune",
)
HEAD = "<mediawiki><siteinfo><sitename>Essai</sitename><generator>MediaWiki 1.39</generator></siteinfo>"
PAGE = """{{{{Infobox PTCE | identifiant = pole-{n} | création = {day} juin 20{year:02} | site web = https://p{n}.example.org/ }}}}
'''Pôle {n}''' {words}&lt;ref&gt;{{{{Lien web|url=https://example.org/{n}|titre=Page {n}}}}}&lt;/ref&gt;

== Histoire ==
{words} [[Pôle {m}|un autre]] {words}

== Activités ==
* [[Page {n}]] {words}
* [https://example.org/{m} site] {words}

=== Filières ===
{{| class="wikitable"
! Année !! Effectif
|-
| 20{year:02} || {n}
|}}
{words}

[[Catégorie:PTCE]]
[[Catégorie:Énergie]]
"""


def write_dump(path: Path, pages: int) -> None:
    """Write a dump; the same for the same number of pages."""
    chance = random.Random(7)
    with bz2.open(path, "wt", encoding="utf-8", compresslevel=1) as stream:
        stream.write(HEAD)
        for number in range(1, pages + 1):
            words = " ".join(chance.choices(WORDS, k=60))
            text = PAGE.format(
                n=number, m=chance.randint(1, pages), day=chance.randint(1, 30), year=number % 25, words=words
            )
            stream.write(
                f"<page><title>Pôle {number}</title><ns>0</ns><id>{number}</id><revision><id>{number}</id>"
                f"<timestamp>2020-01-01T00:00:00Z</timestamp><text>{text}</text></revision></page>\n"
            )
        stream.write("</mediawiki>")


def main(pages: int) -> None:
    """Measure."""
    config = read_config(PROJECT / "wiki", "example")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "dump.xml.bz2"
        write_dump(path, pages)
        begin = time.perf_counter()
        pulled = pull_dump(config, config.pull, SnapshotFolder(folder / "wiki"), path)
        taken = time.perf_counter()
        read = read_snapshot(config, pulled.snapshot)
        done = time.perf_counter()
        write_source(config, pulled.snapshot, read, folder / "sources")
        written = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{read.pages} pages, {len(read.things)} things, {len(read.lines)} statements, {len(read.problems)} problems"
    )
    print(
        f"dump → snapshot {taken - begin:.1f} s · parse {done - taken:.1f} s · write {written - done:.1f} s · {memory:.0f} MiB"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
