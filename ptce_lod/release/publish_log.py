"""The log of publications, one JSON object a line: what was served when."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass

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
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


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
