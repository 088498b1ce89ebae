"""What answers of a MediaWiki's API say, in the forms of its versions: of the wiki, of pages, of texts, and how an answer goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ptce_lod.wiki import trust


@dataclass(frozen=True)
class WikiInfo:
    """What a wiki says of itself. ``article`` is the address of a page with ``$1`` for its title.

    ``namespaces`` maps the numbers of those for templates and categories → their names.
    """

    name: str
    generator: str
    article: str
    licence_url: str = ""
    licence_text: str = ""
    namespaces: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class PageInfo:
    """What the API says of a page, without its text. ``redirects`` are the titles that lead to it, those asked for and others."""

    title: str
    page_id: int = 0
    revision: int = 0
    protected: bool = False
    languages: dict[str, str] = field(default_factory=dict)
    redirects: list[str] = field(default_factory=list)

    @property
    def exists(self) -> bool:
        """Whether there is such a page."""
        return self.page_id > 0


@dataclass(frozen=True)
class PageText:
    """The text of a page's latest revision."""

    revision: int
    timestamp: str
    text: str


def names(query: dict[str, Any], number: str) -> list[str]:
    """Return the names of a namespace, aliases too."""
    spaces = [query.get("namespaces", {}).get(number, {})]
    spaces += [each for each in query.get("namespacealiases", ()) if str(each.get("id")) == number]
    found = (str(name) for each in spaces for name in (each.get("*"), each.get("canonical")) if name)
    return list(dict.fromkeys(found))


def entries(query: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what an answer says of pages: an object by page number, or, when some are missing, at times a list (MediaWiki 1.39)."""
    found = query.get("pages", {})
    return list(found.values()) if isinstance(found, dict) else list(found)


def texts(query: dict[str, Any]) -> Iterator[tuple[int, PageText]]:
    """Yield (page number, text) of an answer, in the form before and since slots (1.32)."""
    for page in entries(query):
        for revision in page.get("revisions", ())[:1]:
            text = revision.get("slots", {}).get("main", revision).get("*")
            if text is not None:  # else hidden by the wiki's administrators
                yield (
                    trust.number(page["pageid"]),
                    PageText(
                        trust.number(revision["revid"]), trust.moment(revision.get("timestamp")), str(text)
                    ),
                )


def merge(page: PageInfo, entry: dict[str, Any]) -> None:
    """Add what one part of an answer says of a page."""
    is_there = "missing" not in entry and "invalid" not in entry
    page.page_id = trust.number(entry.get("pageid", page.page_id)) if is_there else 0
    page.revision = trust.number(entry.get("lastrevid", page.revision))
    page.protected = page.protected or any(each.get("type") == "edit" for each in entry.get("protection", ()))
    page.languages |= {str(link["lang"]): str(link["*"]) for link in entry.get("langlinks", ())}
    page.redirects += [str(redirect["title"]) for redirect in entry.get("redirects", ())]
    if "redirect" in entry and not page.redirects:
        page.redirects.append("")  # it is a redirect itself: its target is asked for when it matters


def end_of(title: str, leads: dict[str, str]) -> str:
    """Follow where a title leads; a circle ends where it began."""
    seen = {title}
    while title in leads and leads[title] not in seen:
        title = leads[title]
        seen.add(title)
    return title


def older(following: dict[str, Any], parameters: dict[str, str]) -> dict[str, Any]:
    """Return the continuation as wikis before 1.21 gave it, by module, as parameters.

    Modules that are not named are at their end: they are not asked again, else they would begin anew and never end together.
    """
    more = {name: value for module in following.values() for name, value in module.items()}
    if more and "prop" in parameters:
        more["prop"] = "|".join(name for name in parameters["prop"].split("|") if name in following)
    return more
