"""What was found for a source, in ``var/links/{source}/``: ``candidates.jsonl``, one entry a line, and ``about.json``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ptce_lod.errors import SourceUnavailable
from ptce_lod.link.entries import Found

_CANDIDATES: Final = "candidates.jsonl"
_ABOUT: Final = "about.json"


class Kept:
    """The candidates of one source: the whole of a run or of the former one."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _CANDIDATES
        self._about = folder / _ABOUT

    def write(self, found: Iterable[Found], about: Mapping[str, Any]) -> None:
        """Keep what was found, and of which release and table it was."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(".part")
        with part.open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(each.to_line() for each in found)
        text = json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True, default=str)
        self._about.write_text(text + "\n", encoding="utf-8")
        part.replace(self._path)

    def read(self, key: str = "") -> Iterator[Found]:
        """Yield every entry, or those that may have ``key``: the other lines are not parsed.

        :class:`SourceUnavailable` when nothing was matched yet or a line is damaged.
        """
        part = json.dumps(key, ensure_ascii=False) if key else ""
        try:
            stream = self._path.open(encoding="utf-8", newline="\n")
        except OSError as error:
            name = self._path.parent.name
            raise SourceUnavailable(
                f"nothing of {name} was matched yet", hint=f"run `ptce-lod link candidates {name}`"
            ) from error
        with stream:
            for number, line in enumerate(stream, start=1):
                if part not in line:
                    continue
                try:
                    yield Found.from_line(line)
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    raise SourceUnavailable(f"{self._path}:{number}: damaged: {error}") from error
