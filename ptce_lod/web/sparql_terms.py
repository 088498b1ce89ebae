"""``/sparql/terms.json``: prefixes, classes, properties and concepts of the release, for completion in query editors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from flask import Blueprint, Response

from ptce_lod import namespaces as ns
from ptce_lod.query.backend import Backend
from ptce_lod.settings import Settings
from ptce_lod.web import conditional, context, headers

blueprint: Final = Blueprint("sparql-terms", __name__)
_CLASS: Final = ns.OWL + "Class"
_PROPERTIES: Final = (ns.OWL + "ObjectProperty", ns.OWL + "DatatypeProperty", ns.OWL + "AnnotationProperty")
#: More concepts than any release has; the list is never longer than this.
_CONCEPTS: Final = 5000


@blueprint.get("/sparql/terms.json")
def terms() -> Response:
    """Answer with what a query may name: one file for both languages, the same for the life of a release."""
    settings, backend = context.settings(), context.backend()
    tag = conditional.entity_tag(backend.release_id, "terms")
    if conditional.not_modified(tag):
        response = conditional.empty(tag)
    else:
        body = json.dumps(terms_of(backend, settings), ensure_ascii=False, separators=(",", ":")) + "\n"
        response = Response(body, content_type="application/json")
        response.set_etag(tag)
    response.headers["Cache-Control"] = headers.CACHE_CURRENT
    return response


def terms_of(backend: Backend, settings: Settings) -> dict[str, Any]:
    """Return ``prefixes`` (prefix → namespace) and ``classes``, ``properties``, ``concepts``: iri, fr, en, uses.

    Classes and properties are those of the project's vocabulary and those that the data use; ``uses`` counts instances of a class and
    statements of a property. A label that is not known is left out, and so is ``uses`` of a concept.
    """
    statistics = backend.statistics
    used_classes: Mapping[str, int] = statistics.get("classes", {})
    used_properties: Mapping[str, int] = statistics.get("properties", {})
    vocabulary = backend.describe(ns.ONTOLOGY)
    own_classes: list[str] = []
    own_properties: list[str] = []
    if vocabulary is not None:
        own_classes = _ours(vocabulary.subjects(ns.RDF + "type", _CLASS))
        own_properties = _ours(i for t in _PROPERTIES for i in vocabulary.subjects(ns.RDF + "type", t))
    _total, concepts = backend.things("concepts", limit=_CONCEPTS)
    return {
        "prefixes": dict(sorted(settings.addresses.prefixes().items())),
        "classes": [_term(backend, iri, used_classes) for iri in sorted({*own_classes, *used_classes})],
        "properties": [
            _term(backend, iri, used_properties) for iri in sorted({*own_properties, *used_properties})
        ],
        "concepts": [
            {"iri": concept.iri, "fr": concept.label_fr, "en": concept.label_en}
            for concept in sorted(concepts, key=lambda c: c.iri)
        ],
    }


def _ours(iris: Iterable[str]) -> list[str]:
    return [iri for iri in iris if iri.startswith(ns.PTCE)]


def _term(backend: Backend, iri: str, uses: Mapping[str, int]) -> dict[str, Any]:
    found: dict[str, Any] = {"iri": iri}
    for language in ("fr", "en"):
        label = backend.label(iri, language)
        if label is not None and label.language in (language, ""):
            found[language] = label.value
    if iri in uses:
        found["uses"] = uses[iri]
    return found
