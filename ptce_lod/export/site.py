"""Export a site: written beside its place, and put there whole when it is done."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ptce_lod.errors import ReleaseError
from ptce_lod.export import nginx
from ptce_lod.export.addresses import FILES, PAGES, documents, files_of
from ptce_lod.export.reader import Moved, SiteReader, Written
from ptce_lod.pipeline import Listener
from ptce_lod.query.backend import LISTS
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.charts import declared as charts
from ptce_lod.release.datasets import PARTS
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.release.tables.declared import declared as tables
from ptce_lod.settings import Settings
from ptce_lod.web import pages
from ptce_lod.web.negotiation import LANGUAGES
from ptce_lod.web.static_files import FOLDER as STATIC

#: In every export; a folder without it is somebody's own.
MARKER: Final = "ptce-lod-export.json"
_BATCH: Final = 200
_SMALLEST: Final = 860
_TEXTS: Final = (
    ".html", ".css", ".js", ".json", ".ttl", ".jsonld", ".rdf", ".nt", ".trig", ".nq", ".svg", ".xml", ".txt", ".atom", ".geojson",
    ".graphml", ".wasm",
)  # fmt: skip
#: Forms that ask a server: filters of the map, the network, the timeline. Without one they would do nothing.
_FORM: Final = re.compile(rb'<form class="filters".*?</form>', re.DOTALL)


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

    :class:`ReleaseError` when it is something else, when nothing is published, or when the disk takes no more; then an earlier export is
    there as before.
    """
    release = VarLayout(settings.var_dir).published()
    with _whole(target) as folder:
        site = folder / "site"
        paths = [*PAGES, *(f"dataset/{part.name}" for part in PARTS), *documents(release, settings.addresses)]
        moved = list(_write_documents(settings, site, paths, listener))
        listener("files", 0, 0)
        _write_files(settings, release, site)
        reader = SiteReader(settings)
        _write_static_pages(settings, release, site)
        configuration = nginx.configuration(reader, settings.base_iri, _kinds(site, settings.base_iri), moved)
        (folder / "nginx.conf").write_text(configuration, encoding="utf-8")
        listener("compress", 0, 0)
        _compress(site)
        found = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
        done = Exported(str(release.release_id), len(found), sum(found), len(paths), len(moved))
        (folder / MARKER).write_text(json.dumps(vars(done), indent=1) + "\n", encoding="utf-8")
    return done


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """Give a new folder that takes the place of ``target`` when the block ends well; remove what interrupted exports left beside it."""
    if target.is_dir() and any(target.iterdir()) and not (target / MARKER).is_file():
        raise ReleaseError(
            f"{target} is not empty and no earlier export", hint="name a new or an empty folder"
        )
    if target.exists() and not target.is_dir():
        raise ReleaseError(f"{target} is a file, expected a folder")
    for rest in target.parent.glob(f"{target.name}.new-*"):
        shutil.rmtree(rest, ignore_errors=True)
    folder = target.with_name(f"{target.name}.new-{os.getpid()}")
    try:
        folder.mkdir(parents=True)
        yield folder
        before = target.with_name(f"{target.name}.old-{os.getpid()}")
        if target.exists():
            target.rename(before)
        folder.rename(target)
        shutil.rmtree(before, ignore_errors=True)
    except OSError as error:
        raise ReleaseError(
            f"{target} could not be written: {error.strerror or error}",
            hint="what was there before is there still",
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_reader: list[SiteReader] = []


def _begin(settings: Settings) -> None:
    _reader[:] = [SiteReader(settings)]


def _read(root: Path, paths: Iterable[str]) -> list[Moved]:
    """Write the documents at ``paths``; return those that have moved."""
    moved = []
    for path in paths:
        for found in _reader[0].document(path, views=path.startswith("doc/")):
            if isinstance(found, Moved):
                moved.append(found)
            else:
                _put(root, replace_forms(found))
    return moved


def replace_forms(found: Written) -> Written:
    """Return a page without forms that only a server could answer."""
    return found._replace(data=_FORM.sub(b"", found.data)) if found.path.endswith(".html") else found


def _put(root: Path, found: Written) -> None:
    path = root / found.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(found.data)


def _write_documents(settings: Settings, root: Path, paths: list[str], listener: Listener) -> Iterator[Moved]:
    """Write documents in a process for each core; yield what has moved."""
    done = count(_BATCH, _BATCH)
    with ProcessPoolExecutor(os.cpu_count(), initializer=_begin, initargs=(settings,)) as pool:
        batches = [paths[at : at + _BATCH] for at in range(0, len(paths), _BATCH)]
        for moved in pool.map(_read, [root] * len(batches), batches):
            yield from moved
            listener("documents", min(next(done), len(paths)), len(paths))


def _write_files(settings: Settings, release: ReleaseLayout, site: Path) -> None:
    reader, prefix = SiteReader(settings), urlsplit(settings.base_iri).path[1:]
    backend = EmbeddedBackend(release, settings)
    names = [f"statistics/{chart.name}.csv" for chart in charts()]
    for table in tables():
        extensions = ("json", "csv", "geojson") if table.is_located else ("json", "csv")
        if backend.rows(table.name, {}, limit=1).total:
            names += [f"api/{table.name}.{extension}" for extension in extensions]
    for type_ in ("pole", "actor", "cooperation", "event", "call"):
        _, things = backend.things(type_, limit=10**6)
        slugs = [thing.iri.rpartition("/")[2] for thing in things]
        names += [
            f"cite/{type_}/{slug}.{extension}" for slug in slugs for extension in ("json", "bib", "txt")
        ]
        names += [f"picture/{type_}/{s}.png" for s in slugs if backend.has_picture(f"{type_}/{s}.png")]
    backend.close()
    for name in (*FILES, *names):
        found = reader.file(name)
        if found is not None:
            _put(site, found)
    for path in files_of(release):
        copied = site / prefix / "dumps/latest" / path
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(release.dumps / path, copied)
    shutil.copytree(STATIC, site / prefix / "static")


def _write_static_pages(settings: Settings, release: ReleaseLayout, site: Path) -> None:
    """Write the pages that search and query in the browser, and what they read."""
    prefix = urlsplit(settings.base_iri).path[1:]
    backend = EmbeddedBackend(release, settings)
    for language in LANGUAGES:
        for name, render in (("search", pages.render_static_search), ("sparql", pages.render_static_sparql)):
            _put(
                site, Written(f"{prefix}{name}.{language}.html", render(backend, settings, language).encode())
            )
    _put(site, Written(f"{prefix}search-index.json", pages.static_search_index(backend, settings)))
    backend.close()


def _kinds(site: Path, base_iri: str) -> dict[str, str]:
    """Return patterns of paths that are negotiated alike → a path of each that was exported."""
    prefix = urlsplit(base_iri).path[1:]
    root = site / prefix
    lists = "|".join(LISTS)
    found = {f"(?:{lists})": "poles", **{re.escape(path): path for path in PAGES if path not in LISTS}}
    for folder in ("doc", "concept", "scheme", "graph", "dataset"):
        sample = next((p for p in sorted((root / folder).rglob("*.nt")) if "~" not in p.name), None)
        if sample is not None:
            found[f"{folder}/.+"] = sample.relative_to(root).with_suffix("").as_posix()
    return found


def _compress(site: Path) -> None:
    """Write ``.gz`` beside each text that is worth it, as ``gzip_static`` looks for; the dumps have theirs."""
    for path in list(site.rglob("*")):
        if path.suffix in _TEXTS and path.is_file() and path.stat().st_size >= _SMALLEST:
            packed = path.with_name(f"{path.name}.gz")
            if not packed.exists():
                packed.write_bytes(gzip.compress(path.read_bytes(), 6, mtime=0))
