"""What a web server says when it has no file to send: a page in each language, and a problem document (RFC 9457) in JSON and RDF."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from ptce_lod.export.reader import Written
from ptce_lod.formats import HTML, RDF_FORMATS
from ptce_lod.namespaces import RDFS
from ptce_lod.serialize import serialize
from ptce_lod.settings import Settings
from ptce_lod.web import pages
from ptce_lod.web.negotiation import LANGUAGES
from ptce_lod.web.problem_types import BAD_REQUEST, GONE, HYDRA, METHOD_NOT_ALLOWED, NOT_ACCEPTABLE, NOT_FOUND
from ptce_lod.web.problems import Problem

#: Folder of these files below the base: no address, only what the web server reads.
FOLDER: Final = "errors"
KINDS: Final = (BAD_REQUEST, NOT_FOUND, METHOD_NOT_ALLOWED, NOT_ACCEPTABLE, GONE)


def errors(settings: Settings) -> Iterator[Written]:
    """Yield the files, with paths below the base. None names a request: all requests that fail in one way get one answer."""
    for kind in KINDS:
        type_ = f"{settings.base_iri}problem/{kind.name}"
        more: dict[str, object] = {"documentation": type_, "instance": f"{type_}#file"}
        if kind is NOT_ACCEPTABLE:
            more["available"] = [each.media_type for each in (HTML, *RDF_FORMATS)]
        told = Problem(int(kind.status), kind.title, kind.about, type_, extra=more)
        text = json.dumps(told.members(), ensure_ascii=False, indent=2) + "\n"
        yield Written(f"{FOLDER}/{int(kind.status)}.problem", text.encode())
        for format_ in RDF_FORMATS:
            data = serialize(told.quads(), format_, {"hydra": HYDRA, "rdfs": RDFS})
            yield Written(f"{FOLDER}/{int(kind.status)}.{format_.extension}", data)
        shown = Problem(int(kind.status), kind.title, "", type_, extra={**more, "about": kind.about})
        for language in LANGUAGES:
            page = pages.render_static_problem(settings, shown, language)
            yield Written(f"{FOLDER}/{int(kind.status)}.{language}.html", page.encode())
