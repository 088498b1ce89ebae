"""The page on which proposals of links are reviewed; a script asks and answers, since decisions need a token."""

from __future__ import annotations

from typing import Final

from ptce_lod.query.backend import Backend
from ptce_lod.settings import Settings
from ptce_lod.web.pages.environment import render
from ptce_lod.web.pages.i18n import translator
from ptce_lod.web.pages.reconcile import PROPERTY_NAMES

#: Relation → what its button says; a plain yes is the first that a proposal allows.
RELATIONS: Final = {
    "page": "About several things",
    "exact-match": "Exact match",
    "broad-match": "Broader",
    "narrow-match": "Narrower",
    "related-match": "Related",
}
KEYS: Final = {
    "page": "p",
    "exact-match": "e",
    "broad-match": "b",
    "narrow-match": "w",
    "related-match": "r",
}
#: Words of reasons and facts that are no properties → what they say.
WORDS: Final = {
    "name": "name",
    "identifier": "identifier",
    "translation": "page in another language",
    "slips": "slips of the finger",
    "category": "category",
    "not": "another {what}",
}


def render_linking(backend: Backend, settings: Settings, language: str, *, is_enabled: bool) -> str:
    """Return the page; ``is_enabled``: tokens are accepted here."""
    _ = translator(language)
    relations = [(name, _(text), KEYS[name]) for name, text in RELATIONS.items()]
    words = {name: _(text) for name, text in {**PROPERTY_NAMES, **WORDS}.items()}
    return render(
        "linking.html", language, settings, backend, relations=relations, words=words, is_enabled=is_enabled
    )
