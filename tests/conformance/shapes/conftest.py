"""The project's shapes and vocabulary, loaded once for the folder."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib

from ptce_lod.validate.shacl import DEFAULT_LAYERS, STATE_CALL_LAYERS, VOCABULARY_LAYERS, Validator

ROOT = Path(__file__).parents[3]
SHAPES = ROOT / "shapes"
EXAMPLES = ROOT / "data" / "examples"
VOCABULARY = (ROOT / "ontology" / "ptce.ttl", *sorted((ROOT / "ontology" / "schemes").glob("*.ttl")))


@pytest.fixture(scope="session")
def validators() -> dict[str, Validator]:
    layers = {"default": DEFAULT_LAYERS, "state-call": STATE_CALL_LAYERS, "vocabulary": VOCABULARY_LAYERS}
    return {name: Validator(SHAPES, VOCABULARY, files) for name, files in layers.items()}


@pytest.fixture(scope="session")
def shapes_graph() -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in sorted(SHAPES.glob("*.ttl")):
        graph.parse(path)
    return graph
