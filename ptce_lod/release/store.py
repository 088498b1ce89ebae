"""Load canonical quads into the release's Oxigraph store, and derive the shortcuts that nobody writes by hand."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ptce_lod.namespaces import FIXED_PREFIXES
from ptce_lod.terms import QuadLine

_PREFIXES: Final = {
    name: FIXED_PREFIXES[name] for name in ("ptce", "org", "xsd", "role", "dcterms", "geo", "igeo")
}

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


#: Where a pole is, in one step: the areas its territory covers or touches, and those these are part of.
SPATIAL: Final = """
CONSTRUCT { ?pole dcterms:spatial ?unit } WHERE {
  ?pole a ptce:Pole ; ptce:territory/(ptce:coversUnit|geo:sfIntersects)/igeo:subdivisionDe* ?unit
}"""

#: Bytes loaded at a time: a million quads in one go peaked at 930 MB, in parts of 20 MB at 220 MB, and no slower (November 2026).
LOAD_BYTES: Final = 20_000_000


def create(path: Path) -> ox.Store:
    """Create an empty store at ``path``, open for writing."""
    return ox.Store(str(path))


def load(store: ox.Store, quads: Path) -> None:
    """Load a canonical N-Quads file: every quad in its named graph, and its triple in the default graph.

    The default graph of a query is thereby the merge of the named graphs, each triple once: Oxigraph's own union gives a triple once
    per graph that holds it, and counts over it are wrong. Terms were checked when the lines were made, so they are not again.
    """
    with ThreadPoolExecutor(2) as threads:
        for loading in (
            threads.submit(_load_quads, store, quads),
            threads.submit(_load_triples, store, quads),
        ):
            loading.result()


def _load_quads(store: ox.Store, quads: Path) -> None:
    with quads.open("rb") as stream:
        while lines := stream.readlines(LOAD_BYTES):
            store.bulk_load(b"".join(lines), format=ox.RdfFormat.N_QUADS, lenient=True)


def _load_triples(store: ox.Store, quads: Path) -> None:
    with quads.open("rb") as stream:
        while lines := stream.readlines(LOAD_BYTES):
            triples = b"\n".join(line[: line.rindex(b" <", 0, -3)] + b" ." for line in lines)
            store.bulk_load(triples, format=ox.RdfFormat.N_TRIPLES, lenient=True)


def derive(store: ox.Store, graph_name: str) -> list[QuadLine]:
    """Return the derived triples as canonical lines of the graph ``graph_name``; the store is not changed.

    They are ``ptce:sortDate``, ``org:hasMember``, ``ptce:cooperatesWith`` and a pole's ``dcterms:spatial``.
    """
    lines: set[QuadLine] = set()
    for query in (SORT_DATE, HAS_MEMBER, COOPERATES_WITH, SPATIAL):
        triples = store.query(query, prefixes=_PREFIXES)
        assert isinstance(triples, ox.QueryTriples)  # noqa: S101 - CONSTRUCT gives triples
        text = triples.serialize(format=ox.RdfFormat.N_TRIPLES) or b""
        lines.update(QuadLine(f"{line[:-2]} <{graph_name}> .") for line in text.decode().split("\n") if line)
    return sorted(lines)
