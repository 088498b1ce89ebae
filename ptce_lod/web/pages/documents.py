"""Pages about one thing: the view that its class asks for, in the frame that all documents share."""

from __future__ import annotations

from typing import Any

from ptce_lod.query.backend import Backend, Description
from ptce_lod.settings import Settings
from ptce_lod.web.pages.cards import citation, summary
from ptce_lod.web.pages.citation import reuse
from ptce_lod.web.pages.environment import render
from ptce_lod.web.pages.kinds import view_of
from ptce_lod.web.pages.reading import Reader
from ptce_lod.web.pages.structured_data import schema_document, structured_data
from ptce_lod.web.pages.views.frame import frame


def render_document(
    backend: Backend,
    settings: Settings,
    iri: str,
    description: Description,
    language: str,
    *,
    statements: bool = False,
) -> str:
    """Return the page of any described resource, or of all statements about it."""
    reader = Reader(description, backend, settings, language)
    view, template = (None, "statements.html") if statements else view_of(reader)
    page = frame(reader, with_statements=statements)
    query = [*(["view=statements"] if statements else []), *([f"page={page.page}"] if page.page > 1 else [])]
    return render(
        f"document/{template}",
        language,
        settings,
        backend,
        view=view,
        page=page,
        page_query="&".join(query),
        reader=reader,
        summary=summary(view, reader),
        picture=_picture(reader),
        json_ld=structured_data(reader),
        reuse=reuse(citation(reader), settings),
    )


def _picture(reader: Reader) -> str:
    """Return the name of the picture that a link to the page shows."""
    address = reader.settings.addresses.parse_thing(reader.iri)
    name = f"{address.type}/{address.slug}.png" if address is not None and address.type == "pole" else ""
    return name if name and reader.backend.has_picture(name) else "default.png"


def schema_of(
    backend: Backend, settings: Settings, description: Description, language: str
) -> dict[str, Any]:
    """Return any described resource as a JSON-LD document in schema.org: what its page says to search engines."""
    return schema_document(Reader(description, backend, settings, language))
