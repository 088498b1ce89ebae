"""Check a release against its manifest: every file, its checksum, and that the id is that of the quads."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pyoxigraph as ox

from ptce_lod.errors import ReleaseDamaged
from ptce_lod.release.layout import ReleaseLayout, release_id_of
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


#: What :func:`check_dumps` found, by the folder of a release.
_DAMAGED: dict[Path, frozenset[str]] = {}


def check_dumps(layout: ReleaseLayout) -> frozenset[str]:
    """Return the dumps, by their path below ``dumps/``, whose bytes are not those of the manifest, and remember them."""
    listed = layout.manifest()["files"]
    wrong = {
        name.removeprefix("dumps/")
        for name, about in listed.items()
        if name.startswith("dumps/")
        and not ((layout.path / name).is_file() and sha256(layout.path / name) == about["sha256"])
    }
    _DAMAGED[layout.path.resolve()] = found = frozenset(wrong)
    return found


def damaged(layout: ReleaseLayout) -> frozenset[str]:
    """Return what :func:`check_dumps` found in this process; nothing when it was not asked."""
    return _DAMAGED.get(layout.path.resolve(), frozenset())


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
