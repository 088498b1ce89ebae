"""Views of a description, chosen by ``?_profile=``: full, short, or in the words of schema.org.

Source: Content Negotiation by Profile, W3C Working Draft 2023-10-02, section 7.3 (query string arguments); RFC 6906 (``rel="profile"``).
No media type is invented for them: a view comes in every RDF format.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from ptce_lod.errors import BadRequest
from ptce_lod.query.backend import Description
from ptce_lod.query.describe import LABELS


@dataclass(frozen=True)
class Profile:
    """A view: ``name`` is the value of ``_profile``, ``iri`` names what the view conforms to; a path is one of our own addresses."""

    name: str
    iri: str
    title_fr: str
    title_en: str


FULL: Final = Profile(
    "full",
    "profile/full",
    "Description complète : la chose, ce qui n'existe que pour elle, liens entrants, libellés, provenance",
    "Full description: the thing, what exists only for it, incoming links, labels, provenance",
)
SHORT: Final = Profile(
    "short",
    "profile/short",
    "Description courte : les énoncés sur la chose elle-même, et les libellés de ce qu'ils mentionnent",
    "Short description: the statements about the thing itself, and labels of what they mention",
)
SCHEMA: Final = Profile(
    "schema",
    "https://schema.org/",
    "La même chose en schema.org, comme dans la page",
    "The same in schema.org, as in the page",
)
PROFILES: Final = {profile.name: profile for profile in (FULL, SHORT, SCHEMA)}
_LABELS: Final = frozenset(LABELS)
#: Keys of our schema.org documents whose values are IRIs.
_IRI_KEYS: Final = ("url", "sameAs", "license", "contentUrl")


def choose(name: str | None, base_iri: str) -> Profile:
    """Return the profile that ``_profile=`` names, by its name or IRI; :class:`BadRequest` for another."""
    if not name:
        return FULL
    for profile in PROFILES.values():
        if name in (profile.name, iri(profile, base_iri)):
            return profile
    raise BadRequest(f"_profile is {name[:100]!r}, expected one of {', '.join(PROFILES)}")


def iri(profile: Profile, base_iri: str) -> str:
    """Return the IRI of a profile."""
    return profile.iri if "://" in profile.iri else base_iri + profile.iri


def short(description: Description) -> list[ox.Quad]:
    """Return the statements about the thing itself, with the labels of what they mention."""
    own = [quad for quad in description.quads if getattr(quad.subject, "value", "") == description.iri]
    mentioned = {quad.object for quad in own if isinstance(quad.object, ox.NamedNode)}
    labels = [quad for quad in description.quads if quad.predicate in _LABELS and quad.subject in mentioned]
    return [*own, *labels]


def schema_quads(document: dict[str, Any]) -> list[ox.Quad]:
    """Return a schema.org document of ours as quads; its context is not fetched."""
    context: dict[str, Any] = {
        "@vocab": "https://schema.org/",
        **{key: {"@type": "@id"} for key in _IRI_KEYS},
    }
    text = json.dumps({**document, "@context": context})
    return list(ox.parse(text, format=ox.RdfFormat.JSON_LD))
