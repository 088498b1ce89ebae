"""Load on a server: so many connections, each with one request at a time, for some seconds; by ``wrk`` where it is installed.

The client shares the machine with the server, so what it costs is measured, too. ``wrk`` costs a fraction of a client in Python.
"""

from __future__ import annotations

import itertools
import math
import multiprocessing
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.http import client

_SCRIPT: Final = Path(__file__).with_name("wrk.lua")
#: How long one answer may take, in seconds.
PATIENCE: Final = 30
#: Processes of the client in Python.
_PROCESSES: Final = 2


@dataclass
class Load:
    """What one run gave; times in milliseconds. ``client_cores``: processor time of the client by time; ``note``: what went wrong."""

    requests: int = 0
    per_second: float = 0.0
    median: float = math.nan
    p99: float = math.nan
    client_cores: float = math.nan
    note: str = ""


def whole_seconds(seconds: float) -> int:
    """Return how long a run of about ``seconds`` takes: ``wrk`` knows whole seconds only."""
    return max(1, round(seconds))


def client_name() -> str:
    """Return what sends the requests."""
    found = shutil.which("wrk")
    if not found:
        return f"{_PROCESSES} processes of Python (`wrk` is not installed)"
    said = subprocess.run([found, "-v"], capture_output=True, text=True, check=False).stdout.split()
    return "`wrk` " + (said[1].removeprefix("debian/") if len(said) > 1 else "")


def run(port: int, messages: Sequence[bytes], connections: int, seconds: float) -> Load:
    """Send ``messages`` in random order, again and again, over ``connections``."""
    run_ = _with_wrk if shutil.which("wrk") else _with_python
    began = time.perf_counter()
    spent = _children_seconds()
    load = run_(port, messages, connections, whole_seconds(seconds))
    load.client_cores = (_children_seconds() - spent) / (time.perf_counter() - began)
    return load


def summed(
    times: Sequence[float], requests: int, seconds: float, *, refused: int = 0, broken: int = 0
) -> Load:
    """Return the figures of a run whose answers took ``times``, in milliseconds."""
    notes = [f"{refused} × status 4xx or 5xx"] * bool(refused) + [f"{broken} × no answer"] * bool(broken)
    if not times or not seconds:
        return Load(note=", ".join(notes) or "no answer in time")
    ordered = sorted(times)
    return Load(
        requests=requests,
        per_second=requests / seconds,
        median=statistics.median(ordered),
        p99=ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))],
        note=", ".join(notes),
    )


def packed(messages: Sequence[bytes]) -> bytes:
    """Return one file of messages: their number, where each begins and the last ends, then their bytes."""
    first = 4 * (len(messages) + 2)
    ends = itertools.accumulate((len(message) for message in messages), initial=first)
    index = array("I", [len(messages), *ends])
    assert index.itemsize == 4
    if sys.byteorder == "big":
        index.byteswap()
    return index.tobytes() + b"".join(messages)


def read(text: str) -> Load:
    """Return the figures in what the script of ``wrk`` wrote: a line of totals, then a line for each time in microseconds."""
    head, *lines = text.split("\n")
    duration, requests, refused, broken = map(int, head.split())
    times = [int(line) / 1000 for line in lines if line]
    return summed(times, requests, duration / 1e6, refused=refused, broken=broken)


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _with_wrk(port: int, messages: Sequence[bytes], connections: int, seconds: float) -> Load:
    with tempfile.TemporaryDirectory(prefix="benchmark-load-") as name:
        written, result = Path(name) / "messages", Path(name) / "result"
        written.write_bytes(packed(messages))
        environment = {
            **os.environ,
            "MESSAGES": str(written),
            "MESSAGES_LENGTH": str(written.stat().st_size),
            "RESULT": str(result),
        }
        many = [f"-t{connections}", f"-c{connections}", f"-d{whole_seconds(seconds)}s"]
        command = ["wrk", *many, f"--timeout={PATIENCE}s", "-s", str(_SCRIPT), f"http://127.0.0.1:{port}/"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if not result.is_file():
            return Load(note=f"wrk: {(done.stdout + done.stderr)[-200:]}")
        return read(result.read_text())


def _with_python(port: int, messages: Sequence[bytes], connections: int, seconds: float) -> Load:
    share = max(1, connections // _PROCESSES)
    jobs = [(port, messages, share, seconds, seed) for seed in range(_PROCESSES)]
    # Ended before the processor time of children is read.
    with multiprocessing.get_context("fork").Pool(_PROCESSES) as pool:
        runs = pool.starmap(_one_process, jobs)
        pool.close()
        pool.join()
    times = [time_ * 1000 for run_ in runs for time_ in run_.times]
    refused = sum(count for run_ in runs for status, count in run_.statuses.items() if status >= 400)
    return summed(times, len(times), max(run_.seconds for run_ in runs), refused=refused)


def _one_process(
    port: int, messages: Sequence[bytes], connections: int, seconds: float, seed: int
) -> client.Run:
    chance = random.Random(seed)
    endless = (chance.choice(messages) for _ in itertools.count())
    try:
        return client.run(port, endless, connections, seconds, sys.maxsize, PATIENCE)
    except (client.TimedOut, OSError):
        return client.Run(seconds=seconds)
