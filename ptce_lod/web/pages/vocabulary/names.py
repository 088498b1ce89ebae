"""What a term of any vocabulary is called on a page: its label when there is one, else its prefixed name; never a bare IRI."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote, urlsplit

from ptce_lod import namespaces as ns
from ptce_lod.web.pages.reading import Reader, shortened
from ptce_lod.web.pages.text import safe_url
from ptce_lod.web.pages.vocabulary.words import Piece, Words

#: Prefixes of vocabularies that only the alignments name.
ALIGNED_PREFIXES: Final = {
    "ess": "http://purl.org/essglobal/vocab/",
    "m8g": "http://data.europa.eu/m8g/",
    "pair": "http://virtual-assembly.org/ontologies/pair#",
    "qb": "http://purl.org/linked-data/cube#",
}
OURS: Final = (ns.PTCE, ns.DATATYPE)


def is_ours(iri: str) -> bool:
    """Say whether an IRI is that of a term of the vocabulary."""
    return iri.startswith(OURS)


def local_name(iri: str) -> str:
    """Return the fragment, or last segment, of one of our terms: its anchor on the page."""
    return iri.removeprefix(ns.PTCE).removeprefix(ns.DATATYPE)


def prefixed(iri: str) -> str:
    """Return the prefixed name of an IRI, or a short form of its address when no prefix of ours fits.

    >>> prefixed("http://purl.org/linked-data/cube#Observation"), prefixed("https://w3id.org/ptce/ns#Pole")
    ('qb:Observation', 'ptce:Pole')
    """
    for prefix, namespace in ALIGNED_PREFIXES.items():
        if iri.startswith(namespace) and iri != namespace:
            return f"{prefix}:{iri[len(namespace) :]}"
    return shortened(iri)


def page_name(address: str) -> str:
    """Return a name for a page on the Web that has no title: its host and the last part of its path.

    >>> page_name("https://www.w3.org/TR/prov-o/"), page_name("https://schema.org/")
    ('w3.org – prov-o', 'schema.org')
    """
    parts = urlsplit(address)
    last = unquote(parts.path.rstrip("/").rpartition("/")[2]).replace("_", " ")
    host = parts.netloc.removeprefix("www.")
    if len(last) > 60:
        last = last[:57] + "…"
    return f"{host} – {last}" if last else host


class Names:
    """Names and links of terms on one page. Terms of ours are links within the page when ``here`` is its path."""

    def __init__(self, reader: Reader, here: str) -> None:
        self.reader = reader
        self._here = here

    def href(self, iri: str) -> str:
        """Return the address to link for ``iri``; empty when there is none."""
        if iri.startswith(ns.DATATYPE):
            iri = ns.PTCE + iri[len(ns.DATATYPE) :]
        ref = self.reader.ref(iri)
        return ref.href.removeprefix(self._here) if ref.href.startswith(self._here + "#") else ref.href

    def term(self, iri: str) -> Words:
        """Return a term by its prefixed name, as code."""
        return (Piece(prefixed(iri), self.href(iri), "", code=True),)

    def thing(self, iri: str) -> Words:
        """Return something by its label; a term without one by its prefixed name."""
        label = self.reader.label(iri)
        if label.value in (shortened(iri), iri):
            return self.term(iri)
        return (Piece(label.value, self.href(iri), label.lang),)

    def page(self, address: str) -> Words:
        """Return a page of the Web by its title, else by host and last part of its path."""
        label = self.reader.label(address)
        if label.value != shortened(address):
            return (Piece(label.value, self.href(address), label.lang),)
        return (Piece(page_name(address), safe_url(address)),)

    def full(self, iri: str) -> Words:
        """Return a term by its prefixed name, followed by its label when it has one."""
        label = self.reader.label(iri)
        if label.value in (shortened(iri), iri, prefixed(iri)):
            return self.term(iri)
        return (*self.term(iri), Piece(" ("), Piece(label.value, "", label.lang), Piece(")"))
