"""``serve`` and ``new-token``: the published release over HTTP, and who may change it."""

from __future__ import annotations

import hashlib
import secrets

import click

from ptce_lod.cli.group import Run, cli, command
from ptce_lod.cli.private import warn_of_private_host
from ptce_lod.edit.tokens import SCOPES


@command(cli)
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option("--workers", "web_workers", type=click.IntRange(1, 64), help="Web processes.")
@click.option(
    "--scratch", is_flag=True, help="Serve an empty, writable dataset in memory instead; nothing of it stays."
)
def serve(run: Run, scratch: bool) -> None:
    """Serve the published release until interrupted; a newly published release is picked up by itself."""
    from ptce_lod.web.serving import serve as serve_forever  # imported late: other commands need no web room

    warn_of_private_host(run)
    serve_forever(run.settings, quiet=run.output.quiet, scratch=scratch)


@command(cli)
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(list(SCOPES)))
@click.option(
    "--graph", "graphs", multiple=True, help="Beginning of the IRIs of graphs it may change (default: all)."
)
def new_token(run: Run, name: str, scopes: tuple[str, ...], graphs: tuple[str, ...]) -> None:
    """Print an entry for the file of tokens; its secret is shown once, on standard error."""
    if not name.isprintable() or not name.strip() or any(c in name + "".join(graphs) for c in '"\\'):
        raise click.BadParameter(
            "expected printable text without quotation marks", param_hint="NAME, --graph"
        )
    secret = secrets.token_urlsafe(32)
    digest = hashlib.sha256(secret.encode()).hexdigest()
    if run.output.as_json:
        run.output.result(
            "", name=name, secret=secret, sha256=digest, scopes=list(scopes), graphs=list(graphs)
        )
        return
    lines = ["[[token]]", f'name = "{name}"', f'sha256 = "{digest}"', f"scopes = {_toml(scopes)}"]
    if graphs:
        lines.append(f"graphs = {_toml(graphs)}")
    click.echo("\n".join(lines) + "\n")
    click.echo(f"secret of {name}: {secret}", err=True)


def _toml(values: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"
