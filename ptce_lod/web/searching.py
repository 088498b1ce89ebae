"""A search as it stands in an address: what was asked for, and the one address of each search."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import quote, urlencode

from ptce_lod.errors import BadRequest, ThingNotFound
from ptce_lod.query.found import FACETS

#: Longest text that is searched for, in characters; longest value of a facet; values of all facets.
TEXT_LENGTH: Final = 500
_VALUE_LENGTH: Final = 100
_VALUES: Final = 30


@dataclass(frozen=True)
class Search:
    """What is searched for: ``filters`` holds the facets with a choice only, in their fixed order, values sorted."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    page: int = 1

    def query(self, **more: str) -> str:
        """Return the query of the address: always written in the same way, "" for the empty search."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(name, value) for name, values in self.filters.items() for value in values]
        pairs += [("page", str(self.page))] if self.page > 1 else []
        pairs += [(name, value) for name, value in more.items() if value]
        return urlencode(pairs, safe="/", quote_via=quote)

    def at(self, page: int) -> Search:
        """Return another page of the same search."""
        return replace(self, page=page)

    def toggled(self, name: str, value: str) -> Search:
        """Return the search with a value of a facet added, or taken away when it is there; on its first page."""
        values = set(self.filters.get(name, ())) ^ {value}
        changed = {**self.filters, name: tuple(sorted(values))}
        return Search(self.text, {each: changed[each] for each in FACETS if changed.get(each)})

    def with_text(self, text: str) -> Search:
        """Return the search for another text under the same choices."""
        return replace(self, text=text, page=1)

    def tag(self) -> str:
        """Return what tells this search from others in an entity tag."""
        return hashlib.sha256(self.query().encode()).hexdigest()[:16]


def read_text(values: list[str]) -> str:
    """Return the text of the parameter ``q``, printable characters only; :class:`BadRequest` when it is too long."""
    text = values[0] if values else ""
    if len(text) > TEXT_LENGTH:
        raise BadRequest(
            f"q has {len(text)} characters, expected at most {TEXT_LENGTH}",
            hint="the first twelve words count; a few are enough",
        )
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def read_number(name: str, values: list[str], default: int, most: int, least: int = 1) -> int:
    """Return a parameter that is a whole number from ``least`` to ``most``, which may stand there once; else :class:`BadRequest`."""
    if not values:
        return default
    if len(values) > 1:
        raise BadRequest(f"there is more than one parameter {name!r}")
    text = values[0]
    if text.isascii() and text.isdigit() and len(text) <= 9 and least <= int(text) <= most:
        return int(text)
    raise BadRequest(f"{name} is {text[:50]!r}, expected a whole number from {least} to {most}")


def refuse_pages(values: list[str], rest: str) -> None:
    """Refuse the parameter ``page`` where there is one page only; ``rest`` says where more is. The first page is all there is.

    Raises :class:`BadRequest` for what is no number of a page, :class:`ThingNotFound` for one beyond the first.
    """
    number = read_number("page", values, 1, 10**9 - 1)
    if number > 1:
        raise ThingNotFound(f"page {number} does not exist: there is 1", hint=rest)


def read_search(parameters: Mapping[str, list[str]]) -> Search:
    """Return the search that the parameters of an address ask for; unknown ones are left alone."""
    filters = {}
    for name in FACETS:
        values = sorted({value for value in parameters.get(name, []) if value})
        for value in values:
            if len(value) > _VALUE_LENGTH or not value.isprintable():
                raise BadRequest(f"{name} is {value[:50]!r}, expected a value of the facet")
        if values:
            filters[name] = tuple(values)
    if sum(map(len, filters.values())) > _VALUES:
        raise BadRequest(f"there are more than {_VALUES} values of facets")
    text = read_text(parameters.get("q", []))
    return Search(text, filters, read_number("page", parameters.get("page", []), 1, 10**6))
