"""Which of our things there are: those that a build would describe, by the sources, the vocabulary and the edits made online."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ptce_lod.errors import PtceError, ReleaseNotFound, SourceError
from ptce_lod.ingest import source as sources
from ptce_lod.ingest import vocabulary
from ptce_lod.iris import AddressSpace
from ptce_lod.namespaces import CONCEPT, RDF
from ptce_lod.release.layout import VarLayout
from ptce_lod.release.patch import read_patch
from ptce_lod.settings import Settings

_TYPE = f"> <{RDF}type> "


def known_things(settings: Settings, note: Callable[[str], None]) -> Callable[[str], bool] | None:
    """Return what says whether a thing, such as ``pole/tetris`` or ``concept/sector/energy``, has a type somewhere.

    None when that cannot be known: there is no source but those of wikis, or one cannot be read, which ``note`` is told.
    """
    try:
        found = set(_things(_source_lines(settings), settings.addresses))
        if not found:
            return None
        lines = (
            line
            for _, graph in vocabulary.graphs(settings.ontology_dir, settings.shapes_dir, settings.addresses)
            for line in graph
        )
        found.update(_things(lines, settings.addresses))
        found.update(_edited(settings))
    except PtceError as error:
        note(f"whether there are the things that pages name was not checked: {error.message}")
        return None
    return found.__contains__


def _things(lines: Iterable[str], addresses: AddressSpace) -> Iterator[str]:
    """Yield the things that canonical lines give a type."""
    base = f"<{addresses.base_iri}id/"
    for line in lines:
        subject, is_typed, _ = line.partition(_TYPE)
        if is_typed and subject.startswith(base):
            yield subject.removeprefix(base)
        elif is_typed and subject.startswith(f"<{CONCEPT}"):
            yield f"concept/{subject.removeprefix(f'<{CONCEPT}')}"


def _source_lines(settings: Settings) -> Iterator[str]:
    """Yield the quads of the sources that no ``wiki pull`` writes: a wiki does not say which things there are."""
    if not settings.data_dir.is_dir():
        return
    wikis = {f"wiki-{path.stem}" for path in (settings.wiki_dir / "mappings").glob("*.toml")}
    for folder in sorted(settings.data_dir.iterdir()):
        if (folder / sources.SOURCE_FILE).is_file() and folder.name not in wikis:
            try:
                yield from sources.quads(sources.open_source(folder, settings.addresses), settings.addresses)
            except SourceError as error:
                raise SourceError(f"{folder}: cannot be read: {error.message}") from error


def _edited(settings: Settings) -> Iterator[str]:
    """Yield the things that edits of the published release added; its base may be another."""
    try:
        release = VarLayout(settings.var_dir).published()
    except ReleaseNotFound:
        return
    yield from _things(read_patch(release.edits).added, AddressSpace(release.manifest()["base_iri"]))
