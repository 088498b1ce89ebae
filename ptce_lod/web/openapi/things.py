"""Things, their documents, the vocabulary, and what other sites take of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ptce_lod.formats import HTML, JSON_LD
from ptce_lod.web.openapi.model import Parameter, Route, get, media, resource
from ptce_lod.web.openapi.shared import (
    DESCRIPTION,
    LANG,
    SLUG,
    TO_DOCUMENT,
    TO_MEMENTO,
    TO_ONE_ADDRESS,
    TYPE,
)
from ptce_lod.web.representation import HTML_FIRST

TAG: Final = "things"
_NAME: Final = Parameter("scheme", "Name of the concept scheme.", example="stage")
_MOVED: Final = {301: TO_ONE_ADDRESS, 302: TO_MEMENTO}

ROUTES: Final[Mapping[str, Route]] = {
    "documents.home": resource(
        TAG,
        "The front page; who prefers RDF is sent to the catalogue.",
        HTML,
        has_files=False,
        others={303: "To the catalogue, for who prefers RDF."},
    ),
    "documents.service": get(
        TAG,
        "Go from the beginning of addresses to what explains them.",
        others={303: "To the description of the interfaces; to the catalogue, for who prefers RDF."},
        has_tag=False,
    ),
    "documents.thing": get(
        TAG,
        "Go from a thing to the document that describes it.",
        path={"type_": TYPE, "slug": SLUG},
        others={301: TO_ONE_ADDRESS, 303: TO_DOCUMENT},
        problems=(404, 410),
        has_tag=False,
    ),
    "documents.document": resource(
        TAG,
        "The document that describes a thing.",
        *HTML_FIRST,
        path={"type_": TYPE, "name": SLUG},
        parameters=DESCRIPTION,
        others=_MOVED,
        problems=(400, 404, 410),
        has_past=True,
    ),
    "documents.graph": resource(
        TAG,
        "A named graph: where its statements come from.",
        *HTML_FIRST,
        path={
            "source": Parameter("source", "Name of the source.", example="poles"),
            "name": Parameter("snapshot", "Date of the snapshot."),
        },
        parameters=DESCRIPTION,
        others={302: TO_MEMENTO},
        problems=(400, 404, 410),
        has_past=True,
    ),
    "documents.scheme": resource(
        TAG,
        "A concept scheme with its concepts.",
        *HTML_FIRST,
        path={"name": _NAME},
        parameters=DESCRIPTION,
        others=_MOVED,
        problems=(400, 404),
        has_past=True,
    ),
    "documents.concept": resource(
        TAG,
        "A concept.",
        *HTML_FIRST,
        path={
            "scheme_name": Parameter("scheme", "Name of the concept scheme.", example="activity"),
            "name": Parameter("code", "Name of the concept.", example="insertion"),
        },
        parameters=DESCRIPTION,
        others=_MOVED,
        problems=(400, 404),
        has_past=True,
    ),
    "documents.vocabulary": resource(
        TAG,
        "The vocabulary, or the shapes, as a whole.",
        *HTML_FIRST,
        parameters=(
            *DESCRIPTION,
            Parameter("filter", "Text that the terms on the page of the vocabulary have in them."),
        ),
        others={302: TO_MEMENTO},
        problems=(400, 404),
        has_past=True,
    ),
    "documents.vocabulary_version": resource(
        TAG,
        "The vocabulary, or the shapes, in one version.",
        *HTML_FIRST,
        path={
            "stem": Parameter("document", "The vocabulary (ns) or the shapes.", example="ns"),
            "name": Parameter("version", "Version of the vocabulary."),
        },
        parameters=DESCRIPTION,
        others={302: TO_MEMENTO},
        problems=(400, 404),
        has_past=True,
    ),
    "discovery.json_ld_context": get(TAG, "The JSON-LD context of the vocabulary.", JSON_LD, problems=(404,)),
    "reuse.cite": get(
        TAG,
        "The citation of a thing as CSL-JSON, BibLaTeX or text.",
        media("application/vnd.citationstyles.csl+json"),
        media("application/x-bibtex"),
        media("text/plain"),
        path={
            "type_": TYPE,
            "slug": SLUG,
            "extension": Parameter("extension", "Format of the file.", example="json"),
        },
        parameters=(LANG,),
        problems=(404, 410),
    ),
    "reuse.embed": get(
        TAG,
        "A card of a thing, for a frame on another site.",
        HTML,
        path={"type_": TYPE, "slug": SLUG},
        parameters=(LANG,),
        problems=(404, 410),
    ),
    "reuse.picture": get(
        TAG,
        "The picture that a link to a page shows, 1200 × 630.",
        media("image/png"),
        path={"name": Parameter("name", "pole/{slug}.png, or default.png.", example="default.png")},
        problems=(404,),
    ),
}
