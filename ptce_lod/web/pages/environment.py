"""The templates' environment: one per language and deployment, so that nothing is looked up while a page is written."""

from __future__ import annotations

from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ptce_lod import formats
from ptce_lod.dates import format_date
from ptce_lod.licences import DATA
from ptce_lod.numbers import format_number
from ptce_lod.query.backend import Backend
from ptce_lod.settings import Settings
from ptce_lod.web.context import is_exported, memento, page_links
from ptce_lod.web.pages.i18n import number_translator, translator
from ptce_lod.web.pages.text import (
    format_moment,
    format_size,
    french_spaces,
    path_of,
    safe_url,
)

TEMPLATES: Final = Path(__file__).parent.parent / "templates"


@lru_cache(maxsize=16)
def environment(language: str, base_iri: str) -> Environment:
    """Return the environment of a language and deployment. Everything printed is escaped unless a template says otherwise."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(
        _=translator(language),
        _n=number_translator(language),
        language=language,
        other_language="en" if language == "fr" else "fr",
        base=urlsplit(base_iri).path,
        base_iri=base_iri,
        rdf_formats=formats.RDF_FORMATS,
        data_licence=DATA,
        page_links=page_links,
        memento=memento,
        is_exported=is_exported,
    )
    made.filters.update(
        date=partial(_date, language=language),
        number=lambda value: format_number(value, language),
        size=lambda value: format_size(value, language),
        nbsp=french_spaces if language == "fr" else str,
        moment=lambda value: format_moment(value, language),
        safe_url=safe_url,
        path=lambda address: path_of(address, base_iri),
    )
    return made


def _date(value: str, language: str) -> str:
    return format_date(value, language)


def render(template: str, language: str, settings: Settings, backend: Backend | None, **context: Any) -> str:
    """Return a page. ``backend`` gives the footer its release; without one (an error page) the footer names none."""
    release = None
    if backend is not None:
        release = {"id": backend.release_id, "data_date": backend.manifest.get("data_date", "")}
    found = environment(language, settings.base_iri).get_template(template)
    return found.render(release=release, settings=settings, **context)
