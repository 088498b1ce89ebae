"""Export a site: written beside its place, and put there whole when it is done."""

from __future__ import annotations

import gc
import gzip
import json
import os
import shutil
import signal
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ptce_lod.export import addresses, nginx
from ptce_lod.export.dates import Dates, dates
from ptce_lod.export.errors import errors
from ptce_lod.export.reader import MARK, Moved, SiteReader, Written
from ptce_lod.folders import whole
from ptce_lod.pipeline import Listener
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.release.verify import verify
from ptce_lod.settings import Settings
from ptce_lod.web import pages
from ptce_lod.web.negotiation import LANGUAGES
from ptce_lod.web.static_files import FOLDER as STATIC

#: In every export; a folder without it is somebody's own.
MARKER: Final = "ptce-lod-export.json"
#: Documents that a process reads before it tells; an interrupted run waits for as many.
_BATCH: Final = 50
#: What fits into one packet is as fast uncompressed.
_SMALLEST: Final = 1400
#: A fifth faster than the usual 6, and two in a hundred larger.
_LEVEL: Final = 5
_TEXTS: Final = (
    ".html", ".css", ".js", ".json", ".ttl", ".jsonld", ".rdf", ".nt", ".trig", ".nq", ".svg", ".xml", ".txt", ".atom", ".geojson",
    ".graphml", ".wasm", ".csv", ".rdfp",
)  # fmt: skip


@dataclass(frozen=True)
class Exported:
    """What was written: files and their bytes, documents, addresses that moved or are gone."""

    release: str
    files: int
    size: int
    documents: int
    moved: int


def export_site(
    settings: Settings, target: Path, listener: Listener = lambda step, done, total: None
) -> Exported:
    """Write the published release's site into ``target``, which is new, empty, or an earlier export.

    :class:`ReleaseError` when it is something else, when nothing is published or the release is damaged, or when the disk takes no more;
    then an earlier export is there as before.
    """
    release = VarLayout(settings.var_dir).published()
    verify(release)
    with whole(target, MARKER) as folder:
        dated = dates(VarLayout(settings.var_dir), release, target, MARKER)
        site = _Site(folder / "site", urlsplit(settings.base_iri).path[1:], dated)
        reader = SiteReader(settings, release)
        catalog = b"".join(page.data for page in reader.paged("catalog.nt"))
        paths = list(
            dict.fromkeys(
                (
                    *addresses.pages(settings, release, catalog),
                    *addresses.documents(release, settings.addresses),
                )
            )
        )
        moved = list(_write_documents(settings, release, site, paths, listener))
        listener("files", 0, 0)
        _write_files(settings, release, site, reader)
        _write_static_pages(settings, release, site)
        for error in errors(settings, release.release_id):
            site.put(Written(f"{site.prefix}{error.path}", error.data))
        kinds = _kinds(site, paths)
        configuration = nginx.configuration(
            reader,
            settings.base_iri,
            kinds,
            moved,
            str(release.release_id),
            lasting=list(addresses.full_pages(settings)),
        )
        (folder / "nginx.conf").write_text(configuration, encoding="utf-8")
        found = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
        done = Exported(str(release.release_id), len(found), sum(found), len(paths), len(moved))
        (folder / MARKER).write_text(json.dumps(vars(done), indent=1) + "\n", encoding="utf-8")
    return done


@dataclass(frozen=True)
class _Site:
    """The folder that a web server takes as its root, the path of the site below it (without the first slash), the dates of files."""

    root: Path
    prefix: str
    dates: Dates

    def put(self, found: Written) -> None:
        """Write a file, and beside a text that is worth it ``.gz``, as ``gzip_static`` looks for."""
        _make_folder(f"{self.root}/{found.path}".rpartition("/")[0])
        self._put(found.path, found.data)
        if len(found.data) >= _SMALLEST and found.path.endswith(_TEXTS):
            self._put(f"{found.path}.gz", gzip.compress(found.data, _LEVEL, mtime=0))

    def _put(self, path: str, data: bytes) -> None:
        _write(f"{self.root}/{path}", data, self.dates.of(path, data))

    def copy(self, origin: Path, path: str) -> None:
        """Write a copy of a file as it is; the dumps bring their own ``.gz``."""
        copied = self.root / self.prefix / path
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(origin, copied)
        date = self.dates.of(f"{self.prefix}{path}", origin)
        os.utime(copied, (date, date))

    def has(self, path: str) -> bool:
        """Say whether there is a document at ``path``."""
        place = self.root / self.prefix / path
        return any(place.with_name(f"{place.name}{end}").is_file() for end in (".nt", ".trig", ".fr.html"))


