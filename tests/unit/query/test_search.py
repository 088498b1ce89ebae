"""Search over the real data: names are found as people type them, and nothing they type is syntax."""

from __future__ import annotations

import random
import sqlite3
import string
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as run
from hypothesis import strategies as st

from ptce_lod.errors import ReleaseDamaged
from ptce_lod.folding import fold
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.query.found import FACETS, PARTS, Reading, ThingSummary
from ptce_lod.release.layout import VarLayout
from ptce_lod.settings import Settings
from tests.unit.query.small_release import build_small_release


@pytest.fixture(scope="module")
def real(published: Settings) -> Iterator[EmbeddedBackend]:
    backend = EmbeddedBackend(VarLayout(published.var_dir).published(), published)
    yield backend
    backend.close()


@pytest.fixture(scope="module")
def things(real: EmbeddedBackend) -> list[ThingSummary]:
    """Everything that has a list of its own."""
    names = ("poles", "actors", "cooperations", "events", "calls", "territories", "concepts", "sources")
    found = [thing for name in names for thing in real.things(name, limit=5000)[1]]
    assert len(found) > 1000
    return found


def typo(name: str, chance: random.Random) -> str:
    """Return ``name`` with one letter left out, doubled, changed, or exchanged with the next."""
    places = [i for i, c in enumerate(name[:-1]) if c.isalpha() and name[i + 1].isalpha()]
    place = chance.choice(places)
    letter = chance.choice(string.ascii_lowercase)
    return chance.choice(
        (
            name[:place] + name[place + 1 :],
            name[:place] + name[place] + name[place:],
            name[:place] + letter + name[place + 1 :],
            name[:place] + name[place + 1] + name[place] + name[place + 2 :],
        )
    )


def recall(real: EmbeddedBackend, things: list[ThingSummary], typed: Callable[[str], str]) -> float:
    """Return the share of things that stand among the first five for what is typed, or share their name with one that does."""
    found, missed = 0, []
    for thing in things:
        text = typed(thing.label_fr)
        best = [hit.thing.label_fr for hit in real.search(text, limit=5).hits]
        if any(fold(label) == fold(thing.label_fr) for label in best):
            found += 1
        else:
            missed.append((thing.type, thing.label_fr, text))
    share = found / len(things)
    print(f"recall@5 {share:.4f}, {len(missed)} of {len(things)} missed: {missed[:8]}")
    return share


@pytest.mark.parametrize(
    ("typed", "floor"),
    [
        pytest.param(str, 1.0, id="as it is"),
        pytest.param(fold, 1.0, id="without accents and capitals"),
        pytest.param(str.upper, 1.0, id="in capitals"),
        pytest.param(lambda name: name.replace("'", "\u2019").replace("-", " "), 1.0, id="other marks"),
    ],
)
def test_everything_is_found_by_its_name(
    real: EmbeddedBackend, things: list[ThingSummary], typed: Callable[[str], str], floor: float
) -> None:
    assert recall(real, things, typed) >= floor


@pytest.mark.parametrize("seed", [1, 2])
def test_names_are_found_with_one_typo(real: EmbeddedBackend, things: list[ThingSummary], seed: int) -> None:
    chance = random.Random(seed)
    long = [thing for thing in things if sum(c.isalpha() for c in thing.label_fr) >= 6]
    assert recall(real, long, lambda name: typo(name, chance)) >= 0.97


def test_things_are_found_by_their_acronyms(real: EmbeddedBackend, things: list[ThingSummary]) -> None:
    having = [thing for thing in things if "acronym" in thing.detail]
    assert len(having) > 50
    for written in (str, str.lower, lambda text: ".".join(text) + "." if text.isalpha() else text):
        missed = [
            thing.detail["acronym"]
            for thing in having
            if thing.iri
            not in [hit.thing.iri for hit in real.search(written(thing.detail["acronym"]), limit=5).hits]
        ]
        assert missed == []


def test_everything_is_suggested_before_its_name_is_written_to_the_end(
    real: EmbeddedBackend, things: list[ThingSummary]
) -> None:
    missed = []
    for thing in things:
        text = thing.label_fr[: max(4, len(thing.label_fr) - 1)]
        labels = [fold(suggested.thing.label_fr) for suggested in real.suggest(text, limit=8)]
        if fold(thing.label_fr) not in labels:
            missed.append((thing.label_fr, text))
    print(missed[:10])
    assert len(missed) / len(things) <= 0.01


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("l’île saint denis", "commune-l-ile-saint-denis-seine-saint-denis"),
        ("ile-saint-denis", "commune-l-ile-saint-denis-seine-saint-denis"),
        ("dombinnov", "domb-innov"),
        ("26281", "commune-romans-sur-isere-drome"),
        ("200 057 867", "plaine-commune"),
        ("Arc her entreprises", "archer-entreprises"),
        ("ecossolie", "ecossolies"),
    ],
)
def test_what_people_type_is_understood(real: EmbeddedBackend, text: str, slug: str) -> None:
    assert slug in [hit.thing.slug for hit in real.search(text, limit=5).hits]


