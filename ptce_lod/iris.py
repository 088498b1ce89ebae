"""Mint, parse and relate IRIs: thing ↔ document ↔ file in one format.

One rule: every IRI of a deployment comes from its configured ``base_iri``, never from a request. Things are
``{base}id/{type}/{slug}``, their documents ``{base}doc/{type}/{slug}``; vocabulary, schemes, concepts and shapes have fixed IRIs
under ``https://w3id.org/ptce/`` and local documents under ``{base}ns``, ``{base}scheme/…``, ``{base}concept/…``, ``{base}shapes``.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import pyoxigraph as ox

from ptce_lod import namespaces
from ptce_lod.errors import SettingsError

#: Types of things in ``/id/{type}/{slug}``: singular English, ASCII.
THING_TYPES: Final = (
    "pole",
    "actor",
    "participation",
    "cooperation",
    "event",
    "call",
    "recognition",
    "stage-period",
    "observation",
    "territory",
    "unit",
    "source",
    "evidence",
    "claim",
    "initiative",
    "cohort",
    "document",
    "project",
    "agent",
    "import",
    "query",
)

SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
#: Characters an IRI cannot hold (RFC 3987; SPARQL 1.1 grammar rule 139, IRIREF).
FORBIDDEN_IN_IRI: Final = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x20<>\"{}|^`\\]*")


class ThingAddress(NamedTuple):
    """``type`` and ``slug`` of a thing."""

    type: str
    slug: str


def slugify(text: str) -> str:
    """Return ``text`` as ASCII kebab-case: ``"L'Île-Saint-Denis"`` → ``"l-ile-saint-denis"``.

    >>> slugify("Provence-Alpes-Côte d'Azur")
    'provence-alpes-cote-d-azur'
    >>> slugify("Œuvre")
    'oeuvre'
    """
    text = text.replace("œ", "oe").replace("Œ", "Oe").replace("æ", "ae").replace("Æ", "Ae")
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")


def source_slug(url: str) -> str:
    """Return a stable slug for a cited web page: its host and ten hexadecimal digits of the address's SHA-256.

    >>> source_slug("https://www.rtes.fr/page")
    'www-rtes-fr-d4e4bb3d58'
    """
    host = slugify(urlsplit(url).hostname or "page")
    return f"{host}-{hashlib.sha256(url.encode()).hexdigest()[:10]}"


def is_absolute_iri(text: str) -> bool:
    """Say whether ``text`` is an absolute IRI (RFC 3987) that the engine takes as a name, and has no space of any kind."""
    if _ABSOLUTE.fullmatch(text) is None:
        return False
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class AddressSpace:
    """All addresses of one deployment.

    ``base_iri`` is an absolute http(s) IRI ending in ``/``; :class:`SettingsError` otherwise.
    """

    base_iri: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_iri)
        if parts.scheme not in ("http", "https") or not parts.netloc or not is_absolute_iri(self.base_iri):
            raise SettingsError(
                f"base_iri is {self.base_iri!r}, expected an absolute http or https IRI",
                hint="for example https://data.example.org/ptce/",
            )
        if parts.query or parts.fragment or not self.base_iri.endswith("/"):
            raise SettingsError(
                f"base_iri is {self.base_iri!r}, expected it to end in a slash, without query or fragment",
                hint=f"write {self.base_iri.split('#')[0].split('?')[0].rstrip('/')}/",
            )

    def thing(self, type_: str, slug: str) -> str:
        """Return the IRI of a thing."""
        return f"{self.base_iri}id/{type_}/{slug}"

    def graph(self, source: str, snapshot: str) -> str:
        """Return the IRI of the named graph of a source snapshot (``snapshot`` is a date or a version)."""
        return f"{self.base_iri}graph/{source}/{snapshot}"

    def parse_thing(self, iri: str) -> ThingAddress | None:
        """Return type and slug of a thing's IRI of this deployment, else None."""
        prefix = self.base_iri + "id/"
        if not iri.startswith(prefix):
            return None
        type_, slash, slug = iri[len(prefix) :].partition("/")
        if slash and type_ in THING_TYPES and SLUG.fullmatch(slug):
            return ThingAddress(type_, slug)
        return None

    def document(self, iri: str) -> str | None:
        """Return the address of the document that describes ``iri`` here, or None when we publish none.

        A vocabulary term's document is ``/ns`` with the term's fragment.
        """
        if (address := self.parse_thing(iri)) is not None:
            return f"{self.base_iri}doc/{address.type}/{address.slug}"
        if iri.startswith(self.base_iri + "graph/"):
            return iri
        if iri == namespaces.ONTOLOGY or iri.startswith(namespaces.PTCE):
            return f"{self.base_iri}ns" + iri[len(namespaces.ONTOLOGY) :]
        if iri.startswith(namespaces.SHAPES_DOCUMENT):
            return f"{self.base_iri}shapes" + iri[len(namespaces.SHAPES_DOCUMENT) :]
        for fixed, local in ((namespaces.SCHEME, "scheme/"), (namespaces.CONCEPT, "concept/")):
            if iri.startswith(fixed):
                return self.base_iri + local + iri[len(fixed) :]
        return None

    def prefixes(self) -> dict[str, str]:
        """Return prefix → namespace IRI: the fixed ones, ``graph:``, and one per thing type (``poleid:`` …)."""
        own = {f"{name.replace('-', '')}id": f"{self.base_iri}id/{name}/" for name in THING_TYPES}
        return {**namespaces.FIXED_PREFIXES, **own, "graph": f"{self.base_iri}graph/"}
