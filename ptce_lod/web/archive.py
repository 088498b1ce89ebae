"""Former releases, opened for mementos: a few at a time, without query workers, closed when nobody reads them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from ptce_lod.errors import PtceError, ThingNotFound
from ptce_lod.query.backend import Backend
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.layout import VarLayout
from ptce_lod.settings import Settings

#: Former releases that stay open in one process; each takes some file descriptors and a few megabytes.
OPEN: Final = 3


@dataclass
class _Open:
    backend: EmbeddedBackend
    leases: int = 0


class Archive:
    """Lends the backends of former releases. Safe to use from many threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._var = VarLayout(settings.var_dir)
        self._open: OrderedDict[str, _Open] = OrderedDict()
        self._lock = threading.Lock()
        self._held: dict[str, bool] = {}

    def holds(self, release_id: str) -> bool:
        """Say whether a release is kept, is of this address, and can be read."""
        folder = self._var.releases / release_id
        if not (folder / "manifest.json").is_file():
            return False
        if release_id not in self._held:
            try:
                manifest = self._var.release(release_id).manifest()
                self._held[release_id] = (
                    manifest["base_iri"] == self._settings.base_iri and (folder / "subjects.sqlite").is_file()
                )
            except (PtceError, KeyError):
                self._held[release_id] = False
        return self._held[release_id]

    @contextmanager
    def lease(self, release_id: str) -> Iterator[Backend]:
        """Lend a former release; :class:`ThingNotFound` when it is not held."""
        with self._lock:
            slot = self._open.get(release_id)
            if slot is None:
                slot = self._open[release_id] = self._opened(release_id)
            self._open.move_to_end(release_id)
            slot.leases += 1
        try:
            yield slot.backend
        finally:
            with self._lock:
                slot.leases -= 1
                closing = self._surplus()
            for each in closing:
                each.backend.close()

    def _opened(self, release_id: str) -> _Open:
        if self.holds(release_id):
            try:
                return _Open(EmbeddedBackend(self._var.release(release_id), self._settings))
            except PtceError:
                self._held[release_id] = False
        raise ThingNotFound(f"release {release_id} is no longer kept", hint="the time map lists what is")

    def _surplus(self) -> list[_Open]:
        """Take out the longest unused releases beyond those that may stay open."""
        idle = [name for name, slot in self._open.items() if not slot.leases]
        return [self._open.pop(name) for name in idle[: max(0, len(self._open) - OPEN)]]

    def close(self) -> None:
        """Close what is open and lent to nobody."""
        with self._lock:
            slots = [self._open.pop(name) for name in list(self._open) if not self._open[name].leases]
        for slot in slots:
            slot.backend.close()
