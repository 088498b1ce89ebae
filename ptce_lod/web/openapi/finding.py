"""Lists, search, and the views for people with their data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ptce_lod.formats import ATOM, GEOJSON, HTML, JSON, RDF_FORMATS, SPARQL_CSV, Format
from ptce_lod.query.backend import LISTS
from ptce_lod.web.openapi.model import Parameter, Route, choice, get, media, number, resource, several
from ptce_lod.web.openapi.shared import FACETS, LANG, PAGE, RELEASE, TEXT_SEARCHED, TO_MEMENTO, TO_THING
from ptce_lod.web.representation import HTML_FIRST

TAG: Final = "lists"
VIEWS: Final = "views"
GRAPHML: Final = Format("graphml", "GraphML", "application/graphml+xml", "graphml")
CHARTS: Final = Format("charts", "JSON", "application/json", "charts.json")
SUGGESTIONS: Final = media("application/x-suggestions+json")
_MAP: Final = tuple(
    FACETS[name] for name in ("region", "department", "stage", "sector", "recognition", "year")
)

ROUTES: Final[Mapping[str, Route]] = {
    "documents.list_": resource(
        TAG,
        "A list of things, a page at a time, as French sorts.",
        *HTML_FIRST,
        path={"list_name": Parameter("list", "Name of the list.", choice(*LISTS), "poles")},
        parameters=(PAGE,),
        others={302: TO_MEMENTO},
        problems=(400, 404),
        has_past=True,
    ),
    "search.search": resource(
        TAG,
        "What is found for a text, best first, with the counts of facets.",
        HTML,
        JSON,
        ATOM,
        *RDF_FORMATS,
        parameters=(TEXT_SEARCHED, *FACETS.values(), PAGE),
        schemas={JSON.media_type: "Search"},
        problems=(400, 404),
    ),
    "search.suggest": get(
        TAG,
        "What somebody who is typing may mean (OpenSearch Suggestions).",
        SUGGESTIONS,
        parameters=(
            TEXT_SEARCHED,
            Parameter("limit", "Number of suggestions.", number(1, 20, 8)),
            LANG,
        ),
        schemas={SUGGESTIONS.media_type: "Suggestions"},
        problems=(400,),
    ),
    "search.description": get(
        TAG,
        "How to search here, for browsers and programs (OpenSearch 1.1).",
        media("application/opensearchdescription+xml"),
        parameters=(LANG,),
    ),
    "lookup.lookup": resource(
        TAG,
        "From the address of a web page to the thing it is about.",
        JSON,
        *RDF_FORMATS,
        parameters=(
            Parameter(
                "url",
                "Address of the web page.",
                {"type": "string", "format": "uri"},
                "https://www.la-coursive.fr/",
                is_required=True,
            ),
        ),
        others={303: TO_THING},
        problems=(400, 404),
    ),
    "wikis.page": resource(TAG, "What a wiki takes over to be linked with these data.", HTML),
    "wikis.text": get(
        TAG,
        "A text to paste into a wiki.",
        media("text/plain"),
        path={"name": Parameter("name", "Name of the text, as on the page for wikis.", example="interwiki")},
        parameters=(LANG,),
        problems=(404,),
    ),
    "map.map_": resource(
        VIEWS,
        "The poles on a map, all that the filters leave.",
        HTML,
        GEOJSON,
        parameters=(TEXT_SEARCHED, *_MAP, PAGE),
        schemas={GEOJSON.media_type: "FeatureCollection"},
        problems=(400, 404),
    ),
    "network.network": resource(
        VIEWS,
        "Who works with whom: the part of the network that the filters leave.",
        HTML,
        JSON,
        GRAPHML,
        parameters=(
            Parameter("pole", "Pole: its name in its address."),
            Parameter("kind", "Kind of actor: the end of a concept's IRI."),
            Parameter("role", "Role of a participation: the end of a concept's IRI."),
            Parameter("cooperation", "Kind of cooperation: the end of a concept's IRI."),
            Parameter(
                "year",
                "What had begun by the end of this year and had not ended before it.",
                {"type": "string", "pattern": "^[0-9]{4}$"},
            ),
            PAGE,
        ),
        problems=(400, 404),
    ),
    "timeline.timeline": resource(
        VIEWS,
        "What happened, by year.",
        HTML,
        JSON,
        parameters=(
            Parameter(
                "kind",
                "Kind of entry; repeated for alternatives.",
                several(choice("event", "call", "cooperation", "initiative", "recognition")),
            ),
            PAGE,
        ),
        problems=(400, 404),
    ),
    "statistics.statistics": resource(
        VIEWS,
        "What a release counts, as charts with their tables.",
        HTML,
        CHARTS,
        parameters=(RELEASE,),
        problems=(400, 404, 410),
    ),
    "statistics.figures": get(
        VIEWS,
        "The figures of one chart.",
        SPARQL_CSV,
        path={"name": Parameter("name", "Name of the chart.", example="poles-by-region")},
        parameters=(RELEASE,),
        problems=(400, 404, 410),
    ),
    "news.news": resource(
        VIEWS,
        "What each publication brought, newest first.",
        HTML,
        ATOM,
        parameters=(PAGE,),
        problems=(400, 404),
    ),
}
