"""Match many entries in several processes."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, Final

from ptce_lod.link.entries import Entry, Found
from ptce_lod.link.matching import Matcher
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.layout import ReleaseLayout
from ptce_lod.settings import Settings

#: Entries that a process takes at a time, and the least number for which another process pays.
_BATCH: Final = 200
_WORTH_A_PROCESS: Final = 500

Listener = Callable[[str, int, int], None]
#: What a matching is opened with: values of settings, path of the release, types.
_Start = tuple[dict[str, Any], str, tuple[str, ...]]


def match_all(
    entries: Sequence[Entry],
    settings: Settings,
    layout: ReleaseLayout,
    types: Sequence[str],
    *,
    jobs: int = 1,
    listener: Listener = lambda step, done, total: None,
) -> Iterator[Found]:
    """Yield each entry with its proposals, in order. ``jobs`` processes share the work."""
    jobs = max(1, min(jobs, len(entries) // _WORTH_A_PROCESS))
    start = (settings.to_values(), str(layout.path), tuple(types))
    every = _in_one(entries, start) if jobs == 1 else _in_many(entries, start, jobs)
    for done, found in enumerate(every, start=1):
        if done % _BATCH == 0 or done == len(entries):
            listener("match", done, len(entries))
        yield found


def _in_one(entries: Sequence[Entry], start: _Start) -> Iterator[Found]:
    with _Matching(*start) as matching:
        for entry in entries:
            yield matching.found(entry)


def _in_many(entries: Sequence[Entry], start: _Start, jobs: int) -> Iterator[Found]:
    # Not forked: this process may have threads, and open databases do not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, _begin, start) as pool:
        batches = (entries[begin : begin + _BATCH] for begin in range(0, len(entries), _BATCH))
        yield from chain.from_iterable(pool.map(_batch, batches))


class _Matching:
    """A matcher over a release of its own, closed at the end of a ``with``."""

    def __init__(self, values: dict[str, Any], release: str, types: tuple[str, ...]) -> None:
        settings = replace(Settings.from_values(values), memory_store_quads=0)
        path = Path(release)
        self._backend = EmbeddedBackend(ReleaseLayout(path), settings)
        self._matcher = Matcher(self._backend, settings.addresses, types)

    def __enter__(self) -> _Matching:
        return self

    def __exit__(self, *error: object) -> None:
        self._backend.close()

    def found(self, entry: Entry) -> Found:
        return Found(entry, self._matcher.proposals(entry))


#: The matching of a process of a pool: set once, when it starts.
_ours: list[_Matching] = []


def _begin(*start: Any) -> None:
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # the terminal sends it to all; the first process ends the others
    _ours.append(_Matching(*start))


def _batch(entries: Sequence[Entry]) -> list[Found]:
    return [_ours[0].found(entry) for entry in entries]
