"""A thing in a few lines: the card that other sites embed, and the citation of its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ptce_lod.dates import format_date
from ptce_lod.query.backend import Backend, Description
from ptce_lod.settings import Settings
from ptce_lod.web.pages.citation import Citation
from ptce_lod.web.pages.environment import render
from ptce_lod.web.pages.i18n import number_translator, translator
from ptce_lod.web.pages.kinds import view_of
from ptce_lod.web.pages.reading import Reader, Text
from ptce_lod.web.pages.views.frame import kind_of

#: Lines on a card at most.
_LINES = 5


@dataclass(frozen=True)
class Card:
    """What a card says. ``lines`` are short facts in the reader's language."""

    iri: str
    href: str
    title: Text
    kind: str
    where: tuple[str, ...]
    lines: tuple[str, ...]


def citation_of(description: Description, backend: Backend, settings: Settings, language: str) -> Citation:
    """Return how to cite what ``description`` is about."""
    reader = Reader(description, backend, settings, language)
    return citation(reader)


def citation(reader: Reader) -> Citation:
    """Return how to cite what ``reader`` reads."""
    backend = reader.backend
    date = str(backend.manifest.get("data_date", ""))
    return Citation(reader.iri, reader.label(reader.iri).value, backend.release_id, date, reader.language)


def render_card(backend: Backend, settings: Settings, description: Description, language: str) -> str:
    """Return the card of what ``description`` is about, a page of its own."""
    reader = Reader(description, backend, settings, language)
    return render("embed.html", language, settings, backend, card=_card(reader))


def summary(view: Any, reader: Reader) -> str:
    """Return what a thing is in a line or two, for who shows a link to its page; ``view`` is None when there is none."""
    first = ", ".join(part for part in (kind_of(reader), *_where(view)) if part)
    return " · ".join((first, *_lines(view, reader)[:_LINES]))


def _where(view: Any) -> tuple[str, ...]:
    return tuple(ref.label.value for ref in (*getattr(view, "places", ()), *getattr(view, "areas", ())))


def _card(reader: Reader) -> Card:
    view, _template = view_of(reader)
    address = reader.settings.addresses.document(reader.iri) or reader.iri
    where = _where(view)
    return Card(
        iri=reader.iri,
        href=address,
        title=reader.label(reader.iri),
        kind=kind_of(reader),
        where=where,
        lines=tuple(_lines(view, reader))[:_LINES],
    )


def _lines(view: Any, reader: Reader) -> list[str]:
    """Return the short facts of a view: recognitions, members, cooperations, sectors of a pole; the first facts of others."""
    _, _n = translator(reader.language), number_translator(reader.language)
    lines: list[str] = []
    for item in getattr(view, "recognitions", ())[:2]:
        said = [item.kind.label.value if item.kind else "", item.call.label.value if item.call else ""]
        date = format_date(item.date, reader.language) if item.date else ""
        text = " – ".join(part for part in said if part)
        if text:
            lines.append(f"{text} ({date})" if date else text)
    members = sum(len(group.participations) for group in getattr(view, "roles", ()))
    if members:
        lines.append(_n("{n} organisation takes part", "{n} organisations take part", members))
    if cooperations := getattr(view, "cooperations", ()):
        lines.append(_n("{n} cooperation", "{n} cooperations", len(cooperations)))
    if sectors := getattr(view, "sectors", ()):
        lines.append(", ".join(ref.label.value for ref in sectors[:3]))
    for fact in getattr(view, "facts", ())[:3]:
        values = [
            v.ref.label.value
            if v.ref
            else format_date(v.date, reader.language)
            if v.date
            else v.text.value
            if v.text
            else ""
            for v in fact.values[:2]
        ]
        text = ", ".join(value for value in values if value)
        if text:
            lines.append(f"{fact.label} : {text}" if reader.language == "fr" else f"{fact.label}: {text}")
    return lines
