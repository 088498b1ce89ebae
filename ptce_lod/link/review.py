"""What is still to be decided, and what an answer becomes: nothing is asked twice."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

from ptce_lod.decisions import BY_SCORE, NO, REVIEWED, UNSURE, VERDICTS, YES, Decision
from ptce_lod.errors import MappingError, Problem, SourceUnavailable
from ptce_lod.folding import fold
from ptce_lod.link.entries import Entry, Found, Proposal
from ptce_lod.link.reasons import is_sure
from ptce_lod.link.tables import delimiter_of
from ptce_lod.link_policy import MATCHES, PAGE, RELATIONS, SAME_AS, is_thing, usual_relation, wrong_link
from ptce_lod.page_address import PageKey, page_key

#: What parts the reasons in a cell.
_JOINED: Final = "; "
#: Columns of a table of answers.
_ANSWER_COLUMNS: Final = ("entry", "thing", "decision")
#: What their headers may be called as well, without accents and capitals.
_FRENCH_COLUMNS: Final = {"entree": "entry", "chose": "thing", "relation": "relation", "decision": "decision"}
#: What a decision may be called, without accents and capitals: the words and keys of both languages.
_WORDS: Final = {
    **dict.fromkeys(("yes", "y", "oui", "o"), YES),
    **dict.fromkeys(("no", "n", "non"), NO),
    **dict.fromkeys(("unsure", "u", "?", "incertain", "incertaine", "pas sur", "pas sure"), UNSURE),
}


class Question(NamedTuple):
    """Whether this entry is this thing."""

    entry: Entry
    proposal: Proposal


class Counts(NamedTuple):
    """How far a source is: entries, those with a yes, pairs decided no and unsure, pairs to decide, entries without a candidate."""

    entries: int
    linked: int
    no: int
    unsure: int
    open: int
    without_candidate: int


@dataclass(frozen=True)
class Judged:
    """What has been decided of a source."""

    pairs: frozenset[tuple[str, str]]
    linked: frozenset[str]

    @classmethod
    def of(cls, decisions: Iterable[Decision], *, again: bool = False) -> Judged:
        """Return what need not be asked; ``again``: pairs that somebody was unsure of are."""
        rows = [d for d in decisions if not (again and d.decision == UNSURE)]
        return cls(frozenset(d.key for d in rows), frozenset(d.entry for d in rows if d.decision == YES))

    def questions(self, found: Found) -> Iterator[Question]:
        """Yield what is open of an entry, best first: nothing once it has a yes."""
        if found.entry.key not in self.linked:
            for proposal in found.proposals:
                if (found.entry.key, proposal.thing) not in self.pairs:
                    yield Question(found.entry, proposal)


def open_questions(found: Iterable[Found], judged: Judged) -> list[list[Question]]:
    """Return what is open of each entry that has something open, the surest entry first."""
    groups = [questions for each in found if (questions := list(judged.questions(each)))]
    return sorted(groups, key=lambda group: (-group[0].proposal.score, group[0].entry.name))


def counts(found: Iterable[Found], decisions: Sequence[Decision]) -> Counts:
    """Return how far a source is."""
    judged = Judged.of(decisions)
    entries = without = questions = 0
    for each in found:
        entries += 1
        without += not each.proposals
        questions += sum(1 for _ in judged.questions(each))
    verdicts = [decision.decision for decision in decisions]
    return Counts(entries, len(judged.linked), verdicts.count(NO), verdicts.count(UNSURE), questions, without)


def find_question(found: Iterable[Found], entry: str, thing: str) -> Question | None:
    """Return the question whether an entry is a thing, None when that was not proposed."""
    proposed = (
        Question(each.entry, proposal)
        for each in found
        if each.entry.key == entry
        for proposal in each.proposals
        if proposal.thing == thing
    )
    return next(proposed, None)


def relations_for(question: Question) -> list[str]:
    """Return the relations that the policy allows for a yes, the usual one first; none when a yes publishes nothing."""
    usual = usual_relation(question.entry.kind, question.proposal.thing)
    if not usual:
        return []
    group = next((names for names in (MATCHES, (usual, PAGE)) if usual in names), (usual,))
    allowed = (usual, *(name for name in group if name != usual))
    if usual == SAME_AS:
        allowed = (usual,)
    return [name for name in allowed if not wrong_link(name, question.proposal.thing, question.entry.target)]


def decide(
    question: Question, verdict: str, *, who: str, when: str, relation: str = "", how: str = REVIEWED
) -> Decision:
    """Return the row that an answer becomes.

    ``relation``: what a yes means, else the usual one; :class:`MappingError` when it is not allowed.
    """
    entry, proposal = question
    if verdict == YES and relation != "":
        if wrong := wrong_link(relation, proposal.thing, entry.target):
            raise MappingError(f"{entry.key}: {wrong}")
    elif verdict == YES:
        relation = next(iter(relations_for(question)), "")
    return Decision(
        entry=entry.key,
        thing=proposal.thing,
        decision=verdict,
        relation=relation if verdict == YES else "",
        target=entry.target,
        name=entry.name,
        language=entry.language,
        how=how,
        who=who,
        when=when,
        score=f"{proposal.score:g}",
        reasons=_JOINED.join(proposal.reasons),
    )


def accepted(
    groups: Iterable[Sequence[Question]],
    score: float,
    *,
    who: str,
    when: str,
    linked: Iterable[Decision] = (),
) -> list[Decision]:
    """Return a yes for each match from a score on; an item of another database needs two facts besides.

    What a decision of ``linked`` links already is left.
    """
    found = []
    taken = {_elsewhere(decision) for decision in linked}
    for best, *_ in groups:
        if not best.proposal.match or best.proposal.score < score:
            continue
        decision = decide(best, YES, who=who, when=when, how=BY_SCORE)
        elsewhere = _elsewhere(decision)
        is_free = not decision.relation or elsewhere not in taken
        if is_free and (decision.relation != SAME_AS or is_sure(best.proposal.reasons)):
            taken.add(elsewhere)
            found.append(decision)
    return found


def _elsewhere(decision: Decision) -> tuple[str, PageKey | str]:
    """Return what a decision links, however its address is spelt."""
    try:
        return decision.relation, page_key(decision.target)
    except ValueError:  # a bare name, or what the table will refuse
        return decision.relation, decision.target


def read_answers(path: Path, found: Iterable[Found], *, who: str, when: str) -> list[Decision]:
    """Return the decisions that a table of answers makes: columns ``entry``, ``thing``, ``decision`` and perhaps ``relation``.

    Comma, semicolon or tab part the columns; headers and decisions may be French. A pair that was not proposed is taken, with score 0.
    :class:`MappingError` with every row that cannot be.
    """
    known = {each.entry.key: each for each in found}
    problems: list[Problem] = []
    made: list[Decision] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            delimiter = delimiter_of(stream.readline())
            stream.seek(0)
            reader = csv.DictReader(stream, restval="", delimiter=delimiter)
            headers = [fold(name.strip()) for name in reader.fieldnames or ()]
            reader.fieldnames = [_FRENCH_COLUMNS.get(name, name) for name in headers]
            if missing := [name for name in _ANSWER_COLUMNS if name not in reader.fieldnames]:
                raise MappingError(
                    f"{path}:1: there is no column {', '.join(missing)}; there is: {', '.join(headers)}",
                    hint=f"the first line names the columns: {', '.join(_ANSWER_COLUMNS)}, perhaps relation",
                )
            for row in reader:
                try:
                    made.append(_answer(row, known, who=who, when=when))
                except (ValueError, MappingError) as error:
                    problems.append(Problem(str(path), reader.line_num, message=str(error)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceUnavailable(f"{path}: cannot be read ({error})") from error
    if problems:
        raise MappingError(f"{path}: {len(problems)} answers cannot be taken; none was", problems=problems)
    return made


def _answer(row: dict[str, str], known: dict[str, Found], *, who: str, when: str) -> Decision:
    """Return the decision of one row; ValueError when it makes none."""
    row = {name: (row.get(name) or "").strip() for name in (*_ANSWER_COLUMNS, "relation")}
    found = known.get(row["entry"])
    if found is None:
        raise ValueError(f"there is no entry {row['entry']!r}")
    verdict = _WORDS.get(" ".join(fold(row["decision"]).split()))
    if verdict is None:
        raise ValueError(
            f"decision is {row['decision']!r}, expected one of {', '.join(VERDICTS)}, or oui, non, incertain"
        )
    if not is_thing(row["thing"]):
        raise ValueError(f"{row['thing']!r} is no thing; write pole/tetris or concept/sector/energy")
    relation = row["relation"].lower()
    if relation and relation not in RELATIONS:
        raise ValueError(f"relation is {row['relation']!r}, expected one of {', '.join(RELATIONS)}")
    by_thing = {proposal.thing: proposal for proposal in found.proposals}
    unproposed = Proposal(row["thing"], "", "", 0.0, False, ())
    question = Question(found.entry, by_thing.get(row["thing"], unproposed))
    return decide(question, verdict, who=who, when=when, relation=relation)


def moved(decisions: Iterable[Decision], entries: Iterable[Entry]) -> list[Decision]:
    """Return the decisions whose page has another address or title by now, with the new ones."""
    now = {entry.key: entry for entry in entries}
    return [
        replace(decision, target=entry.target, name=entry.name)
        for decision in decisions
        if (entry := now.get(decision.entry)) is not None
        and entry.target
        and (entry.target, entry.name) != (decision.target, decision.name)
    ]
