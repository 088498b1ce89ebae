"""Reads the site as a client does, in the same process: each representation of an address, each page of it, as the server gives it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from werkzeug.datastructures import Headers
from werkzeug.test import create_environ, run_wsgi_app

from ptce_lod.errors import ReleaseError
from ptce_lod.formats import RDF_FORMATS
from ptce_lod.query.backend import Description, Fate
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.layout import ReleaseLayout
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from ptce_lod.web.context import EXPORTED
from ptce_lod.web.links import LINKSET, LINKSET_JSON
from ptce_lod.web.negotiation import LANGUAGES

#: Between the name of a document and the number of its page, or its view, in the names of files.
MARK: Final = "~"
#: Extension of the address of a linkset → of its file, from whose end a server of files tells the media type.
LINKSETS: Final = {"linkset": "linkset", "linkset.json": "linksetjson"}
LINKSET_FORMATS: Final = (LINKSET, LINKSET_JSON)
_EXTENSIONS: Final = {LINKSET: "linkset", LINKSET_JSON: "linkset.json"}
#: Documents with a page of all statements.
_DESCRIBED: Final = ("doc/", "concept/", "scheme/", "graph/")
_NEXT: Final = re.compile(r'<[^>]*[?&]page=(\d+)[^>]*>; rel="next"')


class Written(NamedTuple):
    """What is to be a file: its path below the site's root, and its bytes."""

    path: str
    data: bytes


class Moved(NamedTuple):
    """An address that leads elsewhere (``target``), or nowhere any more ("")."""

    path: str
    target: str


class Answer(NamedTuple):
    """What the site answered."""

    status_code: int
    headers: Headers
    data: bytes

    @property
    def mimetype(self) -> str:
        """Return the media type, without parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0]


class _Remembering(EmbeddedBackend):
    """Reads a thing once for all of its representations: half of the time that its RDF takes (November 2026)."""

    _last: tuple[tuple[str, int], Description | None] = (("", 0), None)
    _fate: tuple[str, Fate] = ("", Fate(False))

    def fate(self, iri: str) -> Fate:
        """Return what the backend says, once more if it was asked just now."""
        if self._fate[0] != iri:
            self._fate = (iri, super().fate(iri))
        return self._fate[1]

    def describe(self, iri: str, page: int = 1) -> Description | None:
        """Return what the backend says, once more if it was asked just now."""
        if self._last[0] != (iri, page):
            self._last = ((iri, page), super().describe(iri, page))
        return self._last[1]


class SiteReader:
    """A client of the site that ``settings`` describe, at one release, whatever is published meanwhile. Not for several threads.

    Requests are made of the application without a client between: a tenth of the time.
    """

    def __init__(self, settings: Settings, release: ReleaseLayout) -> None:
        settings = replace(settings, cache_bytes=0, tokens_file="")
        self._prefix = urlsplit(settings.base_iri).path
        self._app = create_app(settings, _Remembering(release, settings))
        self._app.config[EXPORTED] = True
        self._environ = create_environ(base_url=settings.base_iri)

    def ask(self, path: str, **headers: str) -> Answer:
        """Return the answer at ``path`` below the base, which may have a query."""
        name, _, query = path.partition("?")
        environ = {
            **self._environ,
            "SCRIPT_NAME": "",
            "PATH_INFO": f"{self._prefix}{name}".encode().decode("latin-1"),  # PEP 3333
            "QUERY_STRING": query,
            **{f"HTTP_{field.upper()}": value for field, value in headers.items()},
        }
        body, status, found = run_wsgi_app(self._app.wsgi_app, environ, buffered=True)
        return Answer(int(status.partition(" ")[0]), found, b"".join(body))

    def file(self, path: str) -> bytes | None:
        """Return a file, None when there is none or it is gone; :class:`ReleaseError` when the site fails."""
        answer = self.ask(path)
        if answer.status_code in (404, 410):
            return None
        if answer.status_code != 200:
            raise ReleaseError(f"/{path} answered {answer.status_code}, expected a file")
        return answer.data

    def paged(self, path: str) -> Iterator[Written]:
        """Yield each page of a file."""
        stem, _, extension = path.rpartition(".")
        for number, data in self._pages(path):
            yield self._written(f"{stem}{_at(number)}.{extension}", data)

    def worded(self, path: str) -> Iterator[Written]:
        """Yield a file in each language; nothing where there is none."""
        stem, _, extension = path.rpartition(".")
        for language in LANGUAGES:
            data = self.file(f"{path}?lang={language}")
            if data is not None:
                yield self._written(f"{stem}.{language}.{extension}", data)

    def document(self, path: str) -> Iterator[Written | Moved]:
        """Yield every representation of a document, in all formats, languages and pages, and what belongs to it; or where it has gone."""
        found = self._written_pages(path or "index", path)
        first = next(found, None)
        if first is None and (gone := self.ask(path, Accept="text/html")).status_code in (301, 410):
            yield Moved(path, gone.headers.get("Location", ""))
            return
        if first is not None:
            yield first
        yield from found
        if path.startswith(_DESCRIBED):
            yield from self._written_pages(f"{path}{MARK}statements", f"{path}?view=statements")
        if path:
            yield from self._data(path)
        else:
            for format_ in LINKSET_FORMATS:
                answer = self.ask(path, Accept=format_.media_type)
                yield self._written(f"index.{LINKSETS[_EXTENSIONS[format_]]}", answer.data)
        if path.startswith("doc/"):
            yield from self._belongings(path.removeprefix("doc/"))

    def _data(self, path: str) -> Iterator[Written]:
        for format_ in RDF_FORMATS:
            for number, data in self._pages(f"{path}.{format_.extension}"):
                yield self._written(f"{path}{_at(number)}.{format_.extension}", data)
        for extension, name in LINKSETS.items():
            for number, data in self._pages(f"{path}.{extension}"):
                yield self._written(f"{path}{_at(number)}.{name}", data)

    def _belongings(self, name: str) -> Iterator[Written]:
        """Yield what belongs to a thing: citations, the card, the picture."""
        for extension in ("json", "bib", "txt"):
            yield from self.worded(f"cite/{name}.{extension}")
        yield from self._written_pages(f"embed/{name}", f"embed/{name}")
        if name.startswith("pole/"):
            picture = self.file(f"picture/{name}.png")
            if picture is not None:
                yield self._written(f"picture/{name}.png", picture)

    def _written_pages(self, stem: str, path: str) -> Iterator[Written]:
        """Yield a page for people in each language, and the pages that follow it."""
        for language in LANGUAGES:
            for number, data in self._pages(path, Accept="text/html", Accept_Language=language):
                name, mark, view = stem.partition(MARK)
                yield self._written(f"{name}{_at(number)}{mark}{view}.{language}.html", data)

    def _written(self, path: str, data: bytes) -> Written:
        return Written(f"{self._prefix[1:]}{path}", data)

    def _pages(self, path: str, **headers: str) -> Iterator[tuple[int, bytes]]:
        """Yield (number, bytes) of each page; nothing where the site has no such representation."""
        number = 1
        while number:
            joint = "&" if "?" in path else "?"
            answer = self.ask(f"{path}{joint}page={number}" if number > 1 else path, **headers)
            if answer.status_code >= 500:
                raise ReleaseError(f"/{path} answered {answer.status_code}, expected a document")
            if answer.status_code != 200:
                return
            yield number, answer.data
            after = _NEXT.search(answer.headers.get("Link", ""))
            number = int(after[1]) if after and int(after[1]) > number else 0


def _at(number: int) -> str:
    return f"{MARK}{number}" if number > 1 else ""
