"""Judge a stranger's query before any parser sees it: length, nesting, and ``SERVICE`` at any depth.

The engine's parser kills its process on deep nesting, and the engine opens connections for ``SERVICE``. So this scan works on
tokens of the grammar and is never less strict than the engine's parser, which knows no word boundaries (``SERVICEex:a`` is a call)
and reads ``<`` by what it expects: as the start of an IRI or as "less than". Wherever ``<`` could be both, both readings are followed.
Source: SPARQL 1.1 Query Language, section 19.8 (grammar) and 19.2 (codepoint escapes).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from ptce_lod.errors import QueryRefused, QueryTooLong

_BASE: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_LETTER: Final = f"{_BASE}_"
_CHAR: Final = rf"{_LETTER}0-9\-\u00b7\u0300-\u036f\u203f-\u2040"
_NAME_CHAR: Final = rf"{_LETTER}0-9\u00b7\u0300-\u036f\u203f-\u2040"
_LOCAL: Final = rf"(?:[{_CHAR}:.]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?#@%])"
#: A backslash is let into IRIs: the engine decodes escapes there. Words take dots with them: "a.a.a" is looked at once, not at each a.
_TOKEN: Final = re.compile(
    rf"""
      (?P<space>[ \t\r\n]+|\#[^\r\n]*)
    | (?P<iri><[^<>"{{}}|^`\x00-\x20]*>)
    | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''
        |"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
    | (?P<variable>[?$][{_NAME_CHAR}]+)
    | (?P<blank_node>_:[{_LETTER}0-9](?:[{_CHAR}.]*[{_CHAR}])?)
    | (?P<language_tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<prefixed_name>(?:[{_BASE}][{_CHAR}.]*+)?:(?:{_LOCAL}*(?:[{_CHAR}:]|%[0-9A-Fa-f]{{2}}|\\.))?)
    | (?P<word>[{_LETTER}][{_CHAR}.]*+)
    | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
    | (?P<quoted_triple><<|>>)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SERVICE: Final = re.compile("service", re.IGNORECASE)
_SKIP: Final = re.compile(r"(?:[ \t\r\n]+|#[^\r\n]*)*")
_OPENING: Final = frozenset({"(", "[", "{", "<<"})
_CLOSING: Final = frozenset({")", "]", "}", ">>"})
#: Each may be looked at to the end of the text.
_LONG_QUOTES: Final = 400
_UNARY: Final = frozenset("!^+-")


#: Functions that give another value at each call.
_LOUD_BOOLEAN: Final = re.compile(r"\b(?!true\b|false\b)(?i:true|false)\b")
_VOLATILE_CALL: Final = re.compile(r"(?:NOW|RAND|UUID)\s*\(|\bSERVICE\b", re.IGNORECASE)


class Scan(NamedTuple):
    """What the scan learned.

    ``has_dataset_clause``: the query names its dataset itself, by ``FROM``; ``is_volatile``: two runs of it may differ.
    """

    has_dataset_clause: bool = False
    is_volatile: bool = False


class Token(NamedTuple):
    """A token of the grammar with its place in the text; ``kind`` is the name of a group of the pattern."""

    kind: str
    text: str
    start: int
    end: int


def scan(text: str, *, length_bytes: int, nesting: int) -> Scan:
    """Look over a query; return what it says of its dataset.

    Raises :class:`QueryRefused` with line and column for ``SERVICE`` and for brackets or runs of unary operators deeper than ``nesting``,
    :class:`QueryTooLong` for more than ``length_bytes`` bytes of UTF-8.
    """
    check_length(text, length_bytes)
    return check(text, nesting)


def check_length(text: str, length_bytes: int) -> None:
    """Raise :class:`QueryTooLong` when a query passes its limit, :class:`QueryRefused` when its strings would take long to tell apart."""
    if len(text) > length_bytes or len(text.encode("utf-8", "surrogatepass")) > length_bytes:
        raise QueryTooLong(
            f"the query is longer than {length_bytes} bytes",
            hint="ask for less, or take a dump: /catalog lists them",
            limit="query_length_bytes",
        )
    if text.count("'''") + text.count('"""') > _LONG_QUOTES:
        raise QueryRefused(
            f"the query holds more than {_LONG_QUOTES} triple quotation marks",
            hint="write strings with single quotation marks",
        )


def may_vary(text: str) -> bool:
    """Say whether two runs of a query may differ: it seems to call ``NOW``, ``RAND``, ``UUID``, ``STRUUID`` or a service."""
    return _VOLATILE_CALL.search(text) is not None


def check(text: str, nesting: int) -> Scan:
    """Look over a text of any length, query or update; raise :class:`QueryRefused` as :func:`scan` does."""
    found = _check_nesting(text, nesting)
    _check_services(text)
    # The engine decodes escapes only inside strings, names and IRIs; the specification, everywhere. Neither reading may call out.
    decoded = decode_escapes(text)
    if decoded != text:
        _check_services(decoded)
    return found


def decode_escapes(text: str) -> str:
    """Return ``text`` with codepoint escapes decoded everywhere. Source: SPARQL 1.1 section 19.2."""
    return _ESCAPE.sub(_decode, text)


def with_plain_booleans(text: str) -> str:
    """Return ``text`` with ``TRUE`` and ``False`` in lower case where they are words: keywords know no case, but the engine's parser does.

    >>> with_plain_booleans('ASK { ?TRUE ?p TRUE , "TRUE" }')
    'ASK { ?TRUE ?p true , "TRUE" }'
    """
    if not _LOUD_BOOLEAN.search(text):
        return text
    parts, done = [], 0
    for token in tokens(text):
        if token.kind == "word" and token.text.lower() in ("true", "false"):
            parts += [text[done : token.start], token.text.lower()]
            done = token.end
    return "".join((*parts, text[done:]))


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    r"""Return line and column, counted from 1, of a character.

    >>> line_and_column("ab\ncd", 4)
    (2, 2)
    """
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _decode(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number <= 0x10FFFF else match[0]


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """Yield the tokens from ``start``, white space and comments left out; ``<`` opens an IRI where it can.

    Ends at a quotation mark that opens no string and at a stray backslash: no parser gets past either, and looking for the end of
    each such string would take quadratic time.
    """
    for match in _TOKEN.finditer(text, start):
        if match.lastgroup == "other" and match[0] in "'\"\\":
            return
        if match.lastgroup != "space":
            yield Token(match.lastgroup or "", match[0], match.start(), match.end())


def _check_nesting(text: str, nesting: int) -> Scan:
    depth = run = 0
    has_dataset_clause = False
    for token in tokens(text):
        if token.text in _OPENING:
            depth += 1
        elif token.text in _CLOSING:
            depth -= 1
        run = run + 1 if token.text in _UNARY else 0
        if depth > nesting or run > nesting:
            what = "brackets are" if depth > nesting else "operators are"
            raise refusal(
                text, token.start, f"{what} nested deeper than {nesting}", "write the query flatter"
            )
        if token.kind in ("word", "prefixed_name"):
            has_dataset_clause |= token.text[:4].upper() == "FROM"
    return Scan(has_dataset_clause, may_vary(text))


def _check_services(text: str) -> None:
    """Follow every reading of ``text``; refuse when one of them calls a service.

    Readings part at ``<`` and nearly always meet again at the next token; a text made so that they do not is refused.
    """
    if not _SERVICE.search(text):
        return
    budget = 8 * len(text) + 1000
    waiting, seen = [0], set[tuple[int, bool]]()
    while waiting:
        after_graph, previous_slash = False, -1
        for token in tokens(text, waiting.pop()):
            if (token.start, after_graph) in seen:
                break
            seen.add((token.start, after_graph))
            budget -= token.end - token.start
            if budget < 0:
                raise refusal(text, token.start, "it can be read in too many ways", "put spaces around <")
            if token.text == "/" and previous_slash == token.start:
                break  # "//" is nowhere in the grammar: this reading took an IRI apart
            if _calls_service(text, token, after_graph):
                raise refusal(
                    text,
                    token.start,
                    "SERVICE is not allowed: this server makes no outgoing requests",
                    "query the other endpoint yourself and join the results",
                )
            if token.kind == "iri":
                waiting.append(token.start + 1)
            previous_slash = token.end if token.text == "/" else -1
            after_graph = token.text.upper() == "GRAPH"


def _calls_service(text: str, token: Token, after_graph: bool) -> bool:
    """Say whether a parser without word boundaries could read ``SERVICE`` at ``token``."""
    if token.kind == "word":
        if not _SERVICE.search(token.text):
            return False
        following = _after(text, token.end)
        return not following or following in "?$<:_\\" or following.isalpha()
    if token.kind == "prefixed_name" and _SERVICE.search(token.text.partition(":")[0]):
        return _after(text, token.end) == "{" and not after_graph
    return False


def _after(text: str, offset: int) -> str:
    match = _SKIP.match(text, offset)
    end = match.end() if match else offset
    return text[end : end + 1]


def refusal(text: str, offset: int, message: str, hint: str) -> QueryRefused:
    """Return the error that refuses what stands at ``offset``, with line and column."""
    line, column = line_and_column(text, offset)
    return QueryRefused(f"line {line}, column {column}: {message}", hint=hint)
