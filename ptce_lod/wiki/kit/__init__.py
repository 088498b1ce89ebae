"""What a wiki takes over to be linked with us: texts to paste, made of the base IRI and of the vocabulary.

Sources: MediaWiki Extension:Interwiki, Extension:Gadgets; Semantic MediaWiki Help:Import vocabulary; properties of Wikidata that describe
external identifiers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from ptce_lod.iris import THING_TYPES
from ptce_lod.namespaces import ONTOLOGY, PTCE, RDF, XSD
from ptce_lod.wiki.blocks import empty

_FOLDER: Final = Path(__file__).parent
_BASE: Final = "@BASE@"
#: Languages of texts.
LANGUAGES: Final = ("fr", "en")
#: Names of the templates in each language: the box, the link, and the citation.
TEMPLATES: Final[Mapping[str, tuple[str, str, str]]] = {
    "fr": ("PTCE", "PTCE-lien", "PTCE-citation"),
    "en": ("PTCE", "PTCE-link", "PTCE-citation"),
}
#: Prefix of links from a wiki: ``[[ptce:pole/tetris]]``.
PREFIX: Final = "ptce"
#: Word for the namespace of templates in each language.
TEMPLATE_NAMESPACE: Final = {"fr": "Modèle", "en": "Template"}
_EXAMPLE: Final = "pole/tetris"
_SLUG: Final = "[a-z0-9]+(-[a-z0-9]+)*"
#: Datatype → type of Semantic MediaWiki; what is not named here is a text.
_TYPES: Final = {
    XSD + "anyURI": "URL",
    XSD + "boolean": "Boolean",
    XSD + "date": "Date",
    XSD + "dateTime": "Date",
    XSD + "gYear": "Date",
    XSD + "gYearMonth": "Date",
    XSD + "integer": "Number",
    XSD + "nonNegativeInteger": "Number",
    XSD + "positiveInteger": "Number",
    XSD + "decimal": "Number",
    RDF + "langString": "Monolingual text",
}


@dataclass(frozen=True)
class Term:
    """A term of the vocabulary: local name, whether it is a class, and the datatypes of a property's values."""

    name: str
    is_class: bool
    is_link: bool = False
    ranges: tuple[str, ...] = ()


@dataclass(frozen=True)
class Piece:
    """A text to paste: its name in addresses, the wiki's page where it goes ("" for none), and the text."""

    name: str
    page: str
    text: str


def pieces(base_iri: str, terms: Iterable[Term], language: str) -> list[Piece]:
    """Return every piece, in the order in which a wiki needs them."""
    box, link, citation = TEMPLATES[language]
    prefix = TEMPLATE_NAMESPACE[language]
    return [
        Piece("link-template", f"{prefix}:{link}", template(link, base_iri, language)),
        Piece("infobox-template", f"{prefix}:{box}", template(box, base_iri, language)),
        Piece("citation-template", f"{prefix}:{citation}", template(citation, base_iri, language)),
        Piece("blocks", "", _blocks(link)),
        Piece("interwiki", "Special:Interwiki", f"{PREFIX}\t{base_iri}id/$1\n"),
        Piece("interwiki-sql", "", _interwiki_sql(base_iri)),
        Piece("wikibase", "", _wikibase(base_iri)),
        Piece("smw-import", "MediaWiki:Smw_import_ptce", smw_import(terms)),
        Piece(
            "gadget-definition", "MediaWiki:Gadgets-definition", "* ptce[ResourceLoader|default]|ptce.js\n"
        ),
        Piece("gadget", "MediaWiki:Gadget-ptce.js", _read("gadget.js").replace(_BASE, base_iri)),
    ]


def template(name: str, base_iri: str, language: str) -> str:
    """Return the wikitext of a template."""
    return _read(f"{language}/{name}.wikitext").replace(_BASE, base_iri)


@cache
def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _blocks(link: str) -> str:
    wanted = (f"infobox {_EXAMPLE}", f"link {_EXAMPLE}", "list", "list Bretagne", "timeline")
    uses = (f"{{{{{link}|{_EXAMPLE}|Tetris}}}}", f"[[{PREFIX}:{_EXAMPLE}|Tetris]]")
    return "\n".join([*map(empty, wanted), *uses]) + "\n"


def _interwiki_sql(base_iri: str) -> str:
    quoted = f"{base_iri}id/$1".replace("'", "''")
    return (
        "INSERT INTO interwiki (iw_prefix, iw_url, iw_api, iw_wikiid, iw_local, iw_trans)\n"
        f"VALUES ('{PREFIX}', '{quoted}', '', '', 0, 0);\n"
    )


def _wikibase(base_iri: str) -> str:
    """Return what an external identifier needs: formatter URL (P1630), formatter URI for RDF (P1921), pattern (P1793), example."""
    lines: dict[str, str] = {
        "datatype": "external-id",
        "P1630 formatter URL": f"{base_iri}id/$1",
        "P1921 formatter URI for RDF resource": f"{base_iri}id/$1",
        "P1793 format as a regular expression": identifier_pattern(),
        "P1855 example": _EXAMPLE,
        "P1896 source website": base_iri,
    }
    return "".join(f"{name}: {value}\n" for name, value in lines.items())


def identifier_pattern() -> str:
    """Return the regular expression of what stands behind ``/id/``."""
    return f"({'|'.join(sorted(THING_TYPES))})/{_SLUG}"


def smw_import(terms: Iterable[Term]) -> str:
    """Return the page by which Semantic MediaWiki writes the vocabulary's IRIs into its RDF."""
    lines = [f"{PTCE}|[{ONTOLOGY} PTCE]"]
    ordered = sorted(terms, key=lambda term: (not term.is_class, term.name))
    lines += [f" {term.name}|{_smw_type(term)}" for term in ordered]
    return "\n".join(lines) + "\n"


def _smw_type(term: Term) -> str:
    if term.is_class:
        return "Category"
    if term.is_link:
        return "Type:Page"
    found = {_TYPES.get(iri, "Text") for iri in term.ranges}
    return f"Type:{found.pop() if len(found) == 1 else 'Text'}"


#: Names of the pieces.
NAMES: Final = tuple(piece.name for piece in pieces("", (), LANGUAGES[0]))
