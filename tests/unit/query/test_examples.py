from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ptce_lod.errors import ReleaseDamaged
from ptce_lod.query.backend import ExampleQuery
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.query.examples import read_examples
from ptce_lod.release.layout import ReleaseLayout
from tests.unit.query.small_release import BASE


def test_the_backend_gives_the_examples_of_the_release_in_their_order(backend: EmbeddedBackend) -> None:
    first, second = backend.examples()
    assert (first.slug, first.kind, first.descriptions, first.keywords) == ("first", "ask", {}, ())
    assert second == ExampleQuery(
        slug="poles",
        iri=f"{BASE}id/query/poles",
        titles={"fr": "Les pôles", "en": "The poles"},
        descriptions={"fr": "Tous.", "en": "All of them."},
        keywords=("pole",),
        text="PREFIX ptce: <https://w3id.org/ptce/ns#>\nSELECT ?pole WHERE { ?pole a ptce:Pole }",
        kind="select",
        keyword_labels={"fr": ("pôle",), "en": ("pole",)},
    )


def test_a_release_made_before_there_were_examples_has_none(small: ReleaseLayout, tmp_path: Path) -> None:
    assert read_examples(ReleaseLayout(tmp_path)) == ()


@pytest.mark.parametrize("text", ["", "{}x", '[{"slug": "a"}]', "[1]"])
def test_a_damaged_file_is_told(small: ReleaseLayout, tmp_path: Path, text: str) -> None:
    shutil.copy(small.queries, tmp_path)
    assert len(read_examples(ReleaseLayout(tmp_path))) == 2
    (tmp_path / "queries.json").write_text(text, encoding="utf-8")
    with pytest.raises(ReleaseDamaged, match=r"queries\.json cannot be read"):
        read_examples(ReleaseLayout(tmp_path))


def test_examples_are_listed_and_found(backend: EmbeddedBackend) -> None:
    total, rows = backend.things("queries")
    assert (total, [row.slug for row in rows]) == (2, ["first", "poles"])
    assert rows[1].detail["form"] == "SELECT"
    assert rows[1].detail["description_fr"] == "Tous."
