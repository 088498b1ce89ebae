"""What a web server says when it has no file to send: a page in each language, and a problem document (RFC 9457) in JSON and RDF."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from ptce_lod.export.reader import Written
from ptce_lod.formats import HTML, RDF_FORMATS
from ptce_lod.namespaces import RDFS
from ptce_lod.serialize import serialize
from ptce_lod.settings import Settings
from ptce_lod.terms import ReleaseId
from ptce_lod.web import pages
from ptce_lod.web.negotiation import LANGUAGES
from ptce_lod.web.problem_types import BAD_REQUEST, GONE, HYDRA, METHOD_NOT_ALLOWED, NOT_ACCEPTABLE, NOT_FOUND
from ptce_lod.web.problems import Problem

#: Folder of these files below the base: no address, only what the web server reads.
FOLDER: Final = "errors"
#: Name of the files for a release that is not the one exported.
FORMER: Final = "former"
KINDS: Final = (BAD_REQUEST, NOT_FOUND, METHOD_NOT_ALLOWED, NOT_ACCEPTABLE, GONE)


def errors(settings: Settings, release: ReleaseId) -> Iterator[Written]:
    """Yield the files, with paths below the base. None names a request: all requests that fail in one way get one answer.

    ``release`` is the one that is exported: who asks for another is told of it.
    """
    for kind in KINDS:
        type_ = f"{settings.base_iri}problem/{kind.name}"
        more: dict[str, object] = {"documentation": type_, "instance": f"{type_}#file"}
        if kind is NOT_ACCEPTABLE:
            more["available"] = [each.media_type for each in (HTML, *RDF_FORMATS)]
        told = Problem(int(kind.status), kind.title, kind.about, type_, extra=more)
        yield from _files(settings, str(int(kind.status)), told, {"about": kind.about})
        if kind is GONE:
            base = settings.base_iri
            latest = replace(
                told,
                detail=f"this release is not kept here; the latest is {release}",
                hint=f"{base}dumps/{release}/all.nq holds it; {base}dataset/releases lists the releases that were published",
            )
            yield from _files(settings, FORMER, latest, {"latest": str(release)})


def _files(settings: Settings, name: str, told: Problem, shown: Mapping[str, str]) -> Iterator[Written]:
    """Yield the files of one problem; pages have what is ``shown`` in its place, in words of the reader's language."""
    text = json.dumps(told.members(), ensure_ascii=False, indent=2) + "\n"
    yield Written(f"{FOLDER}/{name}.problem", text.encode())
    for format_ in RDF_FORMATS:
        data = serialize(told.quads(), format_, {"hydra": HYDRA, "rdfs": RDFS})
        yield Written(f"{FOLDER}/{name}.{format_.extension}", data)
    for language in LANGUAGES:
        problem = replace(told, detail="", hint="", extra={**told.extra, **shown})
        page = pages.render_static_problem(settings, problem, language)
        yield Written(f"{FOLDER}/{name}.{language}.html", page.encode())
