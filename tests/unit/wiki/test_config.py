"""A mapping tells all its mistakes; the example is right."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from ptce_lod.errors import MappingError, SourceUnavailable
from ptce_lod.wiki.config import read_config
from tests.conftest import PROJECT


def test_the_example_is_read() -> None:
    config = read_config(PROJECT / "wiki", "example")
    assert [site.language for site in config.sites] == ["fr", "en"]
    assert config.templates[0].fields[0].predicate.endswith("startDate")
    assert config.templates[0].fields[3].units == {"ha": 1, "km²": 100, "m²": Decimal("0.0001")}
    assert config.categories[0].concept == "https://w3id.org/ptce/concept/sector/energy"


def test_an_unknown_wiki_is_told_with_those_there_are() -> None:
    for name in ("absent", "../mappings/example", ""):
        with pytest.raises(SourceUnavailable) as told:
            read_config(PROJECT / "wiki", name)
        assert "example" in told.value.hint


def test_every_mistake_is_told_with_its_key(tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings/x.toml").write_text(
        """
licence = "no"
unknown = 1
title = { fr = "x" }
pull = { categories = "a" }
[[site]]
language = "f r"
api = "https://example.org/"
[[site]]
language = "en"
article = "https://example.org/$1> <http://evil.example/p> <x"
[things]
"A" = "nothing/x"
"B" = "concept/x"
[[template]]
names = ["T"]
[[template.field]]
parameters = ["a"]
predicate = "ptc:x"
parser = "dat"
[[category]]
title = "c"
predicate = "ptce:sector"
concept = "Énergie"
[[section]]
titles = ["s"]
kind = "k k"
text = { fr = "x" }
""",
        encoding="utf-8",
    )
    with pytest.raises(MappingError) as told:
        read_config(tmp_path, "x")
    assert {problem.field for problem in told.value.problems} == {
        "licence", "unknown", "title", "pull.categories", "site[0].language", "site[0].api", "site[1].article", "things.A", "things.B",
        "template[0].field[0].predicate", "template[0].field[0].parser", "category[0].concept", "section[0].text", "section[0].kind",
    }  # fmt: skip


@pytest.mark.parametrize(
    "api", ["http://[::1/api.php", "http://x.example:port/api.php", "http://x.example/<a>/api.php"]
)
def test_an_address_that_cannot_be_read_is_told_with_its_key(tmp_path: Path, api: str) -> None:
    (tmp_path / "mappings").mkdir()
    text = f'title = {{ fr = "x", en = "x" }}\n[[site]]\nlanguage = "fr"\napi = "{api}"\n'
    (tmp_path / "mappings/x.toml").write_text(text, encoding="utf-8")
    with pytest.raises(MappingError) as told:
        read_config(tmp_path, "x")
    assert [problem.field for problem in told.value.problems] == ["site[0].api"]


def test_mistakes_in_units_are_told_with_their_key(tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings/x.toml").write_text(
        """
title = { fr = "x", en = "x" }
[[site]]
language = "fr"
api = "https://example.org/api.php"
[[template]]
names = ["T"]
[[template.field]]
parameters = ["a"]
predicate = "schema:size"
parser = "decimal"
units = { "ha" = "1", "m²" = 0, "km²" = inf, "a" = true, "b" = -1, "c" = nan, "d" = 2, "D" = 3, " e" = 1 }
[[template.field]]
parameters = ["b"]
predicate = "schema:size"
units = { "ha" = 1 }
[[template.field]]
parameters = ["c"]
predicate = "schema:size"
parser = "integer"
units = []
[[rdf.field]]
property = "https://example.org/p"
predicate = "schema:size"
units = { "ha" = 1 }
""",
        encoding="utf-8",
    )
    with pytest.raises(MappingError) as told:
        read_config(tmp_path, "x")
    field = "template[0].field"
    assert {problem.field for problem in told.value.problems} == {
        *(f"{field}[0].units.{unit}" for unit in ("ha", "m²", "km²", "a", "b", "c", "D", " e")),
        f"{field}[1].units",
        f"{field}[2].units",
        "rdf.source",
        "rdf.field[0].units",
    }


def test_annotations_name_properties_and_columns_that_can_be(tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings/x.toml").write_text(
        """
title = { fr = "x", en = "x" }
[[site]]
language = "fr"
api = "https://example.org/api.php"
[push.annotations]
"Région" = "regions"
"A|b" = "name"
"Lieu" = "lieu"
""",
        encoding="utf-8",
    )
    with pytest.raises(MappingError) as told:
        read_config(tmp_path, "x")
    assert [problem.field for problem in told.value.problems] == [
        "push.annotations.A|b",
        "push.annotations.Lieu",
    ]
    assert "first_recognised" in told.value.problems[1].message
