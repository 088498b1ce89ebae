"""Results as Markdown: how each engine did, against the reference; targets met and missed; where we lose."""

from __future__ import annotations

import datetime
import math
from typing import Final

from benchmarks.http.data import Data
from benchmarks.http.engines import REFERENCE, Engine, Ours, RdflibEndpoint
from benchmarks.http.words import figure, geometric_mean, machine
from benchmarks.sparql.measure import Cell, Results, Shape

#: A query that takes the reference longer than this is heavy, in milliseconds.
HEAVY_MS: Final = 20.0
#: How much longer than the reference we may take, for heavy and light queries; how many times its throughput a repeated GET has;
#: how far ahead of rdflib-endpoint we are.
HEAVY_RATIO: Final = 1.15
LIGHT_RATIO: Final = 2.0
REPEATED_RATIO: Final = 3.0
AHEAD_OF_RDFLIB: Final = 10.0
_US: Final = Ours.name


def write(results: Results, engines: list[Engine], data: Data, seconds: float, left_out: list[str]) -> str:
    """Return the whole page."""
    parts = [_head(engines, data, left_out)]
    parts += [_table(results, engines, clients) for clients in results.clients]
    parts += [_memory(results, engines), _targets(results), _losses(results), _conditions(results, seconds)]
    return "\n\n".join(parts) + "\n"


def _head(engines: list[Engine], data: Data, left_out: list[str]) -> str:
    rows = "\n".join(f"| {e.name} | {e.version} | {e.loading} |" for e in engines)
    absent = "".join(f"\n\nLeft out: {line}." for line in left_out)
    return (
        "# SPARQL endpoint: measurements\n\n"
        "Written by `make bench-sparql`; not by hand. What is measured and how: [benchmarks](../../benchmarks/sparql/README.md). "
        "Documents of things have [a page of their own](../performance.md).\n\n"
        f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, {machine()}. "
        f"{data.quads:,} quads ({data.triples:,} triples) of made-up data, {data.poles:,} poles. All engines in one run, over HTTP.\n\n"
        f"| engine | version | data |\n|---|---|---|\n{rows}{absent}"
    )


def _table(results: Results, engines: list[Engine], clients: int) -> str:
    names = [engine.name for engine in engines]
    head = " | ".join(f"{name}: req/s | median / p99, ms" + _ratio_head(name) for name in names)
    lines = [
        f"## {_count(clients)}\n",
        f"“×”: throughput divided by that of `{REFERENCE} serve`; above 1 is faster. "
        "Means are over the cells that an engine has; those of “×” over the cells that both have.\n",
        f"| query | {head} |",
        "|---|" + "--:|" * (3 * len(names) - (REFERENCE in names)),
    ]
    for shape in results.shapes:
        cells = [_columns(results, shape, name, clients) for name in names]
        mark = " ⚠" if shape.title in results.warnings else ""
        lines.append(f"| {shape.title}{mark} | " + " | ".join(cells) + " |")
    for label, repeated in (("geometric mean, queries", False), ("geometric mean, repeated", True)):
        cells = [_mean_columns(results, name, clients, repeated) for name in names]
        lines.append(f"| **{label}** | " + " | ".join(cells) + " |")
    if clients == results.clients[-1]:
        lines += ["", *(f"⚠ {title}: {'; '.join(said)}.\n" for title, said in results.warnings.items())]
    return "\n".join(lines).rstrip()


def _count(clients: int) -> str:
    return f"{clients} client{'s' if clients > 1 else ''}"


def _ratio_head(name: str) -> str:
    return "" if name == REFERENCE else " | ×"


def _columns(results: Results, shape: Shape, name: str, clients: int) -> str:
    cell = results.cells.get((shape.title, name, clients), Cell(note="–"))
    times = f"{figure(cell.median)} / {figure(cell.p99)}" if cell.requests else ""
    speed = figure(cell.per_second) if cell.requests else ""
    columns = [f"{speed} {f'({cell.note})' if cell.note else ''}".strip(), times]
    if name != REFERENCE:
        columns.append(figure(_ratio(results, shape, name, clients)))
    return " | ".join(columns)


def _mean_columns(results: Results, name: str, clients: int, repeated: bool) -> str:
    chosen = [s for s in results.shapes if s.repeated == repeated]
    cells = [c for s in chosen if (c := results.cells.get((s.title, name, clients))) and c.requests]
    speed = geometric_mean([c.per_second for c in cells])
    times = [geometric_mean([getattr(c, field) for c in cells]) for field in ("median", "p99")]
    columns = [f"**{figure(speed)}**", " / ".join(map(figure, times))]
    if name != REFERENCE:
        ratios = [r for s in chosen if not math.isnan(r := _ratio(results, s, name, clients))]
        columns.append(f"**{figure(geometric_mean(ratios))}**")
    return " | ".join(columns)


def _ratio(results: Results, shape: Shape, name: str, clients: int, other: str = REFERENCE) -> float:
    """Return throughput of ``name`` divided by that of ``other``; not a number when one has none."""
    one = results.cells.get((shape.title, name, clients))
    two = results.cells.get((shape.title, other, clients))
    if one is None or two is None or not one.requests or not two.requests:
        return math.nan
    return one.per_second / two.per_second


