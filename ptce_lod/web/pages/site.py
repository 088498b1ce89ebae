"""Pages that are not about one thing: home, lists, problems. Also static files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ptce_lod.query.backend import LISTS, Backend, ThingSummary
from ptce_lod.settings import Settings
from ptce_lod.web.pages.environment import render
from ptce_lod.web.pages.gallery import FIRST
from ptce_lod.web.pages.i18n import translator
from ptce_lod.web.pages.map import Point, map_svg, thinned
from ptce_lod.web.pages.structured_data import home_data
from ptce_lod.web.pages.text import path_of
from ptce_lod.web.problem_types import ProblemType
from ptce_lod.web.problems import Problem

_TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "poles": (
        "Poles",
        "Territorial clusters for economic cooperation (PTCE) known here, in alphabetical order.",
    ),
    "actors": (
        "Actors",
        "Organisations that take part in a pole, a cooperation or a call. Never natural persons.",
    ),
    "cooperations": ("Cooperations", "What two or more actors do together."),
    "events": ("Events", "Meetings, calls, laws and openings in the history of PTCE."),
    "calls": (
        "Calls",
        "Calls for projects and for interest, with how many of their laureates are known here.",
    ),
    "territories": (
        "Territories",
        "Regions, departments and municipalities, and the project territories of poles.",
    ),
    "sources": ("Sources", "The pages cited, and the tables this site is made from."),
    "concepts": ("Concepts", "The value lists of the vocabulary and their concepts."),
    "queries": (
        "Example queries",
        "Questions in SPARQL that these data answer: run them as they are, or change them.",
    ),
}
#: Columns of a list: key in the summary's detail → heading. A key ending in ``*`` holds the IRI of a concept or a thing.
_COLUMNS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "poles": (
        ("place", "Municipality"),
        ("departement", "Department"),
        ("region", "Region"),
        ("members", "Members known"),
    ),
    "actors": (("actor_type*", "Kind"), ("place", "Place"), ("poles", "Poles")),
    "cooperations": (("cooperation_type*", "Kind"), ("pole*", "Pole"), ("date", "Since")),
    "events": (("date", "Date"), ("event_type*", "Kind"), ("place", "Place")),
    "calls": (
        ("date", "Launched"),
        ("call_type*", "Kind"),
        ("laureates", "Laureates"),
        ("recorded", "Recorded here"),
    ),
    "territories": (("kind", "Kind"), ("code", "INSEE code"), ("poles", "Poles")),
    "sources": (("publisher", "Publisher"), ("date", "Date"), ("url", "Address")),
    "concepts": (),
    "queries": (("description", "Description"), ("form", "Form")),
}
#: Kinds of administrative units and of things, as words.
WORDS: Final[Mapping[str, str]] = {
    "commune": "municipality",
    "departement": "department",
    "region": "region",
    "pole": "pole",
    "actor": "actor",
    "cooperation": "cooperation",
    "event": "event",
    "call": "call",
    "territory": "project territory",
    "unit": "administrative unit",
    "source": "source",
    "concept": "concept",
    "scheme": "concept scheme",
    "claim": "claim",
    "participation": "participation",
    "recognition": "recognition",
    "observation": "figure",
    "initiative": "initiative",
    "project": "project",
    "document": "document",
    "cohort": "cohort",
    "evidence": "evidence",
    "stage-period": "stage period",
    "query": "example query",
}


@dataclass(frozen=True)
class Cell:
    """One cell of a list: a text, perhaps a link, perhaps a date."""

    text: str
    href: str = ""
    is_date: bool = False
    is_number: bool = False
    lang: str = ""


@dataclass(frozen=True)
class Row:
    """One thing of a list."""

    href: str
    label: str
    lang: str
    acronym: str
    cells: tuple[Cell, ...]


def label_of(summary: ThingSummary, language: str) -> tuple[str, str]:
    """Return a thing's label and the language to mark it with: empty when it is the page's."""
    label = summary.label_en if language == "en" else summary.label_fr
    is_french_name = language == "en" and label == summary.label_fr
    return label, "fr" if is_french_name and summary.type not in ("concept", "scheme") else ""


def path_to(iri: str, settings: Settings) -> str:
    """Return the path of the document about a thing."""
    address = settings.addresses.document(iri)
    return path_of(address, settings.base_iri) if address else iri


def _cell(key: str, detail: Mapping[str, Any], backend: Backend, settings: Settings, language: str) -> Cell:
    value = detail.get(key.rstrip("*"), detail.get(f"{key}_{language}"))
    if value is None:
        return Cell("")
    if key.endswith("*"):
        label = backend.label(value, language)
        return Cell(label.value if label else value, path_to(value, settings))
    if key == "kind":
        return Cell(translator(language)(WORDS.get(value, value)))
    if key == "url":
        return Cell(value if len(value) < 60 else value[:57] + "…", value)
    if isinstance(value, int):
        return Cell(str(value), is_number=True)
    return Cell(
        str(value),
        is_date=key == "date",
        lang="fr" if language == "en" and key in ("place", "departement", "region") else "",
    )


def _row(summary: ThingSummary, name: str, backend: Backend, settings: Settings, language: str) -> Row:
    label, lang = label_of(summary, language)
    cells = tuple(_cell(key, summary.detail, backend, settings, language) for key, _ in _COLUMNS[name])
    return Row(path_to(summary.iri, settings), label, lang, str(summary.detail.get("acronym", "")), cells)


def render_list(backend: Backend, settings: Settings, type_: str, page: int, language: str) -> str:
    """Return page ``page`` (from 1) of the list ``type_``, a key of ``LISTS``."""
    _ = translator(language)
    size = settings.page_size
    total, members = backend.things(type_, offset=(page - 1) * size, limit=size, language=language)
    title, lede = _TITLES[type_]
    points = []
    if type_ == "poles":
        _total, everyone = backend.things(type_, limit=5000, language=language)
        points = _points(everyone, settings, language)
    return render(
        "list.html",
        language,
        settings,
        backend,
        section=type_,
        page_query=f"page={page}" if page > 1 else "",
        heading=_(title),
        lede=_(lede),
        total=total,
        headings=[_(heading) for _key, heading in _COLUMNS[type_]],
        rows=[_row(member, type_, backend, settings, language) for member in members],
        page=page,
        last=max(1, -(-total // size)),
        address=f"{path_of(settings.base_iri, settings.base_iri)}{type_}",
        map=map_svg(points, _("Municipalities of the poles"), language) if points else "",
        prefixes=sorted(settings.addresses.prefixes().items()) if type_ == "queries" else (),
    )


def _points(summaries: list[ThingSummary], settings: Settings, language: str) -> list[Point]:
    points = [
        Point(s.detail["latitude"], s.detail["longitude"], label_of(s, language)[0], path_to(s.iri, settings))
        for s in summaries
        if "latitude" in s.detail and "longitude" in s.detail
    ]
    return thinned(points, path_of(f"{settings.base_iri}map", settings.base_iri), language)


def render_home(backend: Backend, settings: Settings, language: str) -> str:
    """Return the front page: what this is, live numbers, what one can do."""
    _ = translator(language)
    statistics = backend.statistics
    _total, poles = backend.things("poles", limit=5000, language=language)
    things = statistics.get("things", {})
    numbers = [
        (things.get("pole", 0), "poles", _("poles")),
        (things.get("actor", 0), "actors", _("actors")),
        (things.get("participation", 0), "poles", _("participations")),
        (things.get("cooperation", 0), "cooperations", _("cooperations")),
        (things.get("recognition", 0), "calls", _("recognitions")),
        (things.get("event", 0), "events", _("events")),
        (things.get("source", 0), "sources", _("sources")),
        (statistics.get("quads", 0), "catalog", _("statements")),
    ]
    calls = [
        {**call, "href": path_to(call["iri"], settings), "recorded": call["recorded"]}
        for call in statistics.get("calls", [])
        if call.get("laureates")
    ]
    regions = sorted(statistics.get("poles_by_region", []), key=lambda region: -region["count"])
    return render(
        "home.html",
        language,
        settings,
        backend,
        numbers=numbers,
        calls=calls,
        regions=[{**region, "href": path_to(region["iri"], settings)} for region in regions],
        most=max((region["count"] for region in regions), default=1),
        map=map_svg(_points(poles, settings, language), _("Municipalities of the poles"), language),
        example=FIRST,
        json_ld=home_data(settings, language),
    )


def render_problem(settings: Settings, problem: Problem, language: str) -> str:
    """Return the page of an error: what was wrong, what to do."""
    return render("problem.html", language, settings, None, problem=problem)


def render_problem_types(
    settings: Settings, backend: Backend, kinds: Sequence[ProblemType], language: str
) -> str:
    """Return the page that explains types of problems."""
    return render("problem_types.html", language, settings, backend, kinds=kinds)


assert set(_TITLES) == set(_COLUMNS) == set(LISTS)  # noqa: S101 - a list without a page is a mistake
