"""Names as tables have them, each with the thing that it means or with nothing: made from the names of a release, from a fixed seed."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from ptce_lod.folding import ARTICLES, fold, made_acronyms, words
from ptce_lod.query.backend import Backend
from ptce_lod.query.found import ThingSummary

#: Types whose names tables hold.
TYPES: Final = ("pole", "actor", "unit", "event", "call", "cooperation")
#: Words that a table puts before a name, by type.
_PUT_BEFORE: Final = {
    "pole": ("PTCE", "Pôle", "Le pôle", "PTCE –"),
    "actor": ("Association", "SCIC", "L'association", "Asso."),
}


class Labelled(NamedTuple):
    """A name as it is written somewhere. ``iri`` is "" when no thing of ``type`` is meant; ``how`` says how it was made."""

    text: str
    type: str
    iri: str
    how: str


def labelled_names(backend: Backend, seed: int = 7) -> list[Labelled]:
    """Return names with typos, without accents, as acronyms, inverted, with and without legal forms; and names that mean nothing here.

    A name that two things of a type share after folding has no right answer and is left out.
    """
    chance = random.Random(seed)
    things = {type_: backend.things(type_, limit=1_000_000)[1] for type_ in TYPES}
    known = {type_: _names(members) for type_, members in things.items()}
    found: list[Labelled] = []
    for type_, members in things.items():
        for thing in members:
            for how, text in _written(thing, chance):
                if text and len(known[type_].get(_key(text), {thing.iri}) | {thing.iri}) == 1:
                    found.append(Labelled(text, type_, thing.iri, how))
    found += _of_other_types(things, known)
    found += _mixed(things, known, chance)
    return found


def _names(members: Sequence[ThingSummary]) -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for thing in members:
        for name in (thing.label_fr, thing.label_en, str(thing.detail.get("acronym", ""))):
            if name:
                names.setdefault(_key(name), set()).add(thing.iri)
    return names


def _key(text: str) -> str:
    return "".join(word for word in words(text) if word not in ARTICLES)


def _written(thing: ThingSummary, chance: random.Random) -> Iterator[tuple[str, str]]:
    name = thing.label_fr
    yield "as it is", name
    yield "plain capitals", fold(name).upper()
    yield "without apostrophes", name.replace("'", " ").replace("’", " ").replace("-", " ")
    yield "typo", typo(name, chance)
    yield "inverted", inverted(name)
    for before in _PUT_BEFORE.get(thing.type, ()):
        if fold(before.split()[-1]) not in words(name):
            yield "with a form", f"{before} {name}"
    bare = [word for word in name.split() if fold(word) not in ARTICLES]
    yield "without articles", " ".join(bare)
    if acronym := str(thing.detail.get("acronym", "")):
        yield "acronym", ".".join(acronym) + "." if acronym.isalpha() and acronym.isupper() else acronym
        yield "name and acronym", f"{name} ({acronym})"
    elif made := [text for text in made_acronyms(name) if len(text) > 3]:
        yield "made acronym", made[0].upper()


def typo(name: str, chance: random.Random) -> str:
    """Return ``name`` with one letter left out, doubled, changed, or exchanged with the next; "" for a name too short for that."""
    places = [i for i, c in enumerate(name[:-1]) if c.isalpha() and name[i + 1].isalpha() and i]
    if not places:
        return ""
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


def inverted(name: str) -> str:
    """Return ``name`` as an index has it, its first word behind a comma: ``Archer, Pôle Sud``."""
    parts = name.split()
    return f"{' '.join(parts[1:])}, {parts[0]}" if len(parts) > 1 else ""


def _of_other_types(
    things: dict[str, list[ThingSummary]], known: dict[str, dict[str, set[str]]]
) -> Iterator[Labelled]:
    """Yield names of things of one type, asked for as another: none is meant, unless one is named so (a pole and its association)."""
    other = {"pole": "event", "actor": "cooperation", "unit": "actor", "event": "unit", "cooperation": "pole"}
    for type_, asked in other.items():
        for thing in things[type_]:
            key = _key(thing.label_fr)
            if not any(key in name or name in key for name in known[asked]):
                yield Labelled(thing.label_fr, asked, "", "of another type")


def _mixed(
    things: dict[str, list[ThingSummary]], known: dict[str, dict[str, set[str]]], chance: random.Random
) -> Iterator[Labelled]:
    """Yield the beginning of one name with the end of another: nobody is called so."""
    for type_, members in things.items():
        names = [thing.label_fr.split() for thing in members if len(thing.label_fr.split()) > 2]
        for parts in names:
            end = chance.choice(names)
            mixed = " ".join([*parts[: len(parts) // 2], *end[len(end) // 2 :]])
            key = _key(mixed)
            if not any(key in name or name in key for name in known[type_]):
                yield Labelled(mixed, type_, "", "mixed")
