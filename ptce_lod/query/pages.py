"""Read ``pages.sqlite``: from the address of a web page to the things it is about, and from a thing to its pages."""

from __future__ import annotations

from functools import cached_property

from ptce_lod.page_address import PageKey
from ptce_lod.query.database import ReadOnlyDatabase
from ptce_lod.query.found import PageAbout
from ptce_lod.release.layout import ReleaseLayout


class PageIndex:
    """The web pages of one release. Safe to use from many threads."""

    def __init__(self, layout: ReleaseLayout) -> None:
        self._layout = layout

    @cached_property
    def _database(self) -> ReadOnlyDatabase | None:
        """Opened when first asked; None for a release from before there was such an index."""
        return ReadOnlyDatabase(self._layout.pages, "page") if self._layout.pages.is_file() else None

    def about(self, key: PageKey) -> list[PageAbout]:
        """Return what the page is about, what it is about alone first.

        An address by ``?title=`` and one whose path ends in the same title are one page of one wiki.
        """
        return self._read(
            """host = ?1 AND ((path = ?2 AND title = ?3) OR (?3 <> '' AND title = '' AND substr(path, -length(?3) - 1) = '/' || ?3)
            OR (?3 = '' AND title <> '' AND substr(?2, -length(title) - 1) = '/' || title))""",
            key,
        )

    def of(self, iri: str) -> list[PageAbout]:
        """Return the pages about a thing."""
        return self._read("iri = ?1", (iri,))

    def _read(self, where: str, values: tuple[str, ...]) -> list[PageAbout]:
        if self._database is None:
            return []
        rows = self._database.connection().execute(
            f"SELECT iri, property, page, language, name FROM page WHERE {where} ORDER BY rank, iri, page",  # noqa: S608  # our own text
            values,
        )
        return [PageAbout(*row) for row in rows]

    def close(self) -> None:
        """Close the file, if it was opened."""
        database = self.__dict__.pop("_database", None)
        if database is not None:
            database.close()
