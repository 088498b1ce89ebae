"""The query page: editor, plain form, examples; and a result as a page, for readers without JavaScript."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ptce_lod.formats import RDF_FORMATS, RESULT_FORMATS
from ptce_lod.iris import AddressSpace
from ptce_lod.query.backend import Backend
from ptce_lod.settings import Settings
from ptce_lod.web import problem_types
from ptce_lod.web.pages.environment import render
from ptce_lod.web.pages.gallery import FIRST, examples_for
from ptce_lod.web.pages.i18n import translator
from ptce_lod.web.pages.text import path_of

#: Rows, or lines of Turtle, that a result page shows.
SHOWN: Final = 1000
#: Examples from which on they can be filtered.
_MANY: Final = 6


def render_sparql_form(settings: Settings, backend: Backend, example: str, language: str) -> str:
    """Return the query page with the example of that slug in the editor, or the first one. Works without JavaScript."""
    examples = examples_for(backend, settings, language)
    chosen = next((e for e in examples if e.slug == example), examples[0] if examples else None)
    base = path_of(settings.base_iri, settings.base_iri)
    return render(
        "sparql.html",
        language,
        settings,
        backend,
        section="sparql",
        page_query=f"example={chosen.slug}" if chosen and example == chosen.slug else "",
        query=chosen.text if chosen else FIRST,
        chosen=chosen.slug if chosen and example == chosen.slug else "",
        examples=examples,
        many=len(examples) > _MANY,
        formats=(*RESULT_FORMATS, *RDF_FORMATS),
        action=f"{base}sparql",
        prefixes=sorted(settings.addresses.prefixes().items()),
        problem_titles={
            kind.title: translator(language)(kind.title) for kind in problem_types.TYPES.values()
        },
    )


@dataclass(frozen=True)
class Cell:
    """One value of a solution as it is shown: a text, perhaps a link, a language, a datatype that says something."""

    text: str
    href: str = ""
    language: str = ""
    datatype: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class Table:
    """Solutions as rows; ``total`` counts those not shown as well. ``answer`` is that of ASK, which has no rows."""

    variables: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    total: int = 0
    answer: bool | None = None

    @property
    def numeric(self) -> frozenset[str]:
        """Variables whose values are all numbers, among the rows shown."""
        columns = zip(self.variables, zip(*self.rows, strict=True), strict=True) if self.rows else ()
        return frozenset(name for name, cells in columns if all(c.is_number or not c.text for c in cells))


def read_solutions(body: bytes, settings: Settings) -> Table:
    """Return SPARQL JSON as a table of at most :data:`SHOWN` rows. Source: SPARQL 1.1 Query Results JSON Format."""
    document = json.loads(body)
    if "boolean" in document:
        return Table(answer=bool(document["boolean"]))
    variables = tuple(document["head"]["vars"])
    solutions = document["results"]["bindings"]
    shorten = _Shortener(settings.addresses)
    rows = tuple(
        tuple(_cell(solution.get(name), shorten, settings) for name in variables)
        for solution in solutions[:SHOWN]
    )
    return Table(variables, rows, len(solutions))


class _Shortener:
    """IRI → prefixed name, by the longest namespace that leaves a local name without ``/`` and ``#``."""

    def __init__(self, addresses: AddressSpace) -> None:
        self._by_length = sorted(addresses.prefixes().items(), key=lambda item: -len(item[1]))

    def __call__(self, iri: str) -> str:
        for prefix, namespace in self._by_length:
            if iri.startswith(namespace):
                local = iri[len(namespace) :]
                if local and not set(local) & set("/#?"):
                    return f"{prefix}:{local}"
        return iri


_NUMBERS: Final = frozenset(
    f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("integer", "decimal", "double", "float", "int")
)


def _cell(term: Mapping[str, Any] | None, shorten: _Shortener, settings: Settings) -> Cell:
    if term is None:
        return Cell("")
    if term["type"] == "triple":
        parts = (term["value"][part] for part in ("subject", "predicate", "object"))
        return Cell("<< " + " ".join(_cell(part, shorten, settings).text for part in parts) + " >>")
    value = str(term["value"])
    if term["type"] == "uri":
        is_link = value.startswith(("http://", "https://"))
        return Cell(shorten(value), path_of(value, settings.base_iri) if is_link else "")
    datatype = str(term.get("datatype", ""))
    is_number = datatype in _NUMBERS
    shown = "" if is_number or not datatype else shorten(datatype)
    prefix = "_:" if term["type"] == "bnode" else ""
    return Cell(prefix + value, language=term.get("xml:lang", ""), datatype=shown, is_number=is_number)


def render_sparql_table(settings: Settings, backend: Backend, query: str, table: Table, language: str) -> str:
    """Return the page of an answer to SELECT or ASK."""
    return _result(settings, backend, query, language, table=table, turtle="", total=table.total, too_large=0)


def render_sparql_graph(settings: Settings, backend: Backend, query: str, turtle: str, language: str) -> str:
    """Return the page of a graph, the answer to CONSTRUCT or DESCRIBE, as Turtle."""
    lines = turtle.splitlines()
    shown = "\n".join(lines[:SHOWN])
    return _result(
        settings, backend, query, language, table=None, turtle=shown, total=len(lines), too_large=0
    )


def render_sparql_too_large(
    settings: Settings, backend: Backend, query: str, size: int, language: str
) -> str:
    """Return the page that names other formats for an answer of ``size`` bytes, too large for a page."""
    return _result(
        settings,
        backend,
        query,
        language,
        table=None,
        turtle="",
        total=0,
        too_large=max(1, size // 1_000_000),
    )


def _result(
    settings: Settings,
    backend: Backend,
    query: str,
    language: str,
    *,
    table: Table | None,
    turtle: str,
    total: int,
    too_large: int,
) -> str:
    formats: Sequence[Any] = RESULT_FORMATS if table is not None else RDF_FORMATS
    return render(
        "sparql_result.html",
        language,
        settings,
        backend,
        section="sparql",
        query=query,
        table=table,
        turtle=turtle,
        total=total,
        shown=SHOWN,
        too_large=too_large,
        formats=formats if not too_large else (*RESULT_FORMATS, *RDF_FORMATS),
        all_formats=(*RESULT_FORMATS, *RDF_FORMATS),
        action=f"{path_of(settings.base_iri, settings.base_iri)}sparql",
    )
