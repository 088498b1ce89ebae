"""What conditions make of the score of a candidate, and which candidate is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple

from ptce_lod.folding import ARTICLES, words
from ptce_lod.query.agreement import AGREES, KEYS, agreement
from ptce_lod.query.candidates import Candidate, Condition, Sought
from ptce_lod.query.facts import PROPERTIES, Facts
from ptce_lod.query.likeness import Weigh, likeness

#: From this score on a candidate is meant, when the next is that far behind.
SURE: Final = 80.0
AHEAD: Final = 4.0
#: A name that slips changed is meant only when it has more letters than the first; and than the second for each slip, when these changed
#: letters and did not only double or exchange some. In shorter ones it may be another word: « Bistro » and « Distro », « Agriculteurs »
#: and « Articulteurs ». A condition that is met speaks for the name all the same.
SHORT, SHORT_CHANGED = 4, 6
#: What a condition on a property leaves of the score when it fails, when nothing is known, when it is met.
_FAILED, UNKNOWN, _MET = 0.7, 0.92, 1.05
#: The feature of a property of which nothing is known.
NOT_KNOWN: Final = 0.5


class _Names(NamedTuple):
    """What things are called, by their IRIs: :class:`~ptce_lod.query.agreement.Names`."""

    label: Callable[[str], str]
    codes: Callable[[str], Sequence[str]]


class Judge:
    """Judges candidates by the conditions of a query."""

    def __init__(self, facts: Facts, weigh: Weigh, label: Callable[[str], str]) -> None:
        self.facts = facts
        self._weigh = weigh
        self._names = _Names(label, lru_cache(maxsize=20_000)(facts.codes))

    def judged(self, candidate: Candidate, sought: Sought) -> Candidate | None:
        """Return a candidate with what the conditions make of its score; None when it meets one not that must be met."""
        features: dict[str, float | bool] = dict(candidate.features)
        score, is_identified = candidate.score, False
        conditions = [condition for condition in sought.conditions if condition.property]
        if not all(self._keeps(candidate, c) for c in sought.conditions if not c.property):
            return None
        for condition in conditions:
            met = self._met(candidate, condition)
            if condition.required and (met is None or met < AGREES):
                return None
            features[f"property-{condition.property}"] = round(NOT_KNOWN if met is None else met, 3)
            is_identified |= PROPERTIES[condition.property].values in KEYS and met == 1.0
            score *= UNKNOWN if met is None else _FAILED + (_MET - _FAILED) * met
        if "identifier" in features and (is_identified or not conditions):
            score = candidate.score
        return replace(candidate, score=min(100.0, score), features=features) if score > 0 else None

    def _met(self, candidate: Candidate, condition: Condition) -> float | None:
        property_ = PROPERTIES[condition.property]
        values = self.facts.values(candidate.thing, property_)
        return agreement(condition, values, property_, self._weigh, self._names)

    def _keeps(self, candidate: Candidate, condition: Condition) -> bool:
        """Say whether a condition on the name leaves a candidate: any name leaves all, unless it is required or exact."""
        if not (condition.required or condition.exact or condition.quantifier != "any"):
            return True
        if "identifier" in candidate.features:
            return condition.quantifier != "none"
        met = [likeness(str(value), candidate.name, self._weigh).score for value in condition.values]
        least = 1.0 if condition.exact else AGREES
        if condition.quantifier == "none":
            return max(met) < least
        return (min(met) if condition.quantifier == "all" else max(met)) >= least


def decided(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return candidates best first, the first a match when it is sure and far enough ahead of the next."""
    ordered = sorted(candidates, key=lambda candidate: -candidate.score)
    if ordered and _is_sure(ordered[0]) and (len(ordered) == 1 or _is_ahead(ordered[0], ordered[1])):
        is_slip = ordered[0].features.get("slips")
        if not (is_slip and any(map(_has_the_very_words, ordered[1:]))):
            ordered[0] = replace(ordered[0], match=True)
    return ordered


def _has_the_very_words(candidate: Candidate) -> bool:
    return candidate.features.get("name-coverage") == 1.0 and not candidate.features["slips"]


def _is_sure(candidate: Candidate) -> bool:
    slips = candidate.features.get("slips", 0)
    is_met = any(
        worth >= AGREES for name, worth in candidate.features.items() if name.startswith("property-")
    )
    if slips and not is_met:
        length = sum(len(word) for word in words(candidate.name) if word not in ARTICLES)
        if length <= max(SHORT, SHORT_CHANGED * slips if candidate.is_changed else 0):
            return False
    return candidate.score >= SURE


def _is_ahead(candidate: Candidate, other: Candidate) -> bool:
    # Nothing can be nearer than the very name or identifier.
    return candidate.score - other.score >= AHEAD or candidate.score == 100.0 > other.score
