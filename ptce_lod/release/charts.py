"""Count what the statistics show, once, at build: each chart is a query of ``charts/*.rq``, which the page prints beside its figures."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from ptce_lod.iris import AddressSpace

_FOLDER: Final = Path(__file__).parent / "charts"
_FIELD: Final = re.compile(r"^#' (\w+)(?:@(\w+))?: (.+)$", re.MULTILINE)
#: Kinds of charts: bars beside each other by size, or one for each year.
KINDS: Final = ("bars", "years")


class Chart(NamedTuple):
    """A declared chart: ``titles`` and ``descriptions`` map a language to a text; ``query`` gives ``?key ?count``, perhaps labels."""

    name: str
    kind: str
    order: int
    titles: dict[str, str]
    descriptions: dict[str, str]
    query: str


@cache
def declared() -> tuple[Chart, ...]:
    """Return the charts in the order in which they are shown."""
    found = []
    for path in _FOLDER.glob("*.rq"):
        text = path.read_text(encoding="utf-8")
        fields: dict[str, dict[str, str]] = {}
        for name, language, value in _FIELD.findall(text):
            fields.setdefault(name, {})[language] = value
        kind, order = fields["kind"][""], int(fields["order"][""])
        query = _FIELD.sub("", text).strip()
        found.append(Chart(path.stem, kind, order, fields["title"], fields["description"], query))
    return tuple(sorted(found, key=lambda chart: chart.order))


def charts(store: ox.Store, addresses: AddressSpace) -> list[dict[str, Any]]:
    """Return each chart with its figures, the greatest first, or by year.

    Keys of a chart: ``name kind titles descriptions query rows``, the query with its prefixes; of a row: ``key`` (an IRI or a text),
    ``count``, and ``labels`` when the query gives them.
    """
    prefixes = addresses.prefixes()
    return [
        {
            "name": chart.name,
            "kind": chart.kind,
            "titles": chart.titles,
            "descriptions": chart.descriptions,
            "query": _declarations(chart.query, prefixes) + chart.query,
            "rows": _rows(store, chart, prefixes),
        }
        for chart in declared()
    ]


def _declarations(query: str, prefixes: dict[str, str]) -> str:
    used = sorted(name for name in prefixes if re.search(rf"(?<![\w-]){re.escape(name)}:", query))
    return "".join(f"PREFIX {name}: <{prefixes[name]}>\n" for name in used)


def _rows(store: ox.Store, chart: Chart, prefixes: dict[str, str]) -> list[dict[str, Any]]:
    rows = []
    solutions: Any = store.query(chart.query, prefixes=prefixes)
    names = {variable.value for variable in solutions.variables}
    for solution in solutions:
        row: dict[str, Any] = {"key": solution["key"].value, "count": int(solution["count"].value)}
        if {"label_fr", "label_en"} <= names:
            row["labels"] = {code: solution[f"label_{code}"].value for code in ("fr", "en")}
        rows.append(row)
    if chart.kind == "years":
        return sorted(rows, key=lambda row: str(row["key"]))
    return sorted(rows, key=lambda row: (-row["count"], str(row["key"])))
