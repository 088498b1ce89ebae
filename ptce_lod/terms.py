"""Typed values shared by all rooms. No behaviour that does input or output.

Quads travel as canonical N-Quads lines (``str`` without line end): they sort, hash, stream and load without an object per term.
Source: RDF 1.1 N-Quads; canonical form of N-Triples, RDF 1.2 N-Triples section "Canonical form".
"""

from __future__ import annotations

import re
from typing import Final, NewType

Iri = NewType("Iri", str)
ReleaseId = NewType("ReleaseId", str)
LanguageTag = NewType("LanguageTag", str)
#: One quad in canonical N-Quads, without the line end.
QuadLine = NewType("QuadLine", str)

_ESCAPES: Final = {
    "\\": "\\\\",
    '"': '\\"',
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
    "\x7f": "\\u007F",
    **{chr(c): f"\\u{c:04X}" for c in range(0x20) if chr(c) not in "\n\r\t\b\f"},
}
_TO_ESCAPE: Final = re.compile(r'[\x00-\x1f"\\\x7f]')
_RELEASE_ID: Final = re.compile(r"[0-9a-f]{16}")


def iri_term(iri: str) -> str:
    """Return an IRI as an N-Quads term; the caller has checked that it is one."""
    return f"<{iri}>"


def escape(lexical_form: str) -> str:
    """Return a lexical form with the characters escaped that N-Quads must escape."""
    if _TO_ESCAPE.search(lexical_form) is None:
        return lexical_form
    return _TO_ESCAPE.sub(lambda match: _ESCAPES[match.group()], lexical_form)


def literal_term(lexical_form: str, *, datatype: str = "", language: str = "") -> str:
    """Return a literal as an N-Quads term. ``xsd:string`` is implied when neither datatype nor language is given."""
    text = f'"{escape(lexical_form)}"'
    if language:
        return f"{text}@{language}"
    return f"{text}^^<{datatype}>" if datatype else text


def quad_line(subject: str, predicate: str, object_: str, graph_name: str) -> QuadLine:
    """Join four N-Quads terms into a line."""
    return QuadLine(f"{subject} {predicate} {object_} {graph_name} .")


def is_release_id(text: str) -> bool:
    """Say whether ``text`` has the form of a release id: 16 lower-case hexadecimal digits."""
    return _RELEASE_ID.fullmatch(text) is not None
