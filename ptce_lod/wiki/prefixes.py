"""By which words a wiki's text names categories and templates: those that the wiki says of itself, and the English ones.

Sources: MediaWiki API:Siteinfo (namespaces, namespacealiases), Help:Namespaces: the English names are understood everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

#: Numbers of the namespaces, as a snapshot keeps them.
TEMPLATE, CATEGORY = "10", "14"
#: Names in the languages that we read, for a snapshot that does not say them.
_USUAL: Final[dict[str, tuple[str, ...]]] = {
    TEMPLATE: ("modèle", "vorlage", "plantilla", "predefinição", "modello"),
    CATEGORY: ("catégorie", "kategorie", "categoría", "categoria"),
}
_ENGLISH: Final = {TEMPLATE: "template", CATEGORY: "category"}


@dataclass(frozen=True)
class Prefixes:
    """Names of two namespaces, each as :func:`_plain` has it."""

    templates: frozenset[str]
    categories: frozenset[str]

    def without(self, title: str, names: frozenset[str]) -> str | None:
        """Return a title without the prefix that is one of ``names``; None when it has none of them."""
        prefix, colon, rest = title.partition(":")
        return rest if colon and _plain(prefix) in names else None


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()


def prefixes_of(about: Mapping[str, Any]) -> Prefixes:
    """Return the names by what a snapshot keeps of a site; the usual ones where it does not say them."""
    said = about.get("namespaces") or {}
    templates, categories = (
        frozenset({_ENGLISH[number], *map(_plain, said.get(number) or _USUAL[number])})
        for number in (TEMPLATE, CATEGORY)
    )
    return Prefixes(templates, categories)


#: For text of which no wiki is known.
USUAL: Final = prefixes_of({})
