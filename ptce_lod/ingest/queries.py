"""Read the example queries, ``{queries_dir}/{slug}.rq``, as things of a release: docs/reference/queries.md states the grammar.

A file is a header of lines ``#' field: value``, then one SPARQL query. What it publishes can be run by any other tool: the prefixes that
the query uses and does not declare are declared at its top.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from ptce_lod.errors import MappingError, Problem, SourceError, SourceUnavailable
from ptce_lod.iris import SLUG, AddressSpace
from ptce_lod.namespaces import RDF, RDFS, SCHEMA, SH, SPEX, XSD
from ptce_lod.terms import QuadLine, iri_term, literal_term, quad_line

SUFFIX: Final = ".rq"
LANGUAGES: Final = ("fr", "en")
#: Form of a query → (class, property that holds its text). SHACL has no word for DESCRIBE; SPEX, of the SIB's example queries, has.
FORMS: Final = {
    "select": (SH + "SPARQLSelectExecutable", SH + "select"),
    "ask": (SH + "SPARQLAskExecutable", SH + "ask"),
    "construct": (SH + "SPARQLConstructExecutable", SH + "construct"),
    "describe": (SPEX + "SPARQLDescribeExecutable", SPEX + "describe"),
}
_REQUIRED: Final = tuple(
    f"{name}@{language}" for name in ("title", "description", "keywords") for language in LANGUAGES
)
_MARK: Final = "#'"
_HEADER: Final = re.compile(r"#' ([a-z]+(?:@[a-z]+)?): (\S.*)")
_ORDER: Final = re.compile(r"[1-9][0-9]{0,3}")
_POSITION: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
#: What may hold a colon without being a prefixed name comes first. Enough to find prefixes: the query is parsed after they are declared.
_TOKEN: Final = re.compile(
    r"""  \#[^\r\n]* | <[^<>"{}|^`\\\x00-\x20]*>
      | \"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*''' | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'
      | _:\w+ | [?$]\w+
      | (?P<declaration>\bPREFIX\s+(?P<declared>\w[\w.-]*|):\s*<(?P<namespace>[^<>]*)>)
      | (?P<prefix>[^\W\d_][\w.-]*|(?<![\w?$])):
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class QueryFile:
    """One example query: its header, its published text, and the prefixes it uses, prefix → namespace."""

    slug: str
    order: int
    titles: dict[str, str]
    descriptions: dict[str, str]
    keywords: dict[str, tuple[str, ...]]
    text: str
    form: str
    prefixes: dict[str, str]


def read_queries(folder: Path, addresses: AddressSpace) -> list[QueryFile]:
    """Return the queries in ``folder``, by order, then by slug; none when there is no such folder.

    Raises :class:`~ptce_lod.errors.MappingError` with every problem of every file.
    """
    problems: list[Problem] = []
    found: list[QueryFile] = []
    for path in sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else ():
        try:
            found.append(read_query(path, addresses))
        except SourceError as error:
            problems.extend(error.problems or (Problem(str(path), message=error.message),))
    problems.extend(_contradictions(folder, found))
    if problems:
        raise MappingError(f"{folder}: {len(problems)} problems in the example queries", problems=problems)
    return sorted(found, key=lambda query: (query.order, query.slug))


def read_query(path: Path, addresses: AddressSpace) -> QueryFile:
    """Read one file; :class:`~ptce_lod.errors.MappingError` with all of its problems."""
    try:
        source = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SourceUnavailable(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise MappingError(f"{path}: is not UTF-8 (byte {error.start})") from error
    lines = source.splitlines()
    length = next((n for n, line in enumerate(lines) if not line.startswith(_MARK)), len(lines))
    problems = [] if SLUG.fullmatch(path.stem) else [_bad_name(path)]
    header = _header(path, lines[:length], problems)
    keywords = {language: _words(header.get(f"keywords@{language}", "")) for language in LANGUAGES}
    if len({len(words) for words in keywords.values()}) > 1:
        counts = " and ".join(f"{len(keywords[language])} in {language}" for language in LANGUAGES)
        problems.append(
            Problem(str(path), field="keywords", message=f"{counts}, expected each word in both languages")
        )
    text, prefixes, first_line = _with_prefixes("\n".join(lines[length:]), addresses)
    form = _form(path, text, length + first_line, problems)
    if problems:
        raise MappingError(
            f"{path}: {len(problems)} problem{'' if len(problems) == 1 else 's'}", problems=problems
        )
    return QueryFile(
        slug=path.stem,
        order=int(header.get("order", "10000")),
        titles={language: header[f"title@{language}"] for language in LANGUAGES},
        descriptions={language: header[f"description@{language}"] for language in LANGUAGES},
        keywords=keywords,
        text=text,
        form=form,
        prefixes=prefixes,
    )


def _bad_name(path: Path) -> Problem:
    return Problem(
        str(path),
        message=f"is named {path.stem!r}, expected lower-case letters, digits and single hyphens",
        hint="the name becomes the query's address",
    )


def _header(path: Path, lines: Sequence[str], problems: list[Problem]) -> dict[str, str]:
    """Return field → value; add what is wrong to ``problems``."""
    header: dict[str, str] = {}
    known = (*_REQUIRED, "order")
    for number, line in enumerate(lines, start=1):
        match = _HEADER.fullmatch(line.rstrip())
        if match is None:
            problems.append(Problem(str(path), number, message=f'is {line!r}, expected "#\' field: value"'))
            continue
        field, value = match.groups()
        if field not in known:
            message = f"is no field of a query, expected one of {', '.join(known)}"
        elif field in header:
            message = "stands twice, expected once"
        elif field == "order" and not _ORDER.fullmatch(value):
            message = f"is {value!r}, expected a whole number from 1 to 9999"
        elif field.startswith("keywords") and not all(_words(value)):
            message = f"is {value!r}, expected words separated by commas"
        else:
            header[field] = value
            continue
        problems.append(Problem(str(path), number, field=field, message=message))
    wrong = {problem.field for problem in problems}
    problems.extend(
        Problem(str(path), field=field, message=f'is missing, expected a line "#\' {field}: …"')
        for field in _REQUIRED
        if field not in header and field not in wrong
    )
    return header


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",")) if text else ()