def _memory(results: Results, engines: list[Engine]) -> str:
    lines = [
        "## Memory\n",
        "Proportional set size of all processes of an engine, in MiB: shared pages count once. Page cache of files is not in it.\n",
        f"| engine | loaded, before the first query | highest seen | × {REFERENCE} |",
        "|---|--:|--:|--:|",
    ]
    reference = results.memory.get(REFERENCE, (math.nan, math.nan))[1]
    for engine in engines:
        before, peak = results.memory[engine.name]
        lines.append(f"| {engine.name} | {before:,.0f} | {peak:,.0f} | {figure(peak / reference)} |")
    return "\n".join(lines)


def _slower(results: Results, *, heavy: bool) -> dict[str, float]:
    """Return, of the heavy or the light queries, by how much our median is longer than the reference's, with one client."""
    found = {}
    for shape in results.shapes:
        ours = results.cells.get((shape.title, _US, 1))
        theirs = results.cells.get((shape.title, REFERENCE, 1))
        if shape.repeated or not ours or not theirs or not ours.requests or not theirs.requests:
            continue
        if (theirs.median > HEAVY_MS) == heavy:
            found[shape.title] = ours.median / theirs.median
    return found


def _targets(results: Results) -> str:
    lines = ["## Targets\n", "| | target | found | missed by |", "|---|---|--:|---|"]
    for heavy, limit in ((True, HEAVY_RATIO), (False, LIGHT_RATIO)):
        slower = _slower(results, heavy=heavy)
        missed = {title: ratio for title, ratio in slower.items() if ratio > limit}
        what = f"{'heavy' if heavy else 'light'} queries, median of one client: at most {limit:g} × {REFERENCE}'s"
        lines.append(_target(what, max(slower.values(), default=math.nan), missed))
    for clients in results.clients:
        ratios = {s.title: _ratio(results, s, _US, clients) for s in results.shapes if s.repeated}
        known = {title: ratio for title, ratio in ratios.items() if not math.isnan(ratio)}
        missed = {title: ratio for title, ratio in known.items() if ratio < REPEATED_RATIO}
        what = f"repeated GET, {_count(clients)}: at least {REPEATED_RATIO:g} × {REFERENCE}'s throughput"
        lines.append(_target(what, min(known.values(), default=math.nan), missed))
        ahead = [
            _ratio(results, s, _US, clients, RdflibEndpoint.name) for s in results.shapes if not s.repeated
        ]
        mean = geometric_mean([ratio for ratio in ahead if not math.isnan(ratio)])
        what = f"geometric mean, {_count(clients)}: at least {AHEAD_OF_RDFLIB:g} × {RdflibEndpoint.name}'s throughput"
        lines.append(_target(what, mean, {} if mean >= AHEAD_OF_RDFLIB else {"geometric mean": mean}))
    lines.append(
        f"\nHeavy: a query that takes `{REFERENCE} serve` more than {HEAVY_MS:g} ms. “Found” is the worst of all."
    )
    return "\n".join(lines)


def _target(what: str, worst: float, missed: dict[str, float]) -> str:
    verdict = "not measured" if math.isnan(worst) else "**missed**" if missed else "met"
    list_ = ", ".join(f"{title} ({figure(ratio)})" for title, ratio in missed.items())
    return f"| {verdict} | {what} | {figure(worst)} | {list_} |"


def _losses(results: Results) -> str:
    """Return where some peer has more throughput than we have."""
    lines = ["## Where we lose\n"]
    for clients in results.clients:
        lost = []
        for shape in results.shapes:
            ours = results.cells.get((shape.title, _US, clients))
            others = {
                n: c.per_second for (t, n, k), c in results.cells.items() if t == shape.title and k == clients
            }
            best = max(others, key=lambda name: others[name], default=_US)
            if ours is not None and best != _US and others[best] > ours.per_second:
                times = others[best] / ours.per_second if ours.per_second else math.inf
                lost.append((times, f"{shape.title} ({best}, {figure(times)} ×)"))
        named = ", ".join(text for _, text in sorted(lost, reverse=True))
        lines.append(f"- {_count(clients)}: {named or 'nowhere'}.")
    return "\n".join(lines)


def _conditions(results: Results, seconds: float) -> str:
    share, where = max((c.client_share, f"{t}, {n}, {_count(k)}") for (t, n, k), c in results.cells.items())
    requests = sum(cell.requests for cell in results.cells.values())
    verdict = "close to being the bottleneck there" if share > 0.7 else "nowhere the bottleneck"
    return (
        "## Conditions\n\n"
        f"{requests:,} requests by GET over connections kept alive, in cells of {seconds:g} s at most. The client ran on the same "
        f"machine; it used {share:.0%} of one core at most ({where}), so it was {verdict}. "
        f"One-minute load of the machine before the run: {results.load:.1f}. "
        "Machines are shared and noisy: compare engines within this run, not figures of two runs."
    )
