"""Read ``rows.sqlite``: a page of the rows of a table, by what stands in its columns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property

from ptce_lod.folding import fold
from ptce_lod.query.database import ReadOnlyDatabase
from ptce_lod.query.found import RowPage
from ptce_lod.release.layout import ReleaseLayout


class RowIndex:
    """The rows of one release's tables. Safe to use from many threads."""

    def __init__(self, layout: ReleaseLayout) -> None:
        self._layout = layout

    @cached_property
    def _database(self) -> ReadOnlyDatabase:
        """Opened when first asked: a release from before there were tables answers everything else."""
        return ReadOnlyDatabase(self._layout.rows, "row")

    def page(self, table: str, filters: Mapping[str, Sequence[str]], offset: int, limit: int) -> RowPage:
        """Return the rows with one of the values of each column in ``filters``, in the order of their IRIs."""
        connection = self._database.connection()
        parts, values = ["SELECT number FROM row WHERE name = ?"], [table]
        if filters:
            parts, values = [], []
        for column, wanted in filters.items():
            marks = ", ".join("?" * len(wanted))
            parts.append(
                f"SELECT number FROM cell WHERE name = ? AND column_name = ? AND value IN ({marks})"  # noqa: S608  # marks only
            )
            values += [table, column, *(fold(value) for value in wanted)]
        matching = " INTERSECT ".join(parts)
        (total,) = connection.execute(f"SELECT count(*) FROM ({matching})", values).fetchone()  # noqa: S608  # as above
        found = connection.execute(
            f"SELECT data FROM row WHERE name = ? AND number IN (SELECT number FROM ({matching}) ORDER BY number LIMIT ? OFFSET ?)"  # noqa: S608  # as above
            " ORDER BY number",
            (table, *values, limit, offset),
        )
        return RowPage(total, [json.loads(data) for (data,) in found])

    def close(self) -> None:
        """Close the file, if it was opened."""
        if "_database" in self.__dict__:
            self._database.close()
