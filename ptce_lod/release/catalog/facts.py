"""What the catalogue says of a release, gathered from its manifest, its statistics and the log of publications."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ptce_lod import formats
from ptce_lod.formats import Format
from ptce_lod.licences import DATA, Licence
from ptce_lod.numbers import format_number
from ptce_lod.release.catalog.dates import Dated, dates, file_dates
from ptce_lod.release.datasets import MADE, PARTS, Part, Texts
from ptce_lod.release.dumps import CODINGS, EVERYTHING
from ptce_lod.release.layout import ReleaseLayout, VarLayout
from ptce_lod.release.publish_log import Publication
from ptce_lod.release.tables.declared import Table, declared
from ptce_lod.terms import ReleaseId

_DUMPS: Final = "dumps/"
_TABLES: Final = "tables/"
#: The network, which is no table but a file beside them, and what it is called.
_NETWORK: Final = f"{_TABLES}network.{formats.GRAPHML.extension}"
_NETWORK_TITLE: Final[Texts] = ("Réseau des coopérations", "Network of cooperation")
#: Formats of files, in the order in which they are listed.
_ORDER: Final = {
    format_: place for place, format_ in enumerate((*formats.RDF_FORMATS, *formats.TABLE_FORMATS))
}


@dataclass(frozen=True)
class File:
    """A file to download: ``path`` below ``dumps/latest/``, ``size`` in bytes; ``coding`` is "gz" or "zst" for a compressed one.

    ``dataset`` is the name of the dataset that it belongs to, "" for none of the catalogue's parts. ``title`` is what it holds when that is
    not the dataset as RDF, and ``table`` the table, if it is one. ``sha512`` is "" in releases of before 29 November 2026.
    ``dated`` says when there was a file of that path first, and since when it has these bytes; None goes by its dataset.
    """

    path: str
    format: Format
    coding: str
    size: int
    sha256: str
    sha512: str
    dataset: str = ""
    title: Texts | None = None
    table: Table | None = None
    dated: Dated | None = None


@dataclass(frozen=True)
class Entry:
    """One dataset of the catalogue.

    ``name`` ends its IRI, and is the same in every release; ``dated`` says when it was published first and when its triples became what
    they are (RFC 3339 moments or dates). ``graph`` is the named graph that a dataset of one graph is in this release, ``page`` where
    people read of it if that is not its own address, ``sources`` what it was made from, and ``version`` the number or date that its makers
    give it, "" for none. ``has_coverage`` says whether it speaks of places and years at all.
    """

    name: str
    title: Texts
    description: Texts
    keywords: tuple[Texts, ...]
    files: tuple[File, ...]
    dated: Dated
    triples: int = 0
    graph: str = ""
    sources: tuple[str, ...] = ()
    version: str = ""
    page: str = ""
    licence: Licence = DATA
    has_coverage: bool = True

    @property
    def issued(self) -> str:
        """When it was published first."""
        return self.dated.issued

    @property
    def modified(self) -> str:
        """When its triples became what they are."""
        return self.dated.modified

    @property
    def version_shown(self) -> str:
        """The number or date that its makers give it, else the release in which it became what it is."""
        return self.version or self.dated.release


@dataclass(frozen=True)
class Published:
    """A release of the log that is still there, with its files of everything.

    ``publication`` is its first: a release does not change by being published again. ``before`` is the release that was served until then,
    "" for none.
    """

    publication: Publication
    files: tuple[File, ...]
    before: str = ""


@dataclass(frozen=True)
class Facts:
    """All of the catalogue of one release.

    ``releases`` are those of the log that are still there, newest first, each once; ``last`` is the publication that answers.
    """

    release_id: ReleaseId
    vocabulary_version: str
    entries: tuple[Entry, ...]
    releases: tuple[Published, ...]
    statistics: Mapping[str, Any]
    issued: str
    modified: str
    last: Publication | None = None


def gather(
    var: VarLayout, release: ReleaseLayout, log: Sequence[Publication], statistics: Mapping[str, Any]
) -> Facts:
    """Return the facts; ``log`` ends with the publication that answers, oldest first, and is empty for a release never published."""
    manifest = release.manifest()
    past = _Past(var, log, release.release_id, manifest["data_date"])
    known = file_dates(var, log)
    files = {path: replace(file, dated=known.get(path)) for path, file in _files(manifest["files"]).items()}
    entries = [_whole(files, manifest, statistics, past)]
    entries += [
        _part(part, files, manifest, statistics, past) for part in PARTS if f"{part.name}.nt" in files
    ]
    entries += _graphs(files, manifest, statistics, past, known)
    return Facts(
        release.release_id,
        str(manifest["vocabulary_version"]),
        tuple(entries),
        past.releases(),
        statistics,
        past.first,
        past.last_change(),
        log[-1] if log else None,
    )


class _Past:
    """When datasets appeared and became what they are, and the releases of the log that are still there."""

    def __init__(self, var: VarLayout, log: Sequence[Publication], release_id: ReleaseId, date: str) -> None:
        self.first = log[0].at if log else date
        last = log[-1].at if log else date
        self._dates = dates(var, log)
        self._unknown = Dated("", last, last, release_id)
        self._published: dict[str, Published] = {}
        before = ""
        for publication in log:
            former, before = before, publication.release_id
            layout = ReleaseLayout(var.releases / publication.release_id)
            if publication.release_id in self._published or not layout.manifest_path.is_file():
                continue
            everything = _of(EVERYTHING, _files(layout.manifest()["files"]))
            self._published[publication.release_id] = Published(publication, everything, former)

    def releases(self) -> tuple[Published, ...]:
        """Return the releases that are still there, newest first, each as it was published first."""
        return tuple(reversed(self._published.values()))

    def of(self, name: str) -> Dated:
        """Return the dates of a dataset; those of the publication when nothing is known, as for a release never published."""
        return self._dates.get(name, self._unknown)

    def last_change(self) -> str:
        """Return when the last change of a dataset was, the going of one included."""
        return max((dated.modified for dated in self._dates.values()), default=self._unknown.modified)


def _files(listed: Mapping[str, Any]) -> dict[str, File]:
    """Return path below the dumps → file, of those that are RDF, a table or the network."""
    tables = {table.name: table for table in declared()}
    found = {}
    for path, about in listed.items():
        if not path.startswith(_DUMPS):
            continue
        name = path[len(_DUMPS) :]
        if name.startswith(_TABLES):
            stem, _, extension = name[len(_TABLES) :].partition(".")
            format_, table = formats.TABLE_BY_EXTENSION.get(extension), tables.get(stem)
            if format_ is not None and table is not None:
                title = (table.title["fr"], table.title["en"])
                found[name] = File(name, format_, "", *_measured(about), table.dataset, title, table)
            elif name == _NETWORK:
                found[name] = File(name, formats.GRAPHML, "", *_measured(about), EVERYTHING, _NETWORK_TITLE)
            continue
        plain, dot, coding = name.rpartition(".")
        inner = plain if dot and coding in CODINGS else name
        format_ = formats.rdf_format_of_path(inner)
        if format_ is not None:
            found[name] = File(
                name,
                format_,
                coding if inner != name else "",
                *_measured(about),
                "" if "/" in name else name.partition(".")[0],
            )
    return found


def _measured(about: Mapping[str, Any]) -> tuple[int, str, str]:
    """Return size, SHA-256 and SHA-512 of what the manifest says of a file."""
    return about["bytes"], about["sha256"], about.get("sha512", "")


def _of(name: str, files: Mapping[str, File]) -> tuple[File, ...]:
    """Return the files of a dataset: formats in the registry's order, each plain, then compressed; then its tables."""
    own = [file for file in files.values() if file.dataset == name]
    return tuple(sorted(own, key=lambda f: (f.table.name if f.table else "", _ORDER[f.format], f.coding)))


