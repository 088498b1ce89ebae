"""Example queries as the query page shows them, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from ptce_lod.query.backend import Backend
from ptce_lod.settings import Settings
from ptce_lod.web.pages.text import path_of


@dataclass(frozen=True)
class Example:
    """A query to start from. ``address`` is the query page with the query filled in; ``kind`` is select, ask or construct."""

    slug: str
    title: str
    description: str
    text: str
    address: str
    kind: str = "select"


#: The query that the front page shows, and the editor when a release brings no examples.
FIRST: Final = (
    "SELECT ?pole ?name ?municipality WHERE {\n  ?pole a ptce:Pole ; skos:prefLabel ?name .\n"
    "  OPTIONAL { ?pole ptce:territory/ptce:coversUnit/skos:prefLabel ?municipality }\n} ORDER BY ?name"
)


def examples_for(backend: Backend, settings: Settings, language: str) -> tuple[Example, ...]:
    """Return the examples of the release in their order; titles in ``language``, else French."""
    base = path_of(settings.base_iri, settings.base_iri)
    return tuple(
        Example(
            record.slug,
            _in(record.titles, language) or record.slug,
            _in(record.descriptions, language),
            record.text.strip(),
            f"{base}sparql?example={quote(record.slug)}",
            record.kind,
        )
        for record in backend.examples()
    )


def _in(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts.get("fr") or next(iter(texts.values()), "")
