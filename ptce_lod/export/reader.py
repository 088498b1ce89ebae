"""Reads the site as a client does, in the same process: each representation of an address, each page of it, as the server gives it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from werkzeug.datastructures import Headers
from werkzeug.test import create_environ

from ptce_lod.errors import NotAcceptable, ReleaseError
from ptce_lod.formats import HTML, RDF_FORMATS
from ptce_lod.query.backend import Description, Fate
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.layout import ReleaseLayout
from ptce_lod.settings import Settings
from ptce_lod.web import exported
from ptce_lod.web.app import create_app
from ptce_lod.web.links import LINKSET, LINKSET_JSON
from ptce_lod.web.negotiation import LANGUAGES
from ptce_lod.web.reuse import CITATIONS

#: Between the name of a document and the number of its page, or its view, in the names of files.
MARK: Final = "~"
#: Extension of the address of a linkset → of its file, from whose end a server of files tells the media type.
LINKSETS: Final = {"linkset": "linkset", "linkset.json": "linksetjson"}
LINKSET_FORMATS: Final = (LINKSET, LINKSET_JSON)
_EXTENSIONS: Final = {LINKSET: "linkset", LINKSET_JSON: "linkset.json"}
#: Extension of the address of a file of a document → of its file.
_FILES: Final = {**{each.extension: each.extension for each in RDF_FORMATS}, **LINKSETS}
#: Documents with a page of all statements.
DESCRIBED: Final = ("doc/", "concept/", "scheme/", "graph/")
_NEXT: Final = re.compile(r'<[^>]*[?&]page=(\d+)[^>]*>; rel="next"')
#: What leads to the next page at the foot of a page.
_NEXT_SHOWN: Final = re.compile(rb'<a rel="next" href="[^"]*[?&;]page=(\d+)"')


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


class _Page(NamedTuple):
    """A page of a document: its number, its bytes, its other files (extension → bytes), whether there are more pages than this."""

    number: int
    data: bytes
    files: dict[str, bytes]
    is_one_of_several: bool


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

    Requests are made of the application without a client or a server's layers between: a fifth of the time.
    """

    def __init__(self, settings: Settings, release: ReleaseLayout) -> None:
        settings = replace(settings, cache_bytes=0, tokens_file="")
        self._prefix = urlsplit(settings.base_iri).path
        self._app = create_app(settings, _Remembering(release, settings), is_exported=True)
        self._environ = create_environ(base_url=settings.base_iri)

    def ask(self, path: str, **headers: str) -> Answer:
        """Return the answer at ``path`` below the base, which may have a query."""
        return self._ask(path, headers, ())[0]

    def _ask(
        self, path: str, headers: dict[str, str], extensions: Iterable[str]
    ) -> tuple[Answer, dict[str, bytes]]:
        """Return the answer, and what the same resource has in files of ``extensions``: for each, a request less."""
        name, _, query = path.partition("?")
        environ = {
            **self._environ,
            "SCRIPT_NAME": "",
            "PATH_INFO": f"/{name}".encode().decode("latin-1"),  # PEP 3333
            "QUERY_STRING": query,
            **{f"HTTP_{field.upper()}": value for field, value in headers.items()},
        }
        with self._app.request_context(environ):
            try:
                response = self._app.full_dispatch_request()
            except Exception as error:
                # As Flask's own wsgi_app does: an answer with the status 500, and a line in the log.
                response = self._app.handle_exception(error)
            with response:
                response.direct_passthrough = False
                ok = response.status_code == 200
                found = response.headers if ok else response.get_wsgi_headers(environ)
                answer = Answer(response.status_code, found, response.get_data())
            return answer, _made(exported.left(), extensions)

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
        for page in self._pages(path):
            yield self._written(f"{stem}{_at(page.number)}.{extension}", page.data)

    def worded(self, path: str) -> Iterator[Written]:
        """Yield a file in each language; nothing where there is none."""
        stem, _, extension = path.rpartition(".")
        for language in LANGUAGES:
            data = self.file(f"{path}?lang={language}")
            if data is not None:
                yield self._written(f"{stem}.{language}.{extension}", data)

    def document(self, path: str) -> Iterator[Written | Moved]:
        """Yield every representation of a document, in all formats, languages and pages, and what belongs to it; or where it has gone."""
        found = list(self._written_pages(path or "index", path, _FILES if path else {}))
        if not found and (gone := self.ask(path, Accept="text/html")).status_code in (301, 410):
            yield Moved(path, gone.headers.get("Location", ""))
            return
        yield from found
        if path.startswith(DESCRIBED):
            yield from self._written_pages(f"{path}{MARK}statements", f"{path}?view=statements")
        if not path:
            for format_ in LINKSET_FORMATS:
                answer = self.ask(path, Accept=format_.media_type)
                yield self._written(f"index.{LINKSETS[_EXTENSIONS[format_]]}", answer.data)
        elif all(each.path.endswith(".html") for each in found):
            yield from self._data(path)
        if path.startswith("doc/"):
            yield from self._belongings(path.removeprefix("doc/"))

    def _data(self, path: str) -> Iterator[Written]:
        """Yield the files of what leaves none with its page, asked for one by one."""
        for extension, name in _FILES.items():
            for page in self._pages(f"{path}.{extension}"):
                yield self._written(f"{path}{_at(page.number)}.{name}", page.data)

    def _belongings(self, name: str) -> Iterator[Written]:
        """Yield what belongs to a thing: citations, the card, the picture."""
        first, *others = CITATIONS
        for language in LANGUAGES:
            for page in self._pages(f"cite/{name}.{first}?lang={language}", others):
                for extension, body in ((first, page.data), *page.files.items()):
                    yield self._written(f"cite/{name}.{language}.{extension}", body)
        yield from self._written_pages(f"embed/{name}", f"embed/{name}")
        if name.startswith("pole/"):
            picture = self.file(f"picture/{name}.png")
            if picture is not None:
                yield self._written(f"picture/{name}.png", picture)

    def _written_pages(
        self, stem: str, path: str, names: Mapping[str, str] = MappingProxyType({})
    ) -> Iterator[Written]:
        """Yield a page for people in each language, and those that follow it; with the first, its files: extension → that of the file."""
        name, mark, view = stem.partition(MARK)
        for language in LANGUAGES:
            wanted = names if language == LANGUAGES[0] else ()
            for page in self._pages(path, wanted, Accept="text/html", Accept_Language=language):
                at = f"{name}{_at(page.number)}"
                yield self._written(f"{at}{mark}{view}.{language}.html", page.data)
                # Where a document goes on may depend on the address that was asked for: that with an extension keeps it.
                files = self._files(path, page.number, wanted) if page.is_one_of_several else page.files
                for extension, body in files.items():
                    yield self._written(f"{at}.{names[extension]}", body)

    def _files(self, path: str, number: int, extensions: Iterable[str]) -> dict[str, bytes]:
        """Return what the site answers at the addresses of a page's files: extension → bytes; without those that it has not."""
        found = {}
        for extension in extensions:
            answer = self._page(f"{path}.{extension}", number, {}, ())[0]
            if answer.status_code == 200:
                found[extension] = answer.data
        return found

    def _written(self, path: str, data: bytes) -> Written:
        return Written(f"{self._prefix[1:]}{path}", data)

    def _pages(self, path: str, extensions: Iterable[str] = (), **headers: str) -> Iterator[_Page]:
        """Yield each page; nothing where the site has no such representation."""
        number = 1
        while number:
            answer, files = self._page(path, number, headers, extensions if number == 1 else ())
            if answer.status_code != 200:
                return
            after = _after(answer, number)
            yield _Page(number, answer.data, files, number > 1 or after > 0)
            number = after

    def _page(
        self, path: str, number: int, headers: dict[str, str], extensions: Iterable[str]
    ) -> tuple[Answer, dict[str, bytes]]:
        """Return what the site answers for a page, and its other files; :class:`ReleaseError` when it fails."""
        joint = "&" if "?" in path else "?"
        answer, files = self._ask(f"{path}{joint}page={number}" if number > 1 else path, headers, extensions)
        if answer.status_code >= 500:
            raise ReleaseError(f"/{path} answered {answer.status_code}, expected a document")
        return answer, files


def _after(answer: Answer, number: int) -> int:
    """Return the number of the page behind page ``number``, 0 when that is the last."""
    linked = _NEXT.search(answer.headers.get("Link", ""))
    # Map and network have pages for people only: their data are one whole, which goes on nowhere.
    shown = None if linked or answer.mimetype != HTML.media_type else _NEXT_SHOWN.search(answer.data)
    found = linked or shown
    return int(found[1]) if found and int(found[1]) > number else 0


def _made(files: Mapping[str, Callable[[], bytes]], extensions: Iterable[str]) -> dict[str, bytes]:
    """Return the files of ``extensions`` that can be made: some text is not for RDF/XML."""
    found = {}
    for extension in extensions:
        if extension in files:
            with suppress(NotAcceptable):
                found[extension] = files[extension]()
    return found


def _at(number: int) -> str:
    return f"{MARK}{number}" if number > 1 else ""
