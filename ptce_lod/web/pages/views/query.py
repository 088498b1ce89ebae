"""The text of an example query, for its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from ptce_lod import namespaces as ns
from ptce_lod.web.pages.reading import Reader
from ptce_lod.web.pages.text import path_of

_TEXTS: Final = (ns.SH + "select", ns.SH + "ask", ns.SH + "construct", ns.SPEX + "describe")


@dataclass(frozen=True)
class Query:
    """The text of an example query, and the path of the editor with it."""

    text: str
    editor: str


def query_of(reader: Reader) -> Query | None:
    """Return the query that ``reader`` reads; None for anything else."""
    address = reader.settings.addresses.parse_thing(reader.iri)
    text = next((text for property_ in _TEXTS if (text := reader.literal(reader.iri, property_))), "")
    if address is None or address.type != "query" or not text:
        return None
    base = reader.settings.base_iri
    return Query(text, f"{path_of(base, base)}sparql?{urlencode({'example': address.slug})}")
