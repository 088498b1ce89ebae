"""Where the triples of each dataset come from: one pass over the quads of a release, when it is built."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from ptce_lod.release.datasets import membership
from ptce_lod.release.quads import graph_name


def origins(lines: Iterable[str], base_iri: str) -> dict[str, Any]:
    """Return from canonical lines, sorted: ``graphs_of_parts``, name of a dataset → IRIs of the graphs that say it; and ``entities``.

    Entities are the subjects whose IRIs begin as those of things do, the nodes in their documents included (VoID, section 4.6).
    """
    part_of, things = membership(base_iri), f"<{base_iri}id/"
    graphs: defaultdict[str, set[str]] = defaultdict(set)
    entities, former = 0, ""
    for line in lines:
        part = part_of(line)
        if part:
            graphs[part].add(graph_name(line))
        subject = line[: line.index(" ")]
        if subject != former:
            former = subject
            entities += subject.startswith(things)
    return {
        "entities": entities,
        "graphs_of_parts": {part: sorted(found) for part, found in sorted(graphs.items())},
    }
