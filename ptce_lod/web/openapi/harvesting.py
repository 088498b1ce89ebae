"""The catalogue, dumps, changes, former states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ptce_lod.formats import HTML, JSON, JSON_LD, N_QUADS, RDF_FORMATS, TABLE_FORMATS, TRIG, TURTLE, Format
from ptce_lod.web.openapi.model import Parameter, Route, get, media, resource
from ptce_lod.web.openapi.shared import PAGE, RANGE, TO_MEMENTO
from ptce_lod.web.representation import HTML_FIRST, RDF_FIRST

TAG: Final = "harvest"
PAST: Final = "past"
LINK_FORMAT: Final = Format("link", "Link format", "application/link-format", "link")
_PATH: Final = Parameter("path", "Path of a document, slashes included.", example="doc/pole/tetris")
_RELEASE: Final = Parameter("release", "Id of a release, or latest.", example="latest")
_CODED: Final = (media("application/gzip"), media("application/zstd"), media("application/csvm+json"))

_FEED_PAGE: Final = Parameter(
    "page", "Name of the page: its number, from 1, or as the stream lists it.", example="1"
)

ROUTES: Final[Mapping[str, Route]] = {
    "catalog.catalog": resource(
        TAG,
        "The catalogue (DCAT), a page at a time.",
        *RDF_FIRST,
        parameters=(PAGE,),
        others={302: TO_MEMENTO},
        problems=(400, 404),
        has_past=True,
    ),
    "catalog.dataset": resource(
        TAG,
        "A dataset of the catalogue, or the series of releases.",
        *RDF_FIRST,
        path={"name": Parameter("name", "Name of the dataset.", example="poles")},
        problems=(400, 404),
    ),
    "catalog.well_known_void": resource(
        TAG, "The data described in VoID: counts, vocabularies, links.", *RDF_FIRST
    ),
    "dumps.listing": resource(
        TAG,
        "The files of a release, as a page.",
        HTML,
        path={"release_id": _RELEASE},
        has_files=False,
        others={303: "To the dataset, for who wants RDF."},
        problems=(404, 406, 410),
    ),
    "dumps.dump": get(
        TAG,
        "A file of a release; those of a named release never change.",
        *RDF_FORMATS,
        *TABLE_FORMATS,
        *_CODED,
        path={
            "release_id": _RELEASE,
            "path": Parameter(
                "path", "Path of the file, slashes included: the catalogue lists them.", example="all.nq"
            ),
        },
        parameters=(RANGE,),
        others={206: "The part that Range asks for."},
        problems=(404, 410, 416, 503),
    ),
    "feed.stream": resource(
        TAG,
        "The stream of everything published (LDES): where its pages are.",
        *RDF_FIRST,
        problems=(400, 404),
    ),
    "feed.page": resource(
        TAG,
        "A page of the stream; one that is full never changes.",
        TRIG,
        N_QUADS,
        JSON_LD,
        HTML,
        path={"name": _FEED_PAGE},
        problems=(400, 404),
    ),
    "feed.catalog_stream": resource(
        TAG,
        "The stream of the catalogue's entities (DCAT-AP Feeds): where its pages are.",
        *RDF_FIRST,
        problems=(400, 404),
    ),
    "feed.catalog_page": resource(
        TAG,
        "A page of the catalogue's stream; one that is full never changes.",
        TRIG,
        N_QUADS,
        JSON_LD,
        HTML,
        path={"name": _FEED_PAGE},
        problems=(400, 404),
    ),
    "feed.patch": get(
        TAG,
        "What leads from one published release to the next, as RDF Patch.",
        media("application/rdf-patch"),
        path={
            "old": Parameter("old", "Id of the earlier release."),
            "new": Parameter("new", "Id of the next release, with .rdfp behind it."),
        },
        parameters=(RANGE,),
        others={206: "The part that Range asks for."},
        problems=(404, 410, 416),
    ),
    "discovery.negotiated_report": get(
        TAG, "The validation report of the release.", HTML, TURTLE, problems=(406,)
    ),
    "discovery.report_page": get(TAG, "The validation report for people.", HTML),
    "discovery.report": get(TAG, "The validation report as SHACL has it.", TURTLE),
    "discovery.statistics": get(TAG, "Counts of the release by class, property, datatype and graph.", JSON),
    "memento.memento": get(
        PAST,
        "A document as it was (RFC 7089).",
        *HTML_FIRST,
        path={
            "digits": Parameter("moment", "Year, month, day, hour, minute, second: 14 digits."),
            "path": _PATH,
        },
        others={
            302: "To the moment from which the document was as asked for.",
            303: "To the document as it was.",
        },
        problems=(400, 404, 406),
    ),
    "memento.timemap": get(
        PAST,
        "The moments from which a document was as it was.",
        LINK_FORMAT,
        JSON,
        HTML,
        path={"path": _PATH},
        problems=(404,),
    ),
}
