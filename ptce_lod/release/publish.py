"""Choose the release that is served: one atomic switch of a symbolic link, under a lock, with a log that ``rollback`` reads."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Final

from ptce_lod.errors import ReleaseDamaged, ReleaseLocked, ReleaseNotFound, SettingsError
from ptce_lod.iris import AddressSpace
from ptce_lod.release.catalog.dates import record_dates
from ptce_lod.release.catalog.description import Catalog
from ptce_lod.release.catalog.facts import gather
from ptce_lod.release.diff import diff
from ptce_lod.release.feed import append_members, entities, subjects
from ptce_lod.release.history import record
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.release.publish_log import append, publications
from ptce_lod.terms import ReleaseId

_LOCK_POLL_SECONDS: Final = 0.05


@contextmanager
def locked(var: VarLayout, *, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the lock of builders and publishers; :class:`ReleaseLocked` when another process holds it for longer than ``wait_seconds``.

    Makes ``var/`` if needed; :class:`SettingsError` when it cannot be written.
    """
    try:
        var.path.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(var.lock, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise SettingsError(
            f"{var.path}: cannot be written ({error.strerror})",
            hint="the setting var_dir names the folder of built things",
        ) from error
    try:
        deadline = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() < deadline:
                    time.sleep(_LOCK_POLL_SECONDS)
                    continue
                raise ReleaseLocked(
                    f"{var.path}: another process is building or publishing", hint="try again when it is done"
                ) from None
        yield
    finally:
        os.close(descriptor)


def publish(
    var: VarLayout,
    release_id: str,
    write: Mapping[str, str | int] | None = None,
    *,
    contact: str = "",
    publisher_type: str = "",
) -> bool:
    """Make a release the served one; return False when it was already. The caller holds the lock.

    ``write`` tells of the write that the release came of: ``by previous added removed``; ``contact`` and
    ``publisher_type`` are what the catalogue says.
    """
    layout = var.release(release_id)
    if var.current.is_symlink() and var.current.readlink().name == layout.release_id:
        is_logged = var.feed.is_file() and var.catalog_feed.is_file()
        if not is_logged and (log := publications(var)):
            _log_members(var, layout, log[-1].at, contact, publisher_type)
        return False
    former = _former(var)
    if former is not None:
        # Of a damaged release nobody can say what changed; that must not keep a sound one from being published.
        with suppress(ReleaseDamaged, ValueError):
            record(var, former, layout)
            _write_patch(var, former, layout)
    temporary = var.path / f"current-{os.getpid()}"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(layout.path.relative_to(var.path))
    at = append(var, layout.release_id, write or {})
    _record_dates(var)
    temporary.replace(var.current)
    is_first = len(publications(var)) == 1
    _log_members(var, layout, at, contact, publisher_type, is_first=is_first)
    return True


def _record_dates(var: VarLayout) -> None:
    """Log the dates of datasets; what cannot be written now is made from the manifests later."""
    with suppress(OSError):
        record_dates(var)


def _log_members(
    var: VarLayout,
    layout: ReleaseLayout,
    at: str,
    contact: str,
    publisher_type: str,
    *,
    is_first: bool = False,
) -> None:
    """Log the changes for the event streams. What cannot be written now, the next publication makes good: it is published all the same."""
    with suppress(sqlite3.Error, OSError):
        append_members(var.feed, subjects(layout), layout.release_id, at, is_first=is_first)
    with suppress(sqlite3.Error, OSError):
        facts = gather(var, layout, publications(var), json.loads(layout.statistics.read_bytes()))
        catalog = Catalog(AddressSpace(layout.manifest()["base_iri"]), facts, contact, publisher_type)
        append_members(var.catalog_feed, entities(catalog), layout.release_id, at, is_first=is_first)


def _write_patch(var: VarLayout, old: ReleaseLayout, new: ReleaseLayout) -> None:
    """Write what leads from one release to the next, unless it is written already."""
    path = var.patch(old.release_id, new.release_id)
    if old.release_id == new.release_id or path.is_file():
        return
    path.parent.mkdir(exist_ok=True)
    temporary = path.with_name("patch.part")  # one for all, under the lock
    with temporary.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(f'H previous "{old.release_id}" .\nH id "{new.release_id}" .\nTX .\n')
        for change in diff(old, new):
            stream.write(f"{'A' if change.added else 'D'} {change.line}\n")
        stream.write("TC .\n")
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)


def _former(var: VarLayout) -> ReleaseLayout | None:
    """Return the release that was published last, None when there is none or it is no longer whole: then nothing is recorded."""
    log = publications(var)
    if not log:
        return None
    try:
        layout = var.release(log[-1].release_id)
    except ReleaseNotFound:
        return None
    return layout if (layout.dumps / "all.nq").is_file() else None


def rollback(var: VarLayout, *, contact: str = "", publisher_type: str = "") -> ReleaseLayout:
    """Publish again the release that was served before the current one; the caller holds the lock.

    Two roll-backs in a row go two steps back. Raises :class:`ReleaseNotFound` when there is no earlier one.
    """
    current = var.published().release_id
    # Replay the log as a stack: publishing again what stands below the top is a step back, not a new release.
    stack: list[ReleaseId] = []
    for entry in publications(var):
        if len(stack) > 1 and stack[-2] == entry.release_id:
            stack.pop()
        elif not stack or stack[-1] != entry.release_id:
            stack.append(entry.release_id)
    while stack and stack[-1] == current:
        stack.pop()
    kept = {layout.release_id for layout in var.all_releases()}
    for release_id in reversed(stack):
        if release_id in kept:
            publish(var, release_id, contact=contact, publisher_type=publisher_type)
            return var.release(release_id)
    raise ReleaseNotFound(
        "there is no earlier release to go back to", hint="`ptce-lod releases` lists what there is"
    )


def prune(var: VarLayout, keep: int) -> list[ReleaseId]:
    """Remove all but the ``keep`` releases published last, never the current one; return what was removed.

    A release never published counts as older than all that were. The caller holds the lock.
    """
    order = {entry.release_id: position for position, entry in enumerate(publications(var))}
    current = var.current.readlink().name if var.current.is_symlink() else ""
    layouts = sorted(
        var.all_releases(),
        key=lambda r: (r.release_id == current, order.get(r.release_id, -1), r.release_id),
        reverse=True,
    )
    _record_dates(var)  # of publications that have no line yet: without their releases nobody can say
    removed = []
    for layout in layouts[max(keep, 1) :]:
        layout.manifest_path.unlink()  # first: a folder without a manifest is no release
        shutil.rmtree(layout.path)
        removed.append(layout.release_id)
    return removed
