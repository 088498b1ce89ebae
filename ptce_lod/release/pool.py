"""Where files of a release are written: in processes, when there is enough to write and this process may start some; else in threads."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Final

#: Quads from which on it pays to start processes, half a second each.
_MANY: Final = 200_000
#: Threads when there are no processes: the libraries that compress leave the interpreter to others meanwhile.
_THREADS: Final = 2


@contextmanager
def writing_pool(quads: int, *, may_start: bool) -> Iterator[Executor]:
    """Yield what runs functions on files, for a release of ``quads``; left by an exception, what has not begun is not done.

    ``may_start`` says whether this process may start others: one that carries out a write may not (``query/confinement.py``).
    """
    pool: Executor
    if may_start and quads >= _MANY and (os.cpu_count() or 1) > 1:
        # Started anew, not forked: the store has threads of its own.
        pool = ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), initializer=_leave_interrupts)
    else:
        pool = ThreadPoolExecutor(_THREADS)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _leave_interrupts() -> None:
    """Let the first process alone hear of Ctrl-C: the terminal sends it to all."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
