"""Rows of anyone's table as entries: which column is what is declared, CSV or TSV is told by the header."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from ptce_lod.errors import MappingError, Problem, SourceUnavailable
from ptce_lod.lexical import is_language_tag
from ptce_lod.link.entries import FACTS, Entry
from ptce_lod.link_policy import Kind

#: What a column may be declared as. ``id``: what names the row, else its number; ``url``: the address or IRI that is linked.
ROLES: Final = ("id", "name", "url", "language", *FACTS)
#: What parts several values of one cell.
_SEPARATOR: Final = "|"
#: Largest table, in bytes.
MAX_BYTES: Final = 500_000_000


def read_table(path: Path, columns: Mapping[str, str], kind: Kind) -> Iterator[Entry]:
    """Yield the rows of a table. ``columns``: role → header; a column called as a role is that role when nothing is declared.

    A row without a name is passed over. :class:`MappingError` for a table that cannot be read so, with each line.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceUnavailable(f"{path}: is larger than {MAX_BYTES} bytes")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceUnavailable(
            f"{path}: cannot be read as UTF-8 ({error})", hint="save the table as UTF-8"
        ) from error
    header = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(header), strict=True)
    try:
        names = [name.strip() for name in next(reader, [])]
        places = _places(path, names, columns, kind)
        yield from _rows(path, reader, places, len(names), kind)
    except csv.Error as error:
        raise MappingError(f"{path}:{reader.line_num}: not CSV: {error}") from error


def delimiter_of(header: str) -> str:
    """Return what parts the columns: the first of tab, semicolon and comma that the header holds most of."""
    return max("\t;,", key=header.count)


def _places(path: Path, names: list[str], columns: Mapping[str, str], kind: Kind) -> dict[str, int]:
    """Return role → number of its column."""
    declared: dict[str, str] = {role: role for role in ROLES if role in names}
    declared.update(columns)
    problems = [
        Problem(
            str(path), 1, 0, header, f"there is no such column for {role}", f"there is: {', '.join(names)}"
        )
        for role, header in declared.items()
        if header not in names
    ]
    if "name" not in declared:
        problems.append(
            Problem(str(path), 1, 0, "name", "no column is the name", "declare one with --column name=HEADER")
        )
    if kind != "name" and "url" not in declared:
        hint = "declare one with --column url=HEADER"
        problems.append(
            Problem(
                str(path), 1, 0, "url", f"no column is the address, without which no {kind} is linked", hint
            )
        )
    if problems:
        raise MappingError(f"{path}: {len(problems)} problems with its columns", problems=problems)
    return {role: names.index(header) for role, header in declared.items()}


def _rows(
    path: Path, reader: Iterator[list[str]], places: Mapping[str, int], width: int, kind: Kind
) -> Iterator[Entry]:
    seen: dict[str, int] = {}
    problems: list[Problem] = []
    for number, cells in enumerate(reader, start=2):
        if not any(cells):
            continue
        if len(cells) != width:
            problems.append(Problem(str(path), number, message=f"has {len(cells)} cells, expected {width}"))
            continue
        values = {role: cells[place].strip() for role, place in places.items()}
        key = values.get("id") or values.get("url") or str(number)
        if not values["name"]:
            continue
        if seen.setdefault(key, number) != number:
            problems.append(
                Problem(
                    str(path), number, 0, "id", f"{key!r} names row {seen[key]} already", "ids are unique"
                )
            )
            continue
        yield _entry(key, values, kind)
    if problems:
        raise MappingError(f"{path}: {len(problems)} rows cannot be read", problems=problems[:200])


def _entry(key: str, values: Mapping[str, str], kind: Kind) -> Entry:
    language = values.get("language", "")
    facts = {
        role: tuple(part.strip() for part in values[role].split(_SEPARATOR) if part.strip())
        for role in FACTS
        if values.get(role)
    }
    name, *others = (part.strip() for part in values["name"].split(_SEPARATOR))
    return Entry(
        key,
        name,
        kind,
        values.get("url", "") if kind != "name" else "",
        language if is_language_tag(language) else "",
        tuple(other for other in others if other),
        facts,
    )
