"""What lists, tables and forms of pages are made of: a link to a thing by its name, an option of a select."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ptce_lod.collation import sort_key
from ptce_lod.query.backend import Backend
from ptce_lod.settings import Settings
from ptce_lod.web.pages.site import path_to


class Link(NamedTuple):
    """A path or address, its text, and the text's language where it is not the page's."""

    href: str
    label: str
    lang: str


class Option(NamedTuple):
    """An option of a form's select: what is sent, its text, how many things it leaves."""

    value: str
    label: str
    lang: str
    number: int
    chosen: bool


def link_to(iri: str, backend: Backend, settings: Settings, language: str) -> Link:
    """Return a link to the document about ``iri``, which is its own text where it has no label."""
    label = backend.label(iri, language) if iri else None
    if label is None:
        return Link(path_to(iri, settings), iri, "")
    return Link(
        path_to(iri, settings), label.value, label.language if label.language not in ("", language) else ""
    )


def as_french_sorts(options: Iterable[Option]) -> list[Option]:
    """Return options by their texts: É stands beside E."""
    return sorted(options, key=lambda option: sort_key(option.label))
