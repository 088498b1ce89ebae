"""Read a description as a person would: labels in the reader's language, dates, links, numbered sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import pyoxigraph as ox

from ptce_lod import namespaces as ns
from ptce_lod.collation import sort_key
from ptce_lod.query.backend import Backend, Description, Node
from ptce_lod.settings import Settings
from ptce_lod.web.pages.i18n import translator
from ptce_lod.web.pages.text import path_of, safe_url

LABELS: Final = (ns.SKOS + "prefLabel", ns.RDFS + "label", ns.DCTERMS + "title", ns.FOAF + "name")
_SOURCE: Final = ns.DCTERMS + "source"
_PUBLISHER: Final = "http://purl.org/dc/elements/1.1/publisher"


class Text(NamedTuple):
    """A text and the language to mark it with: empty when it is the page's own or unknown."""

    value: str
    lang: str


#: Types of things that nobody names → their kind in a word.
_UNNAMED: Final = {
    "participation": "Participation",
    "recognition": "Recognition",
    "stage-period": "Stage period",
    "observation": "Figure",
    "evidence": "Evidence",
    "claim": "Reported claim",
}


class Ref(NamedTuple):
    """Something to link: ``href`` is empty when its IRI may not be linked."""

    iri: str
    href: str
    label: Text
    external: bool


class Footnote(NamedTuple):
    """A cited page, numbered from 1 in the order in which the page's statements cite them."""

    number: int
    href: str
    title: Text
    publisher: str
    date: str
    url: str
    licence: str


