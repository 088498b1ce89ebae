"""The catalogue for people: datasets with what they hold and what there is to download; and their series of releases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from ptce_lod.licences import DATA
from ptce_lod.query.backend import Backend
from ptce_lod.release.catalog.description import Catalog
from ptce_lod.release.catalog.facts import Entry, File
from ptce_lod.release.datasets import KEYWORDS
from ptce_lod.settings import Settings
from ptce_lod.web.hydra import View
from ptce_lod.web.pages.environment import render
from ptce_lod.web.pages.structured_data import script_text
from ptce_lod.web.pages.text import path_of

_SCHEMA: Final = "https://schema.org/"


class _Download(NamedTuple):
    """A row of a dataset's downloads: one format, plain and compressed."""

    label: str
    plain: File
    packed: tuple[File, ...]


class _Column(NamedTuple):
    name: str
    title: str
    description: str
    datatype: str
    many: bool


class _Table(NamedTuple):
    name: str
    title: str
    description: str
    columns: tuple[_Column, ...]
    query: str


class _Shown(NamedTuple):
    name: str
    href: str
    title: str
    description: str
    modified: str
    triples: int
    graph: str
    downloads: tuple[_Download, ...]


def render_catalog(
    backend: Backend,
    settings: Settings,
    catalog: Catalog,
    entries: Sequence[Entry],
    view: View,
    language: str,
) -> str:
    """Return a page of the catalogue."""
    address = path_of(catalog.iri, settings.base_iri)
    return render(
        "catalog.html",
        language,
        settings,
        backend,
        page_query=f"page={view.page}" if view.page > 1 else "",
        section="catalog",
        datasets=[_shown(catalog, entry, settings, language) for entry in entries],
        total=view.total,
        page=view.page,
        last=view.last,
        address=address,
        json_ld=script_text(_catalog_data(catalog, entries, language)),
    )


def render_dataset(
    backend: Backend, settings: Settings, catalog: Catalog, entry: Entry, language: str
) -> str:
    """Return the page of one dataset."""
    return render(
        "dataset.html",
        language,
        settings,
        backend,
        section="catalog",
        dataset=_shown(catalog, entry, settings, language),
        files=entry.files,
        tables=_tables(entry, language),
        address=path_of(catalog.dataset(entry.name), settings.base_iri),
        json_ld=script_text({"@context": _SCHEMA, **_dataset_data(catalog, entry, language)}),
    )


def render_releases(
    backend: Backend, settings: Settings, catalog: Catalog, patches: Sequence[str], language: str
) -> str:
    """Return the page of the series of releases; ``patches`` are the paths of what leads to each from the one before, "" for none."""
    return render(
        "releases.html",
        language,
        settings,
        backend,
        section="catalog",
        releases=catalog.facts.releases,
        patches=patches,
        moments=[datetime.fromisoformat(release.publication.at) for release in catalog.facts.releases],
        address=path_of(catalog.dataset("releases"), settings.base_iri),
    )


def render_dumps(
    backend: Backend,
    settings: Settings,
    release_id: str,
    files: Mapping[str, tuple[int, str]],
    language: str,
) -> str:
    """Return the page of the dumps of a release, or of ``latest``: path → size and SHA-256."""
    return render(
        "dumps.html",
        language,
        settings,
        backend,
        section="catalog",
        files_of=release_id if release_id != "latest" else backend.release_id,
        files=files,
        address=path_of(f"{settings.base_iri}dumps/{release_id}", settings.base_iri),
    )


def _shown(catalog: Catalog, entry: Entry, settings: Settings, language: str) -> _Shown:
    at = 1 if language == "en" else 0
    plain = [file for file in entry.files if not file.coding]
    downloads = tuple(
        _Download(
            f"{file.format.label} – {file.title[at]}" if file.title else file.format.label,
            file,
            tuple(f for f in entry.files if f.coding and f.format is file.format),
        )
        for file in plain
    )
    return _Shown(
        entry.name,
        path_of(catalog.dataset(entry.name), settings.base_iri),
        entry.title[at],
        entry.description[at],
        entry.modified,
        entry.triples,
        path_of(entry.graph, settings.base_iri) if entry.graph else "",
        downloads,
    )


def _tables(entry: Entry, language: str) -> list[_Table]:
    """Return the tables of a dataset with their columns in words."""
    tables = {file.table.name: file.table for file in entry.files if file.table}
    return [
        _Table(
            table.name,
            table.title[language],
            table.description[language],
            tuple(
                _Column(c.name, c.title[language], c.description[language], c.datatype, c.many)
                for c in table.columns
            ),
            table.query,
        )
        for table in tables.values()
    ]


def _catalog_data(catalog: Catalog, entries: Sequence[Entry], language: str) -> dict[str, Any]:
    """Return schema.org of the catalogue: Google, "Dataset structured data"."""
    return {
        "@context": _SCHEMA,
        "@type": "DataCatalog",
        "@id": catalog.iri,
        "url": catalog.iri,
        "name": "Catalogue PTCE-LOD",
        "license": DATA.iri,
        "dataset": [_dataset_data(catalog, entry, language) for entry in entries],
    }


def _dataset_data(catalog: Catalog, entry: Entry, language: str) -> dict[str, Any]:
    at = 1 if language == "en" else 0
    iri = catalog.dataset(entry.name)
    base = catalog.iri.removesuffix("catalog")
    found: dict[str, Any] = {
        "@type": "Dataset",
        "@id": iri,
        "url": iri,
        "identifier": iri,
        "name": entry.title[at],
        "description": entry.description[at],
        "inLanguage": ["fr", "en"],
        "license": entry.licence.iri,
        "isAccessibleForFree": True,
        "dateModified": entry.modified,
        "datePublished": entry.issued,
        "creator": {"@type": "Organization", "name": "PTCE-LOD", "url": base},
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": catalog.iri},
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": f"{base}dumps/latest/{file.path}",
                "encodingFormat": file.format.media_type,
                "contentSize": f"{file.size} B",
                "sha256": file.sha256,
            }
            for file in entry.files
            if not file.coding
        ],
    }
    found["keywords"] = [keyword[at] for keyword in (*KEYWORDS, *entry.keywords)]
    found["version"] = entry.version_shown
    if not entry.has_coverage:
        return found
    # Google: a box is south, west, north, east.
    found["spatialCoverage"] = {
        "@type": "Place",
        "name": "France",
        "geo": [
            {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}
            for west, south, east, north in catalog.facts.statistics.get("boxes", ())
        ],
    }
    years = catalog.facts.statistics.get("years")
    if years:
        found["temporalCoverage"] = f"{years[0]}/{years[1]}"
    return found
