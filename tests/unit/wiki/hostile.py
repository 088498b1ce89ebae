"""Run what reads hostile text in a process of its own, which is ended when it takes as long as only repeated reading does."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import PROJECT

#: Seconds for what takes well under one on a slow machine, and minutes when it reads the text again at each of its places.
_LIMIT = 30


def run(code: str) -> str:
    """Run Python ``code``; return what it prints. subprocess.TimeoutExpired when it does not end."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, timeout=_LIMIT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
