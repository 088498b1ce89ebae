"""The page of results: what was found, why, and by what it can be narrowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ptce_lod.query.backend import Backend, ThingSummary
from ptce_lod.query.found import FacetValue, Hit, Match, SearchAnswer
from ptce_lod.settings import Settings
from ptce_lod.web.pages.environment import render
from ptce_lod.web.pages.i18n import translator
from ptce_lod.web.pages.site import WORDS, label_of, path_to
from ptce_lod.web.pages.text import path_of
from ptce_lod.web.searching import Search

FACET_TITLES: Final[Mapping[str, str]] = {
    "type": "Category",
    "region": "Region",
    "department": "Department",
    "stage": "Stage",
    "sector": "Sector",
    "recognition": "Recognition",
    "kind": "Kind",
    "year": "Year",
}
#: What a match is told to be, when it is not the name.
FIELDS: Final[Mapping[str, str]] = {
    "name": "also named",
    "acronym": "acronym",
    "place": "place",
    "publisher": "published by",
    "code": "address or code",
    "text": "described as",
}
#: Values of a facet that are seen without opening it.
_OPEN: Final = 6


@dataclass(frozen=True)
class Part:
    """A piece of a text, and whether it is what was looked for."""

    text: str
    found: bool


@dataclass(frozen=True)
class Value:
    """One value of a facet as a link."""

    label: str
    lang: str
    number: int
    chosen: bool
    href: str


@dataclass(frozen=True)
class Facet:
    """A facet with its values: the first are open to sight, the rest folded away."""

    name: str
    title: str
    first: Sequence[Value]
    rest: Sequence[Value]


@dataclass(frozen=True)
class Result:
    """One result as it is shown."""

    href: str
    title: Sequence[Part]
    lang: str
    acronym: str
    kind: str
    where: str
    why: str
    match: Sequence[Part]


def parts(text: str, spans: Sequence[tuple[int, int]]) -> list[Part]:
    """Return ``text`` in pieces, those in ``spans`` marked.

    >>> [part.text for part in parts("Pôle Sud Archer", [(9, 15)])]
    ['Pôle Sud ', 'Archer']
    """
    found, end = [], 0
    for begin, until in spans:
        found += [Part(text[end:begin], False), Part(text[begin:until], True)]
        end = until
    return [part for part in (*found, Part(text[end:], False)) if part.text]


def kind_of(thing: ThingSummary, language: str) -> str:
    """Return what kind of thing it is, in words."""
    return translator(language)(WORDS.get(thing.detail.get("kind", "") or thing.type, thing.type))


def place_of(thing: ThingSummary) -> str:
    """Return where a thing is, or who published it."""
    found = [str(thing.detail[key]) for key in ("place", "region", "publisher") if key in thing.detail]
    return ", ".join(dict.fromkeys(found))


def value_label(facet: str, value: FacetValue, backend: Backend, language: str) -> tuple[str, str]:
    """Return the label of a value of a facet, and its language when it is not the page's."""
    if value.iri:
        label = backend.label(value.iri, language)
        if label is None:
            return value.value, ""
        return label.value, label.language if label.language not in ("", language) else ""
    word = translator(language)(WORDS.get(value.value, value.value))
    return (word if facet == "year" else word[:1].upper() + word[1:]), ""


def _result(hit: Hit, settings: Settings, language: str) -> Result:
    thing, match = hit.thing, hit.match
    label, lang = label_of(thing, language)
    in_label = match is not None and match.text == label
    title = parts(label, match.spans) if match is not None and in_label else [Part(label, False)]
    acronym = str(thing.detail.get("acronym", ""))
    told = match if match is not None and not in_label and match.spans else None
    return Result(
        path_to(thing.iri, settings),
        title,
        lang,
        acronym if acronym != label else "",
        kind_of(thing, language),
        place_of(thing),
        translator(language)(FIELDS[told.field]) if told else "",
        _pieces(told),
    )


def _pieces(match: Match | None) -> Sequence[Part]:
    return parts(match.text, match.spans) if match else ()


def _facets(
    answer: SearchAnswer, search: Search, address: str, backend: Backend, language: str
) -> list[Facet]:
    _ = translator(language)
    found = []
    for name, values in answer.facets.items():
        # A single value that everything has narrows nothing.
        if not any(v.chosen for v in values) and (len(values) < 2 or not answer.total):
            continue
        shown = []
        for value in values:
            label, lang = value_label(name, value, backend, language)
            href = f"{address}?{search.toggled(name, value.value).query()}"
            shown.append(Value(label, lang, value.number, value.chosen, href))
        first = [v for place, v in enumerate(shown) if place < _OPEN or v.chosen]
        rest = [v for v in shown if v not in first]
        if len(rest) == 1:
            first, rest = shown, []
        found.append(Facet(name, _(FACET_TITLES[name]), first, rest))
    return found


def render_search(
    backend: Backend, settings: Settings, search: Search, answer: SearchAnswer, language: str
) -> str:
    """Return a page of what is found."""
    address = path_of(f"{settings.base_iri}search", settings.base_iri)
    query = search.at(1).query()
    facets = _facets(answer, search, address, backend, language)
    return render(
        "search.html",
        language,
        settings,
        backend,
        search_text=search.text,
        page_query=search.query(),
        asked=bool(query),
        answer=answer,
        instead=f"{address}?{search.with_text(answer.instead).query()}" if answer.instead else "",
        facets=facets,
        chips=[(f.title, v) for f in facets for v in (*f.first, *f.rest) if v.chosen],
        without=f"{address}?{Search(search.text).query()}",
        results=[_result(hit, settings, language) for hit in answer.hits],
        page=search.page,
        last=max(1, -(-answer.total // settings.page_size)),
        address=f"{address}?{query}{'&' if query else ''}",
        feed=f"{address}.atom?{query}",
        json=f"{address}.json?{query}",
    )
