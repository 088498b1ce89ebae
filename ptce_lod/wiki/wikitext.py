"""What a page's wikitext holds: links, categories, addresses, sections and templates with their places in the text.

Nothing is expanded: a template is its name and what its parameters hold. Places count Unicode characters from 0.
Source: mwparserfromhell, whose nodes give back the text they were read from, character by character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import mwparserfromhell
from mwparserfromhell.nodes import Comment, ExternalLink, Heading, Template, Wikilink

from ptce_lod.wiki import unclosed
from ptce_lod.wiki.prefixes import USUAL, Prefixes

#: Longest text that is read, in characters: MediaWiki's own limit is two million bytes.
MAX_LENGTH: Final = 2_000_000
#: Most links of a kind that are kept of one page: nobody wrote more by hand.
_MOST: Final = 2000
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Parameter:
    """A template's parameter: its value as it is written, and where that stands."""

    value: str
    start: int
    end: int


@dataclass(frozen=True)
class TemplateUse:
    """A template, at the top of a page's text or inside something else; ``name`` has no prefix, and ":" before it for another page."""

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


def read_wikitext(text: str, prefixes: Prefixes = USUAL) -> PageContent:
    """Read a page's text; ``prefixes`` are the words of its wiki. ValueError when it is too long or cannot be read."""
    if len(text) > MAX_LENGTH:
        raise ValueError(f"the text has {len(text)} characters, expected at most {MAX_LENGTH}")
    if _CONTROL.search(text):
        raise ValueError("the text holds control characters, which no wiki keeps")
    unclosed.check(text)
    try:
        code = mwparserfromhell.parse(text, skip_style_tags=True)
        headings = _headings(code, text)
        nodes = list(code.ifilter())
        templates = _templates(nodes, text, prefixes)
        titles = [str(node.title).strip() for node in nodes if isinstance(node, Wikilink)]
        addresses = [str(node.url).strip() for node in nodes if isinstance(node, ExternalLink)]
    except (mwparserfromhell.parser.ParserError, RecursionError) as error:
        raise ValueError(f"the wikitext cannot be read ({type(error).__name__})") from error
    # A colon before a category's name makes a link of it.
    within = {title: prefixes.without(title, prefixes.categories) for title in titles}
    categories = [name for title in titles if (name := normal_title(within[title] or ""))]
    links = [name for title in titles if within[title] is None and (name := normal_title(title))]
    return PageContent(
        _few(links), _few(categories), _few(addresses), templates, _sections(headings, len(text))
    )


def _few(values: list[str]) -> tuple[str, ...]:
    return tuple(list(dict.fromkeys(values))[:_MOST])


def normal_title(title: str) -> str:
    """Return a title as MediaWiki normalises it: composed (NFC), no fragment, no colon before, single spaces, a capital first letter.

    >>> normal_title(":pôle_territorial  de coopération#Histoire")
    'Pôle territorial de coopération'
    """
    composed = unicodedata.normalize("NFC", title)
    text = " ".join(composed.partition("#")[0].replace("_", " ").split()).removeprefix(":").strip()
    return text[:1].upper() + text[1:]


def _headings(code: Any, text: str) -> list[tuple[str, int, int]]:
    """Return the headings at the top of the text as (title, level, place)."""
    headings = []
    place = 0
    for node in code.nodes:
        if isinstance(node, Heading):
            title = " ".join(str(node.title.strip_code()).split())
            headings.append((title, node.level, place))
        place += len(str(node))
    if place != len(text):
        raise ValueError("the parser lost its place in the text")
    return headings


def _templates(nodes: Iterable[Any], text: str, prefixes: Prefixes) -> tuple[TemplateUse, ...]:
    """Return the templates in the order of the text, those inside tags and inside other templates, too."""
    found: list[TemplateUse] = []
    place = -1
    for node in islice((each for each in nodes if isinstance(each, Template)), _MOST):
        # Each begins after the one before it. A copy that stands in a comment may be met first: it says the same.
        place = text.find(str(node), place + 1)
        if place < 0:
            raise ValueError("the parser lost its place in the text")
        found.append(_template(node, place, prefixes))
    return tuple(found)


def _template_name(node: Template, prefixes: Prefixes) -> str:
    name = "".join(str(each) for each in node.name.nodes if not isinstance(each, Comment)).strip()
    if name.startswith(":"):
        return f":{normal_title(name)}"
    without = prefixes.without(name, prefixes.templates)
    return normal_title(name if without is None else without)


def _template(node: Template, place: int, prefixes: Prefixes) -> TemplateUse:
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
    return TemplateUse(_template_name(node, prefixes), parameters)


def _sections(headings: list[tuple[str, int, int]], length: int) -> tuple[Section, ...]:
    found = []
    for number, (title, level, start) in enumerate(headings[:_MOST]):
        end = next((place for _, other, place in headings[number + 1 :] if other <= level), length)
        found.append(Section(title, level, start, end))
    return tuple(found)
