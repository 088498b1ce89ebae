"""Where the vocabulary's files are, and its own terms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rdflib import OWL, RDF, Graph, URIRef

ROOT = Path(__file__).parents[3]
ONTOLOGY = ROOT / "ontology"
PTCE = "https://w3id.org/ptce/ns#"


def own_terms(graph: Graph) -> Iterator[URIRef]:
    """Return the classes and properties the ontology mints, in order."""
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    found = {s for kind in kinds for s in graph.subjects(RDF.type, kind) if str(s).startswith(PTCE)}
    return iter(sorted(found))
