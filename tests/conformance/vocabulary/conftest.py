"""The vocabulary's files, read once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import OWL, RDF, Graph, URIRef

ROOT = Path(__file__).parents[3]
ONTOLOGY = ROOT / "ontology"
PTCE = "https://w3id.org/ptce/ns#"


def own_terms(graph: Graph) -> Iterator[URIRef]:
    """Return the classes and properties the ontology mints, in order."""
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    found = {s for kind in kinds for s in graph.subjects(RDF.type, kind) if str(s).startswith(PTCE)}
    return iter(sorted(found))


@pytest.fixture(scope="session")
def ontology() -> Graph:
    return Graph().parse(ONTOLOGY / "ptce.ttl")


@pytest.fixture(scope="session")
def terms(ontology: Graph) -> list[URIRef]:
    return list(own_terms(ontology))


@pytest.fixture(scope="session")
def schemes() -> dict[str, Graph]:
    return {path.stem: Graph().parse(path) for path in sorted((ONTOLOGY / "schemes").glob("*.ttl"))}


@pytest.fixture(scope="session")
def concepts(schemes: dict[str, Graph]) -> Graph:
    together = Graph()
    for graph in schemes.values():
        together += graph
    return together


@pytest.fixture(scope="session")
def alignments() -> Graph:
    return Graph().parse(ONTOLOGY / "ptce-alignments.ttl")
