"""Read ``wiki/mappings/{id}.toml``: where a wiki is, what is pulled from it, what its templates, categories and sections mean.

docs/how-to/wiki-pull.md describes the file. Mistakes are told all at once, with the key where each is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, get_args

from ptce_lod.errors import MappingError, SourceUnavailable
from ptce_lod.iris import SLUG
from ptce_lod.lexical import is_language_tag
from ptce_lod.namespaces import CONCEPT
from ptce_lod.wiki.annotations import COLUMNS, is_property_name
from ptce_lod.wiki.checks import Checks
from ptce_lod.wiki.rdf import SOURCES
from ptce_lod.wiki.trust import wrong_article
from ptce_lod.wiki.values import Parser


@dataclass(frozen=True)
class Site:
    """One wiki in one language. ``article`` is the address of a page with ``$1`` for its title; needed for dumps alone.

    ``robots`` is "ignore" when the wiki's administrators let us ask what its robots.txt keeps from programs.
    """

    language: str
    api: str = ""
    article: str = ""
    robots: str = ""


@dataclass(frozen=True)
class Selection:
    """Which pages: members of categories, titles that begin so, and titles. Nothing means every article of a dump."""

    categories: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.categories or self.prefixes or self.pages)


@dataclass(frozen=True)
class Field:
    """A template's parameter: the first of ``parameters`` that is filled says ``predicate`` of the thing, read by ``parser``.

    ``values`` maps words → concepts; ``units`` the units of a number → the factors that they are counted with.
    """

    parameters: tuple[str, ...]
    predicate: str
    parser: Parser
    values: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Template:
    """A template by all its names. ``thing`` names the thing with parameters in braces, such as ``pole/{identifiant}``."""

    names: tuple[str, ...]
    fields: tuple[Field, ...]
    thing: str = ""


@dataclass(frozen=True)
class RdfRules:
    """What is read of a wiki's RDF: ``source`` is "semantic-mediawiki", "wikibase" or "", the parameters of ``fields`` are properties."""

    source: str = ""
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True)
class CategoryRule:
    """A category that says ``predicate`` ``concept`` of the thing."""

    title: str
    predicate: str
    concept: str


@dataclass(frozen=True)
class SectionRule:
    """Sections of these titles are evidence of a claim of a kind, in our words; ``{title}`` is the page's title."""

    titles: tuple[str, ...]
    kind: str
    text: Mapping[str, str]


@dataclass(frozen=True)
class PushRules:
    """What is written. ``style`` is "plain" for tables, "template" for the template PTCE.

    ``pages`` says which pages may be made: title → what their block wants; ``summary`` is that of edits, by default our own;
    ``annotations`` says of a property of Semantic MediaWiki which column of the table of poles gives its values.
    """

    style: str = "plain"
    pages: Mapping[str, str] = field(default_factory=dict)
    summary: str = ""
    annotations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class WikiConfig:
    """The whole mapping of one wiki. ``things`` says which page is about which thing, by the decision of a person."""

    wiki_id: str
    title: Mapping[str, str]
    sites: tuple[Site, ...]
    pull: Selection = Selection()
    licence: str = ""
    things: Mapping[str, str] = field(default_factory=dict)
    templates: tuple[Template, ...] = ()
    categories: tuple[CategoryRule, ...] = ()
    sections: tuple[SectionRule, ...] = ()
    push: PushRules = PushRules()
    rdf: RdfRules = RdfRules()


#: Key of a table → keys that it may hold.
_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "": ("title", "site", "pull", "licence", "things", "template", "category", "section", "push", "rdf"),
    "site": ("language", "api", "article", "robots"),
    "pull": ("categories", "prefixes", "pages"),
    "template": ("names", "thing", "field"),
    "template.field": ("parameters", "predicate", "parser", "values", "units"),
    "rdf": ("source", "field"),
    "rdf.field": ("property", "predicate", "parser", "values"),
    "category": ("title", "predicate", "concept"),
    "section": ("titles", "kind", "text"),
    "push": ("style", "pages", "summary", "annotations"),
}
#: Parsers of what may have a unit.
_NUMBERS: Final = ("integer", "decimal")
_STYLES: Final = ("plain", "template")


