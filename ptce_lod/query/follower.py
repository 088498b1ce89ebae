"""Follow ``var/current``: answer from the published release, and change over when another is published, without dropping a request."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Generic, TypeVar

from ptce_lod.errors import BackendUnavailable, PtceError
from ptce_lod.query.backend import Backend
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.terms import ReleaseId, is_release_id

#: How long a release that could not be opened is left alone, in seconds.
RETRY_SECONDS: Final = 1.0
_log = logging.getLogger(__name__)
_B = TypeVar("_B", bound=Backend)


class _Slot(Generic[_B]):
    """A backend with the number of requests that use it."""

    def __init__(self, backend: _B) -> None:
        self.backend = backend
        self.leases = 0
        self.retired = False


class ReleaseFollower(Generic[_B]):
    """Lends the backend of the published release. ``open_backend`` makes one from a release's layout."""

    def __init__(
        self,
        var: VarLayout,
        open_backend: Callable[[ReleaseLayout], _B],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._var = var
        self._open = open_backend
        self._clock = clock
        self._refused: tuple[str, float] = ("", float("-inf"))
        self._slot: _Slot[_B] | None = None
        self._lock = threading.Lock()

    @contextmanager
    def lease(self) -> Iterator[_B]:
        """Lend the backend for one request; it stays open until the last borrower is done.

        Raises :class:`BackendUnavailable` when nothing is published or the published release cannot be opened.
        """
        slot = self._acquire()
        try:
            yield slot.backend
        finally:
            with self._lock:
                slot.leases -= 1
                to_close = slot.retired and not slot.leases
            if to_close:
                slot.backend.close()

    def current(self) -> ReleaseId | None:
        """Return the id of the published release if it is the one that is open, else None. Never waits: it opens nothing."""
        slot, linked = self._slot, self._linked()
        return linked if slot is not None and slot.backend.release_id == linked else None

    def _acquire(self) -> _Slot[_B]:
        with self._lock:
            retired = self._follow()
            slot = self._slot
            if slot is not None:
                slot.leases += 1
        if retired is not None:
            retired.backend.close()
        if slot is None:
            raise BackendUnavailable(
                "nothing is published yet", hint="run `ptce-lod build` and `ptce-lod publish`"
            )
        return slot

    def _follow(self) -> _Slot[_B] | None:
        """Change over if the link moved; return the former slot when nobody uses it any more."""
        # Looked at in each request (a few microseconds), so that who was told of a write sees it from every process.
        current = self._linked()
        former = self._slot
        if current is None or (former is not None and former.backend.release_id == current):
            return None
        refused, at = self._refused
        if former is not None and refused == current and self._clock() - at < RETRY_SECONDS:
            return None
        try:
            self._slot = _Slot(self._open(self._var.release(current)))
        except PtceError as error:
            if former is None:
                raise BackendUnavailable(
                    "the published release cannot be opened", hint=error.message
                ) from error
            self._refused = (current, self._clock())
            _log.error(
                "release %s cannot be opened, %s stays: %s", current, former.backend.release_id, error.message
            )
            return None
        _log.info("serving release %s", current)
        if former is None:
            return None
        former.retired = True
        return None if former.leases else former

    def _linked(self) -> ReleaseId | None:
        try:
            name = os.path.basename(os.readlink(self._var.current))  # noqa: PTH115, PTH119 # three times as fast
        except OSError:
            return None
        return ReleaseId(name) if is_release_id(name) else None

    def close(self) -> None:
        """Close the backend."""
        with self._lock:
            slot, self._slot = self._slot, None
        if slot is not None:
            slot.backend.close()
