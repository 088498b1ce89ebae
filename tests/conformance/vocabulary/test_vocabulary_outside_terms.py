"""Each outside term exists in its home vocabulary (P40), and each term of ours that the examples use exists here.

The lists in ``terms/`` were written down from the vocabularies named in them; a term is added there after it was read at its source.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib import RDF, Graph, URIRef
from vocabulary_files import ONTOLOGY, PTCE, ROOT

HERE = Path(__file__).parent
CONCEPT = "https://w3id.org/ptce/concept/"
FILES = sorted(ONTOLOGY.rglob("*.ttl"))
DATA = sorted((ROOT / "data" / "examples" / "ok").glob("*.ttl")) + sorted((HERE / "patterns").glob("*.ttl"))
#: Individuals and documents, not terms.
NOT_TERMS = re.compile(
    r"http://purl\.org/(essglobal/standard/|ontology/bibo/status/)|https://schema\.org/(docs/|$)"
)


def read_lists() -> dict[str, set[str]]:
    """Namespace → the local names its list holds."""
    lists: dict[str, set[str]] = {}
    for path in (HERE / "terms").glob("*.txt"):
        lines = path.read_text(encoding="utf-8").splitlines()
        namespace = lines[0].removeprefix("# namespace: ")
        assert lines[1].startswith("# source: http"), path.name
        lists[namespace] = {line for line in lines if line and not line.startswith("#")}
    return lists


LISTS = read_lists()


def unknown_terms(graph: Graph) -> set[str]:
    """Return the IRIs under a listed namespace whose local name the list does not hold."""
    iris = {str(node) for triple in graph for node in triple if isinstance(node, URIRef)}
    unknown = set()
    for iri in iris:
        namespace = max((ns for ns in LISTS if iri.startswith(ns)), key=len, default="")
        local = iri[len(namespace) :]
        if namespace and local and not NOT_TERMS.match(iri) and local not in LISTS[namespace]:
            unknown.add(iri)
    return unknown


def predicates_and_classes(graph: Graph) -> set[str]:
    return {str(p) for p in graph.predicates()} | {
        str(o) for o in graph.objects(None, RDF.type) if isinstance(o, URIRef)
    }


@pytest.mark.parametrize("path", FILES, ids=[str(p.relative_to(ONTOLOGY)) for p in FILES])
def test_outside_terms_of_a_vocabulary_file_exist(path: Path) -> None:
    graph = Graph().parse(path)
    assert unknown_terms(graph) == set()
    known = (*LISTS, PTCE)
    assert {t for t in predicates_and_classes(graph) if not t.startswith(known)} == set()


@pytest.mark.parametrize("path", DATA, ids=[p.name for p in DATA])
def test_terms_and_concepts_of_an_example_exist(path: Path, terms: list[URIRef], concepts: Graph) -> None:
    graph = Graph().parse(path, publicID="https://data.example.org/")
    ours = {str(term) for term in terms}
    iris = {str(node) for triple in graph for node in triple if isinstance(node, URIRef)}
    assert {iri for iri in iris if iri.startswith(PTCE) and iri not in ours} == set()
    local = set(graph.subjects())
    for iri in iris:
        if iri.startswith(CONCEPT):
            assert (URIRef(iri), None, None) in concepts or URIRef(iri) in local, iri
    assert unknown_terms(graph) == set()


def test_an_invented_outside_term_is_found() -> None:
    data = (
        "@prefix org: <http://www.w3.org/ns/org#> . <urn:x:a> a org:Organisation ; org:hasMember <urn:x:b> ."
    )
    assert unknown_terms(Graph().parse(data=data, format="turtle")) == {
        "http://www.w3.org/ns/org#Organisation"
    }


def test_a_term_of_2012_that_the_geographic_vocabulary_dropped_is_found() -> None:
    data = '<urn:x:a> <http://rdf.insee.fr/def/geo#codeCommune> "26281" .'
    assert unknown_terms(Graph().parse(data=data, format="turtle")) == {
        "http://rdf.insee.fr/def/geo#codeCommune"
    }
