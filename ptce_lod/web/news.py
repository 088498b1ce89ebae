"""What each publication brought: a page, and Atom (RFC 4287) for feed readers. Facts are those of the records of publications."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from flask import Blueprint, Response, request

from ptce_lod.errors import ThingNotFound
from ptce_lod.formats import ATOM, HTML
from ptce_lod.release.history import History, moment_of
from ptce_lod.release.layout import VarLayout
from ptce_lod.web import context, feeds, pages
from ptce_lod.web.links import LICENSE, SCHEMA, kind_of, link
from ptce_lod.web.negotiation import LANGUAGES
from ptce_lod.web.representation import Resource, answer, rule, split_extension
from ptce_lod.web.searching import read_number

blueprint: Final = Blueprint("news", __name__)
#: Publications on one page, and things that one names.
_PAGE, _NAMED = 20, 30
#: Types of nodes that have no names: they describe what has.
_NAMELESS: Final = frozenset(
    ("claim", "evidence", "import", "observation", "participation", "recognition", "stage-period")
)
_FILES: Final = (ATOM,)


@blueprint.get(rule("news", more=_FILES))
def news(name: str) -> Response:
    """Answer with the latest publications, newest first."""
    settings, backend = context.settings(), context.backend()
    _, chosen = split_extension(name, _FILES)
    number = read_number("page", request.args.getlist("page"), 1, 10**6)
    everything = news_of(context.history(), context.publication())
    last = max(1, -(-len(everything) // _PAGE))
    if number > last:
        raise ThingNotFound(f"page {number} of the news does not exist: there are {last}")
    here = everything[(number - 1) * _PAGE : number * _PAGE]
    asked = request.args.get("lang")
    language = asked if asked in LANGUAGES else settings.default_language
    pairs = [f"page={number}"] if number > 1 else []
    # A feed in another language is another feed: what readers keep of one must not hide the other's entries.
    query = "&".join([*pairs, *([f"lang={language}"] if chosen is ATOM and asked in LANGUAGES else [])])
    response = answer(
        Resource(
            f"{settings.base_iri}news",
            lambda wanted: pages.render_news(backend, settings, here, (number, last), wanted),
            lambda _format: b"",
            offers=(HTML, ATOM),
            query=f"?{query}" if query else "",
            tag_parts=("news", language, str(number), str(context.publication())),
            links=(link(SCHEMA + "CollectionPage", "type"),),
            others={ATOM: lambda: _atom(here, query, language, len(everything), (number, last))},
            modified=context.published_at(),
        ),
        chosen,
    )
    if response.mimetype == ATOM.media_type:
        response.headers["Content-Language"] = language
    return response


def news_of(history: History, until: int) -> list[pages.News]:
    """Return what publications up to number ``until`` brought, newest first; those that changed nothing are left out.

    Told is what has a page of its own and a name: what changes in a graph, or in a node without a name, is told of the things it describes.
    """
    kept = {layout.release_id for layout in VarLayout(context.settings().var_dir).all_releases()}
    found = []
    for number in range(until, -1, -1):
        publication = history.publications[number]
        record = history.records.get(number, {})
        if number and not record and number not in history.unrecorded:
            continue
        things = {iri: touch for iri, touch in record.items() if _is_thing(iri)}
        if record and not things:
            continue
        touched = sorted(things.items(), key=lambda item: (item[1].kind, item[0]))
        found.append(
            pages.News(
                number,
                moment_of(publication),
                str(publication.release_id),
                Counter(touch.kind for touch in things.values()),
                tuple((iri, touch.kind) for iri, touch in touched[:_NAMED]),
                max(0, len(touched) - _NAMED),
                is_kept=publication.release_id in kept,
            )
        )
    return found


def _is_thing(iri: str) -> bool:
    """Say whether ``iri`` has a page of its own and a name; of what is no more, whether it is of a type that has names."""
    backend, addresses = context.backend(), context.settings().addresses
    type_ = kind_of(iri, addresses)
    if "#" in iri or type_ in ("", "graph", "catalog") or addresses.document(iri) is None:
        return False
    return backend.label(iri, "fr") is not None or (type_ not in _NAMELESS and not backend.fate(iri).known)


def _atom(here: Sequence[pages.News], query: str, language: str, total: int, page: tuple[int, int]) -> bytes:
    settings, backend = context.settings(), context.backend()
    _ = pages.texts(language)
    base = settings.base_iri
    own, (number, last) = f"{base}news?lang={language}", page
    feed = feeds.Feed(
        id=own,
        title=_("News of the data on PTCE"),
        subtitle=_("What each publication brought: things that are new, changed or gone."),
        language=language,
        updated=here[0].moment.isoformat().replace("+00:00", "Z") if here else "1970-01-01T00:00:00Z",
        author="PTCE-LOD",
        rights=LICENSE,
        links=(
            ("self", f"{base}news.atom{'?' if query else ''}{query}", ATOM.media_type),
            ("alternate", own, HTML.media_type),
            *_pages(f"{base}news.atom", language, number, last),
        ),
        text="",
        total=total,
        start=(number - 1) * _PAGE + 1,
        size=_PAGE,
    )
    return feeds.write_feed(
        feed,
        (
            feeds.Entry(
                id=f"{own}#publication-{each.number}",
                address=f"{own}{f'&page={number}' if number > 1 else ''}#publication-{each.number}",
                title=pages.news_title(each, language),
                summary=pages.news_summary(each, backend, settings, language),
                categories=(),
                updated=each.moment.isoformat().replace("+00:00", "Z"),
            )
            for each in here
        ),
    )


def _pages(address: str, language: str, number: int, last: int) -> list[tuple[str, str, str]]:
    """Return the links of a paged feed (RFC 5005, section 3)."""
    found = {
        "first": 1,
        "previous": number - 1 if number > 1 else 0,
        "next": number + 1 if number < last else 0,
        "last": last,
    }
    return [
        (relation, f"{address}?page={page}&lang={language}", ATOM.media_type)
        for relation, page in found.items()
        if page and last > 1
    ]
