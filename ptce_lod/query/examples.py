"""Read the example queries of a release from its ``queries.json``."""

from __future__ import annotations

import json
from typing import Any

from ptce_lod.errors import ReleaseDamaged
from ptce_lod.query.backend import ExampleQuery
from ptce_lod.release.layout import ReleaseLayout


def read_examples(layout: ReleaseLayout) -> tuple[ExampleQuery, ...]:
    """Return the example queries in the order of the file; none for a release made before there were any.

    Raises :class:`ReleaseDamaged` for a file that is not what the build writes.
    """
    if not layout.queries.is_file():
        return ()
    try:
        return tuple(_example(entry) for entry in json.loads(layout.queries.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ReleaseDamaged(
            f"release {layout.release_id}: {layout.queries} cannot be read: {error}"
        ) from error


def _example(entry: dict[str, Any]) -> ExampleQuery:
    return ExampleQuery(
        slug=entry["slug"],
        iri=entry["iri"],
        titles=entry["titles"],
        descriptions=entry["descriptions"],
        keywords=tuple(entry["keywords"]),
        text=entry["text"],
        kind=entry["kind"],
        keyword_labels={language: tuple(words) for language, words in entry["keyword_labels"].items()},
    )
