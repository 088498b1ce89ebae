"""By which identifiers a thing is found exactly: codes, registrations, web sites, pages of wikis about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from ptce_lod.identifiers import insee_key, siren_key, title_key, url_key, wiki_title
from ptce_lod.release.search_details import select, text_of

_IDENTIFIERS: Final = """
SELECT DISTINCT ?thing ?kind ?value WHERE {
  VALUES (?property ?kind) {
    (igeo:codeINSEE "insee") (org:identifier "siren") (schema:url "url") (foaf:homepage "url") (foaf:page "url")
    (foaf:isPrimaryTopicOf "page")
  }
  ?thing ?property ?value
}"""
_KEYS: Final = {"insee": insee_key, "siren": siren_key, "url": url_key, "page": url_key}


def identifiers(store: ox.Store) -> Iterator[tuple[str, str]]:
    """Yield (key, IRI): see ``ptce_lod.identifiers``. What is not of the kind that its property says is left out."""
    for solution in select(store, _IDENTIFIERS):
        thing, kind, value = (text_of(solution[name]) for name in ("thing", "kind", "value"))
        if key := _KEYS[kind](value):
            yield key, thing
        if kind == "page" and (key := title_key(wiki_title(value))):
            yield key, thing
