"""What a page's wikitext holds: links, categories, addresses, sections and templates with their places in the text.

Nothing is expanded: a template is its name and what its parameters hold. Places count Unicode characters from 0.
Source: mwparserfromhell, whose nodes give back the text they were read from, character by character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import mwparserfromhell
from mwparserfromhell.nodes import Heading, Template, Wikilink

from ptce_lod.wiki import unclosed

#: Longest text that is read, in characters: MediaWiki's own limit is two million bytes.
MAX_LENGTH: Final = 2_000_000
#: Most links of a kind that are kept of one page: nobody wrote more by hand.
_MOST: Final = 2000
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_CATEGORY: Final = ("category", "catégorie", "kategorie", "categoría", "categoria")


@dataclass(frozen=True)
class Parameter:
    """A template's parameter: its value as it is written, and where that stands."""

    value: str
    start: int
    end: int


@dataclass(frozen=True)
class TemplateUse:
    """A template at the top of a page's text."""

    name: str
    parameters: dict[str, Parameter]


@dataclass(frozen=True)
class Section:
    """A section by its heading; ``start`` is where the heading begins, ``end`` where the next of its level or above does."""

    title: str
    level: int
    start: int
    end: int


@dataclass(frozen=True)
class PageContent:
    """What a page holds; links and categories by normalised title, in the order of the text, each once."""

    links: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    templates: tuple[TemplateUse, ...] = ()
    sections: tuple[Section, ...] = ()


def read_wikitext(text: str) -> PageContent:
    """Read a page's text; ValueError when it is too long or cannot be read."""
    if len(text) > MAX_LENGTH:
        raise ValueError(f"the text has {len(text)} characters, expected at most {MAX_LENGTH}")
    if _CONTROL.search(text):
        raise ValueError("the text holds control characters, which no wiki keeps")
    unclosed.check(text)
    try:
        code = mwparserfromhell.parse(text, skip_style_tags=True)
        templates, headings = _top(code, text)
        titles = [normal_title(str(link.title)) for link in code.ifilter_wikilinks()]
        addresses = [str(link.url).strip() for link in code.ifilter_external_links()]
    except (mwparserfromhell.parser.ParserError, RecursionError) as error:
        raise ValueError(f"the wikitext cannot be read ({type(error).__name__})") from error
    categories = [name for title in titles if (name := _category(title))]
    links = [title for title in titles if title and not _category(title)]
    return PageContent(
        _few(links), _few(categories), _few(addresses), tuple(templates), _sections(headings, len(text))
    )


def _few(values: list[str]) -> tuple[str, ...]:
    return tuple(list(dict.fromkeys(values))[:_MOST])


def normal_title(title: str) -> str:
    """Return a title as MediaWiki normalises it: no fragment, no colon before, single spaces, a capital first letter.

    >>> normal_title(":pôle_territorial  de coopération#Histoire")
    'Pôle territorial de coopération'
    """
    text = " ".join(title.partition("#")[0].replace("_", " ").split()).removeprefix(":").strip()
    return text[:1].upper() + text[1:]


def _category(title: str) -> str:
    word, colon, name = title.partition(":")
    return normal_title(name) if colon and word.strip().lower() in _CATEGORY else ""


def _top(code: Any, text: str) -> tuple[list[TemplateUse], list[tuple[str, int, int]]]:
    """Return the templates at the top of the text, and headings as (title, level, place)."""
    templates, headings = [], []
    place = 0
    for node in code.nodes:
        length = len(str(node))
        if isinstance(node, Template):
            templates.append(_template(node, place))
        elif isinstance(node, Heading):
            title = " ".join(str(node.title.strip_code()).split())
            headings.append((title, node.level, place))
        elif isinstance(node, Wikilink) and place + length > len(text):
            raise ValueError("the parser lost its place in the text")
        place += length
    if place != len(text):
        raise ValueError("the parser lost its place in the text")
    return templates, headings


def _template(node: Template, place: int) -> TemplateUse:
    place += len("{{") + len(str(node.name))
    parameters: dict[str, Parameter] = {}
    for parameter in node.params:
        start = place + 1  # the bar
        name, value = str(parameter.name).strip(), str(parameter.value)
        if parameter.showkey:
            start += len(str(parameter.name)) + 1
        place = start + len(value)
        lead = len(value) - len(value.lstrip())
        stripped = value.strip()
        parameters[name.lower()] = Parameter(stripped, start + lead, start + lead + len(stripped))
    return TemplateUse(normal_title(str(node.name)), parameters)


def _sections(headings: list[tuple[str, int, int]], length: int) -> tuple[Section, ...]:
    found = []
    for number, (title, level, start) in enumerate(headings[:_MOST]):
        end = next((place for _, other, place in headings[number + 1 :] if other <= level), length)
        found.append(Section(title, level, start, end))
    return tuple(found)