class Reader:
    """A description with look-ups for one page in one language."""

    def __init__(self, description: Description, backend: Backend, settings: Settings, language: str) -> None:
        self.description = description
        self.backend = backend
        self.settings = settings
        self.language = language
        self.iri = description.iri
        self._numbers: dict[str, int] = {}
        self._refs: dict[str, Ref] = {}

    def values(self, subject: str, predicate: str) -> list[Node]:
        """Return the objects of (subject, predicate)."""
        return self.description.objects(subject, predicate)

    def iris(self, subject: str, predicate: str) -> list[str]:
        """Return the objects that are IRIs, as texts."""
        return [v.value for v in self.description.objects(subject, predicate) if isinstance(v, ox.NamedNode)]

    def iri_of(self, subject: str, predicate: str) -> str:
        """Return the first IRI of (subject, predicate), or an empty text."""
        return next(iter(self.iris(subject, predicate)), "")

    def literal(self, subject: str, predicate: str) -> str:
        """Return the lexical form of the first literal of (subject, predicate), or an empty text."""
        values = self.description.objects(subject, predicate)
        return next((v.value for v in values if isinstance(v, ox.Literal)), "")

    def date(self, subject: str, predicate: str) -> str:
        """Return a partial date as it is written; the least of several."""
        values = self.description.objects(subject, predicate)
        return min((v.value for v in values if isinstance(v, ox.Literal)), default="")

    def texts(self, subject: str, predicate: str) -> list[Text]:
        """Return all literals of (subject, predicate), those in the reader's language first."""
        literals = [v for v in self.description.objects(subject, predicate) if isinstance(v, ox.Literal)]
        ranked = sorted(literals, key=lambda v: (self._rank(v.language or ""), v.value))
        return [self._text(v.value, v.language or "") for v in ranked]

    def text(self, subject: str, predicate: str) -> Text | None:
        """Return the literal in the reader's language, else in French, English, no language, any; None when there is none."""
        return next(iter(self.texts(subject, predicate)), None)

    def _rank(self, tag: str) -> int:
        order = (self.language, "fr", "en", "")
        short = tag.partition("-")[0]
        return order.index(short) if short in order else len(order)

    def _text(self, value: str, tag: str) -> Text:
        return Text(value, "" if tag.partition("-")[0] in (self.language, "") else tag)

    def label(self, iri: str) -> Text:
        """Return the label of ``iri``: from the description, else from the release, else its kind and its name in addresses."""
        for predicate in LABELS:
            if (text := self.text(iri, predicate)) is not None:
                return text
        known = self.backend.label(iri, self.language)
        if known is not None:
            return self._text(known.value, known.language)
        thing = self.settings.addresses.parse_thing(iri)
        if thing is not None and thing.type in _UNNAMED:
            return Text(f"{translator(self.language)(_UNNAMED[thing.type])} {thing.slug}", "")
        return Text(shortened(iri), "")

    def ref(self, iri: str) -> Ref:
        """Return ``iri`` as a link to our document of it, or to itself when it is a web address."""
        ref = self._refs.get(iri)
        if ref is None:
            address = self.settings.addresses.document(iri)
            href = path_of(address, self.settings.base_iri) if address else safe_url(iri)
            ref = self._refs[iri] = Ref(iri, href, self.label(iri), external=address is None)
        return ref

    def refs(self, subject: str, predicate: str) -> list[Ref]:
        """Return the IRIs of (subject, predicate) as links, sorted by label."""
        return sorted(map(self.ref, self.iris(subject, predicate)), key=lambda ref: sort_key(ref.label.value))

    def pages(self, subject: str, *predicates: str) -> list[Ref]:
        """Return web pages about ``subject`` by their titles, where known: the reader's language, then unknown ones, then others."""
        known = {page.page: page for page in self.backend.pages_of(subject) if page.language}
        found = dict.fromkeys(ref for predicate in predicates for ref in self.refs(subject, predicate))

        def titled(ref: Ref) -> tuple[int, Ref]:
            page = known.get(ref.iri)
            if page is None:
                return 1, ref
            foreign = page.language != self.language
            label = Text(page.name or ref.label.value, page.language if foreign else "")
            return 2 if foreign else 0, ref._replace(label=label)

        return [ref for _, ref in sorted(map(titled, found), key=lambda pair: pair[0])]

    def sources(self, *subjects: str) -> tuple[int, ...]:
        """Return the numbers of the pages that ``subjects`` cite, in order."""
        return self.cite(page for subject in subjects for page in self.iris(subject, _SOURCE))

    def cite(self, pages: Iterable[str]) -> tuple[int, ...]:
        """Return the numbers of pages, in order; a page cited anew gets the next number."""
        return tuple(
            sorted(self._numbers.setdefault(page, len(self._numbers) + 1) for page in sorted(set(pages)))
        )

    def footnotes(self) -> list[Footnote]:
        """Return the pages cited so far."""
        return [self._footnote(iri, number) for iri, number in self._numbers.items()]

    def _footnote(self, iri: str, number: int) -> Footnote:
        return Footnote(
            number=number,
            href=self.ref(iri).href,
            title=self.label(iri),
            publisher=self.literal(iri, _PUBLISHER),
            date=self.date(iri, ns.DCTERMS + "issued"),
            url=safe_url(self.iri_of(iri, ns.SCHEMA + "url") or self.iri_of(iri, ns.PAV + "retrievedFrom")),
            licence=self.literal(iri, ns.DCTERMS + "rights"),
        )

    def pointing(self, predicate: str, object_: str | None = None) -> Sequence[str]:
        """Return the IRIs that point at ``object_`` (default: what the page is about) by ``predicate``, sorted."""
        return sorted(self.description.subjects(predicate, object_ or self.iri))


@lru_cache(maxsize=4096)
def shortened(iri: str) -> str:
    """Return an IRI as a prefixed name where a prefix of ours fits, else its last segment, else itself."""
    for prefix, namespace in ns.FIXED_PREFIXES.items():
        if iri.startswith(namespace) and iri != namespace and "/" not in iri[len(namespace) :]:
            return f"{prefix}:{iri[len(namespace) :]}"
    if iri.startswith("http"):
        return iri.rstrip("/").removeprefix("https://").removeprefix("http://")
    return iri
