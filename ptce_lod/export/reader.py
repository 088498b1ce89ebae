"""Reads the site as a client does, in the same process: each representation of an address, each page of it, as the server gives it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ptce_lod.errors import ReleaseError
from ptce_lod.formats import RDF_FORMATS
from ptce_lod.settings import Settings
from ptce_lod.web.app import create_app
from ptce_lod.web.negotiation import LANGUAGES

#: Between the name of a document and the number of its page, or its view, in the names of files.
MARK: Final = "~"
#: Extension of the address of a linkset → of its file, from whose end a server of files tells the media type.
LINKSETS: Final = {"linkset": "linkset", "linkset.json": "linksetjson"}
_NEXT: Final = re.compile(r'<[^>]*[?&]page=(\d+)[^>]*>; rel="next"')


class Written(NamedTuple):
    """What is to be a file: its path below the site's root, and its bytes."""

    path: str
    data: bytes


class Moved(NamedTuple):
    """An address that leads elsewhere (``target``), or nowhere any more ("")."""

    path: str
    target: str


class SiteReader:
    """A client of the site that ``settings`` describe. Not for several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = replace(settings, cache_bytes=0, tokens_file="")
        self._prefix = urlsplit(settings.base_iri).path
        self._client: FlaskClient = create_app(self._settings).test_client(use_cookies=False)

    def ask(self, path: str, **headers: str) -> TestResponse:
        """Return the answer at ``path`` below the base."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.get(f"{self._prefix}{quote(path, safe='/?=&~.')}", headers=named, buffered=True)

    def file(self, path: str) -> Written | None:
        """Return a file, None for one that is gone; :class:`ReleaseError` when the site has none there."""
        response = self.ask(path)
        if response.status_code == 410:
            return None
        if response.status_code != 200:
            raise ReleaseError(f"/{path} answered {response.status_code}, expected a file")
        return Written(f"{self._prefix[1:]}{path}", response.data)

    def document(self, path: str, *, views: bool = False) -> Iterator[Written | Moved]:
        """Yield every representation of a document, in all formats, languages and pages; or where it has gone.

        ``views``: with the page of all statements.
        """
        first = self.ask(path, Accept="text/html", Accept_Language=LANGUAGES[0])
        if first.status_code in (301, 410):
            yield Moved(path, first.headers.get("Location", ""))
            return
        stem = f"{self._prefix[1:]}{path}" if path else f"{self._prefix[1:]}index"
        for language in LANGUAGES:
            for number, data in self._pages(path, Accept="text/html", Accept_Language=language):
                yield Written(f"{stem}{_at(number)}.{language}.html", data)
            if views:
                answer = self.ask(f"{path}?view=statements", Accept="text/html", Accept_Language=language)
                if answer.status_code == 200:
                    yield Written(f"{stem}{MARK}statements.{language}.html", answer.data)
        if not path:
            yield Written(f"{stem}.linkset", self.ask(path, Accept="application/linkset").data)
            yield Written(f"{stem}.linksetjson", self.ask(path, Accept="application/linkset+json").data)
        else:
            for format_ in RDF_FORMATS:
                for number, data in self._pages(f"{path}.{format_.extension}"):
                    yield Written(f"{stem}{_at(number)}.{format_.extension}", data)
            for extension, name in LINKSETS.items():
                for number, data in self._pages(f"{path}.{extension}"):
                    yield Written(f"{stem}{_at(number)}.{name}", data)

    def _pages(self, path: str, **headers: str) -> Iterator[tuple[int, bytes]]:
        """Yield (number, bytes) of each page; nothing where the site has no such representation."""
        number = 1
        while number:
            answer = self.ask(f"{path}?page={number}" if number > 1 else path, **headers)
            if answer.status_code != 200:
                return
            yield number, answer.data
            after = _NEXT.search(answer.headers.get("Link", ""))
            number = int(after[1]) if after and int(after[1]) > number else 0


def _at(number: int) -> str:
    return f"{MARK}{number}" if number > 1 else ""
