"""The lines of a source as Turtle that a build will read: each line is one triple, or it is left out and told.

What judges is :func:`ptce_lod.parse.read_rdf`, as in a build: a page must not stop it, whatever its editors wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from ptce_lod import formats
from ptce_lod.errors import Problem
from ptce_lod.parse import read_rdf
from ptce_lod.wiki.api import batches

#: Stands for the addresses of a deployment.
_BASE: Final = "https://base.invalid/"
#: Lines that are judged at once.
_TOGETHER: Final = 2000
#: Deepest nesting of brackets that is written as it is.
_NESTING: Final = 20
_BRACKET: Final = re.compile(r"[()\[\]{}]")


def sound_lines(lines: Iterable[str], path: str, problems: list[Problem]) -> Iterator[str]:
    """Yield the lines that are one triple each, in their order; add to ``problems`` what is wrong with the others of the file ``path``."""
    for batch in batches(map(bracketed, lines), _TOGETHER):
        if _wrong("\n".join(batch), len(batch), path):
            for line in batch:
                wrong = _wrong(line, 1, path)
                if wrong:
                    problems.append(Problem(path, field=line[:200], message=wrong))
                else:
                    yield line
        else:
            yield from batch


def _wrong(text: str, expected: int, path: str) -> str:
    """Return what is wrong with Turtle of so many triples, "" when nothing is."""
    content = read_rdf(text.encode(), formats.TURTLE, path=path, base_iri=_BASE)
    if content.problems:
        return content.problems[0].message
    found = len(content.quads)
    return "" if found == expected else f"it holds {found} triples, expected {expected}"


def bracketed(line: str) -> str:
    """Return a line with its brackets escaped unless they match: who reads Turtle from anyone counts them, in texts, too."""
    depth = 0
    for match in _BRACKET.finditer(line):
        depth += 1 if match[0] in "([{" else -1
        if not 0 <= depth <= _NESTING:
            break
    return line if depth == 0 else _BRACKET.sub(lambda match: f"\\u{ord(match[0]):04X}", line)