def _whole(
    files: Mapping[str, File], manifest: Mapping[str, Any], statistics: Mapping[str, Any], past: _Past
) -> Entry:
    return Entry(
        EVERYTHING,
        (
            "Données liées sur les pôles territoriaux de coopération économique",
            "Linked data on territorial clusters for economic cooperation (PTCE)",
        ),
        (
            "Pôles territoriaux de coopération économique (PTCE) de France, leurs acteurs, participations, coopérations, événements, "
            "appels et reconnaissances, chaque énoncé avec ses sources. Incomplet à dessein : rien n'est deviné ; chaque appel dit "
            "combien de ses lauréats sont connus ici.",
            "French territorial clusters for economic cooperation (PTCE), their actors, participations, cooperations, events, calls "
            "and recognitions, each statement with its sources. Incomplete on purpose: nothing is guessed; each call says how many "
            "of its laureates are known here.",
        ),
        (),
        _of(EVERYTHING, files),
        past.of(EVERYTHING),
        # Each triple once, however many graphs say it: what a query counts, and the lines of the N-Triples.
        sum(statistics.get("properties", {}).values()),
        sources=tuple(source["iri"] for source in manifest["sources"]),
    )


def _part(
    part: Part,
    files: Mapping[str, File],
    manifest: Mapping[str, Any],
    statistics: Mapping[str, Any],
    past: _Past,
) -> Entry:
    graphs = statistics.get("graphs_of_parts", {}).get(part.name, ())
    return Entry(
        part.name,
        part.title,
        part.description,
        part.keywords,
        _of(part.name, files),
        past.of(part.name),
        sources=tuple(source["iri"] for source in manifest["sources"] if source["graph"] in graphs),
        version=str(manifest["vocabulary_version"]) if part.graphs else "",
        licence=part.licence,
        has_coverage=not part.graphs,
    )


