"""Numbers and the machine, as the pages of measurements write them."""

from __future__ import annotations

import math
import os
import platform
from pathlib import Path


def geometric_mean(values: list[float]) -> float:
    """Return the geometric mean; not a number for none."""
    return math.exp(sum(map(math.log, values)) / len(values)) if values else math.nan


def machine() -> str:
    """Return processors, memory and Python of this machine in words."""
    model = platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [
            line.partition(":")[2].strip()
            for line in info.read_text().splitlines()
            if line.startswith("model name")
        ]
        model = names[0] if names else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} × {model}, {memory:.0f} GiB, Python {platform.python_version()}"


def figure(value: float) -> str:
    """Return a number with three digits or more; a dash for what is not a number."""
    if math.isnan(value):
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
