"""The page of the reconciliation service, and the words in which it names types, properties and parts of a score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from ptce_lod.query.backend import Backend
from ptce_lod.query.candidates import Candidate
from ptce_lod.query.facts import PROPERTIES
from ptce_lod.settings import Settings
from ptce_lod.web.pages.environment import render
from ptce_lod.web.pages.i18n import translator
from ptce_lod.web.pages.search import kind_of, place_of
from ptce_lod.web.pages.site import WORDS, label_of, path_to

PROPERTY_NAMES: Final[Mapping[str, str]] = {
    "other-name": "other name",
    "acronym": "acronym",
    "place": "municipality",
    "insee-code": "INSEE code",
    "department": "department",
    "region": "region",
    "latitude": "latitude",
    "longitude": "longitude",
    "website": "web site",
    "wiki-page": "wiki page",
    "siren": "SIREN number",
    "sector": "sector",
    "stage": "stage",
    "members": "members",
    "member-count": "number of members",
    "support-structure": "support structure",
    "actor-type": "kind of actor",
    "pole-count": "number of poles",
    "date": "date",
    "event-type": "kind of event",
    "call-type": "kind of call",
    "cooperation-type": "kind of cooperation",
    "pole": "pole",
    "publisher": "publisher",
    "url": "web address",
    "note": "note",
}
FEATURE_NAMES: Final[Mapping[str, str]] = {
    "identifier": "Identifier matched exactly",
    "name-likeness": "Likeness of the name, 0 to 1",
    "name-coverage": "Share of the asked words that the name has",
    "name-excess": "Share of the name that was not asked for",
    "slips": "Slips of the finger forgiven",
    "acronym": "Acronym made of the name",
}
_OF_PROPERTY: Final = "property-"
VALUES: Final[Mapping[str, str]] = {
    "text": "a text",
    "number": "a number",
    "date": "a date, perhaps without day or month",
    "url": "a web address",
    "siren": "nine digits; a SIRET counts by its SIREN",
    "insee": "a code of a municipality, department or region",
    "thing": "a thing, by its name or its id",
}


def type_name(type_: str, language: str) -> str:
    """Return what a type is called."""
    return translator(language)(WORDS.get(type_, type_))


def property_name(id_: str, language: str) -> str:
    """Return what a property is called."""
    return translator(language)(PROPERTY_NAMES[id_])


def property_values_name(values: str, language: str) -> str:
    """Return what the values of a property are."""
    return translator(language)(VALUES[values])


def feature_name(id_: str, language: str) -> str:
    """Return what a part of a score is called."""
    if id_.startswith(_OF_PROPERTY):
        return property_name(id_.removeprefix(_OF_PROPERTY), language)
    return translator(language)(FEATURE_NAMES[id_])


def flyout(name: str, about: str, language: str) -> str:
    """Return a few words on something, as HTML for another page."""
    told = f"<p>{escape(about)}</p>" if about else ""
    return f'<div lang="{language}"><p><strong>{escape(name)}</strong></p>{told}</div>'


def render_reconcile(
    backend: Backend,
    settings: Settings,
    text: str,
    type_: str,
    candidates: Sequence[Candidate],
    language: str,
) -> str:
    """Return the page; ``candidates`` are what was found for ``text`` and ``type_``, which somebody tries."""
    _ = translator(language)
    shown = [
        {
            "href": path_to(each.thing.iri, settings),
            "label": label_of(each.thing, language),
            "kind": ", ".join(part for part in (kind_of(each.thing, language), place_of(each.thing)) if part),
            "score": round(each.score),
            "match": each.match,
        }
        for each in candidates
    ]
    return render(
        "reconcile.html",
        language,
        settings,
        backend,
        text=text,
        type=type_,
        candidates=shown,
        types=[(each, type_name(each, language)) for each in WORDS],
        properties=[
            (id_, property_name(id_, language), property_values_name(each.values, language))
            for id_, each in PROPERTIES.items()
        ],
        features=[(id_, _(name)) for id_, name in FEATURE_NAMES.items()],
    )
