"""Collect the example queries of a release for ``queries.json``: forms and editors read that file and ask nobody."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

import pyoxigraph as ox

from ptce_lod.iris import AddressSpace
from ptce_lod.namespaces import FIXED_PREFIXES, RDFS, SCHEMA

_QUERIES: Final = """
SELECT ?query ?kind ?text ?order WHERE {
  ?query a sh:SPARQLExecutable .
  VALUES (?property ?kind) { (sh:select "select") (sh:ask "ask") (sh:construct "construct") (spex:describe "describe") }
  ?query ?property ?text OPTIONAL { ?query sh:order ?order }
}"""
_TEXTS: Final = """
SELECT ?query ?property ?text WHERE {
  VALUES ?property { rdfs:label rdfs:comment schema:keywords } ?query a sh:SPARQLExecutable ; ?property ?text
}"""


def example_queries(store: ox.Store, addresses: AddressSpace) -> list[dict[str, Any]]:
    """Return one object a query, by ``sh:order``, then by slug: slug, iri, titles, descriptions, keywords, text, kind."""
    texts: defaultdict[tuple[str, str], defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in _rows(store, _TEXTS):
        literal = row["text"]
        texts[row["query"].value, row["property"].value][literal.language or ""].append(literal.value)
    found: dict[str, tuple[tuple[float, str], dict[str, Any]]] = {}
    for row in _rows(store, _QUERIES):
        iri = row["query"].value
        address = addresses.parse_thing(iri)
        if address is None or address.type != "query":
            continue
        order = float(row["order"].value) if row["order"] is not None else float("inf")
        keywords = {
            language: sorted(set(words))
            for language, words in sorted(texts[iri, SCHEMA + "keywords"].items())
        }
        entry = {
            "slug": address.slug,
            "iri": iri,
            "titles": _one_each(texts[iri, RDFS + "label"]),
            "descriptions": _one_each(texts[iri, RDFS + "comment"]),
            "keywords": keywords.get("en", []),
            "keyword_labels": keywords,
            "text": row["text"].value,
            "kind": row["kind"].value,
        }
        known = found.setdefault(iri, ((order, address.slug), entry))
        if (entry["kind"], entry["text"]) < (known[1]["kind"], known[1]["text"]):
            found[iri] = ((order, address.slug), entry)
    return [entry for _key, entry in sorted(found.values(), key=lambda item: item[0])]


def _one_each(texts: dict[str, list[str]]) -> dict[str, str]:
    """Return language → text; the least of several, so that equal data give equal bytes."""
    return {language: min(values) for language, values in sorted(texts.items())}


def _rows(store: ox.Store, query: str) -> Any:
    return store.query(query, prefixes=FIXED_PREFIXES)
