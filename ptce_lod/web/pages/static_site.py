"""Pages of an exported site that answer in the browser: search over an index, SPARQL over the dump by Oxigraph's WebAssembly build."""

from __future__ import annotations

import json
from itertools import count
from typing import Final

from ptce_lod.folding import fold
from ptce_lod.query.backend import LISTS, Backend
from ptce_lod.settings import Settings
from ptce_lod.web.pages.environment import render
from ptce_lod.web.pages.site import path_to
from ptce_lod.web.problems import Problem

_BATCH: Final = 5000
#: What the query page begins with.
_QUERY: Final = """\
PREFIX ptce: <https://w3id.org/ptce/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?pole ?name WHERE { ?pole a ptce:Pole ; skos:prefLabel ?name } ORDER BY ?name LIMIT 20"""


def render_static_search(backend: Backend, settings: Settings, language: str) -> str:
    """Return the page that searches ``search-index.json``."""
    return render("static/search.html", language, settings, backend, page_query="", is_exported=_yes)


def render_static_sparql(backend: Backend, settings: Settings, language: str) -> str:
    """Return the page that loads the dump and an engine when it is told to, and queries there."""
    return render(
        "static/sparql.html",
        language,
        settings,
        backend,
        page_query="",
        section="sparql",
        query=_QUERY,
        is_exported=_yes,
    )


def render_static_problem(settings: Settings, problem: Problem, language: str) -> str:
    """Return the page of an error, which says nothing of the request that led to it."""
    return render("problem.html", language, settings, None, problem=problem, is_exported=_yes)


def _yes() -> bool:
    """Say to templates that the page becomes a file: no request is being answered here that could tell."""
    return True


def static_examples(backend: Backend) -> bytes:
    """Return the texts of the example queries by their slugs, for ``/sparql?example=``."""
    return json.dumps(
        {each.slug: each.text for each in backend.examples()}, ensure_ascii=False, separators=(",", ":")
    ).encode()


def static_search_index(backend: Backend, settings: Settings) -> bytes:
    """Return the index: for each thing of the lists its path, names in French and English, what it is found by, type and place."""
    found = []
    for name in LISTS:
        for offset in count(0, _BATCH):
            _, things = backend.things(name, offset=offset, limit=_BATCH)
            for thing in things:
                place = str(thing.detail.get("place", ""))
                keys = (thing.label_fr, thing.label_en, str(thing.detail.get("acronym", "")), place)
                folded = fold(" ".join(dict.fromkeys(keys)))
                found.append(
                    [path_to(thing.iri, settings), thing.label_fr, thing.label_en, folded, thing.type, place]
                )
            if len(things) < _BATCH:
                break
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
