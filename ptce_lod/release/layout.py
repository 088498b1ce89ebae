"""Where things lie in ``var/`` and in a release folder. Knows paths and the manifest's shape, does no building.

::

    var/
      releases/{id}/        an immutable release
      current               symbolic link to the published release
      publications.jsonl    one line per publication: when, which release, by which write
      datasets.jsonl        for each publication, since when each dataset has been as it is
      history/              what each publication changed, one file for a pair of releases
      edits/                the difference that each write made, an RDF Patch each
      patches/              the difference from each published release to the next, an RDF Patch each
      feed.sqlite           every version of every subject that was published
      catalog-feed.sqlite   every version of every entity of the catalogue
      lock                  held while building or publishing
      candidate-*/          a build in progress, or the rest of one that was interrupted
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ptce_lod.errors import ReleaseDamaged, ReleaseNotFound
from ptce_lod.terms import ReleaseId, is_release_id

CANDIDATE_PREFIX: Final = "candidate-"
#: Raised when the artefacts of a release are computed differently from the same quads, so that such releases differ in id.
ARTEFACTS_VERSION: Final = 25
#: Bytes of a row of the files in ``fragments/``: four big-endian numbers of terms.
FRAGMENT_ROW: Final = 16
#: Name of such a file → which of (subject, predicate, object) stands first, second, third after the graph.
FRAGMENT_ORDERS: Final = {"spo": (0, 1, 2), "pos": (1, 2, 0), "osp": (2, 0, 1)}


def release_id_of(quads_sha256: str) -> ReleaseId:
    """Return the id of a release from the SHA-256 of its canonical quads."""
    text = f"ptce-lod release {ARTEFACTS_VERSION} {quads_sha256}"
    return ReleaseId(hashlib.sha256(text.encode()).hexdigest()[:16])


@dataclass(frozen=True)
class ReleaseLayout:
    """The files of one release folder."""

    path: Path

    @property
    def release_id(self) -> ReleaseId:
        """The id, which is the folder's name."""
        return ReleaseId(self.path.name)

    @property
    def store(self) -> Path:
        """The Oxigraph store; open read-only."""
        return self.path / "store"

    @property
    def dumps(self) -> Path:
        """Dumps: ``all.nq``, ``all.trig``, and ``graphs/{source}/{snapshot}.ttl``."""
        return self.path / "dumps"

    @property
    def search_index(self) -> Path:
        """SQLite with the table ``thing`` and its full-text index."""
        return self.path / "search.sqlite"

    @property
    def rows(self) -> Path:
        """SQLite with the rows of tables."""
        return self.path / "rows.sqlite"

    @property
    def pages(self) -> Path:
        """SQLite with the web pages about things."""
        return self.path / "pages.sqlite"

    @property
    def subjects(self) -> Path:
        """SQLite with the quads of each subject."""
        return self.path / "subjects.sqlite"

    @property
    def fragments(self) -> Path:
        """Folder of terms (``terms.txt``, where each begins in ``terms.idx``) and of quads as numbers (``spo``, ``pos``, ``osp``)."""
        return self.path / "fragments"

    @property
    def statistics(self) -> Path:
        """Counts of the release, JSON."""
        return self.path / "statistics.json"

    @property
    def charts(self) -> Path:
        """Figures of the statistics, JSON."""
        return self.path / "charts.json"

    @property
    def timeline(self) -> Path:
        """What is dated, JSON."""
        return self.path / "timeline.json"

    @property
    def related(self) -> Path:
        """For each pole those with most in common, JSON."""
        return self.path / "related.json"

    @property
    def network(self) -> Path:
        """Poles, actors, what links them, and where to draw them, JSON."""
        return self.path / "network.json"

    @property
    def pictures(self) -> Path:
        """Pictures of poles, PNG in a ZIP file."""
        return self.path / "pictures.zip"

    @property
    def queries(self) -> Path:
        """Example queries, JSON."""
        return self.path / "queries.json"

    @property
    def report(self) -> Path:
        """SHACL validation report, Turtle."""
        return self.path / "report.ttl"

    @property
    def report_page(self) -> Path:
        """SHACL validation report for people, HTML."""
        return self.path / "report.html"

    @property
    def edits(self) -> Path:
        """What writes changed over the sources, RDF Patch; there only in a release that has such changes."""
        return self.path / "edits.rdfp"

    @property
    def manifest_path(self) -> Path:
        """Manifest: id, base IRI, data date, files with size and SHA-256."""
        return self.path / "manifest.json"

    def manifest(self) -> dict[str, Any]:
        """Return the manifest; :class:`ReleaseDamaged` when it is missing or not JSON."""
        try:
            manifest: dict[str, Any] = json.loads(self.manifest_path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ReleaseDamaged(
                f"release {self.release_id}: {self.manifest_path} cannot be read: {error}"
            ) from error
        return manifest


@dataclass(frozen=True)
class VarLayout:
    """The folder of built things."""

    path: Path

    @property
    def releases(self) -> Path:
        """Folder of all releases."""
        return self.path / "releases"

    @property
    def current(self) -> Path:
        """Symbolic link to the published release."""
        return self.path / "current"

    @property
    def lock(self) -> Path:
        """Lock file of builders and publishers."""
        return self.path / "lock"

    @property
    def publications(self) -> Path:
        """Log of publications, one JSON object a line: ``{"at": RFC 3339, "release": id}``."""
        return self.path / "publications.jsonl"

    @property
    def history(self) -> Path:
        """Folder of what each publication changed."""
        return self.path / "history"

    @property
    def feed(self) -> Path:
        """SQLite with every version of every subject that was published: the event stream."""
        return self.path / "feed.sqlite"

    @property
    def datasets(self) -> Path:
        """Log of the datasets' dates, one JSON object a line."""
        return self.path / "datasets.jsonl"

    @property
    def catalog_feed(self) -> Path:
        """SQLite with every version of every entity of the catalogue: the event stream of the catalogue."""
        return self.path / "catalog-feed.sqlite"

    def patch(self, old: str, new: str) -> Path:
        """RDF Patch from one published release to the next."""
        return self.path / "patches" / f"{old}-{new}.rdfp"

    @property
    def edits(self) -> Path:
        """Folder of the differences that writes made."""
        return self.path / "edits"

    def release(self, release_id: str) -> ReleaseLayout:
        """Return the layout of a release; :class:`ReleaseNotFound` when there is none of that id."""
        layout = ReleaseLayout(self.releases / release_id)
        if not is_release_id(release_id) or not layout.manifest_path.is_file():
            raise ReleaseNotFound(
                f"there is no release {release_id!r}", hint="`ptce-lod releases` lists them"
            )
        return layout

    def all_releases(self) -> list[ReleaseLayout]:
        """Return every complete release, sorted by id."""
        if not self.releases.is_dir():
            return []
        return [ReleaseLayout(p) for p in sorted(self.releases.iterdir()) if (p / "manifest.json").is_file()]

    def published(self) -> ReleaseLayout:
        """Return the release that ``current`` points at; :class:`ReleaseNotFound` when nothing is published."""
        if not self.current.is_symlink():
            raise ReleaseNotFound(
                "nothing is published yet", hint="run `ptce-lod build` and `ptce-lod publish`"
            )
        return self.release(self.current.readlink().name)
