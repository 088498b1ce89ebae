"""Read ``subjects.sqlite``: all quads of some subjects in one go. One connection for each thread; the file never changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pyoxigraph as ox

from ptce_lod.query.database import ReadOnlyDatabase
from ptce_lod.release.layout import ReleaseLayout

#: Subjects asked for in one statement; SQLite allows 32 766 variables.
_BATCH: Final = 500


class SubjectIndex:
    """The quads of a release by subject."""

    def __init__(self, layout: ReleaseLayout) -> None:
        self._database = ReadOnlyDatabase(layout.subjects, "block")

    def lines(self, subjects: Sequence[str]) -> list[str]:
        """Return the blocks of ``subjects``, IRIs, in the order of the subjects' terms; a subject without quads has none."""
        found: list[str] = []
        connection = self._database.connection()
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
        self._database.close()


def parse(blocks: Iterable[str]) -> list[ox.Quad]:
    """Return the quads of blocks of canonical lines; they were checked when the release was built."""
    return list(ox.parse("\n".join(blocks), format=ox.RdfFormat.N_QUADS, lenient=True))
