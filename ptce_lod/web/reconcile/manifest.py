"""The manifests of the service: what it offers and where, in the words of each version of the protocol."""

from __future__ import annotations

from typing import Any, Final

from ptce_lod import __version__
from ptce_lod.namespaces import PTCE
from ptce_lod.web import context, pages
from ptce_lod.web.reconcile.shared import type_object

#: Types offered for a column when nothing else is known of it.
_DEFAULT_TYPES: Final = ("pole", "actor", "commune", "departement", "region", "event", "cooperation", "call")
#: Size of a preview, in pixels.
_WIDTH, _HEIGHT = 430, 300
#: Choices of the setting ``content`` of a property of things.
CONTENTS: Final = ("entity", "name", "id")


def manifest(language: str) -> dict[str, Any]:
    """Return the manifest of version 0.2."""
    base = context.settings().base_iri
    place = {"service_url": base.rstrip("/")}

    def suggest(what: str) -> dict[str, str]:
        return {
            **place,
            "service_path": f"/reconcile/suggest/{what}",
            "flyout_service_path": f"/reconcile/flyout/{what}?id=${{id}}",
        }

    return {
        "versions": ["0.2"],
        **_common(language),
        "identifierSpace": f"{base}id/",
        "schemaSpace": PTCE,
        "view": {"url": f"{base}reconcile/view?id={{{{id}}}}"},
        "feature_view": {"url": f"{base}reconcile.html#{{{{id}}}}"},
        "preview": {"url": f"{base}reconcile/preview?id={{{{id}}}}", "width": _WIDTH, "height": _HEIGHT},
        "suggest": {what: suggest(what) for what in ("entity", "property", "type")},
        "extend": {
            "propose_properties": {**place, "service_path": "/reconcile/extend/propose"},
            "property_settings": [
                {**rest, "name": id_, "label": name, "help_text": help_}
                for id_, name, help_, rest in _settings(language)
            ],
        },
    }


def draft_manifest(language: str) -> dict[str, Any]:
    """Return the manifest of version 1.0 (draft)."""
    base = context.settings().base_iri
    return {
        "versions": ["1.0-draft"],
        **_common(language),
        "view": {"url": f"{base}reconcile/view?id={{id}}"},
        "featureView": {"url": f"{base}reconcile.html#{{id}}"},
        "preview": {"width": _WIDTH, "height": _HEIGHT},
        "suggest": {"entity": True, "property": True, "type": True},
        "extend": {
            "proposeProperties": True,
            "propertySettings": [
                {**rest, "id": id_, "name": name, "helpText": help_}
                for id_, name, help_, rest in _settings(language)
            ],
        },
    }


def _common(language: str) -> dict[str, Any]:
    settings, _ = context.settings(), pages.texts(language)
    return {
        "name": _("PTCE, linked open data"),
        "lang": language,
        "documentation": f"{settings.base_iri}reconcile.html",
        "logo": f"{settings.base_iri}static/logo.svg",
        "serviceVersion": __version__,
        "defaultTypes": [type_object(type_, language) for type_ in _DEFAULT_TYPES],
        "batchSize": settings.reconcile_batch_size,
        "limit": settings.reconcile_candidates,
        "standardizedScore": True,
    }


def _settings(language: str) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Return id, name, help text and further members of each setting of a property to fetch."""
    _ = pages.texts(language)
    names = {
        "entity": _("the thing, matched"),
        "name": _("its name as a text"),
        "id": _("its address as a text"),
    }
    choices = [{"value": value, "name": names[value]} for value in CONTENTS]
    return [
        ("limit", _("Most values"), _("Values of one thing; 0 for all"), {"type": "number", "default": 0}),
        (
            "content",
            _("Values that are things"),
            _("How a place, an actor or a concept is given"),
            {"type": "select", "default": CONTENTS[0], "choices": choices},
        ),
    ]
