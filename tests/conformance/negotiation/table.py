"""Reads the tables of clients and cases, and asks a server over a plain connection, so that headers leave as they are written."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
#: Header lines as they are sent.
Lines = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Case:
    """A row of cases.tsv; ``line`` is its place in the file."""

    line: int
    why: str
    method: str
    path: str
    request: str
    status: int
    media_type: str
    expected: str

    @property
    def body(self) -> bytes | None:
        return next((part[2:].encode() for part in self.request.split(" | ") if part.startswith("> ")), None)

    def lines(self, base: str, etag: str = "") -> Lines:
        """Return the header lines of the request."""
        found: list[tuple[str, str]] = []
        for part in self.request.split(" | "):
            if part.startswith("@"):
                found += clients()[part[1:]]
            elif part != "-" and not part.startswith("> "):
                found.append(_line(part.replace("{etag}", etag).replace("{base}", base)))
        return tuple(found)


@dataclass(frozen=True)
class Answer:
    """What came back; ``fields`` are header lines as they came."""

    status: int
    fields: Lines
    body: bytes

    def get(self, name: str) -> str | None:
        """Return the value of a header, several lines joined; None when it was not sent."""
        values = [value for each, value in self.fields if each.lower() == name.lower()]
        return ", ".join(values) if values else None

    @property
    def media_type(self) -> str:
        return (self.get("Content-Type") or "").partition(";")[0]


def _line(text: str) -> tuple[str, str]:
    name, _, value = text.partition(":")
    return name, value.removeprefix(" ").replace("{empty}", "").replace("{tab}", "\t")


def _rows(name: str) -> list[tuple[int, list[str]]]:
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [(n, line.split("\t")) for n, line in enumerate(lines, 1) if line and not line.startswith("#")]


@cache
def clients() -> dict[str, Lines]:
    """Return name of a client → the header lines that it sends."""
    return {
        name: () if lines == "-" else tuple(_line(part) for part in lines.split(" | "))
        for _, (name, lines, _source) in _rows("clients.tsv")
    }


@cache
def cases() -> list[Case]:
    """Return the rows of cases.tsv."""
    return [
        Case(n, why, method, path, request, int(status), media_type, expected)
        for n, (why, method, path, request, status, media_type, expected) in _rows("cases.tsv")
    ]


def ask(connection: http.client.HTTPConnection, case: Case, base: str, lines: Lines) -> Answer:
    """Send the request of ``case`` with these header lines and no others but Host and Content-Length."""
    path = case.path.replace("{base}", base)
    path = re.sub(r"[ <>{}\"|\\^`]", lambda match: f"%{ord(match[0]):02X}", path)
    connection.putrequest(case.method, path, skip_accept_encoding=True)
    for name, value in lines:
        connection.putheader(name, value.encode("latin-1"))
    if case.body is not None or case.method in ("POST", "PUT"):
        connection.putheader("Content-Length", str(len(case.body or b"")))
    connection.endheaders(case.body)
    response = connection.getresponse()
    return Answer(response.status, tuple(response.getheaders()), response.read())


def disagreement(answer: Answer, expectation: str, base: str, etag: str) -> str:
    """Return what is wrong with one expected header, "" when nothing is."""
    expectation = expectation.replace("{base}", base).replace("{etag}", etag)
    match = re.fullmatch(r"([A-Za-z-]+)(: | ~ | ! | -)(.*)", expectation)
    assert match, f"not an expectation: {expectation}"
    name, how, text = match.groups()
    value = answer.get(name)
    held = {
        ": ": value == text,
        " ~ ": value is not None and (words(text) <= words(value) if name == "Vary" else text in value),
        " ! ": text not in (value or ""),
        " -": value is None,
    }[how]
    return "" if held else f"{expectation!r}, but {name} is {value!r}"


def words(text: str) -> set[str]:
    """Return the elements of a list of names."""
    return {word.strip() for word in text.split(",")}
