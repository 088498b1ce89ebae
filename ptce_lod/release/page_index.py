"""Build ``pages.sqlite``: which web pages are about which of our things, by the key of their addresses.

A page that was moved, or merged into another, leads to what its successor is about.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ptce_lod.page_address import page_key
from ptce_lod.release.search_details import select, text_of

_SCHEMA: Final = """
CREATE TABLE page(host TEXT NOT NULL, path TEXT NOT NULL, title TEXT NOT NULL, iri TEXT NOT NULL, rank INTEGER NOT NULL,
  property TEXT NOT NULL, page TEXT NOT NULL, language TEXT NOT NULL, name TEXT NOT NULL);
"""
_INDEXES: Final = "CREATE INDEX page_address ON page(host, path); CREATE INDEX page_thing ON page(iri);"
#: What says that a page is about a thing; rank 0 says that it is about that thing alone.
_QUERY: Final = """
SELECT DISTINCT ?iri ?page ?property ?rank ?language ?name WHERE {
  { VALUES (?property ?rank) { (foaf:isPrimaryTopicOf 0) (foaf:homepage 0) (schema:subjectOf 1) (foaf:page 1) } ?iri ?property ?page }
  UNION
  { ?record foaf:primaryTopic ?iri ; schema:url ?page . FILTER NOT EXISTS { ?iri foaf:isPrimaryTopicOf ?page }
    BIND(foaf:isPrimaryTopicOf AS ?property) BIND(0 AS ?rank) }
  UNION
  { ?former schema:url ?page ; dcterms:isReplacedBy+ ?record . ?record foaf:primaryTopic ?iri .
    BIND(foaf:page AS ?property) BIND(1 AS ?rank) }
  FILTER(isIRI(?page))
  OPTIONAL { ?about schema:url ?page ; schema:inLanguage ?language ; dcterms:title ?name }
}"""


def write_page_index(path: Path, store: ox.Store) -> int:
    """Write the index; return the number of its rows."""
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(_SCHEMA)
        rows = sorted(set(_rows(store)))
        connection.executemany("INSERT INTO page VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        connection.executescript(_INDEXES)
        connection.commit()
    finally:
        connection.close()
    return len(rows)


def _rows(store: ox.Store) -> Iterator[tuple[str, str, str, str, int, str, str, str, str]]:
    for row in select(store, _QUERY):
        iri, page, property_, rank = (text_of(row[name]) for name in ("iri", "page", "property", "rank"))
        try:
            key = page_key(page)
        except ValueError:  # a page that no browser shows
            continue
        language, name = (
            text_of(row[each]) if row[each] is not None else "" for each in ("language", "name")
        )
        yield (*key, iri, int(rank), property_, page, language, name)
