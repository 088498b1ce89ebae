"""Example queries as the query page shows them, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol, cast
from urllib.parse import quote

from ptce_lod.query.backend import Backend
from ptce_lod.settings import Settings
from ptce_lod.web.pages.text import path_of


@dataclass(frozen=True)
class Example:
    """A query to start from. ``address`` is the query page with the query filled in; ``kind`` is select, ask or construct."""

    slug: str
    title: str
    description: str
    text: str
    address: str
    kind: str = "select"


class Record(Protocol):
    """What a backend tells of one example: texts by language code."""

    slug: str
    iri: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    text: str
    kind: str


@dataclass(frozen=True)
class _Own:
    """An example of the software itself, for releases that bring none."""

    slug: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    text: str
    kind: str = "select"
    iri: str = ""


_OWN: Final = (
    _Own(
        "poles-by-municipality",
        {"en": "Poles with their municipality", "fr": "Les pôles et leur commune"},
        {"en": "Name and municipality of every pole.", "fr": "Nom et commune de chaque pôle."},
        "SELECT ?pole ?name ?municipality WHERE {\n  ?pole a ptce:Pole ; skos:prefLabel ?name .\n"
        "  OPTIONAL { ?pole ptce:territory/ptce:coversUnit/skos:prefLabel ?municipality }\n} ORDER BY ?name",
    ),
    _Own(
        "laureates-by-call",
        {"en": "Laureates of each call known here", "fr": "Lauréats connus de chaque appel"},
        {"en": "Best seen as a chart.", "fr": "À voir en graphique."},
        "SELECT ?call (COUNT(DISTINCT ?pole) AS ?laureates) WHERE {\n"
        "  ?recognition a ptce:Recognition ; ptce:underCall ?call ;\n"
        "    ptce:recognises ?pole\n} GROUP BY ?call ORDER BY DESC(?laureates)",
    ),
    _Own(
        "poles-on-a-map",
        {"en": "Poles near Lyon, on a map", "fr": "Pôles proches de Lyon, sur la carte"},
        {
            "en": "Poles within 100 km of Lyon, by GeoSPARQL.",
            "fr": "Les pôles à moins de 100 km de Lyon, par GeoSPARQL.",
        },
        "PREFIX geof: <http://www.opengis.net/def/function/geosparql/>\n"
        "PREFIX uom: <http://www.opengis.net/def/uom/OGC/1.0/>\n"
        "SELECT ?pole ?name ?wkt WHERE {\n  ?pole skos:prefLabel ?name ;\n"
        "    ptce:territory/ptce:coversUnit/geo:hasDefaultGeometry/geo:asWKT ?wkt .\n"
        '  FILTER(geof:distance(?wkt, "POINT(4.8357 45.7640)"^^geo:wktLiteral, uom:metre) < 100000)\n}',
    ),
    _Own(
        "who-cooperates",
        {"en": "Who cooperates with whom", "fr": "Qui coopère avec qui"},
        {
            "en": "Parties of cooperations, as a network.",
            "fr": "Les parties des coopérations, en réseau.",
        },
        "CONSTRUCT { ?cooperation ptce:party ?party ; skos:prefLabel ?title . ?party skos:prefLabel ?name }\n"
        "WHERE {\n  ?cooperation a ptce:Cooperation ; ptce:party ?party ; skos:prefLabel ?title .\n"
        "  OPTIONAL { ?party skos:prefLabel|foaf:name ?name }\n}",
        "construct",
    ),
    _Own(
        "sources-disagree",
        {"en": "Where sources disagree", "fr": "Où les sources se contredisent"},
        {"en": "Claims that contradict each other.", "fr": "Affirmations qui se contredisent."},
        "SELECT ?one ?other ?subject WHERE {\n  ?one ptce:contradicts ?other ; ptce:claimSubject ?subject\n"
        "  FILTER(STR(?one) < STR(?other))\n}",
    ),
    _Own(
        "graphs",
        {"en": "The graphs, with their sizes", "fr": "Les graphes et leur taille"},
        {"en": "Each source is a graph of its own.", "fr": "Chaque source est un graphe à part."},
        "SELECT ?graph ?title ?triples WHERE {\n"
        '  ?graph void:triples ?triples ; dcterms:title ?title FILTER(LANG(?title) = "en")\n}',
    ),
)
#: The query that the front page shows.
FIRST: Final = _OWN[0].text


def examples_for(backend: Backend, settings: Settings, language: str) -> tuple[Example, ...]:
    """Return the examples of the release, else those of the software, in the order given; titles in ``language``, else French."""
    given = getattr(backend, "examples", None)
    records = cast("Iterable[Record]", given()) if callable(given) else ()
    base = path_of(settings.base_iri, settings.base_iri)
    return tuple(
        Example(
            record.slug,
            _in(record.titles, language) or record.slug,
            _in(record.descriptions, language),
            record.text.strip(),
            f"{base}sparql?example={quote(record.slug)}",
            record.kind,
        )
        for record in tuple(records) or _OWN
    )


def _in(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts.get("fr") or next(iter(texts.values()), "")
