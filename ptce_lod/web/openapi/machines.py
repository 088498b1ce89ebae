"""What programs look for at fixed places, the description itself, and the site's own files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ptce_lod.formats import HTML, JSON, JSON_LD, RDF_FORMATS
from ptce_lod.web.links import LINKSET_JSON
from ptce_lod.web.openapi.model import Parameter, Route, choice, get, media, resource
from ptce_lod.web.representation import HTML_FIRST

TAG: Final = "server"
_XML: Final = media("application/xml")
_TEXT: Final = media("text/plain")
_SVG: Final = media("image/svg+xml")
_FILES: Final = (
    "text/css",
    "text/javascript",
    "image/svg+xml",
    "image/png",
    "application/json",
    "text/plain",
)

ROUTES: Final[Mapping[str, Route]] = {
    "reference.page": resource(TAG, "This description for people.", HTML),
    "reference.openapi_document": get(
        TAG,
        "This description as OpenAPI 3.1.",
        JSON,
        parameters=(Parameter("lang", "Language of the texts, English by default.", choice("fr", "en")),),
        problems=(400,),
    ),
    "api.json_ld_context": get("tables", "The JSON-LD context that makes the pages of tables RDF.", JSON_LD),
    "wellknown.health": get(TAG, "Says that the process answers.", _TEXT, has_tag=False),
    "wellknown.ready": get(TAG, "Says which release answers.", JSON, problems=(503,), has_tag=False),
    "wellknown.robots": get(TAG, "What crawlers may read.", _TEXT, has_tag=False),
    "wellknown.sitemap": get(
        TAG, "The addresses of all documents, or an index of sitemaps.", _XML, has_tag=False
    ),
    "wellknown.part_of_sitemap": get(
        TAG,
        "One of several sitemaps.",
        _XML,
        path={"number": Parameter("number", "Number of the sitemap, from 1.", example="1")},
        problems=(404,),
        has_tag=False,
    ),
    "wellknown.security": get(
        TAG,
        "Whom to tell of a weakness (RFC 9116), when the operator names somebody.",
        _TEXT,
        problems=(404,),
        has_tag=False,
    ),
    "wellknown.api_catalog": get(TAG, "The services for programs (RFC 9727).", LINKSET_JSON, has_tag=False),
    "wellknown.llms": get(TAG, "What this is, for language models.", media("text/markdown"), has_tag=False),
    "wellknown.profile": resource(
        TAG,
        "What a view of a document holds.",
        *RDF_FORMATS,
        path={"name": Parameter("name", "Name of the view.", choice("full", "short"), "short")},
        problems=(404,),
    ),
    "discovery.problems": resource(TAG, "What the types of problems mean.", *HTML_FIRST),
    "discovery.problem_type": resource(
        TAG,
        "What a type of problem means.",
        *HTML_FIRST,
        path={"name": Parameter("name", "Name of the type.", example="not-found")},
        problems=(404,),
    ),
    "static.static": get(
        TAG,
        "A file of the site itself.",
        *(media(each) for each in _FILES),
        path={"name": Parameter("name", "Path of the file, slashes included.", example="css/site.css")},
        problems=(404,),
    ),
    "static.logo": get(TAG, "The logo.", _SVG),
}
