"""Put a folder in its place whole: written beside it, then changed for what stands there in one step."""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ptce_lod.errors import ReleaseError, ReleaseLocked

_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2


@contextmanager
def whole(target: Path, marker: str) -> Iterator[Path]:
    """Give a new folder that takes the place of ``target`` when the block ends well.

    ``target`` is new, empty, or has a file ``marker``; :class:`ReleaseError` when it is something else or cannot be written,
    :class:`ReleaseLocked` when another process writes it. Whatever happens, what stood there stands there or the new folder does.
    What interrupted runs left beside it is removed.
    """
    _refuse(target, marker)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _clear(target)
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
    folder = Path(tempfile.mkdtemp(prefix=f"{target.name}.new-", dir=target.parent))
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
            f"{target} is not empty and no earlier export", hint="name a new or an empty folder"
        )


def _clear(target: Path) -> None:
    """Remove what interrupted runs left; each running one holds the lock of its folder."""
    for rest in target.parent.glob(f"{target.name}.new-*"):
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


def exchange(folder: Path, target: Path) -> None:
    """Let two folders change places: on Linux in one step (renameat2), else in three, taken back when one fails."""
    if sys.platform == "linux":
        system = ctypes.CDLL(None, use_errno=True)
        names = (_AT_FDCWD, os.fsencode(folder), _AT_FDCWD, os.fsencode(target))
        if hasattr(system, "renameat2") and system.renameat2(*names, _RENAME_EXCHANGE) == 0:
            return
    before = target.with_name(f"{target.name}.old-{os.getpid()}")
    target.rename(before)
    try:
        folder.rename(target)
    except BaseException:
        before.rename(target)
        raise
    before.rename(folder)
