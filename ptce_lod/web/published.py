"""The catalogue of the release that answers, for its own pages, the sitemap and whatever tells of datasets."""

from __future__ import annotations

from typing import Final

from ptce_lod.query.backend import Backend
from ptce_lod.release.catalog.description import Catalog
from ptce_lod.release.catalog.facts import Facts, gather
from ptce_lod.release.history import History
from ptce_lod.release.layout import VarLayout
from ptce_lod.settings import Settings
from ptce_lod.web import context

#: Facts of publications that were asked for last.
_KEPT: Final = 8
_KNOWN: dict[tuple[object, ...], Facts] = {}


def catalog() -> Catalog:
    """Return the catalogue of the release that answers, at the publication that answers."""
    settings = context.settings()
    facts = _facts(settings, context.backend(), context.history(), context.publication())
    return Catalog(settings.addresses, facts, settings.contact, settings.publisher_type)


def _facts(settings: Settings, backend: Backend, history: History, publication: int) -> Facts:
    """Return the facts of a release, gathered once for each publication, and again when the folder of releases has changed."""
    var = VarLayout(settings.var_dir)
    # What is built or removed there changes it: facts tell of the releases that are left.
    folder = var.releases.stat().st_mtime_ns if var.releases.is_dir() else 0
    key = (settings.var_dir, settings.base_iri, backend.release_id, publication, folder)
    known = _KNOWN.get(key)
    if known is None:
        log = history.publications[: publication + 1] if publication >= 0 else ()
        known = gather(var, var.release(backend.release_id), log, backend.statistics)
        if len(_KNOWN) >= _KEPT:
            _KNOWN.clear()
        _KNOWN[key] = known
    return known
