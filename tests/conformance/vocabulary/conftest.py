"""The vocabulary's files, read once for all tests of this folder."""

from __future__ import annotations

import pytest
from rdflib import Graph, URIRef
from vocabulary_files import ONTOLOGY, own_terms


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
