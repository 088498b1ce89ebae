"""Every file survives Turtle, RDF/XML, JSON-LD and N-Triples, and its texts keep the project's policy."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from rdflib import RDFS, SKOS, Graph, Literal
from rdflib.compare import isomorphic
from vocabulary_files import ONTOLOGY

FILES = sorted(ONTOLOGY.rglob("*.ttl"))
NAMES = [str(path.relative_to(ONTOLOGY)) for path in FILES]


@pytest.fixture(params=FILES, ids=NAMES)
def path(request: pytest.FixtureRequest) -> Path:
    return request.param


# rdflib reads JSON-LD through a class it has itself deprecated
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
def test_a_file_is_the_same_graph_after_each_serialisation(path: Path) -> None:
    graph = Graph().parse(path)
    for format_ in ("turtle", "xml", "json-ld", "nt"):
        again = Graph().parse(data=graph.serialize(format=format_), format=format_)
        assert isomorphic(graph, again), format_


def test_a_file_opens_with_title_purpose_and_how_to_change_it(path: Path) -> None:
    opening = path.read_text(encoding="utf-8").split("\n\n")[0]
    assert all(line.startswith("#") for line in opening.splitlines())
    assert "# Purpose: " in opening
    assert "# To change: " in opening


def test_language_tags_are_lower_case_and_only_french_or_english(path: Path) -> None:
    tags = re.findall(r'"@([A-Za-z-]+)', path.read_text(encoding="utf-8"))
    assert set(tags) <= {"fr", "en"}


def test_schema_org_is_written_with_https(path: Path) -> None:
    assert "http://schema.org" not in path.read_text(encoding="utf-8")


def test_texts_are_nfc_with_straight_apostrophes_and_french_spacing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert "\u2019" not in text
    for literal in set(Graph().parse(path).objects()):
        if isinstance(literal, Literal) and literal.language == "fr":
            assert not re.search(r" [;:?!»]|« ", literal), f"no-break space expected: {literal}"
        if isinstance(literal, Literal):
            assert str(literal) == str(literal).strip(), repr(literal)


def test_labels_and_definitions_come_in_both_languages(path: Path) -> None:
    graph = Graph().parse(path)
    for predicate in (
        RDFS.label,
        RDFS.comment,
        SKOS.prefLabel,
        SKOS.definition,
        SKOS.scopeNote,
        SKOS.example,
    ):
        for subject in set(graph.subjects(predicate)):
            languages = sorted(
                str(o.language) for o in graph.objects(subject, predicate) if isinstance(o, Literal)
            )
            assert languages == ["en", "fr"], (subject, predicate)
