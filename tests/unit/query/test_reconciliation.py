"""What the decisions are worth on names made from the real data; identifiers; releases of former versions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.labelled_names import Labelled, labelled_names
from benchmarks.reconciliation import quality, sought
from ptce_lod.errors import ReleaseDamaged
from ptce_lod.query.candidates import Condition, Sought
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.query.entities import id_of, iri_of
from ptce_lod.release.layout import VarLayout
from ptce_lod.settings import Settings
from tests.unit.query.small_release import build_small_release


@pytest.fixture(scope="module")
def real(published: Settings) -> Iterator[EmbeddedBackend]:
    backend = EmbeddedBackend(VarLayout(published.var_dir).published(), published)
    yield backend
    backend.close()


@pytest.fixture(scope="module")
def names(real: EmbeddedBackend) -> list[Labelled]:
    return labelled_names(real)


def test_the_labelled_names_are_of_every_kind(names: list[Labelled]) -> None:
    assert len(names) > 7000
    assert {"typo", "plain capitals", "inverted", "acronym", "with a form", "mixed"} <= {n.how for n in names}
    assert sum(not label.iri for label in names) > 800


def test_98_matches_of_100_are_right_and_9_names_of_10_are_matched(
    real: EmbeddedBackend, names: list[Labelled]
) -> None:
    found = quality(real, names[::3])
    assert found["all"]["precision"] >= 0.98
    assert found["all"]["recall"] >= 0.9
    for how in ("as it is", "plain capitals", "inverted", "acronym"):
        assert found[how]["recall"] >= 0.98, how
    assert found["typo"]["first"] >= 0.95


def test_a_name_without_words_has_no_candidates(real: EmbeddedBackend) -> None:
    assert real.candidates(sought("")) == []
    assert real.candidates(sought("!?")) == []
    assert real.candidates(sought("zzzzqqqq")) == []


def test_a_form_in_the_name_tells_a_pole_from_its_association(real: EmbeddedBackend) -> None:
    for text, type_ in (("PTCE Le Périscope", "pole"), ("Association Le Périscope", "actor")):
        first, second = real.candidates(sought(text))[:2]
        assert (first.thing.type, first.match) == (type_, True)
        assert first.score > second.score


def test_an_identifier_of_another_type_is_no_match(real: EmbeddedBackend) -> None:
    assert not any(each.match for each in real.candidates(sought("200039857", "pole")))
    assert real.candidates(sought("200039857", "actor"))[0].match


def test_an_acronym_that_nobody_published_is_a_candidate_and_no_match(real: EmbeddedBackend) -> None:
    first = real.candidates(sought("EDPA", "pole"))[0]
    assert first.thing.slug == "eco-domaine-pays-d-auge"
    assert first.features["acronym"] is True
    assert not first.match


def test_units_are_told_by_kind(real: EmbeddedBackend) -> None:
    for kind in ("commune", "departement"):
        (first, *_) = real.candidates(Sought((Condition("", ("Paris",)),), types=(kind,)))
        assert first.thing.detail["kind"] == kind


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("pole/archer", "http://127.0.0.1:8000/id/pole/archer"),
        ("concept/stage/emerging", "https://w3id.org/ptce/concept/stage/emerging"),
        ("scheme/stage", "https://w3id.org/ptce/scheme/stage"),
    ],
)
def test_an_id_is_written_and_read(published: Settings, text: str, iri: str) -> None:
    assert iri_of(text, published.addresses) == iri
    assert iri_of(iri, published.addresses) == iri
    assert iri_of(published.addresses.document(iri) or "", published.addresses) == iri
    assert id_of(iri, published.addresses) == text


@pytest.mark.parametrize(
    "text", ["", "archer", "pole/", "pole/Ä", "x/archer", "http://example.org/id/pole/archer"]
)
def test_what_is_no_id_is_none(published: Settings, text: str) -> None:
    assert iri_of(text, published.addresses) == ""


def test_an_index_of_a_former_version_says_what_to_do(tmp_path: Path, published: Settings) -> None:
    layout = build_small_release(tmp_path / "var")
    layout.search_index.chmod(0o644)
    with sqlite3.connect(layout.search_index) as connection:
        connection.execute("DROP TABLE identifier")
    connection.close()
    backend = EmbeddedBackend(layout, published)
    with pytest.raises(ReleaseDamaged, match="former version"):
        backend.candidates(sought("Archer"))
    backend.close()
