"""When each file of an export was last modified: nginx makes ``Last-Modified`` and ``ETag`` of that, and of the size.

Written anew by each export, every file would be new to every client that asks whether it has changed. So:

- What is there with the same bytes in the earlier export keeps its date.
- Else it has the moment at which its release was published: the same wherever, and however often, it is exported. Not the moment at which
  the thing itself changed, as the server says: pages show more than the thing (release, names of others), and the server's entity tag,
  unlike nginx's, names the release.
- Where that is no later than what stood there, as when only the software or a setting has changed, it has the moment of the export: bytes
  that differ never have the date of those that were there before, whatever their size.
"""

from __future__ import annotations

import filecmp
from dataclasses import dataclass
from pathlib import Path
from time import time

from ptce_lod.release.history import moment_of
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.release.publish_log import publications


@dataclass(frozen=True)
class Dates:
    """Dates of the files of an export, in seconds since 1970.

    ``earlier`` is the folder of files that it takes the place of, written at the moment ``before``, 0 when there is none. ``published`` is
    when the release was published, ``now`` when this export began.
    """

    earlier: Path
    before: int
    published: int
    now: int

    def of(self, path: str, new: bytes | Path) -> int:
        """Return the date of the file at ``path`` below the folder, which is to have the bytes ``new``, or those of that file."""
        there = self.earlier / path
        try:
            status = there.stat()
        except OSError:
            # It may have been there before that: an earlier file at its address is older than what took its place.
            return self._after(self.before)
        size = len(new) if isinstance(new, bytes) else new.stat().st_size
        if status.st_size == size and _is_same(there, new):
            return int(status.st_mtime)
        return self._after(int(status.st_mtime))

    def _after(self, moment: int) -> int:
        return self.published if self.published > moment else max(self.now, moment + 1)


def dates(var: VarLayout, release: ReleaseLayout, target: Path, marker: str) -> Dates:
    """Return the dates of an export of ``release`` to ``target``, where an earlier one has the file ``marker``."""
    log = [each for each in publications(var) if each.release_id == release.release_id]
    now = int(time())
    written = target / marker
    before = int(written.stat().st_mtime) if written.is_file() else 0
    return Dates(target.absolute() / "site", before, int(moment_of(log[-1]).timestamp()) if log else now, now)


def _is_same(there: Path, new: bytes | Path) -> bool:
    return there.read_bytes() == new if isinstance(new, bytes) else filecmp.cmp(there, new, shallow=False)
