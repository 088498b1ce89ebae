"""Templates of a mapping: ``thing:pole/{id}``, ``{name_fr}``, ``{insee_code|lookup:commune}``.

A template over a row gives a list: empty when a cell it names is empty, one text, or one per value of a separated cell.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from ptce_lod import namespaces
from ptce_lod.ingest.cells import partial_date_datatype
from ptce_lod.ingest.csvw import TableSchema
from ptce_lod.ingest.tabular import Row
from ptce_lod.iris import AddressSpace, is_absolute_iri, slugify, source_slug
from ptce_lod.terms import escape

Template = Callable[[Row], list[str]]
Filter = Callable[[str], str]

_SLOT: Final = re.compile(r"\{([^{}]*)\}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]+)*")


class CellError(Exception):
    """A cell cannot give what a template asks of it."""

    def __init__(self, column: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.column = column
        self.message = message
        self.hint = hint


class Templates:
    """Compiles the templates of one mapping; ValueError says what is wrong with a template."""

    def __init__(self, schema: TableSchema, addresses: AddressSpace) -> None:
        self._addresses = addresses
        self._columns = {column.name: i for i, column in enumerate(schema.columns)}
        self._separated = {column.name for column in schema.columns if column.separator}
        #: Name of a lookup → (its table, key → value).
        self.lookups: dict[str, tuple[str, dict[str, str]]] = {}
        #: The separated column that ``for_each`` gives value by value.
        self.one_value = ""

    def compile(self, text: str, *, iri: bool, map_: Mapping[str, str] | None = None) -> Template:
        """Return the function of a template; an ``iri`` template's results are absolute IRIs."""
        if map_ is not None:
            map_ = {key: self._absolute(value) if iri and value else value for key, value in map_.items()}
        if iri and not text.startswith("{"):
            text = self._absolute(text)
        texts, slots = _split(text)
        parts = [self._slot(slot, map_) for slot in slots]
        many = [k for k, (index, _, _) in enumerate(parts) if self._is_separated(index)]
        if len(many) > 1:
            raise ValueError(f"template {text!r} names two columns that hold several values each")
        check = _checked_iri if iri else None
        if not parts:
            return lambda row: [text]
        if len(parts) == 1:
            return _single_slot(texts, parts[0], bool(many), check)
        return _several_slots(texts, parts, many[0] if many else -1, check)

    def literal(self, language: str, datatype: str) -> Callable[[str], str]:
        """Return the function from a lexical form to a literal in N-Quads."""
        if language and datatype:
            raise ValueError("a literal has a language or a datatype, not both")
        if language:
            if not _LANGUAGE.fullmatch(language):
                raise ValueError(f"{language!r} is not a lower-case language tag (BCP 47)")
            return lambda text: f'"{escape(text)}"@{language}'
        if datatype == "partial-date":
            return _partial_date_literal
        if datatype:
            iri = namespaces.expand(datatype)
            if iri is None:
                raise ValueError(f"datatype {datatype!r} has an unknown prefix")
            return lambda text: f'"{escape(text)}"^^<{iri}>'
        return lambda text: f'"{escape(text)}"'

    def _absolute(self, text: str) -> str:
        head, colon, rest = text.partition(":")
        if head == "thing":
            return f"{self._addresses.base_iri}id/{rest}"
        if head == "concept":
            return namespaces.CONCEPT + rest
        if head in ("http", "https"):
            return text
        if colon and head in namespaces.FIXED_PREFIXES:
            return namespaces.FIXED_PREFIXES[head] + rest
        near = difflib.get_close_matches(head, [*namespaces.FIXED_PREFIXES, "thing", "concept"], n=1)
        raise ValueError(f"{text!r} has an unknown prefix" + (f"; did you mean {near[0]!r}?" if near else ""))

    def _is_separated(self, index: int) -> bool:
        name = next(name for name, i in self._columns.items() if i == index)
        return name in self._separated and name != self.one_value

    def _slot(self, slot: str, map_: Mapping[str, str] | None) -> tuple[int, str, Filter | None]:
        name, *filters = slot.split("|")
        if name not in self._columns:
            near = difflib.get_close_matches(name, self._columns, n=1)
            raise ValueError(
                f"the table has no column {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")
            )
        if len(filters) > 1:
            raise ValueError(f"{{{slot}}} has more than one filter")
        return self._columns[name], name, self._filter(name, filters[0], map_) if filters else None

    def _filter(self, column: str, name: str, map_: Mapping[str, str] | None) -> Filter:
        if name == "slug":
            return slugify
        if name == "source":
            return lru_cache(maxsize=4096)(source_slug)
        if name == "map":
            if map_ is None:
                raise ValueError("the filter 'map' needs a map beside it")
            return _mapped(column, "the map", map_)
        kind, _, lookup = name.partition(":")
        if kind == "lookup":
            if lookup not in self.lookups:
                raise ValueError(f"there is no lookup {lookup!r}")
            table, values = self.lookups[lookup]
            return _mapped(column, table, values)
        raise ValueError(f"there is no filter {name!r}; there are map, slug, source and lookup:NAME")


def _partial_date_literal(text: str) -> str:
    try:
        return f'"{text}"^^<{partial_date_datatype(text)}>'
    except ValueError as error:
        raise CellError("", str(error)) from None


def _split(text: str) -> tuple[list[str], list[str]]:
    """Return the constant texts and the slots between them."""
    pieces = _SLOT.split(text)
    return pieces[::2], pieces[1::2]


def _mapped(column: str, where: str, values: Mapping[str, str]) -> Filter:
    def mapped(value: str) -> str:
        try:
            return values[value]
        except KeyError:
            near = difflib.get_close_matches(value, list(values)[:5000], n=1)
            raise CellError(
                column, f"{value!r} is not known to {where}", f"did you mean {near[0]!r}?" if near else ""
            ) from None

    return mapped


def _checked_iri(iri: str, column: str) -> str:
    if not is_absolute_iri(iri):
        raise CellError(column, f"gives {iri!r}, which is not an absolute IRI")
    return iri


_Part = tuple[int, str, Filter | None]
_IriCheck = Callable[[str, str], str] | None


def _single_slot(texts: list[str], part: _Part, many: bool, check: _IriCheck) -> Template:
    before, after = texts
    index, name, filter_ = part

    def one(value: str) -> list[str]:
        value = filter_(value) if filter_ else value
        if not value:
            return []
        text = f"{before}{value}{after}"
        return [check(text, name) if check else text]

    if not many:
        return lambda row: one(row[index]) if row[index] else []  # type: ignore[arg-type] # not separated: one text

    return lambda row: [text for value in row[index] for text in one(value)]


def _several_slots(texts: list[str], parts: list[_Part], many: int, check: _IriCheck) -> Template:
    def template(row: Row) -> list[str]:
        columns: list[tuple[str, ...]] = []
        for k, (index, _, filter_) in enumerate(parts):
            cell = row[index]
            if not cell:
                return []
            values: tuple[str, ...] = tuple(cell) if k == many else (cell,)  # type: ignore[assignment]  # the cell at `many` is a text, the others tuples
            columns.append(tuple(filter_(v) for v in values) if filter_ else values)
        results = []
        for j in range(len(columns[many]) if many >= 0 else 1):
            chosen = [column[j if k == many else 0] for k, column in enumerate(columns)]
            if all(chosen):
                text = texts[0] + "".join(
                    value + after for value, after in zip(chosen, texts[1:], strict=True)
                )
                results.append(check(text, parts[0][1]) if check else text)
        return results

    return template
