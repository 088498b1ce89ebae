"""Parameters and descriptions that many endpoints share."""

from __future__ import annotations

from typing import Final

from ptce_lod.iris import THING_TYPES
from ptce_lod.web.openapi.model import Parameter, choice, number, several

LANG: Final = Parameter(
    "lang",
    "Language of the page; without it, the cookie and Accept-Language decide.",
    choice("fr", "en"),
    key="lang",
)
MEDIA_TYPE: Final = Parameter("_mediatype", "A media type that beats Accept.", key="mediatype")
IF_NONE_MATCH: Final = Parameter(
    "If-None-Match",
    "Entity tags that the client holds: 304 when nothing changed.",
    place="header",
    key="ifNoneMatch",
)
ACCEPT_DATETIME: Final = Parameter(
    "Accept-Datetime",
    "A moment, as HTTP writes dates: the document as it was then (RFC 7089).",
    place="header",
    key="acceptDatetime",
)
RANGE: Final = Parameter("Range", "Part of the file that is wanted, in bytes.", place="header", key="range")
PAGE: Final = Parameter(
    "page", "Number of the page, from 1; one behind the last is 404.", number(default=1), key="page"
)
HISTORY: Final = Parameter(
    "history",
    "Without a value: what each publication changed, as a page, as RDF or, with the extension .json, as JSON.",
    {"type": "string", "maxLength": 0},
    key="history",
)
PROFILE: Final = Parameter(
    "_profile", "View of the description, in RDF.", choice("full", "short", "schema"), key="profile"
)
VIEW: Final = Parameter("view", "View of the page: all statements.", choice("statements"), key="view")
DESCRIPTION: Final = (PAGE, PROFILE, VIEW, HISTORY)
DRY_RUN: Final = Parameter(
    "dry-run", "Only say what would change: nothing is written.", choice("true", "false"), key="dryRun"
)
IF_MATCH: Final = Parameter(
    "If-Match",
    "Entity tag of the release that the write is meant for; 412 for another.",
    place="header",
    key="ifMatch",
)

TYPE: Final = Parameter("type", "Type of the thing.", choice(*THING_TYPES), "pole")
SLUG: Final = Parameter("slug", "Name of the thing in its address.", example="tetris")
TEXT_SEARCHED: Final = Parameter(
    "q", "Text that is searched for, at most 500 characters.", {"type": "string", "maxLength": 500}, "archer"
)
RELEASE: Final = Parameter(
    "release", "Id of an earlier release that is kept.", {"type": "string", "pattern": "^[0-9a-f]{16}$"}
)

#: What narrows a search and a map.
FACETS: Final = {
    name: Parameter(name, about, several(), key=f"facet-{name}")
    for name, about in (
        ("type", "Type of the things, such as pole; repeated for alternatives."),
        ("region", "Region: the end of its IRI, such as bretagne; repeated for alternatives."),
        ("department", "Department: the end of its IRI, such as finistere; repeated for alternatives."),
        ("stage", "Stage of development: the end of a concept's IRI; repeated for alternatives."),
        (
            "sector",
            "Sector of activity: the end of a concept's IRI, such as insertion; repeated for alternatives.",
        ),
        ("recognition", "Kind of recognition: the end of a concept's IRI; repeated for alternatives."),
        (
            "kind",
            "Kind: scheme and end of a concept's IRI, such as actor-type/company; repeated for alternatives.",
        ),
        ("year", "Year in which something is dated, four digits; repeated for alternatives."),
    )
}
#: What 303 and the like mean.
TO_DOCUMENT: Final = "To the document that describes the thing."
TO_ONE_ADDRESS: Final = "To the one address of the thing, or to what replaced it."
TO_THING: Final = "To the thing, for who prefers a page."
TO_MEMENTO: Final = "To the document as it was at the moment of Accept-Datetime."
