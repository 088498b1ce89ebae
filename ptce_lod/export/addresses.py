"""Which addresses a release has: those of its things, graphs and concepts from the dump, those of pages and files from the site itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ptce_lod.iris import AddressSpace
from ptce_lod.release.charts import declared as charts
from ptce_lod.release.feed import FeedLog
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.release.tables.declared import declared as tables
from ptce_lod.settings import Settings
from ptce_lod.web import wellknown
from ptce_lod.web.problem_types import TYPES
from ptce_lod.web.profiles import PROFILES
from ptce_lod.wiki.kit import NAMES

#: Pages and documents with fixed names: those of the sitemap, and what harvesters read. The query page is made for the export,
#: reconciliation needs a server.
PAGES: Final = (
    *(page for page in wellknown.PAGES if page not in ("sparql", "reconcile")),
    "dataset/releases",
    "feed",
    "catalog/feed",
    "void",
)
#: Files with fixed names.
FILES: Final = (
    "context.jsonld",
    "statistics.json",
    "statistics.charts.json",
    "timeline.json",
    "map.geojson",
    "network.json",
    "network.graphml",
    "report.html",
    "report.ttl",
    "openapi.json",
    "robots.txt",
    "sitemap.xml",
    "llms.txt",
    "logo",
    "favicon.ico",
    ".well-known/api-catalog",
    "api/context.jsonld",
    "picture/default.png",
)
#: Files that differ by language.
WORDED_FILES: Final = ("news.atom", "opensearch.xml", *(f"wikis/{name}.txt" for name in NAMES))
#: Files that are there or not: the contact may not be set.
OPTIONAL_FILES: Final = (".well-known/security.txt",)
#: The first of several sitemaps, which is there when there are no more: ``/api`` shows it.
_FIRST_SITEMAP: Final = "sitemap-1.xml"
_SITEMAP: Final = re.compile(r"sitemap-\d+\.xml")


def pages(settings: Settings, release: ReleaseLayout, catalog: bytes) -> Iterator[str]:
    """Yield the path below the base of each page and document that is not about a thing. ``catalog``: all of it, as N-Triples."""
    yield from PAGES
    base = re.escape(settings.base_iri)
    found = re.findall(rf"^<{base}(dataset/[^#>]+)>", catalog.decode(), re.MULTILINE)
    yield from dict.fromkeys(found)
    version = release.manifest().get("vocabulary_version")
    if version:
        yield from (f"ns/{version}", f"shapes/{version}")
    yield from (f"problem/{name}" for name in TYPES)
    yield from (profile.iri for profile in PROFILES.values() if "://" not in profile.iri)
    for path, log in _streams(settings):
        yield from (f"{path}/{name}" for name, *_ in log.pages())


def full_pages(settings: Settings) -> Iterator[str]:
    """Yield the path below the base of each page of a stream that never changes any more."""
    for path, log in _streams(settings):
        yield from (f"{path}/{name}" for name in log.full_pages())


def _streams(settings: Settings) -> tuple[tuple[str, FeedLog], ...]:
    var = VarLayout(settings.var_dir)
    return ("feed", FeedLog(var.feed)), ("catalog/feed", FeedLog(var.catalog_feed))


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
                path = address[len(base) :]
                if path not in PAGES:
                    yield path


def files(release: ReleaseLayout, sitemap: bytes) -> Iterator[str]:
    """Yield the path below the base of each file beside the dumps."""
    yield from FILES
    yield from dict.fromkeys((_FIRST_SITEMAP, *_SITEMAP.findall(sitemap.decode())))
    yield from (f"statistics/{chart.name}.csv" for chart in charts())
    for folder in sorted((release.dumps / "graphs").iterdir()):
        yield f"dumps/latest/graphs/{folder.name}.ttl"  # the last snapshot of a source


def tables_for_programs() -> Iterator[str]:
    """Yield the path below the base of each table for programs, in each format."""
    for table in tables():
        extensions = ("json", "csv", "geojson") if table.is_located else ("json", "csv")
        yield from (f"api/{table.name}.{extension}" for extension in extensions)


def dumps(release: ReleaseLayout) -> Iterator[Path]:
    """Yield the dumps of a release, below its folder of dumps."""
    for path in sorted(release.dumps.rglob("*")):
        if path.is_file():
            yield path.relative_to(release.dumps)


def patches(var: VarLayout) -> Iterator[tuple[Path, str]]:
    """Yield each patch from one release to the next, and the path below the base at which it stands."""
    for path in sorted((var.path / "patches").glob("*.rdfp")):
        old, _, new = path.name.partition("-")
        yield path, f"patches/{old}/{new}"
