"""Why a thing was found: the name, place, code or text that has the words, and where they stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ptce_lod.folding import ARTICLES, spans, words
from ptce_lod.query.found import Match, ThingSummary
from ptce_lod.query.matching import Question

#: Characters of a text shown before and behind the first word found.
_BEFORE: Final = 60
_AROUND: Final = 200


def shown_match(
    thing: ThingSummary, parts: tuple[str, str, str], asked: Question, field: str, language: str
) -> Match | None:
    """Return the part of a thing that has most of the words, names before places before codes before texts.

    ``parts``: names, codes and texts of the thing, one a line; ``field``: how it was found, when that is known.
    """
    wanted = {word for group in asked.options for word in group} | (set(asked.words) - ARTICLES)
    best: Match | None = None
    most = 0
    for name, text in _candidates(thing, parts, language):
        found = spans(text, wanted)
        held = {
            place
            for place, group in enumerate(asked.options)
            if any(word.startswith(option) for word in words(text) for option in group)
        }
        if found and (len(held), 1) > (most, int(best is not None)):
            best, most = Match(name, text, tuple(found)), len(held)
    if field == "acronym" and (best is None or best.field != "acronym"):
        return Match("acronym", asked.key.upper())
    if best is None and asked.words:  # by words joined or taken apart, or by its address
        return Match(field or "name", thing.label_en if language == "en" else thing.label_fr)
    return _cut(best) if best is not None and best.field == "text" else best


def other_name(names: str, thing: ThingSummary, asked: Question, language: str) -> str:
    """Return the name that has the last word, when the label has not; else ""."""
    label = thing.label_en if language == "en" else thing.label_fr
    last = asked.options[-1] if asked.options else ()
    if spans(label, last):
        return ""
    return next((name for name in names.split("\n") if name != label and spans(name, last)), "")


def _candidates(thing: ThingSummary, parts: tuple[str, str, str], language: str) -> Iterator[tuple[str, str]]:
    labels = (thing.label_en, thing.label_fr) if language == "en" else (thing.label_fr, thing.label_en)
    for label in dict.fromkeys(labels):
        yield "name", label
    names, codes, texts = (part.split("\n") if part else [] for part in parts)
    acronym = thing.detail.get("acronym")
    for name in names:
        if name not in labels:
            yield ("acronym" if name == acronym else "name"), name
    for key in ("place", "departement", "region", "publisher"):
        if key in thing.detail:
            yield ("publisher" if key == "publisher" else "place"), str(thing.detail[key])
    for code in codes:
        yield "code", code
    for text in texts:
        yield "text", text


def _cut(match: Match) -> Match:
    """Return a text cut to the surroundings of the first word found, at spaces."""
    first = match.spans[0][0]
    begin = 0 if first <= _BEFORE else match.text.rfind(" ", 0, first - _BEFORE) + 1
    end = len(match.text)
    if end - begin > _AROUND:
        end = match.text.rfind(" ", begin, begin + _AROUND)
        end = end if end > first else begin + _AROUND
    head, tail = ("… " if begin else ""), (" …" if end < len(match.text) else "")
    moved = tuple(
        (a - begin + len(head), b - begin + len(head)) for a, b in match.spans if begin <= a and b <= end
    )
    return Match(match.field, head + match.text[begin:end] + tail, moved)
