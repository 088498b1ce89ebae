"""An SQLite file of a release, opened read-only: one connection for each thread, no locks, as the file never changes."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from urllib.parse import quote

from ptce_lod.errors import ReleaseDamaged


class ReadOnlyDatabase:
    """Gives each thread its connection; ``table`` is one that must be there. :class:`ReleaseDamaged` when it is not."""

    def __init__(self, path: Path, table: str) -> None:
        self._path = path
        # Immutable: no lock files, no look at the file's age.
        self._uri = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
        self._probe = f"SELECT 1 FROM {table} LIMIT 1"  # noqa: S608 # our own names
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self.connection()

    def connection(self) -> sqlite3.Connection:
        """Return the connection of this thread."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            try:
                connection = sqlite3.connect(self._uri, uri=True, check_same_thread=False)
                connection.execute("PRAGMA mmap_size = 1073741824")
                connection.execute(self._probe)
            except sqlite3.Error as error:
                raise ReleaseDamaged(
                    f"release {self._path.parent.name}: {self._path} cannot be read: {error}"
                ) from error
            self._local.connection = connection
            self._opened.append(connection)
        return connection

    def close(self) -> None:
        """Close the connections of all threads."""
        for connection in self._opened:
            connection.close()
