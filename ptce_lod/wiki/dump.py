"""Read a MediaWiki XML dump page by page, plain or packed: no network, no entity, memory of one page.

Sources: MediaWiki export format 0.3 to 0.11; XML 1.0 section 2.8 (document type declarations, refused).
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
import subprocess
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final
from xml.parsers import expat

from ptce_lod.errors import ParseError, SourceUnavailable
from ptce_lod.wiki.trust import moment, number

_CHUNK: Final = 1 << 18
#: Longest text of one page: MediaWiki's own limit is two million bytes.
_TEXT: Final = 32_000_000
_OPENERS: Final[dict[str, Any]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
#: Names of the program that unpacks 7z: no library for Python reads it as a stream without a compiler.
_UNPACKERS: Final = ("7zz", "7z", "7za", "7zr")
_PAGE_FIELDS: Final = ("title", "ns", "id")


@dataclass
class DumpPage:
    """A page with its latest revision. ``redirect`` is the title that it leads to, "" when it is an article.

    ``page_id`` and ``revision`` are 0, ``timestamp`` is "", when the dump has none that is well-formed.
    """

    title: str = ""
    namespace: int = 0
    page_id: int = 0
    redirect: str = ""
    revision: int = 0
    timestamp: str = ""
    text: str = ""


@dataclass
class DumpInfo:
    """What a dump says of its wiki; known once the first page is read. ``namespaces`` maps number → name."""

    name: str = ""
    generator: str = ""
    namespaces: dict[int, str] = field(default_factory=dict)


class Dump:
    """A dump file; :meth:`pages` may be read several times."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise SourceUnavailable(f"{path}: there is no such file")
        if path.suffix == ".7z" and _unpacker() is None:
            raise SourceUnavailable(
                f"{path}: the program 7z, which unpacks it, is not installed",
                hint="apt-get install 7zip, or brew install sevenzip; or take the .bz2 of the same dump",
            )
        self.path = path
        self.info = DumpInfo()

    def pages(self) -> Iterator[DumpPage]:
        """Yield every page in the order of the file; :class:`ParseError`, with the line, when it is no such dump."""
        reader = _Reader(self.info)
        try:
            with self._open() as stream:
                yield from self._read(stream, reader)
        except expat.ExpatError as error:
            raise ParseError(f"{self.path}:{error.lineno}: {expat.ErrorString(error.code)}") from error
        except (OSError, EOFError, LookupError, zlib.error, lzma.LZMAError, ValueError) as error:
            raise ParseError(f"{self.path}: cannot be read: {error}") from error

    def _open(self) -> AbstractContextManager[IO[bytes]]:
        if self.path.suffix == ".7z":
            return _unpacked(self.path)
        opener = _OPENERS.get(self.path.suffix, open)
        return opener(self.path, "rb")  # type: ignore[no-any-return]  # each gives a binary file

    def _read(self, stream: IO[bytes], reader: _Reader) -> Iterator[DumpPage]:
        while chunk := stream.read(_CHUNK):
            reader.parser.Parse(chunk, False)
            yield from reader.done
            reader.done.clear()
        reader.parser.Parse(b"", True)
        yield from reader.done


def _unpacker() -> str | None:
    return next((path for name in _UNPACKERS if (path := shutil.which(name))), None)


@contextmanager
def _unpacked(path: Path) -> Iterator[IO[bytes]]:
    """Give what is packed in a 7z as a stream; OSError when the program fails. It is ended when the reader stops before the end."""
    command = [
        _unpacker() or _UNPACKERS[0],
        "x",
        "-so",
        "-y",
        "-p",
        "--",
        str(path),
    ]  # -p: never ask for a password
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        stream = process.stdout
        assert stream is not None  # noqa: S101  # by PIPE
        try:
            yield stream
        except expat.ExpatError:
            # A stream that ends too early is the program's fault when it failed.
            if stream.read(1) or process.wait() == 0:
                raise
        finally:
            process.kill()
    if process.returncode > 0:
        raise OSError(f"7z ended with {process.returncode}: it is damaged, or no 7z")


class _Reader:
    """Turns the events of a parser into pages."""

    def __init__(self, info: DumpInfo) -> None:
        self.done: list[DumpPage] = []
        self._info = info
        self._page = DumpPage()
        self._path: list[str] = []
        self._text: list[str] = []
        self._length = 0
        self._namespace = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_: Any) -> None:
        raise ValueError("it has a document type declaration, which no dump has")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._path and name != "mediawiki":
            raise ValueError(f"its root is <{name[:40]}>, expected <mediawiki>")
        self._path.append(name)
        self._text, self._length = [], 0
        if name == "page":
            self._page = DumpPage()
        elif name == "redirect":
            self._page.redirect = attributes.get("title", "")
        elif name == "namespace":
            self._namespace = int(attributes.get("key", "0"))

    def _characters(self, text: str) -> None:
        self._length += len(text)
        if self._length > _TEXT:
            raise ValueError(f"the text of {self._page.title!r} is longer than {_TEXT} characters")
        self._text.append(text)

    def _end(self, name: str) -> None:
        text = "".join(self._text)
        parent = self._path[-2] if len(self._path) > 1 else ""
        if name == "page":
            self.done.append(self._page)
        elif parent == "page" and name in _PAGE_FIELDS:
            self._field(name, text)
        elif parent == "revision":
            self._revision(name, text)
        elif name == "namespace":
            self._info.namespaces[self._namespace] = text
        elif parent == "siteinfo" and name in ("sitename", "generator"):
            setattr(self._info, "name" if name == "sitename" else name, text)
        self._path.pop()
        self._text, self._length = [], 0

    def _field(self, name: str, text: str) -> None:
        if name == "title":
            self._page.title = text
        elif name == "ns":
            self._page.namespace = int(text)
        else:
            self._page.page_id = _number(text)

    def _revision(self, name: str, text: str) -> None:
        """Take a revision's part: of a dump with history the last one stays."""
        if name == "id":
            self._page.revision = _number(text)
        elif name == "timestamp":
            self._page.timestamp = moment(text)
        elif name == "text":
            self._page.text = text


def _number(text: str) -> int:
    """Return a number of a page or revision, 0 when it is none."""
    try:
        return number(text)
    except ValueError:
        return 0
