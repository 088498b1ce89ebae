"""Put a folder in its place whole: written beside it, then changed for what stands there in one step. And locks that say who holds them.

Beside ``target`` stand, for a moment, ``.target.new-*``, being written, and, where a system cannot exchange folders, ``.target.old-*``,
what stood there: an interruption may leave them, the next run clears up.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from typing import Final

from ptce_lod.errors import ReleaseError, ReleaseLocked

_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2
_NEW: Final = ".new-"
_OLD: Final = ".old-"
_PID_BYTES: Final = 20


@contextmanager
def whole(target: Path, marker: str) -> Iterator[Path]:
    """Give a new folder that takes the place of ``target`` when the block ends well.

    ``target`` is new, empty, or has a file ``marker``; :class:`ReleaseError` when it is something else or cannot be written,
    :class:`ReleaseLocked` when another process writes it. Whatever happens, what stood there stands there or the new folder does.
    What interrupted runs left beside it is removed.
    """
    try:
        _clear(target)
        _refuse(target, marker)
        target.parent.mkdir(parents=True, exist_ok=True)
        with _locked_folder(target) as folder:
            yield folder
            _put(folder, target)
    except OSError as error:
        raise ReleaseError(
            f"{target} could not be written: {error.strerror or error}",
            hint="what was there before is there still",
        ) from error


@contextmanager
def _locked_folder(target: Path) -> Iterator[Path]:
    """Give a new folder beside ``target``, which is removed at the end if it is still there, and which no other process removes."""
    folder = Path(tempfile.mkdtemp(prefix=f".{target.name}{_NEW}", dir=target.parent))
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder.chmod(0o755)  # web servers run as other users
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _put(folder: Path, target: Path) -> None:
    if target.is_dir() and any(target.iterdir()):
        exchange(folder, target)
    else:
        folder.rename(target)


def _refuse(target: Path, marker: str) -> None:
    if target.exists() and not target.is_dir():
        raise ReleaseError(f"{target} is a file, expected a folder")
    if target.is_dir() and any(target.iterdir()) and not (target / marker).is_file():
        raise ReleaseError(
            f"{target} is not empty and holds no {marker} of an earlier run",
            hint="name a new or an empty folder",
        )


def _clear(target: Path) -> None:
    """Remove what interrupted runs left, and put back what one of them had put aside; each running one holds the lock of its folder."""
    for rest in target.parent.glob(f".{escape(target.name)}{_NEW}*"):
        descriptor = os.open(rest, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ReleaseLocked(
                f"{target}: another process is writing it", hint="try again when it is done"
            ) from None
        finally:
            os.close(descriptor)
        shutil.rmtree(rest)
    for aside in sorted(
        target.parent.glob(f".{escape(target.name)}{_OLD}*"), key=lambda p: p.stat().st_mtime
    ):
        if target.exists():
            shutil.rmtree(aside)
        else:
            aside.rename(target)


def put_aside(parent: Path) -> dict[str, Path]:
    """Return the folders of ``parent`` that an interrupted run put aside and that nothing took the place of: name → where each is."""
    found: dict[str, Path] = {}
    for path in sorted(parent.glob(f".*{_OLD}*")):
        name = path.name[1:].rpartition(_OLD)[0]
        if not (parent / name).exists():
            found[name] = path
    return found


@contextmanager
def held(lock: Path, doing: str) -> Iterator[None]:
    """Hold a file as a lock; :class:`ReleaseLocked`, which names the process and what it is ``doing``, when another one holds it."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            who = os.read(descriptor, _PID_BYTES).decode("ascii", "replace").strip()
            raise ReleaseLocked(
                f"{lock.parent}: another process{f' ({who})' if who else ''} is {doing}",
                hint="try again when it is done",
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)


def exchange(folder: Path, target: Path) -> None:
    """Let two folders change places: on Linux in one step (renameat2), else in three, taken back when one fails."""
    if sys.platform == "linux":
        system = ctypes.CDLL(None, use_errno=True)
        names = (_AT_FDCWD, os.fsencode(folder), _AT_FDCWD, os.fsencode(target))
        if hasattr(system, "renameat2") and system.renameat2(*names, _RENAME_EXCHANGE) == 0:
            return
    before = target.with_name(f".{target.name}{_OLD}{os.getpid()}")
    target.rename(before)
    try:
        folder.rename(target)
    except BaseException:
        before.rename(target)
        raise
    before.rename(folder)
