"""``validate convert new-source``: anyone's RDF, and the folders of our sources."""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Final

import click
import rdflib

from ptce_lod import formats, pipeline, scaffold, serialize
from ptce_lod.cli.group import Run, cli, command
from ptce_lod.errors import DataRejected, ParseError, SourceUnavailable
from ptce_lod.formats import RDF_FORMATS, Format
from ptce_lod.parse import MAX_BYTES, RdfContent, read_rdf
from ptce_lod.validate.report_html import report_page

_FORMAT_NAMES: Final = [f.name for f in RDF_FORMATS]
#: Seconds a fetch may take, when the network is allowed at all.
_FETCH_SECONDS: Final = 30


def _reader_language() -> str:
    """Return the language of the terminal: ``fr`` unless the locale names another language."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "fr"
    return "en" if locale.lower().startswith(("en", "c", "posix")) else "fr"


def _read(name: str, format_name: str | None, allow_network: bool) -> tuple[bytes, Format]:
    """Return the bytes and the format of a file, of standard input (``-``) or, if allowed, of a URL."""
    media_type = ""
    if name == "-":
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    elif name.startswith(("http://", "https://")):
        if not allow_network:
            raise SourceUnavailable(
                f"{name}: no request is made", hint="download the file, or allow it with --allow-network"
            )
        data, media_type = _fetch(name)
    else:
        try:
            data = Path(name).read_bytes()
        except OSError as error:
            raise SourceUnavailable(f"{name}: cannot be read ({error.strerror})") from error
    if format_name is not None:
        return data, formats.BY_NAME[format_name]
    format_ = next(
        (f for f in RDF_FORMATS if media_type in f.media_types), None
    ) or formats.rdf_format_of_path(name)
    if format_ is None:
        known = ", ".join(f".{f.extension}" for f in RDF_FORMATS)
        raise SourceUnavailable(
            f"{name}: its format is unknown", hint=f"name it with --format, or use one of {known}"
        )
    return data, format_


def _fetch(url: str) -> tuple[bytes, str]:
    accept = ", ".join(f.media_type for f in RDF_FORMATS)
    request = urllib.request.Request(url, headers={"Accept": accept, "User-Agent": "ptce-lod validate"})  # noqa: S310 - http(s) only
    try:
        with urllib.request.urlopen(request, timeout=_FETCH_SECONDS) as response:  # noqa: S310 - http(s) only
            return response.read(MAX_BYTES + 1), response.headers.get_content_type()
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise SourceUnavailable(f"{url}: cannot be fetched ({error})") from error


def _graph(content: RdfContent) -> rdflib.Graph:
    """Return what was read as one rdflib graph, named graphs joined."""
    graph = rdflib.Graph()
    graph.parse(data=serialize.serialize(content.quads, formats.N_TRIPLES, {}), format="ntriples")
    return graph


@command(cli)
@click.argument("files", nargs=-1)
@click.option(
    "--format",
    "-f",
    "format_name",
    type=click.Choice(_FORMAT_NAMES),
    help="RDF format, when the name does not tell.",
)
@click.option("--base", help="Base of relative IRIs.")
@click.option(
    "--lang", type=click.Choice(["fr", "en"]), default=_reader_language, help="Language of the messages."
)
@click.option(
    "--report", type=click.Choice(["text", "turtle", "html"]), default="text", help="Form of the report."
)
@click.option("--state-call", is_flag=True, help="Ask also for eligibility to State calls (decree of 2015).")
@click.option("--allow-network", is_flag=True, help="Let FILE be a URL.")
def validate(
    run: Run,
    files: tuple[str, ...],
    format_name: str | None,
    base: str | None,
    lang: str,
    report: str,
    state_call: bool,
    allow_network: bool,
) -> None:
    """Check RDF against the shapes; FILES are files, - or, if allowed, URLs. Without FILES, check the project's own sources.

    Exit code 1 when a constraint of severity Violation is broken.
    """
    if files:
        merged = rdflib.Graph()
        for name in files:
            data, format_ = _read(name, format_name, allow_network)
            content = read_rdf(data, format_, path=name, base_iri=base)
            content.raise_if_problems()
            merged += _graph(content)
        layers = pipeline.layers(state_call=state_call)
        result = pipeline.validate_graph(run.settings, merged, layers=layers, base_iri="")
        triples = len(merged)
    else:
        result, triples = pipeline.validate_sources(run.settings)
    if report == "turtle":
        click.echo(result.to_turtle(), nl=False)
    elif report == "html":
        click.echo(report_page(result))
    elif not run.output.as_json and result.results:
        click.echo(result.to_text(lang))
    counts = result.counts()
    line = f"{triples} triples: {counts['violations']} violations, {counts['warnings']} warnings, {counts['infos']} remarks"
    if report == "text":
        run.output.result(line, triples=triples, **result.to_json())
    if not result.conforms:
        raise DataRejected(f"{counts['violations']} violations", result)


@command(cli)
@click.argument("file")
@click.option(
    "--from",
    "from_name",
    type=click.Choice(_FORMAT_NAMES),
    help="Format of FILE, when its name does not tell.",
)
@click.option(
    "--to", "to_name", type=click.Choice(_FORMAT_NAMES), help="Format to write, when --output does not tell."
)
@click.option("--base", help="Base of relative IRIs.")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="File to write (default: standard output)."
)
def convert(
    run: Run, file: str, from_name: str | None, to_name: str | None, base: str | None, output: Path | None
) -> None:
    """Write FILE (or - for standard input) in another RDF format."""
    data, source_format = _read(file, from_name, allow_network=False)
    content = read_rdf(data, source_format, path=file, base_iri=base)
    content.raise_if_problems()
    target = (
        formats.BY_NAME[to_name]
        if to_name
        else formats.rdf_format_of_path(output.name)
        if output
        else formats.TURTLE
    )
    if target is None:
        raise ParseError(f"{output}: its name does not tell a format", hint="name one with --to")
    written = serialize.serialize(content.quads, target, run.settings.addresses.prefixes())
    if output is None:
        click.echo(written, nl=False)
    else:
        temporary = output.with_name(output.name + ".part")
        try:
            temporary.write_bytes(written)
            temporary.replace(output)
        except OSError as error:
            raise SourceUnavailable(f"{output}: cannot be written ({error.strerror})") from error
    run.output.note(f"{len(content.quads)} quads written as {target.label}, {len(written)} bytes")


@command(cli, "new-source")
@click.argument("source_id")
@click.option(
    "--table",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV table to take in, untouched.",
)
@click.option(
    "--refresh",
    is_flag=True,
    help="Write the checksum and today's date of a source whose snapshot was replaced.",
)
@click.option("--date", help="Date of retrieval, YYYY-MM-DD (default: today).")
def new_source(run: Run, source_id: str, table: Path | None, refresh: bool, date: str | None) -> None:
    """Make the folder of a new source, with metadata and a mapping to complete; or refresh one."""
    scaffold.check_id(source_id)
    folder = run.settings.data_dir / source_id
    if refresh:
        checksum = scaffold.refresh(folder, date)
        run.output.result(f"refreshed {folder}: sha256 {checksum}", folder=folder, sha256=checksum)
        return
    written = scaffold.create(folder, table, date)
    run.output.result(
        f"made {folder} with {len(written)} files; complete {', '.join(sorted(p.name for p in written))}, then `ptce-lod build`",
        folder=folder,
        files=[str(path) for path in written],
    )
