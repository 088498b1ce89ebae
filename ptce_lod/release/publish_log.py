"""The log of publications, one JSON object a line: what was served when."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ptce_lod.release.layout import VarLayout
from ptce_lod.terms import ReleaseId


@dataclass(frozen=True)
class Publication:
    """One line of the log: ``at`` is RFC 3339 in UTC; ``by`` made the write that the release came of, which changed so many quads."""

    at: str
    release_id: ReleaseId
    by: str = ""
    added: int = 0
    removed: int = 0


def now() -> str:
    """Return the moment, RFC 3339 in UTC, to the second."""
    return _text(datetime.datetime.now(datetime.UTC))


def _text(moment: datetime.datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def append(var: VarLayout, release_id: ReleaseId, write: Mapping[str, str | int]) -> str:
    """Write one publication to the log, on disk when this returns, and return its moment.

    ``write`` as in :func:`~ptce_lod.release.publish.publish`.

    No two publications have the same second, and none is before the last: HTTP dates and addresses of mementos tell seconds apart. After
    a quick succession, or a clock that was set back, a publication is dated a second after the one before.
    """
    at = now()
    if log := publications(var):
        last = datetime.datetime.fromisoformat(log[-1].at).astimezone(datetime.UTC)
        at = max(at, _text(last + datetime.timedelta(seconds=1)))
    append_line(var.publications, json.dumps({"at": at, "release": release_id, **write}))
    return at


def append_line(path: Path, line: str) -> None:
    """Write a line to a log, on disk when this returns."""
    data = line.encode() + b"\n"
    with path.open("a+b") as stream:
        if stream.tell():
            stream.seek(-1, os.SEEK_END)
            if stream.read() != b"\n":
                data = b"\n" + data  # what a crash cut short stays a line of its own
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def publications(var: VarLayout) -> list[Publication]:
    """Return the log, oldest first; a line cut short by a crash is passed over."""
    if not var.publications.is_file():
        return []
    entries = []
    for line in var.publications.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        entries.append(
            Publication(
                entry["at"],
                ReleaseId(entry["release"]),
                entry.get("by", ""),
                entry.get("added", 0),
                entry.get("removed", 0),
            )
        )
    return entries
