"""What a declared field says, as a term of Turtle with relative IRIs: a parameter of a template, or a value in the wiki's RDF."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from ptce_lod.namespaces import CONCEPT
from ptce_lod.page_address import PageKey, page_key
from ptce_lod.terms import literal_term
from ptce_lod.wiki.config import Field
from ptce_lod.wiki.plain import decoded, plain
from ptce_lod.wiki.rdf import read_value
from ptce_lod.wiki.values import Value, parse_value
from ptce_lod.wiki.wikitext import normal_title


def iri(text: str) -> str:
    """Return an IRI as a term."""
    return f"<{text}>"


def thing_term(thing: str) -> str:
    """Return a thing of the mapping as a term: ``concept/SCHEME/CODE`` is a concept, everything else a thing of the deployment."""
    return iri(CONCEPT + thing.removeprefix("concept/")) if thing.startswith("concept/") else iri(thing)


def of_parameter(rule: Field, wikitext: str, language: str, things: Mapping[tuple[str, str], str]) -> str:
    """Return what a parameter of a template says; ``things`` maps (language, normalised title) → thing.

    ValueError, in words for who edits the wiki, when it cannot be read.
    """
    if rule.parser == "concept":
        return _concept(rule, plain(wikitext))
    if rule.parser == "page":
        title = normal_title(
            decoded(wikitext).strip().removeprefix("[[").partition("]]")[0].partition("|")[0]
        )
        if (language, title) not in things:
            raise ValueError(f"the page {title[:60]!r} is about no thing that is known")
        return thing_term(things[language, title])
    value = parse_value(wikitext, rule.parser, language, rule.units)
    if rule.parser == "url":
        return iri(value.text)
    return _literal(value, language)


def of_rdf(rule: Field, value: ox.NamedNode | ox.Literal, language: str, pages: Mapping[PageKey, str]) -> str:
    """Return what a value in RDF says; ``pages`` maps a page's key → the thing that it is about. ValueError as of a parameter."""
    if rule.parser == "concept":
        return _concept(rule, value.value)
    if rule.parser == "page":
        thing = pages.get(page_key(value.value), "")
        if not thing:
            raise ValueError(f"{value.value[:100]!r} is about no thing that is known")
        return thing_term(thing)
    found = read_value(value, rule.parser)
    if rule.parser == "url":
        return iri(found.text)
    stated = value.language if isinstance(value, ox.Literal) else None
    return _literal(found, stated or language)


def _concept(rule: Field, word: str) -> str:
    """Return the concept that a word, or an IRI, of a wiki stands for; ValueError when none is declared."""
    values = {name.lower(): concept for name, concept in rule.values.items()}
    if word.lower() not in values:
        raise ValueError(f"{word[:60]!r} is none of {', '.join(rule.values)}")
    return iri(CONCEPT + values[word.lower()])


def _literal(value: Value, language: str) -> str:
    if value.datatype:
        return literal_term(value.text, datatype=value.datatype)
    return literal_term(value.text, language=language)
