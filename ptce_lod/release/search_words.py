"""What a thing can be found by, word for word: names, acronyms, codes, places, texts; and tables that make typing and typos quick."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, Final
from urllib.parse import urlsplit

from ptce_lod.folding import ARTICLES, NOISE, made_acronyms, tokens, words
from ptce_lod.spelling import SHORTEST, forms

#: What a key is to its thing: a whole name, an acronym, the rest of a name from one of its words on. Things of lesser kinds come after.
WHOLE, ACRONYM, LATER, LESSER = 0, 1, 2, 4
_KEY_LENGTH: Final = 80
_LATER_WORDS: Final = 8
#: Beginnings that more keys share than this have their best things written down: no question reads more keys.
POPULAR: Final = 200
BEST: Final = 30
_PREFIX_LENGTH: Final = 32

Key = tuple[str, int, int]


@dataclass(frozen=True)
class Words:
    """The columns of the full-text index of one thing, and its names."""

    names: tuple[str, ...]
    name: str
    place: str
    code: str
    about: str


def words_of(
    names: Iterable[str], slug: str, detail: Mapping[str, Any], codes: Iterable[str], texts: Iterable[str]
) -> Words:
    """Return what one thing is found by; a thing without a name by its slug."""
    listed = tuple(sorted({name for name in names if name}))
    name = [word for one in listed for word in (*words(one), *_joined(one), *made_acronyms(one))]
    place = [
        word
        for key in ("place", "departement", "region", "publisher")
        if key in detail
        for word in words(str(detail[key]))
    ]
    code = [word for one in codes for word in words(_host(one) if "://" in one else one)]
    about = [word for text in texts for word in words(text)]
    unique = dict.fromkeys
    return Words(
        listed,
        " ".join(unique(name or words(slug))),
        " ".join(unique(place)),
        " ".join(unique((*code, *words(slug)))),
        " ".join(unique(about)),
    )


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _joined(name: str) -> list[str]:
    """Return words that a hyphen or an apostrophe parts as one word: ``Domb'Innov`` is also found as ``dombinnov``."""
    found: list[str] = []
    run: list[str] = []
    end = -1
    for token in tokens(name):
        if run and token.begin - end == 1 and not name[end].isspace():
            run.append(token.word)
        else:
            found += ["".join(run)] if len(run) > 1 else []
            run = [token.word]
        end = token.end
    return found + (["".join(run)] if len(run) > 1 else [])


def keys_of(number: int, names: Sequence[str], *, lesser: bool) -> Iterator[Key]:
    """Yield (key, rank, number) for the beginnings by which a thing is suggested."""
    more = LESSER if lesser else 0
    found: dict[str, int] = {}

    def add(key: str, rank: int) -> None:
        key = key[:_KEY_LENGTH]
        if key:
            found[key] = min(rank, found.get(key, rank))

    for name in names:
        parts = words(name)
        add(" ".join(parts), WHOLE)
        rest = list(parts)
        while len(rest) > 1 and rest[0] in ARTICLES | NOISE:
            del rest[0]
            add(" ".join(rest), WHOLE if any(w not in ARTICLES | NOISE for w in rest) else LATER)
        for joined in _joined(name):
            add(joined, WHOLE if len(_joined(name)) == 1 and len(joined) == len("".join(parts)) else LATER)
        for acronym in made_acronyms(name):
            add(acronym, ACRONYM)
        for begin in range(1, min(len(parts), _LATER_WORDS)):
            if parts[begin] not in ARTICLES:
                add(" ".join(parts[begin:]), LATER)
    for key, rank in found.items():
        yield key, rank + more, number


def popular(keys: Sequence[Key]) -> Iterator[tuple[str, int, int, int]]:
    """Yield (prefix, place, rank, number) for the best things of each beginning that many keys share. ``keys`` are sorted."""
    rest = [("", keys)]
    while rest:
        prefix, shared = rest.pop()
        if prefix:
            best = dict.fromkeys(number for _, _, number in sorted(shared, key=lambda key: key[1:]))
            ranks = {number: rank for _, rank, number in sorted(shared, key=lambda k: k[1:], reverse=True)}
            for place, number in enumerate(islice(best, BEST)):
                yield prefix, place, ranks[number], number
        length = len(prefix) + 1
        if length <= _PREFIX_LENGTH:
            for longer, group in groupby(shared, key=lambda key: key[0][:length]):
                members = list(group)
                if len(longer) == length and len(members) > POPULAR:
                    rest.append((longer, members))


def vocabulary(names: Iterable[str]) -> list[tuple[int, str, int]]:
    """Return (number, word, how many things have it) of the words of names and places, most frequent first."""
    counts: Counter[str] = Counter()
    for text in names:
        counts.update(set(text.split()))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(number, word, count) for number, (word, count) in enumerate(ordered, start=1) if len(word) > 1]


def spelling_forms(vocabulary: Iterable[tuple[int, str, int]]) -> Iterator[tuple[str, int]]:
    """Yield (form, number of a word) for the words that can be what somebody meant."""
    for number, word, _count in vocabulary:
        if len(word) >= SHORTEST and not word.isdigit():
            for form in forms(word):
                yield form, number
