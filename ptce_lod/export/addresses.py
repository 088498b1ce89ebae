"""Which addresses a release has: those of its things, graphs and concepts from the dump, those of pages and files from the site itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ptce_lod.iris import AddressSpace
from ptce_lod.release.layout import ReleaseLayout
from ptce_lod.web import wellknown

#: Pages and documents with fixed names: those of the sitemap, and what harvesters read. The query page is made for the export.
PAGES: Final = (*(page for page in wellknown.PAGES if page != "sparql"), "dataset/releases", "feed", "void")
#: Files with fixed names.
FILES: Final = (
    "context.jsonld",
    "statistics.json",
    "statistics.charts.json",
    "timeline.json",
    "map.geojson",
    "network.json",
    "network.graphml",
    "news.atom",
    "report.html",
    "report.ttl",
    "openapi.json",
    "reconcile.json",
    "robots.txt",
    "sitemap.xml",
    "llms.txt",
    "logo",
    "favicon.ico",
    ".well-known/void",
    ".well-known/api-catalog",
    "api/context.jsonld",
    "picture/default.png",
)


def documents(release: ReleaseLayout, addresses: AddressSpace) -> Iterator[str]:
    """Yield the path below the base of each document that describes a subject of the release, each once."""
    base, seen = addresses.base_iri, set[str]()
    with (release.dumps / "all.nt").open(encoding="utf-8") as lines:
        for line in lines:
            subject = line.partition(" ")[0]
            iri = subject[1:-1].partition("#")[0]
            if not subject.startswith("<") or iri in seen:
                continue
            seen.add(iri)
            address = addresses.document(iri)
            if address is not None and address.startswith(base):
                yield address[len(base) :]


def files_of(release: ReleaseLayout) -> Iterator[Path]:
    """Yield the dumps of a release, below its folder of dumps."""
    for path in sorted(release.dumps.rglob("*")):
        if path.is_file():
            yield path.relative_to(release.dumps)
