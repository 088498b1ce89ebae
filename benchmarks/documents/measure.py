"""Ask every server for the same things: first some one by one, to see what is in the answers, then many against the clock."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urlencode

import pyoxigraph as ox

from benchmarks.documents import load, queries
from benchmarks.documents.load import Load
from benchmarks.documents.servers import Cached, Nginx, Trifid, Uncached
from benchmarks.http import client
from benchmarks.http.data import BASE, Data
from benchmarks.http.engines import Engine, OxigraphServe, RdflibEndpoint, Virtuoso

CONNECTIONS: Final = 16
#: How many things are asked for; of how many the answers are looked at.
THINGS: Final = 3000
LOOKED_AT: Final = 60
#: How often each thing is asked for before a cache is measured: no process tells which of them has it.
_FILLED: Final = 8
_TURTLE: Final = "text/turtle"
#: Virtuoso names N-Triples so.
_MISNAMED: Final = {"text/plain": "application/n-triples"}
_HTML: Final = "text/html"

#: Writes the request for one thing, given as ``pole/pole-7``.
Maker = Callable[[str], bytes]


@dataclass(frozen=True)
class Row:
    """One kind of request to one server. ``expected``: status of the answers; ``tagged``: with the entity tag got before."""

    key: str
    engine: str
    title: str
    make: Maker
    expected: int = 200
    tagged: bool = False


@dataclass
class Content:
    """What is in the answers of a row, on average; in bytes, and in triples where they can be counted."""

    head: float = math.nan
    body: float = math.nan
    triples: float = math.nan
    problem: str = ""


@dataclass
class Results:
    """Everything that was measured; ``memory`` in MiB, before the first and after the last request."""

    rows: list[Row] = field(default_factory=list)
    loads: dict[str, Load] = field(default_factory=dict)
    contents: dict[str, Content] = field(default_factory=dict)
    memory: dict[str, tuple[float, float]] = field(default_factory=dict)
    processes: dict[str, int] = field(default_factory=dict)
    things: int = 0
    machine_load: float = 0.0

    def speed(self, key: str) -> float:
        """Return answers per second; not a number when the row was not measured."""
        found = self.loads.get(key)
        return found.per_second if found is not None and found.requests else math.nan


def things(data: Data, count: int = THINGS, seed: int = 11) -> list[str]:
    """Return ``count`` poles and actors, as many of one as of the other, by chance: ``pole/pole-7``."""
    chance = random.Random(seed)
    poles = chance.sample(range(data.poles), min(count // 2, data.poles))
    actors = chance.sample(range(data.poles * 4), min(count // 2, data.poles * 4))
    found = [f"pole/pole-{n}" for n in poles] + [f"actor/actor-{n}" for n in actors]
    chance.shuffle(found)
    return found


def get(path: str, accept: str, more: str = "") -> bytes:
    """Return the bytes of a GET; ``more`` are further header lines, each with its end."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\n{more}\r\n".encode()


def post_query(path: str, text: str, accept: str) -> bytes:
    """Return the bytes of a POST of a query, as a form: one that is too long for an address. Virtuoso 7 leaves it unanswered as it is."""
    body = urlencode({"query": text}).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def rows(tags: Mapping[str, Mapping[str, str]]) -> list[Row]:
    """Return all rows, in the order of the table. ``tags``: by server, the entity tag of each thing, for conditional requests."""

    def document(accept: str) -> Maker:
        return lambda thing: get(f"/doc/{thing}", accept)

    def conditional(engine: str, path: str) -> Maker:
        def make(thing: str) -> bytes:
            tag = tags.get(engine, {}).get(thing, "")
            return get(path.format(thing), _TURTLE, f"If-None-Match: {tag}\r\n" if tag else "")

        return make

    def query(path: str, write: Callable[[str], str], accept: str = _TURTLE) -> Maker:
        def make(thing: str) -> bytes:
            return get(f"{path}?query={quote(write(f'{BASE}id/{thing}'), safe='')}", accept)

        return make

    def content(path: str, accept: str, *, lateral: bool) -> Maker:
        def make(thing: str) -> bytes:
            return post_query(path, queries.content(f"{BASE}id/{thing}", BASE, lateral=lateral), accept)

        return make

    def trifid(thing: str) -> bytes:
        return get(f"/id/{thing}", _TURTLE)

    def virtuoso_describe(thing: str) -> bytes:
        return get(f"/describe/?uri={quote(f'{BASE}id/{thing}', safe='')}", _TURTLE)

    ours, anew, ox_, virtuoso, nginx = (
        engine.name for engine in (Cached, Uncached, OxigraphServe, Virtuoso, Nginx)
    )
    rdflib, ntriples = RdflibEndpoint.name, "text/plain"
    return [
        Row("cached", ours, "Turtle, asked before", document(_TURTLE)),
        Row(
            "not-modified",
            ours,
            "Turtle, `If-None-Match`: 304",
            conditional(ours, "/doc/{}"),
            304,
            tagged=True,
        ),
        Row("uncached", anew, "Turtle", document(_TURTLE)),
        Row("uncached-json-ld", anew, "JSON-LD", document("application/ld+json")),
        Row("uncached-html", anew, "HTML", document(_HTML)),
        Row("nginx", nginx, "Turtle as a file", lambda thing: get(f"/{thing}.ttl", _TURTLE)),
        Row(
            "nginx-304",
            nginx,
            "the same, `If-None-Match`: 304",
            conditional(nginx, "/{}.ttl"),
            304,
            tagged=True,
        ),
        Row("oxigraph", ox_, "CONSTRUCT, its own triples", query("/query", queries.own)),
        Row(
            "oxigraph-content",
            ox_,
            "CONSTRUCT, the content of our document",
            content("/query", _TURTLE, lateral=True),
        ),
        Row("virtuoso", virtuoso, "CONSTRUCT, its own triples", query("/sparql", queries.own, ntriples)),
        Row("virtuoso-describe-query", virtuoso, "DESCRIBE", query("/sparql", queries.describe, ntriples)),
        Row(
            "virtuoso-content",
            virtuoso,
            "CONSTRUCT, the content of our document",
            content("/sparql", ntriples, lateral=False),
        ),
        Row("virtuoso-describe", virtuoso, "`/describe/?uri=`", virtuoso_describe),
        Row("rdflib", rdflib, "CONSTRUCT, its own triples", query("/", queries.own)),
        Row("trifid", Trifid.name, "Turtle (DESCRIBE)", trifid),
    ]


