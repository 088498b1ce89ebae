"""One real use of a term as Turtle whose names are links, each value followed by its label."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import pyoxigraph as ox

from ptce_lod import namespaces as ns
from ptce_lod.web.pages.reading import Reader, shortened
from ptce_lod.web.pages.vocabulary.words import Piece, Words

_LOCAL: Final = re.compile(r"[A-Za-z0-9_]([\w-]|\.(?=[\w-]))*")
#: Longer texts are cut: the page of the thing has them whole.
_LONGEST: Final = 100


@dataclass(frozen=True)
class Example:
    """Lines of Turtle, and the thing that they begin with."""

    lines: tuple[Words, ...]


class ExampleWriter:
    """Writes the examples of a release in the language of a page."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._examples = reader.backend.statistics.get("examples", {})
        names = reader.settings.addresses.prefixes()
        self._prefixes = sorted(names.items(), key=lambda item: -len(item[1]))

    def of(self, term: str) -> Example | None:
        """Return the example of a term; None when the release uses it nowhere."""
        text = self._examples.get(term, "")
        triples = [quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.N_TRIPLES)]
        if not triples:
            return None
        lines: list[Words] = []
        for subject, group in groupby(triples, key=lambda t: t.subject):
            lines.extend(self._block(subject.value, list(group)))
        return Example(tuple(lines))

    def _block(self, subject: str, triples: list[ox.Triple]) -> list[Words]:
        lines: list[Words] = [(self._name(subject), *self._label(subject))]
        for number, triple in enumerate(triples):
            end = " ." if number == len(triples) - 1 else " ;"
            is_type = triple.predicate.value == ns.RDF + "type"
            predicate = Piece("a") if is_type else self._name(triple.predicate.value)
            value = self._value(triple.object)
            label = self._label(triple.object.value) if isinstance(triple.object, ox.NamedNode) else ()
            lines.append((Piece("  "), predicate, Piece(" "), value, Piece(end), *label))
        return lines

    def _value(self, node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Piece:
        if isinstance(node, ox.NamedNode):
            return self._name(node.value)
        if not isinstance(node, ox.Literal):
            return Piece(str(node))
        text = node.value if len(node.value) <= _LONGEST else node.value[:_LONGEST] + "[…]"
        quoted = str(ox.Literal(text))
        if node.language:
            return Piece(f"{quoted}@{node.language}", "", node.language)
        if node.datatype.value == ns.XSD + "string":
            return Piece(quoted)
        if node.datatype.value == ns.XSD + "integer":
            return Piece(node.value)
        return Piece(f"{quoted}^^{self._short(node.datatype.value)}")

    def _name(self, iri: str) -> Piece:
        return Piece(self._short(iri), self._reader.ref(iri).href)

    def _short(self, iri: str) -> str:
        for prefix, namespace in self._prefixes:
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri[len(namespace) :]):
                return f"{prefix}:{iri[len(namespace) :]}"
        return f"<{iri}>"

    def _label(self, iri: str) -> Words:
        label = self._reader.label(iri)
        if label.value in (iri, self._short(iri), shortened(iri)):
            return ()
        return (Piece("  # "), Piece(label.value, "", label.lang))
