"""Read a triple pattern from the parameters of an address: terms as programs and as people write them.

Source: Hydra Core Vocabulary, ``ExplicitRepresentation``: IRIs as they are, literals in quotation marks, with ``@`` or ``^^``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ptce_lod.errors import BadRequest
from ptce_lod.iris import is_absolute_iri
from ptce_lod.query.backend import Pattern
from ptce_lod.terms import iri_term, literal_term
from ptce_lod.web import context

#: Parameters in the order of a pattern, and their long names, which work as well.
NAMES: Final = ("s", "p", "o", "g")
_LONG: Final = {"s": "subject", "p": "predicate", "o": "object", "g": "graph"}
#: Longest term that is looked for, in characters.
_LENGTH: Final = 8000
_LITERAL: Final = re.compile(r'"(.*)"(?:@([a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*)|\^\^(.+))?', re.DOTALL)
_PREFIXED: Final = re.compile(r"([A-Za-z][\w-]*|):((?!//)\S*)")
_LEAD: Final = "https://linkeddatafragments.org/specification/triple-pattern-fragments/"


def read_pattern(parameters: Mapping[str, list[str]]) -> Pattern:
    """Return the pattern that ``s p o g`` (or ``subject predicate object graph``) ask for; :class:`BadRequest` names the wrong one."""
    terms = []
    for name in NAMES:
        values = [
            value for each in (name, _LONG[name]) for value in parameters.get(each, ()) if value.strip()
        ]
        if len(set(values)) > 1:
            raise BadRequest(f"{name} is given {len(values)} times, expected once", link=_LEAD)
        terms.append(_term(name, values[0].strip()) if values else "")
    if terms[-1] == iri_term(union_graph()):
        terms[-1] = ""
    return Pattern(*terms)


def union_graph() -> str:
    """Return the name under which a client asks for what no graph is named for: the union of all graphs."""
    return f"{context.settings().base_iri}fragments#union"


def _term(name: str, text: str) -> str:
    """Return a term as canonical N-Triples writes it, "" for a variable."""
    if len(text) > _LENGTH:
        raise BadRequest(f"{name} has {len(text)} characters, expected at most {_LENGTH}")
    if text.startswith(("?", "_:")):
        return ""
    if not text.startswith('"'):
        return iri_term(_iri(name, text))
    found = _LITERAL.fullmatch(text)
    if found is None:
        raise BadRequest(
            f'{name} is {text[:50]!r}, expected a literal such as "texte"@fr or "2014"^^xsd:gYear', link=_LEAD
        )
    # A literal is no subject, so nothing matches: clients put the values of a variable there, whatever they are, and an error stops them.
    value, language, datatype = found.groups()
    iri = _iri(name, datatype) if datatype else ""
    # RDF 1.1 Concepts section 3.3: a simple literal is a string.
    plain = iri == "http://www.w3.org/2001/XMLSchema#string"
    return literal_term(value, language=(language or "").lower(), datatype="" if plain else iri)


def _iri(name: str, text: str) -> str:
    """Return an IRI that stands as it is, in angle brackets, or with one of our prefixes."""
    iri = text[1:-1] if text.startswith("<") and text.endswith(">") else text
    prefixed = _PREFIXED.fullmatch(iri)
    if prefixed is not None:
        namespace = context.settings().addresses.prefixes().get(prefixed[1])
        iri = namespace + prefixed[2] if namespace else iri
    if not is_absolute_iri(iri):
        raise BadRequest(
            f"{name} is {text[:50]!r}, expected an absolute IRI, a name with one of our prefixes, or a variable",
            hint="the prefixes stand at /queries#prefixes",
            link=_LEAD,
        )
    return iri
