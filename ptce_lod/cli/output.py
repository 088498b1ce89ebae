"""What a command prints: one line of result, progress on the terminal, JSON for scripts, errors in full.

Results go to standard output, everything else to standard error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from ptce_lod.errors import (
    DataRejected,
    PtceError,
    QueryError,
    ReleaseError,
    RequestError,
    SettingsError,
    SourceError,
    ValidationFailure,
)
from ptce_lod.pipeline import Listener

#: Class of error → exit code; docs/reference/cli.md lists them.
EXIT_CODES: Final[tuple[tuple[type[PtceError], int], ...]] = (
    (DataRejected, 1),
    (SourceError, 3),
    (SettingsError, 4),
    (ReleaseError, 5),
    (QueryError, 6),
    (RequestError, 6),
    (ValidationFailure, 7),
)
INTERRUPTED: Final = 130
#: A defect of this program, told in one line.
DEFECT: Final = 70


def exit_code(error: PtceError) -> int:
    """Return the exit code of an error of ours."""
    return next((code for class_, code in EXIT_CODES if isinstance(error, class_)), 9)


class Output:
    """How this run prints. ``quiet`` leaves errors and asked-for data; ``as_json`` prints one JSON object per result."""

    def __init__(self, *, quiet: bool = False, as_json: bool = False) -> None:
        self.quiet = quiet
        self.as_json = as_json
        self.terminal = Console(stderr=True, highlight=False, soft_wrap=True)

    def result(self, line: str, **facts: Any) -> None:
        """Print what was done: a sentence with numbers, or ``facts`` as JSON."""
        if self.as_json:
            click.echo(json.dumps(facts, ensure_ascii=False, default=str))
        elif not self.quiet:
            click.echo(line)

    def note(self, line: str) -> None:
        """Print a remark that is not the result."""
        if not self.quiet and not self.as_json:
            click.echo(line, err=True)

    def error(self, error: PtceError) -> None:
        """Print an error with every problem it carries."""
        if self.as_json:
            click.echo(json.dumps(error_facts(error), ensure_ascii=False, default=str))
            return
        click.echo(f"ptce-lod: {error.message}", err=True)
        if isinstance(error, SourceError):
            for problem in error.problems:
                click.echo(f"  {problem}", err=True)
        if error.hint:
            click.echo(f"  → {error.hint}", err=True)
        if error.link:
            click.echo(f"  see {error.link}", err=True)

    def defect(self, error: Exception) -> None:
        """Print an error that nobody foresaw, without its trace."""
        text = f"{type(error).__name__}: {error}"
        if self.as_json:
            click.echo(
                json.dumps({"error": "Defect", "message": text, "exit_code": DEFECT}, ensure_ascii=False)
            )
            return
        click.echo(f"ptce-lod: a defect of this program: {text}", err=True)
        click.echo("  → please report it, with what `ptce-lod --traceback …` prints", err=True)

    @contextmanager
    def progress(self) -> Iterator[Listener]:
        """Give a listener that draws a bar on a terminal, and one plain line per step elsewhere."""
        if self.quiet or self.as_json:
            yield lambda step, done, total: None
        elif not sys.stderr.isatty():
            yield _plain_listener()
        else:
            columns = (
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
            )
            with Progress(*columns, console=self.terminal, transient=True) as progress:
                task = progress.add_task("", total=None)

                def listener(step: str, done: int, total: int) -> None:
                    progress.update(task, description=step, completed=done, total=total or None)

                yield listener


def _plain_listener() -> Listener:
    last = ""

    def listener(step: str, done: int, total: int) -> None:
        nonlocal last
        word = step.partition(" ")[0]
        if word != last:
            last = word
            click.echo(f"{word} …", err=True)

    return listener


def error_facts(error: PtceError) -> dict[str, Any]:
    """Return an error as JSON-ready facts."""
    facts: dict[str, Any] = {
        "error": type(error).__name__,
        "message": error.message,
        "exit_code": exit_code(error),
    }
    if error.hint:
        facts["hint"] = error.hint
    if isinstance(error, SourceError):
        facts["problems"] = [
            {
                "path": p.path,
                "line": p.line,
                "column": p.column,
                "field": p.field,
                "message": p.message,
                "hint": p.hint,
            }
            for p in error.problems
        ]
    return facts
