"""Ask every engine the same questions, first to compare their answers, then against the clock."""

from __future__ import annotations

import itertools
import json
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Final

import pyoxigraph as ox

from benchmarks.http import client
from benchmarks.http.data import Data
from benchmarks.http.engines import Engine
from benchmarks.sparql.parameters import parameters

QUERIES: Final = Path(__file__).parent / "queries"
#: Sets of parameters for which answers are compared.
_COMPARED: Final = 3
#: How long one answer may take, in seconds; and the median beyond which an engine is not asked by several clients.
PATIENCE: Final = 30.0
_TOO_SLOW_FOR_MANY: Final = 2.0
_ROWS: Final = "application/sparql-results+json"
_GRAPH: Final = "application/n-triples"
_MISNAMED: Final = {
    "text/plain": "application/n-triples",
    "application/sparql-results+xml": "application/rdf+xml",
}


@dataclass(frozen=True)
class Shape:
    """A kind of query. ``repeated`` shapes send one address again and again, with ``If-None-Match`` if ``conditional``."""

    name: str
    title: str
    accept: str
    repeated: bool = False
    conditional: bool = False

    def text(self, engine: str, values: dict[str, str]) -> str:
        """Return the query for ``engine``: its own variant if there is one."""
        own = QUERIES / f"{self.name}.{engine}.rq"
        path = own if own.is_file() else QUERIES / f"{self.name}.rq"
        return Template(path.read_text(encoding="utf-8")).substitute(values)


@dataclass
class Cell:
    """One engine, one shape, one number of clients; times in milliseconds."""

    requests: int = 0
    per_second: float = 0.0
    median: float = 0.0
    p99: float = 0.0
    client_share: float = 0.0
    note: str = ""


@dataclass
class Results:
    """Everything that was measured."""

    shapes: list[Shape]
    clients: tuple[int, ...]
    cells: dict[tuple[str, str, int], Cell] = field(default_factory=dict)
    warnings: dict[str, list[str]] = field(default_factory=dict)
    memory: dict[str, tuple[float, float]] = field(default_factory=dict)
    load: float = 0.0


def shapes() -> list[Shape]:
    """Return a shape for each ``queries/NAME.rq``, and those that repeat one of them."""
    found = []
    for path in sorted(QUERIES.glob("*.rq")):
        if path.name.count(".") == 1:
            text = path.read_text(encoding="utf-8")
            accept = _GRAPH if "\nDESCRIBE" in text or "\nCONSTRUCT" in text else _ROWS
            title = text.partition("\n")[0].removeprefix("# title:").strip()
            found.append(Shape(path.stem, title, accept))
    for name, title in (("01-look-up", "look-up"), ("05-aggregate", "aggregate")):
        found.append(Shape(name, f"repeated GET: {title}", _ROWS, repeated=True))
        found.append(
            Shape(name, f"repeated GET, If-None-Match: {title}", _ROWS, repeated=True, conditional=True)
        )
    return found


def size(answer: client.Answer) -> int:
    """Return how much an answer holds: solutions or triples; of one number, the number itself."""
    if answer.status != 200:
        raise ValueError(f"status {answer.status}: {answer.body[:120].decode('utf-8', 'replace')!r}")
    kind = answer.headers.get("content-type", "").split(";")[0].strip()
    if "json" in kind:
        rows = json.loads(answer.body)["results"]["bindings"]
        if len(rows) == 1 and len(rows[0]) == 1:
            (term,) = rows[0].values()
            if term["value"].isdigit():
                return int(term["value"])
        return len(rows)
    # Virtuoso names N-Triples so; rdflib-endpoint gives DESCRIBE as RDF/XML under the name of result sets.
    kind = _MISNAMED.get(kind, kind)
    format_ = ox.RdfFormat.from_media_type(kind)
    if format_ is None:
        raise ValueError(f"answered with {kind!r}")
    return len({quad.triple for quad in ox.parse(answer.body, format=format_)})


