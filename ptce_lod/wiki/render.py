"""Wikitext of what is known: a box about a pole, a link, the list of poles by region, a timeline. Nothing of it needs Lua.

What is written depends on the facts alone, not on the day or the release: a wiki's page changes when a fact does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ptce_lod.collation import sort_key
from ptce_lod.dates import format_date
from ptce_lod.wiki.annotations import set_call
from ptce_lod.wiki.facts import Facts, Row, values
from ptce_lod.wiki.wanted import ALLOWED, nearest, plain_thing, same_name, split_wanted
from ptce_lod.wiki_markup import escape, external_link, page_link

#: Languages that texts are written in.
LANGUAGES: Final = ("fr", "en")
#: Column of the table of poles → word in the box, and name of the template's parameter.
FIELDS: Final[Mapping[str, Mapping[str, str]]] = {
    "fr": {
        "other_names": "autres noms",
        "place": "lieu",
        "departments": "département",
        "regions": "région",
        "sectors": "secteurs",
        "stage": "étape",
        "first_recognised": "reconnaissance",
        "support_structure": "structure",
        "websites": "site",
    },
    "en": {
        "other_names": "other names",
        "place": "place",
        "departments": "department",
        "regions": "region",
        "sectors": "sectors",
        "stage": "stage",
        "first_recognised": "recognised",
        "support_structure": "support structure",
        "websites": "website",
    },
}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "fr": {
        "name": "nom",
        "record": "fiche",
        "data": "données ouvertes liées",
        "about": "Données ouvertes liées sur",
        "unknown region": "Région non renseignée",
        "nothing": "Rien n'est connu.",
    },
    "en": {
        "name": "name",
        "record": "record",
        "data": "linked open data",
        "about": "Linked open data on",
        "unknown region": "Region unknown",
        "nothing": "Nothing is known.",
    },
}
_CONCEPTS: Final = ("sectors", "stage", "support_structure")
_BOX: Final = '{| class="wikitable ptce" style="float:right; clear:right; max-width:22em; margin:0 0 1em 1em"'


@dataclass(frozen=True)
class Renderer:
    """Writes for one wiki. ``pages`` says which of its pages is about a thing; ``uses_template`` whether it has the template PTCE.

    ``annotated`` says which column gives the values of a property of its Semantic MediaWiki.
    """

    facts: Facts
    language: str
    pages: Mapping[str, str]
    uses_template: bool = False
    annotated: Mapping[str, str] = field(default_factory=dict)

    def fill(self, wanted: str) -> str | None:
        """Return wikitext for what a block wants: ``infobox THING``, ``link THING``, ``list [REGION]`` or ``timeline``; None for another.

        ``THING`` is written ``pole/tetris``; :mod:`~ptce_lod.wiki.wanted` says how else.
        """
        kind, argument = split_wanted(wanted)
        match kind:
            case "infobox":
                row = self.facts.pole(plain_thing(argument, self.facts.base_iri))
                return None if row is None else self._infobox(row)
            case "link":
                return self._link(plain_thing(argument, self.facts.base_iri))
            case "list":
                return self._list(argument)
            case "timeline" if not argument:
                return self._timeline()
        return None

    def hint(self, wanted: str) -> str:
        """Return why :meth:`fill` knows nothing of what a block wants, and what it could say instead."""
        kind, argument = split_wanted(wanted)
        thing = plain_thing(argument, self.facts.base_iri)
        match kind:
            case "infobox" if not argument or thing.startswith("pole/"):
                poles = (self.facts.thing(str(row["id"])) for row in self.facts.poles)
                return f"an infobox wants a pole, such as pole/SLUG, the end of its address{nearest(thing, poles)}"
            case "infobox":
                other = f"; `link {thing}` links to this" if self._label(thing) else ""
                return f"an infobox is of a pole: pole/SLUG{other}"
            case "link":
                things = (each for each, _ in self.facts.things(self.language))
                return f"a link wants the end of a thing's address, TYPE/SLUG or concept/SCHEME/CODE{nearest(thing, things)}"
            case "list":
                return f"a list is of one of the regions {', '.join(self._regions())}, or of all: `list`"
            case "timeline":
                return "a timeline is of everything: `timeline`"
        return f"a block says {ALLOWED}"

    def _regions(self) -> list[str]:
        """Return the names of the regions that have poles, sorted."""
        return sorted({name for row in self.facts.poles for name in values(row, "regions")}, key=sort_key)

    def _label(self, thing: str) -> str | None:
        return self.facts.label(self.facts.iri(thing), self.language) if "/" in thing else None

    def _word(self, name: str) -> str:
        return _WORDS[self.language][name]

    def _fields(self, row: Row) -> Iterator[tuple[str, str]]:
        """Yield (word, wikitext) of what is known of a pole."""
        for column, word in FIELDS[self.language].items():
            texts = [self._text(column, value) for value in values(row, column)]
            if texts:
                yield word, ", ".join(dict.fromkeys(texts))

    def _text(self, column: str, value: str) -> str:
        if column == "websites":
            host = value.partition("://")[2].partition("/")[0].removeprefix("www.")
            return external_link(value, host)
        if column == "first_recognised":
            return escape(format_date(value, self.language))
        if column in _CONCEPTS:
            label = self.facts.label(value, self.language) or value
            page = self.pages.get(self.facts.thing(value))
            return page_link(page, label) if page else escape(label)
        return escape(value)

    def _infobox(self, row: Row) -> str:
        # A line that shows nothing would be a gap below the box.
        return self._box(row) + set_call(self.facts, row, self.annotated, self.language)

    def _box(self, row: Row) -> str:
        name, iri = self.facts.name(row, self.language), str(row["id"])
        fields = [*self._fields(row), (self._word("record"), external_link(iri, self._word("data")))]
        if self.uses_template:
            lines = [f"| {word} = {text}" for word, text in [(self._word("name"), escape(name)), *fields]]
            return "\n".join(["{{PTCE", *lines, "}}"])
        rows = [f'|-\n! scope="row" | {word.capitalize()}\n| {text}' for word, text in fields]
        return "\n".join([_BOX, f"|+ {escape(name)}", *rows, "|}"])

    def _link(self, thing: str) -> str | None:
        label = self._label(thing)
        if label is None:
            return None
        link = external_link(self.facts.address(thing), f"{self._word('about')} {label}")
        return f'<span class="ptce" style="border:1px solid; padding:0.1em 0.4em">{link}</span>'

    def _list(self, region: str) -> str | None:
        by_region: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self.facts.poles:
            for name in values(row, "regions") or [""]:
                by_region[name].append(row)
        if region:
            meant = same_name(region, self._regions())
            return "\n".join(self._items(by_region[meant])) if meant else None
        parts = []
        for name in [*self._regions(), *([""] if "" in by_region else [])]:
            title = escape(name) if name else self._word("unknown region")
            parts.append(
                "\n".join([f"'''{title}''' ({len(by_region[name])})", "", *self._items(by_region[name])])
            )
        return "\n\n".join(parts) or self._word("nothing")

    def _items(self, rows: list[Row]) -> Iterator[str]:
        for row in sorted(
            rows, key=lambda each: (sort_key(self.facts.name(each, self.language)), str(each["id"]))
        ):
            yield f"* {self._named(row)} {external_link(str(row['id']), '↗')}"

    def _named(self, row: Row) -> str:
        name = self.facts.name(row, self.language)
        page = self.pages.get(self.facts.thing(str(row["id"])))
        return page_link(page, name) if page else escape(name)

    def _timeline(self) -> str:
        dated = sorted(
            (
                (str(row["date"]), sort_key(self.facts.name(row, self.language)), row)
                for row in (*self.facts.events, *self.facts.calls)
                if row.get("date")
            ),
            key=lambda each: each[:2],
        )
        lines = [
            f"* {escape(format_date(date, self.language))} – {self._named(row)} {external_link(str(row['id']), '↗')}"
            for date, _, row in dated
        ]
        return "\n".join(lines) or self._word("nothing")