def test_ranking_goes_from_the_name_to_what_is_only_like_it(real: EmbeddedBackend) -> None:
    hits = real.search("archer").hits
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].thing.label_fr in ("Association Archer", "Groupe Archer")
    assert hits[0].score == 1.0


def test_a_corrected_search_says_so_and_one_that_gives_up_words_too(real: EmbeddedBackend) -> None:
    corrected = real.search("sud acrher")
    assert (corrected.reading, corrected.searched) == (Reading.CORRECTED, "sud archer")
    assert max(hit.score for hit in corrected.hits) <= 0.5
    relaxed = real.search("archer bretagne insertion")
    assert relaxed.reading is Reading.RELAXED
    assert relaxed.total > 0
    assert real.search("zzzzqqq").total == 0


def test_the_match_tells_what_was_found(real: EmbeddedBackend) -> None:
    for text, field in (("cress", "acronym"), ("26281", "code"), ("archer", "name")):
        match = real.search(text).hits[0].match
        assert match is not None
        assert match.field == field
        begin, end = match.spans[0]
        assert fold(match.text[begin:end]) == text


def test_facets_count_what_choosing_them_gives(real: EmbeddedBackend) -> None:
    everything = real.search("pole")
    assert list(everything.facets) == list(FACETS)
    for name, values in everything.facets.items():
        for value in values[:4]:
            assert real.search("pole", {name: [value.value]}).total == value.number, (name, value)


def test_values_of_one_facet_are_alternatives_and_facets_narrow_each_other(real: EmbeddedBackend) -> None:
    def total(**filters: list[str]) -> int:
        return real.search("", filters).total

    both = total(type=["pole", "actor"])
    assert both == total(type=["pole"]) + total(type=["actor"]) > 0
    assert (
        0 < total(type=["pole"], region=["bretagne"]) < min(total(type=["pole"]), total(region=["bretagne"]))
    )
    assert total(type=["no-such"]) == 0
    assert real.search("archer", {"no-such-facet": ["x"]}).total == 0


def test_what_only_belongs_to_something_else_is_shown_when_asked_for(real: EmbeddedBackend) -> None:
    assert not any(hit.thing.type in PARTS for hit in real.search("archer", limit=500).hits)
    shown = real.search("archer", {"type": ["participation"]}).hits
    assert shown
    assert {hit.thing.type for hit in shown} == {"participation"}


def test_pages_follow_each_other(real: EmbeddedBackend) -> None:
    everything = [hit.thing.iri for hit in real.search("pole", limit=1000).hits]
    paged = [
        hit.thing.iri
        for offset in range(0, len(everything), 50)
        for hit in real.search("pole", offset=offset, limit=50).hits
    ]
    assert paged == everything
    assert len(set(everything)) == len(everything)


def test_an_index_of_a_former_version_lists_but_does_not_search(
    var_dir: Path, small_settings: Settings
) -> None:
    layout = build_small_release(var_dir)
    connection = sqlite3.connect(layout.search_index)
    connection.execute("DROP TABLE found_by")
    connection.commit()
    connection.close()
    backend = EmbeddedBackend(layout, small_settings)
    assert backend.things("poles")[0] == 4
    for ask in (backend.search, backend.suggest):
        with pytest.raises(ReleaseDamaged, match="former version"):
            ask("archer")
    backend.close()


HOSTILE = (
    '"', "a AND", "NEAR(x y)", "name:pole", "{name place}:x", "*", "-", "^pole", "' OR 1=1 --", "'; DROP TABLE thing; --",
    "(" * 500, "\x00", "pole\x00sud", "a" * 10_000, "é " * 5_000, "🙂🙂", "\u202epole", "%", "_", "\\",
    "\ud7ff\uffff", "½ ﬁ ǆ", "٣٤٥", "0" * 300,
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_a_reader_types_is_never_syntax(real: EmbeddedBackend, text: str) -> None:
    answer = real.search(text)
    assert len(answer.hits) <= answer.total
    assert len(real.suggest(text)) <= 8


@run(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60))
def test_any_text_is_answered(real: EmbeddedBackend, text: str) -> None:
    answer = real.search(text, limit=5)
    assert len(answer.hits) <= answer.total
    real.suggest(text)
