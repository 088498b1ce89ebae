"""``query`` and ``describe``: the published release from the terminal."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from ptce_lod import formats, serialize
from ptce_lod.cli.group import Run, cli, command
from ptce_lod.errors import ThingNotFound
from ptce_lod.formats import RDF_FORMATS, RESULT_FORMATS, Format
from ptce_lod.query.backend import PAGE_LINKS, QueryRequest
from ptce_lod.query.embedded import EmbeddedBackend
from ptce_lod.release.layout import VarLayout

_NAMES = ["table", *(f.name for f in RESULT_FORMATS), *(f.name for f in RDF_FORMATS)]


def _backend(run: Run) -> EmbeddedBackend:
    """Open the release for one question: it is answered before a store in memory would be loaded."""
    settings = replace(run.settings, memory_store_quads=0)
    return EmbeddedBackend(VarLayout(settings.var_dir).published(), settings)


@command(cli)
@click.argument("text")
@click.option("--format", "-f", "name", type=click.Choice(_NAMES), default="table", help="Result format.")
@click.option("--timeout", "query_timeout_seconds", type=float, help="Deadline in seconds.")
def query(run: Run, text: str, name: str) -> None:
    """Answer a SPARQL query; TEXT is the query, @FILE, or - for standard input. The project's prefixes are known.

    Example: ptce-lod query 'SELECT ?pole ?name { ?pole a ptce:Pole ; skos:prefLabel ?name } LIMIT 5'
    """
    if text == "-":
        text = sys.stdin.read()
    elif text.startswith("@"):
        with click.open_file(text[1:], encoding="utf-8") as stream:
            text = stream.read()
    wanted = None if name == "table" else formats.BY_NAME[name]
    backend = _backend(run)
    try:
        answer = backend.query(
            QueryRequest(text), select=_selected(wanted, RESULT_FORMATS), graph=_selected(wanted, RDF_FORMATS)
        )
        with answer.body as body:
            data = body.read()
    finally:
        backend.close()
    if wanted is None and answer.format is formats.SPARQL_JSON:
        _print_table(json.loads(data), run.settings.addresses.prefixes())
    else:
        click.echo(data, nl=False)


def _selected(wanted: Format | None, registry: tuple[Format, ...]) -> list[Format]:
    """Return the formats that may answer: the one asked for, else all of the registry in its order."""
    return list(registry) if wanted is None else [f for f in registry if f is wanted]


def _print_table(results: dict[str, Any], prefixes: dict[str, str]) -> None:
    if "boolean" in results:
        click.echo("true" if results["boolean"] else "false")
        return
    variables = results["head"]["vars"]
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 10_000)
    table = Table(*variables, box=None if not sys.stdout.isatty() else Table().box, pad_edge=False)
    bindings = results["results"]["bindings"]
    for binding in bindings:
        table.add_row(*(_cell(binding.get(variable), prefixes) for variable in variables))
    console.print(table)
    click.echo(f"{len(bindings)} solution{'s' if len(bindings) != 1 else ''}", err=True)


def _cell(term: dict[str, str] | None, prefixes: dict[str, str]) -> str:
    if term is None:
        return ""
    value = term["value"]
    if term["type"] == "uri":
        best = max((ns for ns in prefixes.values() if value.startswith(ns)), key=len, default="")
        if best and len(value) > len(best) and not set("/#") & set(value[len(best) :]):
            prefix = next(p for p, ns in prefixes.items() if ns == best)
            return f"{prefix}:{value[len(best) :]}"
    # square brackets would be read as markup
    return value.replace("[", "\\[")


@command(cli)
@click.argument("thing")
@click.option(
    "--format",
    "-f",
    "name",
    type=click.Choice([f.name for f in RDF_FORMATS]),
    default="turtle",
    help="RDF format.",
)
def describe(run: Run, thing: str, name: str) -> None:
    """Print the description of THING: an IRI, or TYPE/SLUG such as pole/pole-sud-archer."""
    iri = thing if ":" in thing else f"{run.settings.base_iri}id/{thing}"
    backend = _backend(run)
    try:
        description = backend.describe(iri)
    finally:
        backend.close()
    if description is None:
        raise ThingNotFound(f"nothing is known about {iri}", hint="`ptce-lod query` finds the IRIs there are")
    if description.last_page > 1:
        run.output.note(
            f"{PAGE_LINKS} of {description.links} incoming links are shown; `ptce-lod query` finds the others"
        )
    data = serialize.serialize(description.quads, formats.BY_NAME[name], run.settings.addresses.prefixes())
    click.echo(data, nl=False)