def compare(results: Results, engines: list[Engine], data: Data, reference: str) -> None:
    """Note a warning for each shape that engines answer differently, and a cell for what an engine cannot answer."""
    for shape in results.shapes:
        if shape.repeated:
            continue
        sizes: dict[str, list[int]] = {}
        for engine in engines:
            connection = client.Connection(engine.port)
            try:
                sizes[engine.name] = [
                    size(connection.ask(message, PATIENCE))
                    for message in itertools.islice(_messages(shape, engine, data, seed=99), _COMPARED)
                ]
            except (client.TimedOut, OSError, ValueError, SyntaxError, KeyError) as error:
                slow = isinstance(error, client.TimedOut)
                note = f"> {PATIENCE:g} s" if slow else "fails"
                for clients in results.clients:
                    results.cells[shape.title, engine.name, clients] = Cell(note=note)
                if not slow:
                    results.warnings.setdefault(shape.title, []).append(f"{engine.name}: {error}")
                _wait_until_idle(engine)
            finally:
                connection.close()
        expected = sizes.get(reference) or next(iter(sizes.values()), [])
        for name, found in sizes.items():
            if found != expected:
                results.warnings.setdefault(shape.title, []).append(
                    f"{name} gives {found}, {reference} {expected}"
                )


def _wait_until_idle(engine: Engine) -> None:
    """Wait until the engine answers again: some go on with a query whose client has left."""
    connection = client.Connection(engine.port)
    message = client.request(engine.port, engine.path, "ASK {}", _ROWS)
    try:
        connection.ask(message, 90)
    except (client.TimedOut, OSError):
        pass
    finally:
        connection.close()


def _messages(shape: Shape, engine: Engine, data: Data, seed: int) -> Iterator[bytes]:
    """Yield requests whose texts all differ, by their parameters and, as some shapes have few, by a comment."""
    for number, values in enumerate(parameters(data, seed)):
        text = shape.text(engine.name, values)
        yield client.request(engine.port, engine.path, f"{text}# {seed}-{number}\n", shape.accept)


def _repeated(shape: Shape, engine: Engine, data: Data) -> Iterator[bytes]:
    """Yield one request without end; a conditional one where the engine gives an entity tag, else the plain one."""
    text = shape.text(engine.name, next(parameters(data, 5)))
    message = client.request(engine.port, engine.path, text, shape.accept)
    if shape.conditional:
        connection = client.Connection(engine.port)
        tag = connection.ask(message, PATIENCE).headers.get("etag")
        connection.close()
        if tag:
            message = client.request(
                engine.port, engine.path, text, shape.accept, f"If-None-Match: {tag}\r\n"
            )
    yield from itertools.repeat(message)


def measure(
    results: Results,
    engines: list[Engine],
    data: Data,
    *,
    seconds: float,
    requests: int,
    told: Callable[[str], None],
) -> None:
    """Fill the cells. Engines take turns within a shape, so that what else the machine does falls on all of them."""
    for number, shape in enumerate(results.shapes):
        told(shape.title)
        for clients in results.clients:
            for engine in engines:
                key = (shape.title, engine.name, clients)
                if key in results.cells:
                    continue
                first = results.cells.get((shape.title, engine.name, results.clients[0]))
                if first is not None and (not first.requests or first.median > _TOO_SLOW_FOR_MANY * 1000):
                    results.cells[key] = Cell(note="too slow")
                    continue
                results.cells[key] = _cell(
                    shape, engine, data, 1000 * number + clients, clients, seconds, requests
                )
                before, peak = results.memory.get(engine.name, (0.0, 0.0))
                results.memory[engine.name] = before, max(before, peak, engine.memory_mib())


def _cell(
    shape: Shape, engine: Engine, data: Data, seed: int, clients: int, seconds: float, requests: int
) -> Cell:
    try:
        if shape.repeated:
            messages = _repeated(shape, engine, data)
        else:
            messages = _messages(shape, engine, data, seed)
            # Written beforehand: making a query is no work of the client's while it measures.
            messages = iter(list(itertools.islice(messages, requests + 5 * clients)))
        client.run(engine.port, messages, clients, seconds / 10, 4 * clients, PATIENCE)
        run = client.run(engine.port, messages, clients, seconds, requests, PATIENCE)
    except client.TimedOut:
        _wait_until_idle(engine)
        return Cell(note=f"> {PATIENCE:g} s")
    except OSError as error:
        return Cell(note=str(error))
    times = sorted(time * 1000 for time in run.times)
    wrong = {status: count for status, count in run.statuses.items() if status not in (200, 304)}
    return Cell(
        requests=len(times),
        per_second=len(times) / run.seconds,
        median=statistics.median(times),
        p99=times[min(len(times) - 1, int(len(times) * 0.99))],
        client_share=run.client_seconds / run.seconds,
        note=", ".join(f"{count} × {status}" for status, count in wrong.items()),
    )
