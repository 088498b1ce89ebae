"""Check a release against its manifest: every file, its checksum, and that the id is that of the quads."""

from __future__ import annotations

import logging
import sqlite3
import threading
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import pyoxigraph as ox

from ptce_lod.errors import ReleaseDamaged
from ptce_lod.release.layout import ReleaseLayout, VarLayout, release_id_of
from ptce_lod.release.quads import sha256


def verify(layout: ReleaseLayout) -> int:
    """Return how many files were checked; :class:`ReleaseDamaged` naming everything that differs."""
    manifest = layout.manifest()
    wrong: list[str] = []
    for name, expected in manifest["files"].items():
        path = layout.path / name
        if not path.is_file():
            wrong.append(f"{name} is missing")
        elif sha256(path) != expected["sha256"]:
            wrong.append(f"{name} does not have the checksum of the manifest")
    dump = layout.dumps / "all.nq"
    if dump.is_file() and release_id_of(sha256(dump)) != layout.release_id:
        wrong.append("dumps/all.nq does not give the release's id")
    wrong.extend(_wrong_stores(layout, manifest["quads"]))
    if wrong:
        raise ReleaseDamaged(
            f"release {layout.release_id}: {'; '.join(wrong)}",
            hint="build it again, or roll back to another release",
        )
    return len(manifest["files"])


_log = logging.getLogger(__name__)


class _Seen(NamedTuple):
    """What a dump was when it was read: its size and time of change (both 0 when it was missing), and whether it was whole."""

    size: int
    changed: int
    is_whole: bool


#: What was found of dumps in this process: folder of a release → name of the dump → what it was.
_SEEN: Final[dict[Path, dict[str, _Seen]]] = {}
_CHECKING: Final = threading.Lock()


@lru_cache(maxsize=64)
def listed(folder: Path) -> dict[str, tuple[int, str]]:
    """Return path → size and SHA-256 of the files of a release, as its manifest has them; :class:`ReleaseDamaged` without one."""
    found = ReleaseLayout(folder).manifest()["files"]
    return {path: (about["bytes"], about["sha256"]) for path, about in found.items()}


def check_dumps(var: VarLayout) -> None:
    """Read the dumps of every release that is kept, those not read yet or changed since; those that are damaged are named in the log."""
    with _CHECKING:
        releases = var.all_releases()
        for folder in _SEEN.keys() - {release.path for release in releases}:
            _SEEN.pop(folder, None)
        for release in releases:
            try:
                names = [
                    name.removeprefix("dumps/") for name in listed(release.path) if name.startswith("dumps/")
                ]
                for name in names:
                    is_whole(release, name)
            except (ReleaseDamaged, OSError) as error:
                if release.manifest_path.is_file():  # else it was removed meanwhile
                    _log.error("release %s: dumps cannot be checked: %s", release.release_id, error)


def is_whole(layout: ReleaseLayout, name: str) -> bool:
    """Say whether ``dumps/{name}`` has the bytes that the manifest lists; it is named in the log when it has not.

    A file is read once, and again when its size or its time has changed. :class:`ReleaseDamaged` when there is no manifest.
    """
    path, expected = layout.dumps / name, listed(layout.path).get(f"dumps/{name}")
    try:
        status = path.stat()
        size, changed = status.st_size, status.st_mtime_ns
    except OSError:
        size = changed = 0
    seen = _SEEN.setdefault(layout.path, {}).get(name)
    if seen is None or (seen.size, seen.changed) != (size, changed):
        whole = expected is not None and size == expected[0] and _checksum(path) == expected[1]
        seen = _SEEN.setdefault(layout.path, {})[name] = _Seen(size, changed, whole)
        if not whole and layout.manifest_path.is_file():
            _log.error("release %s: dumps/%s is damaged and is not served", layout.release_id, name)
    return seen.is_whole


def _checksum(path: Path) -> str:
    try:
        return sha256(path)
    except OSError:  # missing, or the disk fails
        return ""


def _wrong_stores(layout: ReleaseLayout, quads: int) -> list[str]:
    """Return what is wrong with the store and the search index, whose bytes differ from machine to machine."""
    wrong = []
    try:
        store = ox.Store.read_only(str(layout.store))
        # the default graph repeats every triple of the named graphs
        held = len(store) - sum(1 for _ in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
        if held != quads:
            wrong.append(f"the store holds {held} quads, the manifest says {quads}")
    except OSError as error:
        wrong.append(f"the store cannot be opened ({error})")
    for path, table in ((layout.search_index, "thing"), (layout.subjects, "block")):
        try:
            connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
            try:
                connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()  # noqa: S608 # our own names
            finally:
                connection.close()
        except sqlite3.Error as error:
            wrong.append(f"{path.name} cannot be read ({error})")
    return wrong
