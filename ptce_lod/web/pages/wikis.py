"""The page for editors and administrators of wikis: what to paste where, and what it brings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from ptce_lod import namespaces as ns
from ptce_lod.query.backend import Backend, Description
from ptce_lod.settings import Settings
from ptce_lod.web.pages.environment import render
from ptce_lod.web.pages.i18n import translator
from ptce_lod.web.pages.vocabulary.graph import Graph
from ptce_lod.wiki.kit import Piece, Term, pieces

#: Lines of a text that is shown at once.
_FEW_LINES: Final = 12


class _Shown(NamedTuple):
    piece: Piece
    title: str
    about: str

    @property
    def is_long(self) -> bool:
        """Whether the text would fill a screen, so that it is shown when asked for."""
        return self.piece.text.count("\n") > _FEW_LINES


#: Name of a piece → (what it is, what it brings), in the words of the message catalogue.
WORDS: Final = {
    "link-template": (
        "A template for links",
        "Leads from a page to the record of its subject, and can be changed in one place.",
    ),
    "infobox-template": (
        "A template for boxes",
        "Shows what is known of a pole beside its text. It needs no Lua, only the extension ParserFunctions.",
    ),
    "citation-template": (
        "A template for citations",
        "Cites a record in a note, with its licence and the date of the data.",
    ),
    "blocks": (
        "Parts of a page that are kept up to date",
        "Between such comments, ptce-lod wiki push writes a box, a link, a list or a timeline; what people write elsewhere stays.",
    ),
    "interwiki": (
        "A prefix for links, as the page Special:Interwiki asks for it",
        "Then a link to a record is written like one to another wiki.",
    ),
    "interwiki-sql": (
        "The same prefix, for an administrator of the database",
        "Where Special:Interwiki is not there.",
    ),
    "wikibase": (
        "An external identifier for Wikibase",
        "A property of this datatype links items with records, and its values are checked.",
    ),
    "smw-import": (
        "The vocabulary for Semantic MediaWiki",
        "What the wiki says with these names has the same IRIs in its RDF as here.",
    ),
    "gadget-definition": (
        "A line that declares the gadget",
        "By an administrator of the interface; the gadget can be switched off by everybody.",
    ),
    "gadget": (
        "A gadget that shows live facts",
        "No frame, no cookie, text only. Where scripts are off or forbidden, what the page holds stays.",
    ),
}
_CLASS: Final = ns.OWL + "Class"
_LINKING: Final = ns.OWL + "ObjectProperty"
_VALUED: Final = ns.OWL + "DatatypeProperty"


def wiki_pieces(backend: Backend, settings: Settings, language: str) -> list[Piece]:
    """Return the texts to paste."""
    return pieces(settings.base_iri, list(_terms(backend)), language)


def render_wikis(backend: Backend, settings: Settings, language: str) -> str:
    """Return the page."""
    _ = translator(language)
    made = [
        _Shown(piece, *(_(text) for text in WORDS[piece.name]))
        for piece in wiki_pieces(backend, settings, language)
    ]
    return render("wikis.html", language, settings, backend, pieces=made)


def _terms(backend: Backend) -> Iterator[Term]:
    """Yield the classes and properties of the vocabulary; what no range tells of a value, the shapes do."""
    described = backend.describe(ns.ONTOLOGY)
    if described is None:
        return
    vocabulary, datatypes = Graph(described), _datatypes(backend)
    for kind in (_CLASS, _LINKING, _VALUED):
        for iri in vocabulary.of_type(kind):
            if iri.startswith(ns.PTCE):
                ranges = vocabulary.names(iri, ns.RDFS + "range")
                found = sorted(datatypes[iri]) if kind == _VALUED and iri in datatypes else ranges
                yield Term(iri.removeprefix(ns.PTCE), kind == _CLASS, kind == _LINKING, tuple(found))


def _datatypes(backend: Backend) -> dict[str, set[str]]:
    """Return the datatypes that the shapes ask of a property's values, alone or as a choice."""
    found: dict[str, set[str]] = {}
    described = backend.describe(ns.SHAPES_DOCUMENT)
    shapes = Graph(described or Description(ns.SHAPES_DOCUMENT, ()))
    for shape in shapes.of_type(ns.SH + "PropertyShape"):
        choices = [node.value for head in shapes.names(shape, ns.SH + "or") for node in shapes.members(head)]
        asked = {iri for each in (shape, *choices) for iri in shapes.names(each, ns.SH + "datatype")}
        if asked:
            found.setdefault(shapes.name(shape, ns.SH + "path"), set()).update(asked)
    return found
