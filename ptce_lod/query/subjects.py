"""Read ``subjects.sqlite``: all quads of some subjects in one go. One connection for each thread; the file never changes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox

from ptce_lod.errors import ReleaseDamaged
from ptce_lod.release.layout import ReleaseLayout

#: Subjects asked for in one statement; SQLite allows 32 766 variables.
_BATCH: Final = 500


class SubjectIndex:
    """The quads of a release by subject."""

    def __init__(self, layout: ReleaseLayout) -> None:
        self._layout = layout
        self._uri = f"file:{quote(str(layout.subjects.resolve()))}?mode=ro&immutable=1"
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._connection()

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            try:
                connection = sqlite3.connect(self._uri, uri=True, check_same_thread=False)
                connection.execute("PRAGMA mmap_size = 1073741824")
                connection.execute("SELECT 1 FROM block LIMIT 1")
            except sqlite3.Error as error:
                raise ReleaseDamaged(
                    f"release {self._layout.release_id}: {self._layout.subjects} cannot be read: {error}"
                ) from error
            self._local.connection = connection
            self._opened.append(connection)
        return connection

    def lines(self, subjects: Sequence[str]) -> list[str]:
        """Return the blocks of ``subjects``, IRIs, in the order of the subjects' terms; a subject without quads has none."""
        found: list[str] = []
        connection = self._connection()
        for start in range(0, len(subjects), _BATCH):
            batch = [f"<{iri}>" for iri in subjects[start : start + _BATCH]]
            marks = ",".join("?" * len(batch))
            rows = connection.execute(f"SELECT lines FROM block WHERE subject IN ({marks})", batch)  # noqa: S608 # only marks
            found.extend(row[0] for row in rows)
        return found

    def quads(self, subjects: Sequence[str]) -> list[ox.Quad]:
        """Return all quads of ``subjects``, IRIs."""
        return parse(self.lines(subjects))

    def close(self) -> None:
        """Close the connections of all threads."""
        for connection in self._opened:
            connection.close()


def parse(blocks: Iterable[str]) -> list[ox.Quad]:
    """Return the quads of blocks of canonical lines; they were checked when the release was built."""
    return list(ox.parse("\n".join(blocks), format=ox.RdfFormat.N_QUADS, lenient=True))
