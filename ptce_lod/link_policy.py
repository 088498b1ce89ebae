"""Which property says that something elsewhere is about a thing of ours, or is that thing, and when it may be said.

Source: the policy of links of this project, docs/how-to/link.md. ``owl:sameAs`` is never said: it is kept for merges of our own things.
"""

from __future__ import annotations

import re
from typing import Final, Literal
from urllib.parse import urlsplit

from ptce_lod.iris import SLUG, THING_TYPES, is_absolute_iri
from ptce_lod.namespaces import FOAF, SCHEMA, SKOS

#: What an entry of a source is: a bare name, a page about something, an item of another database, a concept of another scheme.
Kind = Literal["name", "page", "entity", "concept"]
KINDS: Final[tuple[Kind, ...]] = ("name", "page", "entity", "concept")

PRIMARY_TOPIC: Final = "primary-topic"
PAGE: Final = "page"
SAME_AS: Final = "same-as"
CLOSE: Final = "close-match"
#: Relation → the property that publishes it, from our thing to what is elsewhere.
RELATIONS: Final[dict[str, str]] = {
    PRIMARY_TOPIC: FOAF + "isPrimaryTopicOf",
    PAGE: FOAF + "page",
    SAME_AS: SCHEMA + "sameAs",
    "exact-match": SKOS + "exactMatch",
    CLOSE: SKOS + "closeMatch",
    "broad-match": SKOS + "broadMatch",
    "narrow-match": SKOS + "narrowMatch",
    "related-match": SKOS + "relatedMatch",
}
PAGES: Final = (PRIMARY_TOPIC, PAGE)
MATCHES: Final = tuple(name for name in RELATIONS if name.endswith("-match"))
#: What is elsewhere has one thing of ours only.
OF_ONE_THING: Final = (PRIMARY_TOPIC, SAME_AS, "exact-match")
#: A project territory is not the administrative body of the same name.
_NEVER_THE_SAME: Final = ("territory",)
_WIKIDATA_PAGE: Final = re.compile(r"https?://(?:www|m)\.wikidata\.org/wiki/")
_ENTITY: Final = re.compile(r"https?://www\.wikidata\.org/entity/|.*/Special:URIResolver/")


def is_thing(thing: str) -> bool:
    """Say whether ``thing`` is written as things are: ``pole/tetris``, ``concept/sector/energy``."""
    type_, _, slug = thing.partition("/")
    if type_ == "concept":
        return slug.count("/") == 1 and all(SLUG.fullmatch(part) for part in slug.split("/"))
    return type_ in THING_TYPES and SLUG.fullmatch(slug) is not None


def usual_relation(kind: Kind, thing: str) -> str:
    """Return the relation that a plain yes means; "" when nothing is published: a name, or a thing that is no concept beside one.

    >>> usual_relation("page", "pole/tetris"), usual_relation("entity", "concept/sector/energy")
    ('primary-topic', 'close-match')
    """
    if kind == "page":
        return PRIMARY_TOPIC
    if kind == "entity" and not thing.startswith("concept/"):
        return "" if thing.partition("/")[0] in _NEVER_THE_SAME else SAME_AS
    return CLOSE if kind != "name" and thing.startswith("concept/") else ""


def wrong_link(relation: str, thing: str, target: str) -> str:
    """Return what is wrong with a link, in words; "" when the policy allows it."""
    is_concept = thing.startswith("concept/")
    if not is_absolute_iri(target) or urlsplit(target).scheme not in ("http", "https"):
        return f"{target!r} is no http or https address, so nothing can be linked as {relation}"
    if relation in MATCHES and not is_concept:
        return f"{relation} is between concepts, and {thing} is none"
    if relation == SAME_AS:
        if is_concept or thing.partition("/")[0] in _NEVER_THE_SAME:
            return f"{thing} is never the same as an item elsewhere; {'use close-match' if is_concept else 'link a page'}"
        if _WIKIDATA_PAGE.match(target):
            return "this is the page of the item; write http://www.wikidata.org/entity/Q…"
    if relation in PAGES and _ENTITY.match(target):
        return "this is an entity and no page; use same-as, or close-match for a concept"
    return ""