def fetch(engine: Engine, path: str, names: Sequence[str]) -> dict[str, client.Answer]:
    """Return the answer of ``engine`` for each thing, one after the other. ``path``: with ``{}`` for the thing."""
    connection = client.Connection(engine.port)
    try:
        return {name: connection.ask(get(path.format(name), _TURTLE), load.PATIENCE) for name in names}
    finally:
        connection.close()


def look(row: Row, engine: Engine, names: Sequence[str]) -> Content:
    """Ask for some things one by one; return what is in the answers, or what is wrong with them."""
    connection = client.Connection(engine.port)
    heads, bodies, triples = [], [], []
    try:
        for name in names:
            answer = connection.ask(row.make(name), load.PATIENCE)
            if answer.status != row.expected:
                return Content(problem=f"status {answer.status}")
            heads.append(sum(len(key) + len(value) + 4 for key, value in answer.headers.items()))
            bodies.append(len(answer.body))
            triples.append(_triples(answer))
    except client.TimedOut:
        return Content(problem=f"> {load.PATIENCE} s")
    except (OSError, ValueError, SyntaxError) as error:
        return Content(problem=f"{type(error).__name__}: {error}"[:160])
    finally:
        connection.close()
    return Content(statistics.fmean(heads), statistics.fmean(bodies), statistics.fmean(triples))


def _triples(answer: client.Answer) -> float:
    """Return how many triples an answer holds; not a number for a page or no body."""
    kind = answer.headers.get("content-type", "").split(";")[0].strip()
    format_ = ox.RdfFormat.from_media_type(_MISNAMED.get(kind, kind))
    if format_ is None or not answer.body:
        return math.nan
    return len({quad.triple for quad in ox.parse(answer.body, format=format_)})


def measure(
    results: Results,
    engines: Mapping[str, Engine],
    names: Sequence[str],
    *,
    seconds: float,
    told: Callable[[str], None],
) -> None:
    """Fill ``results``: content, speed and memory of every row whose server is there."""
    for row in results.rows:
        engine = engines.get(row.engine)
        if engine is None:
            continue
        told(f"{row.engine}: {row.title}")
        content = look(row, engine, names[:LOOKED_AT])
        results.contents[row.key] = content
        if content.problem:
            told(f"left out: {content.problem}")
            engine.wait_until_idle()
            continue
        messages = [row.make(name) for name in names]
        if row.key == "cached":
            fill(engine, messages)
        load.run(engine.port, messages, CONNECTIONS, 1)
        results.loads[row.key] = load.run(engine.port, messages, CONNECTIONS, seconds)
        engine.wait_until_idle()
        before, _ = results.memory.get(engine.name, (0.0, 0.0))
        results.memory[engine.name] = before, engine.memory_mib()
        results.processes[engine.name] = engine.processes()


def fill(engine: Engine, messages: Sequence[bytes]) -> None:
    """Ask for every thing often enough that each process of the server will have answered it."""
    chance = random.Random(3)
    many = list(messages) * _FILLED
    chance.shuffle(many)
    client.run(engine.port, iter(many), CONNECTIONS, 120, len(many), load.PATIENCE)
