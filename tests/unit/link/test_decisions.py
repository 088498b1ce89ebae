"""The table of decisions: what is written is read again, what is wrong is told by line, nobody's row is lost."""

from __future__ import annotations

import datetime
import string
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_lod.decisions import (
    COLUMNS,
    Decision,
    add_decisions,
    raise_conflicts,
    read_decisions,
    read_lines,
    tables,
    write_decisions,
)
from ptce_lod.errors import AlreadyLinked, MappingError, SourceUnavailable
from ptce_lod.link.entries import Entry, Found, Proposal
from ptce_lod.link.review import Question, accepted, read_answers
from ptce_lod.link_policy import RELATIONS, usual_relation, wrong_link

PAGE = Decision(
    entry="fr:12",
    thing="pole/tetris",
    decision="yes",
    relation="primary-topic",
    target="https://wiki.example.org/wiki/TETRIS",
    name="TETRIS",
    language="fr",
    how="reviewed",
    who="ab",
    when="2026-11-23",
    score="97.5",
    reasons="name 1.00; place",
)

_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), min_size=1, max_size=30).filter(
    str.strip
)
_SLUG = st.text(string.ascii_lowercase, min_size=1, max_size=8)
DECISIONS = st.builds(
    Decision,
    entry=_TEXT,
    thing=_SLUG.map(lambda slug: f"pole/{slug}"),
    decision=st.sampled_from(["yes", "no", "unsure"]),
    relation=st.sampled_from(["", "primary-topic", "page", "same-as"]),
    target=_SLUG.map(lambda slug: f"https://example.org/{slug}"),
    name=_TEXT,
    language=st.sampled_from(["", "fr", "en-GB"]),
    how=st.sampled_from(["reviewed", "by-score"]),
    who=_TEXT,
    when=st.dates(min_value=datetime.date(1000, 1, 1)).map(str),
    score=st.integers(0, 1000).map(lambda n: f"{n / 10:g}"),
    reasons=_TEXT,
)


def test_a_second_thing_for_one_page_is_refused_whole(tmp_path: Path) -> None:
    add_decisions(tmp_path / "x.csv", [PAGE])
    other = replace(PAGE, entry="en:3", thing="pole/other", target="http://wiki.example.org/wiki/TETRIS#top")
    free = replace(PAGE, entry="en:4", target="https://wiki.example.org/wiki/Free")
    for path in (tmp_path / "x.csv", tmp_path / "y.csv"):
        with pytest.raises(
            AlreadyLinked,
            match=r"primary-topic of pole/tetris already, by ab on 2026-11-23; not of pole/other",
        ):
            add_decisions(path, [free, other])
    assert read_decisions(tmp_path / "x.csv") == [PAGE]
    assert not (tmp_path / "y.csv").exists()
    with pytest.raises(AlreadyLinked):
        add_decisions(tmp_path / "z.csv", [replace(free, thing="pole/one"), free])
    add_decisions(
        tmp_path / "x.csv", [replace(other, relation="page"), replace(other, entry="en:5", decision="no")]
    )
    assert len(read_decisions(tmp_path / "x.csv")) == 3


def test_a_page_is_accepted_for_one_thing_however_it_is_spelt(tmp_path: Path) -> None:
    def group(key: str, target: str, thing: str) -> list[Question]:
        return [
            Question(
                Entry(key, key, "page", target),
                Proposal(thing, thing, "", 99.0, True, ("name 0.99", "place")),
            )
        ]

    groups = [
        group("1", "http://w.example/wiki/A", "pole/a"),
        group("2", "https://w.example/wiki/A", "pole/b"),
        group("3", "https://w.example/wiki/TETRIS", "pole/c"),
        group("4", "https://w.example/wiki/D", "pole/d"),
    ]
    linked = [replace(PAGE, target="http://w.example/wiki/TETRIS#top")]
    made = accepted(groups, 95, who="ab", when="2026-11-23", linked=linked)
    assert [decision.thing for decision in made] == ["pole/a", "pole/d"]
    add_decisions(tmp_path / "x.csv", made)


def test_a_row_of_answers_that_is_cut_short_is_told(tmp_path: Path) -> None:
    found = [Found(Entry("k", "K", "page", "https://w.example/K"), ())]
    path = tmp_path / "answers.csv"
    for text, told in (
        ("entry,decision,thing\nk,yes\n", "'' is no thing"),
        ("entry,decision,thing\nk\n", "decision is ''"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(MappingError) as raised:
            read_answers(path, found, who="ab", when="2026-11-23")
        assert told in raised.value.problems[0].message


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("entry;thing;decision\nk;pole/tetris;oui\n", "yes"),
        ("entry\tthing\tdecision\nk\tpole/tetris\tO\n", "yes"),
        ("\ufeffEntrée;Chose;Décision;Relation\r\nk;pole/tetris; Non ;\r\n", "no"),
        ("entry,thing,decision\nk,pole/tetris,N\n", "no"),
        ('"entry","thing","decision"\n"k","pole/tetris","Pas sûr"\n', "unsure"),
        ("entry;thing;decision;relation\nk;pole/tetris;?;\n", "unsure"),
    ],
)
def test_answers_are_read_as_spreadsheets_and_people_write_them(
    tmp_path: Path, text: str, decision: str
) -> None:
    found = [Found(Entry("k", "K", "page", "https://wiki.example.org/K"), ())]
    path = tmp_path / "answers.csv"
    path.write_bytes(text.encode())
    (made,) = read_answers(path, found, who="ab", when="2026-11-23")
    assert (made.thing, made.decision) == ("pole/tetris", decision)


