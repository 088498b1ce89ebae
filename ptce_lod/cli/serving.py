"""``serve``: the published release over HTTP."""

from __future__ import annotations

import click

from ptce_lod.cli.group import Run, cli, command


@command(cli)
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option("--workers", "web_workers", type=click.IntRange(1, 64), help="Web processes.")
def serve(run: Run) -> None:
    """Serve the published release until interrupted; a newly published release is picked up by itself."""
    from ptce_lod.web.serving import serve as serve_forever  # imported late: other commands need no web room

    serve_forever(run.settings, quiet=run.output.quiet)