def _with_prefixes(body: str, addresses: AddressSpace) -> tuple[str, dict[str, str], int]:
    """Return the query with a declaration of each prefix it uses, the prefixes, and how far lines of the file are behind its own."""
    stripped = body.lstrip()
    skipped = body[: len(body) - len(stripped)].count("\n")
    declared: dict[str, str] = {}
    used: set[str] = set()
    for match in _TOKEN.finditer(stripped):
        if match["declaration"] is not None:
            declared[match["declared"]] = match["namespace"]
        elif match["prefix"] is not None:
            used.add(match["prefix"])
    ours = addresses.prefixes()
    added = {prefix: ours[prefix] for prefix in sorted(used) if prefix in ours and prefix not in declared}
    lines = [f"PREFIX {prefix}: <{namespace}>" for prefix, namespace in added.items()]
    return "\n".join([*lines, stripped.rstrip()]) + "\n", {**added, **declared}, skipped - len(lines)


def _form(path: Path, text: str, offset: int, problems: list[Problem]) -> str:
    """Return the form of a query; add to ``problems`` when it is none. Nothing is asked of data: the store is empty."""
    words: list[str] = [word.lower() for word in re.findall(r"\w+", _TOKEN.sub(" ", text))]
    if "service" in words:  # the engine would open a connection
        message = "holds SERVICE, expected a query of this endpoint alone: it refuses SERVICE"
        problems.append(Problem(str(path), field="query", message=message))
        return ""
    try:
        results = ox.Store().query(text)
    except SyntaxError as error:
        match = _POSITION.search(str(error))
        line, column, said = (int(match[1]), int(match[2]), match[3]) if match else (1, 0, str(error))
        said = " ".join(said.replace(", [_]", "").split())
        message = f"is not SPARQL 1.1: {said}"
        problems.append(Problem(str(path), max(line + offset, 1), column, "query", message))
        return ""
    if isinstance(results, ox.QuerySolutions):
        return "select"
    if isinstance(results, ox.QueryBoolean):
        return "ask"
    # Both give a graph, and words are all that tells them apart.
    return next(word for word in words if word in FORMS)


def _contradictions(folder: Path, queries: Iterable[QueryFile]) -> Iterator[Problem]:
    """Yield a problem for each keyword with another translation, and each prefix with another namespace, than in an earlier file."""
    known: dict[tuple[str, str], tuple[str, str]] = {}
    for query in queries:
        words = zip(*(query.keywords[language] for language in LANGUAGES), strict=True)
        meanings = [(("keywords@fr", en), fr) for fr, en in words]
        meanings += [(("prefix", prefix), namespace) for prefix, namespace in query.prefixes.items()]
        for key, meaning in meanings:
            first, file = known.setdefault(key, (meaning, query.slug))
            if first != meaning:
                message = f"{key[1]!r} is {meaning!r} here, expected {first!r} as in {file}{SUFFIX}"
                yield Problem(str(folder / f"{query.slug}{SUFFIX}"), field=key[0], message=message)


def lines(queries: Sequence[QueryFile], addresses: AddressSpace, graph_name: str) -> Iterator[QuadLine]:
    """Yield the canonical quads of the graph ``graph_name`` that describes ``queries``."""
    graph = iri_term(graph_name)
    group = iri_term(f"{addresses.base_iri}queries#prefixes")
    for query in queries:
        subject = iri_term(addresses.thing("query", query.slug))
        for predicate, object_ in _statements(query, addresses):
            yield quad_line(subject, iri_term(predicate), object_, graph)
        yield quad_line(subject, iri_term(SH + "prefixes"), group, graph)
    for prefix, namespace in sorted({item for query in queries for item in query.prefixes.items()}):
        declaration = iri_term(f"{addresses.base_iri}queries#prefix-{prefix}")
        value = literal_term(namespace, datatype=XSD + "anyURI")
        yield quad_line(group, iri_term(SH + "declare"), declaration, graph)
        yield quad_line(declaration, iri_term(RDF + "type"), iri_term(SH + "PrefixDeclaration"), graph)
        yield quad_line(declaration, iri_term(SH + "prefix"), literal_term(prefix), graph)
        yield quad_line(declaration, iri_term(SH + "namespace"), value, graph)


def _statements(query: QueryFile, addresses: AddressSpace) -> Iterator[tuple[str, str]]:
    """Yield (property, N-Quads term) of a query."""
    class_, text = FORMS[query.form]
    yield RDF + "type", iri_term(SH + "SPARQLExecutable")
    yield RDF + "type", iri_term(class_)
    for language in LANGUAGES:
        yield RDFS + "label", literal_term(query.titles[language], language=language)
        yield RDFS + "comment", literal_term(query.descriptions[language], language=language)
        for word in query.keywords[language]:
            yield SCHEMA + "keywords", literal_term(word, language=language)
    yield text, literal_term(query.text)
    yield SCHEMA + "target", iri_term(f"{addresses.base_iri}sparql")
    if query.order < 10000:
        yield SH + "order", literal_term(str(query.order), datatype=XSD + "integer")
