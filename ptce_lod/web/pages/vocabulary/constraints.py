"""SHACL constraints in words, in French and English: "exactly one value, a date".

Reference: SHACL, sections 2.3 (paths) and 4 (constraint components), https://www.w3.org/TR/shacl/. :data:`COMPONENTS` lists the parameters
that are put into words; a test holds that list against the shapes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import pyoxigraph as ox

from ptce_lod import namespaces as ns
from ptce_lod.numbers import format_number
from ptce_lod.web.pages.i18n import translator
from ptce_lod.web.pages.vocabulary.datatypes import language_names, spoken_datatype
from ptce_lod.web.pages.vocabulary.graph import Graph
from ptce_lod.web.pages.vocabulary.names import Names
from ptce_lod.web.pages.vocabulary.words import Piece, Words, fill, join, plain

#: Shapes within shapes are followed so far; deeper, or in a circle, a shape is named, not told.
DEEPEST: Final = 6


def _sh(name: str) -> str:
    return ns.SH + name


class Constraints:
    """Puts the constraints of the shapes of one graph into words of one language."""

    def __init__(self, graph: Graph, names: Names, language: str) -> None:
        self.graph = graph
        self.names = names
        self.language = language
        self._ = translator(language)

    def path(self, node: str) -> Words:
        """Return a property path; a property by its label and name."""
        if self.graph.is_list(node):
            steps = [self.path(m.value) for m in self.graph.members(node)]
            return join(steps, self._(", then "))
        if inverse := self.graph.name(node, _sh("inversePath")):
            return fill(self._("what points here by {path}"), path=self.path(inverse))
        if ways := self.graph.name(node, _sh("alternativePath")):
            return join([self.path(m.value) for m in self.graph.members(ways)], self._(" or "))
        for name, text in (
            ("zeroOrMorePath", self._("{path}, any number of times")),
            ("oneOrMorePath", self._("{path}, once or more")),
            ("zeroOrOnePath", self._("{path}, once or not at all")),
        ):
            if inner := self.graph.name(node, _sh(name)):
                return fill(text, path=self.path(inner))
        return self.names.thing(node)

    def of(self, shape: str) -> Words:
        """Return all that a property shape asks of the values of its path, as one sentence without a full stop; empty when nothing."""
        count = self._count(shape)
        values = list(self._values(shape, 0))
        return self._sentence(count, [*self._together(shape), *self._qualified(shape, 0)], values)

    def of_node(self, shape: str) -> list[Words]:
        """Return what a node shape asks of the node itself, one sentence each; its property shapes are not among them."""
        return list(self._values(shape, 0, properties=False))

    def _sentence(self, count: Words, together: list[Words], values: list[Words]) -> Words:
        said = join(values, ", ")
        if values and count:
            one = self.one_value
            template = self._("{count}, {words}") if one else self._("{count}; each: {words}")
            first = fill(template, count=count, words=said)
        elif values:
            first = fill(self._("each value, if any: {words}"), words=said)
        else:
            first = count
        return join([part for part in (first, *together) if part], self._("; "))

    def _count(self, shape: str) -> Words:
        least = self.graph.number(shape, _sh("minCount")) or 0
        most = self.graph.number(shape, _sh("maxCount"))
        self.one_value = most == 1
        return plain(self._counted(least, most))

    def _counted(self, least: int, most: int | None) -> str:
        number = self._number
        if most == 0:
            return self._("no value")
        if least == most:
            return (
                self._("exactly one value")
                if most == 1
                else self._("exactly {n} values").format(n=number(least))
            )
        if most is None:
            if not least:
                return ""
            return (
                self._("at least one value")
                if least == 1
                else self._("at least {n} values").format(n=number(least))
            )
        if not least:
            return (
                self._("at most one value")
                if most == 1
                else self._("at most {n} values").format(n=number(most))
            )
        return self._("from {least} to {most} values").format(least=number(least), most=number(most))

    def _number(self, value: float | str) -> str:
        return format_number(value, self.language)

    def _together(self, shape: str) -> Iterator[Words]:
        """Yield what is asked of all values together."""
        if self.graph.literal(shape, _sh("uniqueLang")) == "true":
            yield plain(self._("at most one per language"))
        for node in self.graph.values(shape, _sh("hasValue")):
            yield fill(self._("{value} among the values"), value=self._node(node))
        for name, text in (
            ("equals", self._("the same values as {path}")),
            ("disjoint", self._("no value that {path} has too")),
        ):
            for other in self.graph.names(shape, _sh(name)):
                yield fill(text, path=self.path(other))

    def _qualified(self, shape: str, depth: int) -> Iterator[Words]:
        for inner in self.graph.names(shape, _sh("qualifiedValueShape")):
            words = self._shape(inner, depth + 1)
            least = self.graph.number(shape, _sh("qualifiedMinCount"))
            most = self.graph.number(shape, _sh("qualifiedMaxCount"))
            if least is not None and least == most:
                text, n = self._("exactly {n} of the values: {words}"), least
            elif least is not None:
                text, n = self._("at least {n} of the values: {words}"), least
            else:
                text, n = self._("at most {n} of the values: {words}"), most or 0
            yield fill(text, n=self._number(n), words=words)
            if least is not None and most is not None and least != most:
                yield fill(self._("at most {n} of the values: {words}"), n=self._number(most), words=words)

    def _values(self, shape: str, depth: int, *, properties: bool = True) -> Iterator[Words]:
        """Yield what is asked of each value, or of the node."""
        for parameter, spoken in self._spoken().items():
            for node in self.graph.values(shape, _sh(parameter)):
                yield spoken(node)
        for pattern in self.graph.values(shape, _sh("pattern")):
            text = self._("of the form {pattern}")
            if "i" in self.graph.literal(shape, _sh("flags")):
                text = self._("of the form {pattern}, whatever the case")
            yield fill(text, pattern=(Piece(pattern.value, code=True),))
        yield from self._listed(shape)
        yield from self._logical(shape, depth)
        if properties:
            for inner in self.graph.names(shape, _sh("property")):
                yield self._property(inner, depth)

    def _spoken(self) -> dict[str, Callable[[ox.NamedNode | ox.BlankNode | ox.Literal], Words]]:
        """Return parameter → its words, in the order in which they are said."""
        _ = self._

        def amount(text: str) -> Callable[[ox.NamedNode | ox.BlankNode | ox.Literal], Words]:
            return lambda node: fill(text, value=self._number(node.value))

        def other(text: str) -> Callable[[ox.NamedNode | ox.BlankNode | ox.Literal], Words]:
            return lambda node: fill(text, path=self.path(node.value))

        return {
            "datatype": lambda node: self._datatype(node.value),
            "class": lambda node: fill(
                _("a thing of the class {class_}"), class_=self.names.thing(node.value)
            ),
            "nodeKind": lambda node: plain(self._kinds().get(node.value, node.value)),
            "minInclusive": amount(_("{value} or more")),
            "minExclusive": amount(_("more than {value}")),
            "maxInclusive": amount(_("{value} or less")),
            "maxExclusive": amount(_("less than {value}")),
            "minLength": amount(_("{value} characters or more")),
            "maxLength": amount(_("{value} characters or fewer")),
            "lessThan": other(_("less than the value of {path}")),
            "lessThanOrEquals": other(_("not more than the value of {path}")),
        }

    def _kinds(self) -> dict[str, str]:
        return {
            _sh("IRI"): self._("an IRI"),
            _sh("Literal"): self._("a literal"),
            _sh("BlankNode"): self._("a blank node"),
            _sh("BlankNodeOrIRI"): self._("an IRI or a blank node"),
            _sh("IRIOrLiteral"): self._("an IRI or a literal"),
            _sh("BlankNodeOrLiteral"): self._("a blank node or a literal"),
        }

    def _datatype(self, iri: str) -> Words:
        spoken = spoken_datatype(iri, self.language)
        if spoken:
            return plain(spoken)
        return fill(self._("a literal of the datatype {datatype}"), datatype=self.names.thing(iri))

    def _listed(self, shape: str) -> Iterator[Words]:
        for head in self.graph.names(shape, _sh("languageIn")):
            tags = [member.value for member in self.graph.members(head)]
            yield plain(self._("a text in {languages}").format(languages=language_names(tags, self.language)))
        for head in self.graph.names(shape, _sh("in")):
            values = [self._node(member) for member in self.graph.members(head)]
            yield fill(self._("one of: {values}"), values=join(values, ", "))
        if self.graph.literal(shape, _sh("closed")) == "true":
            yield plain(self._("without any other property"))
        for constraint in self.graph.names(shape, _sh("sparql")):
            query = self.graph.literal(constraint, _sh("select"))
            yield fill(self._("its query finds nothing: {query}"), query=(Piece(query, code=True),))

    def _logical(self, shape: str, depth: int) -> Iterator[Words]:
        for inner in self.graph.names(shape, _sh("not")):
            words = self._shape(inner, depth + 1)
            # Without brackets "not a, or b" might mean "b, or not a".
            is_one = len(self.graph.names(inner, _sh("or"))) == 0
            yield fill(self._("not {words}") if is_one else self._("not ({words})"), words=words)
        for members in self.graph.lists(shape, _sh("and")):
            yield join([self._shape(m, depth + 1) for m in members], self._(" and "))
        for members in self.graph.lists(shape, _sh("or")):
            words = join([self._shape(m, depth + 1) for m in members], self._(", or "))
            yield fill(self._("either {words}"), words=words)
        for members in self.graph.lists(shape, _sh("xone")):
            words = join([self._shape(m, depth + 1) for m in members], self._("; "))
            yield fill(self._("only one of: {words}"), words=words)
        for inner in self.graph.names(shape, _sh("node")):
            yield self._shape(inner, depth + 1)

    def _shape(self, shape: str, depth: int) -> Words:
        """Return what a shape within a shape asks, its parts joined by "and"; a named shape with a label by that."""
        if depth >= DEEPEST or self.graph.values(shape, ns.RDFS + "label"):
            return fill(self._("as {shape} asks"), shape=self.names.thing(shape))
        if self.graph.name(shape, _sh("path")):
            return self._property(shape, depth)
        parts = [*self._values(shape, depth), *self._together(shape), *self._qualified(shape, depth)]
        return join(parts, self._(" and "))

    def _property(self, shape: str, depth: int) -> Words:
        """Return what a shape asks of a property of the value: "whose scheme is …"."""
        path = self.path(self.graph.name(shape, _sh("path")))
        values = list(self._values(shape, depth + 1))
        together, qualified = list(self._together(shape)), list(self._qualified(shape, depth + 1))
        count = self._count(shape)
        only = self.graph.values(shape, _sh("hasValue"))
        if len(only) == 1 and len(together) == 1 and not values and not count and not qualified:
            return fill(self._("whose {path} is {value}"), path=path, value=self._node(only[0]))
        if count and not (values or together or qualified):
            if self.graph.number(shape, _sh("maxCount")) == 0:
                return fill(self._("without {path}"), path=path)
            if self.graph.number(shape, _sh("minCount")) == 1 and not self.one_value:
                return fill(self._("with {path}"), path=path)
        words = self._sentence(count, [*together, *qualified], values)
        return fill(self._("with {path} ({words})"), path=path, words=words)

    def _node(self, node: ox.NamedNode | ox.BlankNode | ox.Literal) -> Words:
        if isinstance(node, ox.NamedNode):
            return self.names.thing(node.value)
        return (Piece(node.value, code=True),)


#: Parameters of SHACL that are put into words, beside those of paths.
# fmt: off
COMPONENTS: Final = frozenset(
    {
        "minCount", "maxCount", "uniqueLang", "hasValue", "equals", "disjoint", "qualifiedValueShape",
        "qualifiedMinCount", "qualifiedMaxCount", "datatype", "class", "nodeKind", "minInclusive",
        "minExclusive", "maxInclusive", "maxExclusive", "minLength", "maxLength", "lessThan",
        "lessThanOrEquals", "pattern", "flags", "languageIn", "in", "closed", "sparql", "select", "not", "or",
        "and", "xone", "node", "property",
    }
)
# fmt: on
