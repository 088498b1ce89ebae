"""Snapshots of wikis in ``var/wikis/{id}``: one JSON object a line for each page, all of them or the former snapshot.

::

    var/wikis/{id}/
      {YYYYMMDDTHHMMSSZ}/   a complete snapshot: pages.jsonl, snapshot.json
      current               symbolic link to the latest
      partial/              a pull in progress, or one that was cut short and goes on when it is run again
      lock                  held by the process that pulls, whose number it holds
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from ptce_lod.errors import SourceUnavailable
from ptce_lod.folders import held

PAGES: Final = "pages.jsonl"
ABOUT: Final = "snapshot.json"
_KEPT: Final = 3
#: What became of a page.
PRESENT, DELETED, MERGED = "present", "deleted", "merged"


#: Language of a wiki and number of a page: what stays when the page is moved.
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
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
    def key(self) -> Key:
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


@dataclass(frozen=True, slots=True)
class Entry:
    """What an index knows of a page: all but its text and its facts in RDF, and where its line is. ``page`` has neither."""

    page: PageRecord
    has_facts: bool
    path: Path
    start: int
    length: int

    def line(self) -> bytes:
        """Return the page's line."""
        with self.path.open("rb") as stream:
            stream.seek(self.start)
            return stream.read(self.length)

    def load(self) -> PageRecord:
        """Return the whole record; :class:`SourceUnavailable` when its line is damaged."""
        try:
            return PageRecord.from_line(self.line().decode())
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SourceUnavailable(
                f"{self.path}: the line of {self.page.title!r} is damaged: {error}"
            ) from error

    def is_of(self, record: PageRecord) -> bool:
        """Say whether the line holds ``record``, its text and facts aside."""
        return self.page == _bare(record)


def _bare(record: PageRecord) -> PageRecord:
    return replace(record, text="", rdf=None)


def _entry(record: PageRecord, path: Path, start: int, length: int) -> Entry:
    return Entry(_bare(record), record.rdf is not None, path, start, length)


class Snapshot:
    """A complete snapshot. Texts stay on the disk: :meth:`index` says where each page's line begins, :meth:`records` reads them in turn."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.about: dict[str, Any] = json.loads((path / ABOUT).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise SourceUnavailable(f"{path}: is no complete snapshot of a wiki ({error})") from error

    def records(self) -> Iterator[PageRecord]:
        """Yield every page; :class:`SourceUnavailable` when a line is damaged."""
        yield from (record for record, _, _ in self._lines())

    def index(self) -> dict[Key, Entry]:
        """Return what is known of every page without its text; :class:`SourceUnavailable` when a line is damaged."""
        path = self.path / PAGES
        return {record.key: _entry(record, path, start, length) for record, start, length in self._lines()}

    def _lines(self) -> Iterator[tuple[PageRecord, int, int]]:
        """Yield (record, where its line begins, the line's length in bytes)."""
        start = 0
        with (self.path / PAGES).open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                try:
                    record = PageRecord.from_line(line.decode())
                except (ValueError, KeyError, TypeError) as error:
                    raise SourceUnavailable(f"{self.path / PAGES}:{number}: damaged: {error}") from error
                yield record, start, len(line)
                start += len(line)


class SnapshotFolder:
    """The snapshots of one wiki."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._partial = path / "partial"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let nobody else pull; :class:`~ptce_lod.errors.ReleaseLocked`, with the other's number, when somebody does."""
        try:
            with held(self.path / "lock", "pulling this wiki"):
                yield
        except OSError as error:
            raise SourceUnavailable(
                f"{self.path}: cannot be written ({error.strerror or error})",
                hint="the setting var_dir names the folder of built things; the former snapshot stays",
            ) from error

    def current(self) -> Snapshot | None:
        """Return the latest snapshot, None when there is none."""
        link = self.path / "current"
        return Snapshot(self.path / link.readlink()) if link.is_symlink() else None

    def resume(self, request: dict[str, Any]) -> dict[Key, Entry]:
        """Return what a former pull of the same ``request`` had fetched before it was cut short; begin anew for another request."""
        asked = self._partial / ABOUT
        text = json.dumps(request, sort_keys=True)
        if not asked.is_file() or asked.read_text(encoding="utf-8") != text:
            shutil.rmtree(self._partial, ignore_errors=True)
            self._partial.mkdir(parents=True)
            asked.write_text(text, encoding="utf-8")
        found: dict[Key, Entry] = {}
        fetched = self._partial / PAGES
        start = 0
        if fetched.is_file():
            with fetched.open("rb") as stream:
                for line in stream:
                    try:
                        record = PageRecord.from_line(line.decode())
                    except (ValueError, KeyError, TypeError):
                        break  # the line that was being written
                    if not line.endswith(b"\n"):
                        break
                    found[record.key] = _entry(record, fetched, start, len(line))
                    start += len(line)
            os.truncate(fetched, start)
        return found

    def keep(self, record: PageRecord) -> Entry:
        """Add a page to the pull in progress."""
        path = self._partial / PAGES
        line = record.to_line().encode()
        with path.open("ab") as stream:
            start = stream.tell()
            stream.write(line)
        return _entry(record, path, start, len(line))

    def finish(self, name: str, pages: Iterable[PageRecord | Entry], about: dict[str, Any]) -> Snapshot:
        """Write the snapshot ``name`` beside the others, then make it the current one in one step. Lines that are there are copied."""
        made = self._partial / "made"
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        with (made / PAGES).open("wb") as stream:
            for page in pages:
                stream.write(page.line() if isinstance(page, Entry) else page.to_line().encode())
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
