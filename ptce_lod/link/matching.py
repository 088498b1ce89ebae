"""Propose things for an entry, by the judge of the reconciliation service: what a source says of an entry becomes conditions.

The search index of the release is what keeps most pairs from being compared: only things that share an identifier, a name, its rarest
words or words a slip away are (docs/decisions/0016-linking.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final, Protocol

from ptce_lod.identifiers import insee_key, siren_key, url_key
from ptce_lod.iris import AddressSpace
from ptce_lod.link.entries import Entry, Proposal
from ptce_lod.link.reasons import CERTAIN, SPEAKS_FOR, reasons_of
from ptce_lod.link_policy import PRIMARY_TOPIC, RELATIONS
from ptce_lod.page_address import PageKey, page_key
from ptce_lod.query.candidates import Candidate, Condition, Reference, Sought, Value
from ptce_lod.query.entities import id_of, iri_of
from ptce_lod.query.found import PageAbout, ThingSummary
from ptce_lod.query.judging import NOT_KNOWN, UNKNOWN, decided

#: Proposals of one entry, and the least score of one: below, people say no.
_MOST: Final = 5
_LEAST: Final = 65.0
#: What a shared site is worth when the names are not alike: the site of somebody bigger, most often.
_SITE_ALONE: Final = 75.0
#: From this score on a text that names a place is understood as that place.
_PLACE_SURE: Final = 95.0
#: Kinds of units, the widest first, and the property that compares them.
_UNITS: Final = {"region": "region", "departement": "department", "commune": "place"}
#: Type of things → the property that a category is about.
_CATEGORY_OF: Final = {
    "pole": "sector",
    "actor": "actor-type",
    "event": "event-type",
    "call": "call-type",
    "cooperation": "cooperation-type",
}


class Things(Protocol):
    """The part of :class:`~ptce_lod.query.backend.Backend` that is asked."""

    def candidates(self, sought: Sought) -> list[Candidate]:
        """Return the things that may be meant, best first."""

    def pages_about(self, key: PageKey) -> Sequence[PageAbout]:
        """Return the things that a web page is about."""

    def property_values(self, thing: ThingSummary, property_: str) -> list[Value]:
        """Return the values of a property of a thing."""


class Matcher:
    """Proposes things of one release. ``types``: only things of these; none: those that names usually mean."""

    def __init__(self, things: Things, addresses: AddressSpace, types: Sequence[str] = ()) -> None:
        self._things = things
        self._addresses = addresses
        self._types = tuple(types)
        self._unit = lru_cache(maxsize=20_000)(self._read_unit)

    def proposals(self, entry: Entry) -> tuple[Proposal, ...]:
        """Return what an entry may mean, best first; at most the first is a match."""
        named = self._ask([Condition("", (entry.name, *entry.others)), *self._where(entry)])
        named.candidates = _by_name_alone(named.candidates)
        pages = self._with_page(entry)
        found = self._with_category(entry, self._identified(entry, named, pages))
        best = [each for each in found.candidates if each.score >= _LEAST][:_MOST]
        return tuple(self._proposal(entry, each, pages) for each in best)

    def _ask(self, conditions: Sequence[Condition], iris: Sequence[str] = ()) -> _Answer:
        sought = Sought(tuple(conditions), tuple(iris), self._types, limit=2 * _MOST)
        return _Answer(sought, self._things.candidates(sought))

    def _where(self, entry: Entry) -> Iterator[Condition]:
        for fact in ("department", "region"):
            if values := entry.facts.get(fact):
                yield Condition(fact, tuple(values))
        yield from map(self._unit, entry.facts.get("place", ())[:1])

    def _read_unit(self, text: str) -> Condition:
        """Return the condition that a place makes: what is called « Ain » or « La Réunion » is no municipality."""
        found = self._things.candidates(Sought((Condition("", (text,)),), types=tuple(_UNITS), limit=5))
        sure = [each.thing for each in found if each.score >= _PLACE_SURE]
        for kind, property_ in _UNITS.items():
            for thing in sure:
                if thing.detail.get("kind") == kind:
                    return Condition(property_, (Reference(thing.iri),))
        return Condition("place", (text,))

    def _identified(self, entry: Entry, named: _Answer, pages: Sequence[str]) -> _Answer:
        """Return the answer with what identifiers, sites and ``pages``, things of shared pages, tell: it finds what the name does not."""
        given = entry.facts.get("identifier", ())
        iris = [iri for text in (*given, *entry.linked) if (iri := iri_of(text, self._addresses))]
        iris += pages
        told = (_address(text) for text in entry.facts.get("website", ()))
        sites = (*filter(url_key, told), *self._shared(entry, named.candidates))
        more = list(_identifiers(given))
        if sites:
            more.append(Condition("website", sites))
        if not more and not iris:
            return named
        asked = self._ask([*named.sought.conditions, *more], iris)
        alike = {candidate.thing.iri: candidate for candidate in named.candidates}
        merged = [_merged(each, alike.get(each.thing.iri), iris) for each in asked.candidates]
        return _Answer(asked.sought, sorted(merged, key=lambda each: (not each.match, -each.score)))

    def _with_page(self, entry: Entry) -> list[str]:
        """Return the things that a page of a wiki about the entry is about alone: what a sitelink tells."""
        found: dict[str, None] = {}
        for address in entry.facts.get("page", ()):
            try:
                key = page_key(address)
            except ValueError:
                continue
            found |= dict.fromkeys(
                about.iri
                for about in self._things.pages_about(key)
                if about.property == RELATIONS[PRIMARY_TOPIC]
            )
        return list(found)

    def _shared(self, entry: Entry, found: Iterable[Candidate]) -> tuple[str, ...]:
        """Return the links of a page that are the site of a thing that its name may mean."""
        keys = {key: address for address in entry.addresses if (key := url_key(address))}
        sites = {
            url_key(value.iri if isinstance(value, Reference) else str(value))
            for candidate in (found if keys else ())
            for value in self._things.property_values(candidate.thing, "website")
        }
        return tuple(keys[key] for key in sorted(sites & set(keys)))

    def _with_category(self, entry: Entry, former: _Answer) -> _Answer:
        """Return the answer with the category when it speaks for a thing; others sort the world otherwise, so it speaks against none."""
        values = tuple(
            Reference(iri) if (iri := iri_of(text, self._addresses)) else text
            for text in entry.facts.get("category", ())
        )
        types = dict.fromkeys(each.thing.type for each in former.candidates) if values else ()
        for property_ in (_CATEGORY_OF[type_] for type_ in types if type_ in _CATEGORY_OF):
            conditions = (*former.sought.conditions, Condition(property_, values))
            asked = self._ask(conditions, former.sought.iris)
            if any(each.features.get(f"property-{property_}", 0) >= SPEAKS_FOR for each in asked.candidates):
                return asked
        return former

    def _proposal(self, entry: Entry, candidate: Candidate, pages: Sequence[str]) -> Proposal:
        thing = id_of(candidate.thing.iri, self._addresses)
        place = str(candidate.thing.detail.get("place") or candidate.thing.detail.get("region") or "")
        reasons = tuple(
            reasons_of(
                candidate.features,
                is_translation=thing in entry.linked,
                has_page=candidate.thing.iri in pages,
            )
        )
        score = round(candidate.score, 1)
        return Proposal(thing, candidate.thing.label_fr, place, score, candidate.match, reasons)


class _Answer:
    """A question and its candidates."""

    def __init__(self, sought: Sought, candidates: Sequence[Candidate]) -> None:
        self.sought = sought
        self.candidates = candidates


def _by_name_alone(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """Return candidates judged as if what is not known of them had not been asked, when it speaks for none: then it tells nothing."""
    told = [
        [worth for name, worth in each.features.items() if name.startswith("property-")]
        for each in candidates
    ]
    if any(worth >= SPEAKS_FOR for worths in told for worth in worths):
        return candidates
    return decided(
        [
            replace(each, match=False, score=min(100.0, each.score / UNKNOWN ** worths.count(NOT_KNOWN)))
            for each, worths in zip(candidates, told, strict=True)
        ]
    )


def _merged(found: Candidate, named: Candidate | None, iris: Sequence[str]) -> Candidate:
    """Return a candidate with what its name is worth; one that only a site found is worth less."""
    if "identifier" not in found.features:
        return found
    features = {**(named.features if named else {}), **found.features}
    is_named = named is not None and "identifier" in named.features
    certain = [name for name in CERTAIN if features.get(name) == 1.0]
    if is_named or certain or found.thing.iri in iris:
        return replace(found, features=features)
    del features["identifier"]
    if named is None:
        return replace(found, score=_SITE_ALONE, match=False, features={**features, "name-likeness": 0.0})
    return replace(found, features=features)


def _address(text: str) -> str:
    """Return the address of a site as people write it, most often without its beginning."""
    return text if "//" in text else f"https://{text.strip()}"


def _identifiers(values: Sequence[str]) -> Iterator[Condition]:
    for property_, make in (("siren", siren_key), ("insee-code", insee_key)):
        if found := tuple(value for value in values if make(value)):
            yield Condition(property_, found)
