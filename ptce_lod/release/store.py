"""Load canonical quads into the release's Oxigraph store, and derive the shortcuts that nobody writes by hand."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ptce_lod.namespaces import FIXED_PREFIXES
from ptce_lod.release.quads import without_graph
from ptce_lod.terms import QuadLine

_PREFIXES: Final = {name: FIXED_PREFIXES[name] for name in ("ptce", "org", "xsd", "role")}

#: First possible day of a partial date: SPARQL does not order xsd:gYear beside xsd:date.
SORT_DATE: Final = """
CONSTRUCT { ?node ptce:sortDate ?day } WHERE {
  { ?node ptce:startDate ?date } UNION { ?node ptce:referencePeriod ?date FILTER NOT EXISTS { ?node ptce:startDate ?any } }
  BIND(STR(?date) AS ?text)
  FILTER(STRLEN(?text) IN (4, 7, 10))
  BIND(STRDT(CONCAT(?text, IF(STRLEN(?text) = 4, "-01-01", IF(STRLEN(?text) = 7, "-01", ""))), xsd:date) AS ?day)
}"""

#: Organisations that are members, not those that fund, support or observe.
HAS_MEMBER: Final = """
CONSTRUCT { ?organization org:hasMember ?member } WHERE {
  ?participation a ptce:Participation ; org:organization ?organization ; org:member ?member ; org:role ?role .
  ?member a org:Organization .
  FILTER(?role IN (role:support-structure, role:founding-member, role:founding-network, role:later-partner, role:member))
}"""

#: Parties of one cooperation cooperate with each other, in both directions.
COOPERATES_WITH: Final = """
CONSTRUCT { ?one ptce:cooperatesWith ?other } WHERE {
  ?cooperation a ptce:Cooperation ; ptce:party ?one , ?other .
  FILTER(?one != ?other)
}"""


#: Lines loaded at a time, about 20 MB: a million quads in one go peaked at 930 MB, in parts at 190 MB, and no slower (November 2026).
LOAD_LINES: Final = 100_000
#: Parts that may wait for the loading thread: bounds memory when reading is faster than loading.
_WAITING: Final = 2


class StoreLoader:
    """Loads canonical lines into a store in a thread of its own, beside the reading and mapping that makes them.

    Every quad is loaded in its named graph, and its triple in the default graph. The default graph of a query is thereby the merge of
    the named graphs, each triple once: Oxigraph's own union gives a triple once per graph that holds it, and counts were wrong.
    """

    def __init__(self, path: Path) -> None:
        self._store = ox.Store(str(path))
        self._pending: list[QuadLine] = []
        self._parts: queue.Queue[list[QuadLine] | None] = queue.Queue(_WAITING)
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def extend(self, lines: Iterable[QuadLine]) -> Iterator[QuadLine]:
        """Pass lines on to the store and yield them again."""
        for line in lines:
            self._pending.append(line)
            if len(self._pending) >= LOAD_LINES:
                self._hand_over()
            yield line

    def _hand_over(self) -> None:
        if self._error is not None:
            raise self._error
        self._parts.put(self._pending)
        self._pending = []

    def _run(self) -> None:
        while (lines := self._parts.get()) is not None:
            if self._error is None:
                try:
                    self._load(lines)
                except Exception as error:  # told to the caller by the next call
                    self._error = error

    def _load(self, lines: list[QuadLine]) -> None:
        # The lines' terms were checked when they were made.
        self._store.bulk_load("\n".join(lines), format=ox.RdfFormat.N_QUADS, lenient=True)
        triples = "\n".join(map(without_graph, lines))
        self._store.bulk_load(triples, format=ox.RdfFormat.N_TRIPLES, lenient=True)

    def flush(self) -> ox.Store:
        """Wait until everything is loaded; return the store, open for writing. More may be added after."""
        self._hand_over()
        self.close()
        if self._error is not None:
            raise self._error
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self._store

    def close(self) -> None:
        """End the thread; what waits is still loaded."""
        if self._thread.is_alive():
            self._parts.put(None)
            self._thread.join()


def derive(store: ox.Store, graph_name: str) -> list[QuadLine]:
    """Return the derived triples as canonical lines of the graph ``graph_name``; the store is not changed.

    They are ``ptce:sortDate``, ``org:hasMember`` and ``ptce:cooperatesWith``.
    """
    lines: set[QuadLine] = set()
    for query in (SORT_DATE, HAS_MEMBER, COOPERATES_WITH):
        triples = store.query(query, prefixes=_PREFIXES)
        assert isinstance(triples, ox.QueryTriples)  # noqa: S101 - CONSTRUCT gives triples
        text = triples.serialize(format=ox.RdfFormat.N_TRIPLES) or b""
        lines.update(QuadLine(f"{line[:-2]} <{graph_name}> .") for line in text.decode().split("\n") if line)
    return sorted(lines)
