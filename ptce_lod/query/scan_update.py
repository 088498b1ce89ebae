"""Judge an update before any parser sees it, and give it the dataset that its request names.

Besides what ``scan.py`` refuses, ``LOAD`` is found at the start of an operation: it would make the engine fetch an address. Source: SPARQL
1.1 Update section 3.1.4; SPARQL 1.1 Protocol section 2.2.3 (``using-graph-uri``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple
from urllib.parse import urljoin

from ptce_lod.errors import LoadRefused, MalformedQuery
from ptce_lod.query.scan import Token, check, decode_escapes, refusal, tokens, with_plain_booleans

_NOT_LINE_END: Final = re.compile(r"[^\r\n]")
_FROM_LOAD: Final = (
    "LOAD is not allowed: this server makes no outgoing requests",
    "fetch the document yourself and send its triples: by INSERT DATA, or to the Graph Store Protocol",
)


class UpdateScan(NamedTuple):
    """What the scan learned. ``loads_silently``: the update holds ``LOAD SILENT``, which may fail unheard."""

    loads_silently: bool


def scan_update(text: str, *, nesting: int) -> UpdateScan:
    """Look over an update; raise :class:`~ptce_lod.errors.QueryRefused` for ``SERVICE``, ``LOAD`` and too deep nesting."""
    check(text, nesting)
    silent = False
    for version in {text, decode_escapes(text)}:
        silent |= _loads(version)
    return UpdateScan(silent)


def _with_depth(text: str) -> Iterator[tuple[Token, bool]]:
    """Yield tokens and whether they stand outside all braces; braces cannot be part of an IRI, so their count is sure."""
    depth = 0
    for token in tokens(text):
        if token.text == "}":
            depth -= 1
        yield token, depth <= 0
        if token.text == "{":
            depth += 1


def _loads(text: str) -> bool:
    """Refuse ``LOAD``; return whether there is a ``LOAD SILENT``."""
    silent = False
    previous: list[str] = []
    waiting: Token | None = None
    for token, outside in _with_depth(text):
        upper = token.text.upper()
        if waiting is not None:
            if not upper.startswith("SILENT"):
                raise _load_refusal(text, waiting)
            silent, waiting = True, None
        elif outside and upper.startswith("LOAD") and token.kind in ("word", "prefixed_name"):
            # The engine's parser knows no word boundaries: LOADSILENT<…> and LOAD:x are read as LOAD, too.
            if token.kind == "word":
                if upper.startswith("LOADSILENT"):
                    silent = True
                else:
                    waiting = token
            elif _starts_operation(previous):
                raise _load_refusal(text, token)
        previous = [*previous[-2:], upper]
    if waiting is not None:
        raise _load_refusal(text, waiting)
    return silent


def _load_refusal(text: str, token: Token) -> LoadRefused:
    plain = refusal(text, token.start, *_FROM_LOAD)
    return LoadRefused(plain.message, hint=plain.hint)


def _starts_operation(previous: Sequence[str]) -> bool:
    """Say whether an operation may begin after these tokens: at the start, after ``;``, after a declaration of the prologue."""
    if not previous or previous[-1] in (";", "}"):
        return True
    return previous[-1].startswith("<") and (
        previous[-2:-1] == ["BASE"] or (len(previous) > 2 and previous[-3] == "PREFIX")
    )


def with_dataset(text: str, default: Sequence[str], named: Sequence[str]) -> str:
    """Return the update with ``USING`` clauses for the graphs that the request names.

    Raises :class:`MalformedQuery` when the update names its dataset itself: the protocol calls that an error.
    """
    if not default and not named:
        return text
    clauses = "".join(f" USING <{iri}>" for iri in default) + "".join(
        f" USING NAMED <{iri}>" for iri in named
    )
    parts: list[str] = []
    done = 0
    previous = ""
    where: Token | None = None
    pattern_start = 0
    depth = 0
    for token in tokens(text):
        upper = token.text.upper()
        if depth == 0 and token.kind in ("word", "prefixed_name") and upper.startswith(("USING", "WITH")):
            raise MalformedQuery(
                "the request has using-graph-uri or using-named-graph-uri and the update has USING or WITH: only one may name the dataset",
                link="https://www.w3.org/TR/sparql11-protocol/#update-operation",
            )
        if depth == 0 and token.kind == "word" and upper == "WHERE":
            if previous == "DELETE":
                where = token  # DELETE WHERE { … } has no place for USING: its pattern is also its template
            else:
                parts += [text[done : token.start], clauses, " "]
                done = token.start
        if upper == "{":
            if depth == 0:
                pattern_start = token.start
            depth += 1
        elif upper == "}":
            depth -= 1
            if depth == 0 and where is not None:
                pattern = text[pattern_start : token.end]
                parts += [text[done : where.start], pattern, clauses, " ", text[where.start : token.end]]
                done = token.end
                where = None
        previous = upper
    parts.append(text[done:])
    return "".join(parts)


class Operations(NamedTuple):
    """Operations of an update with the declarations that hold for them."""

    text: str
    prefixes: dict[str, str]
    base_iri: str


def operations(text: str, prefixes: Mapping[str, str], base_iri: str) -> list[Operations]:
    """Return the update in parts that the engine can read, to be carried out one after the other.

    The grammar lets declarations stand before each operation (rule 29); the engine reads them at the start of a text only. A text without
    later declarations stays whole. In a part, all else is blank, so that lines and columns are those of the whole text.
    """
    text = with_plain_booleans(text)
    known, base = dict(prefixes), base_iri
    found: list[Operations] = []
    start, waiting, outside_before = 0, list[Token](), False
    for token, outside in _with_depth(text):
        if outside and token.text == ";":
            outside_before = True
            continue
        upper = token.text.upper()
        if outside_before and upper in ("PREFIX", "BASE"):
            found.append(Operations(_blanked(text, start, token.start), dict(known), base))
            start = token.start
        outside_before = False
        if waiting or (upper in ("PREFIX", "BASE") and outside and token.kind == "word"):
            waiting.append(token)
            if token.kind == "iri":
                iri = urljoin(base, token.text[1:-1])
                if waiting[0].text.upper() == "BASE":
                    base = iri
                else:
                    known[waiting[1].text.removesuffix(":")] = iri
                waiting = []
    found.append(Operations(_blanked(text, start, len(text)), dict(known), base))
    return found if len(found) > 1 else [Operations(text, dict(prefixes), base_iri)]


def _blanked(text: str, start: int, end: int) -> str:
    """Return ``text`` with blanks in place of what is outside [start, end), lines kept."""
    return _NOT_LINE_END.sub(" ", text[:start]) + text[start:end]
