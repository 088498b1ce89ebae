"""The table of decisions, ``data/links/{source}.csv``: which thing of ours an entry of a source is, who said so, and when.

One row for each pair of an entry and a thing that somebody judged; rows are sorted, so that a change of the table reads well.
docs/reference/files.md describes the columns.
"""

from __future__ import annotations

import csv
import datetime
import fcntl
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Final

from ptce_lod.errors import AlreadyLinked, MappingError, Problem, SourceUnavailable
from ptce_lod.iris import SLUG
from ptce_lod.lexical import is_language_tag
from ptce_lod.link_policy import OF_ONE_THING, RELATIONS, is_thing, wrong_link
from ptce_lod.page_address import PageKey, page_key

YES, NO, UNSURE = "yes", "no", "unsure"
VERDICTS: Final = (YES, NO, UNSURE)
#: How a decision was made: somebody looked at this pair, or took all pairs from a score on.
REVIEWED, BY_SCORE = "reviewed", "by-score"


@dataclass(frozen=True, order=True)
class Decision:
    """One row. ``entry`` is the id of the entry in its source, ``target`` its address, "" for a bare name; ``score`` is 0 to 100."""

    entry: str
    thing: str
    decision: str
    relation: str
    target: str
    name: str
    language: str
    how: str
    who: str
    when: str
    score: str
    reasons: str

    @property
    def key(self) -> tuple[str, str]:
        """What is decided once."""
        return self.entry, self.thing

    @property
    def is_published(self) -> bool:
        """Say whether the decision becomes a link."""
        return self.decision == YES and bool(self.relation)


COLUMNS: Final = tuple(each.name for each in fields(Decision))


def tables(folder: Path) -> dict[str, Path]:
    """Return source → its table, sorted; nothing when there is no such folder. :class:`MappingError` for a table whose name is no slug."""
    paths = sorted(folder.glob("*.csv"))
    for path in paths:
        if not SLUG.fullmatch(path.stem):
            raise MappingError(f"{path}: a table of links is named in lower-case letters, digits and hyphens")
    return {path.stem: path for path in paths}


def read_decisions(path: Path) -> list[Decision]:
    """Return the rows of a table, none when it is not there; :class:`MappingError` with every problem, by line."""
    return [decision for _, decision in read_lines(path)]


def read_lines(path: Path) -> list[tuple[int, Decision]]:
    """Return (line, decision) for each row of a table; see :func:`read_decisions`."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise SourceUnavailable(f"{path}: cannot be read as UTF-8 ({error})") from error
    problems: list[Problem] = []
    rows: list[tuple[int, Decision]] = []
    seen: dict[tuple[str, str], int] = {}
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        if (header := tuple(next(reader, ()))) != COLUMNS:
            raise MappingError(f"{path}:1: the columns are {','.join(header)}, expected {','.join(COLUMNS)}")
        for cells in reader:
            found = [Problem(str(path), reader.line_num, 0, *wrong) for wrong in _wrong(cells)]
            if not found:
                decision = Decision(*cells)
                rows.append((reader.line_num, decision))
                first = seen.setdefault(decision.key, reader.line_num)
                if first != reader.line_num:
                    message = f"{decision.entry!r} and {decision.thing} stand already on line {first}"
                    found.append(Problem(str(path), reader.line_num, 0, "thing", message))
            problems += found
    except csv.Error as error:
        problems.append(Problem(str(path), reader.line_num, message=f"not CSV: {error}"))
    _raise(str(path), problems)
    return rows


def raise_conflicts(found: Mapping[Path, Sequence[tuple[int, Decision]]]) -> None:
    """Raise :class:`MappingError` when tables link one page, item or concept to two things of which it can be only one."""
    taken: dict[tuple[str, object], tuple[Path, int, str]] = {}
    problems = []
    for path, rows in found.items():
        for line, decision in rows:
            if decision.is_published and decision.relation in OF_ONE_THING:
                key = (decision.relation, page_key(decision.target))
                other, other_line, thing = taken.setdefault(key, (path, line, decision.thing))
                if thing != decision.thing:
                    message = (
                        f"{decision.target} is {decision.relation} of {thing} in {other}:{other_line} already"
                    )
                    problems.append(
                        Problem(
                            str(path),
                            line,
                            0,
                            "thing",
                            message,
                            "keep one yes; a page of several is a `page`",
                        )
                    )
    _raise("links", problems)


def links_of_one_thing(folder: Path, *, without: Path | None = None) -> dict[tuple[str, PageKey], Decision]:
    """Return (relation, what is elsewhere) → the decision that links it, of all tables of a folder that let it be linked once."""
    return {
        _one(row): row
        for path in tables(folder).values()
        if path != without
        for row in read_decisions(path)
        if _is_of_one(row)
    }


def _is_of_one(row: Decision) -> bool:
    return row.is_published and row.relation in OF_ONE_THING


def _one(row: Decision) -> tuple[str, PageKey]:
    return row.relation, page_key(row.target)


def add_decisions(path: Path, made: Iterable[Decision]) -> None:
    """Put decisions into a table, in place of those of the same pair: the whole table or the former one, one writer at a time.

    :class:`AlreadyLinked` when one of them links what is linked to another thing, here or in a table beside; :class:`MappingError` for a
    row that could not be read again. No row is written then.
    """
    new = {decision.key: decision for decision in made}
    _raise(
        str(path),
        [Problem(str(path), 0, 0, *wrong) for row in new.values() for wrong in _wrong(astuple(row))],
    )
    with _locked(path):
        rows = {decision.key: decision for decision in read_decisions(path)}
        rows |= new
        taken = links_of_one_thing(path.parent, without=path)
        for row in rows.values():  # those that were there first come first
            if _is_of_one(row) and taken.setdefault(_one(row), row).thing != row.thing:
                _refuse(row, taken[_one(row)], new)
        write_decisions(path, rows.values())


def write_decisions(path: Path, rows: Iterable[Decision]) -> None:
    """Write a table, sorted, in place of the former one. Nothing is checked."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(astuple, sorted(rows, key=lambda row: row.key)))
    part = path.with_name(f".{path.name}.part")
    part.write_text(text.getvalue(), encoding="utf-8")
    part.replace(path)


