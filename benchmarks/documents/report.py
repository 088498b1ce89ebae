"""Results as Markdown: every row beside oxigraph and nginx; targets reached and missed; where we lose."""

from __future__ import annotations

import datetime
import math
import operator
from dataclasses import dataclass
from typing import Final

from benchmarks.documents.load import Load, client_name, whole_seconds
from benchmarks.documents.measure import CONNECTIONS, LOOKED_AT, Content, Results, Row
from benchmarks.documents.servers import PROCESSES, Cached, Trifid, Uncached
from benchmarks.http.data import Data
from benchmarks.http.engines import Engine, OxigraphServe
from benchmarks.http.words import figure, machine

_OURS: Final = (Cached.name, Uncached.name)


@dataclass(frozen=True)
class Target:
    """Something to reach: at least ``limit``, or less than it if ``below``; ``found`` is not a number when it was not measured."""

    what: str
    limit: float
    found: float
    unit: str = " ×"
    below: bool = False

    @property
    def verdict(self) -> str:
        """Whether it was reached, in words."""
        if math.isnan(self.found):
            return "not measured"
        reached = self.found < self.limit if self.below else self.found >= self.limit
        return "reached" if reached else "**missed**"


def targets(results: Results) -> list[Target]:
    """Return all targets with what was found."""

    def ratio(one: str, other: str) -> float:
        return results.speed(one) / results.speed(other)

    memory = results.memory.get(Cached.name, (math.nan, math.nan))[1]
    cached = results.loads.get("cached", Load())
    return [
        Target("cached Turtle ÷ oxigraph, the thing's own triples", 1.3, ratio("cached", "oxigraph")),
        Target("cached Turtle ÷ oxigraph, the same content", 1.3, ratio("cached", "oxigraph-content")),
        Target("cached Turtle ÷ nginx with files", 0.15, ratio("cached", "nginx")),
        Target("cached Turtle, 99th percentile", 15, cached.p99, " ms", below=True),
        Target("uncached Turtle ÷ oxigraph, the thing's own triples", 0.45, ratio("uncached", "oxigraph")),
        Target("uncached Turtle ÷ oxigraph, the same content", 0.45, ratio("uncached", "oxigraph-content")),
        Target("uncached Turtle ÷ Virtuoso, the thing's own triples", 5, ratio("uncached", "virtuoso")),
        Target("uncached Turtle ÷ Virtuoso, the same content", 5, ratio("uncached", "virtuoso-content")),
        Target("uncached Turtle ÷ Virtuoso, `/describe`", 5, ratio("uncached", "virtuoso-describe")),
        Target(
            f"memory after the run, {PROCESSES} web processes", 250, memory or math.nan, " MiB", below=True
        ),
    ]


def write(results: Results, engines: list[Engine], data: Data, seconds: float, left_out: list[str]) -> str:
    """Return the whole page."""
    parts = [
        _head(results, engines, data, left_out),
        _table(results),
        _targets(results, data),
        _losses(results),
        _memory(results, engines),
        _conditions(results, seconds),
    ]
    return "\n\n".join(parts) + "\n"


def _head(results: Results, engines: list[Engine], data: Data, left_out: list[str]) -> str:
    lines = "\n".join(f"| {e.name} | {e.version} | {e.loading} |" for e in engines)
    absent = "".join(f"\n\nLeft out: {line}." for line in left_out)
    return (
        "# Documents of things: measurements\n\n"
        "Written by `make bench-documents`; not by hand. What is measured and how: "
        "[benchmarks](../benchmarks/documents/README.md). The SPARQL endpoint has [its own page](reference/benchmarks-sparql.md).\n\n"
        f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, {machine()}. {data.quads:,} quads ({data.triples:,} triples) of made-up data, "
        f"{data.poles:,} poles. {results.things:,} things in random order, half of them poles, half actors; {CONNECTIONS} connections "
        "kept alive, each with one request at a time. All servers in one run on one machine, by HTTP, without compression.\n\n"
        f"| server | version | data |\n|---|---|---|\n{lines}{absent}"
    )


def _table(results: Results) -> str:
    lines = [
        "## Speed\n",
        "“×”: answers per second divided by those of oxigraph for a thing's own triples, of oxigraph for the content of our document, and "
        "of nginx with our documents as files; above 1 is more. Servers do not answer the same: triples and bytes say how much each "
        f"gives, on average over {LOOKED_AT} things. “Client”: cores that the client took of the machine's.\n",
        "| server | request | answers/s | median, ms | p99, ms | × oxigraph, own | × oxigraph, content | × nginx | triples "
        "| body, bytes | head, bytes | client |",
        "|---|---|" + "--:|" * 10,
    ]
    lines += [_line(results, row) for row in results.rows if row.key in results.contents]
    describe = results.contents.get("virtuoso-describe")
    if describe is not None and describe.problem:
        lines.append(
            "\n`/describe` of Virtuoso comes with its faceted browser (the package `fct_dav.vad`), which is not installed here: "
            "Debian has none."
        )
    return "\n".join(lines)