def read_config(folder: Path, wiki_id: str) -> WikiConfig:
    """Read the mapping of a wiki; :class:`SourceUnavailable` when there is none, :class:`MappingError` with all that is wrong in it."""
    path = folder / "mappings" / f"{wiki_id}.toml"
    known = ", ".join(sorted(p.stem for p in path.parent.glob("*.toml"))) or "none"
    if not SLUG.fullmatch(wiki_id) or not path.is_file():
        raise SourceUnavailable(
            f"there is no mapping of a wiki {wiki_id!r} in {path.parent}", hint=f"there is: {known}"
        )
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, ValueError) as error:
        raise MappingError(f"{path}: cannot be read: {error}") from error
    reader = _Reader(str(path), _KEYS)
    config = reader.config(wiki_id, document)
    if reader.problems:
        raise MappingError(f"{path}: {len(reader.problems)} mistakes", problems=reader.problems)
    return config


class _Reader(Checks):
    """Reads the tables of a mapping."""

    def config(self, wiki_id: str, document: Mapping[str, Any]) -> WikiConfig:
        self.keys("", "", document)
        title = self.table("title", document.get("title"))
        if not {"fr", "en"} <= set(title):
            self.wrong("title", "expected a text in fr and one in en")
        licence = self.text("licence", document.get("licence", ""))
        if licence:
            self.address("licence", licence)
        sites = tuple(self.site(f"site[{n}]", t) for n, t in enumerate(self.tables("site", document)))
        if not sites:
            self.wrong("site", "expected at least one table [[site]]")
        if len({site.language for site in sites}) < len(sites):
            self.wrong("site", "two sites have the same language")
        things = self.table("things", document.get("things"))
        for page, thing in things.items():
            self.thing(f"things.{page}", thing)
        return WikiConfig(
            wiki_id,
            title,
            sites,
            self.selection(document.get("pull", {})),
            licence,
            things,
            tuple(
                self.template(f"template[{n}]", t) for n, t in enumerate(self.tables("template", document))
            ),
            tuple(
                self.category(f"category[{n}]", t) for n, t in enumerate(self.tables("category", document))
            ),
            tuple(self.section(f"section[{n}]", t) for n, t in enumerate(self.tables("section", document))),
            self.push(document.get("push", {})),
            self.rdf(document.get("rdf", {})),
        )

    def site(self, key: str, table: Mapping[str, Any]) -> Site:
        self.keys("site", key, table)
        site = Site(*(self.text(f"{key}.{name}", table.get(name, "")) for name in _KEYS["site"]))
        if not is_language_tag(site.language):
            self.wrong(f"{key}.language", f"is {site.language!r}, expected a language tag such as fr")
        if site.api and self.address(f"{key}.api", site.api) and not site.api.endswith("/api.php"):
            self.wrong(f"{key}.api", "expected an address that ends in /api.php")
        if site.article and (wrong := wrong_article(site.article)):
            self.wrong(f"{key}.article", wrong)
        if site.robots not in ("", "ignore"):
            self.wrong(f"{key}.robots", f"is {site.robots!r}, expected ignore, or nothing")
        if not site.api and not site.article:
            self.wrong(key, "expected api, or article for dumps")
        return site

    def selection(self, table: Any) -> Selection:
        if not isinstance(table, dict):
            self.wrong("pull", "expected a table")
            return Selection()
        self.keys("pull", "pull", table)
        return Selection(*(self.texts(f"pull.{name}", table.get(name, [])) for name in _KEYS["pull"]))

    def push(self, table: Any) -> PushRules:
        if not isinstance(table, dict):
            self.wrong("push", "expected a table")
            return PushRules()
        self.keys("push", "push", table)
        style = self.text("push.style", table.get("style", "plain"))
        if style not in _STYLES:
            self.wrong("push.style", f"is {style!r}, expected one of {', '.join(_STYLES)}")
        summary = self.text("push.summary", table.get("summary", ""))
        pages = self.table("push.pages", table.get("pages"))
        return PushRules(style, pages, summary, self.annotations(table.get("annotations")))

    def annotations(self, table: Any) -> dict[str, str]:
        found = self.table("push.annotations", table)
        for name, column in found.items():
            key = f"push.annotations.{name}"
            if not is_property_name(name):
                self.wrong(key, "is no name that a property can have")
            if column not in COLUMNS:
                self.wrong(key, f"is {column!r}, expected one of {', '.join(COLUMNS)}")
        return found

    def template(self, key: str, table: Mapping[str, Any]) -> Template:
        self.keys("template", key, table)
        names = self.texts(f"{key}.names", table.get("names", []))
        fields = tuple(
            self.field(f"{key}.field[{n}]", t) for n, t in enumerate(self.tables("field", table, key))
        )
        return Template(names, fields, self.text(f"{key}.thing", table.get("thing", "")))

    def rdf(self, table: Any) -> RdfRules:
        if not isinstance(table, dict):
            self.wrong("rdf", "expected a table")
            return RdfRules()
        self.keys("rdf", "rdf", table)
        source = self.text("rdf.source", table.get("source", ""))
        if table and source not in SOURCES:
            self.wrong("rdf.source", f"is {source!r}, expected one of {', '.join(SOURCES)}")
        fields = []
        for number, each in enumerate(self.tables("field", table, "rdf")):
            key = f"rdf.field[{number}]"
            self.keys("rdf.field", key, each)
            name = self.text(f"{key}.property", each.get("property", ""))
            self.address(f"{key}.property", name)
            fields.append(self.value_rule(key, each, (name,)))
        return RdfRules(source, tuple(fields))

    def field(self, key: str, table: Mapping[str, Any]) -> Field:
        self.keys("template.field", key, table)
        return self.value_rule(key, table, self.texts(f"{key}.parameters", table.get("parameters", [])))

    def value_rule(self, key: str, table: Mapping[str, Any], parameters: tuple[str, ...]) -> Field:
        """Return what says how the values of ``parameters`` are read."""
        parser = self.text(f"{key}.parser", table.get("parser", "text"))
        if parser not in get_args(Parser):
            self.wrong(f"{key}.parser", f"is {parser!r}, expected one of {', '.join(get_args(Parser))}")
        values = self.table(f"{key}.values", table.get("values"))
        if (parser == "concept") != bool(values):
            self.wrong(f"{key}.values", "is given for the parser concept, and only for it")
        for name, concept in values.items():
            self.concept(f"{key}.values.{name}", concept)
        units = self.factors(f"{key}.units", table.get("units"))
        if "units" in table and parser not in _NUMBERS:
            self.wrong(f"{key}.units", f"is given for {' and '.join(_NUMBERS)} only")
        return Field(parameters, self.predicate(key, table), parser, values, units)  # type: ignore[arg-type]  # checked above

    def category(self, key: str, table: Mapping[str, Any]) -> CategoryRule:
        self.keys("category", key, table)
        concept = self.text(f"{key}.concept", table.get("concept", ""))
        self.concept(f"{key}.concept", concept)
        title = self.text(f"{key}.title", table.get("title", ""))
        return CategoryRule(title, self.predicate(key, table), CONCEPT + concept)

    def section(self, key: str, table: Mapping[str, Any]) -> SectionRule:
        self.keys("section", key, table)
        text = self.table(f"{key}.text", table.get("text"))
        if not {"fr", "en"} <= set(text):
            self.wrong(f"{key}.text", "expected our words in fr and in en")
        kind = self.text(f"{key}.kind", table.get("kind", ""))
        self.concept(f"{key}.kind", f"claim-kind/{kind}")
        return SectionRule(self.texts(f"{key}.titles", table.get("titles", [])), kind, text)
