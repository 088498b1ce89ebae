"""Short ids of things for tables: ``pole/archer``, ``concept/stage/emerging``, ``scheme/stage``."""

from __future__ import annotations

from typing import Final

from ptce_lod.iris import AddressSpace
from ptce_lod.namespaces import CONCEPT, SCHEME

_FIXED: Final = (("concept/", CONCEPT), ("scheme/", SCHEME))


def id_of(iri: str, addresses: AddressSpace) -> str:
    """Return the id of a thing; its IRI when it is none of ours."""
    for prefix, namespace in _FIXED:
        if iri.startswith(namespace):
            return prefix + iri[len(namespace) :]
    return iri.removeprefix(f"{addresses.base_iri}id/") if addresses.parse_thing(iri) else iri


def iri_of(text: str, addresses: AddressSpace) -> str:
    """Return the IRI that an id, an IRI or the address of a document of ours names; "" when ``text`` is none of them."""
    text, base = text.strip(), addresses.base_iri
    for prefix, namespace in _FIXED:
        for start in (prefix, base + prefix):
            if text.startswith(start) and len(text) > len(start):
                return namespace + _stem(text[len(start) :])
        if text.startswith(namespace):
            return text
    if text.startswith(f"{base}doc/"):
        text = _stem(text[len(base) + len("doc/") :])
    iri = text if text.startswith(base) else f"{base}id/{text}"
    return iri if addresses.parse_thing(iri) else ""


def _stem(text: str) -> str:
    """Return the end of an address without query, fragment and extension."""
    return text.partition("#")[0].partition("?")[0].partition(".")[0]
