from __future__ import annotations

from pathlib import Path

import pytest

from ptce_lod import namespaces as ns
from ptce_lod.query import describe
from ptce_lod.query.backend import PAGE_LINKS
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.layout import ReleaseLayout
from ptce_lod.settings import Settings
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


@pytest.mark.parametrize("size", [1, 3, 10, 20])
def test_what_was_described_before_changes_no_document(
    small: ReleaseLayout,
    small_settings: Settings,
    backend: EmbeddedBackend,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
) -> None:
    """A full cache was emptied in the middle of a document: labels that it had held were lost."""
    things = (ARCHER, BASE + "id/actor/acme", BASE + "id/source/page", BASE + "id/cooperation/shared")

    def described(by: EmbeddedBackend) -> list[list[str]]:
        return [
            [str(quad) for quad in description.quads]
            for description in map(by.describe, things)
            if description
        ]

    expected = described(backend)
    monkeypatch.setattr(describe, "LABEL_CACHE", size)
    busy = EmbeddedBackend(small, small_settings)
    try:
        assert [described(busy) for _ in range(3)] == [expected] * 3
    finally:
        busy.close()


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


@pytest.mark.parametrize("links", [300, 2500])
def test_many_incoming_links_are_paged_and_none_is_lost(var_dir: Path, links: int) -> None:
    extra = "\n".join(f"eventid:e{n} ptce:relatesTo poleid:ecrins ." for n in range(links))
    extra += "\nparticipationid:last org:organization poleid:ecrins ; org:role role:member ."
    layout = build_small_release(var_dir, extra=extra)
    backend = EmbeddedBackend(layout, project_settings(var_dir))
    iri = BASE + "id/pole/ecrins"
    try:
        first = backend.describe(iri)
        assert first is not None
        assert first.links == links
        assert first.last_page == -(-links // PAGE_LINKS)
        found: list[str] = []
        for number in range(1, first.last_page + 1):
            page = backend.describe(iri, number)
            assert page is not None
            assert (page.links, page.page) == (links, number)
            assert page.objects(iri, ns.SKOS + "prefLabel"), "each page says what it is about"
            incoming = page.subjects(ns.PTCE + "relatesTo", iri)
            assert len(incoming) == PAGE_LINKS or number == first.last_page
            found += incoming
        beyond = backend.describe(iri, first.last_page + 1)
    finally:
        backend.close()
    assert len(found) == len(set(found)) == links
    assert first.objects(BASE + "id/participation/last", ns.ORG + "role"), "dependents survive the cap"
    assert beyond is not None
    assert not beyond.subjects(ns.PTCE + "relatesTo", iri)
