from __future__ import annotations

import gc
from pathlib import Path

import pytest

from ptce_lod import formats
from ptce_lod import namespaces as ns
from ptce_lod.errors import MalformedQuery, ReleaseDamaged
from ptce_lod.query.backend import Label, QueryRequest
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.layout import ReleaseLayout
from ptce_lod.settings import Settings
from tests.unit.query.small_release import BASE, build_small_release


def test_a_list_is_sorted_as_french_sorts_and_paged(backend: EmbeddedBackend) -> None:
    total, page = backend.things("poles", offset=0, limit=2)
    assert total == 4
    assert [thing.label_fr for thing in page] == ["Ancien", "Pôle des Écrins"]
    assert backend.things("pole", offset=2, limit=50)[1][0].slug == "archer"


def test_the_list_of_territories_holds_territories_and_units(backend: EmbeddedBackend) -> None:
    assert {thing.type for thing in backend.things("territories")[1]} == {"territory", "unit"}


@pytest.mark.parametrize("text", ["ecrins", "ÉCRINS", "pole ecr", "des écrins"])
def test_search_folds_accents_and_completes_words(backend: EmbeddedBackend, text: str) -> None:
    assert [hit.thing.slug for hit in backend.search(text).hits] == ["ecrins"]


@pytest.mark.parametrize(
    "text", ['"', "a AND", "NEAR(x", "labels:pole", "*", "-", "' OR 1=1 --", "(" * 500, ""]
)
def test_what_a_reader_types_is_never_search_syntax(backend: EmbeddedBackend, text: str) -> None:
    answer = backend.search(text)
    assert len(answer.hits) <= answer.total


def test_labels_fall_back_in_a_stated_order(backend: EmbeddedBackend) -> None:
    concept = ns.CONCEPT + "stage/emerging"
    assert backend.label(concept, "en") == Label("emerging", "en")
    assert backend.label(concept, "de") == Label("en émergence", "fr")
    assert backend.label(BASE + "id/actor/acme", "fr") == Label("ACME <script>alert(1)</script>", "")
    assert backend.label(BASE + "id/pole/nowhere", "fr") is None


def test_the_fate_of_an_iri_is_known(backend: EmbeddedBackend) -> None:
    assert backend.fate(BASE + "id/pole/archer") == (True, False, "")
    assert backend.fate(BASE + "id/pole/old") == (True, True, "")
    assert backend.fate(BASE + "id/pole/renamed") == (True, True, BASE + "id/pole/archer")
    assert backend.fate(BASE + "id/pole/nowhere") == (False, False, "")


def test_manifest_and_statistics_are_those_of_the_release(
    backend: EmbeddedBackend, small: ReleaseLayout
) -> None:
    assert backend.release_id == small.release_id == backend.manifest["release"]
    assert backend.statistics["things"]["pole"] == 4


def test_a_graph_must_be_named_by_an_iri(backend: EmbeddedBackend) -> None:
    with pytest.raises(MalformedQuery, match="absolute IRI"):
        backend.query(
            QueryRequest("ASK {}", default_graphs=("no iri",)),
            select=formats.RESULT_FORMATS,
            graph=formats.RDF_FORMATS,
        )


def test_a_damaged_release_says_which_file(small_settings: Settings, var_dir) -> None:  # type: ignore[no-untyped-def]
    layout = build_small_release(var_dir)
    layout.search_index.unlink()
    with pytest.raises(ReleaseDamaged, match=r"search\.sqlite"):
        EmbeddedBackend(layout, small_settings)


def test_a_closed_backend_leaves_no_file_open_even_without_garbage_collection(
    small: ReleaseLayout, small_settings: Settings
) -> None:
    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    gc.collect()
    gc.disable()
    try:
        before = descriptors()
        for _ in range(3):
            opened = EmbeddedBackend(small, small_settings)
            assert opened.describe(f"{BASE}id/pole/archer") is not None
            assert opened.label(f"{BASE}id/pole/archer", "fr") is not None
            opened.close()
            opened.close()
            del opened
        assert descriptors() == before
    finally:
        gc.enable()