def _refuse(row: Decision, other: Decision, new: Mapping[tuple[str, str], Decision]) -> None:
    """Raise :class:`AlreadyLinked` for two rows of which at least one is new; what stood there before is told by the build."""
    first, second = (other, row) if row.key in new else (row, other)
    if second.key in new:
        raise AlreadyLinked(
            f"{first.target} is {first.relation} of {first.thing} already, by {first.who} on {first.when}; not of {second.thing}, too",
            hint="take the other back first, by a no; a page about several things is a `page`",
        )


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path.parent, os.O_RDONLY)
    except OSError as error:
        raise SourceUnavailable(f"{path.parent}: cannot be written ({error.strerror})") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _raise(what: str, problems: Sequence[Problem]) -> None:
    if problems:
        raise MappingError(
            f"{what}: {len(problems)} problem{'s' if len(problems) > 1 else ''}", problems=problems
        )


def _wrong(cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield (column, what is wrong) of a row."""
    if len(cells) != len(COLUMNS):
        yield "", f"has {len(cells)} cells, expected {len(COLUMNS)}"
        return
    row = Decision(*cells)
    for column in ("entry", "name", "who"):
        if not getattr(row, column).strip():
            yield column, "is empty, but a value is required"
    if not is_thing(row.thing):
        yield "thing", f"{row.thing!r} is no thing; write pole/tetris or concept/sector/energy"
    for column, known in (("decision", VERDICTS), ("how", (REVIEWED, BY_SCORE))):
        if getattr(row, column) not in known:
            yield column, f"is {getattr(row, column)!r}, expected one of {', '.join(known)}"
    if row.relation and row.relation not in RELATIONS:
        yield "relation", f"is {row.relation!r}, expected nothing or one of {', '.join(RELATIONS)}"
    elif row.is_published and is_thing(row.thing) and (wrong := _wrong_link(row)):
        yield "relation", wrong
    if row.language and not is_language_tag(row.language):
        yield "language", f"{row.language!r} is no language tag"
    try:
        datetime.date.fromisoformat(row.when)
    except ValueError:
        yield "when", f"{row.when!r} is no day written YYYY-MM-DD"
    if not (row.score.replace(".", "", 1).isascii() and row.score.replace(".", "", 1).isdecimal()) or not (
        0 <= float(row.score) <= 100
    ):
        yield "score", f"{row.score!r} is no number from 0 to 100"


def _wrong_link(row: Decision) -> str:
    if wrong := wrong_link(row.relation, row.thing, row.target):
        return wrong
    try:
        page_key(row.target)
    except ValueError as error:
        return f"{row.target!r}: {error}"
    return ""
