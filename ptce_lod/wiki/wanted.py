"""What a block wants, read as people write it: any capitals and apostrophes, accents left out, a whole address instead of its end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from ptce_lod.folding import letters
from ptce_lod.iris import slugify
from ptce_lod.namespaces import CONCEPT

#: What a block may say.
ALLOWED: Final = "infobox pole/SLUG, link TYPE/SLUG, list, list REGION, or timeline"
#: Characters of a name that is compared with those there are.
_LONGEST: Final = 100
_APOSTROPHES: Final = str.maketrans("\u2019\u02bc\u2018", "'''")


def split_wanted(wanted: str) -> tuple[str, str]:
    """Return the kind of a block in small letters, and what else it says.

    >>> split_wanted("Infobox  pole/tetris")
    ('infobox', 'pole/tetris')
    """
    kind, *rest = wanted.split(None, 1) or [""]
    return kind.lower(), rest[0].strip() if rest else ""


def plain_thing(text: str, base_iri: str) -> str:
    """Return ``pole/tetris`` or ``concept/sector/energy`` of what a person wrote, an IRI or the address of a page of ours, too.

    >>> plain_thing("http://data.example/doc/pole/Tétris?lang=fr", "https://data.example/")
    'pole/tetris'
    """
    scheme, colon, where = text.partition("://")
    if colon and scheme.lower() in ("http", "https"):
        for begin, stands in (
            (f"{base_iri}id/", ""),
            (f"{base_iri}doc/", ""),
            (base_iri, ""),
            (CONCEPT, "concept/"),
        ):
            host_and_path = begin.partition("://")[2]
            if where.startswith(host_and_path):
                text = stands + re.split("[?#]", where.removeprefix(host_and_path))[0]
                break
        else:
            return text
    return "/".join(slugify(part.translate(_APOSTROPHES)) for part in text.strip("/").split("/"))


def same_name(text: str, names: Iterable[str]) -> str | None:
    """Return the one of ``names`` that ``text`` means: written so, or alike but for capitals, accents and signs; None for none or several.

    >>> same_name("provence-alpes-cote d’azur", ["Bretagne", "Provence-Alpes-Côte d'Azur"])
    "Provence-Alpes-Côte d'Azur"
    """
    known = list(names)
    if text in known:
        return text
    alike = [name for name in known if letters(name) == letters(text)]
    return alike[0] if len(alike) == 1 else None


def nearest(thing: str, things: Iterable[str]) -> str:
    """Return words that ask for the thing that ``thing`` is nearly written as; "" when none is near."""
    # A page may be hostile: comparing takes a time that grows with the square of what is written.
    near = get_close_matches(thing, list(things), n=1, cutoff=0.75) if len(thing) <= _LONGEST else []
    return f"; did you mean {near[0]}?" if near else ""
