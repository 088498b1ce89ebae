"""When each dataset and file appeared and became what it is: a line of ``var/datasets.jsonl`` for each publication, which outlives it.

A line is whole in itself: it depends on no other line and on no release. One that is missing (a crash between two files, a lost log, a
folder from before there were any) is made again from the line before it and from the manifest of its release, as long as that is there.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from ptce_lod.errors import ReleaseDamaged
from ptce_lod.release.datasets import PARTS
from ptce_lod.release.dumps import EVERYTHING
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.release.publish_log import Publication, append_line, publications

_DUMPS, _GRAPHS = "dumps/", "dumps/graphs/"
#: What a line has that says something of files.
_HAS_FILES: Final = '"files": {'
#: Hexadecimal digits of the checksum of a file in a line.
_DIGITS: Final = 16
#: What a line begins with: found without reading the rest of it as JSON.
_LINE: Final = re.compile(r'\{"at": "([^"]+)", "release": "([^"]+)"')


@dataclass(frozen=True)
class Dated:
    """A dataset, or a file, as of a publication.

    ``sha256`` is of what it says, of a file the beginning alone, "" when it is not there any more; ``issued`` when it was published first
    and ``modified`` when it became what it is, RFC 3339; ``release`` that in which it did, "" for a file; ``version`` the first snapshot of
    a source that says the same, "" for what is none.
    """

    sha256: str
    issued: str
    modified: str
    release: str
    version: str = ""


@dataclass(frozen=True)
class _Kept:
    """One of the two that a line holds: by which key, and how the manifest of a release gives (digest, snapshot) by name."""

    key: str
    digests: Callable[[Mapping[str, Any]], dict[str, tuple[str, str]]]


def dates(var: VarLayout, log: Sequence[Publication]) -> dict[str, Dated]:
    """Return name of a dataset → its dates as of the last publication of ``log``, which is oldest first; those that are gone, too."""
    return _as_of(_DATASETS, var, log, _lines(var)) if log else {}


def file_dates(var: VarLayout, log: Sequence[Publication]) -> dict[str, Dated]:
    """Return path below ``dumps/latest/`` → dates of the file, like :func:`dates`: a table may change while its dataset does not."""
    return _as_of(_FILES, var, log, _lines(var)) if log else {}


def record_dates(var: VarLayout) -> None:
    """Write the lines of the publications that have none yet and whose releases are there. The caller holds the lock."""
    log, lines = publications(var), _lines(var)
    for place, publication in enumerate(log):
        # A line of before 29 November 2026 has no files: one with them stands beside it.
        if _HAS_FILES in lines.get(_key(publication), "") or _manifest(var, publication) is None:
            continue
        datasets = _as_of(_DATASETS, var, log[: place + 1], lines)
        files = _as_of(_FILES, var, log[: place + 1], lines)
        document = {
            "at": publication.at,
            "release": publication.release_id,
            "datasets": {name: asdict(dated) for name, dated in datasets.items()},
            _FILES.key: {path: [each.sha256, each.issued, each.modified] for path, each in files.items()},
        }
        line = json.dumps(document, separators=(", ", ": "))
        append_line(var.datasets, line)
        lines[_key(publication)] = line


def _key(publication: Publication) -> tuple[str, str]:
    return publication.at, publication.release_id


def _lines(var: VarLayout) -> dict[tuple[str, str], str]:
    """Return the lines by the publication they are of, unread; what no line begins with is passed over."""
    try:
        text = var.datasets.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    return {(found[1], found[2]): line for line in text.splitlines() if (found := _LINE.match(line))}


def _read(kept: _Kept, line: str) -> dict[str, Dated] | None:
    """Return what a line says of datasets, or of files; None for one that was cut short, or says nothing of them."""
    with suppress(ValueError, KeyError, TypeError, AttributeError):
        said = json.loads(line)[kept.key].items()
        return {name: _dated(about) for name, about in said}
    return None


def _dated(about: Any) -> Dated:
    if isinstance(about, dict):
        return Dated(**about)
    digest, issued, modified = about
    return Dated(digest, issued, modified, "")


def _as_of(
    kept: _Kept, var: VarLayout, log: Sequence[Publication], lines: Mapping[tuple[str, str], str]
) -> dict[str, Dated]:
    """Return the dates as of the last publication: from the last line there is, and from the manifests of what was published since."""
    found: dict[str, Dated] = {}
    begin = 0
    for place in range(len(log) - 1, -1, -1):
        line = lines.get(_key(log[place]))
        known = _read(kept, line) if line else None
        if known is not None:
            found, begin = known, place + 1
            break
    is_known = True
    for publication in log[begin:]:
        manifest = _manifest(var, publication)
        if manifest is None:
            is_known = False
            continue
        # What the catalogue begins with has been there since the first publication, as far as anybody knows.
        first = publication.at if found else log[0].at
        found = _next(
            found,
            kept.digests(manifest),
            publication,
            first,
            is_known=is_known,
            of_releases=kept is _DATASETS,
        )
        is_known = True
    return found


def _next(
    before: Mapping[str, Dated],
    digests: Mapping[str, tuple[str, str]],
    publication: Publication,
    first: str,
    *,
    is_known: bool,
    of_releases: bool,
) -> dict[str, Dated]:
    """Return the dates as of ``publication``. After one of which nothing is known, everything may have changed there and back again."""
    found = {}
    for name in sorted({*before, *digests}):
        (digest, version), known = digests.get(name, ("", "")), before.get(name)
        if known is not None and known.sha256 == digest and (is_known or not digest):
            found[name] = known if known.version else replace(known, version=version)
        else:
            issued = known.issued if known else first
            found[name] = Dated(
                digest, issued, publication.at, publication.release_id if of_releases else "", version
            )
    return found


def _manifest(var: VarLayout, publication: Publication) -> Mapping[str, Any] | None:
    layout = ReleaseLayout(var.releases / publication.release_id)
    with suppress(ReleaseDamaged):
        return layout.manifest() if layout.manifest_path.is_file() else None
    return None


def _digests(manifest: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return name of a dataset → (digest of its triples, snapshot): everything, each part, each source's graph."""
    files = manifest["files"]
    found = {
        name: (files[path]["sha256"], "")
        for name in (EVERYTHING, *(part.name for part in PARTS))
        if (path := f"dumps/{name}.nt") in files
    }
    graphs: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(files):
        if path.startswith(_GRAPHS) and path.endswith(".ttl"):
            name, _, snapshot = path[len(_GRAPHS) :].removesuffix(".ttl").rpartition("/")
            graphs.setdefault(name, []).append((files[path]["sha256"], snapshot))
    for name, snapshots in graphs.items():
        sums = [digest for digest, _ in snapshots]
        whole = sums[0] if len(sums) == 1 else hashlib.sha256("".join(sums).encode()).hexdigest()
        found[f"graph-{name}"] = whole, snapshots[-1][1]
    return found


def _file_digests(manifest: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return path below ``dumps/latest/`` → beginning of the checksum; a source has its last snapshot, at its address without a date."""
    found = {}
    for path in sorted(manifest["files"]):
        if path.startswith(_DUMPS):
            name = f"{path.rpartition('/')[0]}.ttl" if path.startswith(_GRAPHS) else path
            found[name[len(_DUMPS) :]] = manifest["files"][path]["sha256"][:_DIGITS], ""
    return found


_DATASETS: Final = _Kept("datasets", _digests)
_FILES: Final = _Kept("files", _file_digests)
