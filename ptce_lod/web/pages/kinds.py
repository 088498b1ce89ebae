"""Which view and template a thing's page has, by its class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ptce_lod import namespaces as ns
from ptce_lod.web.pages.reading import Reader
from ptce_lod.web.pages.views import overview, pole

#: Class → how to build its view, and the template in ``templates/document/``. The first class that the thing has decides.
VIEWS: Final[dict[str, tuple[Callable[[Reader], Any], str]]] = {
    ns.PTCE + "Pole": (pole.pole_view, "pole.html"),
}


def view_of(reader: Reader) -> tuple[Any, str]:
    """Return the view of what ``reader`` reads, and the name of its template: a further page holds only what points at the thing."""
    classes = set(reader.description.types(reader.iri)) if reader.description.page == 1 else set()
    for class_, (builder, template) in VIEWS.items():
        if class_ in classes:
            return builder(reader), template
    return overview.overview(reader), "overview.html"
