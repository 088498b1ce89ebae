"""``export-site``: the published release as files that any web server serves."""

from __future__ import annotations

import time
from pathlib import Path

import click

from ptce_lod.cli.group import Run, cli, command
from ptce_lod.cli.private import refuse_private_host


@command(cli)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--local", is_flag=True, help="Export although base_iri is of this machine or network only.")
def export_site(run: Run, folder: Path, local: bool) -> None:
    """Write the whole site into FOLDER: documents in every format and language, files, and an nginx configuration that negotiates."""
    from ptce_lod.export.site import export_site as export  # imported late: other commands need no web room

    if not local:
        refuse_private_host(run)
    started = time.monotonic()
    with run.output.progress() as listener:
        done = export(run.settings, folder.resolve(), listener)
    seconds = time.monotonic() - started
    run.output.result(
        f"exported: release {done.release}, {done.documents} documents, {done.files} files, {done.size / 1e6:.1f} MB, in {seconds:.1f} s",
        seconds=round(seconds, 3),
        folder=str(folder),
        **vars(done),
    )