def _line(results: Results, row: Row) -> str:
    content = results.contents[row.key]
    load = results.loads.get(row.key, Load())
    note = content.problem or load.note
    title = row.title + (f" ({note.replace('|', '/')})" if note else "")
    if not load.requests:
        return f"| {row.engine} | {title} |" + " – |" * 10
    ratios = [
        figure(load.per_second / results.speed(key)) for key in ("oxigraph", "oxigraph-content", "nginx")
    ]
    cells = [figure(load.per_second), figure(load.median), figure(load.p99), *ratios, *_sizes(content)]
    cells.append(figure(load.client_cores))
    return f"| {row.engine} | {title} | " + " | ".join(cells) + " |"


def _sizes(content: Content) -> list[str]:
    found = (content.triples, content.body, content.head)
    return ["–" if math.isnan(value) else f"{value:,.0f}" for value in found]


def _targets(results: Results, data: Data) -> str:
    few = "" if data.quads > 900_000 else f" This run had {data.quads:,} quads: it decides nothing."
    lines = [
        "## Targets\n",
        f"Set for a million quads, {CONNECTIONS} connections and {PROCESSES} web processes.{few}\n",
        "| | | target | found |",
        "|---|---|--:|--:|",
    ]
    for target in targets(results):
        limit = f"{'<' if target.below else '≥'} {target.limit:g}{target.unit}"
        unit = "" if math.isnan(target.found) else target.unit
        lines.append(f"| {target.verdict} | {target.what} | {limit} | {figure(target.found)}{unit} |")
    return "\n".join(lines)


def _losses(results: Results) -> str:
    """Return what gives more answers per second than we do, for what is asked again and for what is asked once."""
    lines = ["## Where we lose\n"]
    for key, what in (("cached", "Turtle asked before"), ("uncached", "Turtle made anew")):
        ours = results.speed(key)
        others = [
            (results.speed(row.key) / ours, f"{row.engine}: {row.title}")
            for row in results.rows
            if row.engine not in _OURS and row.expected == 200
        ]
        faster = sorted((o for o in others if o[0] > 1), key=operator.itemgetter(0), reverse=True)
        named = "; ".join(f"{title} ({figure(times)} ×)" for times, title in faster)
        lines.append(f"- {what}: {'not measured' if math.isnan(ours) else named or 'nowhere'}.")
    return "\n".join(lines)


def _memory(results: Results, engines: list[Engine]) -> str:
    lines = [
        "## Memory\n",
        "Proportional set size of all processes of a server, in MiB: shared pages count once. Page cache of files is not in it"
        + (
            "; what Trifid's endpoint takes is oxigraph's.\n"
            if any(e.name == Trifid.name for e in engines)
            else ".\n"
        ),
        "| server | processes | before the first request measured | after the last |",
        "|---|--:|--:|--:|",
    ]
    for engine in engines:
        before, after = results.memory.get(engine.name, (math.nan, math.nan))
        lines.append(
            f"| {engine.name} | {results.processes.get(engine.name, 0)} | {figure(before)} | {figure(after or math.nan)} |"
        )
    return "\n".join(lines)


def _conditions(results: Results, seconds: float) -> str:
    measured = [(results.loads[row.key], row) for row in results.rows if row.key in results.loads]
    requests = sum(load.requests for load, _ in measured)
    most = max(measured, key=lambda pair: pair[0].per_second if pair[0].requests else 0, default=None)
    ceiling = ""
    if most is not None:
        load, row = most
        ceiling = (
            f"The most that it sent was {figure(load.per_second)} requests a second ({row.engine}, {row.title}), with "
            f"{figure(load.client_cores)} cores: no server that is slower was held up by it. "
        )
    return (
        "## Conditions\n\n"
        f"{requests:,} requests, {whole_seconds(seconds)} s for each row after a second that does not count. "
        f"Client: {client_name()}, on the same "
        f"machine. {ceiling}"
        f"One-minute load of the machine before the run: {results.machine_load:.1f}. "
        f"`{OxigraphServe.name}` means `oxigraph serve`. "
        "Machines are shared and noisy: compare servers within this run, not figures of two runs."
    )
