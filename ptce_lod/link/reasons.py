"""Why a pair scores as it does, in words that fit into a cell: ``name 0.97``, ``place``, ``not website``; and how many facts that makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

#: From this likeness on a property speaks for a proposal, and up to this one against it.
SPEAKS_FOR: Final = 0.8
_SPEAKS_AGAINST: Final = 0.4
#: Features of identifiers that are of one thing alone.
CERTAIN: Final = ("property-siren", "property-insee-code")
_NAME, _IDENTIFIER, _TRANSLATION, _PAGE = "name", "identifier", "translation", "page"
#: From this likeness on a name is a fact.
_NAME_FACT: Final = 0.9
#: Reasons that are no facts of their own.
_NO_FACTS: Final = ("not", "acronym", "slips")


def reasons_of(
    features: Mapping[str, float | bool], *, is_translation: bool = False, has_page: bool = False
) -> Iterator[str]:
    """Yield the reasons that the parts of a score make, what speaks against a pair last. ``has_page``: both have one page of a wiki."""
    if has_page:
        yield _PAGE
    if is_translation:
        yield _TRANSLATION
    elif not has_page and (features.get("identifier") or any(features.get(name) == 1.0 for name in CERTAIN)):
        yield _IDENTIFIER
    if features.get("acronym"):
        yield "acronym"
    elif "name-likeness" in features:
        yield f"{_NAME} {features['name-likeness']:.2f}"
    if features.get("slips"):
        yield f"slips {features['slips']:.0f}"
    properties = {
        feature.removeprefix("property-"): worth
        for feature, worth in features.items()
        if feature.startswith("property-") and feature not in CERTAIN
    }
    yield from (word for word, worth in properties.items() if worth >= SPEAKS_FOR)
    yield from (f"not {word}" for word, worth in properties.items() if worth <= _SPEAKS_AGAINST)


def is_sure(reasons: Sequence[str]) -> bool:
    """Say whether two facts tell that an item elsewhere is our thing: an identifier, a page, or a name and something else.

    >>> is_sure(["name 0.96", "place"]), is_sure(["name 1.00", "not place"]), is_sure(["identifier"])
    (True, False, True)
    """
    facts = set()
    for reason in reasons:
        word, _, value = reason.partition(" ")
        if word not in _NO_FACTS and (word != _NAME or float(value) >= _NAME_FACT):
            facts.add(word)
    return bool(facts & {_IDENTIFIER, _PAGE}) or (_NAME in facts and len(facts) > 1)