def test_a_table_without_the_columns_is_told_with_those_it_has(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("entry;what\nk;oui\n", encoding="utf-8")
    with pytest.raises(MappingError, match="no column thing, decision; there is: entry, what"):
        read_answers(path, [], who="ab", when="2026-11-23")


@given(st.lists(DECISIONS, max_size=8, unique_by=(lambda d: d.key, lambda d: d.target)))
def test_what_is_added_is_read_again_sorted(rows: list[Decision]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        for row in rows:
            add_decisions(path, [row])
        assert read_decisions(path) == sorted(rows, key=lambda d: d.key)


def test_a_later_answer_takes_the_place_of_the_former(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "x.csv"
    add_decisions(path, [replace(PAGE, decision="unsure", relation="")])
    add_decisions(path, [PAGE])
    assert read_decisions(path) == [PAGE]
    assert [p.name for p in path.parent.iterdir()] == ["x.csv"]


def test_two_who_decide_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"

    def work(who: str) -> None:
        for number in range(20):
            add_decisions(path, [replace(PAGE, entry=f"{who}:{number}", decision="no", relation="")])

    threads = [threading.Thread(target=work, args=(who,)) for who in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read_decisions(path)) == 40


def test_no_table_is_no_decision(tmp_path: Path) -> None:
    assert read_decisions(tmp_path / "x.csv") == []
    assert tables(tmp_path / "absent") == {}


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("entry", " ", "is empty"),
        ("thing", "tetris", "is no thing"),
        ("thing", "concept/sector", "is no thing"),
        ("decision", "maybe", "expected one of yes, no, unsure"),
        ("how", "guessed", "expected one of reviewed, by-score"),
        ("relation", "sameAs", "expected nothing or one of primary-topic"),
        ("relation", "exact-match", "is between concepts"),
        ("target", "TETRIS", "no http or https address"),
        ("target", "https://", "names no host"),
        ("target", "http://www.wikidata.org/entity/Q1", "an entity and no page"),
        ("language", "f r", "no language tag"),
        ("when", "23/11/2026", "YYYY-MM-DD"),
        ("score", "101", "from 0 to 100"),
        ("score", "²", "from 0 to 100"),
        ("who", "", "is empty"),
    ],
)
def test_every_mistake_is_told_with_line_and_column(
    tmp_path: Path, column: str, value: str, told: str
) -> None:
    path = tmp_path / "x.csv"
    wrong = replace(PAGE, **{"entry": "z", column: value})
    write_decisions(path, [replace(PAGE, entry="a"), wrong])
    with pytest.raises(MappingError) as raised:
        read_decisions(path)
    assert any(told in problem.message for problem in raised.value.problems)
    assert {problem.line for problem in raised.value.problems} <= {2, 3}
    with pytest.raises(MappingError):
        add_decisions(tmp_path / "new.csv", [wrong])
    assert not (tmp_path / "new.csv").exists()


def test_a_pair_that_stands_twice_is_told_with_both_lines(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    add_decisions(path, [PAGE])
    line = path.read_text(encoding="utf-8").splitlines()[1]
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(MappingError) as raised:
        read_decisions(path)
    (problem,) = raised.value.problems
    assert (problem.line, problem.message) == (3, "'fr:12' and pole/tetris stand already on line 2")


@pytest.mark.parametrize("content", [b"a,b\n", b"", b"\xff", b'"', ",".join(COLUMNS).encode() + b'\n"a'])
def test_what_is_no_such_table_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises((MappingError, SourceUnavailable)):
        read_decisions(path)


def test_one_page_is_about_one_thing_in_all_tables(tmp_path: Path) -> None:
    one, other = tmp_path / "a.csv", tmp_path / "b.csv"
    write_decisions(one, [PAGE])
    same_page = "http://wiki.example.org/index.php?title=x".replace("index.php?title=x", "wiki/TETRIS#top")
    write_decisions(other, [replace(PAGE, thing="actor/scic-tetris", target=same_page)])
    with pytest.raises(MappingError) as raised:
        raise_conflicts({path: read_lines(path) for path in (one, other)})
    (problem,) = raised.value.problems
    assert (problem.path, problem.line) == (str(other), 2)
    assert f"{one}:2" in problem.message


def test_a_page_may_mention_several_things_and_a_no_is_no_conflict(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    other = replace(PAGE, thing="actor/scic-tetris")
    add_decisions(
        path, [PAGE, replace(other, relation="page"), replace(other, thing="pole/x", decision="no")]
    )
    raise_conflicts({path: read_lines(path)})


def test_the_policy_allows_what_it_proposes() -> None:
    targets = {"page": "https://example.org/a", "entity": "http://www.wikidata.org/entity/Q1"}
    for kind, target in targets.items():
        for thing in ("pole/a", "actor/b", "concept/sector/energy", "territory/a"):
            relation = usual_relation(kind, thing)  # type: ignore[arg-type] # two of its kinds
            assert relation == "" or wrong_link(relation, thing, target) == ""


def test_nothing_is_ever_owl_same_as() -> None:
    assert not [iri for iri in RELATIONS.values() if iri.endswith("owl#sameAs")]
    assert wrong_link("same-as", "territory/a", "https://example.org/epci")
    assert wrong_link("same-as", "pole/a", "https://www.wikidata.org/wiki/Q1")
    assert wrong_link("page", "pole/a", "https://x.org/wiki/Special:URIResolver/A")
