"""Facts as annotations of Semantic MediaWiki: a call of ``#set`` that shows nothing.

Source: Semantic MediaWiki, Help:Setting values.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

from ptce_lod.wiki.facts import Facts, Row, values
from ptce_lod.wiki_markup import address, escape

#: Columns of the table of poles whose values can be annotated.
COLUMNS: Final = (
    "id", "name", "other_names", "place", "departments", "regions", "sectors", "stage", "first_recognised", "support_structure", "websites",
)  # fmt: skip
_CONCEPTS: Final = ("sectors", "stage", "support_structure")
_ADDRESSES: Final = ("id", "websites")


def is_property_name(name: str) -> bool:
    """Say whether a wiki can have a property of this name."""
    return bool(name.strip()) and name.isprintable() and not any(c in "#<>[]|{}=" for c in name)


def set_call(facts: Facts, row: Row, columns: Mapping[str, str], language: str) -> str:
    """Return the call for a pole; "" when nothing is known. ``columns`` says which column gives the values of a property."""
    pairs = [
        (unicodedata.normalize("NFC", name), text)
        for name, column in columns.items()
        for text in dict.fromkeys(_texts(facts, row, column, language))
    ]
    return "\n".join(["{{#set:", *(f"| {name} = {text}" for name, text in pairs), "}}"]) if pairs else ""


def _texts(facts: Facts, row: Row, column: str, language: str) -> Iterable[str]:
    """Yield the values of a column as the wiki's software reads them: a date as YYYY-MM-DD, a concept by its label."""
    if column == "name":
        yield escape(facts.name(row, language))
        return
    for value in values(row, column):
        if column in _ADDRESSES:
            if found := address(value):
                yield found
        elif column in _CONCEPTS:
            yield escape(facts.label(value, language) or value)
        else:
            yield escape(value)