def _graphs(
    files: Mapping[str, File],
    manifest: Mapping[str, Any],
    statistics: Mapping[str, Any],
    past: _Past,
    known: Mapping[str, Dated],
) -> Iterable[Entry]:
    """Yield the graphs of sources as datasets of their own; the vocabulary's graphs are in a dataset already."""
    prefix = f"{manifest['base_iri']}graph/"
    made_from = {source["graph"]: source["iri"] for source in manifest["sources"]}
    everything = tuple(source["iri"] for source in manifest["sources"])
    told = {name for part in PARTS for name in part.graphs}
    for graph in manifest["graphs"]:
        snapshot = graph.removeprefix(prefix)
        name = snapshot.rpartition("/")[0]
        is_made = name in MADE
        dated = past.of(f"graph-{name}")
        file = files.get(f"graphs/{snapshot}.ttl")
        if file is None or name in told:
            continue
        titles = manifest["titles"].get(graph, {})
        french = titles.get("fr") or titles.get("") or name
        english = titles.get("en") or titles.get("") or name
        triples = statistics.get("graphs", {}).get(graph, 0)
        about = MADE.get(name) or (
            f"Ce que dit une seule source, « {french} », et rien d'autre, dans un graphe nommé à son nom et à la date de son relevé",
            f"What one source alone says, “{english}”, and nothing else, in a graph named after it and the date of its snapshot",
        )
        # The address of a file that is harvested has no date in it.
        path = f"graphs/{name}.ttl"
        stable = replace(file, path=path, dated=known.get(path))
        yield Entry(
            f"graph-{name}",
            (f"PTCE, graphe nommé : {french}", f"PTCE, named graph: {english}"),
            (
                f"{about[0]} : {format_number(triples, 'fr')} triplet{'s' if triples > 1 else ''}.",
                f"{about[1]}: {format_number(triples, 'en')} triple{'' if triples == 1 else 's'}.",
            ),
            (),
            (stable,),
            dated,
            triples,
            graph,
            # What is derived, and the list of sources and graphs, come from all sources.
            everything if name in ("derived", "catalog") else tuple(filter(None, [made_from.get(graph)])),
            # A graph of ours has the date of the data, which changes with every source. One of a source has that of its snapshot, the first
            # that says what it says.
            "" if is_made else dated.version or snapshot.rpartition("/")[2],
            "" if is_made else graph,
            has_coverage=name != "queries",
        )
