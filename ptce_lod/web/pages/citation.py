"""How to cite, embed and link a thing: texts that a reader copies. Sources: CSL-JSON 1.0.2, BibLaTeX 3.19, MediaWiki's templates."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from ptce_lod.dates import format_date
from ptce_lod.licences import Licence
from ptce_lod.settings import Settings
from ptce_lod.web.links import licence_of
from ptce_lod.web.pages.i18n import translator
from ptce_lod.wiki_markup import escape, external_link

#: Who publishes; the data's ``dcterms:publisher`` says the same.
PUBLISHER: Final = "PTCE-LOD project"
#: Characters that mean something to BibTeX, and to MediaWiki's templates and links.
_BIBTEX: Final = re.compile(r"([#$%&_{}])")
#: Size of the frame that an embedded card needs, in CSS pixels.
_FRAME: Final = (420, 260)


@dataclass(frozen=True)
class Citation:
    """What is cited: a thing's IRI and name, the release it was read in and the date of its data (ISO 8601)."""

    iri: str
    title: str
    release: str
    date: str
    language: str

    @property
    def key(self) -> str:
        """The citation key: type and slug."""
        return "ptce-" + "-".join(self.iri.rsplit("/", 2)[-2:])

    def text(self) -> str:
        """Return the citation as a sentence in the reader's language."""
        _ = translator(self.language)
        date = format_date(self.date, self.language) if self.date else ""
        return f"{self.title}. {PUBLISHER}, {_('linked open data')}, {date}. {self.iri}"

    def csl(self) -> list[dict[str, Any]]:
        """Return the citation as CSL-JSON data."""
        item: dict[str, Any] = {
            "id": self.key,
            "type": "dataset",
            "title": self.title,
            "author": [{"literal": PUBLISHER}],
            "publisher": PUBLISHER,
            "URL": self.iri,
            "version": self.release,
            "language": self.language,
        }
        if parts := [int(part) for part in self.date.split("-") if part.isdigit()]:
            item["issued"] = {"date-parts": [parts]}
        return [item]

    def csl_text(self) -> str:
        """Return the citation as a CSL-JSON document."""
        return json.dumps(self.csl(), ensure_ascii=False, indent=2) + "\n"

    def bibtex(self) -> str:
        """Return the citation as a BibLaTeX entry."""
        fields = {
            "title": f"{{{_BIBTEX.sub(chr(92) * 2 + chr(92) + '1', self.title)}}}",
            "author": f"{{{{{PUBLISHER}}}}}",
            "date": f"{{{self.date}}}",
            "version": f"{{{self.release}}}",
            "url": f"{{{self.iri}}}",
        }
        lines = ",\n".join(f"  {name} = {value}" for name, value in fields.items() if value != "{}")
        return f"@dataset{{{self.key},\n{lines}\n}}\n"

    def written(self, extension: str) -> str:
        """Return the citation as a file with the extension "json", "bib" or "txt"."""
        if extension == "json":
            return self.csl_text()
        return self.bibtex() if extension == "bib" else self.text() + "\n"

    def wikitext(self) -> str:
        """Return a reference for a MediaWiki page, by the citation template of the language's Wikipedia."""
        title = escape(self.title)
        if self.language == "fr":
            return f"{{{{Lien web |titre={title} |url={self.iri} |site={PUBLISHER} |date={self.date} |langue=fr}}}}"
        return f"{{{{cite web |title={title} |url={self.iri} |website={PUBLISHER} |date={self.date} |language=fr}}}}"

    def external_link(self) -> str:
        """Return a link for any MediaWiki page."""
        return external_link(self.iri, self.title)


@dataclass(frozen=True)
class Reuse:
    """What the foot of a page offers for copying. ``report`` is the address of a prefilled message, empty when nobody takes any."""

    citation: Citation
    files: str
    embed: str
    report: str
    licence: Licence


def reuse(citation: Citation, settings: Settings) -> Reuse:
    """Return what to offer for ``citation``, whose IRI is a thing of ours with a card to embed or any other."""
    base = settings.base_iri
    address = settings.addresses.parse_thing(citation.iri)
    card = ""
    if address is not None:
        width, height = _FRAME
        title = citation.title.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
        card = (
            f'<iframe src="{base}embed/{address.type}/{address.slug}?lang={citation.language}" title="{title}" '
            f'width="{width}" height="{height}" loading="lazy" style="border:0;max-width:100%"></iframe>'
        )
    files = f"{base}cite/{address.type}/{address.slug}" if address is not None else ""
    return Reuse(
        citation,
        files,
        card,
        _report(citation, settings.contact),
        licence_of(citation.iri, settings.addresses),
    )


def _report(citation: Citation, contact: str) -> str:
    _ = translator(citation.language)
    subject = quote(_("Something is wrong with {title}").format(title=citation.title))
    lines = (
        _("Page:") + " " + citation.iri,
        _("Release:") + " " + citation.release,
        "",
        _("What is wrong:"),
        "",
        _("What would be right, and the source that says so:"),
        "",
    )
    body = quote("\n".join(lines))
    if contact.startswith("mailto:"):
        return f"{contact}?subject={subject}&body={body}"
    # GitHub, GitLab and Gitea read these parameters; others show their form as it is.
    return f"{contact}?title={subject}&body={body}" if contact else ""
