"""Build ``search.sqlite``: one row per thing with what a list shows, and everything by which things are found.

Things are numbered as results come between equals: by kind, then as French sorts; the index gives numbers in order, so nothing is
sorted when somebody asks. Texts are folded by ``ptce_lod.folding`` before they come here. Source: SQLite FTS5.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from ptce_lod.collation import sort_key
from ptce_lod.identifiers import joined_key
from ptce_lod.iris import THING_TYPES, AddressSpace
from ptce_lod.namespaces import CONCEPT, SCHEME
from ptce_lod.release.search_details import details_of, select, text_of
from ptce_lod.release.search_facets import facet_bitmaps
from ptce_lod.release.search_identifiers import identifiers
from ptce_lod.release.search_words import Key, keys_of, popular, spelling_forms, vocabulary, words_of

_SCHEMA: Final = """
CREATE TABLE thing(
  id INTEGER PRIMARY KEY, iri TEXT UNIQUE NOT NULL, type TEXT NOT NULL, slug TEXT NOT NULL,
  label_fr TEXT NOT NULL, label_en TEXT NOT NULL, sort_key TEXT NOT NULL, detail TEXT NOT NULL
);
CREATE TABLE found_by(thing INTEGER PRIMARY KEY, names TEXT NOT NULL, codes TEXT NOT NULL, texts TEXT NOT NULL);
CREATE VIRTUAL TABLE thing_text USING fts5(
  name, place, code, about, content='', tokenize="unicode61 remove_diacritics 0", prefix='1 2 3'
);
CREATE TABLE name_key(key TEXT, rank INTEGER, thing INTEGER, PRIMARY KEY(key, rank, thing)) WITHOUT ROWID;
CREATE TABLE popular(prefix TEXT, place INTEGER, rank INTEGER, thing INTEGER, PRIMARY KEY(prefix, place)) WITHOUT ROWID;
CREATE TABLE word(id INTEGER PRIMARY KEY, word TEXT NOT NULL, things INTEGER NOT NULL);
CREATE TABLE spelling(form TEXT, word INTEGER, PRIMARY KEY(form, word)) WITHOUT ROWID;
CREATE TABLE identifier(key TEXT, thing INTEGER, PRIMARY KEY(key, thing)) WITHOUT ROWID;
CREATE TABLE facet(name TEXT, value TEXT, things INTEGER, bits BLOB, PRIMARY KEY(name, value)) WITHOUT ROWID;
"""
#: Indexes that are made once the rows are there.
_INDEXES: Final = """
CREATE INDEX thing_by_type ON thing(type, sort_key);
CREATE INDEX word_by_word ON word(word, things);
INSERT INTO thing_text(thing_text) VALUES('optimize');
"""
#: What a reader looks for first: poles, then what has a page of substance, then what is cited, then what only belongs to something else.
_LEVELS: Final = {
    **dict.fromkeys(("pole",), 0),
    **dict.fromkeys(("actor", "unit", "event", "call", "cooperation", "initiative", "concept", "scheme"), 1),
    **dict.fromkeys(("territory", "source", "query", "project", "document", "cohort", "agent"), 2),
}
_LESSER: Final = 2

#: Names of everything that has one; a thing without a name is found by its address alone.
_LABELS: Final = """
SELECT ?thing ?label ?preferred WHERE {
  VALUES (?property ?preferred) {
    (skos:prefLabel 2) (dcterms:title 2) (foaf:name 2) (rdfs:label 1) (skos:altLabel 0)
  }
  ?thing ?property ?label
}"""
_CODES: Final = """
SELECT DISTINCT ?thing ?value WHERE {
  VALUES ?property { igeo:codeINSEE org:identifier skos:notation schema:url foaf:homepage } ?thing ?property ?value
}"""
_TEXTS: Final = """
SELECT DISTINCT ?thing ?value WHERE {
  VALUES ?property {
    skos:note skos:definition skos:scopeNote dcterms:description dcterms:abstract rdfs:comment ptce:objective
  } ?thing ?property ?value
}"""
#: Characters of texts that are kept of one thing, to show the place where a word was found.
_TEXT_LENGTH: Final = 4000

Labels = list[tuple[int, str, str]]


@dataclass(frozen=True)
class _Thing:
    iri: str
    type: str
    slug: str
    french: str
    english: str

    @property
    def level(self) -> int:
        return _LEVELS.get(self.type, _LESSER + 1)


def write_search_index(path: Path, store: ox.Store, addresses: AddressSpace) -> int:
    """Write the index of everything that has an address of its own; return the number of things."""
    labels = _labels(store)
    details = details_of(store)
    codes, texts = _values(store, _CODES), _values(store, _TEXTS)
    things = sorted(
        (_thing(*found, labels.get(found[0], [])) for found in _things(store, addresses)),
        key=lambda thing: (thing.level, sort_key(thing.french), thing.iri),
    )
    connection = sqlite3.connect(path)
    try:
        connection.executescript(_SCHEMA)
        connection.execute("PRAGMA synchronous = OFF")  # the whole release is synced before it is published
        keys: list[Key] = []
        named: list[str] = []
        joined: set[tuple[str, int]] = set()
        for number, thing in enumerate(things, start=1):
            detail = details.get(thing.iri, {})
            names = [text for _, text, _ in labels.get(thing.iri, ())]
            found = words_of(names, thing.slug, detail, codes.get(thing.iri, ()), texts.get(thing.iri, ()))
            _insert(connection, number, thing, detail)
            connection.execute(
                "INSERT INTO thing_text(rowid, name, place, code, about) VALUES(?, ?, ?, ?, ?)",
                (number, found.name, found.place, found.code, found.about),
            )
            shown = (_lines(found.names), _lines(codes.get(thing.iri, ())), _lines(texts.get(thing.iri, ())))
            connection.execute("INSERT INTO found_by VALUES(?, ?, ?, ?)", (number, *shown))
            keys += keys_of(number, found.names, lesser=thing.level >= _LESSER)
            if thing.level <= _LESSER:
                joined |= {(key, number) for name in found.names if (key := joined_key(name))}
            named.append(f"{found.name} {found.place}" if thing.level <= _LESSER else found.place)
        _write_quick(connection, sorted(set(keys)), named)
        number_of = {thing.iri: number for number, thing in enumerate(things, start=1)}
        exact = sorted(
            joined | {(key, number_of[iri]) for key, iri in identifiers(store) if iri in number_of}
        )
        connection.executemany("INSERT INTO identifier VALUES(?, ?)", exact)
        numbered = ((number, thing.iri, thing.type) for number, thing in enumerate(things, start=1))
        connection.executemany(
            "INSERT INTO facet VALUES(?, ?, ?, ?)", facet_bitmaps(store, numbered, details)
        )
        connection.executescript(_INDEXES)
        connection.commit()
    finally:
        connection.close()
    return len(things)


def _write_quick(connection: sqlite3.Connection, keys: list[Key], named: list[str]) -> None:
    """Write the tables for suggestions and corrections."""
    connection.executemany("INSERT INTO name_key VALUES(?, ?, ?)", keys)
    connection.executemany("INSERT INTO popular VALUES(?, ?, ?, ?)", sorted(popular(keys)))
    words = vocabulary(named)
    connection.executemany("INSERT INTO word VALUES(?, ?, ?)", words)
    connection.executemany("INSERT INTO spelling VALUES(?, ?)", sorted(set(spelling_forms(words))))


def _insert(connection: sqlite3.Connection, number: int, thing: _Thing, detail: dict[str, Any]) -> None:
    row = (thing.iri, thing.type, thing.slug, thing.french, thing.english, sort_key(thing.french))
    written = json.dumps(detail, ensure_ascii=False, sort_keys=True)
    connection.execute("INSERT INTO thing VALUES(?, ?, ?, ?, ?, ?, ?, ?)", (number, *row, written))


def _lines(texts: object) -> str:
    return "\n".join(" ".join(str(text).split()) for text in texts)[:_TEXT_LENGTH]  # type: ignore[attr-defined]  # rows of SQLite are untyped


def _thing(iri: str, type_: str, slug: str, labels: Labels) -> _Thing:
    french = _best(labels, ("fr", "", "en")) or slug
    return _Thing(iri, type_, slug, french, _best(labels, ("en", "", "fr")) or slug)


def _best(labels: Labels, languages: tuple[str, ...]) -> str:
    """Return the label with the highest preference in the first language that has one; the least text between equals."""
    for language in languages:
        ranked = sorted(
            (-rank, text) for rank, text, tag in labels if tag.partition("-")[0] == language and rank > 0
        )
        if ranked:
            return ranked[0][1]
    return min((text for rank, text, _ in labels if rank > 0), default="")


def _things(store: ox.Store, addresses: AddressSpace) -> Iterator[tuple[str, str, str]]:
    """Yield (IRI, type, slug) of everything described that has a page, sorted by IRI."""
    types = frozenset(THING_TYPES)
    prefix = addresses.base_iri + "id/"
    found: set[tuple[str, str, str]] = set()
    solutions = store.query("SELECT DISTINCT ?s WHERE { ?s a ?class }")
    for (subject,) in solutions:  # type: ignore[union-attr] # SELECT gives solutions
        iri = getattr(subject, "value", "")
        if iri.startswith(prefix):
            type_, _, slug = iri[len(prefix) :].partition("/")
            if type_ in types and "#" not in slug:
                found.add((iri, type_, slug))
        elif iri.startswith(CONCEPT):
            found.add((iri, "concept", iri[len(CONCEPT) :]))
        elif iri.startswith(SCHEME):
            found.add((iri, "scheme", iri[len(SCHEME) :]))
    yield from sorted(found)


def _labels(store: ox.Store) -> dict[str, Labels]:
    """Return IRI → (preference, text, language) of its names."""
    labels: defaultdict[str, Labels] = defaultdict(list)
    for solution in select(store, _LABELS):
        label = solution["label"]
        if isinstance(label, ox.Literal):
            labels[text_of(solution["thing"])].append(
                (int(text_of(solution["preferred"])), label.value, label.language or "")
            )
    return labels


def _values(store: ox.Store, query: str) -> dict[str, list[str]]:
    """Return IRI → sorted texts."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for solution in select(store, query):
        found[text_of(solution["thing"])].add(text_of(solution["value"]))
    return {iri: sorted(values) for iri, values in found.items()}
