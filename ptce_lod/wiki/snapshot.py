"""Snapshots of wikis in ``var/wikis/{id}``: one JSON object a line for each page, all of them or the former snapshot.

::

    var/wikis/{id}/
      {YYYYMMDDTHHMMSSZ}/   a complete snapshot: pages.jsonl, snapshot.json
      current               symbolic link to the latest
      partial/              a pull in progress, or one that was cut short and goes on when it is run again
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from ptce_lod.errors import SourceUnavailable

PAGES: Final = "pages.jsonl"
ABOUT: Final = "snapshot.json"
_KEPT: Final = 3
#: What became of a page.
PRESENT, DELETED, MERGED = "present", "deleted", "merged"


@dataclass(frozen=True)
class PageRecord:
    """One page of a wiki as it was pulled. ``site`` is the language of its wiki; ``into`` names the page that a merged one leads to.

    ``rdf`` are the page's facts in RDF as N-Triples, "" when there are none, None when they were not asked for.
    """

    site: str
    page_id: int
    title: str
    url: str
    revision: int = 0
    timestamp: str = ""
    text: str = ""
    redirects: tuple[str, ...] = ()
    languages: dict[str, str] = field(default_factory=dict)
    protected: bool = False
    state: str = PRESENT
    moved_from: tuple[str, ...] = ()
    into: str = ""
    rdf: str | None = None

    @property
    def sha256(self) -> str:
        """SHA-256 of the wikitext in UTF-8."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def key(self) -> tuple[str, int]:
        """What stays when a page is moved."""
        return self.site, self.page_id

    def to_line(self) -> str:
        """Return the record as a line of JSON, with checksum and length of the text in Unicode characters."""
        facts = {**asdict(self), "sha256": self.sha256, "length": len(self.text)}
        return json.dumps(facts, ensure_ascii=False, sort_keys=True) + "\n"

    @classmethod
    def from_line(cls, line: str) -> PageRecord:
        """Return the record of a line; ValueError when the text is not what was pulled."""
        facts: dict[str, Any] = json.loads(line)
        digest = facts.pop("sha256")
        facts.pop("length")
        for name in ("redirects", "moved_from"):
            facts[name] = tuple(facts[name])
        record = cls(**facts)
        if record.sha256 != digest:
            raise ValueError(f"the text of {record.title!r} is not the one that was pulled")
        return record


class Snapshot:
    """A complete snapshot. Texts stay on the disk: an index holds where each page's line begins."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.about: dict[str, Any] = json.loads((path / ABOUT).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise SourceUnavailable(f"{path}: is no complete snapshot of a wiki ({error})") from error

    def records(self) -> Iterator[PageRecord]:
        """Yield every page; :class:`SourceUnavailable` when a line is damaged."""
        with (self.path / PAGES).open(encoding="utf-8", newline="\n") as stream:
            for number, line in enumerate(stream, start=1):
                try:
                    yield PageRecord.from_line(line)
                except (ValueError, KeyError, TypeError) as error:
                    raise SourceUnavailable(f"{self.path / PAGES}:{number}: damaged: {error}") from error


class SnapshotFolder:
    """The snapshots of one wiki."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._partial = path / "partial"

    def current(self) -> Snapshot | None:
        """Return the latest snapshot, None when there is none."""
        link = self.path / "current"
        return Snapshot(self.path / link.readlink()) if link.is_symlink() else None

    def resume(self, request: dict[str, Any]) -> dict[tuple[str, int], PageRecord]:
        """Return what a former pull of the same ``request`` had fetched before it was cut short; begin anew for another request."""
        asked = self._partial / ABOUT
        text = json.dumps(request, sort_keys=True)
        if not asked.is_file() or asked.read_text(encoding="utf-8") != text:
            shutil.rmtree(self._partial, ignore_errors=True)
            self._partial.mkdir(parents=True)
            asked.write_text(text, encoding="utf-8")
        found: dict[tuple[str, int], PageRecord] = {}
        fetched = self._partial / PAGES
        if fetched.is_file():
            for line in fetched.read_text(encoding="utf-8").split("\n"):
                try:
                    record = PageRecord.from_line(line)
                except (ValueError, KeyError, TypeError):
                    continue  # the line that was being written
                found[record.key] = record
        return found

    def keep(self, records: Iterable[PageRecord]) -> None:
        """Add what was fetched to the pull in progress."""
        with (self._partial / PAGES).open("a", encoding="utf-8", newline="\n") as stream:
            stream.writelines(record.to_line() for record in records)

    def finish(self, name: str, records: Iterable[PageRecord], about: dict[str, Any]) -> Snapshot:
        """Write the snapshot ``name`` beside the others, then make it the current one in one step."""
        made = self._partial / "made"
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        with (made / PAGES).open("w", encoding="utf-8", newline="\n") as stream:
            for record in records:
                stream.write(record.to_line())
            stream.flush()
            os.fsync(stream.fileno())
        (made / ABOUT).write_text(
            json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8"
        )
        target = self.path / name
        shutil.rmtree(target, ignore_errors=True)
        made.rename(target)
        link = self.path / "current.part"
        link.unlink(missing_ok=True)
        link.symlink_to(name)
        link.replace(self.path / "current")
        shutil.rmtree(self._partial, ignore_errors=True)
        self._forget(name)
        return Snapshot(target)

    def _forget(self, name: str) -> None:
        """Remove all but the latest snapshots."""
        complete = sorted(
            p for p in self.path.iterdir() if (p / ABOUT).is_file() and not p.is_symlink() and p.name <= name
        )
        for path in complete[:-_KEPT]:
            shutil.rmtree(path, ignore_errors=True)
