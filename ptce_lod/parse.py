"""Read RDF from anyone: no request leaves, no entity is expanded, nothing nests without end, every problem of a file is told.

Refused before any parser runs: document type declarations in XML (entity bombs, external entities), remote JSON-LD contexts, brackets
nested so deep that a parser's stack would overflow. Source: RDF 1.1 syntaxes; XML 1.0 section 4.4; JSON-LD 1.1 section 3.1.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pyoxigraph as ox

from ptce_lod import formats
from ptce_lod.errors import MappingError, ParseError, Problem
from ptce_lod.formats import Format
from ptce_lod.lexical import wrong_lexical_form
from ptce_lod.serialize import oxigraph_format
from ptce_lod.terms import QuadLine

#: Deepest nesting of brackets in Turtle, TriG and JSON-LD; elements in RDF/XML.
MAX_NESTING: Final = 200
#: Largest file, in bytes, that is read as a whole.
MAX_BYTES: Final = 200_000_000
#: Problems listed of one file.
MAX_PROBLEMS: Final = 200
#: Stands in for a missing base in JSON-LD, whose parser would drop relative IRIs without a word.
_NO_BASE: Final = "http://relative.invalid/"
_LINES_OF_CODE_POINTS: Final = re.compile(r"\s*\(line \d+\)$")
_PLACE: Final = re.compile(
    r"^Parser error at line \d+ (?:column \d+|between columns \d+ and \d+|and line \d+[^:]*): "
)


@dataclass(frozen=True)
class RdfContent:
    """The quads of a file and what is wrong with it; quads are complete only when ``problems`` is empty."""

    path: str
    quads: list[ox.Quad] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def raise_if_problems(self) -> None:
        """Raise :class:`ParseError` with every problem, if any."""
        if self.problems:
            total = len(self.problems)
            raise ParseError(
                f"{self.path}: {total} problem{'s' if total > 1 else ''}", problems=self.problems
            )


def read_rdf(
    data: bytes, format_: Format, *, path: str, base_iri: str | None = None, judge: bool = True
) -> RdfContent:
    """Return the quads of ``data`` and every problem found; ``path`` names it in messages. Never raises for bad input.

    With ``judge`` off, what the syntax admits is let pass: ill-typed literals, cycles of blank nodes.
    """
    content = RdfContent(path)
    refusal = _refusal(data, format_)
    if refusal is not None:
        line, message, hint = refusal
        content.problems.append(Problem(path, line=line, message=message, hint=hint))
        return content
    base = base_iri or (_NO_BASE if format_ is formats.JSON_LD else None)
    for item in _parse_all(data, format_, base):
        if isinstance(item, SyntaxError):
            if len(content.problems) < MAX_PROBLEMS:
                content.problems.append(_syntax_problem(path, item))
        else:
            content.quads.append(item)
    if judge:
        content.problems.extend(_content_problems(path, content.quads, base_is_missing=base_iri is None))
    return content


def _parse_all(data: bytes, format_: Format, base: str | None) -> Iterator[ox.Quad | SyntaxError]:
    """Yield quads and errors in order: the parsers go on after an error where they can."""
    try:
        parser = ox.parse(data, format=oxigraph_format(format_), base_iri=base)
    except ValueError as error:
        yield SyntaxError(str(error))
        return
    errors = 0
    while errors <= MAX_PROBLEMS:
        try:
            yield next(parser)
        except StopIteration:
            return
        except SyntaxError as error:
            errors += 1
            yield error
            if format_ in (formats.RDF_XML, formats.JSON_LD):
                return


def _syntax_problem(path: str, error: SyntaxError) -> Problem:
    message = _PLACE.sub("", _LINES_OF_CODE_POINTS.sub("", str(error.msg or error)))
    return Problem(
        path, line=error.lineno or 0, column=error.offset or 0, message=message, hint=_hint(message)
    )


def _hint(message: str) -> str:
    for words, hint in _HINTS:
        if words in message:
            return hint
    return ""


_HINTS: Final = (
    ("No scheme found", "the IRI is relative and no base is given; write it in full or declare @base"),
    ("Invalid IRI code point ' '", "an IRI holds no space; write %20"),
    ("has not been declared", "declare it with @prefix"),
    ("anguage tag", "a language tag is like fr or en-GB (BCP 47)"),
)


def _refusal(data: bytes, format_: Format) -> tuple[int, str, str] | None:
    """Return (line, message, hint) of what is refused before parsing, else None."""
    if len(data) > MAX_BYTES:
        return 0, f"has {len(data)} bytes, more than the {MAX_BYTES} that are read", "split the file"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return line, f"byte 0x{data[error.start]:02X} is not UTF-8", "RDF files are UTF-8; is this Latin-1?"
    if format_ is formats.RDF_XML:
        return _xml_refusal(text)
    if format_ is formats.JSON_LD:
        return _json_refusal(text)
    return _nesting_refusal(text)


def _xml_refusal(text: str) -> tuple[int, str, str] | None:
    found = re.search(r"<!\s*(DOCTYPE|ENTITY)", text, re.IGNORECASE)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        return (
            line,
            "a document type declaration is refused: its entities can grow without end or read other files",
            "remove the DOCTYPE and write the IRIs in full",
        )
    depth = 0
    for tag in re.finditer(r"<(/?)[A-Za-z_][^<>]*?(/?)>", text):
        depth += -1 if tag[1] else 0 if tag[2] else 1
        if depth > MAX_NESTING:
            return text.count("\n", 0, tag.start()) + 1, f"elements nest deeper than {MAX_NESTING}", ""
    return None


def _json_refusal(text: str) -> tuple[int, str, str] | None:
    nesting = _nesting_refusal(text)
    if nesting is not None:
        return nesting
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        return error.lineno, f"not JSON at column {error.colno}: {error.msg}", ""
    remote = next(_remote_contexts(document), None)
    if remote is None:
        return None
    place = text.find(json.dumps(remote, ensure_ascii=False))
    return (
        text.count("\n", 0, max(place, 0)) + 1,
        f"the remote context {remote!r} is refused: no request is made",
        "put the context into the file",
    )


def _remote_contexts(value: Any) -> Iterator[str]:
    """Yield every context of a JSON-LD document that would have to be fetched."""
    if isinstance(value, list):
        for item in value:
            yield from _remote_contexts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "@context":
                contexts = item if isinstance(item, list) else [item]
                yield from (context for context in contexts if isinstance(context, str))
            elif key == "@import" and isinstance(item, str):
                yield item
            yield from _remote_contexts(item)


def _nesting_refusal(text: str) -> tuple[int, str, str] | None:
    """Count brackets without a grammar: cheap, and never lower than the true nesting."""
    depth = 0
    for match in re.finditer(r"[\[\](){}]", text):
        depth = depth + 1 if match[0] in "[({" else max(depth - 1, 0)
        if depth > MAX_NESTING:
            line = text.count("\n", 0, match.start()) + 1
            return line, f"brackets nest deeper than {MAX_NESTING}", "give the inner nodes IRIs of their own"
    return None


def _content_problems(path: str, quads: Iterable[ox.Quad], *, base_is_missing: bool) -> Iterator[Problem]:
    """Yield what the syntax admits and we do not: relative IRIs, ill-typed literals, cycles of blank nodes."""
    edges: defaultdict[str, set[str]] = defaultdict(set)
    for quad in quads:
        subject, predicate, object_ = quad.subject, quad.predicate, quad.object
        place = f"{_shown(subject)} {predicate.value}"
        if base_is_missing:
            for term in (subject, predicate, object_):
                if isinstance(term, ox.NamedNode) and term.value.startswith(_NO_BASE):
                    relative = term.value.removeprefix(_NO_BASE)
                    yield Problem(
                        path,
                        field=place,
                        message=f"relative IRI <{relative}>",
                        hint="write it in full or give a base",
                    )
        if isinstance(object_, ox.Literal):
            wrong = wrong_lexical_form(object_.value, object_.datatype.value)
            if wrong:
                yield Problem(path, field=place, message=wrong)
        elif isinstance(object_, ox.BlankNode) and isinstance(subject, ox.BlankNode):
            edges[subject.value].add(object_.value)
    if cycle := _cycle(edges):
        names = " → ".join(f"_:{name}" for name in cycle)
        yield Problem(path, message=f"blank nodes form a cycle: {names}", hint="give one of them an IRI")


def _shown(term: object) -> str:
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else str(getattr(term, "value", term))


def _cycle(edges: dict[str, set[str]]) -> list[str]:
    """Return a cycle of a directed graph as the list of its nodes, the first again at the end; empty when there is none."""
    done: set[str] = set()
    for start in sorted(edges):
        path: list[str] = []
        stack: list[tuple[str, Iterator[str]]] = [(start, iter(sorted(edges.get(start, ()))))]
        on_path = {start}
        path.append(start)
        while stack:
            node, following = stack[-1]
            step = next((n for n in following if n not in done), None)
            if step is None:
                stack.pop()
                path.pop()
                on_path.discard(node)
                done.add(node)
            elif step in on_path:
                return [*path[path.index(step) :], step]
            else:
                path.append(step)
                on_path.add(step)
                stack.append((step, iter(sorted(edges.get(step, ())))))
    return []


def canonical_lines(quads: Iterable[ox.Quad], graph_name: str, label: str) -> list[QuadLine]:
    """Return quads of the default graph as sorted canonical lines of one named graph.

    Blank nodes get canonical labels (RDFC-1.0), prefixed by ``label`` so that no two graphs share one. :class:`MappingError` when
    ``quads`` hold named graphs of their own.
    """
    dataset = ox.Dataset()
    for quad in quads:
        if not isinstance(quad.graph_name, ox.DefaultGraph):
            raise MappingError(f"{label}: holds the named graph {quad.graph_name}, expected triples only")
        dataset.add(quad)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    graph = ox.NamedNode(graph_name)

    def renamed(term: Any) -> Any:
        return ox.BlankNode(f"{label}-{term.value}") if isinstance(term, ox.BlankNode) else term

    named = [ox.Quad(renamed(q.subject), q.predicate, renamed(q.object), graph) for q in dataset]
    text = (ox.serialize(named, format=ox.RdfFormat.N_QUADS) or b"").decode()
    # split on "\n" alone: literals may hold other characters that splitlines takes for line ends
    return sorted(QuadLine(line) for line in text.split("\n") if line)