@lru_cache(maxsize=1000)
def _make_folder(folder: str) -> None:
    """Make a folder, once: asking for one that is there takes as long as writing a file (ext4, November 2026)."""
    Path(folder).mkdir(parents=True, exist_ok=True)


def _write(path: str, data: bytes, date: int) -> None:
    # Half the time of Path, for each of 300 000 files.
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_CLOEXEC", 0), 0o666)
    try:
        written = os.write(file, data)
        while written < len(data):
            written += os.write(file, data[written:])
        os.utime(file, (date, date))
    finally:
        os.close(file)


_reader: list[SiteReader] = []


def _begin(settings: Settings, release: ReleaseLayout) -> None:
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # the terminal sends it to all; the first process ends the others
    _reader[:] = [SiteReader(settings, release)]
    # Nothing of this is ever garbage, and a batch's own is collected when the batch is done: an eighth of the time.
    gc.freeze()
    gc.disable()


def _read(site: _Site, paths: Iterable[str]) -> list[Moved]:
    """Write the documents at ``paths``; return those that have moved."""
    moved = []
    for path in paths:
        for found in _reader[0].document(path):
            if isinstance(found, Moved):
                moved.append(found)
            else:
                site.put(found)
    gc.collect()
    return moved


def _write_documents(
    settings: Settings, release: ReleaseLayout, site: _Site, paths: list[str], listener: Listener
) -> Iterator[Moved]:
    """Write documents in a process for each core; yield what has moved."""
    done = count(_BATCH, _BATCH)
    with ProcessPoolExecutor(os.cpu_count(), initializer=_begin, initargs=(settings, release)) as pool:
        batches = [paths[at : at + _BATCH] for at in range(0, len(paths), _BATCH)]
        for moved in pool.map(_read, [site] * len(batches), batches):
            yield from moved
            listener("documents", min(next(done), len(paths)), len(paths))


def _write_files(settings: Settings, release: ReleaseLayout, site: _Site, reader: SiteReader) -> None:
    sitemap = reader.file("sitemap.xml") or b""
    for name in (*addresses.files(release, sitemap), *addresses.OPTIONAL_FILES):
        data = reader.file(name)
        if data is not None:
            site.put(Written(f"{site.prefix}{name}", data))
    for name in addresses.tables_for_programs():
        for page in reader.paged(name):
            site.put(page)
    for name in addresses.WORDED_FILES:
        for file in reader.worded(name):
            site.put(file)
    for path in addresses.dumps(release):
        site.copy(release.dumps / path, f"dumps/latest/{path}")
    for path, address in addresses.patches(VarLayout(settings.var_dir)):
        site.copy(path, address)
    for path in STATIC.rglob("*"):
        if path.is_file():
            site.put(Written(f"{site.prefix}static/{path.relative_to(STATIC)}", path.read_bytes()))


def _write_static_pages(settings: Settings, release: ReleaseLayout, site: _Site) -> None:
    """Write the pages that search and query in the browser, and what they read."""
    backend = EmbeddedBackend(release, settings)
    try:
        for language in LANGUAGES:
            for name, render in (
                ("search", pages.render_static_search),
                ("sparql", pages.render_static_sparql),
            ):
                text = render(backend, settings, language)
                site.put(Written(f"{site.prefix}{name}.{language}.html", text.encode()))
        for name, data in (
            ("search-index.json", pages.static_search_index(backend, settings)),
            ("sparql-examples.json", pages.static_examples(backend)),
        ):
            site.put(Written(f"{site.prefix}{name}", data))
    finally:
        backend.close()


def _kinds(site: _Site, paths: Iterable[str]) -> dict[str, str]:
    """Return patterns of paths that are negotiated alike → a path of each that was exported."""
    found: dict[str, str] = {}
    for path in paths:
        folder = path.partition("/")[0]
        if "/" not in path or path in addresses.PAGES:
            pattern = nginx.pattern_of(path)
        elif (page := path.rpartition("/")[0]) in addresses.PAGES:
            pattern = f"{page}/[^{MARK}/]+"  # /catalog/feed/1 is as /catalog/feed/2, not as /catalog/feed
        else:
            pattern = f"{folder}/[^{MARK}]+"
        if pattern not in found and (not path or site.has(path)):
            found[pattern] = path
    found[nginx.BEGINNINGS] = ""  # sends readers of RDF elsewhere as the home page does
    return found
