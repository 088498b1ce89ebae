"""The rows of a table: one query for each block of columns, so that many values of one do not multiply those of another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final, NamedTuple

import pyoxigraph as ox

from ptce_lod.release.search_details import select, text_of
from ptce_lod.release.tables.declared import SEPARATOR, Block, Table

Cell = str | tuple[str, ...]
Row = dict[str, Cell]
#: Kind of values that are IRIs.
IRI: Final = "IRI"
#: What stands for the separator inside a value: CSVW knows no escape.
_BROKEN_BAR: Final = "¦"


class Collected(NamedTuple):
    """The rows of a table, and column → what kind its values are in the graph: :data:`IRI`, ``@`` and a language, or a datatype's IRI.

    The kind is "" where values are of several kinds, or do not stand in the cells as they are.
    """

    rows: list[Row]
    kinds: dict[str, str]


def rows(store: ox.Store, table: Table) -> list[Row]:
    """Return the rows of :func:`collect`."""
    return collect(store, table).rows


def collect(store: ox.Store, table: Table) -> Collected:
    """Return the rows by their IRIs: column → text, or texts where a column holds many; "" and () are unknown. And what values are.

    Of several values of a column that holds one the least stays, together with those of its block, so that every machine has the same.
    """
    found: dict[str, Row] = {
        text_of(solution["id"]): {}
        for solution in select(store, f"SELECT DISTINCT ?id WHERE {{ {table.things} FILTER(isIRI(?id)) }}")
    }
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for block in table.blocks:
        values = _values(store, table, block, kinds)
        is_many = block.columns[0].many
        for iri, row in found.items():
            solutions = sorted(values.get(iri, ()))
            for place, column in enumerate(block.columns):
                if is_many:
                    row[column.name] = tuple(
                        solution[place].replace(SEPARATOR, _BROKEN_BAR) for solution in solutions
                    )
                else:
                    row[column.name] = solutions[0][place] if solutions else ""
    told = {name: next(iter(own)) if len(own) == 1 else "" for name, own in kinds.items()}
    return Collected([{"id": iri, **found[iri]} for iri in sorted(found)], told)


def _values(
    store: ox.Store, table: Table, block: Block, kinds: Mapping[str, set[str]]
) -> dict[str, set[tuple[str, ...]]]:
    """Return IRI → the different solutions of a block, each the texts of its columns; add to ``kinds`` what these are."""
    names = [column.name for column in block.columns]
    variables = " ".join(f"?{name}" for name in names)
    query = f"SELECT DISTINCT ?id {variables} WHERE {{ {{ {table.things} }} {block.pattern} }}"
    found: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    for solution in select(store, query):
        cells = tuple(text_of(solution[name]) if solution[name] is not None else "" for name in names)
        found[text_of(solution["id"])].add(cells)
        for column, cell in zip(block.columns, cells, strict=True):
            if (term := solution[column.name]) is not None:
                kinds[column.name].add("" if column.many and SEPARATOR in cell else _kind(term))
    return found


def _kind(term: object) -> str:
    if not isinstance(term, ox.Literal):
        return IRI if isinstance(term, ox.NamedNode) else ""
    return f"@{term.language}" if term.language else term.datatype.value
