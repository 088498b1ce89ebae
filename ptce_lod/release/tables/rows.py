"""The rows of a table: one query for each block of columns, so that many values of one do not multiply those of another."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import pyoxigraph as ox

from ptce_lod.release.search_details import select, text_of
from ptce_lod.release.tables.declared import SEPARATOR, Block, Table

Cell = str | tuple[str, ...]
Row = dict[str, Cell]
#: What stands for the separator inside a value: CSVW knows no escape.
_BROKEN_BAR: Final = "¦"


def rows(store: ox.Store, table: Table) -> list[Row]:
    """Return the rows by their IRIs: column → text, or texts where a column holds many; "" and () are unknown.

    Of several values of a column that holds one the least stays, together with those of its block, so that every machine has the same.
    """
    found: dict[str, Row] = {
        text_of(solution["id"]): {}
        for solution in select(store, f"SELECT DISTINCT ?id WHERE {{ {table.things} FILTER(isIRI(?id)) }}")
    }
    for block in table.blocks:
        values = _values(store, table, block)
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
    return [{"id": iri, **found[iri]} for iri in sorted(found)]


def _values(store: ox.Store, table: Table, block: Block) -> dict[str, set[tuple[str, ...]]]:
    """Return IRI → the different solutions of a block, each the texts of its columns."""
    names = [column.name for column in block.columns]
    variables = " ".join(f"?{name}" for name in names)
    query = f"SELECT DISTINCT ?id {variables} WHERE {{ {{ {table.things} }} {block.pattern} }}"
    found: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    for solution in select(store, query):
        cells = tuple(text_of(solution[name]) if solution[name] is not None else "" for name in names)
        found[text_of(solution["id"])].add(cells)
    return found
