from __future__ import annotations

from pathlib import Path

import pytest

from ptce_lod import namespaces as ns
from ptce_lod.query.describe import INCOMING_SHOWN
from ptce_lod.query.embedded import EmbeddedBackend
from tests.conftest import project_settings
from tests.unit.query.small_release import BASE, build_small_release

ARCHER = BASE + "id/pole/archer"


@pytest.fixture(scope="module")
def archer(backend: EmbeddedBackend) -> set[tuple[str, str]]:
    description = backend.describe(ARCHER)
    assert description is not None
    return {(str(q.subject).strip("<>"), str(q.predicate).strip("<>")) for q in description.quads}


@pytest.mark.parametrize(
    ("subject", "property_"),
    [
        (ARCHER, ns.SKOS + "prefLabel"),
        (BASE + "id/participation/archer-acme", ns.ORG + "role"),
        (BASE + "id/stage-period/archer-1", ns.PTCE + "stage"),
        (BASE + "id/territory/archer", ns.PTCE + "coversUnit"),
        (BASE + "id/claim/one", ns.PTCE + "evidence"),
        (BASE + "id/evidence/one", ns.OA + "hasSource"),
        (BASE + "id/evidence/one#selector", ns.OA + "start"),
        (BASE + "id/cooperation/shared", ns.PTCE + "party"),
        (BASE + "id/event/day", ns.PTCE + "relatesTo"),
    ],
)
def test_a_document_holds_the_thing_and_what_exists_only_to_describe_it(
    archer: set[tuple[str, str]], subject: str, property_: str
) -> None:
    assert (subject, property_) in archer


@pytest.mark.parametrize(
    ("subject", "property_"),
    [
        (ns.CONCEPT + "stage/emerging", ns.SKOS + "prefLabel"),
        (ns.CONCEPT + "role/member", ns.SKOS + "prefLabel"),
        (BASE + "id/actor/acme", ns.FOAF + "name"),
        (BASE + "id/source/page", ns.SCHEMA + "url"),
        (BASE + "id/source/page", ns.DCTERMS + "issued"),
        (BASE + "graph/facts/2026-11-22", ns.PROV + "wasDerivedFrom"),
    ],
)
def test_a_document_names_all_it_mentions(archer: set[tuple[str, str]], subject: str, property_: str) -> None:
    assert (subject, property_) in archer


def test_another_pole_is_not_described(archer: set[tuple[str, str]]) -> None:
    assert not any(subject == BASE + "id/pole/ecrins" for subject, _ in archer)


def test_no_quad_comes_twice(backend: EmbeddedBackend) -> None:
    description = backend.describe(ARCHER)
    assert description is not None
    assert len(description.quads) == len(set(description.quads))


def test_a_quad_names_the_graph_that_states_it(backend: EmbeddedBackend) -> None:
    description = backend.describe(ARCHER)
    assert description is not None
    named = {
        q.graph_name.value
        for q in description.quads
        if q.subject.value == ARCHER and q.predicate.value == ns.SKOS + "prefLabel"
    }
    assert named == {BASE + "graph/facts/2026-11-22"}


def test_unknown_and_impossible_iris_have_no_description(backend: EmbeddedBackend) -> None:
    assert backend.describe(BASE + "id/pole/nowhere") is None
    assert backend.describe("not an iri") is None
    assert backend.describe(ns.PTCE + "NoSuchTerm") is None


def test_a_term_is_described_by_the_whole_vocabulary(backend: EmbeddedBackend) -> None:
    term, ontology = backend.describe(ns.PTCE + "Pole"), backend.describe(ns.ONTOLOGY)
    assert term is not None
    assert ontology is not None
    assert set(term.quads) == set(ontology.quads)


def test_a_scheme_comes_with_its_concepts(backend: EmbeddedBackend) -> None:
    scheme = backend.describe(ns.SCHEME + "stage")
    assert scheme is not None
    assert scheme.objects(ns.CONCEPT + "stage/emerging", ns.SKOS + "prefLabel")


def test_a_graph_is_described_by_the_catalog_not_by_its_content(backend: EmbeddedBackend) -> None:
    graph = backend.describe(BASE + "graph/facts/2026-11-22")
    assert graph is not None
    assert graph.objects(BASE + "graph/facts/2026-11-22", ns.VOID + "triples")
    assert not graph.objects(ARCHER, ns.SKOS + "prefLabel")


@pytest.mark.parametrize(("links", "says"), [(300, "of 300."), (2500, "of at least 2")])
def test_a_document_with_too_many_incoming_links_says_that_it_is_partial(
    var_dir: Path, links: int, says: str
) -> None:
    extra = "\n".join(f"eventid:e{n} ptce:relatesTo poleid:ecrins ." for n in range(links))
    extra += "\nparticipationid:last org:organization poleid:ecrins ; org:role role:member ."
    layout = build_small_release(var_dir, extra=extra)
    backend = EmbeddedBackend(layout, project_settings(var_dir))
    try:
        description = backend.describe(BASE + "id/pole/ecrins")
    finally:
        backend.close()
    assert description is not None
    incoming = description.subjects(ns.PTCE + "relatesTo", BASE + "id/pole/ecrins")
    assert len(incoming) == INCOMING_SHOWN
    comments = [str(node) for node in description.objects(BASE + "doc/pole/ecrins", ns.RDFS + "comment")]
    assert any(says in comment for comment in comments)
    assert description.objects(BASE + "id/participation/last", ns.ORG + "role"), "dependents survive the cap"
