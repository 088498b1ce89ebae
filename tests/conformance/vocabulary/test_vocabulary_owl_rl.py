"""An OWL RL closure over ontology, schemes, examples and the axioms of ORG, FOAF and PROV-O brings no contradiction and no merge.

Literals of labels are left out: they say nothing to the reasoner and make it slow.
"""

from __future__ import annotations

from pathlib import Path

import owlrl
import pytest
from rdflib import OWL, RDFS, SKOS, Graph, Literal, URIRef

from ptce_lod.ingest import source
from ptce_lod.iris import AddressSpace

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
EXAMPLES = sorted((ROOT / "data" / "examples" / "ok").glob("*.ttl"))
PATTERNS = sorted((HERE / "patterns").glob("*.ttl"))
ANNOTATIONS = {
    RDFS.label,
    RDFS.comment,
    RDFS.isDefinedBy,
    SKOS.scopeNote,
    SKOS.example,
    SKOS.definition,
    SKOS.notation,
}
BASE = "https://data.example.org/"


def close(*parts: Graph) -> tuple[list[str], set[tuple[URIRef, URIRef]]]:
    """Return the contradictions and the pairs of different things the closure holds to be the same."""
    together = Graph()
    for part in parts:
        together += part
    semantics = owlrl.OWLRL_Semantics(together, axioms=False, daxioms=False, rdfs=False)
    semantics.closure()
    same = {
        (s, o)
        for s, o in together.subject_objects(OWL.sameAs)
        if s != o and not isinstance(s, Literal) and isinstance(s, URIRef) and isinstance(o, URIRef)
    }
    return list(semantics.error_messages), same


@pytest.fixture(scope="module")
def axioms(ontology: Graph, concepts: Graph) -> Graph:
    lean = Graph().parse(HERE / "axioms.ttl")
    for s, p, o in [*ontology, *concepts]:
        if (
            p not in ANNOTATIONS
            and not (isinstance(o, Literal))
            and not str(p).startswith("http://purl.org/dc")
        ):
            lean.add((s, p, o))
    return lean


def read(path: Path) -> Graph:
    return Graph().parse(path, publicID=BASE)


@pytest.fixture(scope="module")
def patterns() -> Graph:
    together = Graph()
    for path in PATTERNS:
        together += read(path)
    return together


def test_patterns_together_bring_no_contradiction_and_no_merge(axioms: Graph, patterns: Graph) -> None:
    errors, same = close(axioms, patterns)
    assert errors == []
    assert same == set()


@pytest.mark.skipif(not EXAMPLES, reason="no published examples yet")
def test_published_examples_together_bring_no_contradiction_and_no_merge(axioms: Graph) -> None:
    errors, same = close(axioms, *(read(path) for path in EXAMPLES))
    assert errors == [], "contradiction: see the classes' disjointness and the domains of the properties used"
    assert same == set()


def test_the_sources_together_bring_no_contradiction_and_no_merge(axioms: Graph) -> None:
    """All real data, without their literals. Things that are prov:Activity take dcterms:source, not prov:wasDerivedFrom."""
    addresses = AddressSpace(BASE)
    data = Graph()
    for folder in source.discover(ROOT / "data" / "sources"):
        if not (folder / "source.ttl").exists():
            continue
        # a quad ends in its graph and a full stop
        lines = (
            line.rsplit(" ", 2)[0] for line in source.quads(source.open_source(folder, addresses), addresses)
        )
        data.parse(data="".join(f"{line} .\n" for line in lines if '"' not in line), format="nt")
    assert len(data) > 1000
    errors, same = close(axioms, data)
    assert errors == []
    assert same == set()


PERSON_AS_MEMBER = """
@prefix org: <http://www.w3.org/ns/org#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix ptce: <https://w3id.org/ptce/ns#> .
<urn:x:pole> a ptce:Pole ; org:hasMember <urn:x:person> . <urn:x:person> a foaf:Person .
"""


def test_a_person_as_member_is_fine_with_the_core(axioms: Graph) -> None:
    errors, _ = close(axioms, Graph().parse(data=PERSON_AS_MEMBER, format="turtle"))
    assert errors == []


def test_a_person_as_member_contradicts_the_strict_module(axioms: Graph) -> None:
    strict = Graph().parse(ROOT / "ontology" / "ptce-align-org-strict.ttl")
    errors, _ = close(axioms, strict, Graph().parse(data=PERSON_AS_MEMBER, format="turtle"))
    assert any("urn:x:person" in message for message in errors)


@pytest.mark.parametrize(
    "data",
    [
        "<urn:x:a> a ptce:Pole , ptce:Initiative .",
        "<urn:x:a> a ptce:Call ; prov:wasDerivedFrom <urn:x:page> .",
        "<urn:x:a> a ptce:Claim . <urn:x:c> ptce:withinPole <urn:x:p> ; a ptce:Claim .",
        "<urn:x:a> a ptce:Participation ; ptce:supportStructure <urn:x:b> .",
    ],
    ids=[
        "pole and initiative",
        "activity derived from a page",
        "claim within a pole",
        "participation as a pole",
    ],
)
def test_a_confusion_of_kinds_is_a_contradiction(axioms: Graph, data: str) -> None:
    prefixes = "@prefix ptce: <https://w3id.org/ptce/ns#> . @prefix prov: <http://www.w3.org/ns/prov#> . "
    errors, _ = close(axioms, Graph().parse(data=prefixes + data, format="turtle"))
    assert errors != []


def test_a_shared_homepage_merges_two_actors_so_the_closure_can_fail(axioms: Graph) -> None:
    data = (
        "@prefix foaf: <http://xmlns.com/foaf/0.1/> . "
        "<urn:x:a> foaf:homepage <http://example.org/> . <urn:x:b> foaf:homepage <http://example.org/> ."
    )
    _, same = close(axioms, Graph().parse(data=data, format="turtle"))
    assert (URIRef("urn:x:a"), URIRef("urn:x:b")) in same
